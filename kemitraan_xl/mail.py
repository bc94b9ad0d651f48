"""A mail that a person still has to send: a draft (.eml) that the mail program opens. Equal arguments, equal bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import shorten
from typing import Final

from kemitraan_xl.book.look import OWNER
from validation.language import INDONESIAN, Language, Text

_THANKS, _REGARDS = Text("Terima kasih atas kerja sama Bapak/Ibu."), Text("Hormat kami,")
_DEAR, _SIR, _OPENING = Text("Yth. {nama}"), Text("Bapak/Ibu"), Text("Dengan hormat,")

_SUBJECT: Final = 66  #: characters of a subject, which then stays on one line
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")


def draft(subject: str, address: str, lines: Iterable[str], today: date, *about: bytes) -> EmailMessage:
    """An unsent mail without attachments, dated `today`; `about` is what makes it another mail than the others.

    `address` is written only where it is one that can be written to.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = shorten(subject, _SUBJECT, placeholder=" ...")
    mail["Date"] = format_datetime(datetime(today.year, today.month, today.day, tzinfo=UTC))
    mail["Message-ID"] = f"<{digest(*about)}@kpai.invalid>"
    mail["X-Unsent"] = "1"  # opened as a draft
    if usable(address):
        mail["To"] = usable(address)
    mail.set_content("\n".join(lines), cte="quoted-printable")
    return mail


def usable(address: str) -> str:
    """An address that can be written to, or ""."""
    typed = address.strip()
    return typed if _ADDRESS.fullmatch(typed) else ""


def greeting(partner: str, spoken: Language = INDONESIAN) -> tuple[str, ...]:
    """The first lines of a mail."""
    return (spoken(_DEAR).format(nama=partner or spoken(_SIR)), "", spoken(_OPENING), "")


def closing(spoken: Language = INDONESIAN) -> tuple[str, ...]:
    """The last lines of a mail."""
    return ("", spoken(_THANKS), "", spoken(_REGARDS), OWNER, "")


def digest(*parts: bytes) -> str:
    """What tells one mail, or one boundary in it, from every other."""
    return hashlib.sha256(b"\n".join(parts)).hexdigest()[:32]
