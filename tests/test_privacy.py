"""Data of a child is found, masked everywhere and never kept; what only looks like it stays as it is."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kemitraan_xl import cli
from kemitraan_xl.archive.write import PART
from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh.proposal import partners, proposal
from kemitraan_xl.intake.model import Arrival, Extract, Fault, FileReading
from kemitraan_xl.privacy import MARK, find, find_number, mask, mask_name
from kemitraan_xl.privacy_names import words
from kemitraan_xl.privacy_reading import cleared, with_safe_names
from validation.contract import lists

TODAY = date(2026, 11, 24)
KINDS = tuple(words()["jenis"])
MARKED = re.compile(rf"\[(.+?)\]\(({'|'.join(KINDS)})\)")


def corpus() -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Every sentence of the corpus, with start, end and kind of what must be masked in it."""
    found = []
    for line in Path(__file__).with_name("data").joinpath("kalimat_anak.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            parts, text, last = [], "", 2
            for match in MARKED.finditer(line):
                text += line[last : match.start()]
                parts.append((len(text), len(text) + len(match[1]), match[2]))
                text, last = text + match[1], match.end()
            found.append((text + line[last:], parts))
    return found


def test_recall_and_precision_on_the_corpus() -> None:
    sentences = corpus()
    positive = [text for text, parts in sentences if parts]
    found = [text for text, _ in sentences if find(text)]
    right = set(positive) & set(found)
    assert len(sentences) >= 400
    assert 0.4 < len(positive) / len(sentences) < 0.6
    assert len(right) / len(positive) >= 0.98, set(positive) - right
    assert len(right) / len(found) >= 0.95, set(found) - right


def test_nothing_of_an_identifying_part_is_left() -> None:
    for text, parts in corpus():
        hits = find(text)
        covered = {place for hit in hits for place in range(hit.start, hit.end)}
        for start, end, kind in parts if hits else ():
            assert {place for place in range(start, end) if text[place].isalnum()} <= covered, mask(text)
            assert any(hit.kind == kind and hit.start < end and start < hit.end for hit in hits), (text, kind)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("NIK\u00a03275\u20110131\u20110212\u20110001", ["identitas"]),
        (
            "\uff13\uff12\uff17\uff15\uff10\uff11\uff13\uff11\uff10\uff12\uff11\uff12\uff10\uff10\uff10\uff11",
            ["identitas"],
        ),
        ("08\u200b12\u200b0000\u200b0001", ["telepon"]),
        ("anak bernama \u201cRaka\u201d", ["nama"]),
        ("anak bernama [disamarkan]", []),
        ("0012013102120001", []),  # no province 00
        ("3275013202120001", []),  # no day 32
        ("3275013113120001", []),  # no month 13
        ("NIK 3275013113120001", ["identitas"]),  # but said to be one
        ("", []),
    ],
)
def test_unusual_characters_and_bounds(text: str, kinds: list[str]) -> None:
    assert [hit.kind for hit in find(text)] == kinds
    assert mask(text).count(MARK) == max(len(kinds), text.count(MARK))


def test_numbers_of_cells() -> None:
    assert find_number(3275013102120000)
    assert find_number(9171013102100002.0)
    assert not any(find_number(number) for number in (0, 1.5, 1e15, 3_275_013_102_120, 5212110000123456, 1e300))


def test_no_label_of_the_guideline_is_taken_for_a_child() -> None:
    assert not [
        text for codes in lists().values() for item in codes for text in (item.label, *item.aliases) if find(text)
    ]


PIECES = st.sampled_from([word for text, _ in corpus() for word in text.split()])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=60))
def test_masking_again_changes_nothing(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked
    assert bool(find(text)) == (masked != text)


def test_a_long_cell_takes_no_long_time() -> None:
    started = process_time()
    for text in ("a" * 32_000 + "@", "08121 1" * 4_600, "anak Budi " * 3_200, "kasus no " + "a/" * 16_000):
        mask(text)  # takes minutes if a pattern tries every way to split the text
    assert process_time() - started < 10


# ---- files ---- #


def reading(**cells: Any) -> FileReading:
    columns = {name: [cell] for name, cell in cells.items()}
    letters = dict.fromkeys(columns, "B7")
    return FileReading(tables={"sampul": Extract("sampul", "Sampul", columns, [1], letters)})


def test_a_clean_reading_is_handed_on_as_it_is() -> None:
    clean = reading(
        nama_lembaga="Yayasan Pelita Tunas", narahubung="Rani", telepon="0812-0000-0001", surel="a@b.example"
    )
    assert cleared(clean).reading is clean


def test_faults_stamps_and_sheet_names_are_masked_too() -> None:
    dirty = reading(nama_lembaga="Yayasan Pelita Tunas")
    dirty.tables["sampul"].sheet = "Anak_bernama_Raka"
    dirty.identity["periode"] = "081200000001"
    dirty.faults.append(Fault("ST-19", "Anak_bernama_Raka", "Z9", "Sampul", "NIK 3275013102120001"))
    clear = cleared(dirty)
    assert {(one.code, one.cell) for one in clear.findings} == {("DT-01", ""), ("DT-01", "Z9")}
    assert not any(secret in repr(clear) for secret in ("Raka", "0812", "3275"))
    assert "Raka" in dirty.tables["sampul"].sheet  # the reading handed in is left alone


def test_names_of_files() -> None:
    names = ("a.xlsx", "anak_bernama_Raka_1.xlsx", "anak_bernama_Tiara_1.xlsx", mask_name("anak_bernama_Raka_1.xlsx"))
    shown = [one.name for one in with_safe_names([Arrival(name, Path(name), 0) for name in names])]
    assert (shown[0], shown[3]) == (names[0], names[3])
    assert len(set(shown)) == 4
    assert not any(secret in name for name in shown for secret in ("Raka", "Tiara"))


SECRETS = {
    ("Rencana Kerja", "rencana_kerja", 0, "kelompok_sasaran"): "Anak bernama Zulkarnain Umpama dan dua temannya",
    ("Rencana Kerja", "rencana_kerja", 1, "lokasi"): 3275013102120000,
    ("KAK", "kak", 0, "uraian"): "Hubungi ibu korban di 0812-0000-7777 atau surel rahasiawali@contoh.example.",
    ("Matriks Risiko", "matriks_risiko", 0, "potensi_risiko"): "Perkara 77/Pid.Sus-Anak/2025/PN Cth tersebar.",
    ("Sampul", "sampul", 0, "alamat_lembaga"): "Rumah anak NIK 3275017102130099",
}
BARE = ("zulkarnain", "3275013102120", "0000-7777", "rahasiawali", "77/pid", "3275017102130099", "umpama")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one clean proposal and one that holds data of children, the second under a telling name."""
    folder = tmp_path_factory.mktemp("kiriman")
    for partner, secrets in zip(partners()[:2], ({}, SECRETS), strict=True):
        values = proposal(partner, TODAY)[0]
        for (_, table, row, column), value in secrets.items():
            values[table][row][column] = value
        name = "Usulan anak bernama Zulkarnain.xlsx" if secrets else "Usulan.xlsx"
        period = str(TODAY.year + 1)
        build_template(
            "usulan",
            folder / name,
            mitra=partner["nama"],
            kode=partner["kode"],
            periode=period,
            prefill=values,
            per_tanggal=TODAY,
        )
    return folder


def consolidated(source: Path, cache: Path) -> Recap:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(cache))
        return consolidate([source], TODAY)


def test_file_with_child_data_comes_back_with_its_cells_named(source: Path, tmp_path: Path) -> None:
    for _ in range(2):  # the second time the clean file comes from the cache, the other is read again
        recap = consolidated(source, tmp_path / "cache")
        clean, dirty = sorted(recap.returns, key=lambda entry: entry.verdict, reverse=True)
        assert (clean.verdict, dirty.verdict) == ("diterima", "dikembalikan")
        cells = {(one.sheet, one.cell) for one in dirty.findings if one.code == "DT-01"}
        wanted = {(sheet, dirty.reading.tables[table].cell(column, row)) for sheet, table, row, column in SECRETS}
        assert cells == wanted
        assert not {(one.sheet, one.cell) for one in dirty.findings if one.code != "DT-01"} & wanted


def told(path: Path) -> str:
    """Everything that a file says, also inside a zip or as Parquet, in small letters."""
    if path.suffix == ".parquet":
        return str(duckdb.read_parquet(str(path)).fetchall()).lower()
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", "replace").lower()
    with zipfile.ZipFile(path) as package:
        return " ".join(package.read(name).decode("utf-8", "replace").lower() for name in package.namelist())


def run(*arguments: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["kemitraan", *arguments])
        with pytest.raises(SystemExit):
            cli.main()


def test_child_data_is_in_no_output(
    source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "hasil"
    made.mkdir()
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(made / "cache"))
    day = ("--per-tanggal", TODAY.isoformat())
    run("periksa", str(source), *day)
    run("periksa", str(source), "--format", "json", *day)
    run("konsolidasi", str(source), "--keluaran", str(made / "rekap.xlsx"), "--parquet", str(made / "arsip"), *day)
    run("konsolidasi", str(source), "--keluaran", str(made / "rekap.xlsx"), "--pratinjau", *day)
    run("induk", "--impor", str(source), "--keluaran", str(made / "induk.xlsx"), *day)
    shown = capfd.readouterr()
    said = (shown.out + shown.err).lower()
    assert "dt-01" in said
    outputs = [path for path in made.rglob("*") if path.is_file()]
    assert {"rekap.xlsx", "induk.xlsx", PART} <= {path.name for path in outputs}
    for where, text in [("layar", said), *((path.name, told(path)) for path in outputs)]:
        assert not [secret for secret in BARE if secret in text], where
    assert all(secret in told_all(source) for secret in BARE)  # or nothing was proved


def told_all(folder: Path) -> str:
    return " ".join(told(path) for path in folder.iterdir()) + " ".join(path.name.lower() for path in folder.iterdir())


def test_an_unclean_file_has_no_link_that_shows_its_name(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "rekap.xlsx"
    write_summary(consolidated(source, tmp_path / "cache"), target)
    links = re.findall(r'target="([^"]*kiriman[^"]*)"', told(target))
    assert links
    assert all(link.split("#")[0].endswith("usulan.xlsx") for link in links)
