"""A mail as Outlook saves it (.msg) as a box: an OLE file whose streams are named by numbers of MAPI properties.

Own code on the OLE reader of this room: the libraries for it stand on one that can be made to walk in circles.
[MS-OXMSG] is what it follows. Standard library only.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

from kemitraan_xl.intake.boxes.box import Box, Piece
from kemitraan_xl.intake.boxes.mail import OFFICE, PICTURE, is_address, mail_of, shown_subject, utc
from kemitraan_xl.intake.boxes.mime import read_head
from kemitraan_xl.intake.formats.ole import Ole, open_ole
from kemitraan_xl.intake.model import Mail
from kemitraan_xl.intake.refusal import Refused

_PROPERTIES = "__properties_version1.0"
_PROPERTY = struct.Struct("<I4xQ")  #: its tag, which ends in its type, and its value
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-Fa-f]{8}")

#: Bytes before the properties of a mail, of a mail within a mail, of an attachment.
_TOP, _INNER, _ATTACHED = 32, 24, 8

_SUBJECT, _HEADERS = "0037", "007D"
_SENDERS = ("5D01", "5D02", "0C1F", "0065")  #: SMTP addresses first; the others may be names within an office
_SENT, _DELIVERED = 0x00390040, 0x0E060040
_DATA, _NAMES, _TYPE = "3701", ("3707", "3704", "3001"), "370E"
_METHOD, _FLAGS, _HIDDEN = 0x37050003, 0x37140003, 0x7FFE000B
_WIDTHS = {0x0003: 0xFFFFFFFF, 0x000B: 0xFFFF, 0x0040: 0xFFFFFFFFFFFFFFFF}  #: of a value, by the type of its property
_SHOWN_IN_TEXT = 4  #: in _FLAGS
_BY_VALUE, _MAIL, _OBJECT = 1, 5, 6  #: of _METHOD; all others are links
DRAWN = "objek dalam isi surel"
_BOOKS = ("Workbook", "Book", "Package")  #: streams of an object that is a workbook
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CODE_PAGE = "cp1252"  #: of mails that are not in Unicode


def open_msg(data: bytes) -> Box | None:
    """The attachments of an Outlook mail; None for any other OLE file. Raises Refused."""
    try:
        ole = open_ole(data)
    except Refused:
        return None
    return _opened(ole, "", _TOP) if _PROPERTIES in ole.streams else None


def _opened(ole: Ole, place: str, header: int) -> Box:
    mail = _Object(ole, place, header)
    pieces: list[Piece] = []
    own: Counter[str] = Counter()
    inside = (path[len(place) :] for path in ole.storages if path.startswith(place))
    for storage in sorted(path for path in inside if _ATTACHMENT.fullmatch(path)):
        attachment = _Object(ole, f"{place}{storage}/", _ATTACHED)
        if what := _belonging(attachment):
            own[what] += 1
        else:
            pieces.append(Piece(_name(attachment, len(pieces) + 1), partial(_taken, attachment)))
    return Box("lampiran", pieces, _mail(mail), own)


@dataclass(frozen=True)
class _Object:
    """A mail or attachment: its properties, short ones as numbers, long ones as streams."""

    ole: Ole
    place: str  #: path of its streams
    header: int

    @cached_property
    def _numbers(self) -> dict[int, int]:
        content = self.ole.read(f"{self.place}{_PROPERTIES}")[self.header :]
        whole = len(content) // _PROPERTY.size * _PROPERTY.size
        return dict(_PROPERTY.iter_unpack(content[:whole]))

    def number(self, tag: int) -> int:
        """A number, 0 when it is not there."""
        return self._numbers.get(tag, 0) & _WIDTHS[tag & 0xFFFF]

    def text(self, name: str) -> str:
        """A text, "" when it is not there."""
        wide = self.ole.read(f"{self.place}__substg1.0_{name}001F")
        narrow = self.ole.read(f"{self.place}__substg1.0_{name}001E") if not wide else b""
        return (wide.decode("utf-16-le", "replace") or narrow.decode(_CODE_PAGE, "replace")).strip("\0 ")

    @property
    def inner(self) -> str:
        """Where the streams of an attachment are that is a mail or an object."""
        return f"{self.place}__substg1.0_{_DATA}000D/"

    def content(self) -> bytes | None:
        """The bytes of an attachment; None when it has none of its own."""
        path = f"{self.place}__substg1.0_{_DATA}0102"
        return self.ole.read(path) if path in self.ole.streams else None


def _mail(mail: _Object) -> Mail:
    """What the headers say with which it was sent; where it has none, what Outlook noted."""
    head, _ = read_head(mail.text(_HEADERS).encode())
    said = mail_of(head)
    senders = (text for name in _SENDERS if is_address(text := mail.text(name)))
    return Mail(
        sender=next(senders, said.sender),
        sent=_moment(mail.number(_SENT) or mail.number(_DELIVERED)) or said.sent,
        subject=shown_subject(mail.text(_SUBJECT)) or said.subject,
    )


def _moment(ticks: int) -> str:
    with suppress(OverflowError):
        return utc(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
    return ""


def _belonging(attachment: _Object) -> str:
    """What of the mail's own text it is, "" for a file that came with it; an Office file is none under any label."""
    if attachment.number(_METHOD) == _OBJECT:
        return "" if any(f"{attachment.inner}{name}" in attachment.ole.streams for name in _BOOKS) else DRAWN
    shown = attachment.number(_FLAGS) & _SHOWN_IN_TEXT or attachment.number(_HIDDEN)
    if not shown or not attachment.text(_TYPE).startswith("image/"):
        return ""
    with suppress(Refused):
        return "" if (attachment.content() or b"").startswith(OFFICE) else PICTURE
    return PICTURE


def _name(attachment: _Object, number: int) -> str:
    named = (text for name in _NAMES if (text := attachment.text(name)))
    return next(named, "surel terlampir" if attachment.number(_METHOD) == _MAIL else f"lampiran {number}")


def _taken(attachment: _Object) -> bytes | Box:
    method = attachment.number(_METHOD)
    if method == _MAIL and f"{attachment.inner}{_PROPERTIES}" in attachment.ole.streams:
        return _opened(attachment.ole, attachment.inner, _INNER)
    if method == _OBJECT:
        raise Refused("embedded")
    content = attachment.content()
    if content is None:
        raise Refused("damaged" if method in (_BY_VALUE, _MAIL) else "link")
    return content
