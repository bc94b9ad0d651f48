"""The whole cycle on the sample partners: template out, returns in, checked, consolidated, compared with the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh.generate import Expected, generate
from kemitraan_xl.issue import issue_one
from kemitraan_xl.recap import figures


@dataclass(frozen=True)
class DemoResult:
    """What the demo made, and where it differs from what was planted."""

    recap: Recap
    made: Sequence[Path]
    differences: Sequence[str]

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
    issue_one("usulan", "Yayasan Pelita Tunas Karsa", "M-007", "", template, today)
    expected = generate(returns, today)
    recap = consolidate([returns], today)
    write_summary(recap, summary)
    from kemitraan_xl.renew import new_master

    new_master(master, None, [returns], today)
    return DemoResult(recap, [template, returns, summary, master], list(_differences(recap, expected)))


def _differences(recap: Recap, expected: Expected) -> Iterator[str]:
    """Every verdict, finding and sum that is not as planted."""
    for entry in recap.returns:
        name = entry.arrival.name
        if entry.verdict != expected.verdicts[name]:
            yield f"{name}: {entry.verdict}, seharusnya {expected.verdicts[name]}"
        if name in expected.findings:
            found = {(f.code, f.sheet, f.cell) for f in entry.findings if f.level != "I"}
            for place in sorted(found ^ expected.findings[name]):
                yield f"{name}: {'tidak terduga' if place in found else 'tidak ditemukan'} {' '.join(place)}"
    plan = recap.rows("rencana_kerja")
    if (len(plan), round(plan["biaya"].sum())) != (expected.rows, expected.total):
        yield f"baris dan biaya {len(plan)}, {plan['biaya'].sum():.0f}; seharusnya {expected.rows}, {expected.total}"
