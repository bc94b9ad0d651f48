"""The workbooks and the add-in that come with the product, and what a master with buttons takes from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from zipfile import ZipFile

from kemitraan_xl.impossible import Impossible

_WORKBOOK: Final = "Kemitraan.xlsm"
_ADDIN: Final = "Kemitraan.xlam"

#: In an installation they lie beside `udfs`, whose host they serve; in a checkout in a folder of their own.
_FOLDERS: Final = ("udfs/workbook", "workbook")

_CALLBACK: Final = "Pita"

#: The tag of a button whose macro the add-in server has too.
_ON_SERVER: Final = "server"

#: The document property that says which version of xlwings the VBA of a file is of.
XLWINGS_PROPERTY: Final = "xlwings"
_PROPERTIES: Final = "docProps/custom.xml"


@dataclass(frozen=True, slots=True)
class Button:
    """A macro as a person sees it: the Sub that runs, its label, one sentence about it, and whether the add-in server
    has it too."""

    macro: str
    label: str
    tip: str
    on_server: bool

    @property
    def name(self) -> str:
        """The Sub PeriksaBuku runs the macro periksa_buku."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.macro).lower()


@dataclass(frozen=True, slots=True)
class Macros:
    """What makes a master one with buttons: its VBA project, the version of xlwings that is in it, and the buttons by
    the label of their group."""

    project: bytes
    xlwings: str
    groups: Mapping[str, tuple[Button, ...]]


def shipped(name: str) -> Path:
    """Where a shipped file is, e.g. "Kemitraan.xlam". Raises Impossible when the installation lacks it."""
    root = Path(__file__).parents[1]
    for folder in _FOLDERS:
        if (path := root / folder / name).is_file():
            return path
    raise Impossible(f"{name} tidak ada dalam pemasangan ini; pasang ulang kemitraan-xl.")


def shipped_macros() -> Macros:
    """The macros of the shipped workbook, grouped as on the ribbon of the shipped add-in. Raises Impossible."""
    path = shipped(_WORKBOOK)
    with ZipFile(path) as workbook, ZipFile(shipped(_ADDIN)) as addin:
        ribbon = addin.read("customUI/customUI14.xml")
        return Macros(workbook.read("xl/vbaProject.bin"), xlwings_of(path), ribbon_groups(ribbon))


def xlwings_of(path: Path) -> str:
    """The version of xlwings whose VBA a workbook or add-in holds; "" when it does not say.

    Raises OSError, BadZipFile.
    """
    with ZipFile(path) as file:
        if _PROPERTIES not in file.namelist():
            return ""
        properties = ElementTree.fromstring(file.read(_PROPERTIES))
    return next(("".join(one.itertext()) for one in properties if one.get("name") == XLWINGS_PROPERTY), "")


def ribbon_groups(ribbon: bytes) -> dict[str, tuple[Button, ...]]:
    """The buttons of a ribbon (customUI14.xml) by the label of their group. Button PitaX runs the macro X."""
    return {
        group.attrib["label"]: tuple(
            Button(
                one.attrib["onAction"].removeprefix(_CALLBACK),
                one.attrib["label"],
                one.attrib["supertip"],
                one.get("tag") == _ON_SERVER,
            )
            for one in group.iterfind("{*}button")
        )
        for group in ElementTree.fromstring(ribbon).iterfind(".//{*}group")
    }
