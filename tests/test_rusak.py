"""Every kind of damage of the corpus: what it must raise is raised, nothing else is, and all the rest is read right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from support import rusak, rusak_program

from validation.contract import checks_by_key

LEAST = 80  #: kinds of damage

Outcomes = dict[str, rusak.Outcome]


def cases() -> Sequence[object]:
    """The rows of the corpus, marked by the programs that make their files."""
    marked = []
    for kind in rusak.kinds():
        marks = [pytest.mark.libreoffice] if rusak_program.OFFICE in kind.programs else []
        marks += [pytest.mark.sdk] if rusak_program.NODE.intersection(kind.programs) else []
        marked.append(pytest.param(kind, id=kind.nama, marks=marks))
    return marked


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What the product makes of all files that can be made here, in one run."""
    scratch = tmp_path_factory.mktemp("rusak")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(scratch / "cache"))
        chosen = [kind for kind in rusak.kinds() if not kind.missing]
        found, _ = rusak.read_all(rusak.build(scratch / "kiriman", chosen, scratch))
    return found


@pytest.mark.parametrize("kind", cases())
def test_damage(kind: rusak.Kind, outcomes: Outcomes) -> None:
    outcome = outcomes[kind.nama]
    assert outcome.found == kind.expected
    assert outcome.misread == frozenset()
    assert outcome.verdict == kind.putusan


def test_the_corpus_is_large_and_in_order() -> None:
    names = Counter(kind.nama for kind in rusak.kinds())
    assert len(names) > LEAST
    assert names.most_common(1)[0][1] == 1
    codes = {check.code for check in checks_by_key().values()}
    assert {code for kind in rusak.kinds() for code, *_ in kind.expected} <= codes


def test_the_page_has_every_kind() -> None:
    """Whoever adds one runs `python docs/alat/kerusakan.py` again."""
    page = (Path(__file__).parents[1] / "docs" / "kerusakan.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\w+) \| \d+ \| \d+ \| \d+ \|", page, re.MULTILINE) == [kind.nama for kind in rusak.kinds()]


def test_every_row_but_the_first_damages_something() -> None:
    for kind in rusak.kinds():
        whole = kind.nama == rusak.WHOLE
        assert whole != bool(kind.ubah or kind.paket or kind.programs or kind.seperti), kind.nama
