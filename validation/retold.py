"""A finding in a partner's language: its check's words, its column, and what was computed for {nilai} and {rincian}.

What somebody typed is quoted as it was typed. The rules take the words they put around a value from here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from validation.contract import lists
from validation.findings import Finding
from validation.language import Language, Text
from validation.periods import MONTHS

#: The words around what a rule computed; {isi} is that.
STARTS: Final = Text(" Tanggal Mulai: {isi}.")
ISSUED: Final = Text(" Tanggal Terbit: {isi}.")
READINGS: Final = Text(" Kemungkinan bacaan: {isi}.")
MEANT: Final = Text(" Mungkin maksudnya: {isi}.")
ADD: Final = Text("Tambahkan {isi} pada")
TAKE: Final = Text("Kurangkan {isi} dari")
CODED: Final = Text(" (kode {isi})")
NUMBERED: Final = Text(" Menurut Nama Program, nomornya {isi}.")
WITHOUT: Final = Text("{isi} tanpa {sumber}")
_FRAMES: Final = (STARTS, ISSUED, READINGS, MEANT, ADD, TAKE, CODED, NUMBERED, WITHOUT)

#: What stands between two values.
_JOINTS: Final = (Text(" s.d. "), Text(" atau "), Text(" dan "))

_DAY: Final = re.compile(rf"((?:\d{{1,2}} )?)({'|'.join(MONTHS)})( \d{{4}})")
#: Checks whose {rincian} is what somebody typed.
_QUOTING: Final = frozenset({"LP-03:nama", "IN-03:berubah", "IN-05:hilang", "IN-05:hilang_akhir"})
_QUOTING_CODES: Final = ("RK-01", "ST-02", "ST-22", "ST-23", "ST-24")
#: The check whose {nilai} the reader worded.
_WORDED: Final = "ST-14"


def retold(finding: Finding, spoken: Language) -> Finding:
    """The finding with all its words in this language; the same one in the guideline's."""
    if spoken.home:
        return finding
    check = finding.check
    quoting = check.key in _QUOTING or check.code in _QUOTING_CODES
    return replace(
        finding,
        check=spoken.check(check),
        column=spoken.named(finding.column),
        value=_words(finding.value, spoken) if check.key == _WORDED else _value(finding, spoken),
        detail=finding.detail if quoting else _words(finding.detail, spoken),
    )


def _value(finding: Finding, spoken: Language) -> str:
    """A day that a cell holds, in words; an entry of a list in both languages; else as typed."""
    if finding.check.fact == "rule" and finding.value in _labels():
        return spoken.named(finding.value)
    return _one(finding.value, spoken) if _DAY.fullmatch(finding.value) else finding.value


def _words(text: str, spoken: Language) -> str:
    """What a rule or the reader computed: words of ours around values, or values alone."""
    for frame, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return spoken(frame).format_map({name: _words(part, spoken) for name, part in found.groupdict().items()})
    parts = re.split(f"({'|'.join(map(re.escape, _JOINTS))})", text)
    if ", " in text:
        return ", ".join(_words(part, spoken) for part in text.split(", "))
    return _one(text, spoken) if text in spoken.words else "".join(_one(part, spoken) for part in parts)


def _one(text: str, spoken: Language) -> str:
    """One value: an entry of a list in both languages, a word of ours, a day, or what needs no translation."""
    if text in _labels():
        return spoken.named(text)
    if day := _DAY.fullmatch(text):
        number, month, year = day.groups()
        return f"{number}{spoken.known(month)}{year}"
    return spoken.known(text)


@cache
def _labels() -> frozenset[str]:
    return frozenset(label for codes in lists().values() for label in codes.labels)


@cache
def _patterns() -> tuple[tuple[Text, re.Pattern[str]], ...]:
    return tuple((frame, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(frame)))) for frame in _FRAMES)
