"""The archive of a consolidation as Parquet: every row typed, in files that many programs read.

DuckDB writes them, one thread, so that the same rows are the same bytes. It is an extra of the installation and
imported only here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pandas as pd

from kemitraan_xl.archive.contents import PARTITIONS, Dataset, Field, contents
from kemitraan_xl.archive.folder import manifest, replaced, write_manifest
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.impossible import Impossible
from validation.contract import fold

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The file with the rows of a dataset, in the folder of its name.
PART: Final = "bagian-1.parquet"

#: One thread keeps the order of the rows; nothing is fetched from anywhere, nothing is put aside on the disk.
_SETTINGS: Final[dict[str, Any]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": "",
}


@contextmanager
def archived(recap: Recap, folder: Path, by: Sequence[str] = ()) -> Iterator[int]:
    """Write the archive beside `folder`, and put it there when the block ends well; gives the number of rows.

    The rows of partner files are laid into folders `by` these keys of PARTITIONS, as Hive names them: "tahun=2027".
    Raises OSError when it cannot be written, Impossible when returns would vanish that the folder holds.
    """
    import duckdb

    with connect() as engine:
        try:
            _nothing_lost(engine, recap, folder)
        except duckdb.Error:
            raise Impossible(f"Arsip {folder} rusak; pindahkan folder itu, lalu ulangi.") from None
        with replaced(folder) as place:
            try:
                rows = _write(engine, recap, place, [PARTITIONS[key] for key in by])
            except duckdb.IOException:
                raise OSError(None, None, str(folder)) from None
            yield rows


def connect() -> DuckDBPyConnection:
    """DuckDB as the archive is written with it."""
    import duckdb

    return duckdb.connect(config=_SETTINGS)


def _write(engine: DuckDBPyConnection, recap: Recap, place: Path, by: Sequence[Field]) -> int:
    """All datasets and the manifest into an empty folder."""
    tables, files = {}, {}
    for whole, frame in contents(recap):
        tables[whole.name] = len(frame)
        for name, dataset, rows in _parts(whole, frame, [field for field in by if field in whole.fields]):
            target = place / name
            target.parent.mkdir(parents=True)
            write_rows(engine, dataset, rows, target)
            with target.open("rb") as written:
                files[name] = hashlib.file_digest(written, "sha256").hexdigest()
    made_by = {"per_tanggal": recap.today.isoformat(), "versi_aturan": recap.rule_version}
    write_manifest(place, {**made_by, "tabel": tables, "berkas": files})
    return sum(tables.values())


def _parts(dataset: Dataset, frame: pd.DataFrame, by: Sequence[Field]) -> Iterator[tuple[str, Dataset, pd.DataFrame]]:
    """The files of a dataset: what a folder's name says does not stand in the files below it, as readers expect."""
    if not by or frame.empty:
        yield f"{dataset.name}/{PART}", dataset, frame
        return
    rest = replace(dataset, fields=tuple(field for field in dataset.fields if field not in by))
    for values, rows in frame.groupby([field.name for field in by]):
        steps = [f"{field.name}={quote(str(value))}" for field, value in zip(by, values, strict=True)]
        yield "/".join((dataset.name, *steps, PART)), rest, rows


def write_rows(engine: DuckDBPyConnection, dataset: Dataset, frame: pd.DataFrame, target: Path) -> None:
    """The rows of a dataset as a file."""
    columns = ", ".join(f'CAST("{field.name}" AS {field.kind}) AS "{field.name}"' for field in dataset.fields)
    engine.from_df(frame).project(columns).write_parquet(str(target), compression="snappy")


def _nothing_lost(engine: DuckDBPyConnection, recap: Recap, folder: Path) -> None:
    """Refuse a run that lacks returns which the archive at `folder` counts: it would take them away.

    A return is there again when the same file is, or any of the same partner, kind and period.
    """
    if not manifest(folder):
        return
    columns = "berkas, sha_256, mitra, kode_mitra, jenis_berkas, periode"
    before = f"SELECT {columns} FROM read_parquet(?) WHERE putusan = 'diterima'"
    counted = engine.execute(before, [escape(str(folder / "arsip" / PART))]).fetchall()
    again: set[tuple[str, ...]] = set()
    for number, entry in enumerate(recap.returns):
        again.add((entry.arrival.sha256,))
        again |= _known_by(entry.partner, recap.codes.get(number), entry.kind, entry.period)
    lost = [name for name, digest, *known in counted if not {(digest,), *_known_by(*known)} & again]
    if lost:
        raise Impossible(
            f"Arsip {folder} memuat {len(lost)} kiriman yang tidak ada pada sumber ini, misalnya {lost[0]}; sertakan "
            "juga sumbernya, atau hapus folder arsip itu bila kirimannya memang harus hilang."
        )


def _known_by(partner: str | None, code: str | None, kind: str | None, period: str | None) -> set[tuple[str, ...]]:
    names = (("nama", partner), ("kode", code))
    return {(way, fold(name), kind or "", period or "") for way, name in names if name}
