"""What a worksheet function costs through the add-in server, beside the plain Python call, in one run.

    python benchmarks/server.py --licence noncommercial [--rounds 20]

`--licence` is the user's own choice, as for `kemitraan server`. A server is started in a process and a home of its
own; the requests are those of Excel's client, over one connection. Prints milliseconds (the median of the rounds, and
their spread) and the ratio to the same Python function on the same cells: a single cell, ten thousand cells, and what
ten thousand cells would cost more if xlwings searched for Pyodide for each of them (udfs/server/jsnull.py).
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import hasil
from hasil import Row

CELLS = 10_000
ROUNDS = 20
START = "import sys; from udfs.server import serve; serve('127.0.0.1', int(sys.argv[1]), licence=sys.argv[2])"
SERVER, PLAIN = "KMT_BACA_RUPIAH: add-in server", "KMT_BACA_RUPIAH: plain Python"
SEARCHED, MENDED = "searching for Pyodide, as xlwings does", "the same, mended"
AMOUNTS = ("Rp 2,5 juta", "Rp 1.250.000", 750_000, "Rp 3 jt", "125000000")


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--licence", required=True, help="noncommercial, or a key that was bought")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    figure = hasil.figure("server", measure(options.licence, options.rounds), load, quick=False)
    for row in figure.rows:
        print(f"{row.size:8} {row.what:50} {1000 * row.spread().median:10.3g} ms")
    hasil.save(figure)


def measure(licence: str, rounds: int) -> list[Row]:
    """A single cell and a column of them, through the server and by a plain call; and what mending xlwings saves."""
    from udfs.functions.bacaan import kmt_baca_rupiah

    rows = []
    with tempfile.TemporaryDirectory() as home, served(Path(home), licence) as ask:
        for size in (1, CELLS):
            cells = [[AMOUNTS[number % len(AMOUNTS)]] for number in range(size)]
            assert ask(kmt_baca_rupiah.__name__, cells) == kmt_baca_rupiah(cells)
            rows += [
                row(SERVER, size, times(rounds, partial(ask, kmt_baca_rupiah.__name__, cells))),
                row(PLAIN, size, times(rounds, partial(kmt_baca_rupiah, cells))),
            ]
    from udfs.server.jsnull import never, original

    searched = times(3, lambda: [original(one[0]) for one in cells])
    mended = times(3, lambda: [never(one[0]) for one in cells])
    return [*rows, row(SEARCHED, CELLS, searched), row(MENDED, CELLS, mended)]


def row(what: str, size: int, wall: list[float]) -> Row:
    """A row of wall seconds alone: the server's processor time is its own."""
    return hasil.row(what, size, [], wall, [])


@contextmanager
def served(home: Path, licence: str) -> Iterator[Callable[[str, Any], Any]]:
    """A server of its own; a function that asks it as Excel's client does."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", START, str(port), licence]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        if not any("Ctrl+C" in line for line in process.stdout):
            sys.exit("the server did not start")
        kept = json.loads((home / ".kemitraan" / "server" / "server.json").read_text(encoding="utf-8"))
        line = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"Content-Type": "application/json", "Authorization": kept["token"]}

        def ask(name: str, cells: Any) -> Any:
            body = {"client": "Office.js", "version": "", "func_name": name, "args": [cells], "runtime": "1.4"}
            body |= {"caller_address": "[buku.xlsx]Data!B2", "session_id": "", "culture_info_name": "id-ID"}
            line.request("POST", "/xlwings/custom-functions-call", json.dumps(body), headers)
            return json.loads(line.getresponse().read())["result"]

        yield ask
        line.close()
    finally:
        process.terminate()
        process.communicate()


def times(rounds: int, work: Callable[[], Any]) -> list[float]:
    """Seconds of each round."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return taken


if __name__ == "__main__":
    main()
