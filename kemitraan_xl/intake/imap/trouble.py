"""Why a mailbox could not be fetched: every reason once, as one Indonesian line. Standard library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kemitraan_xl.impossible import Impossible

if TYPE_CHECKING:
    from kemitraan_xl.intake.imap.address import Mailbox

#: The environment variable that holds the password where nobody can be asked.
PASSWORD = "KEMITRAAN_XL_SANDI_SUREL"

#: Sentence by code. No answer of a server is shown: it may say anything, also what it was sent.
REASONS = {
    "address": "Alamat kotak surat ditulis imaps://pengguna@server/KOTAK, bila perlu diikuti ?sejak=2026-01-31.",
    "password": f"Jangan menulis sandi dalam alamat kotak surat; sandi ditanyakan, atau diambil dari {PASSWORD}.",
    "no_password": f"Sandi untuk {{account}} tidak dapat ditanyakan di sini; isi variabel lingkungan {PASSWORD}.",
    "several": f"{PASSWORD} hanya untuk satu akun; pada {{account}} dan akun lain sandi harus ditanyakan di terminal.",
    "busy": "Perintah lain sedang mengambil surel di komputer ini; tunggu sampai selesai, lalu jalankan lagi.",
    "unknown": "Server surel {host} tidak ditemukan; periksa alamatnya dan sambungan internet.",
    "unreachable": "Server surel {host} tidak menjawab di port {port}; periksa alamatnya dan sambungan internet.",
    "certificate": "Sertifikat server surel {host} tidak dipercaya, jadi sandi tidak dikirim; tanyakan kepada TI.",
    "tls": "Server surel {host} tidak dapat memakai TLS di port {port}, jadi sandi tidak dikirim; tanyakan kepada TI.",
    "clear": "Server surel {host} tidak menawarkan TLS, jadi sandi tidak dikirim; coba dengan imaps://.",
    "login": "{host} menolak {user}; periksa nama pengguna dan sandi aplikasinya.",
    "mailbox": "Kotak surat {name} tidak ada di {host}, atau tidak boleh dibuka oleh {user}.",
    "broken": "Sambungan ke {host} dua kali terputus atau rusak; jalankan lagi, bila perlu dengan ?sejak=2026-01-31.",
}


class Trouble(Impossible):
    """Nothing was fetched; the text is one Indonesian line, `code` is for programs and tests."""

    def __init__(self, code: str, mailbox: Mailbox | None = None) -> None:
        names = ("account", "host", "port", "user", "name")
        super().__init__(REASONS[code].format(**{name: getattr(mailbox, name, "") for name in names}))
        self.code = code
