"""The whole cycle on the sample partners: template out, returns in, checked, consolidated, compared with the plan."""

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
from kemitraan_xl.contoh.generate import Expected, generate
from kemitraan_xl.contoh.proposal import partners
from kemitraan_xl.issue import issue_one
from kemitraan_xl.recap import figures
from kemitraan_xl.renew import new_master


@dataclass(frozen=True)
class DemoResult:
    """What the demo made, and where it differs from what was planted."""

    recap: Recap
    made: Sequence[Path]
    differences: Sequence[str]

    @property
    def as_planted(self) -> bool:
        """Whether verdicts, findings, rows and sums are exactly the planted ones."""
        return not self.differences

    def lines(self) -> Iterator[str]:
        """Paths, any difference, and the six-line summary."""
        for path in self.made:
            yield f"Dibuat: {path}"
        for difference in self.differences:
            yield f"Berbeda dari rencana: {difference}"
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
    return DemoResult(recap, [template, returns, summary, master], list(differences(recap, expected)))


def _write_master(master: Path, returns: Path, today: date) -> None:
    """A master in which staff had registered and assessed the partners, renewed with the accepted proposals."""
    with TemporaryDirectory() as folder:
        typed = Path(folder) / master.name
        build_master(typed, {"mitra": register(), "data_penilaian": checklists(today)}, today=today)
        new_master(master, typed, [returns], today)


def differences(recap: Recap, expected: Expected) -> Iterator[str]:
    """Every verdict, finding, row and sum that is not as planted, one Indonesian line each."""
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
    plan = recap.rows("rencana_kerja")
    if (len(plan), round(plan["biaya"].sum())) != (expected.rows, expected.total):
        yield f"baris dan biaya {len(plan)}, {plan['biaya'].sum():.0f}; seharusnya {expected.rows}, {expected.total}"
