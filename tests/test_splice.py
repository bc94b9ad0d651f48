"""Rows written by the splice against the same rows written by XlsxWriter: cell for cell, byte for byte."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from kemitraan_xl.book import splice, summary
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.verdicts import Return

#: What text may look like to a writer of XML, of spreadsheets, or of both.
TEXTS = (
    "biasa",
    "",
    None,
    "=1+1",
    '<a href="x">&amp;</a>',
    "<r><t>bukan markup</t></r>",
    " depan",
    "belakang ",
    "dua\nbaris",
    "tab\tdan\x07bel",
    "_x0041_ harfiah",
    "\ufffe",
    "👶" * 20_000,
    "panjang " * 90,
    "http://contoh.id",
)
DAYS = ("2026-11-24", None, "1850-01-02", "1900-01-01", "2026-11-24 13:45:00")
NUMBERS = (1, 0, -2.5, 1e300, 0.1 + 0.2, None, float("inf"), 123456789012345678)


def frame(rows: int) -> pd.DataFrame:
    """Every value of every kind in turn, under headings that give each kind and both links."""
    turn: Any = lambda values: [values[n % len(values)] for n in range(rows)]  # noqa: E731 - one line, many uses
    return pd.DataFrame(
        {
            "Berkas": turn(("a & b.xlsx", "tiada.xlsx", "a & b.xlsx")),
            "Lembar": turn(("Rencana Kerja", "Lembar 'kutip'", None)),
            "Sel": turn(("H12", "B2", None, "")),
            "Nilai": pd.Series(turn(TEXTS), dtype=object),
            "Campuran": pd.Series(turn((1, 1.0, True, "1", None)), dtype=object),
            "Tanggal": pd.to_datetime(pd.Series(turn(DAYS)), format="mixed"),
            "Biaya": pd.Series(turn(NUMBERS), dtype=object),
            "Capaian": turn((0.25, float("nan"), 1.0)),
            "No": turn((1.0, 2.0)),
        }
    )


def written(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, rows: int) -> Path:
    """The workbook whose every sheet of rows is this frame."""
    arrivals = [Arrival("a & b.xlsx", folder / "kiriman" / "a & b.xlsx", 1)]
    returns = [Return(arrival, FileReading(), verdict="diterima") for arrival in arrivals]
    recap = Recap(date(2026, 11, 24), "-", returns, {})
    monkeypatch.setattr(summary, "SHEETS", dict.fromkeys(summary.SHEETS, lambda _: frame(rows)))
    target = folder / name
    summary.write_summary(recap, target)
    return target


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The same rows cell by cell and spliced, in chunks that end in the middle."""
    monkeypatch.setattr(splice, "_CHUNK", 64)
    monkeypatch.setattr(summary, "MANY", 1_000)
    by_cell = written(tmp_path, "a.xlsx", monkeypatch, 150)
    monkeypatch.setattr(summary, "MANY", 0)
    return by_cell, written(tmp_path, "b.xlsx", monkeypatch, 150)


def test_spliced_sheets_are_those_of_xlsxwriter_to_the_byte(pair: tuple[Path, Path]) -> None:
    """But for the blank behind a text that XlsxWriter would take for markup of its own."""
    one, other = (zipfile.ZipFile(path) for path in pair)
    assert one.namelist() == other.namelist()
    blank = re.compile(rb'<t xml:space="preserve">(&lt;r&gt;[^<]*&lt;/r&gt;) </t>')
    for name in one.namelist():
        assert blank.sub(rb"<t>\1</t>", one.read(name)) == other.read(name), name


def test_links_and_texts_arrive(pair: tuple[Path, Path]) -> None:
    """What both do alike is right: partner text is text, links lead to file, sheet and cell."""
    sheet = load_workbook(pair[1])["Temuan"]
    link = sheet["C2"].hyperlink
    assert (link.target, link.location) == (r"kiriman\a%20%26%20b.xlsx", "'Rencana Kerja'!H12")
    assert sheet["C3"].hyperlink is None  # a file that was not handed in
    texts = [row[0].value for row in sheet.iter_rows(min_row=2, max_row=16, min_col=4, max_col=4)]
    assert texts[3:6] == ["=1+1", '<a href="x">&amp;</a>', "<r><t>bukan markup</t></r>"]
    assert len(texts[12]) == 16_383  # as many as Excel holds, counted as it counts
    assert sheet["F4"].value == "1850-01-02"
