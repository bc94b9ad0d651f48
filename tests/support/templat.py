"""A proposal template as several tests need it: built empty, or filled in so that nothing is missing or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from kemitraan_xl.book import template

TODAY = date(2026, 11, 24)
NAME = "Yayasan Pelita Tunas"
SHEETS = ["Sampul", "Petunjuk", "KAK", "Rencana Kerja", "Matriks Risiko", "Profil dan Bukti", "Indikator", "Periksa"]

PROGRAM = {
    "nama_program": "Pelatihan pendamping",
    "tujuan_hasil": "Pendamping memahami hak anak. Hasil: 40 pendamping bersertifikat",
    "kegiatan": "- lokakarya\n- pelatihan",
    "kelompok_sasaran": "Guru sekolah dasar",
    "lokasi": "Kota Bandung, Jawa Barat",
    "waktu": "Februari - April 2026",
    "biaya": 5_000_000,
}
WHOLE: Mapping[str, list[dict[str, Any]]] = {
    "sampul": [
        {
            "kelas_lembaga": "Organisasi Non-Pemerintah",
            "alamat_lembaga": "Jalan Melati 5, Bandung",
            "narahubung": "Sekretaris",
            "surel": "kantor@pelitatunas.example",
            "telepon": "022 0000",
            "nomor_surat": "12/YPT/2026",
            "tanggal_surat": date(2026, 1, 5),
            "tanggal_mulai": date(2026, 2, 1),
            "tanggal_selesai": date(2027, 1, 31),
            "total_biaya": 5_000_000,
            "tingkat": "Daerah",
            "provinsi": "Jawa Barat",
            "pernyataan": "Ya",
            "lingkup_1a": "Ya",
            "tipe_1": "Ya",
        }
    ],
    "kak": [{"uraian": f"Uraian unsur ke-{number}"} for number in range(1, 11)],
    "rencana_kerja": [PROGRAM],
    "matriks_risiko": [
        {
            "jenis_risiko": "Ekonomi",
            "potensi_risiko": "Harga naik",
            "dampak": "Kegiatan berkurang",
            "skala_dampak": 3,
            "kemungkinan": 4,
        }
    ],
    "pengalaman_anak": [{"mulai_anak": "2015"}],
    "profil_bukti": [{"nomor": "1/2020", "berlaku_sampai": "seumur hidup"}, *[{"nomor": "2/2020"}] * 3],
    "indikator": [
        {
            "no_program": 1,
            "indikator": "Pendamping bersertifikat",
            "jenis": "Penguatan SDM",
            "satuan": "orang",
            "data_dasar": 0,
            "target": 40,
        }
    ],
}


def build(target: Path, prefill: Mapping[str, Any] | None = None) -> Path:
    """The template of an invented partner at `target`, for a fixed day."""
    template.build_template(
        "usulan", target, mitra=NAME, kode="M-001", periode="2026", prefill=prefill, per_tanggal=TODAY
    )
    return target


def find(sheet: Worksheet, text: str) -> tuple[int, int]:
    """Row and column of the cell that holds exactly this text."""
    return next((cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value == text)
