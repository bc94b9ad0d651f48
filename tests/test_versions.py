"""Versions of one return: which one stands, what it says otherwise than the one before, and earlier editions."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import rusak_ubah, templat

from kemitraan_xl.book.kiriman import handed_in as handed_in_rows
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh.damage import Moved, changed, stay
from kemitraan_xl.examine import Examined, examine
from kemitraan_xl.intake.model import Arrival, Extract, FileReading, Mail
from kemitraan_xl.intake.reading.reader import read_bytes
from kemitraan_xl.marks import SPARE
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.privacy import MARK
from kemitraan_xl.recap import SHEETS
from kemitraan_xl.reply import write_returned
from kemitraan_xl.verdicts import Return, decide
from kemitraan_xl.versions import MOST, differences
from validation.contract import Former, checks_by_key, former, lists, tables
from validation.findings import Finding

DATA = Path(__file__).parent / "data" / "versi.md"
PLAN, RISKS = "rencana_kerja", "matriks_risiko"
REQUIRED = checks_by_key()["ST-08"]
DEFAULTS = {"Kode": "M-001", "Nama": "Yayasan Contoh", "Kelas": "Organisasi Non-Pemerintah", "Jenis": "usulan"}

Row = Mapping[str, str]


# ---- which one stands ---- #


def scenarios() -> dict[str, list[Row]]:
    """The sections of versi.md: the rows of each, by its title."""
    found: dict[str, list[Row]] = {}
    for section in DATA.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = section.splitlines()
        cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")]
        found[title] = [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]
    return found


SCENARIOS = scenarios()


def cell(row: Row, heading: str, default: str = "") -> str:
    return (row.get(heading) or default).removeprefix("–")


def handed_in(row: Row) -> tuple[Arrival, FileReading]:
    """The file of a row, as the intake would hand it on."""
    name = row["Berkas"]
    said = cell(row, "Isi", name)
    sha = hashlib.sha256((row.get("SHA") or f"{name} {said}").encode()).hexdigest()
    sent = cell(row, "Surel").replace(" ", "T")
    arrival = Arrival(
        name, Path(name), 1, sha, mail=Mail("mitra@contoh.example", f"{sent}+00:00", "") if sent else None
    )
    cover = {
        "nama_lembaga": cell(row, "Nama", DEFAULTS["Nama"]) or None,
        "kelas_lembaga": cell(row, "Kelas", DEFAULTS["Kelas"]),
        "narahubung": said,
        "tanggal_surat": day_or_words(cell(row, "Surat")),
    }
    papers = {"dokumen": "NPWP", "nomor": cell(row, "NPWP") or None}
    return arrival, FileReading(
        identity={
            "jenis": cell(row, "Jenis", DEFAULTS["Jenis"]),
            "mitra": cell(row, "Kode", DEFAULTS["Kode"]),
            "periode": cell(row, "Periode", "2027"),
        },
        tables={
            "sampul": Extract("sampul", "Sampul", {k: [v] for k, v in cover.items()}, [8], {"nama_lembaga": "B8"}),
            "profil_bukti": Extract("profil_bukti", "Profil", {k: [v] for k, v in papers.items()}, [10], {}),
        },
        modified=cell(row, "Simpan").replace(" ", "T"),
    )


def day_or_words(text: str) -> date | str | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text or None


def decided(rows: Sequence[Row]) -> list[Return]:
    files = [handed_in(row) for row in rows]
    faults = [[Finding(REQUIRED, "Sampul", "B12", "", "")] if row.get("E") else [] for row in rows]
    codes = {
        n: code for n, row in enumerate(rows) if (code := row.get("Register") or cell(row, "Kode", DEFAULTS["Kode"]))
    }
    readings = [reading for _, reading in files]
    return decide([arrival for arrival, _ in files], Examined({}, faults, readings, frozenset(), codes))


def outcome(entry: Return, names: set[str]) -> tuple[str, str, set[str], list[str]]:
    """Verdict, place in the chain, the other files that the reason names, and findings about versions and partners."""
    told = names & set(re.findall(r"\b[a-d]\b", entry.reason))
    return entry.verdict, entry.version, told, [f.code for f in entry.findings if f.code in ("ST-22", "ST-23")]


@pytest.mark.parametrize("title", SCENARIOS)
def test_which_version_stands_in_any_order(title: str) -> None:
    rows = SCENARIOS[title]
    names = {row["Berkas"] for row in rows}
    wanted = {
        row["Berkas"]: (
            row["Putusan"],
            row["Versi"],
            set(filter(None, row["Menyebut"].split(", "))),
            row.get("Temuan", "").split(),
        )
        for row in rows
    }
    reasons = set()
    for order in permutations(rows):
        entries = decided(order)
        assert {entry.arrival.name: outcome(entry, names) for entry in entries} == wanted
        reasons.add(tuple(sorted((entry.arrival.name, entry.reason) for entry in entries)))
    assert len(reasons) == 1


def test_there_are_enough_of_them() -> None:
    assert len(SCENARIOS) > 50
    assert max(map(len, SCENARIOS.values())) == 4


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "2026-11-03 02:00", "2026-11-03 20:00", "2026-11-05 02:00"]),
            st.sampled_from(["", "2026-11-03", "2026-11-04", "2026-11-05"]),
            st.sampled_from(["", "2026-11-02 02:00", "2026-11-04 02:00", "salah"]),
        ),
        min_size=2,
        max_size=5,
    )
)
def test_mixed_times_have_one_newest_or_none(times: list[tuple[str, str, str]]) -> None:
    """The newest are those to which none is newer; all others are replaced; one alone is accepted."""
    headings = ("Surel", "Surat", "Simpan")
    entries = decided([{"Berkas": str(n), **dict(zip(headings, one, strict=True))} for n, one in enumerate(times)])
    newest = [entry for entry in entries if not any(entry.age.before(other.age) for other in entries)]
    assert newest
    assert Counter(entry.verdict for entry in newest) == {
        "diterima" if len(newest) == 1 else "dikembalikan": len(newest)
    }
    assert all(entry.verdict == "digantikan" for entry in entries if entry not in newest)


def test_many_that_are_equally_new_are_not_all_named() -> None:
    entries = decided([{"Berkas": f"{n:03}"} for n in range(300)])
    assert {entry.verdict for entry in entries} == {"dikembalikan"}
    assert max(len(finding.value) for entry in entries for finding in entry.findings) < 60


# ---- what is different ---- #


def plan(*names: str, **others: Sequence[Any]) -> Extract:
    """A Rencana Kerja from row 6 on with these programmes, numbered, and other columns."""
    size = len(names)
    columns: dict[str, list[Any]] = {
        "no": list(range(1, size + 1)),
        "nama_program": list(names),
        "kegiatan": [f"Kegiatan {name}" for name in names],
        "lokasi": [f"Kota {name}" for name in names],
        "biaya": [1_000_000] * size,
    }
    columns |= {name: list(cells) for name, cells in others.items()}
    letters = dict(zip(columns, "ABDFH", strict=False))
    return Extract(PLAN, "Rencana Kerja", columns, list(range(6, 6 + size)), letters)


def changes(old: Extract | None, new: Extract | None) -> list[tuple[str, str, str, str]]:
    """Case, cell, value and what is said of the old one of every difference."""
    before, after = (FileReading(tables={one.table: one} if one else {}) for one in (old, new))
    _, found = differences(before, after, "usulan")
    return [(one.check.case, one.cell, one.value, one.detail) for one in found]


def test_nothing_is_different_from_itself() -> None:
    assert changes(plan("A", "B"), plan("A", "B")) == []


def test_a_cell_that_changed_tells_what_stood_there() -> None:
    old, new = plan("A", "B", biaya=[1_000_000, 2_000_000]), plan("A", "B", biaya=[1_000_000, 3_500_000])
    assert changes(old, new) == [("", "H7", "3500000", "2000000")]


def test_a_cell_that_was_filled_in_or_emptied() -> None:
    old, new = plan("A", "B", lokasi=[None, "Kota B"]), plan("A", "B", lokasi=["Kota A", None])
    assert changes(old, new) == [("diisi", "F6", "Kota A", ""), ("dikosongkan", "F7", "", "Kota B")]


def test_another_way_to_write_the_same_is_no_difference() -> None:
    old, new = plan("A", biaya=["Rp 5.000.000,-"]), plan(" A ", biaya=[5_000_000.0])
    assert changes(old, new) == []


def test_a_text_is_compared_as_it_is_written() -> None:
    assert changes(plan("A", lokasi=["Kota Bandung"]), plan("A", lokasi=["kota bandung"])) == [
        ("", "F6", "kota bandung", "Kota Bandung")
    ]


@pytest.mark.parametrize("place", range(31))
def test_an_inserted_row_is_one_difference(place: int) -> None:
    names = [f"Program {n}" for n in range(30)]
    more = [*names[:place], "Baru", *names[place:]]
    assert changes(plan(*names), plan(*more)) == [("baris", f"B{6 + place}", "Baru", "")]
    assert changes(plan(*more), plan(*names)) == [("baris_hilang", "", "", f"B{6 + place}: Baru")]


def test_rows_that_only_changed_places_are_no_difference() -> None:
    assert changes(plan("A", "B", "C"), plan("C", "A", "B")) == []


def test_a_row_that_moved_and_changed_is_found_again() -> None:
    old = plan("A", "B", "C", biaya=[1, 2, 3])
    new = plan("C", "Baru", "A", "B", biaya=[3, 9, 1, 7])
    assert changes(old, new) == [("baris", "B7", "Baru", ""), ("", "H9", "7", "2")]


def test_a_programme_under_another_name_is_not_another_programme() -> None:
    old, new = plan("A", "B"), plan("A", "B", nama_program=["A", "B yang baru"])
    assert changes(old, new) == [("", "B7", "B yang baru", "B")]


def test_a_row_of_which_little_is_left_is_another_row() -> None:
    old = plan("A", kegiatan=["x"], lokasi=["y"], biaya=[1])
    new = plan("B", kegiatan=["p"], lokasi=["q"], biaya=[1])
    assert changes(old, new) == [("baris", "B6", "B", ""), ("baris_hilang", "", "", "B6: A")]


def test_equal_rows_are_counted() -> None:
    old, new = plan("A", "A", "A"), plan("A", "A")
    assert changes(old, new) == [("baris_hilang", "", "", "B8: A")]


def test_a_number_that_is_not_only_counted_on_is_a_difference() -> None:
    assert changes(plan("A", "B"), plan("A", "B", no=[1, 5])) == [("", "A7", "5", "2")]


def test_columns_and_tables_that_came_or_went() -> None:
    old, new = plan("A"), plan("A")
    del old.columns["biaya"], new.columns["lokasi"]
    assert [(case, detail) for case, _, _, detail in changes(old, new)] == [("bagian_hilang", ""), ("bagian", "")]
    assert [case for case, *_ in changes(plan("A"), None)] == ["bagian_hilang"]
    assert [case for case, *_ in changes(None, plan("A"))] == ["bagian"]
    assert changes(plan(), None) == changes(None, plan()) == []


def test_computed_cells_are_no_matter() -> None:
    tables_of = [
        Extract(RISKS, "Matriks Risiko", {"potensi_risiko": ["x"], "tingkat_risiko": [level]}, [4], {})
        for level in "ab"
    ]
    assert changes(*tables_of) == []


def test_of_a_long_text_the_part_that_changed_is_quoted() -> None:
    before = "kata " * 200
    old, new = plan("A", kegiatan=[f"{before}lama"]), plan("A", kegiatan=[f"{before}baru"])
    ((case, cell_, value, detail),) = changes(old, new)
    assert (case, cell_, value) == ("", "D6", f"{before}baru")
    assert detail.endswith("lama")
    assert len(detail) < 40


def test_what_is_not_shown_is_counted() -> None:
    size = MOST + 7
    names = [f"Program {n}" for n in range(size)]
    old, new = plan(*names), plan(*names, biaya=range(size))
    count, found = differences(FileReading(tables={PLAN: old}), FileReading(tables={PLAN: new}), "usulan")
    assert count == size
    assert [one.cell for one in found[:-1]] == [f"H{6 + n}" for n in range(MOST)]
    assert (found[-1].check.case, found[-1].value) == ("selebihnya", "7")


rows_of_a_plan = st.lists(st.integers(0, 40), unique=True, max_size=20)


@given(rows_of_a_plan, rows_of_a_plan, st.sets(st.integers(0, 40)))
def test_every_row_is_accounted_for(old: list[int], new: list[int], dearer: set[int]) -> None:
    """Whatever was put in, taken out, moved and changed: that, and nothing else."""
    before = plan(*map(str, old))
    after = plan(*map(str, new), biaya=[2_000_000 if n in dearer else 1_000_000 for n in new])
    found = changes(before, after)
    gone, come = sorted(set(old) - set(new)), [n for n in new if n not in old]
    assert [value for case, _, value, _ in found if case == "baris"] == list(map(str, come))
    assert Counter(detail.split(": ")[1] for case, *_, detail in found if case == "baris_hilang") == Counter(
        map(str, gone)
    )
    assert [cell for case, cell, *_ in found if case == ""] == [
        f"H{6 + place}" for place, n in enumerate(new) if n in old and n in dearer
    ]
    assert changes(after, after) == []


# ---- from files to sheets ---- #

SECRET = "Rani Umpama"
PROGRAMMES = [
    {**templat.PROGRAM, "nama_program": f"Pelatihan {n}", "biaya": 1_000_000 * n, "lokasi": "Kota Bandung, Jawa Barat"}
    for n in (1, 2, 3)
]


def fill(target: Path, programmes: Sequence[Mapping[str, Any]], letter: date) -> Path:
    cover = {**templat.WHOLE["sampul"][0], "tanggal_surat": letter}
    return templat.build(target, {**templat.WHOLE, PLAN: programmes, "sampul": [cover]})


@pytest.fixture(scope="module")
def recap(tmp_path_factory: pytest.TempPathFactory) -> Recap:
    """Two versions of a proposal: the new one has a programme more, one dearer, a blank Kegiatan, no child's name."""
    folder = tmp_path_factory.mktemp("kiriman")
    named = {**PROGRAMMES[2], "kelompok_sasaran": f"Anak bernama {SECRET}"}
    fill(folder / "lama.xlsx", [*PROGRAMMES[:2], named], date(2026, 1, 5))
    dearer = {**PROGRAMMES[1], "biaya": 2_500_000, "kegiatan": None}
    more = {**templat.PROGRAM, "nama_program": "Kampanye", "lokasi": "Kota Bogor, Jawa Barat"}
    fill(folder / "perbaikan.xlsx", [PROGRAMMES[0], more, dearer, PROGRAMMES[2]], date(2026, 1, 20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path_factory.mktemp("cache")))
        return consolidate([folder], templat.TODAY, workers=1)


def test_the_chain_is_seen_in_arsip(recap: Recap) -> None:
    rows = {row["Berkas"]: row for row in SHEETS["Arsip"](recap).to_dict("records")}
    assert {name: (row["Putusan"], row["Versi"]) for name, row in rows.items()} == {
        "lama.xlsx": ("digantikan", "1 dari 2"),
        "perbaikan.xlsx": ("dikembalikan", "2 dari 2"),
    }
    assert "perbaikan.xlsx" in rows["lama.xlsx"]["Alasan"]
    assert "lama.xlsx" in rows["perbaikan.xlsx"]["Alasan"]
    assert [(row["Berkas"], row["Versi"]) for row in handed_in_rows(recap, ()).archive] == [
        ("lama.xlsx", "1 dari 2"),
        ("perbaikan.xlsx", "2 dari 2"),
    ]


def test_the_difference_stands_at_its_cells(recap: Recap) -> None:
    findings = SHEETS["Temuan"](recap)
    told = findings[findings["Kode"] == "ST-24"]
    assert set(told["Berkas"]) == {"perbaikan.xlsx"}
    assert set(told["Tingkat"]) == {"I"}
    assert list(zip(told["Lembar"], told["Sel"], strict=True)) == [
        ("Rencana Kerja", "B7"),
        ("Rencana Kerja", "D8"),
        ("Rencana Kerja", "H8"),
        ("Rencana Kerja", "E9"),
        ("Sampul", "B17"),
    ]


def test_what_an_older_version_says_of_a_child_is_quoted_masked(recap: Recap) -> None:
    (quoted,) = [f for e in recap.returns for f in e.findings if f.code == "ST-24" and f.cell == "E9"]
    assert MARK in quoted.message
    assert not [
        text for name in SHEETS for text in SHEETS[name](recap).astype(str).to_numpy().ravel() if SECRET in text
    ]


def test_a_partner_is_not_told_what_it_changed(recap: Recap, tmp_path: Path) -> None:
    number = next(n for n, entry in enumerate(recap.returns) if entry.verdict == "dikembalikan")
    returned = write_returned(recap, number, "2026", tmp_path / "kembali.xlsx")
    codes = [finding.code for finding in recap.returns[number].findings]
    assert len(returned.lines) == len([code for code in codes if code != "ST-24"])


# ---- earlier editions ---- #

EARLIER = "0.0-contoh"
#: An edition that never was: what it called otherwise, and what it did not have.
WORDS = (
    Former((EARLIER,), "Risiko", sheet="Matriks Risiko"),
    Former((EARLIER,), "Di mana dikerjakan", table=PLAN, column="lokasi"),
    Former((EARLIER,), table=PLAN, column="kelompok_sasaran"),
    Former((EARLIER,), "Orang yang dihubungi", table="sampul", column="narahubung"),
    Former((EARLIER,), table="sampul", column="provinsi"),
    Former((EARLIER,), "Regional", list="tingkat_cakupan", item="daerah"),
    Former((EARLIER,), "Isilah dengan huruf cetak."),
)


def as_earlier(book: Any) -> Moved:
    """Today's template as that edition printed it."""
    rusak_ubah.replace_identity(book, f'"edisi": "{load().edition}"', f'"edisi": "{EARLIER}"')
    rusak_ubah.rename_sheet(book, "Matriks Risiko", "Risiko")
    rusak_ubah.delete_column(book, "Rencana Kerja", "E")
    rusak_ubah.delete_rows(book, "Sampul", templat.find(book["Sampul"], "Provinsi")[0])
    rusak_ubah.reverse_sheets(book)
    book["Sampul"]["A3"] = "Isilah dengan huruf cetak."
    words = {"Lokasi": "Di mana dikerjakan", "Narahubung": "Orang yang dihubungi", "Daerah": "Regional"}
    for title in ("Sampul", "Rencana Kerja"):
        for one in (one for row in book[title].iter_rows() for one in row if one.value in words):
            one.value = words[one.value]
    return stay


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileReading, FileReading, Recap]:
    """A filled template as it is read, the same in the earlier edition, and what is made of that one."""
    folder = tmp_path_factory.mktemp("edisi")
    whole = fill(folder / "kini.xlsx", PROGRAMMES, date(2026, 1, 5))
    old = folder / "dulu.xlsx"
    old.write_bytes(changed(whole, as_earlier, templat.TODAY)[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(former(), EARLIER, WORDS)
        now, then = (read_bytes(path.read_bytes()) for path in (whole, old))
        examined = examine([then], templat.TODAY, load(), load().choose())
        sha = hashlib.sha256(old.read_bytes()).hexdigest()
        returns = decide([Arrival(old.name, old, 1, sha)], examined)
        recap = Recap(templat.TODAY, "uji", returns, examined.frames, codes=examined.codes)
        write_returned(recap, 0, returns[0].period, folder / "kembali.xlsx")
    return now, then, recap


def told(reading: FileReading) -> dict[str, dict[str, list[Any]]]:
    """What is in the tables that a partner fills in, by the present columns."""
    return {
        name: {c.name: extract.columns[c.name] for c in tables()[name].columns if c.name in extract.columns}
        for name, extract in reading.tables.items()
    }


def test_an_earlier_edition_is_read_into_the_present_columns(editions: tuple[FileReading, FileReading, Recap]) -> None:
    now, then, _ = editions
    wanted = told(now)
    del wanted[PLAN]["kelompok_sasaran"], wanted["sampul"]["provinsi"]
    assert told(then) == wanted
    assert then.tables["sampul"].columns["tingkat"] == ["Daerah"]


def test_what_an_earlier_edition_did_not_have_is_no_fault(editions: tuple[FileReading, FileReading, Recap]) -> None:
    now, then, recap = editions
    assert Counter((fault.key, fault.column) for fault in then.faults) == {
        ("ST-03:edisi", "Kelompok Sasaran"): 1,
        ("ST-03:edisi", "Provinsi"): 1,
    }
    usual, found = (
        {(f.check.key, f.cell) for f in one if f.level != "I"} for one in (asked_of(now), recap.returns[0].findings)
    )
    assert usual <= found
    assert found - usual == {("ST-02", ""), ("ST-03:edisi", "")}
    assert {f.level for f in recap.returns[0].findings if f.code in ("ST-02", "ST-03")} == {"W"}


def asked_of(reading: FileReading) -> Sequence[Finding]:
    return examine([reading], templat.TODAY, load(), load().choose()).findings[0]


def test_it_goes_back_as_the_present_edition(editions: tuple[FileReading, FileReading, Recap]) -> None:
    _, then, recap = editions
    path = recap.returns[0].arrival.path.with_name("kembali.xlsx")
    back = read_bytes(path.read_bytes())
    assert back.identity == {**then.identity, "edisi": load().edition, "sidik": load().digest}
    assert back.faults == []
    told_back = told(back)
    assert told_back[PLAN].pop("kelompok_sasaran") == [None] * len(PROGRAMMES)
    assert told_back["sampul"].pop("provinsi") == [None]
    assert told_back == told(then)
    assert SPARE not in openpyxl.load_workbook(path, read_only=True).sheetnames


def test_an_earlier_edition_of_which_nothing_is_known_is_read_as_the_present_one() -> None:
    assert all(edition != load().edition for edition in former())
    for row in (row for rows in former().values() for row in rows):
        assert row.text or row.column
        assert not row.column or tables()[row.table].column(row.column)
        assert not row.item or lists()[row.list][row.item]
