"""A finding about an installation, and the table of all failures that are known: `failures.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from udfs.doctor.surroundings import Environment


class State(StrEnum):
    """How a part of the installation stands."""

    GOOD = "baik"
    ACTION = "perlu tindakan"
    ELSEWHERE = "tidak berlaku di sini"


@dataclass(frozen=True, slots=True)
class Failure:
    """A known failure: what it concerns, how it is recognised, and its remedy, all for the user."""

    nama: str
    hal: str
    dikenali: str
    obat: str


@dataclass(frozen=True, slots=True)
class Check:
    """One part looked at: what was seen, and the name and remedy of the failure when something needs doing."""

    subject: str
    state: State
    seen: str
    failure: str = ""
    remedy: str = ""


#: Looks at one part; yields at least one check.
Look = Callable[[Environment], Iterator[Check]]


@cache
def failures() -> Mapping[str, Failure]:
    """Every known failure by name, in the order of the table."""
    text = Path(__file__).with_name("failures.toml").read_text(encoding="utf-8")
    return {row["nama"]: Failure(**row) for row in tomllib.loads(text)["gangguan"]}


def good(subject: str, seen: str) -> Check:
    """All is well."""
    return Check(subject, State.GOOD, seen)


def elsewhere(subject: str, seen: str) -> Check:
    """Does not apply on this computer."""
    return Check(subject, State.ELSEWHERE, seen)


def ill(failure: str, seen: str) -> Check:
    """A known failure, with its remedy."""
    known = failures()[failure]
    return Check(known.hal, State.ACTION, seen, failure, known.obat)
