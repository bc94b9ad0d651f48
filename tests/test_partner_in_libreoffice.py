"""A partner fills the template in LibreOffice as people do; the findings are exactly the planted ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import office

from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.contoh.proposal import partners, proposal
from kemitraan_xl.recap import rekap_program
from kemitraan_xl.verdicts import Return

pytestmark = pytest.mark.libreoffice

TODAY = date(2026, 11, 24)
PLAN, RISK = "Rencana Kerja", "Matriks Risiko"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean proposal, so that whatever is found was planted by the typing."""
    partner = partners()[0]
    values, _ = proposal(partner, TODAY)
    path = tmp_path_factory.mktemp("templat") / "usulan.xlsx"
    build_template("usulan", path, mitra=partner["nama"], kode="M-001", prefill=values, per_tanggal=TODAY)
    return path


def returned(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: list[dict[str, Any]]) -> Return:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "kembali.xlsx"
    office.type_into(template, script, out)
    (entry,) = consolidate([out], TODAY).returns
    return entry


def places(entry: Return) -> set[tuple[str, str, str]]:
    return {(f.code, f.sheet, f.cell) for f in entry.findings if f.level != "I"}


def test_saved_as_it_is_raises_nothing(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = returned(template, tmp_path, monkeypatch, [])
    assert places(entry) == set()
    assert entry.verdict == "diterima"


def test_planted_faults_at_their_cells(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script: list[dict[str, Any]] = [
        {"do": "insert_rows", "sheet": PLAN, "at": 7},  # a blank row after the first programme
        {"do": "text", "sheet": PLAN, "cell": "H6", "text": "lima juta"},
        {"do": "text", "sheet": PLAN, "cell": "B8", "text": ""},
        {"do": "text", "sheet": "KAK", "cell": "C7", "text": ""},
        {"do": "number", "sheet": RISK, "cell": "E4", "value": 6},
        {"do": "paste", "sheet": "Sampul", "from_sheet": PLAN, "source": "D6", "to": "B9"},  # over the dropdown
    ]
    entry = returned(template, tmp_path, monkeypatch, script)
    assert places(entry) == {
        ("RK-10", PLAN, "H6"),
        ("RK-03", PLAN, "B8"),
        ("KAK-04", "KAK", "C7"),
        ("RS-05", RISK, "E4"),
        ("MT-02", "Sampul", "B9"),
    }
    assert entry.verdict == "dikembalikan"


def test_moved_table_is_read_in_place(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script: list[dict[str, Any]] = [
        {"do": "insert_rows", "sheet": PLAN, "at": 1, "count": 3},
        {"do": "insert_columns", "sheet": PLAN, "at": "C"},
    ]
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "pindah.xlsx"
    office.type_into(template, script, out)
    rows = rekap_program(consolidate([out], TODAY))
    values, total = proposal(partners()[0], TODAY)
    assert list(rows["Nama Program"]) == [row["nama_program"] for row in values["rencana_kerja"]]
    assert list(rows["Sel"]) == [f"B{9 + n}" for n in range(len(rows))]
    assert rows["Biaya"].sum() == total
