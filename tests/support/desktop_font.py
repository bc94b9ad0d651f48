"""The font of cells in the simulated desktop; read from the first cell, written to all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.styles.fonts import Font as CellFont
from xlwings import base_classes, utils

from support import desktop_com, excel_looks

if TYPE_CHECKING:
    from support.desktop_range import Range


class Font(base_classes.Font):
    def __init__(self, cells: Range) -> None:
        self._cells = cells

    @property
    def api(self) -> CellFont:
        return self._cells.first.font

    @property
    def bold(self) -> bool:
        return bool(self.api.b)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._cells.restyle(excel_looks.font("b", bool(value)))

    @property
    def italic(self) -> bool:
        return bool(self.api.i)

    @italic.setter
    def italic(self, value: bool) -> None:
        self._cells.restyle(excel_looks.font("i", bool(value)))

    @property
    def size(self) -> float:
        return float(self.api.sz)

    @size.setter
    def size(self, value: float) -> None:
        self._cells.restyle(excel_looks.font("sz", value))

    @property
    def name(self) -> str:
        return str(self.api.name)

    @name.setter
    def name(self, value: str) -> None:
        self._cells.restyle(excel_looks.font("name", value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        color = self.api.color
        return utils.hex_to_rgb(f"#{color.rgb[-6:]}") if color is not None and color.type == "rgb" else None

    @color.setter
    def color(self, value: Any) -> None:
        self._cells.restyle(excel_looks.font("color", (desktop_com.as_hex(value) or "#000000").lstrip("#")))
