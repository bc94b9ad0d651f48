"""The sheets of the master in which staff type: the tables of the contract, with what was carried over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import Value, fit_row
from kemitraan_xl.book.induk import (
    Induk,
    column_name,
    link_back,
    name_columns,
    name_range,
    registered_name,
    sheet_item,
)
from kemitraan_xl.book.look import TABS, spread
from kemitraan_xl.book.place import Rows
from kemitraan_xl.book.sheets import RowFormula, write_sheet
from validation.contract import Column, Table, tables

KIND: Final = "induk"
_PROPOSED: Final = "usulan"

#: Blank rows that stand ready behind those carried over, at least.
_SPARE: Final = 100

#: Width of the partner's name where it is repeated on every page.
_NAME_WIDTH: Final = 34

#: The labelled line of a form of the proposal that names the partner, and what it says where there are several.
HEAD: Final = "kepala_rencana"
SEVERAL: Final = "beberapa mitra; saring kolom Nama Mitra untuk mencetak lembar satu mitra"

#: How far right of a form's columns its partners are numbered: beyond the stamp and the two columns of Matriks Risiko.
_NUMBERS: Final = 3

#: Columns that stay in view.
_KEPT_IN_VIEW = 2

#: How many characters of a title stand in the width of one of a cell: it is larger, and bold.
_TITLE_SCALE: Final = 0.95

#: Columns that name a partner (of one table, or of any), with the column of the register they take it from.
_PARTNER_COLUMNS: Final = {
    "kode_mitra": "kode",
    "nama_mitra": "nama_lembaga",
    "data_penilaian.nama_lembaga": "nama_lembaga",
}


def write_input(book: Induk, table: Table, formulas: Mapping[str, RowFormula]) -> tuple[Worksheet, Rows]:
    """One input sheet: the rows handed in, then blank rows, and names for its columns.

    A master holds the rows of all partners, so nothing is numbered beforehand and no row ends the table.
    """
    rows = book.rows(table.name)
    count = max(table.rows, len(rows) + _SPARE) if table.rows else len(rows)
    unnumbered: dict[str, Value] = {"no": None} if any(column.name == "no" for column in table.columns) else {}
    wide = replace(table, rows=count, end="", columns=_partner_first(table))
    names = book.partner_names()
    filled = [unnumbered | dict(row) | {"nama_mitra": names.get(row.get("kode_mitra"))} for row in rows]
    values = {table.name: [*filled, *([unnumbered] * (count - len(rows)))]}
    formulas = {"nama_mitra": _registered_name, **formulas}
    told = [replace(tables()[HEAD], part_of=table.name)] if _names_no_partner(table) else []
    links = {column.heading: _one_partner(table.name) for head in told for column in head.columns}
    *_, placed = write_sheet(
        book.workbook, book.look, KIND, [wide, *told], values=values, links=links, formulas=formulas
    )
    sheet = book.workbook.get_worksheet_by_name(table.sheet)
    sheet.set_tab_color(TABS[sheet_item(table.sheet).parent])
    link_back(book, sheet, placed.columns[0].width, table.guide)
    assert isinstance(placed, Rows)
    name_columns(book.workbook, placed)
    name_range(book.workbook, ready_name(table.name), placed.sheet, (placed.end, 0), (placed.end, 0))
    book.placed[table.name] = placed
    if told:
        _number_partners(book, sheet, placed)
    _offer_partners(sheet, placed)
    _fit_headings(book, sheet, placed)
    sheet.autofilter(placed.heading, 0, placed.end, len(placed.columns) - 1)
    return sheet, placed


def _names_no_partner(table: Table) -> bool:
    """Whether its printed columns are those of a form of the proposal, which do not say whose row it is."""
    own = [column for column in table.columns if column.name == "kode_mitra" and column.helper]
    return bool(own) and _PROPOSED in table.kinds


def _one_partner(table: str) -> str:
    """The partner whose rows alone are in view, once they are filtered, as the form of the guideline has it on top."""
    numbers, codes = f"{table}_urutan", column_name(table, "kode_mitra")
    listed = f"SUBTOTAL(103,{codes})-1"
    alone = f"AND(SUBTOTAL(102,{numbers})={listed},SUBTOTAL(104,{numbers})=SUBTOTAL(105,{numbers}))"
    name = f"INDEX({column_name('mitra', 'nama_lembaga')},SUBTOTAL(104,{numbers}))"
    return f'=IF({listed}<1,"",IF({alone},{name},"{SEVERAL}"))'


def _number_partners(book: Induk, sheet: Worksheet, placed: Rows) -> None:
    """Beside the form, right of what else stands there: the place of each row's partner in the register."""
    column = len(placed.columns) + _NUMBERS
    sheet.set_column(column, column, 14)
    sheet.write_string(placed.heading, column, "Urutan Mitra", book.look("kepala bantu"))
    for row in range(placed.heading + 1, placed.end + 1):
        code = placed.local("kode_mitra", row)
        number = f'=IF({code}="","",IFERROR(MATCH({code},{column_name("mitra", "kode")},0),""))'
        sheet.write_formula(row, column, number, book.look("sel", "tetap", "tengah"), "")
    place = (placed.heading + 1, column), (placed.end, column)
    name_range(book.workbook, f"{placed.table.name}_urutan", placed.sheet, *place)


def ready_name(table: str) -> str:
    """The defined name of a cell in the last row that stands ready, with its formulas and lists."""
    return f"{table}_siap"


def _registered_name(cells: Mapping[str, str]) -> str:
    """The name that the register gives the code of a row."""
    code = cells["kode_mitra"]
    return f'=IF({code}="","",IFERROR({registered_name(code)},"kode belum terdaftar"))'


def _partner_first(table: Table) -> tuple[Column, ...]:
    """The columns with the partner among the first two, which stay in view and are printed on every page.

    In a form of the proposal, which is the guideline's, what is not the form's stands right of it.
    """
    names = [column.name for column in table.columns]
    if "kode_mitra" in names and table.column("kode_mitra").helper and _PROPOSED not in table.kinds:
        ordered = sorted(table.columns, key=lambda column: column.name not in ("kode_mitra", "nama_mitra"))
        return (*(replace(column, helper=False) for column in ordered[:2]), *ordered[2:])
    if "nama_lembaga" not in names or names.index("nama_lembaga") < _KEPT_IN_VIEW:
        return table.columns
    ordered = sorted(table.columns, key=lambda column: column.name != "nama_lembaga")
    return (replace(ordered[0], width=_NAME_WIDTH), *ordered[1:])


def _fit_headings(book: Induk, sheet: Worksheet, placed: Rows) -> None:
    """Room for the longest heading; a table too wide for one page goes over several, its first columns repeated.

    So is its title then: in two lines, where that makes it whole on every page.
    """
    fit_row(sheet, placed.heading, [(column.heading, column.width - 1) for column in placed.columns])
    widths = [column.width for column in placed.columns[: placed.official]]
    room = _TITLE_SCALE * sum(widths[:_KEPT_IN_VIEW])
    if spread(sheet, widths, _KEPT_IN_VIEW) and room < len(placed.table.title) < 2 * room:
        place = (placed.first, 0, placed.first, _KEPT_IN_VIEW - 1)
        sheet.merge_range(*place, placed.table.title, book.look("lampiran", "paragraf"))
        fit_row(sheet, placed.first, [(placed.table.title, room)])


def name_partners(book: Induk) -> None:
    """Names for the used part of the register, which dropdowns offer."""
    for column in ("kode", "nama_lembaga"):
        cells = column_name("mitra", column)
        book.workbook.define_name(f"daftar_mitra_{column}", f"=OFFSET({cells},1,0,MAX(1,COUNTA({cells})-1),1)")


def _offer_partners(sheet: Worksheet, placed: Rows) -> None:
    """Partners of the register as a suggestion wherever a row says whose it is."""
    for column in placed.columns:
        source = _PARTNER_COLUMNS.get(f"{placed.table.name}.{column.name}", _PARTNER_COLUMNS.get(column.name))
        if source:
            at = placed.at(column.name)
            options = {"validate": "list", "source": f"=daftar_mitra_{source}", "show_error": False}
            sheet.data_validation(placed.heading + 1, at, placed.reach, at, options)


def filled_rows(book: Induk, table: str, spare: int) -> int:
    """How many rows a computed sheet gives to the rows of an input table."""
    return len(book.rows(table)) + spare
