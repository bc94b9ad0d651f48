"""Printable PDFs of sheets of a workbook, each alone or together, through LibreOffice. The workbook is never touched.

A sheet of the master has rows that stand ready for more; printing ends behind the last row that shows something.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from openpyxl.utils import column_index_from_string
from python_calamine import CalamineWorkbook

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.safe_write import replace_file, work_folder

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_PRINT_AREA = "_xlnm.Print_Area"
_SECONDS = 300


class CannotPrint(Impossible):
    """LibreOffice is missing, the sheet does not exist, or the conversion failed."""


def print_sheets(workbook: Path, sheets: Sequence[str], folder: Path) -> list[Path]:
    """One PDF per sheet in `folder`, named after workbook and sheet; none when one cannot be printed.

    Raises CannotPrint, OSError.
    """
    made = {folder / pdf_name(workbook.stem, sheet): together(workbook, [sheet]) for sheet in sheets}
    folder.mkdir(parents=True, exist_ok=True)
    for path, pdf in made.items():
        replace_file(path, pdf)
    return list(made)


def pdf_name(*parts: str) -> str:
    """A file name of what is printed, without signs that a disk may refuse."""
    return re.sub(r"[^\w-]+", "-", "-".join(parts)) + ".pdf"


def together(workbook: Path, sheets: Sequence[str]) -> bytes:
    """One PDF of these sheets in the order of the workbook, their pages numbered through. Raises CannotPrint."""
    office = libreoffice()
    if office is None:
        raise CannotPrint("LibreOffice tidak ditemukan; pasang LibreOffice untuk mencetak ke PDF.")
    if not zipfile.is_zipfile(workbook):
        raise CannotPrint(f"{workbook} bukan buku kerja Excel.")
    with work_folder() as work:
        ready = Path(work, "lembar.xlsx")
        ready.write_bytes(only(workbook, sheets))
        return _converted(office, ready)


def visible_sheets(workbook: Path) -> list[str]:
    """The sheets a person sees, in order."""
    with zipfile.ZipFile(workbook) as source:
        sheets = _parsed(source, _WORKBOOK).iter(f"{{{_MAIN}}}sheet")
        return [sheet.get("name", "") for sheet in sheets if sheet.get("state") is None]


def libreoffice() -> str | None:
    """The program on this computer, or None. Windows does not have it on its search path, so look where it installs."""
    homes = [
        Path(home, "LibreOffice", "program") for home in map(os.environ.get, ("ProgramFiles", "ProgramW6432")) if home
    ]
    found = (
        shutil.which("soffice"),
        shutil.which("libreoffice"),
        shutil.which("soffice", path=os.pathsep.join(map(str, homes))),
    )
    return next(filter(None, found), None)


#: A print area of one block: sheet and first column, first row, last column, last row.
_AREA = re.compile(r"(.*\$([A-Z]+)\$)(\d+):\$([A-Z]+)\$(\d+)")


def only(workbook: Path, wanted: Sequence[str]) -> bytes:
    """The workbook's bytes ready to be printed: other sheets hidden and without a print area, wanted ones printed
    down to the last row that shows something. Raises CannotPrint."""
    ElementTree.register_namespace("", _MAIN)
    copy = BytesIO()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as result:
        root = _parsed(source, _WORKBOOK)
        names = _hide_others(root, wanted)
        for name in root.iter(f"{{{_MAIN}}}definedName"):
            if name.get("name") == _PRINT_AREA and (area := _AREA.fullmatch(name.text or "")):
                sheet = names[int(name.get("localSheetId", "0"))]
                begin, first, end, last = area.group(2, 3, 4, 5)
                shown = max(_shown(workbook, sheet, begin, end), _drawn(source, sheet))
                name.text = f"{area[1]}{first}:${end}${max(int(first), min(int(last), shown))}"
        changed = ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8")
        for member in source.infolist():
            result.writestr(member, changed if member.filename == _WORKBOOK else source.read(member))
    return copy.getvalue()


def _shown(workbook: Path, sheet: str, begin: str, end: str) -> int:
    """The last row that shows a value in these columns, counted from 1; 0 for none."""
    span = slice(column_index_from_string(begin) - 1, column_index_from_string(end))
    rows = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return max((number for number, row in enumerate(rows, start=1) if any(cell != "" for cell in row[span])), default=0)


def _drawn(source: zipfile.ZipFile, sheet: str) -> int:
    """The last row that a chart or picture on the sheet reaches, counted from 1; 0 for none."""
    ids = {one.get("name"): one.get(_RELATIONS) for one in _parsed(source, _WORKBOOK).iter(f"{{{_MAIN}}}sheet")}
    part = _related(source, _WORKBOOK)[str(ids[sheet])]
    drawings = [target for target in _related(source, part).values() if "/drawings/drawing" in target]
    ends = (end for one in drawings for end in _parsed(source, one).iter(f"{_DRAWN}to"))
    return max((int(end.findtext(f"{_DRAWN}row", "0")) + 1 for end in ends), default=0)


def _related(source: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The members that a part of the workbook refers to, by the id it uses."""
    folder, _, name = part.rpartition("/")
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in source.namelist():
        return {}
    found = ((one.get("Id", ""), one.get("Target", "")) for one in _parsed(source, listed))
    return {key: posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/") for key, target in found}


def _parsed(source: zipfile.ZipFile, member: str) -> ElementTree.Element:
    return ElementTree.fromstring(source.read(member))


def _hide_others(root: ElementTree.Element, wanted: Sequence[str]) -> list[str]:
    """Leave only the wanted sheets to be printed; returns the names of all, in order."""
    sheets = list(root.iter(f"{{{_MAIN}}}sheet"))
    names = [sheet.get("name", "") for sheet in sheets]
    for missing in (one for one in wanted if one not in names):
        raise CannotPrint(f"Lembar {missing} tidak ada. Yang ada: {', '.join(names)}.")
    for sheet in sheets:
        if sheet.get("name") in wanted:
            sheet.attrib.pop("state", None)
        else:
            sheet.set("state", "hidden")
    for defined in list(root.iter(f"{{{_MAIN}}}definedNames")):
        for name in list(defined):
            # LibreOffice prints every sheet that has a print area, hidden or not.
            if name.get("name") == _PRINT_AREA and names[int(name.get("localSheetId", "0"))] not in wanted:
                defined.remove(name)
    for view in root.iter(f"{{{_MAIN}}}workbookView"):
        view.set("activeTab", str(min(map(names.index, wanted))))
        view.attrib.pop("firstSheet", None)
    return names


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
        raise CannotPrint("LibreOffice tidak selesai mencetak dalam lima menit.") from None
    if not result.exists():
        raise CannotPrint("LibreOffice tidak dapat mencetak buku kerja ini.")
    return result.read_bytes()
