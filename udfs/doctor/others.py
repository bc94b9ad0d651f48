"""What concerns no add-in: workbooks, the add-in server, its certificate, printing, the cache."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.shipped import xlwings_of
from udfs.doctor.desktop import has_excel, in_onedrive
from udfs.doctor.model import Check, Look, elsewhere, good, ill
from udfs.doctor.surroundings import Certificate, Environment
from udfs.install import entry_of
from udfs.server import installation

_NONCOMMERCIAL: Final = "noncommercial"
_OTHERS_MAY: Final = 0o077


def _books(environment: Environment) -> Iterator[Check]:
    if not environment.books:
        yield elsewhere("Buku kerja", "tidak ada buku yang disebut")
    for book in environment.books:
        if in_onedrive(book, environment):
            yield ill("buku-di-onedrive", book)
        if "://" not in book:
            yield from _local_book(Path(book), environment)


def _local_book(book: Path, environment: Environment) -> Iterator[Check]:
    try:
        stamp = environment.stamp(book)
        vba = xlwings_of(book)
    except (Impossible, OSError, BadZipFile, ParseError) as reason:
        yield ill("buku-tidak-terbaca", str(reason))
        return
    rules, own = load(), environment.version("xlwings")
    if vba and own and vba != own:
        yield ill("tombol-lain-versi", f"{book}: VBA {vba}, terpasang {own}")
    if stamp.get("sidik") == rules.digest:
        yield good("Buku kerja", f"{book}: edisi {rules.edition}")
    else:
        yield ill("induk-edisi-lama", f"{book}: edisi {stamp.get('edisi') or '?'}, program ini {rules.edition}")


def _licence(environment: Environment) -> Iterator[Check]:
    """The terms of xlwings Server. Only whether somebody chose; whether a bought key is valid, the server says."""
    subject = "Server: lisensi"
    if environment.version("xlwings-server") is None:
        yield elsewhere(subject, "bagian server tidak terpasang; hanya perlu di komputer yang menjalankan server")
        return
    key = environment.variables.get("XLWINGS_LICENSE_KEY") or _kept_key(environment.licence_conf)
    if not key:
        yield ill("lisensi-server-belum-dipilih", "belum ada kunci lisensi")
    elif key == _NONCOMMERCIAL:
        yield good(subject, "PolyForm Noncommercial 1.0.0: hanya penggunaan nonkomersial, termasuk lembaga pemerintah")
    else:
        yield good(subject, "kunci xlwings PRO yang dibeli; keabsahannya diperiksa saat server dijalankan")


def _kept_key(conf: Path) -> str:
    """The key in the settings of xlwings itself, "" without one."""
    try:
        lines = conf.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((entry[1] for line in lines if (entry := entry_of(line)) and entry[0] == "LICENSE_KEY"), "")


def _token(environment: Environment) -> Iterator[Check]:
    subject, file = "Server: kode akses", environment.server / installation.FILE
    if not file.is_file():
        yield elsewhere(subject, "server belum pernah dijalankan di komputer ini")
        return
    open_to_others = not environment.windows and file.stat().st_mode & _OTHERS_MAY
    if open_to_others:
        yield ill("kode-akses-terbuka", f"{file} dapat dibaca pengguna lain")
        return
    try:
        installation.load(environment.server)
    except Impossible as reason:
        yield ill("kode-akses-rusak", str(reason))
    else:
        yield good(subject, str(file))


def _certificate(environment: Environment) -> Iterator[Check]:
    """Whether Excel on this computer would accept the server's certificate: the same greeting, without a network."""
    subject, given = "Server: sertifikat", environment.certificate
    if given is None:
        yield elsewhere(subject, "tidak ada sertifikat yang disebut")
        return
    try:
        until = _greeting(given, environment.trust())
    except ssl.SSLCertVerificationError as error:
        yield ill("sertifikat-ditolak", f"{given.file}: {error.verify_message}")
    except OSError as error:  # ssl.SSLError is one
        yield ill("sertifikat-tidak-cocok", f"{given.file}, {given.key}: {error.strerror or error}")
    else:
        yield good(subject, f"{given.file}: dipercaya untuk {given.host}, berlaku sampai {until}")


def _greeting(given: Certificate, trust: ssl.SSLContext) -> str:
    """The end of the certificate's time, once a client that believes `trust` has accepted it. Raises OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(given.file, given.key)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trust.wrap_bio(back, there, server_hostname=given.host)
    server = context.wrap_bio(there, back, server_side=True)
    waiting = [client, server]
    while waiting:
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            if side in waiting:
                waiting.remove(side)
    peer = client.getpeercert() or {}
    return str(peer.get("notAfter", "?"))


def _printing(environment: Environment) -> Iterator[Check]:
    office = environment.office()
    if office is not None:
        yield good("LibreOffice", office)
    elif has_excel(environment):
        yield elsewhere("LibreOffice", "tidak terpasang; hanya perlu untuk perintah cetak, selain itu cetak dari Excel")
    else:
        yield ill("libreoffice-tidak-ada", "tidak terpasang")


def _cache(environment: Environment) -> Iterator[Check]:
    folder = environment.cache
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            yield good("Folder simpanan", str(folder))
    except OSError:
        yield ill("simpanan-tidak-dapat-ditulis", str(folder))


LOOKS: Final[tuple[Look, ...]] = (_books, _licence, _token, _certificate, _printing, _cache)
