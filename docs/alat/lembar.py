"""Makes docs/lembar.md: every sheet of every workbook as it prints, on contact sheets to be looked at.

    python docs/alat/lembar.py [FOLDER]

The workbooks are built on the spot from invented partners and drawn by LibreOffice; the first pages of every sheet
go into docs/gambar/lembar-*.png, and one by one into FOLDER if that is given. Needs LibreOffice and poppler.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from typing import Final

from PIL import Image

from kemitraan_xl.book.berkas import build_dossier
from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.triwulan import build_quarter
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.contoh.demo import run_demo
from kemitraan_xl.issue import issue_one
from kemitraan_xl.known import know
from kemitraan_xl.printing import together, visible_sheets
from kemitraan_xl.quarter import last_quarter, summarise
from kemitraan_xl.reply import write_replies

TODAY: Final = date(2026, 11, 24)
DOCS: Final = Path(__file__).parents[1]
PAGE: Final = DOCS / "lembar.md"
COMMAND: Final = "python docs/alat/lembar.py"

#: The partner whose dossier is shown: one that has come to its end.
PARTNER: Final = "M-012"

#: Dots per inch of a page looked at alone; width in pixels of one on a contact sheet, pages in a row and on a sheet.
DPI, WIDTH, ACROSS, MOST = 70, 400, 4, 16

#: Pages shown of one sheet: a long list goes on as it began.
FIRST_PAGES: Final = 2

HEAD: Final = f"""# Every sheet as it prints

Made by `{COMMAND}`; do not edit. Each workbook is built from invented partners and drawn by LibreOffice; the first
{FIRST_PAGES} pages of every sheet are shown, in order. Look at them whenever a sheet has changed.
"""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook to be drawn: how its pictures are named, what it is, where it stands."""

    name: str
    what: str
    path: Path


def books(folder: Path) -> list[Book]:
    """All workbooks of the product, made in `folder`."""
    demo = folder / "demo"
    run_demo(demo, TODAY)
    build_master(folder / "Kemitraan.xlsx", today=TODAY)
    issue_one("usulan", "Yayasan Contoh", "M-001", "2027", folder / "usulan.xlsx", TODAY)
    issue_one("akhir", "Yayasan Contoh", "M-001", "2027", folder / "akhir.xlsx", TODAY)
    recap = consolidate([demo / "kiriman" / "gelombang-1"], TODAY)
    returned = next(path for path in write_replies(recap, folder / "kembali") if path.suffix == ".xlsx")
    known = know(demo / "Kemitraan.xlsx", TODAY)
    build_dossier(folder / "berkas.xlsx", known, PARTNER)
    build_quarter(folder / "triwulan.xlsx", summarise(known, last_quarter(TODAY)), "")
    return [
        Book("induk", "Master with the partners of the demo", demo / "Kemitraan.xlsx"),
        Book("induk-kosong", "Master as it is shipped", folder / "Kemitraan.xlsx"),
        Book("usulan", "Template of a proposal", folder / "usulan.xlsx"),
        Book("kemajuan", "Template of a progress report, filled beforehand", demo / "templat-kemajuan.xlsx"),
        Book("akhir", "Template of the final report", folder / "akhir.xlsx"),
        Book("rekap", "Summary of reports", demo / "rekap-laporan.xlsx"),
        Book("kembali", "File that goes back to a partner", returned),
        Book("berkas", "Dossier of one partner (Berkas Mitra)", folder / "berkas.xlsx"),
        Book("triwulan", "Quarterly summary for the commissioners (Ringkasan Triwulan)", folder / "triwulan.xlsx"),
    ]


def pages(book: Book, folder: Path) -> Iterator[tuple[str, Path]]:
    """Sheet and picture of the first pages of every sheet, drawn in `folder`."""
    folder.mkdir(parents=True)
    sheets, pdf = visible_sheets(book.path), folder / "buku.pdf"
    pdf.write_bytes(together(book.path, sheets))
    texts = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    numbered = ((sheet_of(text, sheets), number) for number, text in enumerate(texts.split("\f")[:-1], start=1))
    for sheet, group in groupby(numbered, lambda page: page[0]):
        for _, number in islice(group, FIRST_PAGES):
            picture = folder / f"halaman-{number:03}"
            only = ["-f", str(number), "-l", str(number), "-singlefile"]
            subprocess.run(["pdftoppm", "-r", str(DPI), "-png", *only, str(pdf), str(picture)], check=True)
            yield sheet, picture.with_suffix(".png")


def sheet_of(text: str, sheets: Sequence[str]) -> str:
    """The sheet of a page, whose name stands at the right end of the header."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return max((name for name in sheets if line.endswith(name)), key=len, default="?")


def compose(pictures: Sequence[Path], target: Path) -> None:
    """Pages side by side on one picture, few colours, so that it stays small."""
    images = [Image.open(path).convert("RGB") for path in pictures]
    small = [image.resize((WIDTH, image.height * WIDTH // image.width), Image.Resampling.LANCZOS) for image in images]
    rows = [small[at : at + ACROSS] for at in range(0, len(small), ACROSS)]
    heights = [max(image.height for image in row) + 8 for row in rows]
    sheet = Image.new("RGB", (ACROSS * (WIDTH + 8) + 8, sum(heights) + 8), "#7B8794")
    top = 8
    for row, height in zip(rows, heights, strict=True):
        for column, image in enumerate(row):
            sheet.paste(image, (8 + column * (WIDTH + 8), top))
        top += height
    sheet.quantize(80, dither=Image.Dither.NONE).save(target, optimize=True)


def main(kept: Path | None) -> None:
    """Draw everything and write the page."""
    lines = [HEAD]
    for old in (DOCS / "gambar").glob("lembar-*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        for book in books(Path(scratch)):
            shown = list(pages(book, (kept or Path(scratch)) / "halaman" / book.name))
            lines.append(f"\n## {book.what}\n")
            parts = [shown[at : at + MOST] for at in range(0, len(shown), MOST)]
            for number, part in enumerate(parts, start=1):
                target = DOCS / "gambar" / f"lembar-{book.name}-{number}.png"
                compose([picture for _, picture in part], target)
                sheets = ", ".join(dict.fromkeys(sheet for sheet, _ in part))
                lines.append(f"{sheets}:\n\n![{sheets}](gambar/{target.name})\n")
    PAGE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
