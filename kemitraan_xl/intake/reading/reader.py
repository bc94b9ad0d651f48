"""From the bytes of one file to its tables, each cell with Excel's own address. Runs inside a worker.

Nothing is raised for what a partner did: what is odd about the structure is a Fault, and a file that cannot
be used at all a refusal. Values come from python-calamine; what it would pass over in silence (error cells,
formulas that were never calculated, merged and hidden cells) the guard has seen in the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from kemitraan_xl.intake.formats.sniff import TEXT, XLSX
from kemitraan_xl.intake.gate.guard import Look, look
from kemitraan_xl.intake.model import Extract, Fault, FileReading
from kemitraan_xl.intake.reading.editions import reworded
from kemitraan_xl.intake.reading.identity import FIELDS, MARK, read_line
from kemitraan_xl.intake.reading.labels import read_labels, stands_out
from kemitraan_xl.intake.reading.languages import read_entries, read_headings
from kemitraan_xl.intake.reading.locate import MASTER, Form, Grid, Place, by_headings, by_stamp, forms, fullness
from kemitraan_xl.intake.reading.rows import clean, read_inputs, read_rows
from kemitraan_xl.intake.refusal import Refused, reason
from kemitraan_xl.marks import NOTE, RESULT, SPARE
from validation.contract import fold, former, lists, tables
from validation.language import Text

_REF = "ref"
_REF_ROWS = 12  #: the identity block stands on top of the lists, which need not be looked at
#: Sheets of a template that hold nothing to be read.
_PLAIN = frozenset({"petunjuk", "periksa", _REF, fold(RESULT), fold(SPARE)})
#: Sheets by which a summary that this program wrote is known, for instance the copy a share made of it.
_SUMMARY = frozenset({"ringkasan", "temuan", "arsip"})
#: What ST-14 calls the features of the guard.
_ACTIVE = {
    Text("makro"): {"macros", "macro_sheets"},
    Text("tautan ke berkas lain"): {"external_links"},
    Text("rumus ke luar berkas"): {"reaching"},
    Text("objek sisipan"): {"embedded_objects", "activex"},
    Text("kueri data"): {"connections", "query_tables"},
    Text("data pivot"): {"pivot_caches"},
}
#: What python-calamine raises over a sheet; the second for a duration of a billion days.
_UNREADABLE = (CalamineError, OverflowError)
_PANIC = "PanicException"  #: what the parser raises where it has no answer; of no module, and no Exception
_COMMENT_PART = re.compile(rb'<(?:\w+:)?Override (?>[^<>]*?PartName="/([^"<>]+)")[^<>]*comments\+xml"')
_COMMENT = re.compile(rb"<(?:\w+:)?comment[ >]")


def read_bytes(data: bytes) -> FileReading:
    """Everything read from one file: who it says it is, its tables, and what is odd about its structure."""
    looked = look(data)
    if looked.refusal:
        return FileReading(refusal=looked.refusal)
    try:
        return _File(looked).read()
    except Refused as refused:
        return FileReading(refusal=str(refused))
    except _UNREADABLE:
        return FileReading(refusal=reason("damaged"))


@lru_cache(256)
def _folded(title: str) -> str:
    """The title of a sheet as it is compared; most files have the same ones."""
    return fold(title)


@cache
def _table_sheets(kind: str = "") -> frozenset[str]:
    """Titles of the sheets with tables in workbooks of a kind, or of any; as compared."""
    return frozenset(fold(table.sheet) for table in tables().values() if not kind or kind in table.kinds)


@cache
def _kinds() -> tuple[str, ...]:
    """The kinds of workbook that hold tables, the commonest first."""
    used = {kind for table in tables().values() for kind in table.kinds}
    return tuple(item.code for item in lists()["jenis_berkas"] if item.code in used)


class _File:
    """One file being read. Sheets are handed to the parser only when something of ours may be on them."""

    def __init__(self, looked: Look) -> None:
        self.look = looked
        self.titles = [sheet.title for sheet in looked.sheets if sheet.part]
        self.reading = FileReading(modified=looked.modified)

    def read(self) -> FileReading:
        names = {title: _folded(title) for title in self.titles}
        ours = [title for title, name in names.items() if name in _table_sheets()]
        grids = self._grids(ours)
        identity = _identity_line(grids)
        if not identity:  # a master, an older template, or the line was deleted
            grids += self._grids([title for title, name in names.items() if name == _REF])
            identity = _identity_block(grids)
        kind = identity.get("jenis", "")
        passed = _PLAIN if kind in _kinds() and kind != MASTER else _PLAIN | _computed_sheets()
        grids += self._further_grids([t for t, name in names.items() if t not in ours and name not in passed])
        identity = identity or _identity_block(grids)
        kind = identity.get("jenis", "")
        told = kind in _kinds()
        foreign = not told or bool(identity.get("bahasa"))
        if foreign and (said := read_headings(grids)):
            identity["bahasa"] = identity.get("bahasa") or said
        if not told:
            kind = identity["jenis"] = _likely_kind(grids)
        edition = identity.get("edisi", "")
        placed = _located(kind, grids, edition if edition in former() else "")
        if not told and not any(place.stamped or place.at for place in placed):
            whose = "summary" if set(names.values()) >= _SUMMARY else "template"
            return FileReading(refusal=reason(whose), modified=self.reading.modified)
        self.reading.identity = identity
        self._read_tables(placed, foreign)
        self._flag_sheets(kind, grids, placed)
        self._flag_file(kind, grids)
        return self.reading

    def _fault(self, code: str, sheet: str, column: str = "", value: str = "", cell: str = "") -> None:
        fault = Fault(code, sheet, cell, column, value)
        if fault not in self.reading.faults:
            self.reading.faults.append(fault)

    # ---- sheets ---- #

    def _grids(self, titles: Sequence[str]) -> list[Grid]:
        if not titles:
            return []
        book = self._book(titles)
        return [self._grid(book, title) for title in titles]

    def _book(self, titles: Sequence[str]) -> CalamineWorkbook:
        return CalamineWorkbook.from_filelike(BytesIO(self.look.workbook(titles)))

    def _grid(self, book: CalamineWorkbook, title: str) -> Grid:
        name = _folded(title)
        try:
            sheet = book.get_sheet_by_name(title)
            rows = sheet.to_python(nrows=_REF_ROWS if name == _REF else None)
        except BaseException as error:
            if type(error).__name__ == _PANIC:
                raise CalamineError(str(error)) from None
            raise
        top, left = sheet.start or (0, 0)
        grid = Grid(title, name, rows, top + 1, left, self.look.sheet(title))
        for cell in grid.look.errors:
            grid.blank(cell)
        return grid

    def _further_grids(self, titles: Sequence[str]) -> list[Grid]:
        """Sheets that are not ours: a dangerous or damaged one is left out, as it is not needed."""
        safe = [title for title in titles if self._is_safe(title)]
        if not safe:
            return []
        grids = []
        book = self._book(safe)
        for title in safe:
            try:
                grids.append(self._grid(book, title))
            except _UNREADABLE:
                self._fault("ST-13", title, value=title)
        return grids

    def _is_safe(self, title: str) -> bool:
        try:
            self.look.sheet(title)
        except Refused:
            self._fault("ST-13", title, value=title)
            return False
        return True

    # ---- tables ---- #

    def _read_tables(self, placed: Sequence[Place], foreign: bool) -> None:
        for place in placed:
            table, grid = place.form.table, place.grid
            beside = [other for other in placed if other.grid is grid and other is not place]
            extract = reworded(_extract(place, beside), place.form)
            extract = read_entries(extract, place.form) if foreign else extract
            self.reading.tables[table.name] = _without_numbered_days(extract) if self.look.date1904 else extract
            self.reading.faults += place.faults
            if not place.stamped:
                self._fault("ST-17", grid.title, table.sheet)
            if grid.name != place.form.sheet:
                self._fault("ST-12", grid.title, table.sheet, grid.title)

    def _flag_sheets(self, kind: str, grids: Sequence[Grid], placed: Sequence[Place]) -> None:
        """Sheets that are missing, and sheets that are not ours: a second copy of a table, or anything else."""
        for form in forms(kind):
            if form.table.name not in self.reading.tables and not form.table.part_of:
                self._fault("ST-01", form.table.sheet, form.table.sheet)
        used = [place.grid for place in placed]
        hidden = {sheet.title for sheet in self.look.sheets if sheet.state != "visible"}
        for title in dict.fromkeys(grid.title for grid in used if grid.title in hidden and kind != MASTER):
            self._fault("ST-11:lembar", title, title)
        for grid in grids:
            if grid in used or grid.name in _table_sheets(kind) | {_REF}:
                continue
            copies = [place for place in _copies(kind, grid) if place.form.table.name in self.reading.tables]
            for place in copies:
                first = place.grid.cell(place.heading, min(place.at.values()))
                self._fault("ST-15", grid.title, place.form.table.sheet, cell=first)
            if not copies and any(clean(cell) is not None for row in grid.rows for cell in row):
                self._fault("ST-13", grid.title, value=grid.title)

    def _flag_file(self, kind: str, grids: Sequence[Grid]) -> None:
        features = self.look.features | {"reaching" for grid in grids if grid.look.reaching}
        active = [word for word, names in _ACTIVE.items() if names & features]
        if active and kind != MASTER:
            *others, last = active
            self._fault("ST-14", "", value=f"{', '.join(others)} dan {last}" if others else last)
        if "comments" in features:
            names = set(_COMMENT_PART.findall(self.look.part("[Content_Types].xml")))
            parts = [self.look.part(name.decode()) for name in names]
            # the notes with which KPAI sent the file back are no comments of the partner
            count = sum(sum(1 for _ in _COMMENT.finditer(part)) - part.count(NOTE.encode()) for part in parts)
            if count > 0:
                self._fault("ST-16", "", value=str(count))
        if self.look.date1904:
            self._fault("ST-20", "")
        if self.look.kind == TEXT:
            self._fault("ST-25:teks", "")
        elif self.look.kind != XLSX:
            self._fault("ST-25", "", value=f".{self.look.kind}")


@cache
def _computed_sheets() -> frozenset[str]:
    """Sheets of a master that only show what others hold."""
    return frozenset(fold(item.label) for item in lists()["lembar_induk"]) - _table_sheets()


def _identity_line(grids: Iterable[Grid]) -> dict[str, str]:
    """The identity as one line in the first cell that begins with its mark; {} when it is gone or damaged."""
    cells = (cell for grid in grids for row in grid.rows for cell in row)
    return next((read_line(cell) for cell in cells if cell.__class__ is str and cell.startswith(MARK)), {})


def _identity_block(grids: Iterable[Grid]) -> dict[str, str]:
    """The identity as labels and values below its mark."""
    for grid in sorted(grids, key=lambda grid: grid.name != _REF):
        spot = grid.find(MARK)
        if spot is not None:
            row, column = spot
            pairs = (cells[column : column + 2] for cells in grid.rows[row + 1 : row + 1 + len(FIELDS)])
            return {
                pair[0]: str(clean(pair[1]) if clean(pair[1]) is not None else "").strip()
                for pair in pairs
                if len(pair) > 1 and pair[0] in FIELDS
            }
    return {}


def _likely_kind(grids: Sequence[Grid]) -> str:
    """The kind of workbook most of whose tables are there; "" when there are none."""
    counts = {kind: len(_located(kind, grids)) for kind in _kinds()}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else ""


# ---- where the tables are ---- #


def _located(kind: str, grids: Sequence[Grid], edition: str = "") -> list[Place]:
    """The tables of a workbook of this kind, each once, in the order of the contract; `edition`: an earlier one."""
    matrices = _matrices(forms(kind, edition), grids)
    placed: list[Place] = []
    for form in forms(kind, edition):
        place = _labels(form, grids, matrices) if form.table.layout == "label" else matrices.get(form)
        if place is not None:
            placed.append(place)
    return placed


def _matrices(known: Sequence[Form], grids: Sequence[Grid]) -> dict[Form, Place]:
    """Tables with a heading row: at the stamp on the own sheet, at the stamp elsewhere, by the headings."""
    wanted = [form for form in known if form.table.layout != "label"]
    found: dict[Form, Place] = {}
    for form in wanted:
        for grid in _own_first(form, grids):
            place = by_stamp(form, grid)
            if place is not None:
                found[form] = place
                break
    missing = [form for form in wanted if form not in found]
    if missing:
        taken = [(place.grid, place.heading) for place in found.values()]
        rows = [place for place in by_headings(wanted, grids) if (place.grid, place.heading) not in taken]
        for form in missing:
            own = [place for place in rows if place.form is form]
            if own:
                found[form] = max(own, key=lambda place: (place.grid.name == form.sheet, fullness(place)))
    return found


def _own_first(form: Form, grids: Sequence[Grid]) -> Iterator[Grid]:
    yield from (grid for grid in grids if grid.name == form.sheet)
    yield from (grid for grid in grids if grid.name != form.sheet)


def _labels(form: Form, grids: Sequence[Grid], matrices: dict[Form, Place]) -> Place | None:
    """A label table: above the table it is part of, or on its sheet, or on one that is marked or full of its labels."""
    if form.table.part_of:
        parent = next((p for f, p in matrices.items() if f.table.name == form.table.part_of), None)
        return read_labels(form, parent.grid, parent.heading) if parent else None
    for grid in _own_first(form, grids):
        own = grid.name == form.sheet
        if not own and not stands_out(form, grid):
            continue
        headings = [place.heading for place in matrices.values() if place.grid is grid]
        place = read_labels(form, grid, len(grid.rows), headings)
        if place.inputs or (own and headings):
            return place
    return None


def _copies(kind: str, grid: Grid) -> list[Place]:
    """Tables of this kind on a sheet that is not needed, if something is filled in there."""
    places = by_headings([form for form in forms(kind) if form.table.layout != "label"], [grid])
    return [place for place in places if read_rows(place, len(grid.rows)).rows]


def _without_numbered_days(extract: Extract) -> Extract:
    """In a file that counts its days from 1904 a bare number may be either of two: it travels on as a text."""
    days = {column.name for column in tables()[extract.table].columns if column.kind == "tanggal"}
    texts = {
        name: [str(cell) if cell.__class__ is int else cell for cell in cells]
        for name, cells in extract.columns.items()
        if name in days
    }
    return replace(extract, columns=extract.columns | texts)


def _extract(place: Place, beside: Sequence[Place]) -> Extract:
    """The rows of a table down to the next one on the same sheet, or the inputs of a label table."""
    if place.form.table.layout == "label":
        return read_inputs(place)
    below = [other.heading for other in beside if other.at and other.heading > place.heading]
    labels = {row for other in beside for row, _ in other.inputs.values()}
    return read_rows(place, min(below, default=len(place.grid.rows)), labels)
