"""Jejak, Beranda and Kerja Sama in the master: formulas say of every partnership what `stages` says in Python."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from math import floor
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from support import engines, office
from support.partnership import Rows, complete

from kemitraan_xl.book import jejak
from kemitraan_xl.book.catatan import TEMUAN
from kemitraan_xl.book.master import build_master
from kemitraan_xl.contoh import checklist, daur
from kemitraan_xl.contoh import proposal as sample
from kemitraan_xl.earlier import Files
from kemitraan_xl.examine import examine, stack
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.master import read_master, settings_of
from kemitraan_xl.pedoman.load import RECAP, load
from kemitraan_xl.stages import Condition, Override, Standing, dated_stages, lead_times, present_stage
from kemitraan_xl.standing import Stacked, standings
from validation.contract import lists, tables

TODAY = date(2026, 11, 24)
PEDOMAN = load()
SIZE = len(PEDOMAN.syarat)
FIRST = 4  #: Excel's number of the first row of Jejak
PARTNERS = 8
TABLES = [name for name in complete() if name not in ("mitra", "kerja_sama", RECAP)]


def code(number: int) -> str:
    return f"M-{number:03d}"


def content_of(partners: list[Rows], settings: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of several partnerships as a master holds them: ticks as Ya, each row with its partner's code."""
    content: dict[str, list[dict[str, Any]]] = {name: [] for name in ("mitra", "kerja_sama", *TABLES, "sengketa")}
    for number, rows in enumerate(partners, start=1):
        name = f"Lembaga {number}"
        for table, own in rows.items():
            if table == RECAP:
                continue
            key = "kode" if table == "mitra" else "kode_mitra"
            named = {"nama_lembaga": name} if table in ("mitra", "kerja_sama") else {}
            content[table] += [{key: code(number), **named, **_typed(row)} for row in own]
    content["pengaturan"] = [{"kode": setting, "nilai": value} for setting, value in settings.items()]
    return content


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {column: "Ya" if value is True else value for column, value in row.items()}


def thinned(seed: int) -> list[Rows]:
    """Partnerships from one with everything to one with nothing, facts taken away at random."""
    chance = random.Random(seed)
    partners = []
    for number in range(PARTNERS):
        rows = complete()
        for table in rows:
            kept = [row for row in rows[table] if table in ("mitra", "kerja_sama") or chance.random() >= number / 12]
            rows[table] = [{c: v for c, v in row.items() if chance.random() >= (number - 1) / 40} for row in kept]
        if chance.random() < 0.4:
            rows["telaah"].append({"berat": "Kritis", "aspek": "Pengalaman di Bidang Anak"})
        if chance.random() < 0.4:
            rows["sengketa"] = [{"masalah": "Kendala teknis", "tanggal": date(2026, 5, 5)}]
        for tick in ("lingkup_2a", "lingkup_8b", "tipe_6"):
            if chance.random() < 0.3:
                rows["kerja_sama"][0][tick] = True
        rows["kerja_sama"][0]["tahap"] = chance.choice([None, *lists()["tahap"].labels])
        if chance.random() < 0.5:
            rows["kerja_sama"][0] |= {"alasan_pengecualian": "a", "pengecualian_oleh": "b"}
            rows["kerja_sama"][0]["tanggal_pengecualian"] = chance.choice([None, date(2026, 2, 2)])
        partners.append(rows)
    return partners


#: Together these use every reading of the settings that conditions ask about.
SETTINGS: list[dict[str, str]] = [
    {},
    {"A-22b": "penandatanganan", "A-12b": "wajib"},
    {"A-22b": "pelaksanaan", "A-45": "tidak"},
]


@pytest.fixture(scope="module", autouse=True)
def few_slots() -> Iterator[None]:
    """Room for a few partnerships only: a master with room for sixty takes its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jejak, "_LEAST", 1)
        patch.setattr(jejak, "_MORE", 2)
        yield


@pytest.fixture(scope="module", params=range(len(SETTINGS)))
def master(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("jejak") / "induk.xlsx"
    partners = thinned(request.param)
    if request.param:
        partners[1]["mitra"][0]["kelas_lembaga"] = "Kementerian/Lembaga"
        partners[2]["usulan_kak"] = [{"inisiator": "KPAI"}]
    build_master(target, content_of(partners, SETTINGS[request.param]), today=TODAY)
    return target


def expected(path: Path) -> dict[str, Standing]:
    reading = read_master(path).reading
    examined = examine([reading], TODAY, PEDOMAN, settings_of(reading, PEDOMAN))
    stacked = Stacked(stack(examined.readings), examined.frames, examined.readings)
    return {key: found for (_, key), found in standings(stacked, examined.findings).items()}


def claims(reading: FileReading) -> dict[str, tuple[str, Override]]:
    """What staff wrote about the stage, by folded code."""
    frame = examine([reading], TODAY, PEDOMAN, PEDOMAN.choose()).frames["kerja_sama"]
    codes = {item.label: item.code for item in lists()["tahap"]}
    found = {}
    for row in frame.to_dict("records"):
        day = row["tanggal_pengecualian"]
        reasons = row["alasan_pengecualian"] or "", row["pengecualian_oleh"] or ""
        override = Override(*reasons, day if day == day else None)
        found[row["kode_mitra"].casefold()] = (codes.get(row["tahap"], ""), override)
    return found


def shown(one: Condition) -> tuple[float, str]:
    return float(one.count), (jejak.YES if one.met else jejak.NOT_YET) if one.applies else jejak.NOT_ASKED


def compare(path: Path, values: engines.Values) -> None:
    """Every count, state, date and stage of every partnership."""
    headings = {cell.value: cell.column_letter for cell in openpyxl.load_workbook(path)["Jejak"][FIRST - 1]}
    said = claims(read_master(path).reading)
    for number, (key, standing) in enumerate(expected(path).items()):
        for index, one in enumerate(standing.conditions):
            row = FIRST + number * SIZE + index
            at = {name: values["Jejak", f"{headings[name]}{row}"] for name in ("Kode Mitra", "Jumlah", "Terpenuhi")}
            assert at["Kode Mitra"] == key.upper()
            assert (at["Jumlah"], at["Terpenuhi"]) == shown(one), (key, one.syarat.code)
            if one.syarat.date:
                assert day(values["Jejak", f"{headings['Tanggal']}{row}"]) == one.day, (key, one.syarat.code)
        own = {name: letter for name, letter in headings.items() if name and _own(name)}
        line = {name: values["Jejak", f"{letter}{FIRST + number}"] for name, letter in own.items()}
        assert line["Tahap menurut Syarat"] == lists()["tahap"][standing.stage].label
        assert line["Tahap Sekarang"] == lists()["tahap"][present_stage(standing, *said[key])].label
        assert line["Terbuka Seluruhnya"] == len(standing.open)
        assert line["Terbuka pada Tahap Ini"] == len(standing.missing)
        steps = [line[f"Langkah {step}"] for step in (1, 2, 3)]
        places = [float(standing.conditions.index(one) + 1) for one in standing.open[:3]]
        assert steps == [*places, *[""] * (3 - len(places))]
        for item in lists()["tahap"]:
            assert day(line[f"Selesai: {item.label}"]) == standing.done_on(item.code), (key, item.code)


def _own(heading: str) -> bool:
    return heading.startswith(("Tahap ", "Terbuka", "Langkah", "Selesai"))


def day(value: Any) -> date | None:
    """A serial number as a date; 0 and blank are shown alike."""
    return date.fromordinal(date(1899, 12, 30).toordinal() + int(value)) if value else None


def test_formulas_say_what_the_rules_say(master: Path) -> None:
    compare(master, engines.values_cellrune(master, TODAY))


@pytest.mark.skipif(bool(office.available()), reason=f"butuh {office.available()}")
def test_libreoffice_says_so_too(master: Path) -> None:
    compare(master, engines.values_libreoffice(master))


# ---- a skipped stage, and the next three steps ---- #

AHEAD = "Pelaksanaan Program dan Kegiatan"
EXCUSE = {"alasan_pengecualian": "Mendesak", "pengecualian_oleh": "Ketua", "tanggal_pengecualian": date(2026, 2, 2)}


@pytest.fixture(scope="module")
def skipping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three partnerships of a ministry that all lack the matrix: one claims to be further on, one has an exception."""
    partners = [complete() for _ in range(3)]
    for rows in partners:
        rows["mitra"][0]["kelas_lembaga"] = "Kementerian/Lembaga"
        rows["rencana_kerja"] = []
    partners[0]["kerja_sama"][0]["tahap"] = AHEAD
    partners[1]["kerja_sama"][0] |= {"tahap": AHEAD, **EXCUSE}
    target = tmp_path_factory.mktemp("lompat") / "induk.xlsx"
    build_master(target, content_of(partners, {}), today=TODAY)
    return target


@pytest.fixture(scope="module")
def stored(skipping: Path) -> Workbook:
    return openpyxl.load_workbook(skipping, data_only=True)


def rows_of(sheet: Any, heading_row: int) -> list[dict[str, Any]]:
    headings, *rows = sheet.iter_rows(min_row=heading_row, values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_a_skipped_stage_is_a_finding_and_an_exception_is_told(skipping: Path, stored: Workbook) -> None:
    found = [row for row in rows_of(stored["Temuan"], 3) if row["Kode"] == "KS-04"]
    assert [(row["Tingkat"], row["Kode Mitra"]) for row in found] == [("E", "M-001"), ("I", "M-002")]
    sentence = next(one.sentence for one in PEDOMAN.syarat if one.code == "usulan_matriks")
    assert sentence in found[0]["Pesan"]
    assert "Ketua" in found[1]["Pesan"]
    sheet = openpyxl.load_workbook(skipping)["Temuan"]
    links = {cell.hyperlink.location for cell in sheet["C"] if cell.hyperlink and cell.value == found[0]["Sel"]}
    assert f"'Kerja Sama'!{found[0]['Sel']}" in links
    assert stored["Kerja Sama"][found[0]["Sel"]].value == AHEAD


def test_kerja_sama_says_where_each_partnership_stands(stored: Workbook) -> None:
    rows = rows_of(stored["Kerja Sama"], 3)[:3]
    assert {row["Tahap menurut Syarat"] for row in rows} == {"Usulan Kerjasama"}
    assert [row["Tahap Sekarang"] for row in rows] == ["Usulan Kerjasama", AHEAD, "Usulan Kerjasama"]
    states = [row["Status Tahap"].split()[0] for row in rows]
    assert states == ["melampaui", "pengecualian", "menurut"]


def test_beranda_shows_the_next_three_steps_with_the_way_to_their_cells(skipping: Path, stored: Workbook) -> None:
    standing = expected(skipping)["m-001"]
    sheet = stored["Beranda"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "Langkah 1")
    assert sheet.cell(row - 2, 2).value.startswith("M-001")
    assert sheet.cell(row - 1, 2).value == "Usulan Kerjasama"
    shown = [(sheet.cell(row + step, 2).value, sheet.cell(row + step, 4).value) for step in range(3)]
    assert shown == [(jejak.sheet_of(one.syarat), one.syarat.sentence) for one in standing.open[:3]]


def test_links_lead_to_the_row_of_the_partnership_or_the_first_free_one(stored: Workbook) -> None:
    rows = {row["Syarat"]: row for row in rows_of(stored["Jejak"], 3)[:SIZE]}
    labels = {one.code: one.label for one in PEDOMAN.syarat}

    def target(code: str) -> Any:
        sheet, _, cell = rows[labels[code]]["Alamat"].rpartition("!")
        return stored[sheet.strip("'")][cell.replace("$", "")]

    there = target("usulan_surat")
    assert there.value == "1"
    free = target("usulan_matriks")
    assert free.value is None
    assert free.parent.title == "Rencana Kerja"
    assert target("usulan_tanpa_kesalahan").parent.title == "Temuan"


def test_a_new_partnership_shows_up_as_soon_as_it_is_typed(skipping: Path, tmp_path: Path) -> None:
    """Rows stand ready: typing a code into Kerja Sama is enough."""
    book = openpyxl.load_workbook(skipping)
    sheet = book["Kerja Sama"]
    column = next(cell.column for cell in sheet[3] if cell.value == "Kode Mitra")
    sheet.cell(7, column).value = "M-009"
    book.save(tmp_path / "baru.xlsx")
    values = engines.values_cellrune(tmp_path / "baru.xlsx", TODAY)
    assert values["Jejak", f"A{FIRST + 3 * SIZE}"] == "M-009"
    assert values["Jejak", f"A{FIRST + 4 * SIZE}"] == ""
    assert values[
        "Kerja Sama", next(f"{cell.column_letter}7" for cell in sheet[3] if cell.value == "Tahap Sekarang")
    ] == ("Identifikasi Kebutuhan")


def test_what_is_wrong_in_a_file_that_went_back_closes_no_stage(tmp_path: Path) -> None:
    """The rows of such a file are not in the master; Python looks at the master's own rows only, too."""
    sheet = tables()["rencana_kerja"].sheet
    finding = dict.fromkeys(TEMUAN, "") | {"Berkas": "kiriman.xlsx", "Lembar": sheet, "Kode Mitra": code(1)}
    earlier = Files([], [finding | {"Tingkat": "E"}])
    target = tmp_path / "induk.xlsx"
    build_master(target, content_of([complete()], {}), today=TODAY, earlier=earlier)
    compare(target, engines.values_cellrune(target, TODAY))


# ---- how long the stages take ---- #

#: Days by hand. Two sample partnerships end: the need is written 20 days before the letter; of the 75 days after it
#: the assessment is made on the 19th, step 3 taken on the 49th, step 6 on the 71st (a quarter, 0.65 and 0.95 of them).
ENDED = ("M-009", "M-012")
DAYS = {"usulan": [20, 20], "telaah": [19, 19], "naskah": [30, 30], "penandatanganan": [22, 22]}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their master, and a third partnership that has only begun."""
    chosen = {*ENDED, "M-008"}
    names = {partner["nama"] for partner in sample.partners() if partner["kode"] in chosen}
    content: dict[str, list[dict[str, Any]]] = {
        "mitra": [row for row in checklist.register() if row["kode"] in chosen],
        "data_penilaian": [row for row in checklist.checklists(TODAY) if row["nama_lembaga"] in names],
    }
    for table, rows in daur.records(TODAY).items():
        content[table] = [row for row in rows if row["kode_mitra"] in chosen]
    target = tmp_path_factory.mktemp("lama") / "induk.xlsx"
    build_master(target, content, today=TODAY)
    return target


def told(path: Path, values: engines.Values) -> dict[str, Any]:
    """What Dasbor says of every stage, by its label: how many partnerships, how many days."""
    sheet = openpyxl.load_workbook(path)["Dasbor"]
    (top,) = (cell.row for cell in sheet["A"] if str(cell.value).startswith("Lama rata-rata"))
    assert sheet.cell(top, 2).value == "hari"
    rows = range(top + 1, top + len(dated_stages(PEDOMAN.syarat)))
    return {str(values["Dasbor", f"A{row}"]): values["Dasbor", f"B{row}"] for row in rows}


def test_python_says_how_long_each_stage_took(ended: Path) -> None:
    found = lead_times(list(expected(ended).values()), PEDOMAN.syarat)
    assert {stage: days for stage, days in found.items() if stage in DAYS} == DAYS
    assert [stage for stage, days in found.items() if len(days) != 2] == ["perpanjangan"]


def averages(path: Path) -> dict[str, Any]:
    """What Dasbor has to say: half days go up, as in a worksheet, and without a partnership nothing is known."""
    found = lead_times(list(expected(path).values()), PEDOMAN.syarat)
    return {
        f"{lists()['tahap'][stage].label} ({len(days)})": (floor(sum(days) / len(days) + 0.5) if days else "belum ada")
        for stage, days in found.items()
    }


@pytest.mark.libreoffice
def test_dasbor_says_so_too(ended: Path, tmp_path: Path) -> None:
    wanted = averages(ended)
    for read in (engines.values_cellrune, engines.values_libreoffice):
        held = engines.on_day(ended, TODAY, tmp_path / f"{read.__name__}.xlsx")
        assert told(ended, read(held)) == wanted


def test_dasbor_says_that_nothing_is_known_yet(skipping: Path) -> None:
    """No partnership there has a proposal, so that neither it nor the review that follows has a length."""
    days = told(skipping, engines.values_cellrune(skipping, TODAY))
    assert days == averages(skipping)
    assert list(days.values())[:2] == ["belum ada", "belum ada"]
