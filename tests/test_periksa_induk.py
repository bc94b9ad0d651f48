"""`periksa` on a master: staff see the findings of their own rows, at the right sheet and cell; nothing is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from kemitraan_xl.book.master import build_master
from kemitraan_xl.cli import kemitraan

CONTENT: dict[str, Any] = {
    "mitra": [{"kode": "M-001", "nama_lembaga": "Yayasan Pelita Tunas", "kelas_lembaga": "Lembaga Profesi"}],
    "sengketa": [
        {
            "kode_mitra": "M-001",
            "tanggal": date(2026, 5, 1),
            "masalah": "Keterlambatan pendanaan",
            "tanggal_musyawarah": date(2026, 5, 10),
            "cara_lanjutan": "Mediasi",
            "tanggal_lanjutan": date(2026, 5, 5),
        }
    ],
    "perubahan": [{"kode_mitra": "M-009", "tanggal": date(2026, 6, 1), "keadaan_kahar": "Pandemi", "pihak": "Mitra"}],
}


def test_findings_of_a_master_are_shown_where_they_are(tmp_path: Path) -> None:
    master = tmp_path / "induk.xlsx"
    build_master(master, CONTENT, today=date(2026, 11, 24))
    arguments = ["periksa", str(master), "--format", "json", "--per-tanggal", "2026-11-24", "--senyap"]
    result = CliRunner().invoke(kemitraan, arguments, standalone_mode=False)
    assert result.return_value == 1
    (file,) = json.loads(result.stdout)["berkas"]
    assert (file["jenis"], file["putusan"]) == ("induk", "dilewati")
    errors = {(one["kode"], one["lembar"], one["sel"]) for one in file["temuan"] if one["tingkat"] == "E"}
    assert errors == {("SG-03", "Sengketa", "H4"), ("MT-08", "Perubahan", "A4")}
