"""Finds what may identify a child in a text, so that it goes no further (II.A.4): numbers, addresses, names.

Numbers are known by how they are built or by the word in front of them, names only by the word in front. All
words stand in `pedoman/data_anak.toml`; docs/keputusan/0006 says why this is no ready-made engine. Standard
library and `validation` only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from kemitraan_xl.privacy_names import Span, any_of, names_in, words
from validation.numbers import is_nik
from validation.periods import MONTHS

MARK = "[disamarkan]"


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a text, by place, and the kind of data it is: a key of [jenis] in data_anak.toml."""

    kind: str
    start: int
    end: int


def kind_label(kind: str) -> str:
    """What a finding calls this kind of data."""
    return str(words()["jenis"][kind])


@lru_cache(maxsize=1 << 14)
def find(text: str) -> tuple[Hit, ...]:
    """Everything in a text that may identify a child, from left to right and never overlapping."""
    plain, places = _plain(text)
    found = [Hit("nama", *span) for span in names_in(plain)]
    if "@" in plain or _AT.search(plain):
        found += [Hit("surel", *match.span()) for match in _EMAIL.finditer(plain)]
    found += _numbers(plain, found)
    hits = _apart(found)
    return tuple(Hit(hit.kind, places[hit.start], places[hit.end - 1] + 1) for hit in hits) if places else tuple(hits)


def find_number(number: float) -> bool:
    """Whether a number in a cell is a NIK or KK; Excel keeps 15 of its 16 digits."""
    return abs(number) < 1e17 and is_nik(f"{number:.0f}")


def mask(text: str) -> str:
    """The text with a plain mark in place of every hit; masking again changes nothing."""
    while hits := find(text):
        for hit in reversed(hits):
            text = text[: hit.start] + MARK + text[hit.end :]
    return text


def mask_name(name: str) -> str:
    """The same for the name of a file or sheet, whose words may be joined by underscores."""
    masked = mask(name)
    spaced = masked.replace("_", " ")
    return mask(spaced) if find(spaced) else masked


def _apart(found: Iterable[Hit]) -> list[Hit]:
    """Hits that overlap become one."""
    apart: list[Hit] = []
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end)):
        if apart and hit.start < apart[-1].end:
            last = apart.pop()
            hit = Hit(last.kind, last.start, max(last.end, hit.end))
        apart.append(hit)
    return apart


# ---- the text as the patterns see it ---- #

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ODD = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "“”„"), '"'),
    **dict.fromkeys(map(ord, "‘’ʼ`´"), "'"),
}


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with everyday characters, and the places its characters come from if some were left out."""
    if text.isascii():
        return text, []
    places = [] if not _INVISIBLE.search(text) else [n for n, char in enumerate(text) if not _INVISIBLE.match(char)]
    shown = "".join(text[n] for n in places) if places else text
    return "".join(map(_everyday, shown.translate(_ODD))), places


def _everyday(char: str) -> str:
    if char.isascii():
        return char
    folded = unicodedata.normalize("NFKC", char)
    return " " if char.isspace() else folded if len(folded) == 1 else char


# ---- numbers and addresses ---- #

_FEWEST, _FEWEST_IN_NUMBERS = 4, 6  #: digits in anything that is looked for, in telephone numbers and longer ones
_DIGIT = re.compile(r"\d")
_AT = re.compile(r"[\[({](?:at|AT)[\])}]")
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[\[({](?:at|AT)[\])}]\s?)[\w-]+(?:\.[\w-]+)*(?:\.|\s?[\[({](?:dot|titik)[\])}]\s?)[^\W\d_][\w-]+"
)
_AKTA = re.compile(r"\b\d{4}-L[TU]-\d{8}-\d{4}\b", re.IGNORECASE)
_WHOLE = re.compile(r"(?<!\d)(?<!\d[.,])\d{16}(?!\d)")
_GROUPED = re.compile(r"(?<!\d)(?<!\d[ .-])\d(?:[ .-]?\d){15}(?![ .-]?\d)")
_SCIENTIFIC = re.compile(r"(?<![\d.,])(\d)[.,](\d{4,15})[eE]\+?15(?!\d)")
_MOBILE = re.compile(
    r"(?<![\d.,])\(?(?:\+?62\)?[ .-]{0,2}\(?0?|0)8[1-9]\d{0,2}\)?(?:\d*(?:[ -]{1,3}\d{2,})+|\d+|(?:\.\d{3,})+)(?!\d)"
)
_AREA = re.compile(r"\(0\d{2,3}\)[ .-]{0,2}\d{3,}(?:[ .-]\d+)*")
_PLACE = re.compile(r"(?: [A-Z][A-Za-z]+){1,2}(?:/\w+)?")
_YEARS = re.compile(r"(?:19|20)\d\d\D(?:19|20)\d\d")


def _numbers(text: str, names: Iterable[Hit]) -> list[Hit]:
    """All hits with digits in them. A date beside one of `names` is a birth date."""
    digits = len(_DIGIT.findall(text))
    if digits < _FEWEST:
        return []
    kinds = {"tanggal_lahir": _births}
    if digits >= _FEWEST_IN_NUMBERS:
        kinds |= {"identitas": _identities, "telepon": _phones}
    if "/" in text or "-" in text:
        kinds["nomor_perkara"] = _cases
    found = [Hit(kind, *span) for kind, search in kinds.items() for span in search(text)]
    for name in names:
        date = _patterns()["beside"].match(text, name.end)
        if date and name.kind == "nama":
            found.append(Hit("tanggal_lahir", *date.span("date")))
    return found


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The patterns that begin with words of data_anak.toml."""
    rows = words()
    own, phone, birth, case = rows["identitas"], rows["telepon"], rows["lahir"], rows["perkara"]
    months = any_of((month[:3] for month in MONTHS), birth["bulan_lain"])
    date = rf"(?P<date>\d{{1,2}}[ ./-](?:\d{{1,2}}|{months}[a-z]*\.?)[ ./-](?:\d{{4}}|\d\d)(?!\d)|\d{{4}}-\d\d-\d\d)"
    gap = rf"[\s:.=()/-]*(?:{any_of(own['sela'])}\b[\s:.=()/-]*){{0,3}}"
    bound = rf"(?:(?!\b{any_of(birth['batas'])}\b)[^;\n\d])"
    token = r"(?P<token>\w[\w.]*(?:\s?[/-]\s?[\w.]*\w)+)"
    mark, about = any_of(case["penanda"]), any_of(case["isyarat"])
    texts = {
        "long": rf"\b{any_of(own['isyarat'])}\b{gap}(?P<number>\d(?:[ .-]?\d){{11,17}})(?!\d)",
        "short": rf"\b{any_of(own['isyarat_pendek'])}\b{gap}(?P<number>[A-Z]{{0,2}}\d(?:[ .-]?\d){{6,17}})(?!\d)",
        "unlike": rf"\b{any_of(own['bukan'])}\b[^;\n]*$",
        "phone": rf"\b{any_of(phone['isyarat'])}\b(?P<gap>[^\d+(;\n]{{0,25}})(?P<number>\(?\+?\d[\d ().-]{{5,18}}\d)",
        "birth": rf"\b{any_of(birth['isyarat'])}\b{bound}{{0,40}}?{date}",
        "unborn": rf"\b{any_of(birth['bukan'])}(?:nya)?\b(?:\s+\w+){{0,2}}\s+$",
        "beside": rf"\s?[,(/]\s?{date}",
        "police": rf"\b{any_of(case['kepolisian'])}\s?[/-]\s?[\w.]+(?:\s?[/-]\s?[\w.]+){{2,}}",
        "court": rf"\b\d{{1,5}}\s?(?:[/-]|\s(?:K|PK)/)\s?{any_of(case['jenis_perkara'])}\b[\w.-]*\s?[/-]\s?"
        rf"(?:[A-Z]\w*\s?[/-]\s?)?\d{{4}}(?:\s?[/-]\s?{any_of(case['kantor'])}\b(?:\.\s?\w+)?)?",
        "case": rf"\b{about}\b[^.;\n\d]{{0,15}}?\b{mark}\b\W{{0,3}}{token}"
        rf"|\b{mark}\b\.?\s+(?:\w+\s+)?{about}\b(?:\s+[a-z]+)??\W{{0,3}}{token.replace('token', 'other')}",
        "office": rf"{any_of(case['kantor'])}$",
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in texts.items()}


def _is_grouped(number: str) -> bool:
    """Breaks as people make them in a NIK: after six digits, before the last four, or by fours; never a date's."""
    ends = {sum(char.isdigit() for char in number[: gap.start()]) for gap in re.finditer(r"\D", number)}
    return ends <= {4, 8, 12} or 6 in ends


def _identities(text: str) -> Iterator[Span]:
    patterns = _patterns()
    for name in ("long", "short"):
        for match in patterns[name].finditer(text):
            if not _YEARS.fullmatch(match["number"]):
                yield match.span("number")
    yield from (match.span() for match in _AKTA.finditer(text))
    for match in (*_WHOLE.finditer(text), *_GROUPED.finditer(text)):
        before = text[max(0, match.start() - 30) : match.start()]
        if is_nik(_digits(match[0])) and _is_grouped(match[0]) and not patterns["unlike"].search(before):
            yield match.span()
    for match in _SCIENTIFIC.finditer(text):
        if is_nik((match[1] + match[2]).ljust(16, "0")):
            yield match.span()


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _national(number: str) -> str:
    """A telephone number from its 0 on."""
    digits = _digits(number)
    if digits.startswith("62"):
        digits = "0" + digits[2:].lstrip("0")
    return digits


def _phones(text: str) -> Iterator[Span]:
    public = set(words()["telepon"]["layanan"])
    for match in _MOBILE.finditer(text):
        if 10 <= len(_national(match[0])) <= 14 and _national(match[0]) not in public:
            yield match.span()
    yield from (match.span() for match in _AREA.finditer(text) if 8 <= len(_digits(match[0])) <= 13)
    for match in _patterns()["phone"].finditer(text):
        number = match["number"]
        digits = _national(number)
        near = len(match["gap"]) <= 3 and digits[0] in "23456789"
        led = digits[0] == "0" or (digits[0] == "8" and len(digits) >= 9)
        if 6 <= len(digits) <= 14 and (near or led) and not _YEARS.match(number) and digits not in public:
            yield match.span("number")


def _births(text: str) -> Iterator[Span]:
    for match in _patterns()["birth"].finditer(text):
        if not _patterns()["unborn"].search(text[max(0, match.start() - 40) : match.start()]):
            yield match.span("date")


def _cases(text: str) -> Iterator[Span]:
    patterns = _patterns()
    for name in ("police", "court"):
        for match in patterns[name].finditer(text):
            if _DIGIT.search(match[0]):
                yield match.start(), _with_place(text, match.end())
    for match in patterns["case"].finditer(text):
        token = match["token"] or match["other"]
        if _DIGIT.search(token) and len(token) > 4 and not re.fullmatch(r"\d{4}\s?[/-]\s?\d{4}", token):
            yield match.span("token" if match["token"] else "other")


def _with_place(text: str, end: int) -> int:
    """The end of a case number with the places of the courts or police offices it ends in."""
    while (place := _PLACE.match(text, end)) and _patterns()["office"].search(text[:end]):
        end = place.end()
    return end
