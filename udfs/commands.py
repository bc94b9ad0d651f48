"""The commands that know Excel: `kemitraan pasang`, `kemitraan dokter`, `kemitraan server`.

They join the command line by the entry points `kemitraan_xl.commands`. Their work is imported inside them, so that
help is instant.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kemitraan_xl.commands import Command
from kemitraan_xl.impossible import Impossible

_FILE = click.Path(path_type=Path)


@click.command(cls=Command)
@click.option("--copot", "remove", is_flag=True, help="Mencopot yang dahulu dipasang; setelan Anda sendiri dibiarkan.")
def pasang(remove: bool) -> int:
    """Memasang add-in Kemitraan KPAI untuk Excel pengguna ini di Windows."""
    from kemitraan_xl.shipped import shipped
    from udfs import install

    folders = install.Folders.of_user()
    if remove:
        lines = install.uninstall(folders)
    else:
        addin = shipped(install.ADDIN).read_bytes()
        lines = [
            *install.install(folders, Path(sys.executable), addin),
            "Buka Excel; tab Kemitraan KPAI muncul di pita. Bila tidak, jalankan: kemitraan dokter",
        ]
    for line in lines:
        click.echo(line)
    return 0


@click.command(cls=Command)
@click.argument("books", nargs=-1, metavar="[INDUK...]")
@click.option("--sertifikat", "certificate", type=_FILE, help="Sertifikat server (PEM) yang ikut diperiksa.")
@click.option("--kunci", "key", type=_FILE, help="Kunci sertifikat itu (PEM).")
@click.option("--alamat", "address", metavar="NAMA", help="Nama server seperti yang dipakai Excel.")
def dokter(books: tuple[str, ...], certificate: Path | None, key: Path | None, address: str | None) -> int:
    """Memeriksa pemasangan: apa yang jalan di Excel, apa yang tidak, dan obatnya."""
    from udfs.doctor import Certificate, examine, here, needs_action, text

    asked = None
    if certificate and key and address:
        asked = Certificate(certificate, key, address.partition(":")[0])
    elif certificate or key or address:
        raise Impossible("Untuk memeriksa sertifikat sebutkan ketiganya: --sertifikat FILE --kunci FILE --alamat NAMA")
    checks = examine(here(books, asked))
    for line in text(checks):
        click.echo(line)
    return 1 if needs_action(checks) else 0


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat jaringan yang dibuka.")
@click.option("--port", type=click.IntRange(1, 65535), default=8443, show_default=True, help="Nomor porta.")
@click.option("--sertifikat", "certificate", type=_FILE, help="Sertifikat TLS (PEM).")
@click.option("--kunci", "key", type=_FILE, help="Kunci sertifikat itu (PEM).")
@click.option("--alamat", "address", metavar="NAMA[:PORTA]", help="Nama server seperti yang dipakai Excel.")
@click.option(
    "--lisensi",
    "licence",
    metavar="KUNCI",
    help="Ketentuan xlwings Server yang Anda pilih: noncommercial (termasuk lembaga pemerintah), atau kunci berbayar.",
)
def server(
    host: str, port: int, certificate: Path | None, key: Path | None, address: str | None, licence: str | None
) -> int:
    """Menjalankan server add-in untuk Excel tanpa Python, juga di peramban."""
    from udfs.server import serve

    serve(host, port, certificate, key, address, licence)
    return 0
