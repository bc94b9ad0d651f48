"""What each script in `pembanding/` is and which duties it drops, from the docstring that it begins with."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "pembanding"


class Peer(NamedTuple):
    """One script: its first line, and the duties named after `Drops:`."""

    text: str
    drops: tuple[str, ...]


def peers() -> dict[str, Peer]:
    """Every script by name; those that begin with _ are what they share."""
    return {path.stem: _peer(path) for path in sorted(FOLDER.glob("[!_]*.py"))}


def _peer(path: Path) -> Peer:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    text, _, rest = doc.partition("\n\n")
    drops = " ".join(rest.split()).removeprefix("Drops: ").removesuffix(".")
    return Peer(text.removesuffix("."), tuple(drops.split("; ")))
