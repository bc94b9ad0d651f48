"""The whole cycle on the sample partners: templates out, proposals in, then reports, compared with what was planted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh.checklist import checklists, register
from kemitraan_xl.contoh.daur import records
from kemitraan_xl.contoh.generate import Expected, generate
from kemitraan_xl.contoh.generate_reports import generate_reports
from kemitraan_xl.contoh.proposal import partners
from kemitraan_xl.contoh.report import period, read_on, reporters
from kemitraan_xl.issue import issue_one, prefilled
from kemitraan_xl.master import read_master
from kemitraan_xl.recap import figures
from kemitraan_xl.renew import new_master
from validation.values import show_date


@dataclass(frozen=True)
class DemoResult:
    """What the demo made, and where it differs from what was planted."""

    recap: Recap
    reports: Recap
    made: Sequence[Path]
    differences: Sequence[str]

    def lines(self) -> Iterator[str]:
        """Paths, any difference, the six-line summary of the reports, and that of the proposals."""
        for path in self.made:
            yield f"Dibuat: {path}"
        for difference in self.differences:
            yield f"Berbeda dari rencana: {difference}"
        yield f"Laporan, dibaca per {show_date(self.reports.today)}"
        for label, value in figures(self.reports):
            yield f"  {label}: {value}"
        for label, value in figures(self.recap):
            yield f"{label}: {value}"


def run_demo(folder: Path, today: date) -> DemoResult:
    """Run the cycle in `folder`; a second run replaces what the first one made. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    template, returns = folder / "templat-usulan.xlsx", folder / "kiriman"
    summary, master = folder / "rekap.xlsx", folder / "Kemitraan.xlsx"
    first = partners()[0]
    issue_one("usulan", first["nama"], first["kode"], str(today.year + 1), template, today)
    expected = generate(returns, today)
    recap = consolidate([returns], today)
    write_summary(recap, summary)
    _write_master(master, returns, today)
    reports, made, different = _run_reports(folder, master, today)
    different = [*differences(recap, expected), *different]
    return DemoResult(recap, reports, [template, returns, summary, master, *made], different)


def _run_reports(folder: Path, master: Path, today: date) -> tuple[Recap, list[Path], list[str]]:
    """The next year's reports: a template filled beforehand from the master, returns, and the second summary."""
    template, returns, summary = folder / "templat-kemajuan.xlsx", folder / "laporan", folder / "rekap-laporan.xlsx"
    known, first = read_master(master), reporters()[0]
    agreed = prefilled("kemajuan", known, {"kode": first["kode"]})
    issue_one("kemajuan", first["nama"], first["kode"], period(1, today), template, today, agreed)
    expected = generate_reports(returns, today)
    recap = consolidate([returns], read_on(today), master=master)
    write_summary(recap, summary)
    found = differences(recap, expected, "laporan_kemajuan", "realisasi_biaya")
    return recap, [template, returns, summary], list(found)


def _write_master(master: Path, returns: Path, today: date) -> None:
    """A master in which staff had registered, assessed and engaged partners, renewed with the accepted proposals."""
    with TemporaryDirectory() as folder:
        typed = Path(folder) / master.name
        known = {"mitra": register(), "data_penilaian": checklists(today), **records(today)}
        build_master(typed, known, today=today)
        new_master(master, typed, [returns], today)


def differences(recap: Recap, expected: Expected, table: str = "rencana_kerja", money: str = "biaya") -> Iterator[str]:
    """Every verdict, finding, row and sum (of `money` in `table`) that is not as planted, one Indonesian line each."""
    names = {entry.arrival.name for entry in recap.returns}
    for name in sorted(names ^ set(expected.verdicts)):
        yield f"{name}: {'tidak dikenal' if name in names else 'tidak terbaca'}"
    for entry in recap.returns:
        name = entry.arrival.name
        verdict = expected.verdicts.get(name, entry.verdict)
        if entry.verdict != verdict:
            yield f"{name}: {entry.verdict}, seharusnya {verdict}"
        found = {(finding.code, finding.sheet, finding.cell, finding.level) for finding in entry.findings}
        for place in sorted(found ^ expected.findings.get(name, frozenset(found))):
            yield f"{name}: {'tidak terduga' if place in found else 'tidak ditemukan'} {' '.join(place)}"
    rows = recap.rows(table)
    total = round(rows[money].sum()) if len(rows) else 0
    if (len(rows), total) != (expected.rows, expected.total):
        yield f"baris dan biaya {len(rows)}, {total}; seharusnya {expected.rows}, {expected.total}"
