"""The language a partner is spoken to: every text that a partner sees, looked up by its Indonesian.

The Indonesian text is the key (docs/keputusan/0017). It stands where it is used and nowhere else, in the row of a
table or as a `Text` in the module that shows it, so that a text that is changed loses its translation instead of
keeping an old one; tests/test_bahasa.py says which is missing and which is no longer used. Standard library only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, Final, NewType

from validation.contract import Check, CodeList, Column, Table, fold, lists

#: A text written in a module for a partner to see; each one has its translation.
Text = NewType("Text", str)

HOME: Final = "id"  #: the language of the guideline, which needs no catalogue
_JOINT: Final = " / "  #: between the Indonesian and its translation, where a cell has both
_BELOW: Final = "\n"  #: the same in a heading or label, whose first line is the official one
_FOLDER: Final = files("validation").joinpath("bahasa")


def official(heading: str) -> str:
    """A heading without its translation."""
    return heading.partition(_BELOW)[0]


def own(heading: str) -> str:
    """What a heading is called in the language of its workbook."""
    return heading.rpartition(_BELOW)[2]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language; in that of the guideline nothing is looked up."""

    code: str
    words: Mapping[str, str]

    @property
    def home(self) -> bool:
        return self.code == HOME

    def __call__(self, text: Text) -> str:
        """What a module says, in this language."""
        return self.of(text)

    def of(self, text: str) -> str:
        """A text of the contract; what has no letters is the same everywhere. KeyError where a test was not run."""
        return self.words[text] if not self.home and any(map(str.isalpha, text)) else text

    def known(self, text: str) -> str:
        """A text that may also be somebody's own, which then stays as it is."""
        return self.words.get(text, text)

    def beside(self, text: str, joint: str = _JOINT) -> str:
        """The Indonesian and then its translation; once where both are the same."""
        said = self.of(text)
        return text if said == text else f"{text}{joint}{said}"

    def heading(self, text: str) -> str:
        """A heading or label, with its translation below it."""
        return self.beside(text, _BELOW)

    def named(self, text: str) -> str:
        """As `beside`, of a name that may also be somebody's own."""
        return self.beside(text) if text in self.words else text

    # ---- the contract ---- #

    def table(self, table: Table, kind: str) -> Table:
        """The table as a workbook of this kind prints it: official words stay, their translation is beside them."""
        if self.home:
            return table
        return replace(
            table,
            title=self.beside(table.title),
            lines=tuple(map(self.beside, table.lines)),
            guide=self.of(table.guide),
            columns=tuple(map(self._column, table.columns_in(kind))),
        )

    def _column(self, column: Column) -> Column:
        head, _, _ = column.group.partition(" (")
        return replace(
            column,
            heading=self.heading(column.heading),
            hint=self.of(column.hint),
            example=self.of(column.example),
            group=f"{head}{_JOINT}{self.of(column.group)}" if column.group else "",
        )

    def codes(self, codes: CodeList) -> CodeList:
        """The list as a workbook offers it, where each entry may also be typed in one of the two languages alone."""
        if self.home:
            return codes
        items = (
            replace(item, label=self.beside(item.label), aliases=(item.label, self.of(item.label), *item.aliases))
            for item in codes
        )
        return replace(codes, items=tuple(items))

    def check(self, check: Check) -> Check:
        """The check with its words in this language."""
        return replace(
            check,
            sentence=self.of(check.sentence),
            remedy=self.of(check.remedy),
            meaning=self.of(check.meaning),
            example=self.of(check.example),
        )

    def rows(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows of a table with the entries of its lists as `codes` words them."""
        listed = {column.name: lists()[column.list].labels for column in table.columns if column.list}
        return [
            {name: self.named(cell) if cell in listed.get(name, ()) else cell for name, cell in row.items()}
            for row in rows
        ]

    def unpaired(self, cell: str) -> str:
        """Excel text for the Indonesian in a cell that holds an entry of a list in both languages, or in it alone."""
        return cell if self.home else f'LEFT({cell},FIND("{_JOINT}",{cell}&"{_JOINT}")-1)'


@cache
def language(code: str) -> Language:
    """The language of this code; that of the guideline where there is none."""
    if code == HOME or code not in languages():
        return Language(HOME, MappingProxyType({}))
    words = (tomllib.loads(path.read_text(encoding="utf-8")) for path in catalogue(code))
    return Language(code, {text: said for part in words for text, said in part.items()})


def catalogue(code: str = "") -> list[Traversable]:
    """The files with the words of a language, or of all, by name."""
    folders = [_FOLDER.joinpath(one) for one in ([code] if code else languages()[1:])]
    parts = [path for folder in folders for path in sorted(folder.iterdir(), key=lambda path: path.name)]
    return [path for path in parts if path.name.endswith(".toml")]


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages, that of the guideline first."""
    return HOME, *sorted(path.name for path in _FOLDER.iterdir() if path.is_dir())


def at_home(codes: str, text: str) -> str:
    """An entry of a list in the guideline's words, where it is named in both languages or by its translation alone.

    Behind the Indonesian may also stand a translation that was issued once and changed since, but no other entry.
    """
    words = _home_words(codes)
    label, _, said = text.partition(_JOINT)
    if fold(text) in words:
        return words[fold(text)]
    other = fold(said) in words or lists()[codes].find(said) is not None
    return label if label in lists()[codes].labels and not other else text


@cache
def _home_words(codes: str) -> Mapping[str, str]:
    """The Indonesian label, by whatever a list calls its entries in any other language (as compared)."""
    others = [language(code) for code in languages()[1:]]
    named = [(one, label) for one in others for label in lists()[codes].labels if label in one.words]
    return {fold(text): label for one, label in named for text in (one.beside(label), one.of(label))}


INDONESIAN: Final = language(HOME)
