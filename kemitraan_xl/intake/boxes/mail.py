"""A mail (.eml) or a file of mails (mbox) as a box: its attachments, and who sent it when about what.

What belongs to the mail itself (its text, a logo in it, a signature, an invitation) is no file that somebody handed
in; it is counted and not taken out, unless it is an Office file under a false label. Standard library only.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from functools import partial

from kemitraan_xl.intake.boxes.box import Box, Piece
from kemitraan_xl.intake.boxes.mime import MAX_HEAD, Leaf, decoded_words, parts, read_head
from kemitraan_xl.intake.formats.ole import MAGIC
from kemitraan_xl.intake.model import Mail
from kemitraan_xl.intake.refusal import Refused

MAX_MAILS = 4_000  #: in one file

PICTURE = "gambar dalam isi surel"
_TEXT = ""  #: the mail's own words, of which nothing is said
#: What belongs to a mail by its content type, in words.
_OWN = {
    "text/calendar": "undangan kalender",
    "application/ics": "undangan kalender",
    "text/vcard": "kartu nama",
    "text/x-vcard": "kartu nama",
    "application/pkcs7-signature": "tanda tangan digital",
    "application/x-pkcs7-signature": "tanda tangan digital",
    "application/pgp-signature": "tanda tangan digital",
    "application/pgp-keys": "tanda tangan digital",
    "application/applefile": "data Macintosh",
    "message/delivery-status": "laporan pengiriman",
    "message/disposition-notification": "laporan pengiriman",
    "text/rfc822-headers": "laporan pengiriman",
}
#: Content types of which there is nothing to be taken out, by why.
_CLOSED = {
    "application/pkcs7-mime": "sealed",
    "application/x-pkcs7-mime": "sealed",
    "message/partial": "damaged",
    "message/external-body": "link",
}
_MAILS = ("message/rfc822", "message/global")

OFFICE = (MAGIC, b"PK\3\4")  #: how files begin that are no part of a mail, whatever it says of them
_FROM = b"From "  #: begins a mail in a file of mails, after a blank line and before the first header
_NEXT = re.compile(rb"\nFrom (?:(?<=\n\nFrom )|(?<=\n\r\nFrom ))[^\n]*\n(?=[!-9;-~]+:)")
_REST = re.compile(r"ATT\d{5}\.(?:txt|html?)")  #: what Exchange calls the words behind an attachment
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} \S", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")
_LONGEST_ADDRESS, _LONGEST_SUBJECT, _LONGEST_DATE = 254, 200, 100


def open_mail(data: bytes) -> Box | None:
    """The attachments of a mail; None for what is no mail. Raises Refused."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    head, _ = read_head(data[:MAX_HEAD])
    if not _is_mail(head):
        return None
    pieces: list[Piece] = []
    own: Counter[str] = Counter()
    found = parts(data)
    for leaf in found.leaves:
        what = _belonging(leaf)
        if what is None:
            pieces.append(Piece(_name(leaf, len(pieces) + 1), partial(_taken, leaf)))
        elif what:
            own[what] += 1
    return Box("lampiran", pieces, mail_of(head), own, found.effort)


def open_mbox(data: bytes) -> Box | None:
    """The mails in a file of mails, or the only one; None for what is neither. Raises Refused."""
    begin = data.find(b"\n") + 1
    if not data.startswith(_FROM) or not begin:
        return None
    spans: list[tuple[int, int]] = []
    for line in _NEXT.finditer(data):
        if len(spans) == MAX_MAILS:
            raise Refused("bomb", f"lebih dari {MAX_MAILS} surel")
        spans.append((begin, line.start()))
        begin = line.end()
    if not spans:
        return open_mail(data[begin:])
    spans.append((begin, len(data)))
    return Box("surel", [Piece(f"surel {n}", partial(_cut_out, data, *span)) for n, span in enumerate(spans, start=1)])


def mail_of(head: Message) -> Mail:
    """Address, time and subject of a mail, as far as its headers say them."""
    return Mail(_sender(head), _sent(_value(head, "date")), shown_subject(decoded_words(_value(head, "subject"))))


def shown_subject(text: str) -> str:
    """A subject in one line, and not longer than anybody reads."""
    return " ".join(text.split())[:_LONGEST_SUBJECT]


def is_address(text: str) -> bool:
    """Whether a mail can have come from there; anything else is not shown as one."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def utc(moment: datetime) -> str:
    """A moment as Mail holds it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _cut_out(data: bytes, start: int, end: int) -> bytes:
    return data[start:end]


def _is_mail(head: Message) -> bool:
    """Whether these are headers of a mail, and not those of a page that a browser or Excel saved in the same form."""
    if "x-document-type" in head or "snapshot-content-location" in head:
        return False
    sent = any(name in head for name in ("from", "received", "return-path", "delivered-to", "x-unsent"))
    return sent or ("subject" in head and ("to" in head or "date" in head))


def _belonging(leaf: Leaf) -> str | None:
    """What a part is to its mail, None for a file that came with it."""
    if leaf.broken:
        return None
    what = _OWN.get(leaf.kind)
    if leaf.kind.startswith("image/") and (leaf.disposition == "inline" or _shown_in_text(leaf)):
        what = PICTURE
    unnamed = leaf.disposition != "attachment" and not leaf.filename
    if leaf.kind.startswith("text/") and (unnamed or _REST.fullmatch(leaf.filename)):
        what = what or _TEXT
    if what is None:
        return None
    with suppress(Refused):  # damaged, but not used
        content = leaf.content()
        if content.startswith(OFFICE) or (leaf.kind == "text/plain" and _UUENCODED.search(content)):
            return None
    return what


def _shown_in_text(leaf: Leaf) -> bool:
    return leaf.within == "multipart/related" or ("content-id" in leaf.head and not leaf.disposition)


def _name(leaf: Leaf, number: int) -> str:
    named = leaf.filename.replace("\\", "/").rpartition("/")[2]
    return named or ("surel terlampir" if leaf.kind in _MAILS else f"lampiran {number}")


def _taken(leaf: Leaf) -> bytes:
    if leaf.kind in _CLOSED:
        raise Refused(_CLOSED[leaf.kind])
    content = leaf.content()
    if leaf.kind == "text/plain" and not leaf.filename and _UUENCODED.search(content):
        raise Refused("embedded")
    return content


def _value(head: Message, name: str) -> str:
    return str(head.get(name, ""))


def _sender(head: Message) -> str:
    for name in ("from", "sender", "return-path"):
        with suppress(RecursionError, ValueError, IndexError):
            address = parseaddr(_value(head, name)[: 4 * _LONGEST_ADDRESS])[1]
            if is_address(address):
                return address
    return ""


def _sent(text: str) -> str:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        moment = parsedate_to_datetime(text[:_LONGEST_DATE])
        return utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return ""
