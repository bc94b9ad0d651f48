"""What people typed, read: amounts, periods, tax numbers, places, activities, and what may identify a child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from kemitraan_xl import privacy
from udfs.cells import CellFault, as_text, as_tick, dated, each, single, told, value_of
from udfs.registry import function
from validation.activities import activities
from validation.contract import lists
from validation.numbers import describe_npwp
from validation.periods import show_period
from validation.regions import provinces_in
from validation.terbilang import rupiah_in_words
from validation.values import read_period, read_rupiah

_PARTS: Final = ("mulai", "selesai")
_NO_HIT: Final = "Tidak ditemukan"


@function(
    help="Angka rupiah dari tulisan seperti Rp 5 jt atau 1.500.000,-. Tulisan yang bermakna ganda tidak ditebak.",
    arguments={"teks": "Biaya seperti yang ditulis mitra."},
    example=(("Rp 2,5 juta",), 2500000),
)
def kmt_baca_rupiah(teks: Any) -> Any:
    """The amount in every cell."""
    return each(_rupiah, teks)


@function(
    help="Jumlah rupiah dengan huruf, misalnya untuk kuitansi dan naskah.",
    arguments={"jumlah": "Jumlah rupiah, angka atau tulisan."},
    example=((1500000,), "satu juta lima ratus ribu rupiah"),
)
def kmt_terbilang(jumlah: Any) -> Any:
    """The amount of every cell in words."""

    def worded(cell: Any) -> str | None:
        amount = _rupiah(cell)
        return None if amount is None else rupiah_in_words(amount)

    return each(worded, jumlah)


@function(
    help="Waktu dari tulisan seperti Jan s.d. Mar 2026: seluruhnya dengan kata, atau tanggal mulai atau selesainya.",
    arguments={
        "teks": "Waktu seperti yang ditulis mitra.",
        "bagian": "Boleh dikosongkan: mulai atau selesai untuk satu tanggalnya.",
    },
    example=(("Jan s.d. Mar 2026",), "1 Januari 2026 s.d. 31 Maret 2026"),
)
def kmt_baca_waktu(teks: Any, bagian: Any = None) -> Any:
    """The period in every cell, in words, or one of its days."""
    part = as_text(single(bagian)).strip().lower()
    if part and part not in _PARTS:
        raise ValueError("Bagian harus mulai atau selesai, atau dikosongkan.")

    def read(cell: Any) -> str | date | None:
        span = value_of(read_period(dated(cell)), "tulisan ini")
        if span is None:
            return None
        found: date | str = span[_PARTS.index(part)] if part else show_period(span)
        return found

    return each(read, teks)


@function(
    help="Bentuk NPWP: 15 angka, 16 angka, atau NIK. Nomor tidak ditampilkan dan tidak dicocokkan dengan data pajak.",
    arguments={"nomor": "NPWP, sebaiknya diketik sebagai teks."},
    example=(("01.312.166.0-091.000",), "NPWP 15 angka"),
)
def kmt_cek_npwp(nomor: Any) -> Any:
    """What every tax number is by its figures."""
    return each(lambda cell: None if cell is None else describe_npwp(cell), nomor)


@function(
    help="Provinsi dari lokasi yang ditulis bebas, juga dari nama kabupaten atau kota.",
    arguments={"lokasi": "Lokasi seperti yang ditulis mitra."},
    example=(("Kota Ambon",), "Maluku"),
)
def kmt_wilayah(lokasi: Any) -> Any:
    """The provinces that every text names."""
    return each(_provinces, lokasi)


@function(
    help="Kegiatan-kegiatan dalam satu sel Rencana Kerja, satu baris untuk satu kegiatan.",
    arguments={"teks": "Satu sel kolom Kegiatan-kegiatan."},
    example=(("a. Pelatihan fasilitator; b. Diskusi orang tua",), [["Pelatihan fasilitator"], ["Diskusi orang tua"]]),
)
def kmt_pecah_kegiatan(teks: Any) -> Any:
    """The activities of one cell, one below the other."""
    return told(lambda: [[one] for one in activities(as_text(single(teks)))] or None)


@function(
    help="Jenis data yang dapat mengenali anak dalam teks, tanpa menampilkan datanya; atau teks yang sudah disamarkan.",
    arguments={
        "teks": "Teks yang akan dibagikan.",
        "samarkan": "Boleh dikosongkan: Ya atau TRUE untuk teks yang disamarkan.",
    },
    example=(("hubungi 0812-3456-7890",), "nomor telepon"),
)
def kmt_pindai_data_anak(teks: Any, samarkan: Any = None) -> Any:
    """What kind of a child's data every cell may hold, or the text with marks in its place."""
    return each(_masked if as_tick(samarkan) else _kinds, teks)


def _rupiah(cell: Any) -> Any:
    return value_of(read_rupiah(cell), "tulisan ini")


def _provinces(cell: Any) -> str | None:
    text = as_text(cell)
    if not text:
        return None
    codes = provinces_in(text)
    if codes is None:
        raise CellFault("provinsi tidak dikenali")
    return "; ".join(_labels("provinsi", codes)) or "lebih luas daripada satu provinsi"


def _labels(name: str, codes: Iterable[str]) -> list[str]:
    """Labels of a list's items in its own order."""
    wanted = set(codes)
    return [item.label for item in lists()[name] if item.code in wanted]


def _kinds(cell: Any) -> str | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        kinds = ["identitas"] if privacy.find_number(cell) else []
    else:
        kinds = [hit.kind for hit in privacy.find(as_text(cell))]
    if cell is None:
        return None
    return ", ".join(map(privacy.kind_label, dict.fromkeys(kinds))) or _NO_HIT


def _masked(cell: Any) -> Any:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return privacy.MARK if privacy.find_number(cell) else cell
    return privacy.mask(cell) if isinstance(cell, str) else cell
