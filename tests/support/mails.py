"""Mails, files of mails and archives made byte by byte, whole or as broken as they come. Everything is invented."""

from __future__ import annotations

import base64
import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping

DATE = "Mon, 05 Jan 2026 09:30:00 +0700"
SENDER = "kantor@pelita.example"
TEXT = "Bersama ini kami kirim usulan.\r\n"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def part(
    content: bytes | str,
    name: str = "",
    kind: str = EXCEL,
    disposition: str = "attachment",
    coding: str = "base64",
    more: str = "",
) -> bytes:
    """One part of a mail: headers and coded content."""
    raw = content.encode() if isinstance(content, str) else content
    named = f'; filename="{name}"' if name else ""
    heads = [f"Content-Type: {kind}"] if kind else []
    heads += [f"Content-Transfer-Encoding: {coding}"] if coding else []
    heads += [f"Content-Disposition: {disposition}{named}"] if disposition else []
    heads += [more] if more else []
    body = base64.encodebytes(raw).replace(b"\n", b"\r\n") if coding == "base64" else raw
    return "\r\n".join([*heads, "", ""]).encode() + body


def text(content: str = TEXT, kind: str = "text/plain; charset=utf-8") -> bytes:
    """The words of a mail."""
    return part(content, kind=kind, disposition="", coding="8bit")


def multi(*parts: bytes, kind: str = "mixed", mark: str = "batas", closed: bool = True) -> bytes:
    """Parts as one part."""
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode()
    inner = b"".join(b"--%s\r\n%s\r\n" % (mark.encode(), one) for one in parts)
    return head + inner + (f"--{mark}--\r\n".encode() if closed else b"")


def mail(*parts: bytes, whole: bytes = b"", mark: str = "batas", heads: Mapping[str, str] = {}) -> bytes:
    """A mail with these parts behind its text; or with `whole`, headers and all, in the place of them."""
    said = {"From": f"Sekretariat <{SENDER}>", "To": "kpai@kpai.example", "Subject": "Usulan kemitraan", "Date": DATE}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**said, **heads, "MIME-Version": "1.0"}.items() if value)
    return lines.encode() + (whole or multi(text(), *parts, mark=mark))


def forwarded(inner: bytes, name: str = "") -> bytes:
    """A mail as part of another."""
    return part(inner, name, kind="message/rfc822", disposition="attachment" if name else "", coding="")


def mbox(*mails: bytes) -> bytes:
    """A file of mails."""
    return b"".join(b"From - Mon Jan  5 09:30:00 2026\n" + one.replace(b"\r\n", b"\n") + b"\n" for one in mails)


def archive(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these, under the very names given, even one name twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members.items() if isinstance(members, Mapping) else members:
            member = zipfile.ZipInfo()
            member.filename = name
            made.writestr(member, content, method)
    return buffer.getvalue()
