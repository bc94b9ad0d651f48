"""The activities that a partner wrote into one cell of Lampiran 2, one by one (A-28). Standard library only."""

from __future__ import annotations

import re

#: "a. ", "1) ", "- " in front of an activity; "1.500" and "3.5" are numbers.
_MARK = re.compile(r"(?:[-–—•*]|\(?(?:[A-Za-z]|\d{1,2})[.)](?!\d))\s*")
_FIRST = re.compile(r"\(?([A-Za-z]|\d{1,2})[.)](?!\d)")


def activities(text: str) -> tuple[str, ...]:
    """Activities in the order written: one per line, or behind a. b. c., 1. 2. 3. or dashes, also on one line.

    A line without a mark below marked ones continues the one above; a lead-in that ends with a colon is none.
    """
    lines = [piece for line in text.splitlines() for piece in _listed(line.strip()) if piece]
    marked = any(_MARK.match(line) for line in lines)
    found: list[str] = []
    for line in lines:
        mark = _MARK.match(line)
        bare = line[mark.end() if mark else 0 :].strip(" ;,")
        if found and marked and not mark:
            found[-1] += f" {bare}"
        elif bare and not (marked and bare.endswith(":")):
            found.append(bare)
    return tuple(found)


def _listed(line: str) -> list[str]:
    """A line cut before every further mark of the list it begins: "a. X b. Y" gives "a. X" and "b. Y"."""
    first = _FIRST.match(line)
    if first is None:
        return [line]
    pieces: list[str] = []
    rest, label = line, first[1]
    while True:
        label = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
        cut = re.search(rf"(?<=[\s;,])\(?{re.escape(label)}[.)](?!\d)", rest)
        if cut is None:
            return [*pieces, rest]
        pieces.append(rest[: cut.start()].strip())
        rest = rest[cut.start() :]
