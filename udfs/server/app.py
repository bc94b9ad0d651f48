"""xlwings Server as this project runs it: its own project folder, its own answers to errors, behind one gate."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from udfs.registry import NAMESPACE
from udfs.server.gate import App, Gate, House
from udfs.server.incidents import Incident, note
from udfs.server.tasks import Gone, TooMuch

PROJECT: Final = Path(__file__).with_name("project")

Answer = Callable[[Any, Any], Awaitable[Any]]

#: Settings of xlwings Server, stronger than any file or environment of the user. No sign-in of its own and no
#: origins: the gate stands in front. Only 502 to 504 are worth asking again; a macro may take an hour.
SETTINGS: Final = {
    "XLWINGS_PROJECT_DIR": str(PROJECT),
    "XLWINGS_PROJECT_NAME": "Kemitraan KPAI",
    "XLWINGS_FUNCTIONS_NAMESPACE": NAMESPACE,
    "XLWINGS_ENVIRONMENT": "prod",
    "XLWINGS_APP_PATH": "",
    "XLWINGS_STATIC_URL_PATH": "/static",
    "XLWINGS_TASKPANE_HTML": "taskpane.html",
    "XLWINGS_AUTH_PROVIDERS": "[]",
    "XLWINGS_CORS_ALLOW_ORIGINS": "[]",
    "XLWINGS_CUSTOM_HEADERS": "{}",
    "XLWINGS_ADD_SECURITY_HEADERS": "true",
    "XLWINGS_ENABLE_ALPINEJS_CSP": "false",
    "XLWINGS_ENABLE_BOOTSTRAP": "false",
    "XLWINGS_ENABLE_EXAMPLES": "false",
    "XLWINGS_ENABLE_HTMX": "false",
    "XLWINGS_ENABLE_SOCKETIO": "false",
    "XLWINGS_ENABLE_WASM": "false",
    "XLWINGS_CDN_OFFICEJS": "false",
    "XLWINGS_CUSTOM_FUNCTIONS_RETRY_CODES": "[502,503,504]",
    "XLWINGS_REQUEST_TIMEOUT": "3600",
    "XLWINGS_LOG_LEVEL": "WARNING",
}


def create_app(house: House) -> Gate:
    """The whole server for one house (ASGI). The licence of xlwings Server must have been settled before."""
    app, scripts = _inner()
    return Gate(app, house, lambda name: _is_script(scripts, name))


def _is_script(scripts: object, name: str) -> bool:
    from udfs.server.export import is_script

    return is_script(scripts, name)


@cache
def _inner() -> tuple[App, object]:
    """xlwings Server, made ready once in a process, and the module of exported macros."""
    os.environ.update(SETTINGS)
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from xlwings import XlwingsError
    from xlwings_server.main import app, main_app
    from xlwings_server.routers.xlwings import custom_scripts
    from xlwings_server.templates import templates

    from kemitraan_xl.impossible import Impossible
    from udfs.server import jsnull, pane
    from udfs.server.api import router

    jsnull.mend()
    app.include_router(router)
    answers: list[tuple[type[Exception], Answer]] = [
        (Impossible, _say(400)),
        (Gone, _say(410)),
        (TooMuch, _say(413)),
        (Incident, _say(500)),
        (HTTPException, _unknown),
        (RequestValidationError, _unknown),
        (XlwingsError, _unexpected),
        (Exception, _unexpected),
    ]
    for kind, answer in answers:
        app.add_exception_handler(kind, answer)
    templates.env.globals.update(pane.facts())
    return main_app, custom_scripts


def _say(status: int) -> Answer:
    """What is meant for the user, as it is."""
    from starlette.responses import PlainTextResponse

    async def answer(request: Any, error: Any) -> Any:  # noqa: ARG001  the framework hands it over
        return PlainTextResponse(str(error), status)

    return answer


async def _unknown(request: Any, error: Any) -> Any:  # noqa: ARG001  the framework hands it over
    """A request that no client of ours makes."""
    from starlette.responses import PlainTextResponse

    sentence = "Server tidak mengenal permintaan ini. Muat ulang panel Kemitraan KPAI."
    return PlainTextResponse(sentence, getattr(error, "status_code", 422))


async def _unexpected(request: Any, error: Exception) -> Any:  # noqa: ARG001  the framework hands it over
    """An error of the program: its number."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(str(note(error)), 500)
