"""The mails of a mailbox, each as a file of its own; on the server nothing changes, not even what was seen.

The mailbox is opened for reading only (EXAMINE) and mails are taken without a mark (BODY.PEEK). The password is
sent over verified TLS, or to this very computer. All mails or none: a part is never returned. Standard library only.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from imaplib import IMAP4, IMAP4_SSL
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from kemitraan_xl.intake.boxes.mail import mail_of
from kemitraan_xl.intake.boxes.mime import read_head
from kemitraan_xl.intake.boxes.zip import MAX_BOX
from kemitraan_xl.intake.gate.zipdir import MIB
from kemitraan_xl.intake.imap.address import Mailbox, modified_utf7
from kemitraan_xl.intake.imap.trouble import Trouble
from kemitraan_xl.intake.model import Arrival, Fetched
from kemitraan_xl.intake.refusal import reason
from kemitraan_xl.privacy import mask_name

MAX_MAIL = MAX_BOX  #: bytes of one mail; of a larger one only its headers are fetched, and its row says so
SECONDS: Final = 30.0  #: without a sign of life from the server
_TRIES: Final = 2
_ASKED: Final = 500  #: mails whose sizes are asked for at once: more would be too long a line for some servers
_TAKEN: Final = 50  #: mails taken at once, and their bytes
_BYTES: Final = 8 * MIB
_WHOLE: Final = "BODY.PEEK[]"
_HEAD: Final = 1 << 14  #: bytes of headers: enough to find the mail by
_HEADERS: Final = f"BODY.PEEK[HEADER.FIELDS (FROM DATE SUBJECT)]<0.{_HEAD}>"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: What imaplib raises over an answer that is none: its own errors, and whatever its parsing trips over.
_NONSENSE: Final = (IMAP4.error, ValueError, TypeError, AttributeError, LookupError)


class _Broken(Exception):  # noqa: N818 - of no interest but to `fetch`
    """The connection is of no more use: it ended, or what came over it is no IMAP."""


class _Bounded(IMAP4):
    """Whatever size a server announces, no more than this is taken into memory at once."""

    def read(self, size: int) -> bytes:
        if size > 2 * MAX_MAIL:
            raise self.abort("too large")
        return super().read(size)


class _BoundedTls(_Bounded, IMAP4_SSL):
    """The same, over TLS."""


def fetch(
    mailbox: Mailbox, password: str, folder: Path, started: Callable[[int], None], progress: Callable[[int], None]
) -> Fetched:
    """Every mail of a mailbox in `folder`; one that is too large as a refused arrival. Raises Trouble, OSError.

    A connection that breaks is made once more, and goes on where it was unless the server numbers its mails anew.
    `started` is told the number of mails, `progress` how many more are there.
    """
    kept: dict[str, Arrival] = {}
    for _ in range(_TRIES):
        with suppress(_Broken), _opened(mailbox, password) as connection:
            return Fetched(mailbox.account, _mails(connection, mailbox, folder, kept, started, progress))
    raise Trouble("broken", mailbox)


# ---- a connection, up to the open mailbox ---- #


@contextmanager
def _opened(mailbox: Mailbox, password: str) -> Iterator[IMAP4]:
    with _reaching(mailbox):
        connection = _connected(mailbox)
    try:
        with _reaching(mailbox):
            _secure(connection, mailbox)
        _log_in(connection, mailbox, password)
        _examine(connection, mailbox)
        yield connection
        with suppress(_Broken), _talking():
            connection.logout()
    finally:
        with suppress(OSError):
            connection.shutdown()


@contextmanager
def _reaching(mailbox: Mailbox) -> Iterator[None]:
    """What can be said of a server that cannot be reached, or not safely."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise Trouble("certificate", mailbox) from None
    except ssl.SSLError:
        raise Trouble("tls", mailbox) from None
    except socket.gaierror:
        raise Trouble("unknown", mailbox) from None
    except OSError:
        raise Trouble("unreachable", mailbox) from None
    except _NONSENSE:
        raise _Broken from None


@contextmanager
def _talking() -> Iterator[None]:
    """Any trouble in a conversation is the end of it."""
    try:
        yield
    except (OSError, *_NONSENSE):
        raise _Broken from None


def _connected(mailbox: Mailbox) -> IMAP4:
    if mailbox.tls:
        context = ssl.create_default_context()
        return _BoundedTls(mailbox.host, mailbox.port, ssl_context=context, timeout=SECONDS)
    return _Bounded(mailbox.host, mailbox.port, SECONDS)


def _secure(connection: IMAP4, mailbox: Mailbox) -> None:
    """TLS from here on, or no way that a password could be seen on."""
    if mailbox.tls:
        return
    if "STARTTLS" in connection.capabilities:
        connection.starttls(ssl.create_default_context())
    elif not _is_here(connection.sock.getpeername()[0]):
        raise Trouble("clear", mailbox)


def _is_here(address: str) -> bool:
    return ip_address(address).is_loopback


def _log_in(connection: IMAP4, mailbox: Mailbox, password: str) -> None:
    with _talking():
        try:
            secret = f"\0{mailbox.user}\0{password}".encode()
            if "AUTH=PLAIN" in connection.capabilities:
                connection.authenticate("PLAIN", lambda _: secret)
            else:
                connection.login(mailbox.user, password)
        except IMAP4.abort:
            raise
        except (IMAP4.error, UnicodeEncodeError):
            raise Trouble("login", mailbox) from None


def _examine(connection: IMAP4, mailbox: Mailbox) -> None:
    with _talking():
        name = mailbox.name
        if "/" in name:
            name = name.replace("/", _delimiter(connection.list('""', '""')[1][0]))
        name = modified_utf7(name).replace("\\", r"\\").replace('"', r"\"")
        if connection.select(f'"{name}"', readonly=True)[0] != "OK":
            raise Trouble("mailbox", mailbox)
        connection.noop()  # some servers look for new mails only then


def _delimiter(item: object) -> str:
    """What the server has between folders, by its answer to an empty LIST."""
    found = re.search(rb'\) "\\?([!-~])"', item) if isinstance(item, bytes) else None
    return found[1].decode("ascii") if found else "/"


# ---- what lies in it ---- #


def _mails(
    connection: IMAP4,
    mailbox: Mailbox,
    folder: Path,
    kept: dict[str, Arrival],
    started: Callable[[int], None],
    progress: Callable[[int], None],
) -> Sequence[Arrival]:
    """Every mail that is in the mailbox now; those in `kept` are not fetched again, new ones are put there."""
    with _talking():
        validity = int(connection.response("UIDVALIDITY")[1][0] or b"")
    paths = {uid: folder / f"{validity}-{uid}.eml" for uid in _found(connection, mailbox)}
    started(len(paths))
    sizes = _sizes(connection, [uid for uid, path in paths.items() if path.name not in kept])
    for uid, content, whole in _taken(connection, sizes):
        path = paths[uid]
        arrival = Arrival(f"{mailbox.name} {uid}.eml", path, sizes[uid], fetched=True)
        kept[path.name] = _written(arrival, content) if whole else _too_large(arrival, content)
        progress(1)
    if any(path.name not in kept for path in paths.values()):  # somebody else removed it meanwhile
        raise _Broken
    return [kept[path.name] for path in paths.values()]


def _found(connection: IMAP4, mailbox: Mailbox) -> list[int]:
    """The numbers of the mails, which stay the same as long as UIDVALIDITY does."""
    day = mailbox.since
    wanted = ("SINCE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}") if day else ("ALL",)
    data = _asked(connection, "SEARCH", *wanted)
    with _talking():
        return sorted({int(number) for line in data for number in line.split()})


def _sizes(connection: IMAP4, uids: Sequence[int]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for start in range(0, len(uids), _ASKED):
        asked = uids[start : start + _ASKED]
        for item in _asked(connection, "FETCH", _set(asked), "(UID RFC822.SIZE)"):
            uid, size = _number(rb"UID", item), _number(rb"RFC822\.SIZE", item)
            if uid is not None and uid in asked and size is not None:
                sizes[uid] = size
    return sizes


def _taken(connection: IMAP4, sizes: Mapping[int, int]) -> Iterator[tuple[int, bytes, bool]]:
    """Each mail once: its number, its content and True, or its headers and False when it is too large.

    It may be, whatever the server says of its size.
    """
    for batch in _batches({uid: size for uid, size in sizes.items() if size <= MAX_MAIL}):
        yield from ((uid, mail, len(mail) <= MAX_MAIL) for uid, mail in _pieces(connection, batch, _WHOLE))
    for batch in _batches({uid: _HEAD for uid, size in sizes.items() if size > MAX_MAIL}):
        yield from ((uid, head, False) for uid, head in _pieces(connection, batch, _HEADERS))


def _pieces(connection: IMAP4, uids: Sequence[int], what: str) -> Iterator[tuple[int, bytes]]:
    data = _asked(connection, "FETCH", _set(uids), f"(UID {what})")
    found: dict[int, bytes] = {}
    for item, rest in pairwise(data):  # the head of an answer with its content, then the rest of the answer
        if isinstance(item, tuple) and (uid := _number(rb"UID", item[0]) or _number(rb"UID", rest)):
            found[uid] = item[1]
    return ((uid, found[uid]) for uid in uids if uid in found)


def _batches(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """Mails that are taken at once: some, but not more bytes than are easily kept in memory."""
    batch: list[int] = []
    for uid, size in sizes.items():
        if batch and (len(batch) == _TAKEN or sum(map(sizes.__getitem__, batch)) + size > _BYTES):
            yield batch
            batch = []
        batch.append(uid)
    if batch:
        yield batch


def _asked(connection: IMAP4, *command: str) -> list[Any]:
    with _talking():
        kind, data = connection.uid(*command)
    if kind != "OK":
        raise _Broken
    return data


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _number(name: bytes, item: object) -> int | None:
    """The number after `name` in a piece of an answer."""
    found = re.search(rb"\b%b (\d{1,10})\b" % name, item) if isinstance(item, bytes) else None
    return int(found[1]) if found else None


def _too_large(arrival: Arrival, mail: bytes) -> Arrival:
    """A mail without a file, with what it takes to find it in the mailbox."""
    sent = mail_of(read_head(mail[:_HEAD])[0])
    sent = replace(sent, subject=mask_name(sent.subject))
    return replace(arrival, refused=reason("mail", f"{MAX_MAIL // MIB} MiB"), mail=sent)


def _written(arrival: Arrival, mail: bytes) -> Arrival:
    with open(arrival.path, "xb", opener=_privately) as file:
        file.write(mail)
    return replace(arrival, size=len(mail))


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
