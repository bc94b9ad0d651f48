"""The damage corpus sent twice: what comes back of every kind, and what an obedient partner makes of it.

A kind that does not come back by itself gets two cells filled in wrongly before the damage, so that it does. Then
the partner of `obedient.py` mends the file by its own words and sends it again; whom a mail alone tells that a file
could not be read starts from a new template and copies what was typed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.reply import write_returned
from support import obedient, rusak, templat

BACK = ("dikembalikan", "ditolak")


@dataclass(frozen=True, slots=True)
class Round:
    """One kind of damage, from the first try to the second."""

    kind: rusak.Kind
    faulty: bool  #: two wrong cells were planted
    first: str  #: verdict at the first try
    asked: int  #: cells that the returned file asks to be changed, of any level
    changed: int  #: cells the partner changed
    lost: Sequence[str]  #: values of the file handed in that are nowhere in the returned one
    second: str  #: verdict at the second try, when all that is asked was done
    least: str  #: the same when only what must be mended was


def rounds(chosen: Iterable[rusak.Kind], folder: Path) -> list[Round]:
    """Every chosen kind that comes back, in the order of the corpus."""
    chosen = list(chosen)
    alone = [kind for kind in chosen if kind.putusan in BACK]
    planted = [kind for kind in chosen if kind.putusan not in BACK]
    found = _rounds(alone, folder / "rusak", faulty=False) + _rounds(planted, folder / "keliru", faulty=True)
    return sorted(found, key=lambda one: chosen.index(one.kind))


def _rounds(chosen: Sequence[rusak.Kind], folder: Path, faulty: bool) -> list[Round]:
    if not chosen:
        return []
    paths = rusak.build(folder / "kiriman", chosen, folder / "antara", faulty)
    recap = consolidate(list(paths.values()), rusak.TODAY)
    numbers = {entry.arrival.path: number for number, entry in enumerate(recap.returns) if entry.verdict in BACK}
    back = {kind.nama: numbers[paths[kind.nama]] for kind in chosen if paths[kind.nama] in numbers}
    for name, number in back.items():
        if recap.returns[number].verdict == "dikembalikan":
            write_returned(recap, number, recap.returns[number].period, _returned(folder, name))
    second, least = (_again(back, paths, folder, least) for least in (False, True))
    printed = _printed(folder / "kosong.xlsx")
    return [
        Round(
            kind,
            faulty,
            recap.returns[back[kind.nama]].verdict,
            *_mended(_returned(folder, kind.nama), paths[kind.nama], printed),
            second[kind.nama],
            least[kind.nama],
        )
        for kind in chosen
        if kind.nama in back
    ]


def _returned(folder: Path, name: str) -> Path:
    return folder / f"{name} kembali.xlsx"


def _mended(returned: Path, sent: Path, printed: frozenset[str]) -> tuple[int, int, Sequence[str]]:
    """How many cells are asked to be changed, how many the partner changes, and what is lost."""
    if not returned.exists():
        return 0, 0, ()
    lost = _cells(sent) - _cells(returned) - printed
    return len(obedient.tasks(returned)), len(obedient.answers(returned)), sorted(lost)


def _again(names: Iterable[str], paths: Mapping[str, Path], folder: Path, least: bool) -> dict[str, str]:
    """The verdicts at the second try."""
    target = folder / ("wajib" if least else "semua")
    target.mkdir()
    for name in names:
        returned = _returned(folder, name)
        if returned.exists():
            obedient.repair(returned, target / f"{name}.xlsx", least)
        else:
            build_template("usulan", folder / "baru.xlsx", mitra=templat.NAME, kode=name, periode="2027")
            obedient.copy_over(paths[name], folder / "baru.xlsx", target / f"{name}.xlsx")
    again = consolidate([target], rusak.TODAY).returns
    return {entry.arrival.name.removesuffix(".xlsx"): entry.verdict for entry in again}


def _printed(target: Path) -> frozenset[str]:
    build_template("usulan", target, mitra=templat.NAME)
    return _cells(target)


def _cells(path: Path) -> frozenset[str]:
    """Every value in any sheet of a file, as text."""
    if path.suffix == ".csv":
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    else:
        book = CalamineWorkbook.from_path(str(path))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return frozenset(" ".join(str(cell).split()) for row in rows for cell in row if cell not in ("", None))
