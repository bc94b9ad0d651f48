"""A Dask cluster of real processes on this computer, as `dask scheduler` and `dask worker` start it.

Workers may stand in network namespaces of their own: what they and the scheduler say to each other then goes over a
(virtual) wire, from and to different addresses, as between two computers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).parents[1]
DASK = (sys.executable, "-m", "dask")
SEEMLY = ("--no-nanny", "--memory-limit", "0")  #: as docs/skala.md starts workers
SECONDS = 60
#: Two runs on one computer are not in each other's way.
FIRST, SPACE, OURS = 231, f"kmt-{os.getpid()}-", os.getpid() % 250
HERE, THERE = f"10.{{}}.{OURS}.1", f"10.{{}}.{OURS}.2"  #: the two ends of the wire to a namespace


def available() -> str:
    """What is missing to make network namespaces; "" when nothing is."""
    if shutil.which("ip") is None:
        return "iproute2"
    made = subprocess.run(["ip", "netns", "add", f"{SPACE}coba"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "delete", f"{SPACE}coba"], capture_output=True, check=False)
    return "" if made.returncode == 0 else "hak membuat ruang jaringan (root)"


@dataclass
class Kluster:
    """Where its scheduler is reached, and its processes."""

    address: str
    scheduler: subprocess.Popen[bytes]
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def hire(self, options: Sequence[str] = SEEMLY, via: Sequence[str] = (), address: str = "") -> None:
        """Start one more worker, when need be by a program that puts it somewhere else."""
        told = ["worker", address or self.address, "--nthreads", "1", "--no-dashboard", *options]
        self.workers.append(_started([*via, *DASK, *told], self._log(len(self.workers))))

    def await_all(self) -> None:
        """Until every worker has been let in."""
        for number in range(len(self.workers)):
            _until(lambda: b"Starting established connection" in self._log(number).read_bytes())  # noqa: B023

    def _log(self, number: int) -> Path:
        return self.folder / f"pekerja-{number}"


@contextmanager
def kluster(folder: Path, workers: int = 2, host: str = "127.0.0.1") -> Iterator[Kluster]:
    """A scheduler with workers, until the context ends."""
    told = folder / "penjadwal.json"
    words = ["scheduler", "--host", host, "--port", "0", "--no-dashboard", "--scheduler-file", str(told)]
    made = Kluster("", _started([*DASK, *words], folder / "penjadwal"), folder)
    try:
        _until(lambda: told.exists() and told.read_text().endswith("}"))
        made.address = json.loads(told.read_text())["address"]
        for _ in range(workers):
            made.hire()
        made.await_all()
        yield made
    finally:
        for process in (*made.workers, made.scheduler):
            process.kill()
            process.wait()


@contextmanager
def apart(folder: Path, count: int) -> Iterator[Kluster]:
    """A cluster with each worker in a network namespace of its own. Needs root."""
    with ExitStack() as stack:
        for number in range(count):
            space, wire = f"{SPACE}{number}", f"kmt{os.getpid()}-{number}"
            _ip(f"netns add {space}")
            stack.callback(_ip, f"netns delete {space}")
            _ip(f"link add {wire} type veth peer name ujung netns {space}")
            _ip(f"address add {HERE.format(FIRST + number)}/24 dev {wire}")
            _ip(f"link set {wire} up")
            _ip(f"-n {space} address add {THERE.format(FIRST + number)}/24 dev ujung")
            _ip(f"-n {space} link set ujung up")
        made = stack.enter_context(kluster(folder, 0, "0.0.0.0"))
        port = made.address.rpartition(":")[2]
        for number in range(count):
            at = f"tcp://{HERE.format(FIRST + number)}:{port}"
            made.hire(via=("ip", "netns", "exec", f"{SPACE}{number}"), address=at)
        made.await_all()
        made.address = f"tcp://{HERE.format(FIRST)}:{port}"
        yield made


def _ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True)


def _started(words: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    with log.open("wb") as out:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)
