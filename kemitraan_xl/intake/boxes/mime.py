"""The parts of a mail, found in its bytes by the boundaries that it names; each is decoded when it is asked for.

Own code, for the standard library's parser walks through a mail line by line: short lines keep it busy for minutes
and take fifty times their size. It also hands out damaged attachments, with no more than a note. Headers are still
read by it. Standard library only.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser

from kemitraan_xl.intake.refusal import Refused

MAX_HEAD = 1 << 18  #: bytes of the headers of one part
MAX_VALUE = 1 << 13  #: characters of a header that says what a part is
MAX_LEVELS = 12  #: multiparts inside each other
MAX_EFFORT = 50_000  #: for one mail, see Parts; one of a thousand parts with usual headers takes a third of it

#: What one part can say only once; two programs would believe different ones.
_ONCE = ("content-type", "content-disposition", "content-transfer-encoding")
_BLANK = re.compile(rb"\n\r?\n")
_BLANKS = b" \t\r\n"
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?(?:\n|\Z))")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds no other parts."""

    head: Message
    within: str  #: content type of the multipart around it, "" when there is none
    broken: bool  #: its headers are damaged, or the mail ends before it does
    data: bytes  #: of the whole mail
    start: int
    end: int

    @property
    def kind(self) -> str:
        """Its content type, in lower case."""
        return self.head.get_content_type()

    @property
    def disposition(self) -> str:
        """ "attachment", "inline" or ""."""
        return self.head.get_content_disposition() or ""

    @property
    def filename(self) -> str:
        """The name it was sent under, "" when it has none."""
        return decoded_words(_param(self.head.get_filename))

    def content(self) -> bytes:
        """What it holds. Refused when any of it is damaged."""
        coding = str(self.head.get("content-transfer-encoding", "")).strip().lower()
        if self.broken or coding not in _CODINGS:
            raise Refused("damaged")
        try:
            return _CODINGS[coding](self.data[self.start : self.end])
        except ValueError:
            raise Refused("damaged") from None


@dataclass(slots=True)
class Parts:
    """All parts of one mail that hold no others, in its order. Made by `parts`."""

    data: bytes
    leaves: list[Leaf] = field(default_factory=list)
    effort: int = 0  #: that it took: a line of headers is one, a part ten

    def add(self, start: int, end: int, within: str = "", cut: bool = False, level: int = 0) -> None:
        """A part with all that it holds. Raises Refused."""
        head, body = read_head(self.data, start, end)
        self.effort += 10 + self.data.count(b"\n", start, body)
        if self.effort > MAX_EFFORT:
            raise Refused("bomb", "terlalu banyak bagian")
        if within == "multipart/digest":
            head.set_default_type("message/rfc822")
        broken = bool(head.defects) or any(not _said_once(head, name) for name in _ONCE)
        if head.get_content_maintype() != "multipart":
            self.leaves.append(Leaf(head, within, broken or cut, self.data, min(body + 1, end), end))
            return
        boundary = _param(head.get_boundary)
        if broken or not boundary:
            raise Refused("damaged")
        if level == MAX_LEVELS:
            raise Refused("unsafe", "susunan terlalu dalam")
        spans, closed = _spans(self.data, body, end, boundary.encode())
        for number, span in enumerate(spans, start=1):
            last = number == len(spans)
            self.add(*span, head.get_content_type(), last and (cut or not closed), level + 1)


def parts(data: bytes) -> Parts:
    """The parts of a mail. Refused when they cannot be told apart, or are beyond all measure."""
    found = Parts(data)
    found.add(0, len(data))
    return found


def read_head(data: bytes, start: int = 0, end: int | None = None) -> tuple[Message, int]:
    """The headers of a mail or part, and where its body begins: at the line break before it."""
    end = len(data) if end is None else end
    if data.startswith((b"\n", b"\r\n"), start):
        stop = body = data.index(b"\n", start)
    elif blank := _BLANK.search(data, start, min(end, start + MAX_HEAD)):
        stop, body = blank.start() + 1, blank.end() - 1
    elif end - start <= MAX_HEAD:
        stop = body = end
    else:
        raise Refused("unsafe", "kepala surel")
    return HeaderParser().parsestr(data[start:stop].decode("utf-8", "replace")), body


def decoded_words(text: str) -> str:
    """A header as its writer meant it."""
    with suppress(MessageError, LookupError, ValueError):
        return str(make_header(decode_header(text[:MAX_VALUE])))
    return text


def _spans(data: bytes, start: int, end: int, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Where the parts between these boundaries begin and end, and whether the last boundary is there."""
    line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
    spans: list[tuple[int, int]] = []
    begin = -1
    for match in line.finditer(data, start, end):
        if begin >= 0:
            stop = match.start() - (data[match.start() - 1 : match.start()] == b"\r")
            spans.append((min(begin, stop), stop))
        if match[1]:
            return spans, True
        if 10 * len(spans) > MAX_EFFORT:
            raise Refused("bomb", "terlalu banyak bagian")
        begin = match.end() + 1
    if begin < 0:
        raise Refused("damaged")
    return [*spans, (min(begin, end), end)], False


def _said_once(head: Message, name: str) -> bool:
    said = head.get_all(name, [])
    return not said or (len(said) == 1 and len(str(said[0])) <= MAX_VALUE)


def _param(ask: Callable[[], str | None]) -> str:
    """What a header says in a parameter, as far as the standard library can make it out."""
    with suppress(ValueError, LookupError, TypeError):
        return ask() or ""
    return ""


def _base64(text: bytes) -> bytes:
    return binascii.a2b_base64(text.translate(None, _BLANKS), strict_mode=True)


def _quoted(text: bytes) -> bytes:
    if _BAD_ESCAPE.search(text):
        raise ValueError
    return binascii.a2b_qp(text)


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("", "7bit", "8bit", "binary"), bytes),
    "base64": _base64,
    "quoted-printable": _quoted,
}
