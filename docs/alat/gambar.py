"""Makes the pictures in docs/gambar from workbooks built on the spot, drawn by LibreOffice.

    python docs/alat/gambar.py

Run it when a sheet has changed, look at the pictures, and commit them. Needs LibreOffice and pdftoppm.
"""

from __future__ import annotations

import subprocess
import tempfile
from datetime import date
from pathlib import Path

from kemitraan_xl.contoh.demo import run_demo
from kemitraan_xl.issue import issue_one
from kemitraan_xl.printing import print_sheets

TODAY = date(2026, 11, 24)
PICTURES = Path(__file__).parents[1] / "gambar"
DPI = 80

#: Picture, workbook and sheet. Only first pages are shown.
WANTED = (
    ("lampiran-2", "templat", "Rencana Kerja"),
    ("lampiran-3", "Kemitraan", "Daftar Periksa"),
    ("matriks-risiko", "templat", "Matriks Risiko"),
    ("beranda", "Kemitraan", "Beranda"),
    ("jejak", "Kemitraan", "Jejak"),
    ("dasbor", "rekap-laporan", "Dasbor"),
    ("rekap-laporan", "Kemitraan", "Rekap Laporan"),
)


def main() -> None:
    """Builds the workbooks in a folder of their own and draws every wanted sheet."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        run_demo(folder, TODAY)
        issue_one("usulan", "Yayasan Contoh", "M-001", "2027", folder / "templat.xlsx", TODAY)
        for name, workbook, sheet in WANTED:
            (pdf,) = print_sheets(folder / f"{workbook}.xlsx", [sheet], folder)
            draw = ["pdftoppm", "-r", str(DPI), "-png", "-singlefile"]
            subprocess.run([*draw, str(pdf), str(PICTURES / name)], check=True)


if __name__ == "__main__":
    main()
