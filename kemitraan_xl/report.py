"""What `periksa` and `nilai` say: findings and scores as text a person reads, or as JSON (contract, section 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from validation.contract import LEVELS, Check
from validation.findings import Finding
from validation.language import Language, Text
from validation.retold import retold

if TYPE_CHECKING:  # `kamus` needs none of the tables
    from kemitraan_xl.consolidate import Recap
    from kemitraan_xl.verdicts import Return

_LEVEL_WORDS = {"E": Text("harus diperbaiki"), "W": Text("perlu diperiksa"), "I": Text("untuk diketahui")}
_WHOLE = Text("seluruh berkas")


def findings_json(recap: Recap) -> dict[str, Any]:
    """`periksa --format json`."""
    return {
        "versi_aturan": recap.rule_version,
        "per_tanggal": recap.today.isoformat(),
        "berkas": [_return_json(entry) for entry in recap.listed],
    }


def _return_json(entry: Return) -> dict[str, Any]:
    return {
        "nama": entry.arrival.name,
        "sha256": entry.arrival.sha256,
        "jenis": entry.kind,
        "mitra": entry.partner,
        "periode": entry.period,
        "versi_templat": entry.reading.identity.get("edisi", ""),
        "putusan": entry.verdict or None,
        "alasan": entry.reason,
        "temuan": [_finding_json(finding) for finding in entry.findings],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "kode": finding.code,
        "tingkat": finding.level,
        "lembar": finding.sheet,
        "sel": finding.cell or None,
        "kolom": finding.column,
        "nilai": finding.value,
        "pesan": finding.message,
        "saran": finding.remedy,
    }


def findings_text(recap: Recap) -> Iterator[str]:
    """One paragraph per file: the verdict, then every message once with all its cells, in the language of the file."""
    for entry in recap.listed:
        who = f" – {entry.partner}" if entry.partner else ""
        why = f" ({entry.reason})" if entry.reason else ""
        yield f"{entry.arrival.name}{who}: {entry.verdict or entry.kind}{why}"
        for level in LEVELS:
            told = (finding for finding in entry.findings if finding.level == level and finding.tells)
            of_level = [retold(finding, entry.language) for finding in told]
            if of_level:
                yield f"  {level} – {entry.language(_LEVEL_WORDS[level])} ({len(of_level)})"
                yield from _grouped(of_level, entry.language)
        yield ""


def _grouped(findings: Sequence[Finding], spoken: Language) -> Iterator[str]:
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for finding in findings:
        key = (finding.code, finding.sheet, finding.message, finding.remedy)
        groups.setdefault(key, []).append(finding.cell)
    for (code, sheet, message, remedy), cells in groups.items():
        places = ", ".join(cell for cell in cells if cell)
        where = " ".join(part for part in (sheet, places) if part) or spoken(_WHOLE)
        yield f"    {code}  [{where}] {message} {remedy}"


def check_json(check: Check) -> dict[str, str]:
    """One row of `kamus --format json`."""
    return {
        "kode": check.code,
        "kasus": check.case,
        "tingkat": check.effective_level,
        "arti": check.meaning or check.sentence,
        "contoh": check.example,
        "salah": check.wrong,
        "saran": check.remedy,
        "sumber": check.sumber,
    }
