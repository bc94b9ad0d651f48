"""The reports that invented partners send in, some with planted faults: always the same bytes for the same day.

What must be found in them is told by this package's own data, never by the reader or the checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kemitraan_xl.book.template import build_template
from kemitraan_xl.contoh.damage import stay
from kemitraan_xl.contoh.generate import (
    PROCESSES,
    Expected,
    Place,
    blank_cells,
    changed_places,
    echoes,
    expected_places,
)
from kemitraan_xl.contoh.proposal import Partner, Values, data
from kemitraan_xl.contoh.report import QUARTERS, final, finishers, period, progress, reporters, spent
from kemitraan_xl.safe_write import replace_file
from validation.contract import lists

_FINAL = 0  #: "quarter" of a final report
_UNKNOWN_CODE = "M-999"


def generate_reports(folder: Path, today: date, chosen: Sequence[Partner] = ()) -> Expected:
    """Write the reports on the term proposed on `today` into `folder`. Raises OSError.

    `rows` and `total` of what is returned are the reported programmes and the rupiah spent, of accepted files.
    `chosen` partners instead of all make a smaller set.
    """
    senders = chosen or reporters()
    faults = {(row["kode"], row["triwulan"]): row for row in data("cacat_laporan")["cacat"]}
    cells = {kind: blank_cells(today, kind) for kind in ("kemajuan", "akhir")}
    last = [partner for partner in senders if partner in finishers()]
    sent = [(partner, quarter) for quarter in QUARTERS for partner in senders] + [(one, _FINAL) for one in last]
    verdicts: dict[str, str] = {}
    findings: dict[str, frozenset[Place]] = {}
    rows = total = 0
    with ProcessPoolExecutor(PROCESSES) as pool:
        jobs = [
            pool.submit(_write, folder, partner, today, quarter, faults.get((partner["kode"], quarter), {}))
            for partner, quarter in sent
        ]
        written = [job.result() for job in jobs]
    for (partner, quarter), (name, values) in zip(sent, written, strict=True):
        fault = faults.get((partner["kode"], quarter), {})
        kind = _kind(quarter)
        places = [(code, sheet, _placed(cell, values), level) for code, sheet, cell, level in fault.get("temuan", ())]
        findings[name] = expected_places(places, echoes(values, cells[kind], stay, kind))
        for row in data("cacat_laporan")["versi_lama"]:
            if (row["kode"], row["triwulan"]) == (partner["kode"], quarter):
                older = _values(partner, today, quarter, {}, row["hari"])
                findings[name] |= changed_places(older, values, cells[kind], kind)
        returned = any(level == "E" for *_, level in findings[name])
        verdicts[name] = "dikembalikan" if returned else "diterima"
        if not returned:
            rows += len(values.get("laporan_kemajuan", ()))
            total += spent(values)
    return Expected(verdicts | _repeated(folder, today, senders), findings, rows, total)


def _kind(quarter: int) -> str:
    return "kemajuan" if quarter else "akhir"


def _values(partner: Partner, today: date, quarter: int, fault: Mapping[str, Any], before: int = 0) -> Values:
    """What one report says; `before` days earlier in a version that was replaced."""
    values = progress(partner, today, quarter) if quarter else final(partner, today)
    _plant(values, fault, today)
    values["sampul"][0]["tanggal_surat"] -= timedelta(days=before)
    return values


def _write(
    folder: Path, partner: Partner, today: date, quarter: int, fault: Mapping[str, Any], before: int = 0
) -> tuple[str, Values]:
    """Write one report under its period and its partner; `before` days earlier for a version that was replaced."""
    values = _values(partner, today, quarter, fault, before)
    issued = period(quarter, today) if quarter else str(today.year + 1)
    issued = fault.get("periode", issued).format(tahun_lalu=today.year)
    stranger = fault.get("lembaga")
    title = stranger or partner["nama"]
    name = f"{issued if quarter else 'akhir'}/{partner['kode']} {title}{' lama' if before else ''}.xlsx"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    build_template(
        _kind(quarter),
        folder / name,
        mitra=title,
        kode=_UNKNOWN_CODE if stranger else partner["kode"],
        periode=issued,
        prefill=values,
        per_tanggal=values["sampul"][0]["tanggal_surat"],
    )
    return name, values


def _plant(values: Values, fault: Mapping[str, Any], today: date) -> None:
    for change in fault.get("isi", ()):
        value = change["nilai"]
        if isinstance(value, str):
            value = value.format(tahun=today.year + 1, nanti=today.year + 3)
        row = _row_of_children(values) if change.get("anak") else change["baris"]
        values[change["tabel"]][row - 1][change["kolom"]] = value
    if "hapus" in fault:
        del values["laporan_kemajuan"][fault["hapus"] - 1]


def _row_of_children(values: Values) -> int:
    """Which indicator, counted from 1, is the first that counts the children served."""
    kind = lists()["jenis_indikator"]["anak_dilayani"].label
    return next(number for number, row in enumerate(values["indikator"], start=1) if row["jenis"] == kind)


def _placed(cell: str, values: Values) -> str:
    """A planted place; "{anak}" is the Excel row of the indicator that counts children."""
    return cell.format(anak=3 + _row_of_children(values)) if "{" in cell else cell


def _repeated(folder: Path, today: date, senders: Sequence[Partner]) -> dict[str, str]:
    """Earlier versions, and the same file once more."""
    known = {partner["kode"]: partner for partner in senders}
    verdicts = {}
    for row in data("cacat_laporan")["versi_lama"]:
        if row["kode"] in known:
            name, _ = _write(folder, known[row["kode"]], today, row["triwulan"], {}, before=row["hari"])
            verdicts[name] = "digantikan"
    for row in data("cacat_laporan")["salinan"]:
        if row["kode"] in known:
            partner = known[row["kode"]]
            original = folder / f"{period(row['triwulan'], today)}/{partner['kode']} {partner['nama']}.xlsx"
            name = f"susulan/Salinan {original.name}"
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            replace_file(folder / name, original.read_bytes())
            verdicts[name] = "duplikat"
    return verdicts
