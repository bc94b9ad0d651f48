"""The checks of returned files, on a table that is selected in a sheet; loaded only when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from kemitraan_xl.impossible import Impossible
from udfs.cells import (
    CellFault,
    ErrorCell,
    Rows,
    as_number,
    as_text,
    dated,
    needed_date,
    rows,
    settings_in,
    single,
    told,
)
from udfs.functions.penilaian import PENGATURAN
from udfs.registry import function
from validation.contract import Table, fold, tables

_HEADINGS: Final = ("Kode", "Tingkat", "Baris", "Kolom", "Pesan", "Saran")
_NO_FINDING: Final = "Tidak ada temuan"

#: Kinds of column in which a bare number is a day of the calendar: hosts may send dates so.
_DAYS: Final = ("tanggal", "masa", "waktu")


@function(
    help="Temuan dalam satu tabel, diperiksa seperti berkas mitra: kode, tingkat, baris, kolom, pesan, dan saran.",
    arguments={
        "tabel": "Tabel beserta baris judulnya.",
        "nama_tabel": "Nama lembarnya, misalnya Rencana Kerja.",
        "pada": "Tanggal pemeriksaan: satu tanggal tetap, atau TODAY().",
        "baris_judul": "Boleh dikosongkan: nomor baris judul pada lembar, misalnya ROW(A5); tanpa itu 1.",
        **PENGATURAN,
    },
    example=(
        (
            [
                ["No", "Dokumen", "Nomor", "Tanggal Terbit", "Berlaku Sampai", "Keterangan"],
                [1, "NPWP", "123", date(2020, 1, 1), "seumur hidup", ""],
            ],
            "Profil dan Bukti",
            date(2026, 3, 9),
        ),
        [
            list(_HEADINGS),
            [
                "BK-02",
                "W",
                2,
                "Nomor",
                'NPWP "123" tidak terdiri atas 15 atau 16 angka.',
                "Tulis NPWP lengkap, misalnya 01.234.567.8-901.000.",
            ],
        ],
    ),
)
def kmt_temuan(tabel: Any, nama_tabel: Any, pada: Any, baris_judul: Any = None, pengaturan: Any = None) -> Any:
    """The findings about one table, with headings; what only other sheets can tell is not asked."""
    return told(lambda: _findings(tabel, nama_tabel, pada, baris_judul, pengaturan))


def _findings(tabel: Any, nama_tabel: Any, pada: Any, baris_judul: Any, pengaturan: Any) -> Any:
    named, cells = _tables(as_text(single(nama_tabel))), rows(tabel)
    top = as_number(single(baris_judul), "Baris judul") or 1
    if not isinstance(top, int) or not 1 <= top < 2**20:
        raise CellFault("Baris judul harus nomor baris, misalnya ROW(A5)")
    day = needed_date(single(pada), "Tanggal pemeriksaan")

    from kemitraan_xl.intake.reading.locate import letters, split  # the checks take a second to load
    from kemitraan_xl.pasted import check_table

    errors = {f"{letters(column)}{top + row}": str(cell) for row, column, cell in _errors(cells)}
    try:
        findings = check_table(named, _with_days(named, cells), errors, top, day, settings_in(pengaturan))
    except Impossible as reason:
        raise ValueError(str(reason)) from None
    if not findings:
        return _NO_FINDING
    places = (split(finding.cell)[0] if finding.cell else "" for finding in findings)
    lines = [[f.code, f.level, place, f.column, f.message, f.remedy] for f, place in zip(findings, places, strict=True)]
    return [list(_HEADINGS), *lines]


def _tables(name: str) -> list[Table]:
    """The tables with this title of their sheet. Raises ValueError."""
    known = [table for table in tables().values() if table.layout == "tabel"]
    found = [table for table in known if fold(name) == fold(table.sheet)]
    if not found:
        titles = ", ".join(dict.fromkeys(table.sheet for table in known))
        raise ValueError(f"Nama tabel tidak dikenal. Pilihan: {titles}.")
    return found


def _errors(cells: Rows) -> Iterator[tuple[int, int, Any]]:
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if isinstance(cell, ErrorCell):
                yield row, column, cell


def _with_days(named: Iterable[Table], cells: Rows) -> Rows:
    """The rows with dates in its date columns, whichever way they were handed over; errors as blanks."""
    columns = [column for table in named for column in table.columns]
    kinds = {fold(name): column.kind for column in columns for name in (*column.aliases, column.heading)}
    headings = [kinds.get(fold(cell)) if isinstance(cell, str) else None for cell in cells[0]]
    plain = [[None if isinstance(cell, ErrorCell) else cell for cell in line] for line in cells]
    below = [
        [dated(cell) if kind in _DAYS else cell for cell, kind in zip(line, headings, strict=True)]
        for line in plain[1:]
    ]
    return [plain[0], *below]
