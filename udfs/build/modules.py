"""The VBA of the macro workbook and of the add-in, as text: own modules, xlwings' modules, function wrappers.

Own modules are the files of `workbook/vba`. Those of xlwings are taken from the installed package, so that VBA and
Python are of one version; they carry their licence. VBA is stored in the machine's code page, so all text is ASCII.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from udfs.build import wrapper

SOURCES: Final = Path(__file__).parents[2] / "workbook" / "vba"

#: Names the user's settings: %USERPROFILE%\.kemitraan\kemitraan.conf.
_PROJECT: Final = 'Public Const PROJECT_NAME As String = "kemitraan"'
_ANY_PROJECT: Final = re.compile(r'^Public Const PROJECT_NAME As String = "\w+"$', re.MULTILINE)

_BSD: Final = "'xlwings is distributed under a BSD 3-clause license."
_DICTIONARY_STARTS: Final = "''\n' Dictionary v"


@dataclass(frozen=True, slots=True)
class Module:
    """A VBA module: its name, its text with CR LF, and whether it is a class."""

    name: str
    text: str
    is_class: bool = False


def workbook_modules() -> list[Module]:
    """The modules of the macro workbook; its macros work on the workbook they stand in."""
    return [_own("KemitraanMakro"), _xlwings("xlwings.bas"), _dictionary()]


def addin_modules() -> list[Module]:
    """The modules of the add-in; its macros and functions work on whichever workbook is active."""
    return [
        _own("KemitraanMakro"),
        _own("KemitraanPita"),
        _xlwings("xlwings_custom_addin.bas"),
        _dictionary(),
        Module(wrapper.NAME, _ready(wrapper.wrapper())),
    ]


def _own(name: str) -> Module:
    return Module(name, _ready((SOURCES / f"{name}.bas").read_text(encoding="ascii")))


def _xlwings(file: str) -> Module:
    """xlwings' own module, which holds its licence, told the name of our settings."""
    text, times = _ANY_PROJECT.subn(_PROJECT, _installed(file))
    if times != 1 or _BSD not in text:
        raise _UnknownError(file)
    return Module("xlwings", _ready(text))


def _dictionary() -> Module:
    """The class that xlwings needs on a Mac, with its licence in front of its own text."""
    file = "addin/Dictionary.cls"
    header, mark, body = _installed(file).partition(_DICTIONARY_STARTS)
    if not mark:
        raise _UnknownError(file)
    notice = (SOURCES / "Dictionary.LICENSE").read_text(encoding="ascii")
    comments = "".join(f"' {line}".rstrip() + "\n" for line in notice.splitlines())
    return Module("Dictionary", _ready(header + comments + mark + body), is_class=True)


def _installed(file: str) -> str:
    """The text of a file of the installed xlwings, found without importing it."""
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / file).read_text(encoding="ascii")


class _UnknownError(RuntimeError):
    """xlwings has changed, and this build with it."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file} of xlwings {version('xlwings')} is not what this build knows")


def _ready(text: str) -> str:
    """The text as VBA stores it. Raises UnicodeEncodeError for anything but ASCII."""
    text.encode("ascii")
    return "\r\n".join(text.removesuffix("\n").split("\n")) + "\r\n"
