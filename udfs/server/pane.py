"""What the task pane and the ribbon show: the macros of the registry in the groups of the desktop's ribbon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kemitraan_xl.shipped import shipped_macros
from udfs.registry import SERVER, Macro, load_macros

#: For a macro that the desktop's ribbon does not have.
_OTHERS: Final = "Lainnya"


@dataclass(frozen=True, slots=True)
class Group:
    """Macros that belong together, under the label of their group."""

    label: str
    macros: tuple[Macro, ...]


def groups(macros: Mapping[str, Macro], order: Mapping[str, Iterable[str]]) -> tuple[Group, ...]:
    """The macros that exist on the server, in groups; `order` gives names of macros by label."""
    here = {name: macro for name, macro in macros.items() if SERVER in macro.hosts}
    placed = [Group(label, tuple(here.pop(name) for name in names if name in here)) for label, names in order.items()]
    return tuple(group for group in (*placed, Group(_OTHERS, tuple(here.values()))) if group.macros)


def ribbon_order() -> dict[str, tuple[str, ...]]:
    """Names of macros by the label of their group, as on the ribbon of the shipped add-in. Raises Impossible."""
    return {label: tuple(button.name for button in buttons) for label, buttons in shipped_macros().groups.items()}


def facts() -> dict[str, Any]:
    """What the template of the task pane is filled with."""
    from xlwings_server.config import PACKAGE_DIR

    macros = load_macros()
    shown = groups(macros, ribbon_order())
    return {
        "kelompok": shown,
        "makro": [_told(macro) for group in shown for macro in group.macros],
        "hanya_desktop": [macro for macro in macros.values() if SERVER not in macro.hosts],
        "office_js": _office_js(Path(PACKAGE_DIR, "static")),
    }


def _told(macro: Macro) -> dict[str, Any]:
    """What the page's script has to know of a macro."""
    return {"nama": macro.name, "label": macro.label, "masuk": macro.inbox, "lembar": list(macro.include)}


def _office_js(static: Path) -> str:
    """Where the package keeps the office.js it was tested with; the folder is named after its version."""
    return next(static.glob("vendor/office-js/*/dist/office.js")).relative_to(static).as_posix()
