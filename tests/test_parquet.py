"""The archive: what it holds, that it loses and doubles nothing, and that every recipe of docs/arsip.md is right."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import chdir
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from support import terbaca
from test_docs import tool

from kemitraan_xl.archive.contents import datasets
from kemitraan_xl.archive.folder import manifest
from kemitraan_xl.archive.table import TYPES, Dataset, Field, typed
from kemitraan_xl.archive.write import PART, archived, connect, write_rows
from kemitraan_xl.book import summary
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.preview import differences
from kemitraan_xl.recap import SHEETS, rekap_program
from validation.contract import KINDS, Column, lists, tables

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "arsip.md").read_text(encoding="utf-8")
PARTNERS = {item.code for item in lists()["jenis_berkas"]} - {"induk"}
TABLES = [name for name, table in tables().items() if PARTNERS & set(table.kinds)]
STAFF = [name for name, table in tables().items() if not PARTNERS & set(table.kinds)]
BANDS = {item.code: item.label for item in lists()["pengalaman"]}
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def recap() -> Recap:
    return terbaca.consolidated(terbaca.everything())


@pytest.fixture(scope="module")
def folder(recap: Recap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archive of the whole sample set, under the name it has in the guide."""
    place = tmp_path_factory.mktemp("arsip")
    put(recap, place / "arsip")
    return place


def put(recap: Recap, target: Path) -> None:
    with archived(recap, target):
        assert not (target / "baru").exists()


def asked(question: str, folder: Path) -> Rows:
    """The answer to a question that is asked beside the archive."""
    with chdir(folder), duckdb.connect() as engine:
        return engine.execute(question).fetchall()


def every(dataset: str, folder: Path) -> pd.DataFrame:
    with duckdb.connect() as engine:
        found = engine.sql(f"FROM '{folder / 'arsip' / dataset}/*.parquet'")
        return pd.DataFrame(found.fetchall(), columns=found.columns, dtype=object)


def own_columns(name: str) -> list[Column]:
    """The columns of a table in files of partners, each once."""
    table = tables()[name]
    return list(dict.fromkeys(column for kind in PARTNERS & set(table.kinds) for column in table.columns_in(kind)))


# ---- what it holds ---- #


def test_the_schema_page_is_current() -> None:
    made = tool("skema_arsip")
    assert (made.PAGE).read_text(encoding="utf-8") == made.page(), made.COMMAND
    assert len({line.count("|") for line in made.page().splitlines() if line.startswith("|")}) == 1


def test_every_table_of_partner_files_is_there_with_its_columns() -> None:
    found = {dataset.name: {field.name for field in dataset.fields} for dataset in datasets()}
    assert found.keys() == {*TABLES, *STAFF, "temuan", "arsip"}
    for name in TABLES:
        assert {column.name for column in own_columns(name)} <= found[name]
    assert TYPES.keys() == set(KINDS)


@pytest.mark.parametrize("dataset", datasets(), ids=lambda dataset: dataset.name)
def test_columns_are_named_once_and_the_same_with_and_without_rows(dataset: Dataset, folder: Path) -> None:
    names = [field.name for field in dataset.fields]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    described = asked(f"DESCRIBE FROM 'arsip/{dataset.name}/*.parquet'", folder)
    assert [(name, kind) for name, kind, *_ in described] == [(field.name, field.kind) for field in dataset.fields]


def test_an_archive_without_a_row_has_the_same_columns(tmp_path: Path) -> None:
    put(terbaca.consolidated({}), tmp_path / "arsip")
    assert asked("SELECT count(*), sum(biaya) FROM 'arsip/rencana_kerja/*.parquet'", tmp_path) == [(0, None)]
    for dataset in datasets():
        described = asked(f"DESCRIBE FROM 'arsip/{dataset.name}/*.parquet'", tmp_path)
        assert [kind for _, kind, *_ in described] == [field.kind for field in dataset.fields]


@pytest.mark.parametrize("name", TABLES)
def test_every_accepted_cell_is_in_it_as_it_was_read(name: str, recap: Recap, folder: Path) -> None:
    rows, found = recap.rows(name), every(name, folder)
    assert list(found["berkas"]) == [recap.returns[number].arrival.name for number in rows["_file"]]
    assert list(found["kode_mitra"]) == [recap.codes[number] for number in rows["_file"]]
    assert set(found["per_tanggal"]) == {terbaca.LATER}
    assert set(found["versi_aturan"]) == {"1.0-uji"}
    for column in own_columns(name):
        cells = rows[column.name].replace(BANDS) if column.kind == "masa" else rows[column.name]
        assert told(found[column.name]) == told(cells), column.name
        if column.kind == "waktu":
            for end in ("mulai", "selesai"):
                assert told(found[f"{column.name}_{end}"]) == told(rows[f"{column.name}_{end}"])


def told(cells: pd.Series) -> list[str]:
    """Values of any type as one text each; blank is ""."""
    plain = ["" if pd.isna(cell) else cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in cells]
    return [str(float(cell)) if isinstance(cell, int | float) else str(cell) for cell in plain]


@pytest.mark.parametrize("name", ["temuan", "arsip"])
def test_findings_and_files_are_those_of_the_summary(name: str, recap: Recap, folder: Path) -> None:
    sheet, found = SHEETS[name.capitalize()](recap), every(name, folder)
    for heading in set(sheet.columns) - {"Jenis"}:
        assert told(found[re.sub(r"\W", "_", heading.lower())]) == told(sheet[heading]), heading
    kinds = {entry.arrival.name: entry.kind for entry in recap.returns}
    assert list(found["jenis_berkas"]) == [kinds[file] for file in sheet["Berkas"]]


def test_totals_are_those_of_the_summary(recap: Recap, folder: Path) -> None:
    cost = SHEETS["Rekap Biaya"](recap).iloc[-1]
    question = "SELECT (SELECT sum(biaya) FROM 'arsip/rencana_kerja/*.parquet'), sum(realisasi_biaya)"
    (sums,) = asked(f"{question} FROM 'arsip/laporan_kemajuan/*.parquet'", folder)
    assert sums == (cost["Biaya"], cost["Realisasi Biaya"])


def test_data_of_a_child_is_masked(folder: Path) -> None:
    """M-020 names a child in the sample set; what is masked in Temuan is masked here, and its rows are not here."""
    everything = " ".join(every(dataset.name, folder).to_csv() for dataset in datasets())
    (fault,) = (row for row in terbaca.data("cacat")["cacat"] if row["kode"] == "M-020")
    planted = [change["nilai"] for change in fault["isi"]]
    assert planted
    assert not [value for value in planted if value in everything]
    assert asked("SELECT count(*) FROM 'arsip/temuan/*.parquet' WHERE kode = 'DT-01'", folder) == [(2,)]
    assert asked("SELECT count(*) FROM 'arsip/sampul/*.parquet' WHERE kode_mitra = 'M-020'", folder) == [(0,)]


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
rows = st.fixed_dictionaries(
    {
        "VARCHAR": st.none() | texts,
        "DOUBLE": st.none() | st.floats(allow_nan=False),
        "BIGINT": st.none() | st.integers(-(10**15), 10**15),
        "BOOLEAN": st.none() | st.booleans(),
        "DATE": st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    }
)


@settings(max_examples=30)
@given(st.lists(rows, max_size=5), st.integers(0, 3))
def test_whatever_can_be_read_comes_back(cells: list[dict[str, Any]], blank: int) -> None:
    """Also where only the last of more rows than are looked at for the type holds anything."""
    dataset = Dataset("coba", "", tuple(Field(kind.lower(), kind, "") for kind in sorted(set(TYPES.values()))))
    padded = [dict.fromkeys(set(TYPES.values()))] * (blank * 1000) + cells
    frame = pd.DataFrame([{kind.lower(): cell for kind, cell in row.items()} for row in padded], dtype=object)
    with TemporaryDirectory() as place, connect() as engine:
        write_rows(engine, dataset, typed(dataset, frame), Path(place, PART))
        found = engine.read_parquet(str(Path(place, PART))).fetchall()
    assert found == [tuple(row[kind] for kind in sorted(row)) for row in padded]


# ---- the same again, and the next period ---- #


def whole(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_files_and_date_are_the_same_bytes(recap: Recap, folder: Path, tmp_path: Path) -> None:
    put(recap, tmp_path / "arsip [2027] 'a' *")
    assert whole(tmp_path / "arsip [2027] 'a' *") == whole(folder / "arsip")
    put(terbaca.consolidated(terbaca.everything()), tmp_path / "arsip [2027] 'a' *")
    assert whole(tmp_path / "arsip [2027] 'a' *") == whole(folder / "arsip")


def spent(folder: Path) -> Rows:
    return asked(
        "SELECT periode, sum(realisasi_biaya) FROM 'arsip/laporan_kemajuan/*.parquet' GROUP BY ALL ORDER BY 1", folder
    )


def test_the_next_period_counts_nothing_twice_and_loses_nothing(folder: Path, tmp_path: Path) -> None:
    first = {**terbaca.proposals(), **terbaca.progress_reports(1)}
    put(terbaca.consolidated(first), tmp_path / "arsip")
    before = whole(tmp_path / "arsip")
    with pytest.raises(Impossible, match="2027-T1"):
        put(terbaca.consolidated({**terbaca.proposals(), **terbaca.progress_reports(2)}), tmp_path / "arsip")
    assert whole(tmp_path / "arsip") == before
    put(terbaca.consolidated({**first, **terbaca.progress_reports(2)}), tmp_path / "arsip")
    assert spent(tmp_path) == spent(folder)[:2]


@pytest.mark.parametrize("moved", ["renamed", "corrected", "sent back"])
def test_a_return_that_came_again_is_not_missed(moved: str, tmp_path: Path) -> None:
    name = "usulan/M-001.xlsx"
    put(terbaca.consolidated({name: terbaca.proposals()[name]}), tmp_path / "arsip")
    again = terbaca.proposals()[name]
    if moved != "renamed":
        again.tables["rencana_kerja"].columns["biaya"][0] = 1 if moved == "corrected" else "banyak"
    put(terbaca.consolidated({"lain.xlsx": again}), tmp_path / "arsip")
    counted = asked("SELECT DISTINCT berkas FROM 'arsip/rencana_kerja/*.parquet'", tmp_path)
    assert counted == ([] if moved == "sent back" else [("lain.xlsx",)])


def test_a_return_without_a_code_is_known_by_its_name(tmp_path: Path) -> None:
    def coded(code: str) -> dict[str, FileReading]:
        reading = terbaca.proposals()["usulan/M-001.xlsx"]
        return {f"{code}.xlsx": FileReading(reading.identity | {"mitra": code}, reading.tables)}

    put(terbaca.consolidated(coded("")), tmp_path / "arsip")
    put(terbaca.consolidated(coded("M-001")), tmp_path / "arsip")  # the same name, and now a code
    with pytest.raises(Impossible, match=r"M-001\.xlsx"):
        put(terbaca.consolidated({}), tmp_path / "arsip")


# ---- more rows than a sheet holds ---- #


@pytest.mark.parametrize("many", [10_000, 3], ids=["cell by cell", "spliced"])
def test_rows_beyond_a_sheet_go_to_further_sheets(
    many: int, recap: Recap, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "ROWS", 51)
    monkeypatch.setattr(summary, "MANY", many)
    target = tmp_path / "rekap.xlsx"
    summary.write_summary(recap, target)
    book = CalamineWorkbook.from_path(str(target))
    for name, fill in SHEETS.items():
        frame = fill(recap)
        parts = [title for title in book.sheet_names if title == name or title.startswith(f"{name} (")]
        grids = [book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in parts]
        assert len(parts) == max(1, -(-len(frame) // 50))
        assert {tuple(grid[0]) for grid in grids} == {tuple(frame.columns)}
        assert [len(grid) - 1 for grid in grids[:-1]] == [50] * (len(parts) - 1)
        found = pd.DataFrame([row for grid in grids for row in grid[1:]], columns=frame.columns)
        for heading in {"Berkas", "Sel", "Mitra", "No", "Biaya", "Pesan", "SHA-256"} & set(frame.columns):
            assert [cell or "" for cell in told(found[heading])] == told(frame[heading]), (name, heading)
    assert len([title for title in book.sheet_names if title.startswith("Temuan")]) > 2
    assert len(every("temuan", folder)) == len(SHEETS["Temuan"](recap))
    lines = [line for line in differences(recap, target) if line.endswith(" hilang")]
    assert lines == [f"{name}: 0 baru, 0 berubah, 0 hilang" for name in SHEETS]


# ---- the recipes ---- #


def blocks(language: str) -> dict[str, list[str]]:
    """The code of a language in the guide by the section it stands in."""
    found: dict[str, list[str]] = defaultdict(list)
    for section in re.split(r"^## ", GUIDE, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        found[title] += re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return {title: code for title, code in found.items() if code}


def accepted(recap: Recap, kind: str) -> list[int]:
    return [n for n, entry in enumerate(recap.returns) if entry.counted and entry.kind == kind]


def in_province(recap: Recap) -> Rows:
    """By the summary's own sheet."""
    shown = rekap_program(recap)
    there = shown[shown["Provinsi"].map(lambda names: "Jawa Barat" in str(names).split(", "))]
    columns = ["Mitra", "Periode", "No", "Nama Program", "Lokasi", "Waktu", "Biaya"]
    return sorted(there[columns].itertuples(index=False, name=None))


def by_scope(recap: Recap) -> Rows:
    """File by file, programme by programme."""
    covers, plan = recap.rows("sampul"), recap.rows("rencana_kerja")
    sums: dict[tuple[str, int], list[float]] = defaultdict(list)
    for number in accepted(recap, "usulan"):
        (cover,) = covers[covers["_file"] == number].to_dict("records")
        scopes = {item.code[0] for item in lists()["lingkup"] if cover[f"lingkup_{item.code}"] is True}
        for row in plan[plan["_file"] == number].to_dict("records"):
            for scope in scopes:
                sums[scope, row["waktu_mulai"].year].append(row["biaya"])
    return [(*key, len(costs), sum(costs)) for key, costs in sorted(sums.items())]


def without_report(recap: Recap) -> Rows:
    """All partners of accepted proposals (their term is 2027) but those with an accepted report on the quarter."""
    verdicts = {
        entry.code: entry.verdict
        for entry in recap.returns
        if (entry.kind, entry.period) == ("kemajuan", "2027-T2") and entry.verdict != "duplikat"
    }
    partners = [recap.returns[number] for number in accepted(recap, "usulan")]
    return sorted(
        (one.code, one.partner, verdicts.get(one.code, "belum ada"))
        for one in partners
        if verdicts.get(one.code) != "diterima"
    )


def gaps(recap: Recap) -> Rows:
    """With pandas, from the rows of accepted reports."""
    rows = recap.rows("laporan_kemajuan")
    rows = rows.assign(mitra=[recap.returns[number].partner for number in rows["_file"]])
    sums = rows.groupby(["mitra", "no", "nama_program"]).agg({"biaya": "max", "realisasi_biaya": "sum"}).reset_index()
    sums["selisih"] = sums["biaya"] - sums["realisasi_biaya"]
    ordered = sorted(sums.itertuples(index=False, name=None), key=lambda row: (-abs(row[-1]), row[0], row[1]))
    return ordered[:10]


def history(recap: Recap) -> Rows:
    """By the verdicts themselves."""
    own = (entry for entry in recap.returns if entry.code == "M-001")
    return sorted((one.period, one.kind, one.verdict, one.arrival.name, one.reason or None) for one in own)


def by_code(recap: Recap) -> Rows:
    """Counted one by one."""
    standing = [entry for entry in recap.returns if entry.verdict in ("diterima", "dikembalikan")]
    found = [((one.code, one.level), entry.arrival.name) for entry in standing for one in entry.findings]
    counts, files = Counter(key for key, _ in found), Counter(key for key, _ in set(found))
    return sorted(((*key, count, files[key]) for key, count in counts.items()), key=lambda row: (-row[2], *row[:2]))


EXPECTED = {
    "Semua program suatu provinsi": in_province,
    "Biaya menurut ruang lingkup dan tahun": by_scope,
    "Mitra tanpa laporan untuk suatu periode": without_report,
    "Selisih terbesar antara rencana dan realisasi": gaps,
    "Riwayat suatu mitra": history,
    "Temuan menurut kode": by_code,
}


#: Asked in test_parquet_induk.py.
WITH_MASTER = "Kerja sama yang berjalan tanpa laporan, menurut induk"


@pytest.mark.parametrize("title", EXPECTED)
def test_a_recipe_answers_rightly(title: str, recap: Recap, folder: Path) -> None:
    (question,) = blocks("sql")[title]
    answer = asked(question, folder)
    assert len(answer) > 2
    assert same(answer, EXPECTED[title](recap))


def same(one: Iterable[Any], other: Iterable[Any]) -> bool:
    return [list(row) for row in one] == [list(row) for row in other]


def test_every_recipe_is_asked() -> None:
    assert blocks("sql").keys() == EXPECTED.keys() | {WITH_MASTER}
    assert {title: len(code) for title, code in blocks("python").items()} == {"Membuka": 2}
    assert set(re.findall(r"^```(\w+)", GUIDE, re.MULTILINE)) == {"bat", "powerquery", "python", "sql", "text"}


def test_the_ways_to_open_it(recap: Recap, folder: Path) -> None:
    plan = recap.rows("rencana_kerja")
    names = plan["_file"].map(lambda number: recap.returns[number].partner)
    sums, workbook = blocks("python")["Membuka"]
    made: dict[str, Any] = {}
    with chdir(folder):
        exec(sums, made)
        assert made["hasil"].to_dict() == plan.groupby(names)["biaya"].sum().to_dict()
        exec(workbook, made)
    grid = CalamineWorkbook.from_path(str(folder / "program.xlsx")).get_sheet_by_name("Program").to_python()
    place = grid[0].index("nama_program")
    assert sorted(row[place] for row in grid[1:]) == sorted(plan["nama_program"])
    assert '=HYPERLINK("x")' in {row[place] for row in grid}  # a formula's text would be missing


def test_the_folder_of_power_query_is_one(folder: Path) -> None:
    ((code,),) = blocks("powerquery").values()
    (path,) = re.findall(r'Folder\.Files\("C:\\Kemitraan\\(.+?)"\)', code)
    (found,) = folder.joinpath(*path.split("\\")).iterdir()
    assert found.suffix in code


def test_the_manifest_says_what_there_is(folder: Path, recap: Recap) -> None:
    said = manifest(folder / "arsip")
    assert (said["per_tanggal"], said["versi_aturan"]) == (recap.today.isoformat(), recap.rule_version)
    assert {name: len(every(name, folder)) for name in said["tabel"]} == said["tabel"]
