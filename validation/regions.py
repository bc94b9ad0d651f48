"""Which provinces a place named in free text lies in. Standard library only."""

from __future__ import annotations

import re
from functools import cache

from validation.contract import fold, lists

#: Places that name no single province but are understood all the same.
_EVERYWHERE = ("nasional", "seluruh indonesia", "seluruh provinsi", "daring", "luar negeri", "internasional")


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern over every region's name, and the province code by folded name."""
    codes: dict[str, str] = {}
    for district in lists()["kabkota"]:
        codes[fold(district.label)] = district.parent
        bare = fold(district.label).removeprefix("kabupaten ").removeprefix("kota ")
        codes.setdefault(bare, district.parent)
        codes.setdefault(f"kab. {bare}", district.parent)
        codes.setdefault(f"kab {bare}", district.parent)
    for province in lists()["provinsi"]:
        for name in (province.label, *province.aliases):
            codes[fold(name)] = province.code
    longest_first = sorted(codes, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)"), codes


@cache
def provinces_in(text: str) -> frozenset[str] | None:
    """Codes of the provinces that `text` names, itself or by a regency; None when nothing is recognised.

    An empty set means a place above the provinces ("Nasional"). A province named in full outweighs a
    regency's name that occurs in several provinces.
    """
    pattern, codes = _names()
    folded = fold(text)
    found = [match.group() for match in pattern.finditer(folded)]
    named = {code for name in found if (code := codes[name]) and lists()["provinsi"].find(name)}
    if named:
        return frozenset(named)
    if found:
        return frozenset(codes[name] for name in found)
    return frozenset() if any(word in folded for word in _EVERYWHERE) else None
