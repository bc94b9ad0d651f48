"""The whole report: every figure measured, then the page, its pictures and the table of the README made anew.

    python benchmarks/lapor.py [--quick] [--rounds 3] [--only NAME ...] [--licence LICENCE]

Takes about a quarter of an hour on two quiet cores. With --quick everything is small, to see that it works, and
nothing of the project is changed: figures, page and pictures go to `.cache/bench/cepat/`. The add-in server is
measured for those only who have chosen a licence of xlwings Server, and name it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import time
from importlib import import_module
from pathlib import Path

import bahan
import halaman
import hasil

FIGURES = ("mulai", "fungsi", "baca", "konsolidasi", "tambah", "tahap", "tabel", "lembar", "tulis", "tumbuh")
TRIED = bahan.PEERS / "cepat"


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=FIGURES, default=FIGURES)
    parser.add_argument("--licence", default="")
    asked = parser.parse_args()
    kept = TRIED if asked.quick else hasil.FOLDER
    begun = time.monotonic()
    with bahan.bench(asked.quick, asked.rounds) as place:
        for number, name in enumerate(asked.only, 1):
            print(f"{time.monotonic() - begun:5.0f} s  {number} of {len(asked.only)}: {name}", flush=True)
            hasil.save(bahan.take(name, import_module(name).measure, place), kept)
    if asked.licence:
        import server

        load = round(os.getloadavg()[0], 1)
        hasil.save(hasil.figure("server", server.measure(asked.licence, server.ROUNDS), load, asked.quick), kept)
    draw(kept)
    print(f"{time.monotonic() - begun:5.0f} s  done")


def draw(kept: Path) -> None:
    """The page and its pictures, for the project or, when only tried out, beside the figures."""
    pictures = halaman.PAGE.parent / "gambar" if kept == hasil.FOLDER else kept
    python, script = bahan.PEERS / "bin" / "python", bahan.HERE / "gambar.py"
    subprocess.run([str(python), str(script), str(kept), str(pictures)], check=True)
    if kept == hasil.FOLDER:
        halaman.main()
    else:
        (kept / "kinerja.md").write_text(halaman.page(hasil.load(kept)), encoding="utf-8")
        print(f"  see {kept}")


if __name__ == "__main__":
    main()
