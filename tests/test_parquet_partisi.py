"""An archive in folders by year and province: the same rows, and the same answers, as in one file for each table."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from support import terbaca
from test_parquet import EXPECTED, TABLES, Rows, asked, blocks, same, whole

from kemitraan_xl.archive.contents import PARTITIONS, datasets
from kemitraan_xl.archive.folder import MANIFEST, manifest
from kemitraan_xl.archive.write import archived
from kemitraan_xl.consolidate import Recap

BOTH = tuple(PARTITIONS)


@pytest.fixture(scope="module")
def recap() -> Recap:
    return terbaca.consolidated(terbaca.everything())


def put(recap: Recap, folder: Path, by: Sequence[str]) -> Path:
    with archived(recap, folder / "arsip", by):
        pass
    return folder


@pytest.fixture(scope="module")
def flat(recap: Recap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(recap, tmp_path_factory.mktemp("utuh"), ())


@pytest.fixture(scope="module")
def parted(recap: Recap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(recap, tmp_path_factory.mktemp("bagian"), BOTH)


def rows(folder: Path, name: str) -> Counter[tuple[object, ...]]:
    columns = ", ".join(field.name for dataset in datasets() if dataset.name == name for field in dataset.fields)
    return Counter(asked(f"SELECT {columns} FROM 'arsip/{name}/**/*.parquet'", folder))


@pytest.mark.parametrize("name", [*TABLES, "temuan", "arsip"])
def test_no_row_is_lost_or_doubled(name: str, flat: Path, parted: Path) -> None:
    assert rows(parted, name) == rows(flat, name)
    assert rows(flat, name).total() == manifest(parted / "arsip")["tabel"][name]


def test_a_folder_holds_what_its_name_says(flat: Path, parted: Path) -> None:
    found: Rows = []
    for path in sorted((parted / "arsip" / "rencana_kerja").rglob("*.parquet")):
        *_, year, province, _ = path.parts
        with duckdb.connect() as engine:
            alone = engine.read_parquet(str(path), hive_partitioning=False)
            assert not {"tahun_berkas", "provinsi_berkas"} & set(alone.columns)
            found.append((year, province, len(alone.fetchall())))
    assert len(found) > 10
    assert ("tahun_berkas=2027", "provinsi_berkas=Jawa%20Barat", 12) in found
    assert any(province == "provinsi_berkas=Tanpa%20Provinsi" for _, province, _ in found)
    where = "FROM 'arsip/rencana_kerja/**/*.parquet' WHERE provinsi_berkas = 'Jawa Barat'"
    assert asked(f"SELECT count(*) {where}", parted) == asked(f"SELECT count(*) {where}", flat) == [(12,)]


def test_one_layout_takes_the_place_of_the_other(recap: Recap, flat: Path, parted: Path, tmp_path: Path) -> None:
    """Each time the same bytes as at first."""
    shutil.copytree(flat, tmp_path, dirs_exist_ok=True)
    assert whole(put(recap, tmp_path, BOTH)) == whole(parted)
    assert whole(parted).keys() == {f"arsip/{name}" for name in [*manifest(parted / "arsip")["berkas"], MANIFEST]}
    assert whole(put(recap, tmp_path, ())) == whole(flat)


def test_one_key_alone(recap: Recap, flat: Path, tmp_path: Path) -> None:
    put(recap, tmp_path, ["tahun"])
    assert {path.parent.name for path in tmp_path.rglob("sampul/*/*")} == {"tahun_berkas=2027"}
    assert rows(tmp_path, "sampul") == rows(flat, "sampul")


def test_an_archive_without_a_row_can_be_asked(tmp_path: Path) -> None:
    put(terbaca.consolidated({}), tmp_path, BOTH)
    question = "SELECT count(*), max(tahun_berkas), max(provinsi_berkas) FROM 'arsip/rencana_kerja/**/*.parquet'"
    assert asked(question, tmp_path) == [(0, None, None)]


@pytest.mark.parametrize("title", EXPECTED)
def test_a_recipe_answers_rightly(title: str, recap: Recap, parted: Path) -> None:
    (question,) = blocks("sql")[title]
    assert same(asked(question, parted), EXPECTED[title](recap))
