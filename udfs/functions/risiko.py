"""The risk matrix in a cell (III.F.3)."""

from __future__ import annotations

from typing import Any, Final

from kemitraan_xl import risk
from kemitraan_xl.pedoman.load import load
from udfs.cells import CellFault, as_choice, as_step, each, settings_in
from udfs.functions.penilaian import PENGATURAN
from udfs.registry import function
from validation.contract import lists

_STEPS: Final = {
    "kemungkinan": "Kemungkinan 1 sampai 5, atau sebutannya.",
    "dampak": "Skala Dampak 1 sampai 5, atau sebutannya.",
}


@function(
    help="Besaran risiko dari kemungkinan dan dampak menurut matriks 5 x 5.",
    arguments={**_STEPS, **PENGATURAN},
    example=((4, 3), 16),
)
def kmt_besaran_risiko(kemungkinan: Any, dampak: Any, pengaturan: Any = None) -> Any:
    """The size of a risk, for every pair of cells."""
    settings = settings_in(pengaturan)
    return each(lambda *cells: risk.size(*_steps(*cells), load(), settings), kemungkinan, dampak)


@function(
    help="Tingkat risiko dari kemungkinan dan dampak; risiko keselamatan anak dengan dampak besar sedikitnya Tinggi.",
    arguments={**_STEPS, "jenis": "Boleh dikosongkan: Jenis Risiko, misalnya Keselamatan anak.", **PENGATURAN},
    example=((1, 5, "Ekonomi"), "Tinggi"),
)
def kmt_tingkat_risiko(kemungkinan: Any, dampak: Any, jenis: Any = None, pengaturan: Any = None) -> Any:
    """The level of a risk, for every row of cells."""
    settings = settings_in(pengaturan)

    def levelled(likely: Any, grave: Any, kind: Any) -> str | None:
        label = as_choice(kind, lists()["jenis_risiko"])
        found = risk.level(*_steps(likely, grave), label, load(), settings)
        return found.level if found else None

    return each(levelled, kemungkinan, dampak, jenis)


def _steps(likely: Any, grave: Any) -> tuple[Any, Any]:
    """Both steps of the scale; a blank stays blank. Raises CellFault for what is no step."""
    steps = []
    for cell, name in ((likely, "skala_kemungkinan"), (grave, "skala_dampak")):
        codes = lists()[name]
        step = as_step(cell, codes)
        if step is not None and codes.find(str(step)) is None:
            raise CellFault(f"{codes.title} harus bilangan bulat 1 sampai {load().risiko.steps}")
        steps.append(step)
    return steps[0], steps[1]
