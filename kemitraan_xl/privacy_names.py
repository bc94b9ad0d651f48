"""Finds names and initials of children in a text, only after words that announce one ("anak bernama", "a.n.").

The words are rows of `pedoman/data_anak.toml`. A text comes as `privacy` prepares it: straight quotes, plain
dashes and spaces. Standard library and `validation` only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from validation.contract import fold, lists

Span = tuple[int, int]

_WORD = re.compile(r"[^\W\d_](?:\.(?=\s?[^\W\d_])|[\w'-]*)")
_INITIALS = re.compile(r"(?:[A-Z](?:\. ?[A-Z]){1,3}|[A-Z]{1,3})\b\.?(?!['\w]| [A-Z][a-z])")
_SMALL_INITIALS = re.compile(r"[a-z]{1,3}(?=\s*[(,])")
_LEAD = r"\s*[:=]?\s*[\"'(]*\s*"
_NUMBERED = r"(?<!\d)\d{16}"  #: a name may stand beside a NIK
_DIGITS = re.compile(r"\d{16}")
_LONGEST = 6  #: words of a name
_TELLING = 4  #: letters from which a part of a name is looked for in the rest of the text


@cache
def words() -> dict[str, Any]:
    """The rows of data_anak.toml."""
    path = files("kemitraan_xl").joinpath("pedoman", "data_anak.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def any_of(*groups: Iterable[str]) -> str:
    """A pattern for any of these words or phrases, the longest first."""
    ordered = sorted({word for group in groups for word in group}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(re.escape(word).replace(chr(92) + ' ', chr(92) + 's+') for word in ordered)})"


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that announce a name, and what must hold of the name behind them."""

    pattern: re.Pattern[str]
    initials: bool = False  #: initials may follow
    announced: bool = False  #: initials must follow, so that even "RA" is no school
    needs_age: bool = False
    needs_known: bool = False
    weak: bool = False  #: the name must be known, or an age must follow
    thing: bool = False  #: it may be a thing that has the name
    unless: re.Pattern[str] | None = None  #: what must not stand shortly before


@cache
def _cues() -> tuple[_Cue, ...]:
    rows = words()["nama"]
    person, address = any_of(rows["orang"], rows["orang_umum"]), any_of(rows["sapaan"])
    english, full_name = any_of(rows["orang_inggris"]), any_of(rows["nama_inggris"])
    that = rf"(?:\s+{any_of(rows['tunjuk'])}\b)?\s*,?"

    def cue(pattern: str, **asked: Any) -> _Cue:
        return _Cue(re.compile(pattern + _LEAD, re.IGNORECASE), **asked)

    before_ananda = re.compile(rf"\b{any_of(rows['benda'])}\s*$", re.IGNORECASE)
    no_person = re.compile(rf"\b{any_of(rows['bukan_atas_nama'])}\b", re.IGNORECASE)
    return (
        cue(rf"\b{any_of(rows['inisial'])}\b(?:\s+{person}\b)?", initials=True, announced=True),
        cue(rf"\b{person}\b[^.;:!?\n]{{0,30}}?\bbernama\b(?:\s+lengkap\b)?", initials=True, thing=True),
        cue(rf"\bnama(?:\s+(?:lengkap|asli|{person})\b)+\s*(?:[:=]|\b(?:adalah|ialah|yaitu)\b)", initials=True),
        cue(rf"\b{english}\s*,?\s*{any_of(rows['bernama_inggris'])}\b", initials=True),
        cue(rf"\b{english}(?:'s)?\s+{full_name}\s*(?:[:=]|\bis\b)", initials=True),
        cue(rf"\b{full_name}\s+of\s+(?:the\s+|a\s+)?{english}\s*(?:[:=]|\bis\b)", initials=True),
        cue(r"\b(?:nama|identitas)\s*:", needs_age=True),
        cue(rf"(?<!\w){any_of(rows['atas_nama'])}(?![\w.])", unless=no_person),
        cue(r"\bananda\b", unless=before_ananda),
        cue(rf"\b{any_of(rows['panggilan'])}\b"),
        cue(rf"\b{any_of(rows['keturunan'])}\s+(?:dari\s+)?{address}\b\.?"),
        cue(rf"\b{any_of(rows['orang'], ['an'])}\b{that}", initials=True, weak=True),
        cue(rf"\b{any_of(rows['orang_umum'])}\b{that}", initials=True, weak=True, needs_age=True),
        cue(rf"\b{any_of(rows['tujuan'])}\b", needs_age=True, needs_known=True),
        cue(rf"\b{any_of(rows['kasus'])}\b", weak=True),
        cue(rf"{_NUMBERED}\s*[-,;/]?", weak=True),
    )


@cache
def _hints() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What every text with an announced name holds, in small letters: a sure sign, or a cue and a word behind it."""
    rows = words()["nama"]
    fixed, english = ["nama", "bernama", "ananda", "identitas"], [*rows["bernama_inggris"], *rows["nama_inggris"]]
    sure = any_of(fixed, english, rows["inisial"], rows["atas_nama"], rows["panggilan"])
    parents = rf"{any_of(rows['keturunan'])}\s+(?:dari\s+)?{any_of(rows['sapaan'])}\b"
    weak = any_of(rows["orang"], rows["orang_umum"], rows["tujuan"], rows["kasus"], rows["tunjuk"], ["an"])
    return re.compile(rf"\b(?:{sure}|{parents})|{_NUMBERED}"), re.compile(rf"\b{weak}\W{{1,4}}(?=(?P<word>\w+))")


@cache
def _stems() -> tuple[str, ...]:
    """Beginnings of the cue words, as few as will do."""
    rows = words()["nama"]
    groups = ["orang", "orang_umum", "tujuan", "kasus", "inisial", "atas_nama", "panggilan", "keturunan"]
    groups.append("orang_inggris")
    stems = {word for group in groups for word in rows[group]} | {"nama", "ananda", "identitas", "an "}
    return tuple(stem for stem in stems if not any(other in stem for other in stems - {stem}))


def _may_announce(text: str) -> bool:
    """Whether it is worth looking closer: most texts hold no announced name, and this is quick."""
    small = text.lower()
    if not any(stem in small for stem in _stems()) and not _DIGITS.search(small):
        return False
    sure, cue = _hints()
    if len(small) != len(text) or sure.search(small):
        return True
    return any(text[m.start("word")].isupper() or m["word"] in _set("umum") for m in cue.finditer(small))


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(words()["nama"][name])


@cache
def _regions() -> frozenset[str]:
    """Names of provinces, regencies and cities, folded."""
    named = (item for name in ("provinsi", "kabkota") for item in lists()[name])
    return frozenset(fold(text) for item in named for text in (item.label, *item.aliases))


def names_in(text: str) -> Iterator[Span]:
    """Where announced names and initials stand, and where parts of those names stand again."""
    if not _may_announce(text):
        return
    found = {span for cue in _cues() for match in cue.pattern.finditer(text) for span in _announced(text, cue, match)}
    yield from found
    parts = {part for start, end in found for part in _WORD.findall(text[start:end]) if len(part) >= _TELLING}
    for word in _WORD.finditer(text) if parts else ():
        if word[0] in parts and fold(word[0]) not in _set("bukan"):
            yield word.span()


def _announced(text: str, cue: _Cue, match: re.Match[str]) -> Iterator[Span]:
    """The name behind a cue, and the others of a list ("A, B dan C")."""
    if cue.unless and cue.unless.search(text[max(0, match.start() - 30) : match.start()]):
        return
    span = _name_at(text, match.end(), cue)
    if span is None or not _holds(text, cue, match, span) or _invented(text, span[1]):
        return
    yield span
    while further := _connector().match(text, _after_age(text, span[1])):
        loose = _Cue(cue.pattern, initials=cue.initials, weak="dan" not in further[0] or cue.weak)
        span = _name_at(text, further.end(), loose)
        if span is None or not _known(text, loose, span):
            return
        yield span


@cache
def _connector() -> re.Pattern[str]:
    kinds = any_of(words()["nama"]["orang"], ["ananda", "si"])
    return re.compile(rf"\W{{0,2}}\s*(?:,\s*|\s+&\s+|/\s*|\b(?:dan|serta)\s+)(?:{kinds}\s+)?", re.IGNORECASE)


@cache
def _age() -> re.Pattern[str]:
    """What stands behind the name of a child: an age, or where its own data begin."""
    rows = words()["nama"]
    return re.compile(
        rf"\W{{0,3}}(?:(?:{any_of(rows['usia'])}\s*)?\d{{1,2}}(?![\d.]|\s*-\s*\d)"
        rf"(?:\s*{any_of(rows['tahun'])}\b(?!\s+{any_of(rows['bukan_usia'])})|\s*\))|{any_of(rows['lanjutan'])}\b)",
        re.IGNORECASE,
    )


def _after_age(text: str, end: int) -> int:
    age = _age().match(text, end)
    return age.end() if age else end


# ---- what a name looks like ---- #


def _name_at(text: str, start: int, cue: _Cue) -> Span | None:
    """The name or the initials that begin here."""
    if cue.initials:
        initials = _INITIALS.match(text, start) or (None if cue.weak else _SMALL_INITIALS.match(text, start))
        plain = re.sub(r"[. ]", "", fold(initials[0])) if initials else ""
        if initials and (cue.announced or plain not in _set("bukan")):
            return start, max(initials.end(), _name_end(text, start))
    end = _name_end(text, start)
    return (start, end) if any(len(part) > 2 for part in _WORD.findall(text[start:end])) else None


def _name_end(text: str, start: int) -> int:
    """Where the words of the name that begins here end."""
    end, spot, count = start, start, 0
    while count < _LONGEST and (word := _WORD.match(text, spot)):
        plain = fold(word[0].strip("."))
        address = plain in _set("sapaan") and count == 0
        joins = plain in _set("penghubung") and count
        if not (address or joins or _is_name(word[0], plain)):
            break
        spot = word.end()
        if address:  # "An. Budi": the name is what follows
            spot += text.startswith(".", spot)
        elif not joins:
            end, count = word.end(), count + 1
        spot += len(text[spot : spot + 2]) - len(text[spot : spot + 2].lstrip(" "))
    return end


def _is_name(word: str, plain: str) -> bool:
    """A capital, or a name that is known however it is written."""
    return plain not in _set("bukan") and (word[0].isupper() or plain in _set("umum"))


# ---- whether it is one ---- #


def _holds(text: str, cue: _Cue, match: re.Match[str], span: Span) -> bool:
    if (cue.needs_age and not _age().match(text, span[1])) or (cue.needs_known and not _is_known(text, span)):
        return False
    if cue.thing and _of_a_thing(text[: match.start()]) and not _is_known(text, span):
        return False
    if cue.weak and match[0][0].isupper() and not _age().match(text, span[1]) and _thing_before(text[: match.start()]):
        return False
    return _known(text, cue, span)


def _known(text: str, cue: _Cue, span: Span) -> bool:
    """Behind a weak cue a name must be a known one or have an age; a region never is one."""
    if not cue.weak:
        return True
    if fold(text[slice(*span)]) in _regions():
        return False
    return _is_known(text, span) or bool(_age().match(text, span[1]))


def _is_known(text: str, span: Span) -> bool:
    first = _WORD.match(text, span[0])
    return first is not None and fold(first[0]) in _set("umum")


@cache
def _things() -> tuple[re.Pattern[str], re.Pattern[str]]:
    things = any_of(words()["nama"]["benda"])
    return (
        re.compile(rf"\b{things}\s+(?:\w+\s+)?$", re.IGNORECASE),
        re.compile(rf"\b{things}\s+(?:\w+\s+){{0,3}}$", re.IGNORECASE),
    )


def _of_a_thing(before: str) -> bool:
    return bool(_things()[0].search(before[-60:]))


def _thing_before(before: str) -> bool:
    return bool(_things()[1].search(before[-60:]))


@cache
def _samaran() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,4}}(?:nama\s+)?{any_of(words()['nama']['samaran'])}", re.IGNORECASE)


def _invented(text: str, end: int) -> bool:
    """The writer says that the name is not the true one."""
    return bool(_samaran().match(text, end))
