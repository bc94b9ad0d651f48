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
from statistics import median
from typing import Any

CELLS = 10_000
START = "import sys; from udfs.server import serve; serve('127.0.0.1', int(sys.argv[1]), licence=sys.argv[2])"
AMOUNTS = ("Rp 2,5 juta", "Rp 1.250.000", 750_000, "Rp 3 jt", "125000000")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--licence", required=True, help="noncommercial, or a key that was bought")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    from udfs.functions.bacaan import kmt_baca_rupiah

    one = [["Rp 2,5 juta"]]
    many = [[AMOUNTS[number % len(AMOUNTS)]] for number in range(CELLS)]
    with tempfile.TemporaryDirectory() as home, served(Path(home), options.licence) as ask:
        for name, cells in (("one cell", one), (f"{CELLS:,} cells", many)):
            assert ask(kmt_baca_rupiah.__name__, cells) == kmt_baca_rupiah(cells)
            through = times(options.rounds, partial(ask, kmt_baca_rupiah.__name__, cells))
            plain = times(options.rounds, partial(kmt_baca_rupiah, cells))
            print(f"{name}: server {shown(through)}, plain Python {shown(plain)}, ratio {ratio(through, plain)}")
    from udfs.server.jsnull import never, original

    searched = times(3, lambda: [original(row[0]) for row in many])
    answered = times(3, lambda: [never(row[0]) for row in many])
    print(f"searching for Pyodide, {CELLS:,} cells: {shown(searched)}, mended {shown(answered)}")


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
    """Milliseconds of each round."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def shown(taken: list[float]) -> str:
    """The median and the spread."""
    return f"{median(taken):.3g} ms ({min(taken):.3g} to {max(taken):.3g})"


def ratio(through: list[float], plain: list[float]) -> str:
    """How many times the plain call."""
    return f"{median(through) / median(plain):.1f}"


if __name__ == "__main__":
    main()
