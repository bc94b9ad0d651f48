"""Writes docs/skema-arsip.md: every table of the Parquet archive, its columns and their types.

    python docs/alat/skema_arsip.py

Derived from validation/tables and from the sheets Temuan and Arsip; tests/test_parquet.py holds the page to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kemitraan_xl.archive.contents import Dataset, datasets
from kemitraan_xl.archive.write import PART

PAGE: Final = Path(__file__).parents[1] / "skema-arsip.md"
COMMAND: Final = "python docs/alat/skema_arsip.py"

HEAD: Final = f"""# Skema arsip Parquet

Dibuat oleh `{COMMAND}` dari tabel pedoman (`validation/tables`); jangan disunting.

Setiap tabel ada dalam folder senama, pada berkas `{PART}`, juga bila tidak ada barisnya. Nama dan tipe kolom sama
pada setiap arsip dari edisi ini. Yang kosong adalah NULL, juga teks yang kosong. VARCHAR adalah teks, BIGINT bilangan
bulat, DOUBLE bilangan biasa (rupiah pun: angka yang sama dengan isi selnya), BOOLEAN centang, DATE tanggal.
Pada arsip yang dibagi (`--partisi`), `tahun_berkas` dan `provinsi_berkas` dibaca dari nama folder.
Cara memakainya: [arsip.md](arsip.md).
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"{line}\n" for dataset in datasets() for line in _section(dataset))


def _section(dataset: Dataset) -> Iterator[str]:
    yield f"\n## {dataset.name}\n\n{dataset.title}\n"
    yield "| kolom | tipe | isi |"
    yield "|---|---|---|"
    yield from (f"| {field.name} | {field.kind} | {field.meaning} |" for field in dataset.fields)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
