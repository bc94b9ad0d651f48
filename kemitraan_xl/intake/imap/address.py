"""A mailbox as a person writes it: imaps://pengguna@server/KOTAK, or imap:// with STARTTLS. Standard library only."""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

from kemitraan_xl.intake.imap.trouble import Trouble

#: The port of each scheme.
PORTS = {"imap": 143, "imaps": 993}
#: What could end a command early, or cannot be sent at all.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mails are: never with a password."""

    user: str
    host: str
    port: int
    tls: bool  #: from the first byte on; else by STARTTLS
    name: str  #: "/" between folders, whatever the server has there
    since: date | None = None  #: only mails that arrived on this day or later

    @property
    def account(self) -> str:
        """Whose password it is."""
        port = "" if self.port == PORTS["imaps" if self.tls else "imap"] else f":{self.port}"
        return f"{self.user}@{self.host}{port}"


def is_address(text: str) -> bool:
    """Whether a source is meant to be a mailbox and no file."""
    scheme, colon, _ = text.partition(":")
    return bool(colon) and scheme.lower() in PORTS


def read_address(text: str) -> Mailbox:
    """The mailbox; INBOX where none is named. Raises Trouble, whose text never repeats what was written."""
    try:
        parts = urlsplit(text, allow_fragments=False)
        user, host, port = unquote(parts.username or ""), parts.hostname or "", parts.port or PORTS[parts.scheme]
        host.encode("idna")
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        since = date.fromisoformat(query.pop("sejak")) if "sejak" in query else None
    except ValueError:
        raise Trouble("address") from None
    if parts.password is not None:
        raise Trouble("password")
    name = unicodedata.normalize("NFC", unquote(parts.path)).strip("/") or "INBOX"
    if not (user and host) or query or _CONTROL.search(text + user + host + name):
        raise Trouble("address")
    return Mailbox(user, host, port, parts.scheme == "imaps", "INBOX" if name.upper() == "INBOX" else name, since)


def modified_utf7(name: str) -> str:
    """The name of a mailbox as IMAP writes it (RFC 3501, 5.1.3): printable ASCII with everything else in base64."""
    runs = re.findall(r"[ -~]+|[^ -~]+", name)
    return "".join(run.replace("&", "&-") if " " <= run[0] <= "~" else f"&{_base64(run)}-" for run in runs)


def _base64(run: str) -> str:
    return base64.b64encode(run.encode("utf-16-be"), b"+,").decode("ascii").rstrip("=")
