"""Every checklist in the Data Penilaian sheet of some files, scored by the rules of Lampiran 3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from kemitraan_xl.examine import stack
from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.intake.pool import read_all
from kemitraan_xl.intake.work import read_path
from kemitraan_xl.master import quiet, settings_of
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Settings
from kemitraan_xl.score import Assessment, Row, assess
from validation.check import read_values
from validation.contract import fold, lists, tables
from validation.rules import assessment

Graded = tuple[str, date | None, Assessment]


def grade(files: Sequence[Path], workers: int = 1) -> list[dict[str, Any]]:
    """`nilai --format json`: per file its assessments in the order of the sheet. Raises SourceMissing."""
    arrivals = [arrival for arrival in collect(files) if not arrival.skipped and not arrival.refused]
    read = read_all(arrivals, read_path, workers, quiet)
    return [
        {
            "nama": arrival.name,
            "alasan": reading.refusal,
            "penilaian": [
                {"nama_lembaga": name, "tanggal": day.isoformat() if day else None, **result.as_json()}
                for name, day, result in assessments(reading)
            ],
        }
        for arrival, (_, reading) in zip(arrivals, read, strict=True)
    ]


def assessments(reading: FileReading) -> list[Graded]:
    """The assessments of one file: partner, date, and what the checklist comes to."""
    raw = stack([reading]).get("data_penilaian")
    if raw is None or raw.empty:
        return []
    frame = read_values(tables()["data_penilaian"], raw)
    classes, settings = _classes(reading), settings_of(reading, load())
    return [_graded(rows, classes, settings) for _, rows in frame.groupby(assessment(frame), sort=False)]


def _graded(rows: pd.DataFrame, classes: Mapping[str, str], settings: Settings) -> Graded:
    pedoman = load()
    codes = {item.label: item.code for item in lists()["kisi_kisi"]}
    listed: Iterable[Any] = rows.itertuples()
    answers = {
        codes[row.kisi_kisi]: Row(
            row.kelengkapan,
            row.masih_berlaku,
            row.relevansi,
            None if pd.isna(row.skor_penilai) else row.skor_penilai,
        )
        for row in listed
        if row.kisi_kisi in codes
    }
    first = rows.iloc[0]
    name = first["nama_lembaga"] or ""
    day = None if pd.isna(first["tanggal_penilaian"]) else first["tanggal_penilaian"].date()
    started = next((value for value in rows["mulai_anak"] if value is not None and not pd.isna(value)), None)
    if isinstance(started, str):
        started = lists()["pengalaman"][started].label
    return name, day, assess(answers, started, day, classes.get(fold(name)), pedoman, settings)


def _classes(reading: FileReading) -> dict[str, str]:
    """The class code of every partner in the register of the same workbook."""
    extract = reading.tables.get("mitra")
    if extract is None or not {"nama_lembaga", "kelas_lembaga"} <= set(extract.columns):
        return {}
    pairs = zip(extract.columns["nama_lembaga"], extract.columns["kelas_lembaga"], strict=True)
    found = {fold(str(name)): lists()["kelas"].find(str(label)) for name, label in pairs if name and label}
    return {name: item.code for name, item in found.items() if item}


def grades_text(grades: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The same for a person: score, recommendation, why, and what is missing."""
    for file in grades:
        yield f"{file['nama']}: {file['alasan'] or str(len(file['penilaian'])) + ' penilaian'}"
        for one in file["penilaian"]:
            total = "belum lengkap" if one["jumlah"] is None else f"{one['jumlah']} – {one['rekomendasi']}"
            yield f"  {one['nama_lembaga']} ({one['tanggal'] or 'tanpa tanggal'}): {total}"
            for line in (one["alasan"], one["kurang"], *(flag["pesan"] for flag in one["bendera"])):
                if line:
                    yield f"    {line}"
