"""The sheet Periksa: what it counts in an empty file, in a whole one, and after a person's hand has been in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support import engines, office
from support.templat import SHEETS, TODAY, WHOLE, build, find


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("templat") / "kosong.xlsx")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("templat") / "lengkap.xlsx", WHOLE)


def states(path: Path, values: engines.Values | None = None) -> dict[str, str]:
    """What Periksa says of every sheet and of the whole file, as stored in the file or as computed."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Periksa"]
    told = {}
    for row in range(1, find(sheet, "Sel pertama")[0]):
        label, state = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        if label in (*SHEETS, "Seluruh berkas"):
            told[label] = str(state if values is None else values["Periksa", f"B{row}"])
    return told


def counts(path: Path) -> dict[tuple[str, str], tuple[str | None, int, int, int]]:
    """The detail of Periksa: first cell, then what is missing, wrong and noted, by sheet and column."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Periksa"]
    rows = sheet.iter_rows(min_row=find(sheet, "Sel pertama")[0] + 1, max_col=6, values_only=True)
    return {(str(name), str(label)): (cell, *map(int, numbers)) for name, label, cell, *numbers in rows if name}


def test_periksa_of_an_empty_template(empty: Path) -> None:
    assert states(empty) == {
        **dict.fromkeys(("Sampul", "KAK", "Rencana Kerja", "Seluruh berkas"), "KURANG"),
        **dict.fromkeys(("Matriks Risiko", "Profil dan Bukti", "Indikator"), "LENGKAP"),
    }
    found = counts(empty)
    # Ten elements of KAK, the class, a scope, and one programme.
    assert sum(missing for _, missing, _, _ in found.values()) == 13
    assert sum(wrong for _, _, wrong, _ in found.values()) == 0


def test_periksa_of_a_whole_template(whole: Path) -> None:
    assert set(states(whole).values()) == {"LENGKAP"}
    assert {found[1:] for found in counts(whole).values()} == {(0, 0, 0)}


@pytest.mark.libreoffice
def test_stored_values_are_those_of_two_engines(empty: Path, whole: Path) -> None:
    for path in (empty, whole):
        computed = engines.values_cellrune(path, TODAY)
        stored = openpyxl.load_workbook(path, data_only=True)
        assert {(s, a): stored[s][a].value or "" for s, a in computed} == {k: v or "" for k, v in computed.items()}
        assert engines.differences(computed, engines.values_libreoffice(path)) == []


def typed(sheet: str, cell: str, text: str | float) -> dict[str, Any]:
    if isinstance(text, str):
        return {"do": "text", "sheet": sheet, "cell": cell, "text": text}
    return {"do": "number", "sheet": sheet, "cell": cell, "value": text}


#: What a person does to the whole template, then the one line of Periksa that must change:
#: (sheet, column), first cell, missing, wrong, noted; and the state of the sheet.
CASES: dict[str, tuple[list[dict[str, Any]], tuple[str, str], tuple[str | None, int, int, int], str]] = {
    "inserted above the first row": (
        [
            {"do": "insert_rows", "sheet": "Rencana Kerja", "at": 6},
            typed("Rencana Kerja", "B6", "Program baru"),
        ],
        ("Rencana Kerja", "Lokasi"),
        ("F6", 1, 0, 0),
        "KURANG",
    ),
    "inserted between rows": (
        [
            {"do": "insert_rows", "sheet": "Rencana Kerja", "at": 8, "count": 3},
            typed("Rencana Kerja", "B9", "Program baru"),
        ],
        ("Rencana Kerja", "Kelompok Sasaran"),
        ("E9", 1, 0, 0),
        "KURANG",
    ),
    "below dst": (
        [typed("Rencana Kerja", "H40", -5)],
        ("Rencana Kerja", "Biaya"),
        ("H40", 0, 1, 0),
        "SALAH",
    ),
    "cost in words": (
        [typed("Rencana Kerja", "H6", "menyusul")],
        ("Rencana Kerja", "Biaya"),
        ("H6", 0, 1, 0),
        "SALAH",
    ),
    "cost as people write it": (
        [typed("Rencana Kerja", "H6", "Rp 5 jt")],
        ("Rencana Kerja", "Biaya"),
        (None, 0, 0, 0),
        "LENGKAP",
    ),
    "only spaces": (
        [typed("Rencana Kerja", "B6", "   ")],
        ("Rencana Kerja", "Nama Program"),
        ("B6", 1, 0, 0),
        "KURANG",
    ),
    "a note in the row of dst": (
        [typed("Rencana Kerja", "B36", "lihat lampiran")],
        ("Rencana Kerja", "Lokasi"),
        (None, 0, 0, 0),
        "LENGKAP",
    ),
    "an error value": (
        [{"do": "type", "sheet": "Matriks Risiko", "cell": "E4", "text": "=1/0"}],
        ("Matriks Risiko", "Sel berisi galat (#REF!)"),
        ("A4", 0, 1, 0),
        "SALAH",
    ),
    "beyond the scale": (
        [typed("Matriks Risiko", "E4", 6)],
        ("Matriks Risiko", "Skala Dampak"),
        ("E4", 0, 1, 0),
        "SALAH",
    ),
    "half a step": ([typed("Matriks Risiko", "F4", 2.5)], ("Matriks Risiko", "Kemungkinan"), ("F4", 0, 1, 0), "SALAH"),
    "not in the list": ([typed("Sampul", "B9", "Klub")], ("Sampul", "Kelas Lembaga"), ("B9", 0, 1, 0), "SALAH"),
    "an alias of the list": ([typed("Sampul", "B9", "lsm ")], ("Sampul", "Kelas Lembaga"), (None, 0, 0, 0), "LENGKAP"),
    "no scope": ([typed("Sampul", "B29", "")], ("Sampul", "Ruang lingkup kerja sama"), ("B28", 1, 0, 0), "KURANG"),
    "a date in words": ([typed("Sampul", "B18", "secepatnya")], ("Sampul", "Tanggal Mulai"), ("B18", 0, 1, 0), "SALAH"),
    "a date as text": (
        [typed("Sampul", "B18", "1 Februari 2026")],
        ("Sampul", "Tanggal Mulai"),
        (None, 0, 0, 0),
        "LENGKAP",
    ),
    "a deleted element": (
        [{"do": "delete_rows", "sheet": "KAK", "at": 6}],
        ("KAK", "Ruang lingkup Kerjasama"),
        ("C3", 1, 0, 0),
        "KURANG",
    ),
}


@pytest.fixture(scope="module")
def edited(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every case typed in LibreOffice, with one start of it."""
    folder = tmp_path_factory.mktemp("diketik")
    made = {name: folder / f"{number}.xlsx" for number, name in enumerate(CASES)}
    office.type_all([office.Job(whole, CASES[name][0], out) for name, out in made.items()])
    return made


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", CASES)
def test_periksa_follows_what_a_person_does(edited: dict[str, Path], name: str) -> None:
    _, line, expected, state = CASES[name]
    found = counts(edited[name])[line]
    assert (found[0] or None, *found[1:]) == expected
    assert states(edited[name])[line[0]] == state
    assert states(edited[name])["Seluruh berkas"] == state
    assert states(edited[name], engines.values_cellrune(edited[name], TODAY)) == states(edited[name])
