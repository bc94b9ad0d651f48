"""What of an installation works in Excel: each known failure by name, how it was recognised, and its remedy.

    checks = examine(here())

Nothing is changed and nothing of xlwings is imported, for it may be what is broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from udfs.doctor import desktop, others
from udfs.doctor.model import Check, State, elsewhere
from udfs.doctor.surroundings import Certificate, Environment, here

__all__ = [
    "HEADINGS",
    "Certificate",
    "Check",
    "Environment",
    "State",
    "examine",
    "here",
    "needs_action",
    "rows",
    "text",
]

#: Of `rows`.
HEADINGS: Final = ("Bagian", "Keadaan", "Yang terlihat", "Gangguan", "Tindakan")


def examine(environment: Environment) -> list[Check]:
    """Every part of the installation, in the order in which one failure hides the next."""
    return [*_desktop(environment), *(check for look in others.LOOKS for check in look(environment))]


def _desktop(environment: Environment) -> Iterator[Check]:
    if desktop.has_excel(environment):
        for look in desktop.LOOKS.values():
            yield from look(environment)
    else:
        why = "Excel tidak ditemukan" if environment.windows else "hanya untuk Excel di Windows"
        yield from (elsewhere(subject, why) for subject in desktop.LOOKS)


def needs_action(checks: Iterable[Check]) -> bool:
    """Whether anything has to be mended."""
    return any(check.state is State.ACTION for check in checks)


def text(checks: Iterable[Check]) -> Iterator[str]:
    """The checks as lines for a terminal."""
    for check in checks:
        yield f"[{check.state}] {check.subject}: {check.seen}"
        if check.failure:
            yield f"    {check.failure}. {check.remedy}"


def rows(checks: Iterable[Check]) -> list[tuple[str, ...]]:
    """The checks as rows of a sheet, under HEADINGS."""
    return [(check.subject, str(check.state), check.seen, check.failure, check.remedy) for check in checks]
