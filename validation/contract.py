"""What a table, a column, a check and a code list are: the frozen model the TOML files load into.

Everything a workbook shows and everything a check asks is derived from these rows; nothing in here
computes. Standard library only, so worksheet functions and `--help` start fast.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

#: What a cell may hold. `ya` is a tick ("Ya" or blank); `waktu` a period in words; `masa` a year or month.
KINDS = ("teks", "pilihan", "ya", "bulat", "angka", "rupiah", "tanggal", "masa", "waktu")

#: Which property of the contract a check asks about, the most basic first (one finding per cell is kept).
FACTS = ("structure", "required", "type", "list", "bounds", "length", "pattern", "unique", "rule")

LEVELS = ("E", "W", "I")

#: Characters that show nothing: fillers, joiners, direction marks, soft hyphen, byte order mark.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff"))
_ALIKE = INVISIBLE | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


@lru_cache(maxsize=1 << 16)  # the same words stand in thousands of cells
def fold(text: str) -> str:
    """A text as it is compared: NFKC, dash variants and the damaged ">" unified, spaces collapsed, case dropped.

    What one cannot see is no part of it.
    """
    text = unicodedata.normalize("NFKC", text).translate(_ALIKE).replace("➤", ">")
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a code list, as the guideline words it."""

    code: str
    label: str
    sumber: str
    parent: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = ()  #: codes in another list, for example the tasks that a scope serves


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of the guideline. `labels` is what a dropdown offers."""

    name: str
    title: str
    sumber: str
    items: tuple[Item, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(item.label for item in self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def find(self, text: str) -> Item | None:
        """The item that `text` names, by label, alias or code; None when there is none."""
        return _index(self.name).get(fold(text))

    def __getitem__(self, code: str) -> Item:
        return next(item for item in self.items if item.code == code)


@cache
def _index(name: str) -> dict[str, Item]:
    """Items of the list of this name by what people type: labels first, then aliases, then codes."""
    items = lists()[name].items
    named = [(item.label, item) for item in items]
    named += [(alias, item) for item in items for alias in item.aliases]
    named += [(item.code, item) for item in items]
    found: dict[str, Item] = {}
    for text, item in named:
        found.setdefault(fold(text), item)
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """One column (or, on a label sheet, one labelled cell) of a table.

    `width` is in characters of the default font; `minimum` and `maximum` are in the column's own unit
    (rupiah, ISO date text for dates); `helper` columns stand outside the official form and may be absent.
    """

    name: str
    heading: str
    kind: str
    sumber: str
    list: str = ""
    width: float = 14
    hint: str = ""
    example: str = ""
    helper: bool = False
    aliases: tuple[str, ...] = ()
    minimum: float | str | None = None
    maximum: float | str | None = None
    min_length: int = 0
    pattern: str = ""
    group: str = ""  #: heading printed above this cell on a label sheet
    computed: bool = False  #: the workbook fills it by a formula; it is recomputed, never trusted
    blank_words: tuple[str, ...] = ()  #: texts that mean "no value" here ("seumur hidup")
    kinds: tuple[str, ...] = ()  #: workbooks that carry the column; empty = all that carry the table
    office: bool = False  #: office contacts or document numbers belong here: not searched for personal data


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and the words for when it does not.

    `sentence` and `remedy` may use {nilai}, {kolom} and {rincian}. `trial` rules ("uji coba") only warn.
    `case` tells apart several checks that the requirements give one code.
    """

    code: str
    level: str
    fact: str
    sentence: str
    remedy: str
    sumber: str
    column: str = ""
    case: str = ""
    item: str = ""  #: only for the row whose prefilled column names this item of its list
    meaning: str = ""
    example: str = ""
    wrong: str = ""
    trial: bool = False

    @property
    def key(self) -> str:
        """What a schema carries: unique, never a sentence."""
        return f"{self.code}:{self.case}" if self.case else self.code

    @property
    def effective_level(self) -> str:
        return "W" if self.trial and self.level == "E" else self.level


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the guideline: where it stands, what it holds, what must be true of it.

    `layout` is "tabel" (one heading row, data below) or "label" (one label per row, its cell at the right).
    `kinds` names the workbooks that carry it ("usulan", "induk"). `lines` are printed above the headings.
    `rows` is how many numbered rows the blank form offers; `prefilled` gives the fixed first column's list.
    A table that is `like` others takes over their columns and checks, so that no rule is typed twice: after its
    own, or before them where the other file says `first` (whose row it is).
    """

    name: str
    sheet: str
    title: str
    layout: str
    sumber: str
    kinds: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    lines: tuple[str, ...] = ()
    rows: int = 0
    end: str = ""  #: text in the first column that ends the numbered rows and is never data ("dst")
    prefilled: str = ""  #: column whose cells are given by its list (the ten elements, the four documents)
    stage: str = ""
    guide: str = ""  #: one sentence above the table for the person who fills it
    part_of: str = ""  #: its cells are printed in the lines of this other table ("Nama Lembaga:" of Lampiran 2)

    @property
    def stamp(self) -> str:
        """The text that marks the heading row, so that a table is found wherever it was moved."""
        return f"kmt:{self.name}"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def columns_in(self, kind: str) -> tuple[Column, ...]:
        """The columns that a workbook of this kind ("usulan", "induk") carries."""
        return tuple(column for column in self.columns if not column.kinds or kind in column.kinds)


@dataclass(frozen=True, slots=True)
class Former:
    """What templates of earlier `editions` had under another `text`, or, without one, did not have yet.

    It is about a sheet (by its present title), a column, an entry of a list, or only a printed sentence.
    """

    editions: tuple[str, ...]
    text: str = ""
    sheet: str = ""
    table: str = ""
    column: str = ""
    list: str = ""
    item: str = ""


def normalise_row(row: dict[str, Any]) -> dict[str, Any]:
    """TOML arrays as tuples, so that the frozen rows hash."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


@cache
def _load(folder: str) -> dict[str, dict[str, Any]]:
    """The files of a folder by name, as they stand; not to be changed."""
    found = {}
    for path in sorted(files("validation").joinpath(folder).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            found[path.name.removesuffix(".toml")] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def lists() -> dict[str, CodeList]:
    """Every code list by name, from `validation/lists/*.toml`."""
    return {
        name: CodeList(
            name=name,
            title=data["title"],
            sumber=data["sumber"],
            items=tuple(Item(**normalise_row({"sumber": data["sumber"], **row})) for row in data["item"]),
        )
        for name, data in _load("lists").items()
    }


@cache
def tables() -> dict[str, Table]:
    """Every table by name, from `validation/tables/*.toml`."""
    loaded = _load("tables")
    return {name: _table(name, data, loaded) for name, data in loaded.items() if "sheet" in data}


@cache
def former() -> dict[str, tuple[Former, ...]]:
    """What was otherwise in every earlier edition of which anything is known, by edition."""
    rows = [Former(**normalise_row(row)) for row in _load("tables")["edisi_lama"]["former"]]
    editions = sorted({edition for row in rows for edition in row.editions})
    return {edition: tuple(row for row in rows if edition in row.editions) for edition in editions}


@cache
def checks() -> tuple[Check, ...]:
    """Every check once, structure checks first, in the order of the files."""
    structure = (Check(**normalise_row(row)) for row in _load("tables")["struktur"]["check"])
    return tuple(dict.fromkeys([*structure, *(check for table in tables().values() for check in table.checks)]))


@cache
def checks_by_key() -> dict[str, Check]:
    """Every check by its key, the way a schema and a reader name it."""
    return {check.key: check for check in checks()}


def _table(name: str, data: dict[str, Any], loaded: dict[str, dict[str, Any]]) -> Table:
    head = {key: value for key, value in data.items() if key not in ("column", "check", "like")}
    taken = [loaded[other] for other in data.get("like", [])]
    sources = sorted([data, *taken], key=lambda source: (not source.get("first", False), source is not data))
    return Table(
        name=name,
        columns=tuple(
            column
            for source in sources
            for row in source.get("column", [])
            for column in _columns(row, source["sumber"])
        ),
        checks=tuple(
            Check(**normalise_row({"sumber": source["sumber"], **row}))
            for source in sources
            for row in source.get("check", [])
        ),
        **normalise_row(head),
    )


def _columns(row: dict[str, Any], sumber: str) -> Iterator[Column]:
    """One column, or one per item where a row says `each = "list"` (the ticks for scopes and types)."""
    row = {"sumber": sumber, **row}
    each = row.pop("each", "")
    if not each:
        yield Column(**normalise_row(row))
        return
    for item in lists()[each]:
        yield Column(
            **normalise_row({**row, "name": f"{row['name']}_{item.code}", "heading": item.label, "sumber": item.sumber})
        )
