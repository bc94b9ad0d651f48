"""What the peers made of pandas share: reading, writing, and a pandera schema for each of four sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pandas as pd
from _lembar import HEADINGS, files, target

Frames = dict[str, pd.DataFrame]


def read(engine: Literal["openpyxl", "calamine"]) -> Iterator[Frames]:
    """The sheets of every file."""
    for path in files():
        with pd.ExcelFile(path, engine=engine) as book:
            yield {
                name: book.parse(name, header=row).dropna(how="all").assign(Berkas=path.name)
                for name, row in HEADINGS.items()
            }


def stack(read: Iterator[Frames]) -> Frames:
    """One frame for each sheet, over all files."""
    parts = list(read)
    return {name: pd.concat([part[name] for part in parts]) for name in HEADINGS}


def write(frames: Frames, engine: Literal["openpyxl", "xlsxwriter"]) -> None:
    with pd.ExcelWriter(target(), engine=engine) as book:
        for name, frame in frames.items():
            frame.to_excel(book, sheet_name=name, index=False)


def checker() -> Callable[[Frames], pd.DataFrame]:
    """A function that says what is wrong in the sheets, by rules of the kind that the guideline has: some twenty."""
    import pandera.pandas as pa

    filled = pa.Check(lambda cells: cells.astype(str).str.strip().ne(""), name="filled")
    step = pa.Check(lambda cells: pd.to_numeric(cells, errors="coerce").between(1, 5), name="step")
    money = pa.Check(lambda cells: pd.to_numeric(cells, errors="coerce").ge(0), name="money")
    number = pa.Check(lambda cells: pd.to_numeric(cells, errors="coerce").notna(), name="number")
    day = pa.Check(lambda cells: pd.to_datetime(cells, errors="coerce", format="ISO8601").notna(), name="day")
    columns = {
        "KAK": {"No": [number], "Unsur": [filled], "Uraian": [filled]},
        "Rencana Kerja": {
            "Nama Program": [filled],
            "Tujuan dan Hasil yang ingin Dicapai": [filled],
            "Kegiatan-kegiatan": [filled],
            "Kelompok Sasaran": [filled],
            "Lokasi": [filled],
            "Waktu": [filled],
            "Biaya": [money],
        },
        "Matriks Risiko": {
            "Jenis Risiko": [filled],
            "Potensi Risiko": [filled],
            "Skala Dampak": [step],
            "Kemungkinan": [step],
            "Tindakan Mitigasi": [filled],
            "Penanggung Jawab": [filled],
        },
        "Indikator": {"Indikator": [filled], "Jenis": [filled], "Target": [number], "Tanggal Disepakati": [day]},
    }
    schemas = {
        name: pa.DataFrameSchema({heading: pa.Column(nullable=False, checks=c) for heading, c in checked.items()})
        for name, checked in columns.items()
    }

    def check(frames: Frames) -> pd.DataFrame:
        wrong = []
        for name, schema in schemas.items():
            filled_in = frames[name].iloc[:, 1] if name != "Indikator" else frames[name].iloc[:, 0]
            try:
                schema.validate(frames[name][filled_in.notna()].reset_index(drop=True), lazy=True)
            except pa.errors.SchemaErrors as found:
                wrong.append(found.failure_cases.assign(Lembar=name))
        return pd.concat(wrong) if wrong else pd.DataFrame()

    return check
