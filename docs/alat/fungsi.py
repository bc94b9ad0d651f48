"""Writes docs/fungsi.md: every worksheet function with its arguments, one example and what it gives.

    python docs/alat/fungsi.py

Everything is taken from the registry; tests/test_fungsi.py holds the page to it and the examples to their results.
"""

from __future__ import annotations

from datetime import date
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from udfs.registry import Function, load_functions

PAGE = Path(__file__).parents[1] / "fungsi.md"
COMMAND = "python docs/alat/fungsi.py"

HEAD = f"""# Fungsi lembar kerja

Dibuat dengan `{COMMAND}` dari daftar fungsi; jangan disunting.

Fungsi-fungsi ini melengkapi rumus buku kerja: menjelaskan skor, membaca tulisan mitra, dan memeriksa tabel.
Di Excel dengan Python pada PC namanya seperti di bawah ini. Lewat server add-in namanya diawali `KPAI.`, misalnya
`=KPAI.KMT_SKOR_ITEM(...)`; tombol **Ganti Nama Fungsi** menukarnya. Contoh memakai titik koma sebagai pemisah
argumen, seperti Excel dengan pengaturan Indonesia.

- Rentang menghasilkan rentang berukuran sama. Argumen satu sel berlaku untuk semua sel rentang lainnya.
- Sel kosong menghasilkan sel kosong.
- Nilai yang tidak dapat dipakai, juga sel berisi galat, menghasilkan kalimat yang diawali `Galat:` pada selnya
  sendiri; sel lain tetap dihitung.
- Angka boleh diketik sebagai teks dengan cara Indonesia (`1.500,25`); tanggal boleh berupa tanggal Excel atau teks
  (`5 Januari 2026`). Hasil berupa tanggal mungkin perlu diberi format tanggal.
- Tidak ada fungsi yang membaca jam komputer. Tanggal acuan selalu argumen: tulis `TODAY()` untuk hari ini, atau satu
  tanggal tetap supaya hasilnya tidak berubah.
- Argumen `pengaturan` menerima kolom Kode dan Nilai dari lembar Pengaturan, atau seluruh tabelnya beserta judul, supaya
  hasilnya sama dengan rumus buku kerja. Tanpa argumen itu dipakai aturan bawaan.
"""


def render() -> str:
    """The whole page."""
    functions = sorted(load_functions().values(), key=lambda one: one.name)
    contents = "\n".join(f"- [{one.name}](#{one.name.lower()}): {one.help}" for one in functions)
    return "\n\n".join([HEAD.rstrip(), contents, *map(_section, functions)]) + "\n"


def _section(one: Function) -> str:
    parameters = signature(one.fn).parameters.values()
    names = "; ".join(f"[{p.name}]" if p.default is not Parameter.empty else p.name for p in parameters)
    arguments = "\n".join(f"| `{name}` | {text} |" for name, text in one.arguments.items())
    shown = _arguments(one.example.arguments)
    ranges = [
        (text, value) for text, value in zip(shown, one.example.arguments, strict=True) if isinstance(value, list)
    ]
    parts = (
        f"## {one.name}",
        one.help,
        f"`{one.name}({names})`",
        f"| Argumen | Isi |\n|---|---|\n{arguments}",
        f"Contoh: `={one.name}({'; '.join(shown)})`",
        *(f"dengan {text}:\n\n{_grid(rows)}" for text, rows in ranges),
        f"Hasil:\n\n{_grid(one.example.result)}" if isinstance(one.example.result, list) else "",
        "" if isinstance(one.example.result, list) else f"Hasil: {_shown(one.example.result)}",
    )
    return "\n\n".join(part for part in parts if part)


def _grid(rows: list[list[Any]]) -> str:
    lines = "\n".join(f"| {' | '.join(map(_shown, row))} |" for row in rows)
    return f"|{'   |' * len(rows[0])}\n|{'---|' * len(rows[0])}\n{lines}"


def _arguments(values: tuple[Any, ...]) -> list[str]:
    """The values as they are typed in a formula; ranges stand one below the other from the top left of a sheet."""
    found, top = [], 1
    for value in values:
        if isinstance(value, list):
            found.append(f"A{top}:{chr(ord('A') + len(value[0]) - 1)}{top + len(value) - 1}")
            top += len(value)
        elif isinstance(value, date):
            found.append(f"DATE({value.year}; {value.month}; {value.day})")
        else:
            found.append(f'"{value}"' if isinstance(value, str) else str(value))
    return found


def _shown(value: Any) -> str:
    """A value as the sheet shows it."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
