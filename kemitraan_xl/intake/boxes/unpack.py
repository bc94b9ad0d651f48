"""Mails and archives opened within limits, one inside the other; runs inside a worker, and writes nothing to disk.

`parts_of` lists what lies in a file, `content` takes out one of it. All limits count the bytes that really came out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kemitraan_xl.intake.boxes.box import Box, Piece
from kemitraan_xl.intake.boxes.mail import open_mail, open_mbox
from kemitraan_xl.intake.boxes.msg import open_msg
from kemitraan_xl.intake.boxes.zip import MAX_BOX, open_zip
from kemitraan_xl.intake.formats.ole import MAGIC
from kemitraan_xl.intake.gate.zipdir import MAX_FILE, MIB
from kemitraan_xl.intake.model import Arrival, Mail
from kemitraan_xl.intake.names import litter_within, shown_within
from kemitraan_xl.intake.refusal import Refused, reason

MAX_DEPTH = 4  #: mails and archives inside each other
MAX_PARTS = 5_000  #: in one file handed in, at all depths together
MAX_TAKEN = 256 * MIB  #: of all of them
MAX_EFFORT = 1_000_000  #: for all mails among them, see `mime.Parts`

HEAD = 2048  #: bytes of a file by which `may_hold` knows it
_ZIP, _EMPTY_ZIP, _TNEF = b"PK\3\4", b"PK\5\6", b"\x78\x9f\x3e\x22"
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:From |[A-Za-z][\w-]*:)")
#: How the first member of a zip is called that a program made for documents; its name stands at this place.
_DOCUMENT = (b"[Content_Types].xml", b"mimetype", b"_rels/", b"docProps/", b"xl/", b"word/", b"ppt/")
_FIRST_NAME = 30


def may_hold(head: bytes) -> bool:
    """Whether a file that begins so can be a mail or an archive; quick, and never wrong when it says no."""
    if head.startswith(_ZIP):
        return not head.startswith(_DOCUMENT, _FIRST_NAME)
    return head.startswith((MAGIC, _EMPTY_ZIP, _TNEF)) or _HEADER.match(head) is not None


def open_box(data: bytes) -> Box | None:
    """A mail or archive by its content; None for anything else. Raises Refused."""
    if data.startswith(_TNEF):
        raise Refused("tnef")
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return open_zip(data)
    if data.startswith(MAGIC):
        return open_msg(data)
    if _HEADER.match(data):
        return open_mbox(data) or open_mail(data)
    return None


@dataclass(frozen=True, slots=True)
class Part:
    """What lies at one place of a file handed in; at place () it is the mail or archive itself."""

    place: tuple[int, ...]
    name: str = ""  #: as shown, without those of what it lies in
    size: int = 0
    sha256: str = ""
    mail: Mail | None = None  #: with which it came, or which it is
    skipped: str = ""
    refused: str = ""
    note: str = ""  #: says of a mail or archive what lies in it, "" of any other


def parts_of(arrival: Arrival) -> list[Part]:
    """A mail or archive and everything in it, each before what it holds; nothing for a file that is neither.

    When it cannot be opened, or holds more than the limits allow, all there is is one refused part.
    """
    try:
        data = _file(arrival.path, MAX_BOX)
        if len(data) > MAX_BOX:
            raise Refused("large", f"{MAX_BOX // MIB} MiB")
        box = open_box(data)
        return [*_Nest().listed(Part((), mail=box.mail, note=box.note), box)] if box else []
    except OSError:
        return refused_parts(reason("unreadable"))
    except Refused as why:
        return refused_parts(str(why))


def refused_parts(why: str) -> list[Part]:
    """The parts of a file that could not be opened."""
    return [Part((), refused=why)]


class _TooMuch(Refused):
    """A limit for all parts together: the file as a whole is refused, whatever part reached it."""


@dataclass(slots=True)
class _Nest:
    """The listing of one file, with what was taken out so far."""

    parts: int = 0
    taken: int = 0
    effort: int = 0

    def listed(self, part: Part, box: Box) -> Iterator[Part]:
        """A box, then its pieces with what they hold."""
        self.effort += box.effort
        if self.effort > MAX_EFFORT:
            raise _TooMuch("bomb", "terlalu banyak bagian")
        yield part
        for number, piece in enumerate(box.pieces):
            yield from self._piece(piece, (*part.place, number), box.mail or part.mail)

    def _piece(self, piece: Piece, place: tuple[int, ...], mail: Mail | None) -> Iterator[Part]:
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise _TooMuch("bomb", f"lebih dari {MAX_PARTS} bagian")
        named = Part(place, shown_within(piece.name), mail=mail)
        if unwanted := litter_within(named.name):
            yield replace(named, skipped=unwanted)
            return
        try:
            content = piece.take()
            box = content if isinstance(content, Box) else self._opened(content)
            if box and len(place) >= MAX_DEPTH:
                raise Refused("deep", f"{MAX_DEPTH}")
        except _TooMuch:
            raise
        except Refused as why:
            yield replace(named, refused=str(why))
            return
        whole = named if isinstance(content, Box) else replace(named, size=len(content), sha256=_sha256(content))
        if box:
            yield from self.listed(replace(whole, mail=box.mail or mail, note=box.note), box)
        else:
            yield whole if whole.size <= MAX_FILE else replace(named, refused=reason("large", f"{MAX_FILE // MIB} MiB"))

    def _opened(self, content: bytes) -> Box | None:
        self.taken += len(content)
        if self.taken > MAX_TAKEN:
            raise _TooMuch("bomb", f"lebih dari {MAX_TAKEN // MIB} MiB")
        return open_box(content)


# ---- one file, or one part of it ---- #


def content(arrival: Arrival) -> bytes:
    """The bytes of a file handed in, wherever they lie; no more than one above MAX_FILE. Raises OSError, Refused."""
    if not arrival.inside:
        return _file(arrival.path, MAX_FILE)
    taken = _taken(arrival.path, arrival.inside)
    if isinstance(taken, Box):  # the file is another one by now
        raise Refused("changed")
    return taken


def _file(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(min(path.stat().st_size, limit) + 1)


#: What this process opened last, by file as it then was, and place: the parts of an archive are asked for in a row.
_OPEN: dict[tuple[tuple[str, int, int], tuple[int, ...]], Box] = {}


def _box(path: Path, place: tuple[int, ...]) -> Box:
    status = path.stat()
    file = (str(path), status.st_size, status.st_mtime_ns)
    for known in [key for key in _OPEN if key[0] != file or key[1] != place[: len(key[1])]]:
        del _OPEN[known]
    if (file, place) not in _OPEN:
        taken = _taken(path, place) if place else _file(path, MAX_BOX)
        box = taken if isinstance(taken, Box) else open_box(taken)
        if box is None:
            raise Refused("changed")
        _OPEN[file, place] = box
    return _OPEN[file, place]


def _taken(path: Path, place: tuple[int, ...]) -> bytes | Box:
    pieces = _box(path, place[:-1]).pieces
    if place[-1] >= len(pieces):
        raise Refused("changed")
    return pieces[place[-1]].take()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
