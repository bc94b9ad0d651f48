"""What a consolidation costs, beside the script a user would write for the same duties, in one run.

    python benchmarks/konsolidasi.py [--files 200] [--rounds 3] [--without-naive]

Prints processor seconds (with those of child processes) and ratios: the median of the rounds, and their spread.
The naive script reads every sheet with pandas and openpyxl, checks each file with pandera, and writes with
`to_excel`; it takes most of the time and may be left out. Also: reading alone against python-calamine reading
the same sheets, a second run on a warm cache, one with one file more and how many files that reads, the start
of the command, and the peak memory of the command and of a reading process for a tenth, half and all files.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

TODAY = date(2026, 11, 24)
SHEETS = ("Sampul", "KAK", "Rencana Kerja", "Matriks Risiko", "Profil dan Bukti", "Indikator")
SUBREAPER = 36  #: prctl: orphans below become children of this process (Linux)
BASES = 10  #: different proposals that the files are copies of, each under a name of its own

SCRIPT, NEW = "naive script", "one new file, warm cache"

NAIVE = """
import glob, sys, warnings
import pandas as pd, pandera.pandas as pa
warnings.simplefilter("ignore")
headings = {"KAK": 2, "Rencana Kerja": 4, "Matriks Risiko": 2, "Profil dan Bukti": 6, "Indikator": 2, "Sampul": 0}
schema = pa.DataFrameSchema({"Nama Program": pa.Column(nullable=True), "Biaya": pa.Column(nullable=True, checks=[
    pa.Check(lambda s: pd.to_numeric(s, errors="coerce").fillna(0) >= 0)])})
parts = {name: [] for name in headings}
for path in sorted(glob.glob(sys.argv[1] + "/*.xlsx")):
    for name, row in headings.items():
        frame = pd.read_excel(path, sheet_name=name, header=row, engine="openpyxl").dropna(how="all")
        if name == "Rencana Kerja":
            try: schema.validate(frame, lazy=True)
            except pa.errors.SchemaErrors: pass
        parts[name].append(frame.assign(berkas=path))
with pd.ExcelWriter(sys.argv[2], engine="openpyxl") as book:
    for name, frames in parts.items():
        pd.concat(frames).to_excel(book, sheet_name=name, index=False)
"""
CALAMINE = """
import glob, sys
from python_calamine import CalamineWorkbook
for path in sorted(glob.glob(sys.argv[1] + "/*.xlsx")):
    book = CalamineWorkbook.from_path(path)
    for name in sys.argv[2:]: book.get_sheet_by_name(name).to_python()
"""
READ = """
import resource, sys
from pathlib import Path
from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.work import read_all
from validation.contract import tables
if __name__ == "__main__":
    tables()  # as in a consolidation: before the workers start, not once in each
    read_all(collect([Path(sys.argv[1])]), 2, lambda count: None)
    print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
#: The command itself; it also says how many files it read, and its own peak memory.
WATCHED = """
import atexit, re, sys
from pathlib import Path
from kemitraan_xl.cli import main
from kemitraan_xl.intake import work
asked, read_all = [], work.read_all
def counted(arrivals, *rest):
    asked.extend(arrivals)
    return read_all(arrivals, *rest)
def tell():
    peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
    print("read", len(asked), "peak", int(peak[1]) // 1024)
if __name__ == "__main__":
    work.read_all = counted
    atexit.register(tell)
    main()
"""


def make(folder: Path, count: int) -> None:
    """`count` proposals: copies of a few, each with a partner's name and code of its own."""
    from kemitraan_xl.book.template import build_template
    from kemitraan_xl.contoh.proposal import partners, proposal

    bases = []
    for number, partner in enumerate(partners()[:BASES]):
        path = folder.parent / f"dasar{number}.xlsx"
        values, _ = proposal(partner, TODAY)
        build_template("usulan", path, mitra="@NAMA@", kode="@KODE@", prefill=values, per_tanggal=TODAY)
        bases.append(path)
    for number in range(count):
        with (
            zipfile.ZipFile(bases[number % BASES]) as source,
            zipfile.ZipFile(folder / f"u{number:05d}.xlsx", "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for member in source.namelist():
                part = source.read(member).replace(b"@NAMA@", f"Lembaga Rekaan {number:05d}".encode())
                target.writestr(member, part.replace(b"@KODE@", f"B-{number:05d}".encode()))


def cost(command: list[str], cache: Path) -> tuple[float, str]:
    """Processor seconds of a command with its children, and the last line it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "KEMITRAAN_XL_CACHE": str(cache)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        raise SystemExit(done.stderr)
    _wait_for_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = done.stdout.strip().rpartition("\n")[2]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def _wait_for_orphans() -> None:
    """Worker processes may outlive the command by a moment; unless they are waited for, their time is not counted."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def main() -> None:
    """Make the files, run the pairs in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-naive", action="store_true")
    asked = parser.parse_args()
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as work:
        folder, scripts = Path(work, "kiriman"), {}
        folder.mkdir()
        make(folder, asked.files + 1)
        for name, text in (("naive", NAIVE), ("calamine", CALAMINE), ("read", READ), ("watched", WATCHED)):
            scripts[name] = Path(work, f"{name}.py")
            scripts[name].write_text(text, encoding="utf-8")
        _measure(folder, scripts, asked.rounds, asked.without_naive)
        _measure_memory(folder, scripts, asked.files)


def _command(start: list[str], folder: Path) -> list[str]:
    """The consolidation of a folder, started as a module or by a script."""
    words = ["konsolidasi", str(folder), "--senyap", "--per-tanggal", str(TODAY)]
    return [sys.executable, *start, *words, "--keluaran", str(folder.parent / "rekap.xlsx")]


def _measure(folder: Path, scripts: dict[str, Path], rounds: int, without_naive: bool) -> None:
    work, python = folder.parent, sys.executable
    command, watched = (_command(start, folder) for start in (["-m", "kemitraan_xl"], [str(scripts["watched"])]))
    new = max(folder.iterdir())
    fresh: Callable[[int], Path] = lambda turn: work / f"cache{turn}"  # noqa: E731 - one line, three uses
    seconds: dict[str, list[float]] = {}
    for turn in range(rounds):
        new = new.rename(work / new.name)
        runs = {
            SCRIPT: ([python, str(scripts["naive"]), str(folder), str(work / "n.xlsx")], fresh(turn)),
            "konsolidasi": (command, fresh(turn)),
            "konsolidasi, warm cache": (command, fresh(turn)),
            NEW: (watched, fresh(turn)),
            "calamine alone": ([python, str(scripts["calamine"]), str(folder), *SHEETS], fresh(turn)),
            "read stage": ([python, str(scripts["read"]), str(folder)], fresh(turn)),
            "--help": ([python, "-m", "kemitraan_xl", "--help"], fresh(turn)),
        }
        if without_naive:
            del runs[SCRIPT]
        for name, (words, cache) in runs.items():
            if name == NEW:
                new = new.rename(folder / new.name)
            used, said = cost(words, cache)
            seconds.setdefault(name, []).append(used)
            print(f"round {turn + 1}: {name:24} {used:8.2f} s  {said if name == NEW else ''}", flush=True)
    for name, figures in seconds.items():
        print(f"{name:24} median {median(figures):8.2f} s  ({min(figures):.2f} to {max(figures):.2f})")
    for one, other in ((SCRIPT, "konsolidasi"), ("read stage", "calamine alone"), (NEW, "konsolidasi")):
        if one not in seconds:
            continue
        ratios = [a / b for a, b in zip(seconds[one], seconds[other], strict=True)]
        print(f"{one} / {other}: {median(ratios):.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")


def _measure_memory(folder: Path, scripts: dict[str, Path], files: int) -> None:
    """Peak memory in MB for more and more of the files, each time without a cache."""
    for count in (files // 10, files // 2, files):
        some = folder.parent / f"kiriman{count}"
        some.mkdir()
        for path in sorted(folder.iterdir())[:count]:
            os.link(path, some / path.name)
        command, worker = (
            cost(words, folder.parent / f"cache-{count}")[1].rpartition(" ")[2]
            for words in (_command([str(scripts["watched"])], some), [sys.executable, str(scripts["read"]), str(some)])
        )
        print(f"{count} files: peak memory {command} MB, of a reading process {worker} MB", flush=True)


if __name__ == "__main__":
    main()
