"""Makes the pictures in docs/gambar from workbooks built on the spot, drawn by LibreOffice.

    python docs/alat/gambar.py

Run it when a sheet has changed, look at the pictures, and commit them. Needs LibreOffice and pdftoppm.
"""

from __future__ import annotations

import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from kemitraan_xl.contoh.demo import run_demo
from kemitraan_xl.issue import issue_one
from kemitraan_xl.printing import print_sheets
from kemitraan_xl.reply import write_replies

TODAY = date(2026, 11, 24)
PICTURES = Path(__file__).parents[1] / "gambar"

#: Dots per inch of a whole page, and of a part of one, which is read in a guide.
DPI: Final = 80
PART_DPI: Final = 110
COLOURS: Final = 64

#: Inches at the top of a page in which its header stands, and at the bottom its footer.
_HEADER: Final = 0.58


class Picture(NamedTuple):
    """The first page of a sheet; with `top`, only this share of what is printed on it, without the margins."""

    name: str
    workbook: str
    sheet: str
    top: float = 0


#: A partner whose proposal is returned for faults that the sheet Periksa already shows.
_SENT = "kiriman/gelombang-2/M-011 Forum Orang Tua Arunika Khayal"
_RETURNED = "balasan/M-011 Forum Orang Tua Arunika Khayal usulan 2027"

WANTED = (
    Picture("lampiran-2", "templat", "Rencana Kerja"),
    Picture("lampiran-3", "Kemitraan", "Daftar Periksa"),
    Picture("matriks-risiko", "templat", "Matriks Risiko"),
    Picture("beranda", "Kemitraan", "Beranda"),
    Picture("jejak", "Kemitraan", "Jejak"),
    Picture("dasbor", "rekap-laporan", "Dasbor"),
    Picture("rekap-laporan", "Kemitraan", "Rekap Laporan"),
    Picture("panduan-periksa", _SENT, "Periksa", 0.42),
    Picture("panduan-hasil-periksa", _RETURNED, "Hasil Periksa", 0.62),
    Picture("panduan-beranda", "Kemitraan", "Beranda", 1),
    Picture("panduan-daftar-periksa", "Kemitraan", "Daftar Periksa", 1),
    Picture("panduan-peta-risiko", "Kemitraan", "Peta Risiko", 1),
    Picture("panduan-jejak", "Kemitraan", "Jejak", 0.45),
    Picture("panduan-rekap-laporan", "Kemitraan", "Rekap Laporan", 0.6),
    Picture("panduan-ringkasan", "rekap", "Ringkasan", 1),
    Picture("panduan-temuan", "rekap", "Temuan", 0.5),
    Picture("panduan-dasbor", "rekap-laporan", "Dasbor", 0.67),
)


def main() -> None:
    """Builds the workbooks in a folder of their own and draws every wanted sheet."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        made = run_demo(folder, TODAY)
        write_replies(made.recap, folder / "balasan")
        issue_one("usulan", "Yayasan Contoh", "M-001", "2027", folder / "templat.xlsx", TODAY)
        for picture in WANTED:
            draw(picture, folder)


def draw(picture: Picture, folder: Path) -> None:
    """Draw one picture of the workbooks in `folder`."""
    (pdf,) = print_sheets(folder / f"{picture.workbook}.xlsx", [picture.sheet], folder / "pdf")
    page = folder / "halaman"
    dpi = str(PART_DPI if picture.top else DPI)
    subprocess.run(["pdftoppm", "-r", dpi, "-png", "-singlefile", str(pdf), str(page)], check=True)
    image = Image.open(page.with_suffix(".png")).convert("RGB")
    if picture.top:
        image = _part(image, picture.top)
    image.quantize(COLOURS).save(PICTURES / f"{picture.name}.png", optimize=True)


def _part(page: Image.Image, top: float) -> Image.Image:
    """The upper part of what a page shows between its header and its footer."""
    width, height = page.size
    header = round(PART_DPI * _HEADER)
    between = page.crop((0, header, width, height - header))
    left, upper, right, lower = ImageOps.invert(between).getbbox() or (0, 0, width, height)
    return ImageOps.expand(between.crop((left, upper, right, upper + round((lower - upper) * top))), 6, "white")


if __name__ == "__main__":
    main()
