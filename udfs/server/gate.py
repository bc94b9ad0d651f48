"""The one door of the server: who may come in, how much a request may carry, and what a user is told when it fails.

Everything behind it is closed unless its address is listed here or the request brings the access code of this
installation. The code is compared before anything of the request's content is read.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from udfs.server.incidents import note
from udfs.server.tasks import TaskStore

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

#: What Excel and the task pane load before anybody could give a code: pages and descriptions, no data.
OPEN: Final = frozenset(
    (
        "/",
        "/taskpane.html",
        "/xlwings/custom-functions-meta.json",
        "/xlwings/custom-functions-code.js",
        "/xlwings/custom-scripts-meta.json",
    )
)
#: The same by how an address begins; a download's address holds a secret of its own.
OPEN_BELOW: Final = ("/static/", "/kemitraan/ikon/", "/kemitraan/unduh/")
_SCRIPTS: Final = "/xlwings/custom-scripts-call/"
_TASKS: Final = "/kemitraan/tugas/"

#: Bytes of one request to a function or macro; a master with 20,000 rows has some ten million.
BODY_LIMIT: Final = 64 << 20

UNKNOWN_CODE: Final = "Kode akses belum diisi atau tidak cocok. Isi kode akses pada panel Kemitraan KPAI."
UNKNOWN_PLACE: Final = "Fungsi atau tombol itu tidak ada di server ini. Muat ulang panel Kemitraan KPAI."


@dataclass(frozen=True, slots=True)
class House:
    """What belongs to one running server: its access code and the tasks of its task panes."""

    token: str
    tasks: TaskStore
    body_limit: int = BODY_LIMIT


#: The house whose request is being answered.
current: ContextVar[House] = ContextVar("kemitraan_house")


class Gate:
    """The server as seen from outside (ASGI). `is_script` says whether a macro may be called by that name."""

    def __init__(self, app: App, house: House, is_script: Callable[[str], bool]) -> None:
        self.app, self.house, self.is_script = app, house, is_script

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            current.set(self.house)
            await self._answer(scope, receive, send)

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        path = scope["path"]
        public = scope["method"] in ("GET", "HEAD") and (path in OPEN or path.startswith(OPEN_BELOW))
        if not public and not self._knows(scope):
            await tell(send, 401, UNKNOWN_CODE)
            return
        if path.startswith(_SCRIPTS) and not self.is_script(path.removeprefix(_SCRIPTS)):
            await tell(send, 404, UNKNOWN_PLACE)
            return
        if not (path.startswith(_TASKS) and scope["method"] == "PUT"):  # uploads are counted while they are written
            body = await _read(receive, self.house.body_limit)
            if body is None:
                limit = self.house.body_limit >> 20
                await tell(send, 413, f"Isi buku atau rentang ini terlalu besar untuk server (batas {limit} MB).")
                return
            receive = _again(body, receive)
        await self._pass_on(scope, receive, send)

    def _knows(self, scope: MutableMapping[str, Any]) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return hmac.compare_digest(given, self.house.token.encode())

    async def _pass_on(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Let the request through; an error that nobody answered becomes a sentence with a number."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user is told a number
            if begun:  # answered and noted already, and raised again by the framework; or the client went away
                return
            await tell(send, 500, str(note(error)))


async def tell(send: Send, status: int, sentence: str) -> None:
    """Answer with one sentence."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The whole content of a request, or None as soon as it is more than `limit` bytes."""
    content = bytearray()
    more = True
    while more:
        message = await receive()
        content += message.get("body", b"")
        if len(content) > limit:
            return None
        more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(content)


def _again(content: bytes, receive: Receive) -> Receive:
    """The content read already, once; then whatever follows (the client hanging up)."""
    waiting = [content]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
