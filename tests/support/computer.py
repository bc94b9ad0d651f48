"""A Windows computer that is made up, for kemitraan dokter to look at."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kemitraan_xl.pedoman.load import load
from udfs.doctor import Environment
from udfs.install import Folders, install
from udfs.server import installation

XLWINGS, PROGRAM = "0.37.8", "0.1.0"
HOST = "kemitraan.contoh.go.id"
EXCEL = {
    r"HKCR\Excel.Application\CurVer": {"": "Excel.Application.16"},
    r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration": {"Platform": "x64", "VersionToReport": "16.0.1"},
}
OFFICE = r"HKCU\Software\Microsoft\Office\16.0\Excel"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel"
ASR = r"HKLM\SOFTWARE\{}Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
CHILD, WIN32 = "d4f940ab-401b-4efc-aadc-ad5f3c50688a", "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"


@cache
def content(version: str) -> bytes:
    """A file that says which xlwings its VBA is of."""
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.set_custom_property("xlwings", version, "text")
        book.add_worksheet()
    return made.getvalue()


def workbook(path: Path, version: str = XLWINGS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content(version))
    return path


def answer(**changes: Any) -> str:
    return json.dumps({"python": [3, 12, 1], "xlwings": XLWINGS, "kemitraan-xl": PROGRAM} | changes)


def stamp(**changes: str) -> Mapping[str, str]:
    return {"jenis": "induk", "edisi": load().edition, "sidik": load().digest} | changes


def computer(folder: Path) -> Environment:
    """A Windows PC on which everything is as it should be."""
    roaming = folder / "Roaming" / "Microsoft"
    folders = Folders(roaming / "Excel" / "XLSTART", folder / "rumah" / ".kemitraan")
    shipped = workbook(folder / "paket" / "Kemitraan.xlam")
    python = folder / "venv" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    for bits in (32, 64):
        (folder / "venv" / f"xlwings{bits}-{XLWINGS}.dll").touch()
    install(folders, python, shipped.read_bytes())
    server = folder / "server"
    installation.load(server)
    return Environment(
        windows=True,
        folders=folders,
        other_addins=[roaming / "AddIns" / "Kemitraan.xlam"],
        shipped=lambda: shipped,
        cache=folder / "simpanan" / "kemitraan-xl",
        server=server,
        licence_conf=folder / "xlwings.conf",
        variables={"XLWINGS_LICENSE_KEY": "noncommercial", "OneDrive": str(folder / "OneDrive")},
        registry=lambda key: EXCEL.get(key, {}),
        ask=lambda python, code: answer() if "xlwings" in code and python.name == "python.exe" else None,
        processes=lambda: frozenset({"EXCEL.EXE", "EXPLORER.EXE"}),
        zone=lambda _: "",
        version={"xlwings": XLWINGS, "xlwings-server": "1.20.0", "kemitraan-xl": PROGRAM}.get,
        office=lambda: r"C:\Program Files\LibreOffice\program\soffice.exe",
        stamp=lambda _: stamp(),
        trust=ssl.create_default_context,
        books=[str(workbook(folder / "kerja" / "Kemitraan.xlsm"))],
    )


def make_certificate(folder: Path, name: str, host: str = HOST, days: int = 30) -> tuple[Path, Path]:
    """A self-signed certificate and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    end = datetime.now(UTC) + timedelta(days=days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(end - timedelta(days=60))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return pem, secret
