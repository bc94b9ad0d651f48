"""Writes docs/gangguan.md: every failure of an installation that `kemitraan dokter` knows, and its remedy.

    python docs/alat/gangguan.py

Derived from udfs/doctor/failures.toml. tests/test_docs.py holds the page to the data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from udfs.doctor.model import failures

PAGE: Final = Path(__file__).parents[2] / "docs" / "gangguan.md"
COMMAND: Final = "python docs/alat/gangguan.py"

HEAD: Final = f"""# Gangguan pemasangan dan obatnya

Dibuat oleh `{COMMAND}` dari daftar gangguan; jangan disunting.

`kemitraan dokter`, atau tombol Periksa Pemasangan, memeriksa semuanya dan menyebut nama gangguannya. Sebut juga induk
yang bermasalah: `kemitraan dokter INDUK.xlsm`.

| gangguan | bagian | dikenali dari | obat |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = ((one.nama, one.hal, one.dikenali, one.obat) for one in failures().values())
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
