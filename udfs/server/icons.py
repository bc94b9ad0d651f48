"""The pictures of macros as PNG, drawn from the strokes in icons.toml. Standard library only."""

from __future__ import annotations

import math
import struct
import tomllib
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

#: Sizes in pixels that a manifest asks for: ribbon, and the add-in itself.
SIZES: Final = (16, 32, 64, 80)

_FIELD: Final = 32
_PEN: Final = 1.3  #: half the width of a stroke on the field
_COLOUR: Final = bytes((0x1D, 0x4E, 0x89))
_CORNERS: Final = 24  #: a circle is drawn with so many

_Stroke = tuple[tuple[float, float], ...]


@cache
def png(name: str, size: int) -> bytes | None:
    """The picture of a macro in a square of `size` pixels; None for a size that nobody needs."""
    if size not in SIZES:
        return None
    strokes = _strokes().get(name) or _strokes()["panel"]
    segments = [pair for stroke in strokes for pair in zip(stroke, (*stroke[1:], stroke[-1]), strict=True)]
    scale = _FIELD / size
    pen = max(_PEN, 0.75 * scale)  # never thinner than one and a half pixels
    rows = bytearray()
    for y in range(size):
        rows.append(0)  # PNG filter of the row: none
        for x in range(size):
            point = ((x + 0.5) * scale, (y + 0.5) * scale)
            distance = min(_distance(point, *segment) for segment in segments)
            cover = min(1.0, max(0.0, (pen - distance) / scale + 0.5))
            rows += _COLOUR + bytes((round(255 * cover),))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def drawn() -> frozenset[str]:
    """Names that have a picture of their own."""
    return frozenset(_strokes())


@cache
def _strokes() -> dict[str, tuple[_Stroke, ...]]:
    text = Path(__file__).with_name("icons.toml").read_text(encoding="utf-8")
    return {name: tuple(map(_stroke, lines)) for name, lines in tomllib.loads(text).items()}


def _stroke(line: str) -> _Stroke:
    if line.startswith("o "):
        x, y, radius = map(float, line.removeprefix("o ").split(","))
        return tuple(_circle(x, y, radius))
    points = (point.split(",") for point in line.split())
    return tuple((float(x), float(y)) for x, y in points)


def _circle(x: float, y: float, radius: float) -> Iterator[tuple[float, float]]:
    for corner in range(_CORNERS + 1):
        angle = 2 * math.pi * corner / _CORNERS
        yield x + radius * math.cos(angle), y + radius * math.sin(angle)


def _distance(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """From a point to the nearest of a segment."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
