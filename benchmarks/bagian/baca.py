"""The whole reading stage on the files of a folder: guard, limited processes, tables, addresses and oddities."""

import sys
from pathlib import Path

from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.work import read_all
from validation.contract import tables

if __name__ == "__main__":
    tables()  # as in a consolidation: before the workers start, not once in each
    results = read_all(collect([Path(sys.argv[1])]), 2, lambda _: None)
    print(sum(bool(reading.tables) for _, reading in results), "files with tables")
