"""Every checklist in the Data Penilaian sheet of some files, scored by the rules of Lampiran 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kemitraan_xl.checklists import Checklist, checklists
from kemitraan_xl.examine import stack
from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.containers import opened
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.intake.pool import here
from kemitraan_xl.intake.work import read_all
from kemitraan_xl.master import quiet
from kemitraan_xl.privacy_reading import cleared
from validation.check import read_values
from validation.contract import tables


def grade(files: Sequence[Path], workers: int = 1) -> list[dict[str, Any]]:
    """`nilai --format json`: per file its assessments in the order of the sheet. Raises SourceMissing."""
    arrivals, _ = opened(collect(files), here(workers), quiet)
    arrivals = [arrival for arrival in arrivals if not arrival.skipped and not arrival.refused]
    read = read_all(arrivals, workers, quiet)
    return [
        {
            "nama": arrival.name,
            "alasan": reading.refusal,
            "penilaian": [one.as_json() for one in assessments(cleared(reading).reading)],
        }
        for arrival, (_, reading) in zip(arrivals, read, strict=True)
    ]


def assessments(reading: FileReading) -> list[Checklist]:
    """The assessments of one file, in the order of its Data Penilaian."""
    raw = stack([reading]).get("data_penilaian")
    if raw is None or raw.empty:
        return []
    frame = read_values(tables()["data_penilaian"], raw)
    return checklists(frame, raw, reading)


def grades_text(grades: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The same for a person: score, recommendation, why, and what is missing."""
    for file in grades:
        yield f"{file['nama']}: {file['alasan'] or str(len(file['penilaian'])) + ' penilaian'}"
        for one in file["penilaian"]:
            total = "belum lengkap" if one["jumlah"] is None else f"{one['jumlah']} – {one['rekomendasi']}"
            yield f"  {one['nama_lembaga']} ({one['tanggal'] or 'tanpa tanggal'}): {total}"
            signed = f"Pengesahan: {one['disahkan']}."
            flags = (flag["pesan"] for flag in one["bendera"])
            for line in (one["alasan"], one["kurang"], *flags, signed, one["hitung_ulang"]):
                if line:
                    yield f"    {line}"
