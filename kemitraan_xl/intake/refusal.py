"""Why a file is set aside: every reason once, as one Indonesian line for the person who sent it.

Codes are for programs and tests, sentences for people. Standard library only.
"""

from __future__ import annotations

#: Sentence by code; `{detail}` is filled in by whoever sets the file aside.
REASONS = {
    "empty": "Berkas kosong.",
    "large": "Berkas terlalu besar; batasnya {detail}.",
    "mail": "Surel terlalu besar untuk diambil; batasnya {detail}. Simpan lampirannya dari program surel ke folder.",
    "encrypted": "Berkas berkata sandi; kirim ulang tanpa sandi.",
    "format": "Format {detail} belum dapat dibaca; simpan sebagai .xlsx lalu kirim ulang.",
    "container": "Berkas ini {detail}, yang tidak dibuka di sini; kirim isinya lepas atau sebagai .zip.",
    "deep": "Terlalu dalam: di dalam lebih dari {detail} surel atau arsip; keluarkan isinya, lalu kirim ulang.",
    "tnef": "Lampiran dibungkus Outlook (winmail.dat); minta pengirim mengirim ulang sebagai HTML atau teks biasa.",
    "sealed": "Surel terenkripsi (S/MIME); minta pengirim mengirim ulang lampirannya tanpa enkripsi.",
    "embedded": "Tertanam dalam isi surel; minta pengirim mengirim ulang sebagai lampiran.",
    "foreign": "Bukan buku kerja Excel (isi berkas: {detail}).",
    "damaged": "Berkas rusak atau terpotong; minta kirim ulang.",
    "bomb": "Isi berkas terlalu besar setelah dibuka ({detail}); tidak dibaca demi keamanan.",
    "unsafe": "Susunan berkas tidak wajar ({detail}); tidak dibaca demi keamanan.",
    "far": "Ada isi yang sangat jauh dari tabelnya ({detail}); hapus isi sel itu lalu kirim ulang.",
    "died": "Pembacaan berkas ini terhenti mendadak; berkas rusak atau berbahaya.",
    "slow": "Pembacaan berkas ini melebihi {detail} detik dan dihentikan.",
    "memory": "Berkas ini memerlukan terlalu banyak memori untuk dibaca.",
    "unexpected": "Berkas ini tidak dapat dibaca (galat {detail}).",
    "summary": "Rekap yang dibuat program ini, bukan berkas dari mitra.",
    "template": "Bukan templat kemitraan KPAI; pakai templat yang dikirim KPAI.",
    "changed": "Berkas berubah sementara dibaca; jalankan lagi.",
    "unreadable": "Berkas atau folder tidak dapat dibuka.",
    "link": "Tautan ke berkas lain tidak diikuti; sertakan berkas aslinya.",
    "special": "Bukan berkas biasa.",
    "lock": "Berkas kunci sementara.",
    "system": "Berkas sistem.",
    "temporary": "Berkas sementara yang belum selesai disimpan atau diunduh.",
    "hidden": "Berkas atau folder tersembunyi.",
}


def reason(code: str, detail: str = "") -> str:
    """The sentence for a person."""
    return REASONS[code].format(detail=detail)


def is_foreign(sentence: str) -> bool:
    """Whether a file was set aside for being no workbook at all: a PDF, a photo, a letter."""
    return sentence.startswith(REASONS["foreign"].partition("{")[0])


class Refused(Exception):  # noqa: N818 - it is a verdict, not an error
    """Raised inside the guard and turned into a value at its edge: this file is not read."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(reason(code, detail))
        self.code = code
