"""Writes docs/kembali.md: what comes back of every kind of damage, and whether its words are enough to mend it.

    python docs/alat/kembali.py

The corpus is `tests/data/rusak`, the partner `tests/support/obedient.py`. Takes some minutes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "kembali.md"
sys.path.insert(0, str(ROOT / "tests"))

from support import rusak  # noqa: E402 - the tests are no package that is installed
from support.kembali import Round, rounds  # noqa: E402

HEAD = """# The file that comes back: is what it says enough?

Made by `python docs/alat/kembali.py`; do not edit. Every kind of damage of [kerusakan.md](kerusakan.md) is sent in. A
kind that would be accepted gets two wrong cells before the damage (Tanggal Selesai "sampai selesai", one Lokasi
blank), so that it comes back too: then the file must also be whole again in spite of the damage. Not in the table:
kinds that are the same return as another one, of which only one counts.

The partner who mends it knows nothing but the returned file and its mail (`tests/support/obedient.py`):

1. It reads Hasil Periksa, the rows whose Keadaan is "Belum", and of each the cell in Sel, its note and its dropdown.
2. It does what Saran says, to the letter: writes the value, number or date that stands there ("misalnya", "seperti",
   "menjadi: ", "Tulis 3 pada kolom ..."), "Ya" for "Isi Ya", the entry that Saran names or else the first of the
   dropdown, a day after the one named, the example of the note; else a sentence of its own about the column.
3. Where a warning (W) begins with "Bila" or "Periksa" it is the partner who must judge, and the cell stays as it is.
4. A row without a cell is read and nothing is done. Values on Isian Lain are not copied back.
5. After a mail alone ("belum dapat kami baca") it takes a new template and copies what was typed, cell by cell.

*changed* is how many cells it typed. *second try* is the verdict when it did all that was asked; *only E* when it
did only what must be mended. *lost* counts values that the partner had typed, that survived the damage, and that stand
nowhere in the returned file.
"""


def share(verdicts: Sequence[str]) -> str:
    """How many were accepted, and the share."""
    accepted = verdicts.count("diterima")
    return f"{accepted} of {len(verdicts)} ({accepted / len(verdicts):.1%})"


def page(made: Sequence[Round]) -> Iterable[str]:
    """The summary, then every kind by the file it stands in."""
    yield HEAD
    yield "| | all that is asked | only E |"
    yield "|---|---:|---:|"
    for name, some in (
        ("damage alone brings it back", [one for one in made if not one.faulty]),
        ("two wrong cells besides", [one for one in made if one.faulty]),
        ("all", made),
    ):
        yield f"| {name} | {share([one.second for one in some])} | {share([one.least for one in some])} |"
    for part in dict.fromkeys(one.kind.bagian for one in made):
        yield f"\n## {part}\n"
        yield "| kind | comes back by | first try | changed | second try | only E | lost |"
        yield "|---|---|---|---:|---|---|---:|"
        for one in (one for one in made if one.kind.bagian == part):
            why = "two wrong cells" if one.faulty else "itself"
            yield (
                f"| {one.kind.nama} | {why} | {one.first} | {one.changed} | {one.second} | {one.least}"
                f" | {len(one.lost)} |"
            )


def main() -> None:
    """Make the page anew."""
    warnings.simplefilter("ignore")  # what openpyxl says of parts it leaves out
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["KEMITRAAN_XL_CACHE"] = f"{scratch}/cache"
        made = rounds((kind for kind in rusak.kinds() if not kind.missing), Path(scratch))
    PAGE.write_text("\n".join(page(made)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
