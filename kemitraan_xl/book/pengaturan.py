"""The sheet Pengaturan: how every open question of the guideline is read, and who decided it.

Formulas read each value by the defined name of its row (`kemitraan_xl.formulas.setting_name`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.cells import Value, put
from kemitraan_xl.book.induk import Induk, name_range
from kemitraan_xl.book.masukan import write_input
from kemitraan_xl.book.place import Rows
from kemitraan_xl.book.sheets import Row
from kemitraan_xl.formulas import setting_name
from kemitraan_xl.pedoman.model import Pedoman, Setting
from validation.contract import Table

TABLE: Final = "pengaturan"

#: The block on the sheet Ref that gives the meaning of "kode|nilai".
MEANINGS: Final = "arti_pengaturan"

_KEPT: Final = ("nilai", "ditetapkan_oleh", "tanggal_ditetapkan")


def setting_rows(pedoman: Pedoman, typed: Iterable[Row]) -> list[Row]:
    """One row per setting: as shipped, with what staff chose in an older master where it can still be chosen."""
    chosen = {str(row.get("kode")): row for row in typed}
    return [_row(setting, chosen.get(setting.code, {})) for setting in pedoman.settings]


def _row(setting: Setting, typed: Row) -> Row:
    row: dict[str, Value] = {
        "kode": setting.code,
        "pertanyaan": setting.question,
        "nilai": setting.value,
        "pilihan": _offered(setting),
        "pengaruh": setting.effect,
        "acuan": setting.sumber,
        "ditetapkan_oleh": setting.decided_by,
        "tanggal_ditetapkan": setting.decided_on,
    }
    if "nilai" in typed and setting.accept_typed(typed["nilai"]) is not None:
        row |= {name: typed[name] for name in _KEPT if name in typed}
        row["nilai"] = setting.accept_typed(typed["nilai"])
    return row


def _offered(setting: Setting) -> str:
    if not setting.choices:
        return f"{setting.minimum} sampai {setting.maximum} {setting.unit}"
    return "\n".join(f"{choice.value}: {choice.label}" for choice in setting.choices)


def meanings(pedoman: Pedoman) -> list[tuple[str, str]]:
    """Rows for Ref: what each value of each setting means."""
    return [
        (f"{setting.code}|{choice.value}", choice.label) for setting in pedoman.settings for choice in setting.choices
    ]


def write_pengaturan(book: Induk, table: Table) -> None:
    """Add the sheet; its rows stand in `book.content`, see `setting_rows`."""

    def meaning(cells: Mapping[str, str]) -> str:
        return f'=IFERROR(VLOOKUP({cells["kode"]}&"|"&{cells["nilai"]},{MEANINGS},2,FALSE),"")'

    sheet, placed = write_input(book, table, {"arti": meaning})
    for row, setting in enumerate(book.pedoman.settings, start=placed.heading + 1):
        _open_value(book, sheet, placed, row, setting)


def _open_value(book: Induk, sheet: Worksheet, placed: Rows, row: int, setting: Setting) -> None:
    """The cell a person changes: coloured as input, held to what the setting takes, and named."""
    column = placed.at("nilai")
    value = book.rows(TABLE)[row - placed.heading - 1]["nilai"]
    put(sheet, row, column, value, book.look("sel", "isian", "kiri", kind="bulat"))
    options: dict[str, Any] = {
        "error_title": f"Pengaturan {setting.code}",
        "error_message": "Pilih salah satu nilai yang disebut pada kolom di sebelah kanan.",
    }
    if not setting.choices:
        options |= {
            "validate": "integer",
            "criteria": "between",
            "minimum": setting.minimum,
            "maximum": setting.maximum,
        }
    else:
        options |= {"validate": "list", "source": [choice.value for choice in setting.choices]}
    sheet.data_validation(row, column, row, column, options)
    name_range(book.workbook, setting_name(setting.code), placed.sheet, (row, column), (row, column))
