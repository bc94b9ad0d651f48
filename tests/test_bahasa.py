"""The template for international partners: another language over the same tables, rules and codes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support import bahasa, engines, fixtures, kesepakatan, sdk, templat
from support.templat import TODAY, WHOLE

from kemitraan_xl import issue
from kemitraan_xl.book.hasil_periksa import HEADINGS
from kemitraan_xl.book.template import SHEETS, build_template
from kemitraan_xl.cli import kemitraan
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh.proposal import partners
from kemitraan_xl.examine import examine
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.intake.reading.reader import read_bytes
from kemitraan_xl.marks import CHANGED, RESULT, UNCHANGED
from kemitraan_xl.master import Master
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.reply import write_replies
from kemitraan_xl.report import findings_json, findings_text
from validation.contract import CodeList, lists, tables
from validation.findings import Finding
from validation.language import at_home, catalogue, language, languages, official
from validation.retold import retold

OTHERS = languages()[1:]
EN = language("en")
PLACEHOLDER = re.compile(r"\{\w+\}")
#: Words by which an Indonesian sentence is known, whatever it is about.
INDONESIAN = frozenset(
    {*("yang", "tidak", "atau", "dan", "belum", "tanpa", "pada", "dari", "maksudnya", "kemungkinan", "kosong", "kode")}
    | {*("nomornya", "makro", "rumus", "nama", "tanggal", "januari", "februari", "maret", "mei", "juni", "juli")}
    | {*("agustus", "oktober", "desember")}
)
REPORT: Mapping[str, list[dict[str, Any]]] = {
    "sampul": WHOLE["sampul"],
    "laporan_kemajuan": [
        {"no": 1, "nama_program": "Pelatihan", "status_kegiatan": "Belum Dimulai", "hasil": "Belum dimulai."},
        {"no": 2, "nama_program": "Kajian", "status_kegiatan": "Selesai", "realisasi_biaya": "dua juta"},
    ],
    "indikator": WHOLE["indikator"],
    "umpan_balik": [{"tanggal": date(2026, 3, 1), "sumber": "Penerima manfaat", "uraian": "Baik"}],
}
FINAL: Mapping[str, list[dict[str, Any]]] = {
    "sampul": WHOLE["sampul"],
    "laporan_akhir": [{"uraian": f"Uraian bagian {number}"} for number in range(1, 6)],
    "pembelajaran": [
        {"judul": "Rujukan", "jenis": "Pengelolaan suatu kegiatan", "publikasi": "Ya"},
        {"judul": "Pendamping", "jenis": "Perubahan yang nyata yang ditunjukkan oleh penerima manfaat"},
    ],
}
CONTENTS = {"usulan": WHOLE, "kemajuan": REPORT, "akhir": FINAL}


def built(target: Path, kind: str, code: str, values: Mapping[str, Any] | None = None) -> Path:
    build_template(
        kind,
        target,
        mitra=templat.NAME,
        kode="M-001",
        periode="2026-S1",
        prefill=CONTENTS[kind] if values is None else values,
        per_tanggal=TODAY,
        bahasa=code,
    )
    return target


def read(path: Path) -> FileReading:
    return read_bytes(path.read_bytes())


def found(*readings: FileReading) -> list[list[tuple[str, str, str]]]:
    examined = examine(readings, TODAY, load(), load().choose())
    return [sorted((f.check.key, f.sheet, f.cell) for f in one) for one in examined.findings]


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module", params=SHEETS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same content in the guideline's language and in English."""
    folder = tmp_path_factory.mktemp("templat")
    return tuple(built(folder / f"{code}.xlsx", request.param, code) for code in ("id", "en"))  # type: ignore[return-value]


# ---- the catalogue ---- #


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_has_its_translation_and_every_translation_its_text(code: str) -> None:
    needed = bahasa.needed()
    assert needed - language(code).words.keys() == set(), f"without a translation in validation/bahasa/{code}"
    assert language(code).words.keys() - needed == set(), f"no longer used in validation/bahasa/{code}"


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_placeholders_and_are_written_once(code: str) -> None:
    for text, said in language(code).words.items():
        assert said.strip()
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(said)), text
        assert (text[:1].isspace(), text[-1:].isspace()) == (said[:1].isspace(), said[-1:].isspace()), text
    lines = [
        line for path in catalogue(code) for line in path.read_text(encoding="utf-8").splitlines() if '" = "' in line
    ]
    assert len(lines) == len(language(code).words)


def test_the_register_offers_every_language() -> None:
    assert tuple(item.code for item in lists()["bahasa"]) == languages()


def listed() -> list[CodeList]:
    columns = [column for table in bahasa.partner_tables() for column in table.columns if column.list]
    return [lists()[name] for name in sorted({column.list for column in columns if "induk" not in column.kinds})]


@pytest.mark.parametrize("codes", listed(), ids=lambda codes: codes.name)
@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_means_another_entry(codes: CodeList, code: str) -> None:
    spoken = language(code)
    for item in codes:
        for text in (spoken.of(item.label), spoken.beside(item.label)):
            assert at_home(codes.name, text) == item.label
            assert codes.find(text) in (None, item)
    first, second = (item.label for item in codes.items[:2])
    assert at_home(codes.name, f"{first} / an older translation") == first
    for undecided in (f"{first} / {second}", f"{first} / {spoken.of(second)}", "something else"):
        assert at_home(codes.name, undecided) == undecided


# ---- the template ---- #


def test_official_headings_and_addresses_are_those_of_the_guideline(pair: tuple[Path, Path]) -> None:
    ours, theirs = (openpyxl.load_workbook(path) for path in pair)
    assert ours.sheetnames == theirs.sheetnames
    carried = [(table, kind) for table in bahasa.partner_tables() for kind in set(SHEETS) & set(table.kinds)]
    headings = {(table.sheet, one.heading) for table, kind in carried for one in table.columns_in(kind)}
    cells = [
        cell for sheet in ours for row in sheet.iter_rows() for cell in row if (sheet.title, cell.value) in headings
    ]
    assert len(cells) > 20
    for cell in cells:
        text = theirs[cell.parent.title][cell.coordinate].value
        assert text in (EN.heading(cell.value), EN.beside(cell.value))  # the latter where a title is worded alike
        assert official(EN.heading(cell.value)) == cell.value


def test_the_same_rows_and_findings_are_read(pair: tuple[Path, Path]) -> None:
    ours, theirs = map(read, pair)
    assert "bahasa" not in ours.identity
    assert theirs.identity.pop("bahasa") == "en"
    assert theirs == ours
    one, other = found(ours, theirs)
    assert one == other


def test_without_stamps_it_is_read_by_its_headings(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """Identity and stamps are gone: kind, language and tables are known by what is printed."""
    bare = []
    for path in pair:
        target = tmp_path / path.name
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
            for name in source.namelist():
                copy.writestr(name, re.sub(rb"kmt:[a-z_]+", b"", source.read(name)))
        bare.append(read(target))
    ours, theirs = bare
    assert theirs.identity.pop("bahasa") == "en"
    assert theirs == ours
    assert theirs.tables.keys() == read(pair[1]).tables.keys()


def test_translations_that_were_issued_once_are_still_read(tmp_path: Path) -> None:
    """The catalogue has changed since: headings, labels and entries have other English words than in the file."""
    now = read(built(tmp_path / "now.xlsx", "usulan", "en"))
    then = built(tmp_path / "then.xlsx", "usulan", "en")
    with zipfile.ZipFile(then) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    strings = parts["xl/sharedStrings.xml"].decode()
    for text in sorted({*EN.words.values()}, key=len, reverse=True):
        strings = strings.replace(f"\n{text}<", f"\nFormer {text}<").replace(f" / {text}<", f" / Former {text}<")
    assert strings.count("Former ") > 50
    with zipfile.ZipFile(then, "w") as copy:
        for name, data in parts.items():
            copy.writestr(name, strings if name == "xl/sharedStrings.xml" else data)
    assert read(then) == now


def test_entries_may_be_typed_in_english_alone(tmp_path: Path) -> None:
    def alone(rows: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
        listed = {column.name for column in tables()[name].columns if column.list}
        return [{key: EN.known(cell) if key in listed else cell for key, cell in row.items()} for row in rows]

    values = {name: alone(rows, name) for name, rows in WHOLE.items()}
    assert values["matriks_risiko"][0]["jenis_risiko"] == "Economic"
    assert values["sampul"][0]["provinsi"] == "West Java"
    typed = read(built(tmp_path / "english.xlsx", "usulan", "en", values))
    assert typed.tables == read(built(tmp_path / "both.xlsx", "usulan", "en")).tables


def test_formulas_speak_english_and_compute_the_same(tmp_path: Path) -> None:
    """Tingkat Risiko of every type and of the grades that the rule for child safety lifts; the state of Periksa."""
    kinds = lists()["jenis_risiko"].labels
    risks = [
        {"jenis_risiko": kind, "potensi_risiko": "x", "dampak": "y", "skala_dampak": impact, "kemungkinan": 1}
        for kind in kinds
        for impact in (1, 4, 5)
    ]
    values = {**WHOLE, "matriks_risiko": risks}
    ours, theirs = (read(built(tmp_path / f"{code}.xlsx", "usulan", code, values)) for code in ("id", "en"))
    levels = ours.tables["matriks_risiko"].columns["tingkat_risiko"]
    assert len(set(levels)) > 2
    assert theirs.tables["matriks_risiko"].columns["tingkat_risiko"] == levels
    here, there = (openpyxl.load_workbook(tmp_path / f"{code}.xlsx", data_only=True) for code in ("id", "en"))
    shown = [there["Matriks Risiko"].cell(row, 7).value for row in range(4, 4 + len(levels))]
    assert shown == [EN.beside(level) for level in levels]
    counts = [
        [[cell for cell in row[2:6] if isinstance(cell, int)] for row in book["Periksa"].values]
        for book in (here, there)
    ]
    assert counts[0] == counts[1]
    assert there["Periksa"]["B4"].value == EN.of(here["Periksa"]["B4"].value)


def test_help_is_translated_too(pair: tuple[Path, Path]) -> None:
    ours, theirs = (openpyxl.load_workbook(path) for path in pair)
    for sheet in ours:
        helped = zip(
            sheet.data_validations.dataValidation, theirs[sheet.title].data_validations.dataValidation, strict=True
        )
        for here, there in helped:
            assert (here.sqref, here.formula1, here.type) == (there.sqref, there.formula1, there.type)
            assert (
                not here.prompt or here.prompt != there.prompt or not set(here.prompt.casefold().split()) & INDONESIAN
            )
        assert sheet.title == "Ref" or "&P of &N" in theirs[sheet.title].oddFooter.right.text


@pytest.mark.libreoffice
def test_stored_values_are_those_of_libreoffice(tmp_path: Path) -> None:
    path = built(tmp_path / "akhir.xlsx", "akhir", "en")
    computed = engines.values_cellrune(path, TODAY)
    assert engines.differences(computed, engines.values_libreoffice(path)) == []


@pytest.mark.sdk
def test_open_xml_sdk_finds_nothing(pair: tuple[Path, Path]) -> None:
    assert sdk.errors(pair[1]) == []


# ---- findings ---- #


def test_no_finding_keeps_indonesian_words() -> None:
    """Every check that has a fixture; what somebody typed stays as typed, and is left out here."""
    paths = sorted((fixtures.DATA / "should_fail").glob("*.md"))
    chosen = [one for one in map(fixtures.read, paths) if one.kind in bahasa.KINDS]
    told = {finding for findings in fixtures.found(chosen) for finding in findings}
    assert len({finding.check.key for finding in told}) > 100
    for finding in sorted(told, key=lambda one: (one.check.key, one.value)):
        english = retold(finding, EN)
        assert retold(finding, language("id")) is finding
        assert (english.check.key, english.sheet, english.cell) == (finding.check.key, finding.sheet, finding.cell)
        if english.detail != finding.detail:
            words = set(re.split(r"\W+", re.sub(r"[^/]* / ", "", english.detail).casefold()))
            assert not words & INDONESIAN, english.detail


COMPUTED = (
    ("SP-07", "5 Januari 2026", "5 January 2026"),
    ("SP-07", " Tanggal Mulai: 1 Februari 2026.", " Start date: 1 February 2026."),
    ("RK-09:jangka", "1 Februari 2026 s.d. 31 Mei 2026", "1 February 2026 to 31 May 2026"),
    ("US-01:jenis", " Kemungkinan bacaan: 1 Maret 2026 atau kosong.", " It may be read as: 1 March 2026 or blank."),
    ("RS-02:daftar", " Mungkin maksudnya: Ekonomi.", " Perhaps you mean: Ekonomi / Economic."),
    ("IN-04:jenis_kelamin", "Tambahkan 2 pada", "Add 2 to"),
    ("UB-01", "2026 (M-001) tanpa Mitra", "2026 (M-001) without Mitra / Partner"),
    ("UB-01", "2026 tanpa Mitra dan Mitra", "2026 without Mitra / Partner and Mitra / Partner"),
    ("LP-03:asing", " (kode M-009)", " (code M-009)"),
    ("RS-06", "Tinggi", "Tinggi / High"),
    ("DT-01", "nama atau inisial, nomor telepon", "a name or initials, a telephone number"),
)
TYPED = (
    ("RK-04", "Ekonomi dan hukum"),
    ("RK-10", "lima juta atau lebih"),
    ("LP-03:nama", "Riset tanpa batas dan kajian"),
    ("RK-01", "Yayasan Ekonomi dan Hukum"),
)


def english(key: str, value: str, detail: str) -> Finding:
    check = next(check for check in bahasa.raised() if check.key == key)
    return retold(Finding(check, "Sampul", "B2", "Tanggal Mulai", value, detail), EN)


@pytest.mark.parametrize(("key", "said", "wanted"), COMPUTED)
def test_what_was_computed_is_translated(key: str, said: str, wanted: str) -> None:
    told = english(key, "", said)
    assert told.detail == wanted
    assert told.column == "Tanggal Mulai / Start date"


@pytest.mark.parametrize(("key", "typed"), TYPED)
def test_what_was_typed_is_not(key: str, typed: str) -> None:
    assert english(key, typed, "").value == typed
    assert english(key, "", typed).detail == typed or key in ("RK-04", "RK-10")


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("ST-14", "makro, kueri data dan data pivot", "macros, data queries and pivot data"),
        ("LK-09", "Nasional", "Nasional / National"),
        ("LA-07", "5 Mei 2026", "5 May 2026"),
    ],
)
def test_values_worded_by_the_program_are_translated(key: str, value: str, wanted: str) -> None:
    assert english(key, value, "").value == wanted


# ---- the file that goes back ---- #

FAULTY: Mapping[str, list[dict[str, Any]]] = {
    **WHOLE,
    "sampul": [{**WHOLE["sampul"][0], "lingkup_7": "Ya", "tanggal_surat": "1/2/26", "kelas_lembaga": "Charity"}],
    "rencana_kerja": [{**WHOLE["rencana_kerja"][0], "biaya": "a lot", "lokasi": None}],
    "kak": [{}, *WHOLE["kak"][1:]],
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recap, Recap]:
    folder = tmp_path_factory.mktemp("kiriman")
    paths = [built(folder / f"{code}.xlsx", "usulan", code, FAULTY) for code in ("id", "en")]
    ours, theirs = (consolidate([path], TODAY, workers=1) for path in paths)
    return ours, theirs


@pytest.fixture(scope="module")
def back(both: tuple[Recap, Recap], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    ours, theirs = (tmp_path_factory.mktemp(code) for code in ("id", "en"))
    for recap, folder in zip(both, (ours, theirs), strict=True):
        write_replies(recap, folder)
    return ours, theirs


def rows_of(folder: Path, code: str) -> list[dict[str, Any]]:
    (path,) = folder.glob("*.xlsx")
    rows = list(openpyxl.load_workbook(path, data_only=True)[RESULT].iter_rows(values_only=True))
    headings = tuple(map(language(code), HEADINGS))
    start = rows.index(headings)
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows[start + 1 :]]


def test_it_goes_back_in_its_language_with_the_same_findings(
    both: tuple[Recap, Recap], back: tuple[Path, Path]
) -> None:
    ours, theirs = rows_of(back[0], "id"), rows_of(back[1], "en")
    assert [(row["Lembar"], row["Sel"]) for row in theirs] == [(row["Lembar"], row["Sel"]) for row in ours]
    assert len(ours) > 4
    told = {retold(finding, EN).message for finding in both[1].returns[0].findings}
    assert {row["Pesan"] for row in theirs} <= told
    assert not {row["Pesan"] for row in theirs} & {row["Pesan"] for row in ours}


def test_sent_back_as_it_is_it_says_the_same_again(both: tuple[Recap, Recap], back: tuple[Path, Path]) -> None:
    (path,) = back[1].glob("*.xlsx")
    again = read(path)
    assert again.identity["bahasa"] == "en"
    assert again.tables == both[1].returns[0].reading.tables
    assert not again.faults
    states = [row["Keadaan"] for row in rows_of(back[1], "en")]
    assert EN(UNCHANGED) in states
    assert EN(CHANGED) not in states


def test_notes_and_mail_are_in_its_language(back: tuple[Path, Path]) -> None:
    (book,), (mail,) = back[1].glob("*.xlsx"), back[1].glob("*.eml")
    notes = [
        cell.comment.text for sheet in openpyxl.load_workbook(book) for row in sheet for cell in row if cell.comment
    ]
    assert notes
    assert all(
        EN.words["WAJIB DIPERBAIKI (E)"] in note or EN.words["SEBAIKNYA DIPERIKSA (W)"] in note for note in notes
    )
    text = mail.read_text(encoding="utf-8")
    assert EN.words["Cara memperbaiki:"] in text
    assert EN.words["Hormat kami,"] in text


def test_staff_are_told_in_indonesian(both: tuple[Recap, Recap]) -> None:
    theirs = both[1]
    lines = "\n".join(findings_text(theirs))
    for finding, shown in zip(theirs.returns[0].findings, findings_json(theirs)["berkas"][0]["temuan"], strict=True):
        assert shown["pesan"] == finding.message
        assert shown["kolom"] == finding.column
        assert retold(finding, EN).message in lines


@pytest.mark.sdk
def test_open_xml_sdk_finds_nothing_in_what_goes_back(back: tuple[Path, Path]) -> None:
    assert sdk.errors(next(back[1].glob("*.xlsx"))) == []


# ---- commands ---- #


def test_command_line_issues_in_a_language(tmp_path: Path) -> None:
    for extra, code in (((), None), (("--bahasa", "en"), "en")):
        target = tmp_path / "templat.xlsx"
        words = ("templat", "--jenis", "usulan", "--mitra", "UNICEF", *extra, "--keluaran", str(target))
        assert kemitraan.main([*words, "--per-tanggal", TODAY.isoformat()], standalone_mode=False) == 0
        assert read(target).identity.get("bahasa") == code


def test_a_master_knows_its_partners_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = kesepakatan.content(partners()[:2], TODAY)
    rows["mitra"] = [{**rows["mitra"][0], "bahasa": "Inggris"}, rows["mitra"][1]]
    known = Master(tmp_path / "induk.xlsx", "", kesepakatan.reading(rows))
    monkeypatch.setattr(issue, "read_master", lambda _: known)

    def said(bahasa: str) -> list[str | None]:
        made = issue.issue_all("kemajuan", known.path, "2026-S1", tmp_path, TODAY, bahasa)
        return [read(path).identity.get("bahasa") for path in made]

    assert said("") == ["en", None]
    assert said("id") == [None, None]
