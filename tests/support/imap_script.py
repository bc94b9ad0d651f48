"""A mail server that answers by heart: everything it will ever say is sent at once, then it hangs up.

That is enough for a client which asks one thing after the other, and needs no thread. Tags are told in advance.
"""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Mapping, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any, Self

import pytest

_SEED = 4096  #: what imaplib makes its tags of
_TAG = imaplib.Int2AP(_SEED).decode()


def conversation(mails: Mapping[int, bytes], validity: int = 7, **changes: Any) -> list[bytes]:
    """What a server with these mails (by number) says, an item for each thing that it is asked.

    `asked` are the numbers of the mails whose sizes and bodies are asked for, `sizes` what it says of their sizes,
    `batch` how many bodies are taken at once; `can` is what it says it can do.
    """
    asked: Sequence[int] = changes.get("asked", list(mails))
    sizes = changes.get("sizes", {uid: len(mails[uid]) for uid in asked})
    batch = changes.get("batch", 50)
    said = [
        f"* CAPABILITY IMAP4rev1 {changes.get('can', '')}\r\n".encode(),
        b"",
        f"* {len(mails)} EXISTS\r\n* OK [UIDVALIDITY {validity}] baik\r\n".encode(),
        b"",
        f"* SEARCH {' '.join(map(str, mails))}\r\n".encode(),
        *([b"".join(b"* 1 FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, sizes[uid]) for uid in asked)] if asked else []),
    ]
    for start in range(0, len(asked), batch):
        some = {uid: mails[uid] for uid in asked[start : start + batch]}
        said.append(b"".join(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (u, len(m), m) for u, m in some.items()))
    said.append(b"* BYE\r\n")
    return [b"* OK siap\r\n", *(b"%b%b%d OK baik\r\n" % (text, _TAG.encode(), n) for n, text in enumerate(said))]


class Scripted:
    """A server for as many connections as it has texts, until the context ends."""

    def __init__(self, patch: pytest.MonkeyPatch, *texts: bytes) -> None:
        self._texts = list(texts)
        self._ends: list[socket.socket] = []
        patch.setattr(imaplib, "random", SimpleNamespace(randint=lambda *_: _SEED))
        patch.setattr(imaplib.IMAP4, "_create_socket", lambda *_: self._connected())

    def _connected(self) -> socket.socket:
        if not self._texts:
            raise ConnectionRefusedError
        with socket.create_server(("127.0.0.1", 0)) as server:
            near = socket.create_connection(server.getsockname(), 5)
            far, _ = server.accept()
        far.sendall(self._texts.pop(0))
        far.shutdown(socket.SHUT_WR)
        self._ends.append(far)
        return near

    def heard(self) -> list[bytes]:
        """Everything that was sent, when the other side has hung up."""
        return [b"".join(iter(partial(end.recv, 1 << 16), b"")) for end in self._ends]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._ends:
            end.close()
