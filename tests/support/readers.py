"""Stand-ins for the reader that do what a file tells them: be read, or bring their process down.

A module of its own, because a worker that is not forked imports its reader by name.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable, Mapping

from python_calamine import CalamineWorkbook

from kemitraan_xl.intake.boxes.unpack import content
from kemitraan_xl.intake.model import Arrival, FileReading

LARGE = 3 << 30
_RUINED: list[str] = []


class Panic(BaseException):
    """What a parser written in Rust raises: no Exception."""


def obedient(arrival: Arrival) -> tuple[str, FileReading]:
    """Returns the text of the file, and the process that read it; first does what the text says."""
    text = content(arrival).decode()
    ORDERS.get(text, bool)()
    return text, FileReading(identity={"pid": str(os.getpid())})


def _loop() -> None:
    while True:
        pass


def _raise(error: type[BaseException]) -> Callable[[], None]:
    def order() -> None:
        raise error

    return order


ORDERS: Mapping[str, Callable[[], object]] = {
    "abort": os.abort,
    "exit": lambda: os._exit(0),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "loop": _loop,
    "sleep": lambda: time.sleep(3600),
    "memory": lambda: bytearray(LARGE),
    "panic": _raise(Panic),
    "leave": _raise(SystemExit),
    "fault": _raise(KeyError),
}


def sabotaging(arrival: Arrival) -> tuple[str, FileReading]:
    """The file that says "ruin" is read, and the next one in the same process brings it down."""
    if _RUINED:
        os.abort()
    text = arrival.path.read_text()
    if text == "ruin":
        _RUINED.append(text)
    return text, FileReading()


def hashing(arrival: Arrival) -> tuple[str, FileReading]:
    """`obedient`, with the hash of the content as the product's own reader gives it."""
    text, reading = obedient(arrival)
    return hashlib.sha256(text.encode()).hexdigest(), reading


def unguarded(arrival: Arrival) -> tuple[str, FileReading]:
    """Every sheet through python-calamine, as it came."""
    book = CalamineWorkbook.from_path(str(arrival.path))
    for title in book.sheet_names:
        book.get_sheet_by_name(title).to_python()
    return arrival.path.name, FileReading()
