"""A sheet whose XML is spelled in another way than programs write it, spelled as they do.

XML may put a prefix before every name, a single quote around every value, spaces around every equals sign. What
searches bytes for `name="value"` gets such a sheet from here. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from xml.parsers import expat

from kemitraan_xl.intake.refusal import Refused

MAX_SIZE = 4 << 20  #: bytes; what is larger comes from one of the programs that spell as expected
MAX_DEPTH = 64
MAX_ATTRIBUTES = 256

#: What would be a plain space once it is read again.
_SPACES = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def respelled(part: bytes) -> bytes:
    """The same XML, every attribute as `name="value"`, without prefixes of elements, comments and CDATA."""
    if len(part) > MAX_SIZE:
        raise Refused("unsafe", "ejaan XML")
    writer = _Writer()
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise Refused("damaged") from None
    return "".join(writer.pieces).encode()


class _Writer:
    """The pieces of the text so far."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.depth = 0
        self.opened = False  #: nothing has come since the last start

    def start(self, name: str, attributes: Sequence[str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH or len(attributes) > 2 * MAX_ATTRIBUTES:
            raise Refused("unsafe", "ejaan XML")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        said = "".join(f' {key}="{escape(value).translate(_SPACES)}"' for key, value in pairs)
        self.pieces.append(f"<{name.rpartition(':')[2]}{said}>")
        self.opened = True

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.opened:
            self.pieces[-1] = f"{self.pieces[-1][:-1]}/>"
        else:
            self.pieces.append(f"</{name.rpartition(':')[2]}>")
        self.opened = False

    def text(self, text: str) -> None:
        self.pieces.append(escape(text, quote=False))
        self.opened = False
