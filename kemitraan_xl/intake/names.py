"""Names of files as they can be shown, and by which names no file from a partner is called. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from fnmatch import translate
from functools import cache

from kemitraan_xl.intake.refusal import reason

#: What programs leave beside documents, by lower-case name; the first pattern that fits gives the reason.
LITTER = (
    ("~$*", "lock"),
    (".~lock*", "lock"),
    ("._*", "system"),
    (".ds_store", "system"),
    ("thumbs.db", "system"),
    ("desktop.ini", "system"),
    (".*", "hidden"),
    ("*.tmp", "temporary"),
    ("*.crdownload", "temporary"),
    ("*.part", "temporary"),
    ("*.partial", "temporary"),
)
#: Folders that programs put into archives.
_LITTER_FOLDERS = ("__MACOSX",)
#: Characters that would hide or turn around part of a name: controls, and marks of writing direction.
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

WITHIN = " › "  #: between a mail or archive and what lies in it
_LONGEST = 160  #: characters of a name in a mail or archive; disks allow 255 bytes


def litter(name: str) -> str:
    """Why a file of this name is not even opened; "" for any other."""
    found = _patterns().match(name.lower())
    return reason(LITTER[found.lastindex - 1][1]) if found and found.lastindex else ""


def litter_within(name: str) -> str:
    """The same for a path in an archive."""
    *folders, own = name.split("/")
    hidden = any(folder.startswith(".") or folder in _LITTER_FOLDERS for folder in folders)
    return litter(own) or (reason("hidden") if hidden else "")


def shown(name: str) -> str:
    """A name with a mark for everything that cannot be seen."""
    return _UNSHOWABLE.sub("\ufffd", unicodedata.normalize("NFC", name))


def shown_within(name: str) -> str:
    """The path that a mail or archive gives to what lies in it, as a name and nothing more: it leads nowhere."""
    steps = (step.strip() for step in shown(name).replace("\\", "/").replace(WITHIN.strip(), ">").split("/"))
    plain = "/".join(step for step in steps if step not in ("", ".", ".."))
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST // 2]}…{plain[-_LONGEST // 2 + 1 :]}"


@cache
def _patterns() -> re.Pattern[str]:
    """All patterns of LITTER in one, a group for each."""
    return re.compile("|".join(f"({translate(pattern)})" for pattern, _ in LITTER))
