"""A zip archive as a box. A workbook is a zip too, and is never opened as one. Standard library only."""

from __future__ import annotations

from functools import partial

from kemitraan_xl.intake.boxes.box import Box, Piece
from kemitraan_xl.intake.gate.container import content_of
from kemitraan_xl.intake.gate.zipdir import MIB, Member, read_directory
from kemitraan_xl.intake.refusal import Refused

MAX_BOX = 100 * MIB  #: bytes of a mail or archive, on disk or within another

#: Members by which a zip is a document: Office, OpenDocument, Apple's.
_DOCUMENTS = frozenset({"[content_types].xml", "mimetype", "index/document.iwa"})


def open_zip(data: bytes) -> Box | None:
    """The files in an archive; None for a zip that is a document. Raises Refused."""
    members = read_directory(data)
    if any(member.name.lower() in _DOCUMENTS for member in members):
        return None
    files = [member for member in members if not member.name.endswith(("/", "\\"))]
    return Box("berkas", [Piece(_spelled(member.name), partial(_taken, data, member)) for member in files])


def _taken(data: bytes, member: Member) -> bytes:
    if member.size > MAX_BOX:
        raise Refused("large", f"{MAX_BOX // MIB} MiB")
    return content_of(data, member)


def _spelled(name: str) -> str:
    """A name as its maker meant it: many programs write UTF-8 without saying so."""
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name
