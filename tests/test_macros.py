"""Every macro on a real master, in the simulated desktop and through the add-in server's protocol.

The macros that exist in both hosts must leave the same workbook. What they may never do is shown on the desktop, where
a write is seen at once: nothing that staff typed changes, and a macro that fails leaves everything as it was.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from support import desktop_host, excel_books

from kemitraan_xl.book.beranda import CHOSEN
from kemitraan_xl.book.induk import column_name
from kemitraan_xl.book.master import build_master, input_tables
from kemitraan_xl.book.template import build_template
from kemitraan_xl.contoh.checklist import checklists, outcomes, register
from kemitraan_xl.contoh.generate import generate
from kemitraan_xl.contoh.proposal import partners, proposal
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.master import read_master
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.quarter import last_quarter
from udfs import macros
from udfs.desk import Desk
from udfs.macros import taking_in
from udfs.registry import DESKTOP, SERVER, load_macros
from validation.contract import lists

DAY = date(2026, 11, 24)

#: Partners that send something; the first three are in the register, the last one's file goes back.
SENDERS = ("M-001", "M-002", "M-003", "M-044")
KNOWN = SENDERS[:3]


class Sample(NamedTuple):
    master: Path
    returns: Path


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A master with a register, one need that staff typed, and checklists; and what four partners sent."""
    folder = tmp_path_factory.mktemp("makro")
    generate(folder / "kiriman", DAY, [partner for partner in partners() if partner["kode"] in SENDERS])
    rows = [row for row in register() if row["kode"] in KNOWN]
    names = {row["nama_lembaga"] for row in rows}
    unsigned = ("tanggal_disahkan", "sidik_disahkan", "skor_disahkan", "versi_disahkan")
    assessed = [
        {name: cell for name, cell in row.items() if name not in unsigned}
        for row in checklists(DAY)
        if row["nama_lembaga"] in names
    ]
    content = {
        "mitra": rows,
        "data_penilaian": assessed,
        "kebutuhan": [{"kode_mitra": "M-001", "tanggal": DAY, "masalah": "=bukan rumus"}],
        "kerja_sama": [{"kode_mitra": "M-003", "nama_lembaga": rows[2]["nama_lembaga"]}],
    }
    build_master(folder / "Induk.xlsx", content, today=DAY)
    return Sample(folder / "Induk.xlsx", folder / "kiriman")


class Both(NamedTuple):
    """What a macro came to in the two hosts."""

    sentence: str
    desktop: Path
    server: Path


def run_both(name: str, sample: Sample, folder: Path) -> Both:
    include = load_macros()[name].include
    desks = iter(Desk(DAY, sample.returns, folder / host, workers=1) for host in (DESKTOP, SERVER))

    def script(book: Any) -> str:
        return macros.run(name, book, next(desks))

    desktop, server = excel_books.in_both(sample.master, script, folder, include)
    assert desktop.result == server.result or load_macros()[name].outbox
    return Both(desktop.result, desktop.saved, server.saved)


@pytest.fixture(scope="module")
def consolidated(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Both:
    return run_both("konsolidasi", sample, tmp_path_factory.mktemp("konsolidasi"))


@pytest.fixture(scope="module")
def imported(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Both:
    return run_both("impor_folder", sample, tmp_path_factory.mktemp("impor"))


def below(path: Path, name: str) -> list[list[Any]]:
    """The rows of a list under the heading cell that a defined name gives, as far as they are filled."""
    book = openpyxl.load_workbook(path)
    ((title, place),) = book.defined_names[name].destinations
    first = book[title][place.replace("$", "").split(":")[0]]
    rows = book[title].iter_rows(min_row=first.row, min_col=first.column, values_only=True)
    found = [[cell for cell in row if cell is not None] for row in rows]
    return [row for row in found if row]


# ---- the same in both hosts ---- #


@pytest.mark.parametrize("name", ["periksa_buku", "nilai", "pratinjau", "sahkan", "jejak", "periksa_pemasangan"])
def test_both_hosts_leave_the_same_workbook(name: str, sample: Sample, tmp_path: Path) -> None:
    ran = run_both(name, sample, tmp_path)
    differs = excel_books.differences(ran.desktop, ran.server)
    assert [line for line in differs if name != "periksa_pemasangan" or not line.startswith("Hasil!")] == []


def test_both_hosts_consolidate_alike(consolidated: Both) -> None:
    assert excel_books.differences(consolidated.desktop, consolidated.server) == []


def test_both_hosts_import_alike(imported: Both) -> None:
    assert excel_books.differences(imported.desktop, imported.server) == []


@pytest.mark.parametrize("name", ["terbitkan_templat", "kembalikan"])
def test_both_hosts_make_the_same_files(name: str, sample: Sample, tmp_path: Path) -> None:
    run_both(name, sample, tmp_path)
    files = [{path.name: path.read_bytes() for path in (tmp_path / host).iterdir()} for host in (DESKTOP, SERVER)]
    assert files[0]
    assert files[0] == files[1]


def test_every_macro_runs_where_it_says_or_says_what_stands_in() -> None:
    for macro in load_macros().values():
        assert macro.hosts
        assert macro.hosts == {DESKTOP, SERVER} or macro.instead


# ---- what they write ---- #


def test_a_consolidation_accounts_for_every_file(consolidated: Both, sample: Sample) -> None:
    files = {path.relative_to(sample.returns).as_posix() for path in sample.returns.rglob("*") if path.is_file()}
    archive = openpyxl.load_workbook(consolidated.desktop)["Arsip"]
    listed = {row[0] for row in archive.iter_rows(min_row=4, values_only=True) if row[0]}
    assert listed == files


def test_a_consolidation_writes_every_programme_of_accepted_files(consolidated: Both) -> None:
    headings, *rows = below(consolidated.desktop, "hasil_rekap_program")
    assert headings[:5] == ["Berkas", "Lembar", "Sel", "Mitra", "Periode"]
    assert {row[1] for row in rows} == {"Rencana Kerja"}
    assert len(rows) > len(KNOWN)


def test_a_second_run_changes_nothing(consolidated: Both, sample: Sample, tmp_path: Path) -> None:
    again = excel_books.in_desktop(
        consolidated.desktop,
        lambda book: macros.run("konsolidasi", book, Desk(DAY, sample.returns, tmp_path, workers=1)),
        tmp_path / "lagi.xlsx",
    )
    assert excel_books.differences(consolidated.desktop, again.saved) == []


def test_after_a_consolidation_a_preview_finds_no_change(consolidated: Both, sample: Sample) -> None:
    book = desktop_host.open_book(consolidated.desktop)
    plan = load_macros()["pratinjau"].fn(book, Desk(DAY, sample.returns, workers=1))
    assert plan.report is not None
    assert list(plan.report.rows) == []


def test_a_preview_tells_a_changed_cell_before_and_after(consolidated: Both, sample: Sample) -> None:
    book = desktop_host.open_book(consolidated.desktop)
    heading = book.names["hasil_rekap_program"].refers_to_range
    sheet, row = heading.sheet, heading.row + 2
    names = sheet.range((heading.row, heading.column), (heading.row, heading.column + 20)).value
    changed = sheet.range((row, heading.column + names.index("Nama Program")))
    before, changed.value = changed.value, "Nama lain"
    files = sheet.range((row, heading.column)).value
    macros.run("pratinjau", book, Desk(DAY, sample.returns, workers=1))
    shown = book.sheets["Hasil"]
    lines = shown.range((1, 1), (shown.used_range.last_cell.row, 8)).value
    at = next(number for number, line in enumerate(lines, start=1) if line[:2] == ["Lembar", "Perubahan"])
    assert [line[1:] for line in lines[at:]] == [
        ["berubah", files, f"Rencana Kerja!{sheet.range((row, heading.column + 2)).value}",
         sheet.range((row, heading.column + 3)).value, "Nama Program", "Nama lain", before],
    ]  # fmt: skip
    link = str(shown.range((at + 1, 1)).formula)
    assert link.startswith("=HYPERLINK(\"#'Rekap Program'!")
    assert f'{row}"' in link
    counts = {line[1] for line in lines[2:at] if "hilang" in str(line[1])}
    assert counts == {"0 baru, 0 berubah, 0 hilang", "0 baru, 1 berubah, 0 hilang"}
    assert shown.api.auto_filter.ref == f"A{at}:H{at + 1}"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two returns that must be mended, and one that is right."""
    folder = tmp_path_factory.mktemp("keliru")
    for partner in partners()[:3]:
        values = proposal(partner, DAY)[0]
        values["rencana_kerja"][0]["biaya"] = "lima juta lebih" if partner["kode"] != KNOWN[2] else 5_000_000
        path = folder / f"{partner['kode']}.xlsx"
        build_template("usulan", path, mitra=partner["nama"], kode=partner["kode"], periode="2027", prefill=values)
    return folder


@pytest.fixture(scope="module")
def listed(sample: Sample, faulty: Path) -> Any:
    """The open master with the files of that folder in Arsip."""
    book = desktop_host.open_book(sample.master)
    macros.run("konsolidasi", book, Desk(DAY, faulty, workers=1))
    return book


def _select(book: Any, *names: str) -> None:
    """The rows of Arsip from the first of these files to the last."""
    sheet = book.sheets["Arsip"]
    sheet.activate()
    files = [row[0] for row in sheet.range((1, 1), (12, 2)).value]
    sheet.range((files.index(names[0]) + 1, 1), (files.index(names[-1]) + 1, 3)).select()


def test_only_what_is_selected_in_arsip_goes_back(listed: Any, faulty: Path, tmp_path: Path) -> None:
    _select(listed, "M-002.xlsx")
    macros.run("kembalikan", listed, Desk(DAY, faulty, tmp_path / "satu", workers=1))
    made = sorted(path.name for path in (tmp_path / "satu").iterdir())
    assert [name[:5] + Path(name).suffix for name in made] == ["M-002.eml", "M-002.xlsx"]
    shown = listed.sheets["Hasil"]
    (at,) = (row for row in range(1, 9) if shown.range((row, 2)).value == "M-002.xlsx")
    assert shown.range((at, 4), (at, 5)).value == ["dikembalikan", 1]
    assert str(tmp_path / "satu" / made[1]) in shown.range((at, 6)).formula
    _select(listed, "M-003.xlsx")
    with pytest.raises(Impossible):
        macros.run("kembalikan", listed, Desk(DAY, faulty, tmp_path / "dua", workers=1))
    assert list((tmp_path / "dua").iterdir()) == []
    _select(listed, "M-001.xlsx", "M-003.xlsx")
    macros.run("kembalikan", listed, Desk(DAY, faulty, tmp_path / "dua", workers=1))
    assert len(list((tmp_path / "dua").iterdir())) == 4


def test_a_file_that_is_open_is_named_and_stays(listed: Any, faulty: Path, tmp_path: Path) -> None:
    _select(listed, "M-002.xlsx")
    desk = Desk(DAY, faulty, tmp_path, workers=1)
    macros.run("kembalikan", listed, desk)
    (made,) = tmp_path.glob("*.xlsx")
    made.write_bytes(b"sedang dibuka")
    made.with_name(f"~${made.name}").touch()
    _select(listed, "M-002.xlsx")
    with pytest.raises(Impossible, match=re.escape(made.name)):
        macros.run("kembalikan", listed, desk)
    assert made.read_bytes() == b"sedang dibuka"


@pytest.mark.parametrize("where", ["di antara kiriman", "berkas"])
def test_a_folder_that_nothing_can_go_back_to_gets_one_sentence(where: str, sample: Sample, tmp_path: Path) -> None:
    book = desktop_host.open_book(sample.master)
    (tmp_path / "berkas").touch()
    target = sample.returns / where if "kiriman" in where else tmp_path / where
    with pytest.raises(Impossible) as refusal:
        macros.run("kembalikan", book, Desk(DAY, sample.returns, target, workers=1))
    assert "\n" not in str(refusal.value)
    assert not any(path.suffix == ".eml" for path in sample.returns.rglob("*"))


def test_many_rows_go_to_a_file_of_their_own(sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, "LIMIT", 3)
    run = excel_books.in_desktop(
        sample.master,
        lambda book: macros.run("konsolidasi", book, Desk(DAY, sample.returns, tmp_path / "hasil", workers=1)),
        tmp_path / "induk.xlsx",
    )
    (made,) = (tmp_path / "hasil").iterdir()
    heading, (linked,) = below(run.saved, "hasil_rekap_program")
    assert heading == ["Berkas rekap"]
    assert str(made) in linked
    assert len(list(openpyxl.load_workbook(made)["Arsip"]["A"])) > 1


def test_an_import_keeps_what_staff_typed_and_says_where_rows_come_from(imported: Both, sample: Sample) -> None:
    recalculated = excel_books.recalculated(imported.desktop, imported.desktop.with_name("dihitung.xlsx"), DAY)
    before, after = read_master(sample.master).content(), read_master(recalculated).content()
    for name, rows in before.items():
        assert list(after[name][: len(rows)]) == list(rows), name
    added = {name: rows[len(before[name]) :] for name, rows in after.items() if len(rows) > len(before[name])}
    assert {"mitra", "rencana_kerja", "usulan_kak", "kegiatan"} <= set(added)
    assert all(row["asal_baris"] == "usulan mitra" for row in added["rencana_kerja"])
    assert all("Rencana Kerja!" in row["sumber_sel"] for row in added["rencana_kerja"])


def test_an_import_twice_adds_nothing(imported: Both, sample: Sample, tmp_path: Path) -> None:
    recalculated = excel_books.recalculated(imported.desktop, tmp_path / "induk.xlsx", DAY)
    book = desktop_host.open_book(recalculated)
    plan = load_macros()["impor_folder"].fn(book, Desk(DAY, sample.returns, workers=1))
    assert [one.sheet for one in plan.blocks if one.sheet in input_tables()] == []


def test_a_table_without_ready_rows_gets_more(sample: Sample) -> None:
    """The last ready row is repeated, with its formulas, as often as rows are missing."""
    book = desktop_host.open_book(sample.master)
    ready = book.names["matriks_risiko_siap"].refers_to_range.row
    owner, risk, level = (
        book.names[column_name("matriks_risiko", name)].refers_to_range
        for name in ("kode_mitra", "potensi_risiko", "tingkat_risiko")
    )
    sheet = owner.sheet
    sheet.range((risk.row + 1, risk.column), (ready, risk.column)).value = [["Dana terlambat"]] * (ready - risk.row)
    macros.run("impor_folder", book, Desk(DAY, sample.returns, workers=1))
    assert sheet.range((ready + 1, risk.column)).value not in (None, "Dana terlambat")
    assert sheet.range((ready + 1, owner.column)).value in SENDERS
    formulas = sheet.range((ready, level.column), (ready + 1, level.column)).formula
    assert str(ready + 1) in formulas[1][0]
    assert formulas[1][0].replace(str(ready + 1), str(ready)) == formulas[0][0]


def test_scores_by_python_are_those_worked_out_by_hand(sample: Sample, tmp_path: Path) -> None:
    run = excel_books.in_desktop(
        sample.master, lambda book: macros.run("nilai", book, Desk(DAY)), tmp_path / "dinilai.xlsx"
    )
    expected = {partner["nama"]: outcomes()[partner["nama"]].total for partner in partners()}
    saved = excel_books.recalculated(run.saved, tmp_path / "dihitung.xlsx", DAY)
    book = desktop_host.open_book(saved)
    names, scores, differ = (
        book.names[name].refers_to_range.value
        for name in ("penilaian_kunci", "penilaian_skor_python", "penilaian_beda")
    )
    found = {name.split(" | ")[0]: score for name, score in zip(names, scores, strict=True) if name}
    assert found == {
        name: total if total is not None else "belum lengkap" for name, total in expected.items() if name in found
    }
    assert len(found) == len(KNOWN)
    assert {one for one in differ if one} == {"sama"}


def test_a_wrong_score_is_flagged(sample: Sample, tmp_path: Path) -> None:
    def tampered(book: Any) -> None:
        macros.run("nilai", book, Desk(DAY))
        book.names["penilaian_skor_python"].refers_to_range[0].value = 99

    run = excel_books.in_desktop(sample.master, tampered, tmp_path / "dinilai.xlsx")
    saved = excel_books.recalculated(run.saved, tmp_path / "dihitung.xlsx", DAY)
    assert desktop_host.open_book(saved).names["penilaian_beda"].refers_to_range[0].value == "berbeda"


def test_a_signature_is_good_once_the_workbook_is_calculated(sample: Sample, tmp_path: Path) -> None:
    run = excel_books.in_desktop(
        sample.master, lambda book: macros.run("sahkan", book, Desk(DAY)), tmp_path / "disahkan.xlsx"
    )
    saved = excel_books.recalculated(run.saved, tmp_path / "dihitung.xlsx", DAY)
    book = desktop_host.open_book(saved)
    assert book.names["penilaian_pengesahan"].refers_to_range[0].value == lists()["pengesahan"]["sah"].label
    assert book.names[column_name("data_penilaian", "tanggal_disahkan")].refers_to_range[1].value == datetime(
        DAY.year, DAY.month, DAY.day
    )
    with pytest.raises(Impossible, match="sudah disahkan"):
        macros.run("sahkan", book, Desk(DAY))


def test_findings_of_this_workbook_lead_to_their_cells(sample: Sample, tmp_path: Path) -> None:
    run = excel_books.in_desktop(
        sample.master, lambda book: macros.run("periksa_buku", book, Desk(DAY)), tmp_path / "diperiksa.xlsx"
    )
    rows = [
        row
        for row in openpyxl.load_workbook(run.saved)["Temuan"].iter_rows(min_row=4, values_only=True)
        if row[0] is not None
    ]
    assert rows
    assert {row[0] for row in rows} == {"Buku kerja ini"}
    assert all(row[1] in str(row[2]) for row in rows if row[2])


def test_the_trail_ends_on_the_first_open_condition(sample: Sample) -> None:
    book = desktop_host.open_book(sample.master)
    sentence = macros.run("jejak", book, Desk(DAY))
    sheet, row = book.sheets.active, book.app.impl.selection.box.row
    assert sheet.name == "Jejak"
    (above, *_, met_above), (code, _, _, label, *_, met) = sheet.range((row - 1, 1), (row, 9)).value
    assert (above, met_above) == ("M-003", "Ya")  # it is in the register
    assert (code, label, met) == ("M-003", "Kebutuhan atau masalah diuraikan", "Belum")
    assert next(one.sentence for one in load().syarat if one.label == label) in sentence


# ---- around the workbook ---- #


def test_function_names_are_switched_to_and_fro(sample: Sample) -> None:
    book = desktop_host.open_book(sample.master)
    cell = book.sheets["Kebutuhan"].range((10, 40))
    cell.formula = "=KMT_TERBILANG(A1)&LEN(KMT_BACA_RUPIAH(A2))"
    macros.run("ganti_nama_fungsi", book, Desk(DAY))
    assert cell.formula == "=KPAI.KMT_TERBILANG(A1)&LEN(KPAI.KMT_BACA_RUPIAH(A2))"
    macros.run("ganti_nama_fungsi", book, Desk(DAY))
    assert cell.formula == "=KMT_TERBILANG(A1)&LEN(KMT_BACA_RUPIAH(A2))"


@pytest.mark.libreoffice
def test_the_forms_and_summaries_of_the_chosen_partnership_are_printed(sample: Sample, tmp_path: Path) -> None:
    book = desktop_host.open_book(sample.master)
    macros.run("cetak_lampiran", book, Desk(DAY, outbox=tmp_path))
    printed = {path.name: path.read_bytes()[:5] for path in tmp_path.iterdir()}
    wanted = [f"{form}-M-003" for form in ("Rencana-Kerja", "Daftar-Periksa", "Matriks-Risiko", "Berkas-Mitra")]
    wanted.append(f"Ringkasan-Triwulan-{last_quarter(DAY).text}")
    assert printed == {f"Induk-{name}.pdf": b"%PDF-" for name in wanted}
    assert [one.name for one in book.app.books] == [book.name], "what was opened to be printed is closed"


def test_without_a_chosen_partnership_nothing_is_printed(sample: Sample, tmp_path: Path) -> None:
    book = desktop_host.open_book(sample.master)
    book.names[CHOSEN].refers_to_range.value = None
    with pytest.raises(Impossible):
        macros.run("cetak_lampiran", book, Desk(DAY, outbox=tmp_path))
    assert not list(tmp_path.iterdir())


def test_the_source_of_a_row_is_opened_at_its_cell(consolidated: Both) -> None:
    book = desktop_host.open_book(consolidated.desktop)
    heading = book.names["hasil_rekap_program"].refers_to_range
    sheet = heading.sheet
    sheet.activate()
    row = sheet.range((heading.row + 1, heading.column))
    file, place = row.value, sheet.range((heading.row + 1, heading.column + 2)).value
    row.select()
    macros.run("buka_sumber", book, Desk(DAY))
    opened = book.app.books.active
    assert opened.name == Path(file).name
    assert opened.sheets.active.name == "Rencana Kerja"
    assert book.app.impl.selection.box.address().replace("$", "") == place


# ---- what cannot be done ---- #


def _not_ours(book: Any) -> None:
    for sheet in list(book.sheets)[1:]:
        sheet.delete()


def _without_lists(book: Any) -> None:
    book.sheets["Arsip"].delete()


def _old_edition(book: Any) -> None:
    sheet = book.sheets["Ref"]
    for row in sheet.range("A1:B30").rows:
        if row[0].value == "edisi":
            row[1].value = "0.1"


@pytest.mark.parametrize("damage", [_not_ours, _without_lists, _old_edition])
def test_a_workbook_that_cannot_be_worked_on_gets_one_sentence(damage: Any, sample: Sample) -> None:
    book = desktop_host.open_book(sample.master)
    damage(book)
    with pytest.raises(Impossible) as refusal:
        macros.run("konsolidasi", book, Desk(DAY, sample.returns, workers=1))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["konsolidasi", "impor_folder", "kembalikan", "pratinjau"])
def test_a_folder_without_files_gets_one_sentence(name: str, sample: Sample, tmp_path: Path) -> None:
    book = desktop_host.open_book(sample.master)
    (tmp_path / "kosong").mkdir()
    for inbox in (tmp_path / "kosong", tmp_path / "tidak ada", None):
        with pytest.raises(Impossible):
            macros.run(name, book, Desk(DAY, inbox, tmp_path / "hasil", workers=1))


def test_a_refused_write_leaves_the_workbook_as_it_was(sample: Sample, tmp_path: Path) -> None:
    """Rekap Selisih is written last: locked with a password, it makes Excel refuse after all else was written."""

    def refused(book: Any) -> None:
        with pytest.raises(Impossible):
            macros.run("konsolidasi", book, Desk(DAY, sample.returns, workers=1))

    locked = tmp_path / "terkunci.xlsx"
    book = openpyxl.load_workbook(sample.master)
    for row in book["Rekap Selisih"].iter_rows():
        for cell in row:
            cell.protection = openpyxl.styles.Protection(locked=True)
    for dimension in book["Rekap Selisih"].column_dimensions.values():
        dimension.protection = openpyxl.styles.Protection(locked=True)
    book.save(locked)
    run = excel_books.in_desktop(locked, refused, tmp_path / "sesudah.xlsx")
    # Cells that were not there are there, but empty; a text that was put back shows Excel's sign for text.
    same = re.compile(r": (\(\)|\(None, .*) \(None, 'n', None\)$|quotePrefix: False True$")
    assert [line for line in excel_books.differences(locked, run.saved) if not same.search(line)] == []


def test_an_unknown_command_gets_one_sentence(sample: Sample) -> None:
    with pytest.raises(Impossible):
        macros.run("hapus_semua", desktop_host.open_book(sample.master), Desk(DAY))
