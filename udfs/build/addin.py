"""The add-in file Kemitraan.xlam: an empty workbook with a VBA project and a ribbon tab."""

from __future__ import annotations

from datetime import date, datetime
from importlib.metadata import version
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

from kemitraan_xl.book.finish import repack
from kemitraan_xl.book.look import OWNER
from kemitraan_xl.shipped import XLWINGS_PROPERTY

_WORKBOOK: Final = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN: Final = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"

RIBBON: Final = "customUI/customUI14.xml"
_RIBBON_RELATION: Final = (
    b'<Relationship Id="rIdPita" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    b'Target="' + RIBBON.encode() + b'"/></Relationships>'
)

#: What Excel shows of the add-in in its list of add-ins.
_TITLE: Final = "Kemitraan KPAI"
_ABOUT: Final = "Pita dan fungsi lembar kerja untuk buku kerja kemitraan."


def addin(project: bytes, ribbon: bytes, made_on: date) -> bytes:
    """The bytes of the add-in."""
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        created = datetime(made_on.year, made_on.month, made_on.day)
        workbook.set_properties({"title": _TITLE, "comments": _ABOUT, "author": OWNER, "created": created})
        workbook.set_custom_property(XLWINGS_PROPERTY, version("xlwings"), "text")
        workbook.add_worksheet()
        workbook.add_vba_project(BytesIO(project), is_stream=True)
    return repack(_with_ribbon(buffer.getvalue(), ribbon))


def _with_ribbon(workbook: bytes, ribbon: bytes) -> bytes:
    """The macro workbook as an add-in with a ribbon tab."""
    changes = {
        "[Content_Types].xml": (_WORKBOOK, _ADDIN),
        "_rels/.rels": (b"</Relationships>", _RIBBON_RELATION),
    }
    made = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            if member in changes:
                before, after = changes[member]
                assert content.count(before) == 1
                content = content.replace(before, after)
            target.writestr(member, content)
        target.writestr(RIBBON, ribbon)
    return made.getvalue()
