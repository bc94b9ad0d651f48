"""Writes docs/makro.md: which button exists in which Excel, and what stands in for it elsewhere.

    python docs/alat/makro.py

Derived from the registry of macros (udfs/registry.py) and the groups of the ribbon. tests/test_docs.py
holds the page to the data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from udfs.registry import DESKTOP, SERVER, Macro, load_macros
from udfs.server.pane import ribbon_order

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "makro.md"
COMMAND: Final = "python docs/alat/makro.py"

#: What does the same on the command line, by macro; the others need an open workbook.
ON_THE_COMMAND_LINE: Final = {
    "terbitkan_templat": "templat --jenis JENIS --dari INDUK --keluaran FOLDER",
    "impor_folder": "induk --dari INDUK --impor FOLDER --keluaran BARU.xlsm",
    "pratinjau": "konsolidasi FOLDER --induk INDUK --keluaran REKAP.xlsx --pratinjau",
    "konsolidasi": "konsolidasi FOLDER --induk INDUK --keluaran REKAP.xlsx",
    "kembalikan": "konsolidasi FOLDER --induk INDUK --keluaran REKAP.xlsx --kembalikan FOLDER",
    "periksa_buku": "periksa INDUK",
    "nilai": "nilai INDUK",
    "cetak_lampiran": "cetak INDUK --lembar NAMA --mitra KODE --keluaran FOLDER",
    "periksa_pemasangan": "dokter INDUK",
}

HEAD: Final = f"""# Tombol: ada di Excel yang mana, dan apa gantinya

Dibuat oleh `{COMMAND}` dari daftar makro; jangan disunting.

*Di PC*: Excel untuk Windows dengan Python di komputer itu. *Lewat server*: Excel 2021, Microsoft 365, atau Excel di
peramban, dengan server add-in. Tanpa keduanya semua lembar tetap menghitung dengan rumus, dan baris perintah
mengerjakan yang tertulis di kolom terakhir.

| kelompok | tombol | kerjanya | di PC | lewat server | baris perintah |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page, in the order of the ribbon."""
    macros = load_macros()
    rows = [_row(group, macros[name]) for group, names in ribbon_order().items() for name in names if name in macros]
    assert len(rows) == len(macros), "a macro without a button"
    return HEAD + "".join(f"{row}\n" for row in rows)


def _row(group: str, macro: Macro) -> str:
    command = ON_THE_COMMAND_LINE.get(macro.name)
    cells = (
        group,
        macro.label,
        macro.tip,
        _on(macro, DESKTOP),
        _on(macro, SERVER),
        f"`kemitraan {command}`" if command else "hanya dalam buku yang terbuka",
    )
    return f"| {' | '.join(cells)} |"


def _on(macro: Macro, host: str) -> str:
    """Yes, or what stands in for it; on the server folders are uploads and downloads."""
    if host not in macro.hosts:
        return macro.instead
    ways = ((macro.inbox, "berkas diunggah"), (macro.outbox, "hasil diunduh")) if host == SERVER else ()
    return ", ".join(["ada", *(way for needed, way in ways if needed)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
