"""Hooks of mkdocs.yml: the pages of the site that are made while it is built, and the parts of its navigation.

Kamus Periksa is written from the checks themselves, one page for each group of codes, so that a person on the phone
can be read what a code means; the conditions of every stage from those that Jejak shows. Nothing of it is kept in the
repository.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from kemitraan_xl.book.catatan import check_rows
from kemitraan_xl.book.hasil_periksa import LEVEL_WORDS
from kemitraan_xl.pedoman.load import load
from validation.contract import LEVELS, checks, lists, tables

KAMUS: Final = "kamus"
STAGES: Final = "syarat-tahap.md"

_WHOLE: Final = "Seluruh berkas"
_PLACES: Final = {"L2": "Lampiran 2", "L3": "Lampiran 3"}
_STAGES_HEAD: Final = """# Syarat setiap tahap

Tahap sebuah kerja sama naik bila semua syaratnya terpenuhi. Lembar Jejak menunjukkan keadaannya untuk setiap kerja
sama, dan Beranda tiga syarat berikutnya. Sebagian syarat hanya berlaku untuk kerja sama tertentu; Jejak mengetahuinya.
"""
_INDEX_HEAD: Final = """# Kamus Periksa

Setiap temuan mempunyai kode, misalnya RK-10. Cari kodenya di kotak pencarian, atau buka kelompoknya di bawah ini.
Setiap kode menyebut artinya, apa yang harus dilakukan, contohnya, dan dasarnya dalam pedoman; bacakan apa adanya lewat
telepon.

Hurufnya ialah tingkatnya. E harus diperbaiki sebelum berkas diterima; dengan W dan I saja berkas tetap diterima.

| kelompok | lembar | kode |
|---|---|---|
"""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill the parts of the navigation that follow from folders and tables."""
    decisions = sorted(path.relative_to(config.docs_dir) for path in Path(config.docs_dir, "keputusan").glob("*.md"))
    filling = {
        "Kamus Periksa": [f"{KAMUS}/index.md", *(_address(group) for group in groups())],
        "Decisions": [path.as_posix() for path in decisions],
    }
    config.nav = _filled(config.nav or [], filling)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from the rules."""
    for address, text in (pages() | {STAGES: stages_page()}).items():
        files.append(File.generated(config, address, content=text))
    return files


def _filled(nav: Sequence[Any], filling: Mapping[str, Sequence[str]]) -> list[Any]:
    """The navigation, with every part named in `filling` replaced."""
    done: list[Any] = []
    for entry in nav:
        if not isinstance(entry, dict):
            done.append(entry)
            continue
        ((title, inside),) = entry.items()
        if title in filling:
            inside = list(filling[title])
        elif isinstance(inside, list):
            inside = _filled(inside, filling)
        done.append({title: inside})
    return done


# ---- the conditions of stages ---- #


def stages_page() -> str:
    """What must be there before a partnership leaves a stage, stage by stage."""
    parts = [_STAGES_HEAD]
    for stage in lists()["tahap"]:
        rows = [(one.label, one.sentence, one.sumber) for one in load().syarat if one.stage == stage.code]
        table = "".join(f"| {' | '.join(map(_text, row))} |\n" for row in rows)
        parts.append(f"\n## {stage.label}\n\n| syarat | bila belum | dasar |\n|---|---|---|\n{table}")
    return "".join(parts)


# ---- Kamus Periksa ---- #


class Entry(NamedTuple):
    """One check in words: as the sheet Kamus Periksa has it, with every sheet on which it is made."""

    code: str
    level: str
    sheets: tuple[str, ...]  #: those of partners first; none for what is about the whole file
    column: str
    meaning: str
    remedy: str
    source: str
    right: str
    wrong: str


def pages() -> dict[str, str]:
    """Every page by its address: the index, and one for each group of codes."""
    index = _INDEX_HEAD + "".join(_index_row(group, entries) for group, entries in groups().items())
    return {f"{KAMUS}/index.md": index} | {_address(group): _page(group, rows) for group, rows in groups().items()}


def groups() -> dict[str, list[Entry]]:
    """All checks by the letters of their codes."""
    sheets: dict[str, dict[str, None]] = defaultdict(dict)
    for table in sorted(tables().values(), key=lambda one: one.kinds == ("induk",)):
        for check in table.checks:
            sheets[check.key].setdefault(table.sheet)
    found: dict[str, list[Entry]] = defaultdict(list)
    for row, check in zip(check_rows(), sorted(checks(), key=lambda one: one.key), strict=True):
        code, level, _, column, meaning, _, remedy, source = row
        places = tuple(sheets[check.key])
        entry = Entry(code, level, places, column, meaning, remedy, source, check.example, check.wrong)
        found[code.partition("-")[0]].append(entry)
    return found


def _address(group: str) -> str:
    return f"{KAMUS}/{group.lower()}.md"


def _sheets(entries: Sequence[Entry]) -> str:
    return ", ".join(dict.fromkeys(sheet for entry in entries for sheet in entry.sheets or (_WHOLE,)))


def _index_row(group: str, entries: Sequence[Entry]) -> str:
    links = (f"[{code}]({group.lower()}.md#{code.lower()})" for code in dict.fromkeys(entry.code for entry in entries))
    return f"| {group} | {_sheets(entries)} | {', '.join(links)} |\n"


def _page(group: str, entries: Sequence[Entry]) -> str:
    parts = [f"# {group}: {_sheets(entries)}\n"]
    for code, cases in groupby(entries, key=lambda entry: entry.code):
        parts.append(f"## {code}\n")
        parts += [_case(entry) for entry in sorted(cases, key=lambda entry: LEVELS.index(entry.level))]
    return "\n".join(parts)


def _case(entry: Entry) -> str:
    """One check in the order in which one reads it out."""
    where = f"lembar {' atau '.join(entry.sheets)}" if entry.sheets else _WHOLE.lower()
    said = {
        "Apa artinya": _text(entry.meaning),
        "Apa yang harus dilakukan": _text(entry.remedy),
        "Contoh yang salah": _text(entry.wrong),
        "Contoh yang benar": _text(entry.right),
        "Dasar": _basis(entry.source),
    }
    head = f"**{LEVEL_WORDS[entry.level]}**, {where}{f', kolom {entry.column}' if entry.column else ''}\n"
    return "\n".join([head, *(f"- {label}: {words}" for label, words in said.items() if words), ""])


def _text(words: str) -> str:
    """Words on one line, in which no sign is taken for Markdown."""
    plain = escape(" ".join(words.split()), quote=False)
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]#|" else sign for sign in plain)


def _basis(source: str) -> str:
    """A place in the guideline in words; what the workbook itself asks for says so."""
    if source.startswith("A-"):
        return f"lembar Pengaturan, {source}"
    return f"pedoman, {_PLACES.get(source, source)}"
