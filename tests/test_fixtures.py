"""Every check code against files that must and must not raise it, written as tables one can read (support/fixtures)."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import fixtures

from validation.contract import checks
from validation.findings import Finding

FAIL = sorted((fixtures.DATA / "should_fail").glob("*.md"))
PASS = sorted((fixtures.DATA / "should_pass").glob("*.md"))
BASES = sorted((fixtures.DATA / "dasar").glob("*.md"))

#: Codes without fixtures: the structure of a file, which the reader finds before there is a table (test_reader,
#: test_intake_guard, test_consolidate), the echo of what was read (test_values), and data of children (test_privacy).
ELSEWHERE = ("ST-", "DT-01")

CODES = sorted({check.code for check in checks() if not check.code.startswith(ELSEWHERE)})


def code_of(path: Path) -> str:
    """The code that a file's name begins with ("KAK-09-biaya-lain.md")."""
    return next(code for code in sorted(CODES, key=len, reverse=True) if path.stem.startswith(f"{code}-"))


@pytest.fixture(scope="module")
def findings() -> dict[Path, list[Finding]]:
    """The findings of every file, all examined together, as files of one consolidation are."""
    paths = [*BASES, *FAIL, *PASS]
    return dict(zip(paths, fixtures.found([fixtures.read(path) for path in paths]), strict=True))


def grave(found: list[Finding]) -> list[fixtures.Found]:
    return sorted(fixtures.place(finding) for finding in found if finding.level in ("E", "W"))


@pytest.mark.parametrize("path", BASES, ids=lambda path: path.stem)
def test_the_base_has_no_fault(path: Path, findings: dict[Path, list[Finding]]) -> None:
    assert grave(findings[path]) == []


@pytest.mark.parametrize("path", FAIL, ids=lambda path: path.stem)
def test_should_fail(path: Path, findings: dict[Path, list[Finding]]) -> None:
    assert code_of(path) in {finding.code for finding in findings[path]}
    assert grave(findings[path]) == fixtures.expected(fixtures.read(path))


@pytest.mark.parametrize("path", PASS, ids=lambda path: path.stem)
def test_should_pass(path: Path, findings: dict[Path, list[Finding]]) -> None:
    assert code_of(path) not in {finding.code for finding in findings[path]}
    assert grave(findings[path]) == fixtures.expected(fixtures.read(path))


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_file_that_fails_and_one_that_passes(code: str) -> None:
    assert [path for path in FAIL if code_of(path) == code]
    assert [path for path in PASS if code_of(path) == code]
