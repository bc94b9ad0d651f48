"""The commands that write, a desk to do so on, and what stands on it before and afterwards."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from kemitraan_xl import printing, safe_write
from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import consolidate
from support import faults

TODAY: Final = date(2026, 11, 24)
OLD: Final = b"lama"
Tree = dict[str, bytes]


def furnish(folder: Path) -> None:
    """A desk of KPAI: a master with one partner whose report is due, and a folder with two returns."""
    sent = folder / "kiriman"
    sent.mkdir()
    template = sent / "M-001.xlsx"
    build_template("usulan", template, mitra="Yayasan Contoh", kode="M-001", periode="2027", per_tanggal=TODAY)
    (sent / "rusak.xlsx").write_bytes(template.read_bytes()[:5000])
    partner = {"nama_lembaga": "Yayasan Contoh", "surel": "a@contoh.example"}
    term = {"tanggal_mulai": date(2026, 1, 1), "tanggal_selesai": date(2027, 12, 31)}
    stage = {"tahap": "Pelaksanaan Program dan Kegiatan"}
    build_master(
        folder / "induk.xlsx",
        {"mitra": [{"kode": "M-009", **partner}], "kerja_sama": [{"kode_mitra": "M-009", **partner, **term, **stage}]},
        today=TODAY,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(folder / "cache"))
        consolidate([sent], TODAY)


@dataclass(frozen=True)
class Writer:
    """A command that writes: its words (@ begins a path on the desk), where it writes, and its usual exit code."""

    words: str
    into: str = ""
    code: int = 0
    again: frozenset[int] = frozenset()  #: exit codes of a second run, where others than `code`


WRITERS = {
    "templat": Writer("templat --jenis usulan --mitra X --keluaran @t.xlsx"),
    "templat-semua": Writer(
        "templat --jenis kemajuan --periode 2026-S2 --dari @induk.xlsx --keluaran @out", into="out"
    ),
    "konsolidasi": Writer("konsolidasi @kiriman --keluaran @rekap.xlsx --senyap --pekerja 1", code=1),
    "kembalikan": Writer(
        "konsolidasi @kiriman --keluaran @rekap.xlsx --kembalikan @out --senyap --pekerja 1", into="out", code=1
    ),
    "ingatkan": Writer("ingatkan @induk.xlsx --keluaran @out", into="out"),
    "cetak": Writer("cetak @induk.xlsx --lembar Mitra --lembar Beranda --keluaran @out", into="out"),
    "induk": Writer("induk --dari @induk.xlsx --keluaran @baru.xlsx --senyap", again=frozenset({0, 2})),
}
INPUTS = ("induk.xlsx", "kiriman", "cache")


def run(name: str, desk: Path, *more: Any, temporary: Path | None = None, **named: Any) -> faults.Outcome:
    words = [str(desk / word[1:]) if word.startswith("@") else word for word in WRITERS[name].words.split()]
    dated = () if words[0] == "cetak" else ("--per-tanggal", TODAY.isoformat())

    def call() -> None:
        os.environ["KEMITRAAN_XL_CACHE"] = str(desk / "cache")
        printing.libreoffice, printing._converted = lambda: "soffice", _printed
        tempfile.tempdir = str(temporary or desk.parent)  # what a killed run leaves goes with the desk
        faults.command(*words, *dated)()

    return faults.run(call, desk, *more, **named)


def _printed(office: str, workbook: Path) -> bytes:
    assert office
    return b"%PDF-" + workbook.read_bytes()[:64]


def tree(folder: Path, *apart: str) -> Tree:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in apart
    }


def outputs(desk: Path) -> Tree:
    return tree(desk, *INPUTS)


def whole(found: Tree, old: Tree, new: Tree) -> bool:
    """Every file the old or the new one; beside them nothing but what is known to be unfinished."""
    return all(
        content in (old.get(name), new.get(name)) or safe_write._BESIDE.fullmatch(Path(name).name)
        for name, content in found.items()
    )


def finished(found: Tree) -> Tree:
    return {name: content for name, content in found.items() if not safe_write._BESIDE.fullmatch(Path(name).name)}


def as_new(name: str, desk: Path) -> tuple[Tree, int]:
    """What a command writes when nothing hinders it, and in how many steps; the old files then stand in its place."""
    done = run(name, desk)
    assert (done.code, done.complained) == (WRITERS[name].code, "")
    new = outputs(desk)
    for path in map(desk.joinpath, new):
        path.write_bytes(OLD) if name != "induk" else path.unlink()
    return new, done.steps
