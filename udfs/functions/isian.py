"""What the rows of an input sheet amount to: parts still unwritten, the next step, how far a target was reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from udfs.cells import as_choice, as_date, as_number, as_tick, each, records, rows, sound, told, value_of
from udfs.registry import function
from validation.aims import achieved
from validation.completeness import unwritten
from validation.contract import CodeList, Item, lists, tables
from validation.values import read_tick

_NAMING: Final = {"sebutkan": "Boleh dikosongkan: Ya atau TRUE untuk menyebut yang belum."}
_ROWS: Final = "Baris isian di bawah judul itu, sama banyak kolomnya; satu hasil untuk setiap baris."
_STEPS_DONE: Final = "Selesai"

Answer = Callable[[CodeList, tuple[Item, ...]], int | str]


# ---- texts of fixed parts, one below the other ---- #


@function(
    help="Jumlah unsur kerangka acuan (KAK) yang sudah diuraikan, dari sepuluh; atau unsur yang belum.",
    arguments={"kak": "Kolom Unsur dan Uraian dari lembar KAK.", **_NAMING},
    example=(([["Latar belakang", "Pengasuhan"], ["Lokasi kegiatan", "Ambon"], ["Pembiayaan kerjasama", ""]],), 2),
)
def kmt_kelengkapan_kak(kak: Any, sebutkan: Any = None) -> Any:
    """How many of the ten elements are written, or which are not (III.A.3)."""
    return _completeness("kak", kak, sebutkan)


@function(
    help="Jumlah bagian laporan akhir yang sudah diuraikan, dari enam; atau bagian yang belum.",
    arguments={"laporan": "Kolom Bagian dan Uraian dari lembar Laporan Akhir.", **_NAMING},
    example=(([["Pembelajaran", "Libatkan orang tua"], ["Saran", ""]],), 1),
)
def kmt_kelengkapan_lap_akhir(laporan: Any, sebutkan: Any = None) -> Any:
    """How many of the six parts are written, or which are not (IV.D.2)."""
    return _completeness("laporan_akhir", laporan, sebutkan)


# ---- one column for each part ---- #


@function(
    help="Jumlah kolom prinsip yang sudah dijawab, terpenuhi atau belum; atau prinsip yang belum dijawab.",
    arguments={"judul": "Baris judul lembar Prinsip.", "isian": _ROWS, **_NAMING},
    example=(
        (
            [[item.label for item in lists()["prinsip"]]],
            [["Terpenuhi"] * 5 + ["Belum Terpenuhi"] + [""] + ["Terpenuhi"] * 6],
            "Ya",
        ),
        "Transparansi",
    ),
)
def kmt_prinsip_lengkap(judul: Any, isian: Any, sebutkan: Any = None) -> Any:
    """How many principles are answered in every row of Prinsip, or which are not (II.A)."""
    status = lists()["status_prinsip"]
    return _by_row("prinsip", judul, isian, lambda cell: as_choice(cell, status), _counted(sebutkan))


@function(
    help="Jumlah unsur PKS yang termuat dalam naskah, dari enam; atau unsur yang belum.",
    arguments={"judul": "Baris judul lembar Naskah.", "isian": _ROWS, **_NAMING},
    example=(([[item.label for item in lists()["unsur_pks"]]], [["Ya", "Ya", "Ya", "Ya", "Tidak", ""]]), 4),
)
def kmt_unsur_pks(judul: Any, isian: Any, sebutkan: Any = None) -> Any:
    """How many of the six parts every row of Naskah has, or which it lacks (II.D.2)."""
    return _by_row("unsur_pks", judul, isian, _ticked, _counted(sebutkan))


@function(
    help="Jumlah sektor pentahelix yang terlibat, dari lima; atau sektor yang belum.",
    arguments={"judul": "Baris judul lembar Kerja Sama.", "isian": _ROWS, **_NAMING},
    example=(([[item.label for item in lists()["sektor_pentahelix"]]], [["Ya", "Ya", "", "Ya", ""]]), 3),
)
def kmt_pentahelix(judul: Any, isian: Any, sebutkan: Any = None) -> Any:
    """How many sectors take part in every row of Kerja Sama, or which do not (II.C.8)."""
    return _by_row("sektor_pentahelix", judul, isian, _ticked, _counted(sebutkan))


@function(
    help="Langkah penandatanganan berikutnya: yang pertama dari enam langkah yang belum bertanggal, atau Selesai.",
    arguments={"judul": "Baris judul lembar Naskah.", "isian": _ROWS},
    example=(
        ([[item.label for item in lists()["langkah_naskah"]]], [["5 Januari 2026", "9 Januari 2026", "", "", "", ""]]),
        "3. Pembahasan dan finalisasi rancangan naskah kesepakatan kerjasama",
    ),
)
def kmt_tahap_ttd(judul: Any, isian: Any) -> Any:
    """The next of the six steps in every row of Naskah (III.D)."""

    def following(_: CodeList, open_steps: tuple[Item, ...]) -> str:
        return f"{open_steps[0].code}. {open_steps[0].label}" if open_steps else _STEPS_DONE

    return _by_row("langkah_naskah", judul, isian, lambda cell: as_date(cell, "tanggal langkah"), following)


# ---- indicators ---- #


@function(
    help="Capaian indikator: bagian jalan dari Data Dasar ke Target yang sudah ditempuh; 1 berarti target tercapai.",
    arguments={
        "data_dasar": "Data Dasar; kosong berarti 0.",
        "target": "Target yang disepakati.",
        "realisasi": "Realisasi sampai kini.",
        "jenis": "Boleh dikosongkan: Jenis Indikator. Jumlah anak yang dilayani selalu dihitung dari 0.",
    },
    example=((40, 90, 60), 0.4),
)
def kmt_capaian(data_dasar: Any, target: Any, realisasi: Any, jenis: Any = None) -> Any:
    """The share of the way that every indicator has covered, as in Rekap Evaluasi (IV.C.3)."""

    def share(start: Any, aim: Any, value: Any, kind: Any) -> float | None:
        label = as_choice(kind, lists()["jenis_indikator"])
        numbers = as_number(start, "Data Dasar") or 0, as_number(aim, "Target"), as_number(value, "Realisasi")
        return None if None in numbers else achieved(label, *numbers)

    return each(share, data_dasar, target, realisasi, jenis)


# ---- what they share ---- #


def _completeness(name: str, value: Any, naming: Any) -> Any:
    """About the parts that a table has one row for."""
    table = tables()[name]
    headings = [table.column(table.prefilled).heading, table.column("uraian").heading]

    def answered() -> int | str:
        parts = lists()[table.column(table.prefilled).list]
        pairs = rows(value) if len(rows(value)[0]) == len(headings) else records(value, headings, table.sheet)
        return _counted(naming)(parts, unwritten(parts, ((sound(part), sound(text)) for part, text in pairs)))

    return told(answered)


def _by_row(name: str, heading: Any, filled: Any, read: Callable[[Any], Any], answer: Answer) -> Any:
    """An answer for every row about the parts that have a column each; blank for a blank row.

    Raises ValueError where the headings are not those of the sheet.
    """
    parts, head, below = lists()[name], rows(heading), rows(filled)
    if len(head) != 1 or len(head[0]) != len(below[0]):
        raise ValueError("Judul harus satu baris, dan isian sama banyak kolomnya.")
    labels = [item.label for item in parts]

    def answered(cells: Sequence[Any]) -> int | str | None:
        if all(cell is None for cell in cells):
            return None
        known = [read(sound(cell)) for cell in cells]
        return answer(parts, unwritten(parts, zip(labels, known, strict=True)))

    sheet = next(table.sheet for table in tables().values() if {*labels} <= {one.heading for one in table.columns})
    found = [told(partial(answered, cells)) for cells in records([*head, *below], labels, sheet)]
    return found[0] if len(found) == 1 else [[one] for one in found]


def _counted(naming: Any) -> Answer:
    """How many parts are there, or which are not."""

    def answer(parts: CodeList, open_parts: tuple[Item, ...]) -> int | str:
        if as_tick(naming):
            return "; ".join(part.label for part in open_parts)
        return len(parts.items) - len(open_parts)

    return answer


def _ticked(cell: Any) -> bool | None:
    """True for Ya; None for Tidak and blank."""
    return value_of(read_tick(cell), "Ya atau Tidak") or None
