"""How big a risk is and how grave: kemungkinan and dampak to besaran and tingkat (III.F.3, A-21).

Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass

from kemitraan_xl.pedoman.model import Band, Pedoman, Settings


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """Besaran and tingkat of one risk, by label. `raised` when the child-safety rule lifted `base_level`."""

    size: int
    level: str
    raised: bool
    base_level: str


def size(kemungkinan: object, dampak: object, pedoman: Pedoman, settings: Settings) -> int | None:
    """Besaran risiko of two steps 1 to 5; None while a step is missing or is no whole number of the scale."""
    row, column = _step(kemungkinan, pedoman), _step(dampak, pedoman)
    if row is None or column is None:
        return None
    return row * column if settings["A-21"] == "hasil_kali" else pedoman.risiko.cells[row - 1][column - 1]


def level(
    kemungkinan: object, dampak: object, jenis: str | None, pedoman: Pedoman, settings: Settings
) -> RiskLevel | None:
    """Tingkat risiko, with the child-safety rule unless it is switched off (A-21b); None without a size."""
    besaran = size(kemungkinan, dampak, pedoman, settings)
    if besaran is None:
        return None
    risiko = pedoman.risiko
    base = _band(besaran, risiko.product_bands if settings["A-21"] == "hasil_kali" else risiko.bands)
    rule = risiko.child_safety
    raised = (
        settings["A-21b"] == "ya"
        and jenis == rule.jenis
        and _step(dampak, pedoman) in range(rule.impact, risiko.steps + 1)
        and base.order < rule.floor.order
    )
    return RiskLevel(besaran, rule.floor.label if raised else base.label, raised, base.label)


def _step(value: object, pedoman: Pedoman) -> int | None:
    """A step of the scale as a whole number; a spreadsheet hands over 4.0 where a person typed 4."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not float(value).is_integer():
        return None
    return int(value) if 1 <= value <= pedoman.risiko.steps else None


def _band(besaran: int, bands: tuple[Band, ...]) -> Band:
    return next(band for band in bands if band.lower <= besaran <= band.upper)
