"""Printable PDFs of single sheets of a workbook, through LibreOffice. The workbook itself is never touched."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.safe_write import replace_file

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKBOOK = "xl/workbook.xml"
_PRINT_AREA = "_xlnm.Print_Area"
_SECONDS = 120


class CannotPrint(Impossible):
    """LibreOffice is missing, the sheet does not exist, or the conversion failed."""


def print_sheets(workbook: Path, sheets: Sequence[str], folder: Path) -> list[Path]:
    """One PDF per sheet in `folder`, named after workbook and sheet. Raises CannotPrint, OSError."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise CannotPrint("LibreOffice tidak ditemukan; pasang LibreOffice untuk mencetak ke PDF.")
    if not zipfile.is_zipfile(workbook):
        raise CannotPrint(f"{workbook} bukan buku kerja Excel.")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory() as work:
        for sheet in sheets:
            alone = Path(work, "lembar.xlsx")
            alone.write_bytes(_only(workbook, sheet))
            name = re.sub(r"[^\w-]+", "-", f"{workbook.stem}-{sheet}") + ".pdf"
            replace_file(folder / name, _converted(office, alone))
            made.append(folder / name)
    return made


def _only(workbook: Path, wanted: str) -> bytes:
    """The workbook's bytes with every other sheet hidden and without a print area, so that it is not printed."""
    ElementTree.register_namespace("", _MAIN)
    copy = BytesIO()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as result:
        for member in source.infolist():
            data = source.read(member)
            result.writestr(member, _hide_others(data, wanted) if member.filename == _WORKBOOK else data)
    return copy.getvalue()


def _hide_others(data: bytes, wanted: str) -> bytes:
    root = ElementTree.fromstring(data)
    sheets = list(root.iter(f"{{{_MAIN}}}sheet"))
    names = [sheet.get("name", "") for sheet in sheets]
    if wanted not in names:
        raise CannotPrint(f"Lembar {wanted} tidak ada. Yang ada: {', '.join(names)}.")
    for sheet in sheets:
        if sheet.get("name") == wanted:
            sheet.attrib.pop("state", None)
        else:
            sheet.set("state", "hidden")
    for defined in list(root.iter(f"{{{_MAIN}}}definedNames")):
        for name in list(defined):
            # LibreOffice prints every sheet that has a print area, hidden or not.
            if name.get("name") == _PRINT_AREA and name.get("localSheetId") != str(names.index(wanted)):
                defined.remove(name)
    for view in root.iter(f"{{{_MAIN}}}workbookView"):
        view.set("activeTab", str(names.index(wanted)))
        view.attrib.pop("firstSheet", None)
    return ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _converted(office: str, workbook: Path) -> bytes:
    """The PDF LibreOffice makes of a workbook; it says 0 even when it failed, so the result is looked for."""
    profile = workbook.parent / "profil"
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "pdf"]
    result = workbook.with_suffix(".pdf")
    result.unlink(missing_ok=True)
    try:
        subprocess.run(
            [*command, "--outdir", str(workbook.parent), str(workbook)],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotPrint("LibreOffice tidak selesai mencetak dalam dua menit.") from None
    if not result.exists():
        raise CannotPrint("LibreOffice tidak dapat mencetak buku kerja ini.")
    return result.read_bytes()
