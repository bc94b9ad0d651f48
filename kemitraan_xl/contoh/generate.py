"""The files that invented partners send back, some with planted faults: always the same bytes for the same day.

What must be found in them is told by this package's own data, never by the reader or the checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from kemitraan_xl.book.finish import building
from kemitraan_xl.book.template import build_template
from kemitraan_xl.contoh.damage import CHANGES, Moved, Spot, changed, leave_alone, stay
from kemitraan_xl.contoh.proposal import Change, Partner, Values, data, partners, proposal
from kemitraan_xl.safe_write import replace_file
from validation.contract import Column, Table, tables

Place = tuple[str, str, str, str]  #: code, sheet, cell ("" for a whole sheet), level

#: Texts in columns of these kinds hold no number, date or period, so nothing is read out of them.
_WORDS = ("teks", "pilihan", "ya")
#: The folder of files that came in later or belong nowhere.
_LATER = "susulan"
#: Letters of the last so many days came in with the second wave.
_SECOND_WAVE = 10
KIND = "usulan"
PROCESSES = 2  #: files are written side by side: each takes about a second to calculate


@dataclass(frozen=True, slots=True)
class Expected:
    """What a consolidation of the generated files must come to; files by name, relative to the folder."""

    verdicts: Mapping[str, str]
    findings: Mapping[str, frozenset[Place]]  #: of every file that stands (accepted or returned)
    rows: int  #: programme rows of accepted files
    total: int  #: rupiah of accepted files

    def figures(self) -> tuple[int, int, int, int, int, int]:
        """Files in, accepted, returned, rows, findings, total cost in rupiah."""
        counts = Counter(self.verdicts.values())
        found = sum(map(len, self.findings.values()))
        return len(self.verdicts), counts["diterima"], counts["dikembalikan"], self.rows, found, self.total


def generate(folder: Path, today: date, chosen: Sequence[Partner] = ()) -> Expected:
    """Write the files of all sample partners into `folder`; another day replaces them. Raises OSError.

    `chosen` partners instead of all make a smaller set; odd files and copies belong to M-001, M-002 and M-044.
    """
    (folder / _LATER).mkdir(parents=True, exist_ok=True)
    known = {partner["kode"]: partner for partner in chosen or partners()}
    faults = {row["kode"]: row for row in data("cacat")["cacat"]}
    cells = blank_cells(today)
    verdicts: dict[str, str] = {}
    findings: dict[str, frozenset[Place]] = {}
    rows = total = 0
    with ProcessPoolExecutor(PROCESSES) as pool:
        jobs = {
            code: pool.submit(_fill, folder / file_name(partner), partner, today, faults.get(code, {}).get("isi", ()))
            for code, partner in known.items()
        }
        filled = {code: job.result() for code, job in jobs.items()}
    for code, partner in known.items():
        fault = faults.get(code, {})
        name = file_name(partner)
        values, amount = filled[code]
        moved = _change(folder / name, today, fault)
        findings[name] = expected_places(fault.get("temuan", ()), echoes(values, cells, moved))
        for row in (row for row in data("cacat")["versi_lama"] if row["kode"] == code):
            findings[name] |= changed_places(proposal(_older(partner, row), today, row["isi"])[0], values, cells)
        returned = any(level == "E" for *_, level in findings[name])
        verdicts[name] = "dikembalikan" if returned else "diterima"
        if not returned:
            rows += len(values["rencana_kerja"])
            total += amount
    for others in (_earlier_versions, _copies, _odd_files):
        verdicts |= others(folder, today, known)
    return Expected(verdicts, findings, rows, total)


def expected_places(found: Iterable[Sequence[str]], echoed: Iterable[Spot]) -> frozenset[Place]:
    """The planted findings, and the echoes in all other cells: a cell has one finding."""
    planted = {(code, sheet, cell, level) for code, sheet, cell, level in found}
    taken = {(sheet, cell) for _, sheet, cell, _ in planted}
    return frozenset(planted | {("ST-21", *spot, "I") for spot in echoed if spot not in taken})


def file_name(partner: Partner) -> str:
    """How the partner's file is kept: by its wave, under code and name; the same whatever the day."""
    wave = 1 if partner["kirim"] > _SECOND_WAVE else 2
    code = partner["kode"] if partner.get("berkode", True) else "Usulan"
    return f"gelombang-{wave}/{code} {partner['nama']}.xlsx"


def _change(target: Path, today: date, fault: Mapping[str, Any]) -> Moved:
    """Do to a written file what its planted fault says; tells where its cells have gone."""
    if "ubah" not in fault:
        return stay
    content, moved = changed(target, CHANGES[fault["ubah"]], today)
    replace_file(target, content)
    return moved


def _fill(target: Path, partner: Partner, today: date, changes: Sequence[Change]) -> tuple[Values, int]:
    """Write the template of the partner, filled in on the day of its letter."""
    values, total = proposal(partner, today, changes)
    target.parent.mkdir(parents=True, exist_ok=True)
    code = partner["kode"] if partner.get("berkode", True) else ""
    period = str(today.year + 1)
    build_template(KIND, target, mitra=partner["nama"], kode=code, periode=period, prefill=values, per_tanggal=today)
    return values, total


# ---- what is read out of texts is said aloud ---- #

InputCells = Mapping[tuple[str, str], tuple[str, str, int]]


def input_cells(template: Path, kind: str = KIND) -> InputCells:
    """Sheet, column letters and first row of every input column of a blank template, found by its headings."""
    book = openpyxl.load_workbook(template)
    found: dict[tuple[str, str], tuple[str, str, int]] = {}
    for table in tables().values():
        if kind in table.kinds and not table.part_of:
            rows = list(book[table.sheet].iter_rows(values_only=True))
            for column in table.columns_in(kind):
                place = _labelled(rows, column) if table.layout == "label" else _below(rows, table, column, kind)
                found[table.name, column.name] = (table.sheet, get_column_letter(place[1] + 1), place[0] + 1)
    book.close()
    return found


def _labelled(rows: Sequence[Sequence[Any]], column: Column) -> tuple[int, int]:
    row = next(number for number, cells in enumerate(rows) if column.heading in cells)
    return row, rows[row].index(column.heading) + 1


def _below(rows: Sequence[Sequence[Any]], table: Table, column: Column, kind: str) -> tuple[int, int]:
    headings = {one.heading for one in table.columns_in(kind)}
    row = next(number for number, cells in enumerate(rows) if headings <= set(cells))
    return row + 1, rows[row].index(column.heading)


def blank_cells(today: date, kind: str = KIND) -> InputCells:
    """The input columns of a template of this kind, from one that is built for it."""
    with TemporaryDirectory() as folder:
        blank = Path(folder) / "templat.xlsx"
        build_template(kind, blank, mitra="", periode=str(today.year + 1), per_tanggal=today)
        return input_cells(blank, kind)


def echoes(values: Values, cells: InputCells, moved: Moved, kind: str = KIND) -> Iterator[Spot]:
    """Where a number, a date or a period was typed as text."""
    for name, rows in values.items():
        for column in tables()[name].columns_in(kind):
            if column.kind in _WORDS:
                continue
            for offset, row in enumerate(rows):
                typed = row.get(column.name)
                if isinstance(typed, str) and typed and typed.lower() not in column.blank_words:
                    sheet, letters, first = cells[name, column.name]
                    spot = moved((sheet, f"{letters}{first + offset}"))
                    if spot:
                        yield spot


def changed_places(older: Values, newer: Values, cells: InputCells, kind: str = KIND) -> frozenset[Place]:
    """Where a version says otherwise than an older one that has the same rows."""
    places = set()
    for name, rows in newer.items():
        for column in tables()[name].columns_in(kind):
            for offset, (old, new) in enumerate(zip(older[name], rows, strict=True)):
                if not column.computed and (old.get(column.name) or "") != (new.get(column.name) or ""):
                    sheet, letters, first = cells[name, column.name]
                    places.add(("ST-24", sheet, f"{letters}{first + offset}", "I"))
    return frozenset(places)


# ---- whole files ---- #


def _older(partner: Partner, row: Mapping[str, Any]) -> Partner:
    """The partner as it handed in so many days before."""
    return {**partner, "kirim": partner["kirim"] + row["hari"]}


def _earlier_versions(folder: Path, today: date, known: Mapping[str, Partner]) -> dict[str, str]:
    """Proposals that a later letter of the same partner has replaced."""
    verdicts = {}
    for row in data("cacat")["versi_lama"]:
        partner = _older(known[row["kode"]], row)
        name = file_name(partner)
        _fill(folder / name, partner, today, row["isi"])
        verdicts[name] = "digantikan"
    return verdicts


def _copies(folder: Path, today: date, known: Mapping[str, Partner]) -> dict[str, str]:
    """The same content again, byte for byte or saved by another program."""
    verdicts = {}
    for row in data("cacat")["salinan"]:
        original = folder / file_name(known[row["kode"]])
        same = row["cara"] == "bytes"
        content = original.read_bytes() if same else changed(original, leave_alone, today)[0]
        name = f"{_LATER}/Salinan {original.name}"
        replace_file(folder / name, content)
        verdicts[name] = "duplikat"
    return verdicts


def _odd_files(folder: Path, today: date, known: Mapping[str, Partner]) -> dict[str, str]:
    """Files that are no returns: broken, empty, of another format, another workbook, litter."""
    whole = (folder / file_name(known["M-001"])).read_bytes()
    with building(folder / _LATER / "Daftar belanja kantor.xlsx", "Daftar belanja", today) as workbook:
        sheet = workbook.add_worksheet("Belanja")
        for row, cells in enumerate((("Barang", "Jumlah"), ("Kertas", 5), ("Map", 12))):
            sheet.write_row(row, 0, cells)
    contents = {
        "Usulan terpotong.xlsx": whole[: len(whole) // 2],
        "Usulan kosong.xlsx": b"",
        "Surat pengantar.xlsx": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n",
        "~$Usulan yang sedang dibuka.xlsx": b"\x06Sekretariat" + b" " * 153,
        "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    }
    for name, content in contents.items():
        replace_file(folder / _LATER / name, content)
    litter = ("~$", "Thumbs")
    verdicts = {f"{_LATER}/{name}": "dilewati" if name.startswith(litter) else "ditolak" for name in contents}
    return {**verdicts, f"{_LATER}/Daftar belanja kantor.xlsx": "ditolak"}
