"""Starting the add-in server: the licence its user chose, the encryption Excel asks for, the access code, the manifest.

Standard library and click until the server really starts, so that the command's help is quick.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import logging
import os
import shutil
import socket
import ssl
import sys
from pathlib import Path
from typing import Any, Final

import click

from kemitraan_xl.impossible import Impossible
from udfs.server import installation

#: The key under which xlwings Server is used by its PolyForm Noncommercial terms.
NONCOMMERCIAL: Final = "noncommercial"
_KEY: Final = "XLWINGS_LICENSE_KEY"


def serve(
    host: str,
    port: int,
    certificate: Path | None = None,
    key: Path | None = None,
    address: str | None = None,
    licence: str | None = None,
) -> None:
    """Run the add-in server until it is stopped (Ctrl+C).

    `certificate` and `key` are PEM files; without them only this computer can reach the server. `address` is the name
    that Excel reaches it by (default: localhost with the port), `licence` what the user chose: "noncommercial" or a
    key that was bought. Raises Impossible, OSError.
    """
    if importlib.util.find_spec("xlwings_server") is None:
        raise Impossible('Bagian server belum terpasang. Jalankan di folder program: pip install ".[server]"')
    terms = settle_licence(licence)
    if (certificate is None) != (key is None):
        raise Impossible("Sertifikat dan kuncinya harus disebut keduanya: --sertifikat FILE --kunci FILE")
    if certificate is None and not _is_loopback(host):
        raise Impossible(
            "Tanpa sertifikat server hanya boleh dibuka untuk komputer ini (127.0.0.1). Sebut --sertifikat dan --kunci."
        )
    if certificate is not None and key is not None:
        _check_pair(certificate, key)
    _run(host, port, certificate, key, address or f"localhost:{port}", terms)


def settle_licence(chosen: str | None) -> str:
    """The terms under which xlwings Server runs here, in one sentence; it is the user who chooses them.

    Raises Impossible while nobody has, or when the key is not valid.
    """
    if chosen:
        if "xlwings" in sys.modules:
            raise RuntimeError("the licence has to be settled before xlwings is imported")
        os.environ[_KEY] = chosen
    import xlwings

    if not getattr(xlwings, "__pro__", False):
        raise Impossible(
            "Server memakai xlwings Server, yang gratis hanya untuk penggunaan nonkomersial (PolyForm Noncommercial "
            "1.0.0, termasuk lembaga pemerintah); selain itu berbayar. Pilih --lisensi noncommercial, atau isi "
            f"variabel {_KEY} dengan kunci yang dibeli."
        )
    from xlwings.pro.utils import LicenseHandler

    if LicenseHandler.get_license() == NONCOMMERCIAL:
        return (
            "PolyForm Noncommercial 1.0.0: hanya untuk penggunaan nonkomersial; lembaga pemerintah diperbolehkan. "
            "Ketentuan: https://polyformproject.org/licenses/noncommercial/1.0.0"
        )
    return "xlwings PRO, dengan kunci lisensi yang dibeli."


def _run(host: str, port: int, certificate: Path | None, key: Path | None, address: str, terms: str) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    import uvicorn

    from udfs.server import manifest
    from udfs.server.app import create_app
    from udfs.server.gate import House
    from udfs.server.tasks import TaskStore

    folder = installation.folder()
    mine, fresh = installation.load(folder)
    root = folder / f"tugas-{port}"
    with _listen(host, port) as door:
        app = create_app(House(mine.token, TaskStore(root)))
        written = manifest.write(address, mine.addin, folder)
        for line in (
            f"Server add-in Kemitraan KPAI: {'https' if certificate else 'http'}://{host}:{port}",
            f"Lisensi xlwings Server: {terms}",
            f"Manifes untuk https://{address}: {written}",
            *_about_code(mine.token, fresh, folder),
            "Hentikan dengan Ctrl+C.",
        ):
            click.echo(line)
        settings: dict[str, Any] = {"access_log": False, "log_level": "warning", "server_header": False}
        if certificate is not None:
            settings |= {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
        try:
            uvicorn.Server(uvicorn.Config(app, **settings)).run(sockets=[door])
        finally:
            shutil.rmtree(root, ignore_errors=True)


def _about_code(token: str, fresh: bool, folder: Path) -> list[str]:
    if not fresh:
        return [f"Kode akses: sudah dibuat saat server pertama dijalankan (tersimpan di {folder})."]
    return [
        f"Kode akses (hanya ditampilkan sekali ini): {token}",
        "Buka panel Kemitraan KPAI di Excel, tempelkan kode itu, lalu tekan Simpan. Berikan hanya kepada yang berhak.",
    ]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_pair(certificate: Path, key: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        raise Impossible(
            f"Sertifikat {certificate} dan kunci {key} tidak dapat dipakai. Keduanya harus berkas PEM yang berpasangan."
        ) from error


def _listen(host: str, port: int) -> socket.socket:
    """The address taken, before anything is promised. Raises Impossible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option would let two servers share the port
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen()  # who comes before the server is ready waits
    except OSError as error:
        door.close()
        raise Impossible(f"Alamat {host}:{port} tidak dapat dipakai; mungkin server lain sedang berjalan.") from error
    return door
