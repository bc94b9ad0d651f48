"""The add-in server really running, in a thread on a port of its own, for tests that talk to it as Excel does.

The key "noncommercial" is set here, for tests only, and only while xlwings Server is imported: what it leaves in the
environment would reach every program that another test starts.
"""

from __future__ import annotations

import inspect
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from udfs import registry
from udfs.server import app
from udfs.server.gate import BODY_LIMIT, House
from udfs.server.tasks import TaskStore

#: A code that no installation has; each test server gets its own store of tasks.
TOKEN = "kode-uji-" + "x" * 32


@dataclass
class Running:
    """A server under test. `ask` sends the access code unless told otherwise."""

    port: int
    house: House
    client: httpx.Client = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, *, token: str | None = TOKEN, **rest: Any) -> httpx.Response:
        headers = {**rest.pop("headers", {}), **({"Authorization": token} if token is not None else {})}
        return self.client.request(method, self.url + path, headers=headers, **rest)

    def call(self, name: str, *arguments: Any, token: str | None = TOKEN) -> httpx.Response:
        """A worksheet function as Excel calls it: each argument a list of rows, None where it was left out."""
        body = {
            "client": "Office.js",
            "func_name": name,
            "args": list(arguments),
            "caller_address": "[buku.xlsx]Data!B2",
            "session_id": "uji",
            "culture_info_name": "id-ID",
            "date_format": "dd/mm/yyyy",
            "version": "",
            "runtime": "1.4",
        }
        return self.ask("POST", "/xlwings/custom-functions-call", json=body, token=token)

    def task(self, session: str = "panel") -> str:
        return str(self.ask("POST", "/kemitraan/tugas", json={"sesi": session}).json()["tugas"])

    def look(self, task: str) -> dict[str, Any]:
        return dict(self.ask("GET", f"/kemitraan/tugas/{task}").json())

    def upload(self, task: str, path: str, content: bytes) -> httpx.Response:
        return self.ask("PUT", f"/kemitraan/tugas/{task}/berkas/{path}", content=content)

    def run(self, macro: str, task: Any, sheets: dict[str, list[list[Any]]] | None = None) -> httpx.Response:
        """A macro on a workbook that has these values."""
        body = {**payload(sheets or {"Data": [[""]]}), "args": [task]}
        return self.ask("POST", f"/xlwings/custom-scripts-call/{macro}", json=body)


def payload(sheets: dict[str, list[list[Any]]]) -> dict[str, Any]:
    """A workbook as the client of xlwings sends it."""
    return {
        "client": "Office.js",
        "version": "",
        "book": {"name": "buku.xlsx", "active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"},
        "names": [],
        "sheets": [
            {
                "name": name,
                "visibility": "Visible",
                "values": values,
                "pictures": [],
                "shapes": [],
                "charts": [],
                "tables": [],
                "pivot_tables": [],
                "notes": [],
            }
            for name, values in sheets.items()
        ],
    }


@cache
def ready() -> object:
    """xlwings Server, imported once in this process; the module of exported macros."""
    before = dict(os.environ)
    os.environ["XLWINGS_LICENSE_KEY"] = "noncommercial"
    try:
        import xlwings as xw
        from xlwings.pro import _xlofficejs, _xlremote

        for module in (_xlremote, _xlofficejs):  # missing where xlwings was imported without a key before
            if module.engine.name not in [known.name for known in xw.engines]:
                xw.engines.add(xw.Engine(impl=module.engine))
        _, scripts = app._inner()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return scripts


@contextmanager
def running(root: Path, body_limit: int = BODY_LIMIT, port: int = 0) -> Iterator[Running]:
    """A server with tasks of its own, until the block ends; on a port that is free unless one is named."""
    ready()
    house = House(TOKEN, TaskStore(root), body_limit)
    with socket.create_server(("127.0.0.1", port)) as door:
        config = uvicorn.Config(app.create_app(house), log_config=None, access_log=False, ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            with httpx.Client(timeout=60) as client:
                yield Running(door.getsockname()[1], house, client)
        finally:
            server.should_exit = True
            thread.join()


def offer_macro(patch: pytest.MonkeyPatch, fn: Callable[..., Any], **facts: Any) -> None:
    """Let the server know one more macro, for one test."""
    from udfs.server import export

    macro = registry.Macro(fn, fn.__name__, **{"label": fn.__name__, "tip": "Uji.", "icon": "", **facts})
    patch.setitem(registry._macros, macro.name, macro)  # the registry is open for additions, not for removals
    for name, script in export.scripts([macro]).items():
        patch.setattr(ready(), name, script, raising=False)
    _show_macros(patch)


def _show_macros(patch: pytest.MonkeyPatch) -> None:
    """The task pane with the macros known now."""
    from xlwings_server.templates import templates

    from udfs.server import pane

    for name, value in pane.facts().items():
        patch.setitem(templates.env.globals, name, value)


def offer_function(patch: pytest.MonkeyPatch, fn: Callable[..., Any]) -> None:
    """Let the server know one more worksheet function, for one test."""
    arguments = {name: f"Argumen {name}." for name in inspect.signature(fn).parameters}
    function = registry.Function(fn, fn.__name__.upper(), "Fungsi uji.", arguments, registry.Example((), None))
    ready()
    from xlwings_server.routers.xlwings import custom_functions

    from udfs.server import export

    for name, exported in export.functions([function]).items():
        patch.setattr(custom_functions, name, exported, raising=False)


def rows_of(response: httpx.Response) -> Sequence[Sequence[Any]]:
    """What a worksheet function gives to its cells."""
    return list(json.loads(response.text)["result"])
