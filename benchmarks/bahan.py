"""What the figures are measured on and with: files, scratch space, the product's Python and that of its peers.

Every figure is a module with `measure(bench) -> rows`, and a program by one line: `bahan.main(__doc__, measure)`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import hasil
from hasil import Row
from ukur import Run

HERE = Path(__file__).parent
ROOT = HERE.parent
PEERS = ROOT / ".cache" / "bench"  #: a virtual environment that the product knows nothing of
LOCK = HERE / "requirements.txt"
TODAY = "2026-11-24"


@dataclass
class Bench:
    """A place to measure in. With `quick` everything is small: for trying out, not for figures."""

    scratch: Path
    quick: bool = False
    rounds: int = 3
    sizes: Sequence[int] = ()  #: asked for instead of the usual ones
    _made: int = field(default=0, init=False)

    def of(self, usual: Sequence[int], quick: Sequence[int]) -> Sequence[int]:
        """The sizes to be measured."""
        return self.sizes or (quick if self.quick else usual)

    # ---- files ---- #

    def files(self, count: int) -> Path:
        """A folder with `count` proposals; all folders share them, so that none is made twice."""
        everything, folder = self._folder("semua"), self.scratch / f"kiriman{count}"
        if count > self._made:
            self._make(str(everything), str(self._made), str(count))
            self._made = count
        if not folder.exists():
            folder.mkdir()
            for path in sorted(everything.iterdir())[:count]:
                os.link(path, folder / path.name)
        return folder

    def large(self, rows: int) -> Path:
        """A folder with one proposal whose Rencana Kerja has that many rows."""
        folder = self._folder(f"besar{rows}")
        if not any(folder.iterdir()):
            self._make(str(folder / "usulan.xlsx"), str(rows))
        return folder

    def _make(self, *words: str) -> None:
        # In a process of its own: this one stays small, and needs nothing of the product.
        print(f"  making {' '.join(Path(word).name for word in words)}", flush=True)
        subprocess.run([sys.executable, str(HERE / "kiriman.py"), *words], check=True, cwd=ROOT)

    def _folder(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir(exist_ok=True)
        return folder

    # ---- programs ---- #

    def product(self, script: str, *words: object, cache: str = "tanpa", inner: bool = False) -> Run:
        """One of the scripts in `bagian/` on the product. `cache` is the name of its folder of kept readings."""
        return self._run([sys.executable, HERE / "bagian" / f"{script}.py", *words], cache, inner=inner)

    def command(self, *words: object, cache: str = "tanpa", watch: bool = False) -> Run:
        """The command `kemitraan`; 1 says that there are findings."""
        return self._run([sys.executable, "-m", "kemitraan_xl", *words], cache, watch)

    def python(self, *words: object) -> Run:
        """The Python of the product."""
        return self._run([sys.executable, *words])

    def consolidation(self, folder: Path, cache: str, watch: bool = False) -> Run:
        """`kemitraan konsolidasi` of a folder."""
        words = ("konsolidasi", folder, "--keluaran", self.scratch / "rekap.xlsx", "--senyap", "--per-tanggal", TODAY)
        return self.command(*words, cache=cache, watch=watch)

    def peer(self, script: str, *words: object, inner: bool = False) -> Run:
        """One of the scripts in `pembanding/`, in the environment of the peers."""
        return self._run([PEERS / "bin" / "python", HERE / "pembanding" / f"{script}.py", *words], inner=inner)

    def _run(self, words: Sequence[object], cache: str = "tanpa", watch: bool = False, inner: bool = False) -> Run:
        environment = {"KEMITRAAN_XL_CACHE": str(self.scratch / "simpanan" / cache), "PYTHONPATH": str(ROOT)}
        return Run([str(word) for word in words], environment, (0, 1), watch, inner)


def prepare() -> None:
    """The peers installed, exactly as their lock says, and every program of the product compiled."""
    stamp = PEERS / "terpasang"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        print("  installing the peers into .cache/bench", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
        words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        subprocess.run([str(PEERS / "bin" / "python"), *words, "-r", str(LOCK)], check=True, env=compiled)
        stamp.write_bytes(LOCK.read_bytes())
    rooms = [str(ROOT / room) for room in ("validation", "kemitraan_xl", "udfs")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *rooms], check=True)


@contextmanager
def bench(quick: bool, rounds: int, sizes: Sequence[int] = ()) -> Iterator[Bench]:
    """A place to measure in that is gone afterwards."""
    prepare()
    with tempfile.TemporaryDirectory() as scratch:
        yield Bench(Path(scratch), quick, 1 if quick else rounds, sizes)


def take(name: str, measure: Callable[[Bench], list[Row]], place: Bench) -> hasil.Figure:
    """One figure measured."""
    load = round(os.getloadavg()[0], 1)
    return hasil.figure(name, measure(place), load, place.quick)


def main(doc: str | None, measure: Callable[[Bench], list[Row]]) -> None:
    """The command line of a figure: measured, printed, and kept unless it is only tried out."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small and once, to try it out; nothing is kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=(), help="files or rows, instead of the usual")
    asked = parser.parse_args()
    name = Path(sys.argv[0]).stem
    with bench(asked.quick, asked.rounds, asked.sizes) as place:
        figure = take(name, measure, place)
    for row in figure.rows:
        wall, cpu = row.spread(), row.spread("cpu")
        print(f"{row.size:8} {row.what:44} {wall.median:9.3f} s ({wall.least:.3f} to {wall.most:.3f}), "
              f"{cpu.median:9.3f} s cpu, {max(row.mib)} MiB {row.said[:60]}")  # fmt: skip
    if not asked.quick and not asked.sizes:
        hasil.save(figure)
