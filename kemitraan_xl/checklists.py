"""The checklists of Data Penilaian as they stand: scored, sealed, and what their signatures are worth (L3).

A typed frame with the cells it was read from -> one `Checklist` per assessment. What a workbook shows by formulas
(`book.pengesahan`) comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from kemitraan_xl import seal
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.master import rows_of, settings_of
from kemitraan_xl.pedoman.load import load, rule_version, settings_in
from kemitraan_xl.pedoman.model import Settings
from kemitraan_xl.score import Assessment, Row, assess
from validation.contract import fold, lists
from validation.rules_penilaian import assessment

#: The columns that `add_expected` gives the typed frame.
EXPECTED = ("rekomendasi_aturan", "sidik_aturan", "berubah_aturan", "skor_aturan")

_SEALED = ("kisi_kisi", "kelengkapan", "masih_berlaku", "relevansi", "skor_penilai")


@dataclass(frozen=True)
class Checklist:
    """One assessment. `row` is the index of its first row; `state` a code of the list `pengesahan`.

    `score`, `by_score` (its recommendation) and `final` (which may be lower) are what counts: the signed score where
    the rules have changed since. `expected` is the
    score under the recorded rule version, None where it cannot be computed any more. `critical` names the flags
    that keep the analysis from closing; a critical finding is settled on the sheet Telaah, and only there.
    """

    row: Any
    name: str
    day: date | None
    result: Assessment
    fingerprint: str
    state: str
    signature: seal.Signature
    score: float | None
    by_score: str | None
    final: str | None
    expected: float | None
    critical: tuple[str, ...]

    @property
    def untouched(self) -> bool:
        """Whether the signed fingerprint is still the present one."""
        return seal.copied(self.signature.seal) == seal.copied(self.fingerprint)

    @property
    def feasible(self) -> str:
        """III.B.6's answer; "" unless the signature is good (A-7)."""
        return seal.feasible(self.final) if self.state == "sah" else ""

    def as_json(self) -> dict[str, Any]:
        """Its row of `nilai --format json`."""
        return {
            "nama_lembaga": self.name,
            "tanggal": self.day.isoformat() if self.day else None,
            **self.result.as_json(),
            "rekomendasi_akhir": self.final,
            "kelayakan": self.feasible or None,
            "bendera_kritis": list(self.critical),
            "disahkan": lists()["pengesahan"][self.state].label,
            "tanggal_disahkan": self.signature.day.isoformat() if self.signature.day else None,
            "sidik": self.fingerprint or None,
            "hitung_ulang": self.recomputed() or None,
        }

    def recomputed(self) -> str:
        """One line when the recorded score is not what the recorded rules give, or they are gone; else ""."""
        signature = self.signature
        if signature.score is None or not signature.version:
            return ""
        if settings_in(signature.version, load()) is None:
            return f"Versi aturan {signature.version} bukan edisi ini, sehingga skornya tidak dapat dihitung ulang."
        if self.expected is not None and abs(signature.score - self.expected) < seal.ROUNDING:
            return ""
        now = "belum lengkap" if self.expected is None else f"{self.expected:g}"
        return f"Skor tercatat {signature.score:g}, menurut versi aturan {signature.version} seharusnya {now}."


def classes_of(reading: FileReading) -> dict[str, str]:
    """The class code of every partner in the register of the same workbook, by folded name."""
    extract = reading.tables.get("mitra")
    if extract is None or not {"nama_lembaga", "kelas_lembaga"} <= set(extract.columns):
        return {}
    pairs = zip(extract.columns["nama_lembaga"], extract.columns["kelas_lembaga"], strict=True)
    found = {fold(str(name)): lists()["kelas"].find(str(label)) for name, label in pairs if name and label}
    return {name: item.code for name, item in found.items() if item}


@dataclass(frozen=True)
class Finding:
    """A critical finding of the sheet Telaah, and who settled it when and on what grounds ("" and None: nobody)."""

    by: str
    day: date | None
    grounds: str

    def settled(self, assessor: str, approver: str) -> bool:
        """Whether the approver of an assessment, who did not make it, settled it with grounds and date (A-8)."""
        by = fold(self.by)
        return bool(self.grounds and self.day and by) and by == fold(approver) != fold(assessor)


def critical_findings(reading: FileReading) -> dict[str, list[Finding]]:
    """The critical findings that Telaah holds about every partner of the register, by the partner's folded name."""
    register, review = (reading.tables.get(name) for name in ("mitra", "telaah"))
    if register is None or review is None:
        return {}
    names = {fold(_text(row.get("kode"))): fold(_text(row.get("nama_lembaga"))) for row in rows_of(register)}
    critical = lists()["berat_temuan"]["kritis"]
    found: dict[str, list[Finding]] = {}
    for row in rows_of(review):
        name = names.get(fold(_text(row.get("kode_mitra"))))
        if name and lists()["berat_temuan"].find(_text(row.get("berat"))) == critical:
            day = _day(row.get("tanggal_ditutup"))
            one = Finding(_text(row.get("ditutup_oleh")), day, _text(row.get("dasar_penutupan")))
            found.setdefault(name, []).append(one)
    return found


def add_expected(frame: pd.DataFrame, raw: pd.DataFrame, readings: Sequence[FileReading]) -> None:
    """What the checks on signatures compare with, in the first row of every assessment of stacked files.

    `rekomendasi_aturan` by the score that counts; `sidik_aturan` now, and `berubah_aturan` when it is not the signed
    one; `skor_aturan` under the recorded rules, as long as nothing else was changed.
    """
    added: dict[str, dict[Any, Any]] = {name: {} for name in EXPECTED}
    for number, rows in frame.groupby("_file"):
        for one in checklists(rows, raw.loc[rows.index], readings[int(str(number))]):
            expected = one.expected if one.untouched else None
            values = one.by_score, one.fingerprint or None, one.state == "berubah" and not one.untouched, expected
            for name, value in zip(EXPECTED, values, strict=True):
                added[name][one.row] = value
    for name, values_by_row in added.items():
        frame[name] = pd.Series(values_by_row, dtype=object).reindex(frame.index)


def checklists(frame: pd.DataFrame, raw: pd.DataFrame, reading: FileReading) -> list[Checklist]:
    """Every assessment of one workbook, in the order of the sheet.

    `frame` is Data Penilaian as read, `raw` the same rows as typed; `reading` is the workbook, for the register,
    Telaah and Pengaturan.
    """
    groups = frame.groupby(assessment(frame), sort=False)
    classes, settings, findings = classes_of(reading), settings_of(reading, load()), critical_findings(reading)
    found = []
    for _, rows in groups:
        name = fold(rows.iloc[0]["nama_lembaga"] or "")
        found.append(_checklist(rows, raw.loc[rows.index], classes.get(name), settings, findings.get(name, ())))
    return found


def counting(found: Iterable[Checklist]) -> dict[str, Checklist]:
    """The assessment that counts for each partner, by folded name: the latest signed, else the latest (A-14d)."""
    partners: dict[str, list[Checklist]] = {}
    for one in found:
        partners.setdefault(fold(one.name), []).append(one)
    return {
        name: own[seal.counting([one.day for one in own], [one.state for one in own])] for name, own in partners.items()
    }


def _checklist(
    rows: pd.DataFrame, raw: pd.DataFrame, kelas: str | None, settings: Settings, findings: Sequence[Finding]
) -> Checklist:
    pedoman = load()
    first = rows.iloc[0]
    typed: dict[str, Any] = {str(column): cell for column, cell in raw.iloc[0].items()}
    name = first["nama_lembaga"] or ""
    day = None if pd.isna(first["tanggal_penilaian"]) else first["tanggal_penilaian"].date()
    started = _started(rows)

    def scored(by: Settings) -> Assessment:
        return assess(_answers(rows), started, day, kelas, pedoman, by)

    result, signature = scored(settings), _signature(typed)
    present = _seal(raw) if result.lengkap and not rows["kisi_kisi"].duplicated().any() else ""
    version = rule_version(pedoman, settings)
    state = seal.state(signature, present, result.jumlah, version)
    kept = state == "sah" and not signature.under(version)
    score = signature.score if kept else result.jumlah
    band = next((b for b in reversed(pedoman.rekomendasi) if score is not None and score >= b.lower), None)
    recorded = settings_in(signature.version, pedoman)
    return Checklist(
        row=rows.index[0],
        name=name,
        day=day,
        result=result,
        fingerprint=present,
        state=state,
        signature=signature,
        score=score,
        by_score=band.label if band else None,
        final=seal.final(band.label if band else None, first["rekomendasi_akhir"], pedoman.rekomendasi),
        expected=scored(recorded).jumlah if recorded else None,
        critical=_critical(result, signature, findings),
    )


def _answers(rows: pd.DataFrame) -> dict[str, Row]:
    codes = {item.label: item.code for item in lists()["kisi_kisi"]}
    listed: Iterable[Any] = rows.itertuples()
    return {
        codes[row.kisi_kisi]: Row(
            row.kelengkapan,
            row.masih_berlaku,
            row.relevansi,
            None if pd.isna(row.skor_penilai) else row.skor_penilai,
        )
        for row in listed
        if row.kisi_kisi in codes
    }


def _started(rows: pd.DataFrame) -> Any:
    """Since when the partner works with children: a day, or the label of a band."""
    started = next((value for value in rows["mulai_anak"] if value is not None and not pd.isna(value)), None)
    return lists()["pengalaman"][started].label if isinstance(started, str) else started


# ---- as typed: what is sealed and signed is what the cells hold ---- #


def _seal(raw: pd.DataFrame) -> str:
    first = raw.iloc[0]
    started = next((cell for cell in raw["mulai_anak"] if cell is not None and cell != ""), None)
    head = (first["nama_lembaga"], first["tanggal_penilaian"], first["ruang_lingkup"], started)
    rows = [[row[column] for column in _SEALED] for _, row in raw.iterrows()]
    return seal.fingerprint([*head, first["rekomendasi_akhir"]], rows)


def _signature(typed: Mapping[str, Any]) -> seal.Signature:
    score = typed["skor_disahkan"]
    return seal.Signature(
        day=_day(typed["tanggal_disahkan"]),
        seal=_text(typed["sidik_disahkan"]),
        score=float(score) if isinstance(score, int | float) else None,
        version=_text(typed["versi_disahkan"]),
        assessor=_text(typed["staf_penilai"]),
        approver=_text(typed["mengetahui"]),
    )


def _critical(result: Assessment, signature: seal.Signature, findings: Sequence[Finding]) -> tuple[str, ...]:
    """The flags that keep the analysis from closing, in the order of the rule file.

    What Telaah holds decides about critical findings: any that is not settled as A-8 asks is open. While it holds
    none, the answer about reputation is all there is.
    """
    up = {flag.flag.code for flag in result.bendera if flag.flag.critical}
    if findings:
        settled = all(one.settled(signature.assessor, signature.approver) for one in findings)
        up = up - {"temuan_kritis"} if settled else up | {"temuan_kritis"}
    return tuple(flag.code for flag in load().flags if flag.code in up)


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
