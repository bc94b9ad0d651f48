"""The damage corpus sent twice: what comes back of every kind, and what an obedient partner makes of it.

A kind that does not come back by itself gets two cells filled in wrongly before the damage, so that it does. Then
the partner of `obedient.py` mends the file by its own words and sends it again; whom a mail alone tells that a file
could not be read starts from a new template and copies what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

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
    changed: int  #: cells the partner changed
    lost: Sequence[str]  #: typed values of the file handed in that are nowhere in the returned one
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
    second, changed = _again(back, paths, folder, least=False)
    least, _ = _again(back, paths, folder, least=True)
    typed = _typed(folder)
    return [
        Round(
            kind,
            faulty,
            recap.returns[back[kind.nama]].verdict,
            changed[kind.nama],
            _lost(paths[kind.nama], _returned(folder, kind.nama), typed),
            second[kind.nama],
            least[kind.nama],
        )
        for kind in chosen
        if kind.nama in back
    ]


def _returned(folder: Path, name: str) -> Path:
    return folder / f"{name} kembali.xlsx"


def _lost(sent: Path, returned: Path, typed: frozenset[str]) -> Sequence[str]:
    """What was typed, still stands in the file handed in, and is nowhere in the returned one; none after a mail."""
    return sorted((typed & _cells(sent)) - _cells(returned)) if returned.exists() else ()


def _again(
    names: Iterable[str], paths: Mapping[str, Path], folder: Path, least: bool
) -> tuple[dict[str, str], dict[str, int]]:
    """The verdicts at the second try, and how many cells the partner changed."""
    target = folder / ("wajib" if least else "semua")
    target.mkdir()
    changed = {}
    for name in names:
        returned = _returned(folder, name)
        if returned.exists():
            changed[name] = obedient.repair(returned, target / f"{name}.xlsx", least)
        else:
            build_template("usulan", folder / "baru.xlsx", mitra=templat.NAME, kode=name, periode="2027")
            changed[name] = obedient.copy_over(paths[name], folder / "baru.xlsx", target / f"{name}.xlsx")
    again = consolidate([target], rusak.TODAY).returns
    return {entry.arrival.name.removesuffix(".xlsx"): entry.verdict for entry in again}, changed


def _typed(folder: Path) -> frozenset[str]:
    """What the partner had typed before anything was damaged; its name and code KPAI had filled in."""
    build_template("usulan", folder / "kosong.xlsx", mitra=templat.NAME)
    return _cells(folder / "antara" / "templat.xlsx") - _cells(folder / "kosong.xlsx") - {rusak.CODE}


def _cells(path: Path) -> frozenset[str]:
    """Every value in any sheet of a file that calamine can read, as text."""
    found: set[str] = set()
    with suppress(CalamineError):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            with suppress(CalamineError):  # an error cell of a newer kind
                found |= {_text(cell) for row in book.get_sheet_by_name(name).to_python() for cell in row}
    return frozenset(found)


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return cell.isoformat()[:10] if isinstance(cell, date) else " ".join(str(cell).split())
