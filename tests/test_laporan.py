"""Reports from the issued template to the master: filled beforehand, read back, joined, taken in only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from support import engines, kesepakatan, lint, office, sdk
from support.templat import find

from kemitraan_xl import cli
from kemitraan_xl.agenda import archived
from kemitraan_xl.book.catatan import ARSIP
from kemitraan_xl.book.look import AGREED, INPUT
from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh import demo
from kemitraan_xl.contoh.generate_reports import generate_reports
from kemitraan_xl.contoh.proposal import Partner, data, partners, proposal
from kemitraan_xl.contoh.report import agreed, final, finishers, period, progress, read_on, reporters
from kemitraan_xl.earlier import Files, files_of
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.issue import issue_all
from kemitraan_xl.master import read_master
from kemitraan_xl.recap import figures
from kemitraan_xl.renew import new_master
from kemitraan_xl.verdicts import Return
from validation.activities import activities
from validation.contract import checks_by_key, lists

TODAY = date(2026, 11, 24)
LATER = read_on(TODAY)
#: A partner without a planted fault in the first quarter, whose final report is clean.
FIRST: Partner = reporters()[0]
CODE = FIRST["kode"]
#: The partner with an indicator of children, for a small set.
FEW = [partner for partner in reporters() if partner["kode"] in (CODE, "M-038", "M-044")]

SHEETS = {
    "kemajuan": ["Sampul", "Petunjuk", "Laporan Kemajuan", "Indikator", "Umpan Balik", "Periksa"],
    "akhir": ["Sampul", "Petunjuk", "Laporan Akhir", "Indikator", "Pembelajaran", "Periksa"],
}
TITLES = {
    "kemajuan": "Laporan Kemajuan Kemitraan dengan Komisi Perlindungan Anak Indonesia",
    "akhir": "Laporan Pelaksanaan Kemitraan dengan Komisi Perlindungan Anak Indonesia",
}
WHOLE: dict[str, Callable[[], Any]] = {
    "kemajuan": lambda: progress(FIRST, TODAY, 1),
    "akhir": lambda: final(FIRST, TODAY),
}


def build(kind: str, target: Path, values: Any = None) -> Path:
    issued = period(1, TODAY) if kind == "kemajuan" else str(TODAY.year + 1)
    build_template(
        kind, target, mitra=FIRST["nama"], kode=CODE, periode=issued, prefill=values, per_tanggal=date(2027, 4, 10)
    )
    return target


@pytest.fixture(scope="module", params=["kemajuan", "akhir"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def issued(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As KPAI sends it out: what was agreed stands in it."""
    values = agreed(FIRST, TODAY)
    if kind == "akhir":
        del values["laporan_kemajuan"]
    return build(kind, tmp_path_factory.mktemp("terbit") / f"{kind}.xlsx", values)


@pytest.fixture(scope="module")
def whole(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(kind, tmp_path_factory.mktemp("lengkap") / f"{kind}.xlsx", WHOLE[kind]())


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master that holds what was agreed with the few."""
    path = tmp_path_factory.mktemp("induk") / "Kemitraan.xlsx"
    build_master(path, kesepakatan.content(FEW, TODAY), today=TODAY)
    return path


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))


def test_agreed_cells_look_unlike_those_to_fill_in(issued: Path) -> None:
    """What was agreed has its own colour, a zero too; the cover's letter and a free row keep the look of input."""
    book = openpyxl.load_workbook(issued)
    sheet, given = book["Indikator"], {}
    for heading in ("No Program", "Data Dasar", "Target", "Realisasi"):
        row, column = find(sheet, heading)
        first, free = (sheet.cell(row + at, column).fill.fgColor.rgb[2:] for at in (1, 20))
        given[heading] = (first == AGREED[1:], free == AGREED[1:])
    told = dict.fromkeys(("No Program", "Data Dasar", "Target"), (True, False))
    assert given == {**told, "Realisasi": (False, False)}
    cover, letter = book["Sampul"], {}
    for heading in ("Kelas Lembaga", "Tanggal Mulai", "Surel", "Nomor Surat Usulan"):
        row, column = find(cover, heading)
        letter[heading] = cover.cell(row, column + 1).fill.fgColor.rgb[2:]
    ground = {"Surel": INPUT[1:], "Nomor Surat Usulan": INPUT[1:]}
    assert letter == {**dict.fromkeys(("Kelas Lembaga", "Tanggal Mulai"), AGREED[1:]), **ground}
    example = [cell.fill.fgColor.rgb[2:] for (cell,) in book["Petunjuk"]["A1:A60"]]
    assert AGREED[1:] in example


def test_a_blank_achievement_is_coloured_in_a_report_only(issued: Path, master: Path) -> None:
    """A master asks for it only where there is a period, so that it cannot say so of every row."""

    def coloured(path: Path) -> bool:
        sheet = openpyxl.load_workbook(path)["Indikator"]
        row, column = find(sheet, "Realisasi")
        cell = sheet.cell(row + 1, column)
        asks = f"LEN(TRIM(${cell.coordinate}))=0"
        ranges = [area for area in sheet.conditional_formatting if cell.coordinate in area.sqref]
        return any(asks in formula for area in ranges for rule in area.rules for formula in rule.formula)

    assert (coloured(issued), coloured(master)) == (True, False)


def states(path: Path) -> dict[str, str]:
    """What Periksa says of every sheet and of the whole file, as stored in it."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Periksa"]
    rows = sheet.iter_rows(max_row=find(sheet, "Sel pertama")[0] - 1, max_col=2, values_only=True)
    titles = {title for names in SHEETS.values() for title in names}
    return {str(name): str(state) for name, state in rows if name in titles | {"Seluruh berkas"}}


def places(entry: Return) -> set[tuple[str, str, str]]:
    return {(f.check.code, f.sheet, f.cell) for f in entry.findings if f.level != "I"}


# ---- the templates ---- #


def test_sheets_and_title(kind: str, issued: Path) -> None:
    book = openpyxl.load_workbook(issued)
    assert book.sheetnames == [*SHEETS[kind], "Ref"]
    assert book["Ref"].sheet_state != "visible"
    assert book["Sampul"]["A2"].value == TITLES[kind]


def test_final_report_has_its_official_name(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(build("akhir", tmp_path / "a.xlsx"))["Laporan Akhir"]
    assert find(sheet, "Laporan Pelaksanaan Kemitraan")
    heading, column = find(sheet, "Bagian")
    printed = [sheet.cell(heading + n, column).value for n in range(1, 7)]
    assert printed == list(lists()["bagian_laporan_akhir"].labels)


def test_what_was_agreed_is_lacking_only_its_results(kind: str, issued: Path) -> None:
    lacking = {"kemajuan": "Laporan Kemajuan", "akhir": "Laporan Akhir"}[kind]
    told = states(issued)
    assert {name for name, state in told.items() if state == "KURANG"} == {lacking, "Indikator", "Seluruh berkas"}
    assert set(told.values()) == {"KURANG", "LENGKAP"}


def test_a_filled_report_is_complete(whole: Path) -> None:
    assert set(states(whole).values()) == {"LENGKAP"}


def test_same_bytes_again(kind: str, whole: Path, tmp_path: Path) -> None:
    assert build(kind, tmp_path / "lagi.xlsx", WHOLE[kind]()).read_bytes() == whole.read_bytes()


def test_nothing_that_excel_would_repair(issued: Path, whole: Path) -> None:
    assert lint.lint(issued) == []
    assert lint.lint(whole) == []


@pytest.mark.sdk
def test_open_xml_sdk_finds_nothing(issued: Path, whole: Path) -> None:
    assert sdk.errors(issued) == []
    assert sdk.errors(whole) == []


@pytest.mark.libreoffice
def test_stored_values_are_those_of_two_engines(issued: Path, whole: Path) -> None:
    for path in (issued, whole):
        computed = engines.values_cellrune(path, date(2027, 4, 10))
        assert engines.differences(computed, engines.values_libreoffice(path)) == []


# ---- issued from a master ---- #


def test_issued_for_every_partner_with_what_was_agreed(master: Path, tmp_path: Path) -> None:
    made = issue_all("kemajuan", master, period(1, TODAY), tmp_path, TODAY)
    assert len(made) == len(partners())
    (path,) = [path for path in made if path.name == f"templat_kemajuan_{CODE}_{period(1, TODAY)}.xlsx"]
    book = openpyxl.load_workbook(path)
    plan = book["Laporan Kemajuan"]
    row, column = find(plan, "Nama Program")
    wanted = [programme["nama_program"] for programme in agreed(FIRST, TODAY)["laporan_kemajuan"]]
    assert [plan.cell(row + n, column).value for n in range(1, len(wanted) + 2)] == [*wanted, None]
    cover = book["Sampul"]
    told = {cover.cell(n, 1).value: cover.cell(n, 2).value for n in range(1, 30)}
    assert told["Kode Mitra"] == CODE
    assert told["Periode"] == period(1, TODAY)
    assert told["Kelas Lembaga"] == lists()["kelas"][FIRST["kelas"]].label
    assert told["Tanggal Surat"] is told["Pernyataan"] is None


def test_a_progress_report_needs_a_period(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["templat", "--jenis", "kemajuan", "--mitra", "X", "--keluaran", str(tmp_path / "t.xlsx")]
    monkeypatch.setattr("sys.argv", ["kemitraan", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(tmp_path.glob("*.xlsx")) == []


# ---- read back ---- #


def test_without_its_stamp_a_report_is_known_by_its_tables(kind: str, whole: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(whole)
    del book["Ref"]
    for row in book["Sampul"].iter_rows():
        for cell in row:
            if str(cell.value).startswith("kmt:identitas"):
                cell.value = None
    book.save(tmp_path / "tanpa.xlsx")
    (entry,) = consolidate([tmp_path / "tanpa.xlsx"], LATER).returns
    assert entry.kind == kind
    assert ("LP-02", "Laporan Kemajuan", "") in places(entry) if kind == "kemajuan" else places(entry) == set()


def test_small_set_is_found_as_planted(master: Path, tmp_path: Path) -> None:
    expected = generate_reports(tmp_path / "laporan", TODAY, FEW)
    recap = consolidate([tmp_path / "laporan"], LATER, master=master)
    assert list(demo.differences(recap, expected, "laporan_kemajuan", "realisasi_biaya")) == []
    assert recap.codes[next(n for n, entry in enumerate(recap.returns) if entry.partner == FIRST["nama"])] == CODE


def test_planted_faults_are_told_apart() -> None:
    faults = data("cacat_laporan")["cacat"]
    keys = [(row["kode"], row["triwulan"]) for row in faults]
    assert len(keys) == len(set(keys))
    codes = {check.code for check in checks_by_key().values()}
    assert {code for row in faults for code, *_ in row["temuan"]} <= codes
    proposals = {row["kode"] for row in data("cacat")["cacat"]}
    assert not proposals & {partner["kode"] for partner in reporters()}
    assert {row["kode"] for row in faults} <= {partner["kode"] for partner in reporters()}
    assert {partner["kode"] for partner in finishers()} >= {code for code, quarter in keys if not quarter}


def test_reports_are_the_same_bytes_again(tmp_path: Path) -> None:
    one = FEW[:1]
    assert generate_reports(tmp_path / "a", TODAY, one) == generate_reports(tmp_path / "b", TODAY, one)
    written = [
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.xlsx")}
        for name in ("a", "b")
    ]
    assert written[0] == written[1]


@pytest.mark.libreoffice
def test_typed_in_libreoffice_the_faults_are_found_at_their_cells(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, master: Path
) -> None:
    source = build("kemajuan", tmp_path_factory.mktemp("lo") / "isi.xlsx", progress(FIRST, TODAY, 1))
    script: list[dict[str, Any]] = [
        {"do": "insert_rows", "sheet": "Laporan Kemajuan", "at": 5},  # a blank row after the first programme
        {"do": "text", "sheet": "Laporan Kemajuan", "cell": "G4", "text": ""},
        {"do": "number", "sheet": "Laporan Kemajuan", "cell": "J6", "value": -1},
        {"do": "text", "sheet": "Laporan Kemajuan", "cell": "E7", "text": "Entahlah"},
        {"do": "text", "sheet": "Indikator", "cell": "D4", "text": "berkas"},
        {"do": "text", "sheet": "Umpan Balik", "cell": "B5", "text": ""},
    ]
    out = tmp_path / "kembali.xlsx"
    office.type_into(source, script, out)
    (entry,) = consolidate([out], LATER, master=master).returns
    assert places(entry) == {
        ("LP-01", "Laporan Kemajuan", "G4"),
        ("LP-05", "Laporan Kemajuan", "J6"),
        ("LP-06", "Laporan Kemajuan", "E7"),
        ("IN-03", "Indikator", "D4"),
        ("UB-02", "Umpan Balik", "B5"),
    }
    assert entry.verdict == "dikembalikan"


# ---- into the master ---- #


def test_accepted_reports_are_taken_in_once_and_nothing_typed_changes(master: Path, tmp_path: Path) -> None:
    sent = tmp_path / "kiriman"
    sent.mkdir()
    build("kemajuan", sent / "kemajuan.xlsx", progress(FIRST, TODAY, 1))
    build("akhir", sent / "akhir.xlsx", final(FIRST, TODAY))
    new_master(tmp_path / "baru.xlsx", master, [sent], LATER)
    before, after = read_master(master), read_master(tmp_path / "baru.xlsx")
    plan = agreed(FIRST, TODAY)["laporan_kemajuan"]
    rows = after.rows("laporan_kemajuan")
    assert [(row["no"], row["periode"], row["kode_mitra"]) for row in rows] == [
        (number, period(1, TODAY), CODE) for number in range(1, len(plan) + 1)
    ]
    assert {row["asal_baris"] for row in rows} == {lists()["asal_baris"]["usulan_mitra"].label}
    assert rows[0]["sumber_sel"] == "kemajuan.xlsx › Laporan Kemajuan!B4"
    achieved = [row for row in after.rows("indikator") if "periode" in row]
    assert {str(row["periode"]) for row in achieved} == {period(1, TODAY), str(TODAY.year + 1)}
    assert [row for row in after.rows("indikator") if "periode" not in row] == before.rows("indikator")
    assert len(after.rows("umpan_balik")) == 2
    (report,) = after.rows("laporan_pelaksanaan")
    assert report["total_realisasi"] == sum(row["biaya"] for row in plan)
    assert {f"bagian_{item.code}" for item in lists()["bagian_laporan_akhir"]} <= set(report)
    assert len(after.rows("pembelajaran")) == 1
    for name in ("mitra", "kerja_sama", "rencana_kerja"):
        assert after.rows(name) == before.rows(name)
    new_master(tmp_path / "lagi.xlsx", tmp_path / "baru.xlsx", [sent], LATER)
    assert read_master(tmp_path / "lagi.xlsx").content() == after.content()


def test_a_proposal_and_its_first_report_may_arrive_together(tmp_path: Path) -> None:
    """The report's partnership is unknown to the old master; in one step both are accepted and joined."""
    values, _ = proposal(FIRST, TODAY)
    sent, old = tmp_path / "kiriman", tmp_path / "lama.xlsx"
    sent.mkdir()
    build_master(old, {"mitra": [{"kode": "M-900", "nama_lembaga": "Yayasan Lain"}]}, today=TODAY)
    build_template("usulan", sent / "usulan.xlsx", mitra=FIRST["nama"], kode=CODE, prefill=values, per_tanggal=TODAY)
    build("kemajuan", sent / "a kemajuan.xlsx", progress(FIRST, TODAY, 1))
    assert {entry.arrival.name: entry.verdict for entry in consolidate([sent], LATER, master=old).returns} == {
        "a kemajuan.xlsx": "dikembalikan",
        "usulan.xlsx": "diterima",
    }
    new_master(tmp_path / "baru.xlsx", old, [sent], LATER)
    master = read_master(tmp_path / "baru.xlsx")
    plan = agreed(FIRST, TODAY)["laporan_kemajuan"]
    assert [(row["no"], row["kode_mitra"]) for row in master.rows("laporan_kemajuan")] == [
        (number, CODE) for number in range(1, len(plan) + 1)
    ]
    assert [row["kode_mitra"] for row in master.rows("kerja_sama")] == [CODE]
    assert [row["kode"] for row in master.rows("mitra")] == ["M-900", CODE]
    assert [row["Putusan"] for row in files_of(tmp_path / "baru.xlsx").archive] == ["diterima"] * 2


def test_a_new_master_keeps_what_was_handed_in_before(master: Path, tmp_path: Path) -> None:
    """Arsip keeps every file; Temuan what is open in one, until another of the same partner and period stands."""
    faulty = progress(FIRST, TODAY, 1)
    faulty["laporan_kemajuan"][0]["realisasi_biaya"] = -1
    folders = [tmp_path / name for name in ("satu", "dua")]
    for folder in folders:
        folder.mkdir()
    build("kemajuan", folders[0] / "laporan.xlsx", faulty)
    build("akhir", folders[0] / "akhir.xlsx", final(FIRST, TODAY))
    build("kemajuan", folders[1] / "laporan diperbaiki.xlsx", progress(FIRST, TODAY, 1))
    renewed = [tmp_path / f"{name}.xlsx" for name in "abc"]
    new_master(renewed[0], master, [folders[0]], LATER)
    new_master(renewed[1], renewed[0], [], LATER)
    first, carried = files_of(renewed[0]), files_of(renewed[1])
    assert {row["Berkas"]: row["Putusan"] for row in first.archive} == {
        "laporan.xlsx": "dikembalikan",
        "akhir.xlsx": "diterima",
    }
    assert {(row["Berkas"], row["Kode"]) for row in first.findings if row["Tingkat"] == "E"} == {
        ("laporan.xlsx", "LP-05")
    }
    assert carried == first
    assert archived(renewed[1]) == archived(renewed[0]) != []
    new_master(renewed[2], renewed[1], [folders[1]], LATER)
    last = files_of(renewed[2])
    assert last.archive[1:] == first.archive
    assert (last.archive[0]["Berkas"], last.archive[0]["Putusan"]) == ("laporan diperbaiki.xlsx", "diterima")
    assert "laporan.xlsx" not in {row["Berkas"] for row in last.findings}


def _file(name: str, sha: str, verdict: str, code: str = "M-001", partner: str = "Yayasan") -> dict[str, str]:
    cells = {"Berkas": name, "SHA-256": sha, "Jenis": "Usulan", "Mitra": partner, "Periode": "2027"}
    return {**dict.fromkeys(ARSIP, ""), **cells, "Putusan": verdict, "Kode Mitra": code}


NEWER = [
    (_file("a.xlsx", "1", "duplikat"), ["a.xlsx 1 duplikat"], []),  # the same file again
    (_file("a.xlsx", "2", "ditolak"), ["a.xlsx 2 ditolak", "a.xlsx 1 dikembalikan"], []),  # another of that name
    (_file("b.xlsx", "2", "diterima"), ["b.xlsx 2 diterima", "a.xlsx 1 dikembalikan"], []),
    (_file("b.xlsx", "2", "diterima", code=""), ["b.xlsx 2 diterima", "a.xlsx 1 dikembalikan"], []),
    (_file("b.xlsx", "2", "ditolak"), ["b.xlsx 2 ditolak", "a.xlsx 1 dikembalikan"], ["a.xlsx"]),
    (_file("b.xlsx", "2", "diterima", "M-2", "Lain"), ["b.xlsx 2 diterima", "a.xlsx 1 dikembalikan"], ["a.xlsx"]),
]


@pytest.mark.parametrize(("newer", "archive", "open_"), NEWER)
def test_findings_stay_until_another_file_stands(newer: dict[str, str], archive: list[str], open_: list[str]) -> None:
    old = Files([_file("a.xlsx", "1", "dikembalikan")], [{"Berkas": "a.xlsx"}])
    both = old.followed_by(Files([newer], []))
    assert [" ".join((row["Berkas"], row["SHA-256"], row["Putusan"])) for row in both.archive] == archive
    assert [row["Berkas"] for row in both.findings] == open_


def test_programmes_taken_in_bring_their_activities(tmp_path: Path) -> None:
    values, _ = proposal(FIRST, TODAY)
    sent = tmp_path / "usulan.xlsx"
    build_template("usulan", sent, mitra=FIRST["nama"], kode=CODE, prefill=values, per_tanggal=TODAY)
    new_master(tmp_path / "baru.xlsx", None, [sent], TODAY)
    new_master(tmp_path / "lagi.xlsx", tmp_path / "baru.xlsx", [sent], TODAY)
    master = read_master(tmp_path / "lagi.xlsx")
    plan, rows = master.rows("rencana_kerja"), master.rows("kegiatan")
    assert [row["kegiatan"] for row in plan] == [row["kegiatan"] for row in values["rencana_kerja"]]
    assert [(row["no_program"], row["kegiatan"]) for row in rows] == [
        (row["no"], activity) for row in plan for activity in activities(str(row["kegiatan"]))
    ]
    assert [row["sumber_sel"] for row in rows[:2]] == [f"{plan[0]['sumber_sel']} ({n})" for n in (1, 2)]
    assert {row["kode_mitra"] for row in rows} == {CODE}
    assert all(row["rencana_mulai"] <= row["rencana_selesai"] for row in rows)


ACTIVITIES = [
    ("a. Lokakarya\nb. Pelatihan", ["Lokakarya", "Pelatihan"]),
    ("Lokakarya\nPelatihan", ["Lokakarya", "Pelatihan"]),
    ("1. Rapat 2. Uji coba 3. Laporan", ["Rapat", "Uji coba", "Laporan"]),
    ("a) Rapat; b) Uji coba", ["Rapat", "Uji coba"]),
    ("- satu\n- dua\n  dilanjutkan", ["satu", "dua dilanjutkan"]),
    ("Kegiatan:\n- satu\n- dua", ["satu", "dua"]),
    ("1.500 anak dilatih\n2.000 guru dilatih", ["1.500 anak dilatih", "2.000 guru dilatih"]),
    ("Pelatihan 1.500 anak", ["Pelatihan 1.500 anak"]),
    (" \n- ", []),
]


@pytest.mark.parametrize(("text", "expected"), ACTIVITIES)
def test_activities_are_told_apart(text: str, expected: list[str]) -> None:
    assert list(activities(text)) == expected


def test_the_six_lines_of_reports_alone_count_reports() -> None:
    row = {"_file": 0, "realisasi_biaya": 2_500_000.0}
    entry = Return(Arrival("a.xlsx", Path("a.xlsx"), 1), FileReading(), verdict="diterima")
    recap = Recap(TODAY, "uji", [entry], {"laporan_kemajuan": pd.DataFrame([row, row])})
    assert [figures(recap)[place] for place in (3, 5)] == [("Baris laporan", "2"), ("Total realisasi", "Rp 5.000.000")]
