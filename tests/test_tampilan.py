"""The look of every workbook, read from the built files: contrast, size in print, pages, navigation, charts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, range_boundaries
from support.known import known_of

from kemitraan_xl.book import look, masukan
from kemitraan_xl.book.berkas import build_dossier
from kemitraan_xl.book.finish import building
from kemitraan_xl.book.induk import Induk
from kemitraan_xl.book.ref import lists_of, write_ref
from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.book.template import build_template
from kemitraan_xl.book.triwulan import build_quarter
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.contoh.checklist import register
from kemitraan_xl.contoh.generate import generate
from kemitraan_xl.contoh.proposal import partners
from kemitraan_xl.intake.reading.identity import Identity
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.quarter import summarise
from kemitraan_xl.reply import write_replies
from kemitraan_xl.shipped import shipped_macros
from validation.contract import tables
from validation.periods import Period

TODAY = date(2026, 11, 24)
CODE, SENDERS = "M-001", ("M-001", "M-002", "M-044")
SHIPPED = Path(__file__).parents[1] / "workbook" / "Kemitraan.xlsx"
BOOKS = ("induk", "usulan", "kemajuan", "akhir", "rekap", "kembali", "berkas", "triwulan")

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

#: Inches of an A4 page, pixels of an inch on the screen, pixels of a character, points of a row, points in print.
A4, INCH, CHARACTER, ROW, SMALLEST = (8.27, 11.69), 96, 7, 15, 8.9

#: Sheets of the master that are no list: forms, maps, small tables that fit on a screen, charts.
NO_LISTS = {"Beranda", "Daftar Periksa", "Peta Risiko", "Rekap Biaya", "Rekap Risiko", "Cakupan", "Dasbor"}


@dataclass(frozen=True)
class Page:
    """A visible sheet without its cells: `root` its XML, `heights` of its rows in points, `names` by defined name."""

    title: str
    root: Element
    heights: dict[int, float]
    names: dict[str, str]

    def one(self, tag: str) -> Any:
        """The attributes of an element, none where it is not there."""
        found = self.root.find(f".//{MAIN}{tag}")
        return {} if found is None else found.attrib

    def pixels(self, first: int, last: int) -> list[float]:
        """Widths of columns, counted from 1, both included."""
        widths = dict.fromkeys(range(first, last + 1), 9.14)
        for column in self.root.iter(f"{MAIN}col"):
            for at in range(int(column.get("min", 0)), min(int(column.get("max", 0)), last) + 1):
                widths[at] = 0 if column.get("hidden") else float(column.get("width", 0))
        return [widths[at] * CHARACTER for at in range(first, last + 1)]


def pages(path: Path) -> Iterator[Page]:
    with zipfile.ZipFile(path) as package:
        book = fromstring(package.read("xl/workbook.xml"))
        targets = {
            one.get("Id"): one.get("Target", "") for one in fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        for index, sheet in enumerate(book.iter(f"{MAIN}sheet")):
            if sheet.get("state"):
                continue
            xml = package.read(f"xl/{targets[sheet.get(ID)]}").decode()
            rows = re.findall(r'<row r="(\d+)"[^>]*? ht="([\d.]+)"', xml)
            bare = re.sub(r"<sheetData>.*</sheetData>", "", xml, flags=re.DOTALL)
            names = {
                one.get("name", ""): (one.text or "").replace("$", "")
                for one in book.iter(f"{MAIN}definedName")
                if one.get("localSheetId") == str(index)
            }
            yield Page(sheet.get("name", ""), fromstring(bare), {int(row): float(ht) for row, ht in rows}, names)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tampilan")
    made = {name: folder / f"{name}.xlsx" for name in BOOKS} | {"induk": SHIPPED}
    for kind in ("usulan", "kemajuan", "akhir"):
        build_template(kind, made[kind], mitra="Lembaga Rekaan", per_tanggal=TODAY)
    generate(folder / "kiriman", TODAY, [one for one in partners() if one["kode"] in SENDERS])
    recap = consolidate([folder / "kiriman", made["usulan"]], TODAY, 1)  # the template, still blank, goes back
    write_summary(recap, made["rekap"])
    made["kembali"] = next(path for path in write_replies(recap, folder / "balasan") if path.suffix == ".xlsx")
    partner = next(row for row in register() if row["kode"] == CODE)
    risk = {"kode_mitra": CODE, "no": 1, "potensi_risiko": "Rekaan", "skala_dampak": 5, "kemungkinan": 5}
    known = known_of({"mitra": [partner], "kerja_sama": [{"kode_mitra": CODE}], "matriks_risiko": [risk]}, TODAY)
    build_dossier(made["berkas"], known, CODE)
    build_quarter(made["triwulan"], summarise(known, Period(2026, 3, 3)), "")
    return made


# ---- colours ---- #


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, back: str) -> float:
    light, dark = sorted((luminance(ink), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colour(parent: Element | None, path: str, otherwise: str) -> str:
    """The last six digits of a colour below an element; what is drawn where there is none."""
    found = None if parent is None else parent.find(path)
    return (found.get("rgb") or otherwise)[-6:] if found is not None else otherwise


@pytest.mark.parametrize("name", BOOKS)
def test_every_text_can_be_read_on_its_ground(name: str, books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books[name]) as package:
        styles = fromstring(package.read("xl/styles.xml"))
    inks = [colour(font, f"{MAIN}color", "000000") for font in styles.iter(f"{MAIN}font")]
    grounds = [colour(fill, f"{MAIN}patternFill/{MAIN}fgColor", "FFFFFF") for fill in styles.iter(f"{MAIN}fill")]
    (cells,) = styles.iter(f"{MAIN}cellXfs")
    pairs = {(inks[int(one.get("fontId", 0))], grounds[int(one.get("fillId", 0))]) for one in cells}
    for rule in styles.iter(f"{MAIN}dxf"):
        fill = rule.find(f"{MAIN}fill")
        if fill is not None:
            ground = colour(fill, f"{MAIN}patternFill/{MAIN}bgColor", "FFFFFF")
            pairs.add((colour(rule.find(f"{MAIN}font"), f"{MAIN}color", look.INK[1:]), ground))
    assert len(pairs) > 3
    assert [pair for pair in sorted(pairs) if contrast(*pair) < 4.5] == []


# ---- pages ---- #


@pytest.mark.parametrize("name", BOOKS)
def test_every_page_says_whose_it_is_and_which_of_how_many(name: str, books: dict[str, Path]) -> None:
    for page in pages(books[name]):
        assert page.one("pageSetup")["paperSize"] == "9", page.title
        header, footer = (page.root.findtext(f".//{MAIN}odd{part}") or "" for part in ("Header", "Footer"))
        assert look.OWNER in header, page.title
        assert "&A" in header, page.title
        assert "Halaman &P dari &N" in footer, page.title


@pytest.mark.parametrize("name", BOOKS)
def test_print_is_large_enough_to_be_read(name: str, books: dict[str, Path]) -> None:
    """Columns are laid on as many pages as the sheet has across, the repeated ones on each, as wide as may be."""
    for page in pages(books[name]):
        assert print_size(page) >= SMALLEST, (page.title, print_size(page))


def print_size(page: Page) -> float:
    """Points of the workbook's common text once the sheet is fitted to its pages; at most its own size."""
    area, titles = page.names.get("_xlnm.Print_Area"), page.names.get("_xlnm.Print_Titles", "")
    columns = [int(part) for one in page.root.iter(f"{MAIN}col") for part in (one.get("min", 0), one.get("max", 0))]
    box = range_boundaries(area.rsplit("!", 1)[1]) if area else (1, 1, max(columns), max(page.heights, default=1))
    first, top, last, bottom = (int(side or 0) for side in box)
    kept = re.search(r"!([A-Z]+):([A-Z]+)(?:,|$)", titles)
    repeated = column_index_from_string(kept[2]) if kept else 0
    setup, margins = page.one("pageSetup"), page.one("pageMargins")
    across, down = A4[::-1] if setup.get("orientation") == "landscape" else A4
    width = (across - float(margins["left"]) - float(margins["right"])) * INCH
    pixels = page.pixels(first, last)
    size = float(look.FONT_SIZE)
    while size > 5 and pages_needed(pixels, repeated, width * look.FONT_SIZE / size) > int(setup.get("fitToWidth", 1)):
        size -= 0.05
    if setup.get("fitToHeight") is None:  # one page high too
        height = (down - float(margins["top"]) - float(margins["bottom"])) * 72
        size = min(size, look.FONT_SIZE * height / sum(page.heights.get(row, ROW) for row in range(top, bottom + 1)))
    return round(size, 2)


def pages_needed(pixels: list[float], repeated: int, width: float) -> int:
    count, used = 1, sum(pixels[:repeated])
    for one in pixels[repeated:]:
        if used + one > width:
            count, used = count + 1, sum(pixels[:repeated])
        used += one
    return count


# ---- finding one's way ---- #


def test_every_list_of_the_master_can_be_filtered_and_keeps_its_headings_in_view(books: dict[str, Path]) -> None:
    for page in pages(books["induk"]):
        if page.title in NO_LISTS:
            continue
        reference = page.one("autoFilter").get("ref", "")
        assert reference, page.title
        assert int(page.one("pane")["ySplit"]) == int(re.findall(r"\d+", reference)[0]), page.title
        assert page.one("sheetProtection").get("autoFilter", "0") == "0", page.title
        if page.one("sheetProtection"):
            assert page.one("sheetProtection").get("autoFilter") == "0", page.title


@pytest.mark.parametrize("name", ["induk", "rekap", "triwulan"])
def test_every_chart_has_title_unit_and_source(name: str, books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books[name]) as package:
        charts = [fromstring(package.read(one)) for one in package.namelist() if "charts/chart" in one]
    assert charts
    for chart in charts:
        titles = ["".join(one.itertext()) for one in chart.iter(f"{CHART}title")]
        assert len(titles) >= 2
        assert all(titles)
        assert sum("Sumber: lembar " in title for title in titles) == 1


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ((), ""),
        (("M-001", "M-001"), "Lembaga Satu"),
        (("M-001", "M-002"), masukan.SEVERAL),
        (("M-999",), masukan.SEVERAL),
    ],
    ids=["kosong", "satu mitra", "dua mitra", "tidak terdaftar"],
)
def test_a_form_of_the_master_names_the_one_partner_in_view(codes: tuple[str, ...], shown: str, tmp_path: Path) -> None:
    """No program here can filter; rows that are filtered away count as rows that are not there."""
    register = [{"kode": "M-001", "nama_lembaga": "Lembaga Satu"}, {"kode": "M-002", "nama_lembaga": "Lembaga Dua"}]
    content = {"mitra": register, "rencana_kerja": [{"kode_mitra": code, "nama_program": "A"} for code in codes]}
    with building(tmp_path / "b.xlsx", "", TODAY) as workbook:
        book = Induk(workbook, look.Look(workbook), load(), content, shipped_macros(), False)
        masukan.name_partners(book)
        for name in ("mitra", "rencana_kerja"):
            masukan.write_input(book, tables()[name], {})
        offered = lists_of([tables()[name] for name in content], masukan.KIND)
        write_ref(workbook, book.look, Identity(masukan.KIND, "", "", "", ""), offered)
    sheet = load_workbook(tmp_path / "b.xlsx", data_only=True)["Rencana Kerja"]
    assert [sheet["B4"].value, sheet["C4"].value or ""] == ["Nama Lembaga:", shown]
