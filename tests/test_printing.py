"""`kemitraan cetak`: the sheets asked for, each alone in its PDF."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kemitraan_xl.printing import CannotPrint, print_sheets

SHIPPED = Path(__file__).parents[1] / "workbook" / "Kemitraan.xlsx"


@pytest.mark.libreoffice
def test_one_sheet_alone_is_printed(tmp_path: Path) -> None:
    (made,) = print_sheets(SHIPPED, ["Daftar Periksa"], tmp_path)
    said = subprocess.run(["pdftotext", "-layout", made, "-"], capture_output=True, text=True, check=True).stdout
    assert said.count("\f") == 1, "Lampiran 3 stands on one page"
    assert "Daftar Periksa Calon Mitra KPAI" in said
    assert "Peta Risiko" not in said


def test_an_unknown_sheet_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotPrint):
        print_sheets(SHIPPED, ["Lembar Lain"], tmp_path)
    assert not list(tmp_path.iterdir())
