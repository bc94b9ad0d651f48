"""The damage corpus: a filled template damaged in every way people and programs damage it, and what must come of it.

Every kind of damage is a row of `tests/data/rusak/*.toml`; all are read in one consolidation. What a row says:

    nama     its name, and the name of its file
    ubah     changes of the open workbook, by name (`rusak_ubah.py`), then of its parts: `paket` (`rusak_paket.py`)
    kantor   what is done in LibreOffice (`office.py`); `lewat` names the programs that save it one after the other
    temuan   all that must be found, as "CODE Sheet Cell"; nothing else may be. Echoes (ST-21) are told apart:
             how a text was read is no complaint, and whether it was read right is asked below
    putusan  the verdict, when it is not "diterima"
    urutan   by table, the rows of the undamaged file that must have been read, in order; 0 is a row without content
    beda     columns that must hold something else than in the undamaged file, as "table.column"; all others must not
    seperti  the row whose partner sends this file too
    format   in which the last of its programs saves it, when not as .xlsx
"""

from __future__ import annotations

import io
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh.damage import changed, leave_alone
from support import rusak_paket, rusak_program, rusak_ubah, templat
from support.hostile import zipped
from validation.contract import checks_by_key, tables

DATA = Path(__file__).parents[1] / "data" / "rusak"
TODAY = date(2026, 11, 24)
WHOLE = "utuh"  #: the row without damage, to which all others are compared
CODE = "R-000"
TAX_NUMBER = "01.234.567.8-901.000"
PLAN = "rencana_kerja"
REMARKS = frozenset({"ST-21", "ST-24", "ST-25"})  #: how text and file were read, what an older version said

Finding = tuple[str, str, str]  #: code, sheet, cell ("" for a whole sheet or file)

_FINDING = re.compile(r"(?P<code>\S+)(?: (?P<sheet>.*?))??(?: (?P<cell>[A-Z]{1,3}\d+))?")


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the corpus."""

    nama: str
    bagian: str  #: the file it stands in
    ubah: Sequence[Sequence[Any]] = ()
    paket: Sequence[Sequence[Any]] = ()
    kantor: Sequence[Mapping[str, Any]] = ()
    lewat: Sequence[str] = ()
    temuan: Sequence[str] = ()
    putusan: str = "diterima"
    urutan: Mapping[str, Sequence[int]] = field(default_factory=dict)
    beda: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    seperti: str = ""
    format: str = "xlsx"

    @property
    def expected(self) -> frozenset[Finding]:
        return frozenset(map(_finding, self.temuan))

    @property
    def serious(self) -> bool:
        """Whether somebody must look at the file: something in it is more than a remark."""
        grave = {check.code for check in checks_by_key().values() if check.effective_level != "I"} - REMARKS
        return self.putusan == "ditolak" or any(code in grave for code, *_ in self.expected)

    @property
    def programs(self) -> tuple[str, ...]:
        """Every program that must be there to make the file."""
        return (*((rusak_program.OFFICE,) if self.kantor else ()), *self.lewat)

    @property
    def missing(self) -> str:
        return ", ".join(filter(None, map(rusak_program.available, self.programs)))


def _finding(text: str) -> Finding:
    found = _FINDING.fullmatch(text)
    assert found, text
    return found["code"], found["sheet"] or "", found["cell"] or ""


@cache
def kinds() -> tuple[Kind, ...]:
    """Every row of the corpus, in the order of its files."""
    return tuple(
        Kind(**row, bagian=path.stem)
        for path in sorted(DATA.glob("*.toml"))
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["jenis"]
    )


# ---- the file before the damage ---- #

#: Name, aims, activities, for whom, where, when, rupiah: 26 million together.
PROGRAMMES = (
    ("Pelatihan pendamping", "Pendamping paham hak anak", "Lokakarya", "Guru", "Kota Bandung, Jawa Barat",
     "Februari - April 2027", 5_000_000),
    ("Kampanye hak anak", "Warga mengenal hak anak", "Siaran radio", "Warga desa", "Kota Bogor, Jawa Barat",
     "Mei 2027", 7_500_000),
    ("Kajian kebijakan", "Naskah kajian diserahkan", "Telaah dokumen", "Pemerintah daerah", "Kota Depok, Jawa Barat",
     "Triwulan III 2027", 3_250_000),
    ("Klinik hukum keliling", "Orang tua mengenal layanan", "Kunjungan", "Orang tua", "Kota Bekasi, Jawa Barat",
     "Oktober - November 2027", 10_250_000),
)  # fmt: skip
_COLUMNS = ("nama_program", "tujuan_hasil", "kegiatan", "kelompok_sasaran", "lokasi", "waktu", "biaya")
COSTS = tuple(programme[-1] for programme in PROGRAMMES)


def _values(faulty: bool) -> dict[str, list[dict[str, Any]]]:
    """What the partner filled in: nothing is missing, nothing is wrong, but for two cells when it is `faulty`."""
    risk = templat.WHOLE["matriks_risiko"][0]
    care = {
        "tindakan_mitigasi": "Pendamping kedua hadir",
        "kapan": "Maret 2027",
        "penanggung_jawab": "Ketua",
        "hasil_akhir": "Kegiatan tetap berjalan",
        "status": "Belum",
    }
    cover = {
        **templat.WHOLE["sampul"][0],
        "tanggal_surat": date(2026, 11, 5),
        "tanggal_mulai": date(2027, 1, 1),
        "tanggal_selesai": date(2027, 12, 31),
        "total_biaya": sum(COSTS),
    }
    plan: list[dict[str, Any]] = [dict(zip(_COLUMNS, programme, strict=True)) for programme in PROGRAMMES]
    if faulty:
        cover["tanggal_selesai"], plan[2]["lokasi"] = "sampai selesai", None
    return {
        **templat.WHOLE,
        "sampul": [cover],
        PLAN: plan,
        "matriks_risiko": [{**risk, **care}, {**risk, **care, "jenis_risiko": "Keselamatan anak", "skala_dampak": 2}],
        "profil_bukti": [{"nomor": number} for number in ("12/2015", "34/2020", TAX_NUMBER, "56/2021")],
        "indikator": [
            {**templat.WHOLE["indikator"][0], "no_program": number, "indikator": f"Peserta kegiatan {number}"}
            for number in range(1, len(PROGRAMMES) + 1)
        ],
    }


@cache
def _plain(folder: Path, faulty: bool) -> Path:
    """The filled template with values for formulas, which most programs of the corpus would forget."""
    path, values = folder / "templat.xlsx", _values(faulty)
    build_template("usulan", path, mitra=templat.NAME, kode=CODE, periode="2027", prefill=values, per_tanggal=TODAY)
    path.write_bytes(changed(path, leave_alone, TODAY)[0])
    return path


# ---- the damage ---- #


def build(folder: Path, chosen: Sequence[Kind], scratch: Path, faulty: bool = False) -> dict[str, Path]:
    """The files of the chosen rows in `folder`, by name; each partner has a code of its own.

    When `faulty`, two cells were filled in wrongly before anything was damaged, so that every file comes back.
    """
    stages = [scratch / str(number) for number in range(1 + max((len(kind.programs) for kind in chosen), default=0))]
    for place in (folder, *stages):
        place.mkdir(parents=True, exist_ok=True)
    template = _plain(scratch, faulty)
    for kind in chosen:
        _saved(stages, kind, 0).write_bytes(_damaged(template, kind))
    for step in range(len(stages) - 1):
        meant = [kind for kind in chosen if step < len(kind.programs)]
        savings = [(_saved(stages, kind, step), _saved(stages, kind, step + 1), kind.programs[step]) for kind in meant]
        rusak_program.save_all(savings, [() if step else tuple(kind.kantor) for kind in meant])
    made = {}
    for kind in chosen:
        last = _saved(stages, kind, len(kind.programs))
        made[kind.nama] = shutil.copyfile(last, folder / last.name)
    return made


def _saved(stages: Sequence[Path], kind: Kind, step: int) -> Path:
    """The file after so many programs."""
    return stages[step] / f"{kind.nama}.{kind.format if step == len(kind.programs) else 'xlsx'}"


def _damaged(template: Path, kind: Kind) -> bytes:
    """The template after all that is done to it before another program has it, saved at the beginning of the day."""
    book = openpyxl.load_workbook(template)
    rusak_ubah.replace_identity(book, CODE, _code(kind))
    for name, *told in kind.ubah:
        getattr(rusak_ubah, name)(book, *told)
    buffer = io.BytesIO()
    book.save(buffer)
    parts = rusak_paket.members(buffer.getvalue())
    rusak_paket.dated(parts, TODAY)
    for name, *told in kind.paket:
        getattr(rusak_paket, name)(parts, *told)
    return zipped(parts)


def _code(kind: Kind) -> str:
    """The partner code of a row, which is that of another row where it says so."""
    names = [one.nama for one in kinds()]
    return f"R-{names.index(kind.seperti or kind.nama) + 1:03}"


# ---- what came of it ---- #


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the product made of one file."""

    verdict: str
    serious: bool  #: refused, or with a finding that is more than a remark
    found: frozenset[Finding]
    misread: frozenset[str]  #: "table.column" that does not hold what it must


def read_all(paths: Mapping[str, Path]) -> tuple[dict[str, Outcome], dict[str, list[Any]]]:
    """Every file of the corpus through one consolidation; with it, what the undamaged one holds."""
    recap = consolidate(list(paths.values()), TODAY)
    known = {kind.nama: kind for kind in kinds()}
    entries = {entry.arrival.path: (number, entry) for number, entry in enumerate(recap.returns)}
    whole = _read(recap, entries[paths[WHOLE]][0])
    outcomes = {}
    for name, path in paths.items():
        number, entry = entries[path]
        kind = known[name]
        places = frozenset((one.code, one.sheet, one.cell) for one in entry.findings)
        found = frozenset(place for place in places if place[0] not in REMARKS or place in kind.expected)
        serious = entry.verdict == "ditolak" or any(one.level != "I" for one in entry.findings)
        read = {} if entry.verdict == "ditolak" else _read(recap, number)
        wanted = {} if kind.putusan == "ditolak" else wanted_of(kind, whole)
        misread = frozenset(column for column in wanted.keys() | read if read.get(column) != wanted.get(column))
        outcomes[name] = Outcome(entry.verdict, serious, found, misread)
    return outcomes, whole


def _read(recap: Recap, number: int) -> dict[str, list[Any]]:
    """The typed values of one file, by table and column; a column of blanks is none."""
    read = {}
    for name, frame in recap.frames.items():
        rows = frame[frame["_file"] == number]
        for column in tables()[name].columns_in("usulan") if "usulan" in tables()[name].kinds else ():
            values = [_value(cell) for cell in rows[column.name]] if column.name in rows else []
            if any(value is not None for value in values):
                read[f"{name}.{column.name}"] = values
    return read


def _value(cell: Any) -> Any:
    if isinstance(cell, (list, tuple, set, frozenset)) or not pd.isna(cell):
        return cell.date() if isinstance(cell, pd.Timestamp) else cell
    return None


def wanted_of(kind: Kind, whole: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What the file must be read as: as the undamaged one, but for what its row says."""
    wanted = {}
    for column, values in whole.items():
        order = kind.urutan.get(column.partition(".")[0], range(1, len(values) + 1))
        wanted[column] = [values[number - 1] if number else None for number in order]
    wanted |= {column: [None if value == "" else value for value in values] for column, values in kind.beda.items()}
    return {column: values for column, values in wanted.items() if any(value is not None for value in values)}
