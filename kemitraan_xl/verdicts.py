"""What becomes of every file: one of six verdicts, from its findings and from the other files handed in.

Key of a return: partner + kind + period. The partner is known by the code KPAI issued, else by NPWP, else by
its exact name (after folding) and class; near names are pointed out and never merged.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from kemitraan_xl.examine import Examined, kind_of
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.intake.refusal import reason
from validation.contract import checks_by_key, fold, lists
from validation.findings import Finding
from validation.values import npwp_digits, read_date

Key = tuple[str, str, str]


@dataclass(slots=True)
class Return:
    """One file handed in, with all that is known of it. `verdict` is a code of the list `putusan`."""

    arrival: Arrival
    reading: FileReading
    kind: str = ""
    partner: str = ""
    kelas: str = ""
    code: str = ""
    period: str = ""
    verdict: str = ""
    reason: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def counted(self) -> bool:
        """Whether its rows reach the Rekap sheets."""
        return self.verdict == "diterima"

    @property
    def errors(self) -> int:
        """How many findings must be put right."""
        return sum(finding.level == "E" for finding in self.findings)


def decide(arrivals: Sequence[Arrival], examined: Examined) -> list[Return]:
    """A verdict for every file, in the order handed in. The counts of the six verdicts equal the files."""
    returns = [_known(arrival, reading) for arrival, reading in zip(arrivals, examined.readings, strict=True)]
    for entry, findings in zip(returns, examined.findings, strict=True):
        entry.findings = list(findings)
    read = [entry for entry in returns if not entry.verdict]
    _set_aside_duplicates(read)
    chains: dict[Key, list[Return]] = defaultdict(list)
    for entry in read:
        if not entry.verdict:
            chains[_key(entry)].append(entry)
    for chain in chains.values():
        _keep_newest(chain)
    _point_out_near_names(entry for entry in read if not entry.verdict)
    for entry in read:
        if not entry.verdict:
            _judge(entry)
    return returns


def _known(arrival: Arrival, reading: FileReading) -> Return:
    """A return with what the file says of itself; already decided when it could not be read."""
    entry = Return(arrival, reading)
    if arrival.skipped:
        entry.verdict, entry.reason = "dilewati", arrival.skipped
    elif reading.refusal == reason("summary"):
        entry.verdict, entry.reason = "dilewati", reading.refusal
    elif arrival.refused or reading.refusal:
        entry.verdict, entry.reason = "ditolak", arrival.refused or reading.refusal
    else:
        entry.kind, entry.period = kind_of(reading), reading.identity.get("periode", "")
        entry.partner, entry.kelas = _cover(reading, "nama_lembaga"), _cover(reading, "kelas_lembaga")
        entry.code = reading.identity.get("mitra", "")
        if entry.kind == "induk":
            entry.verdict, entry.reason = "ditolak", "Buku kerja induk KPAI, bukan berkas dari mitra."
    return entry


def _cover(reading: FileReading, column: str) -> str:
    cells = reading.tables["sampul"].columns.get(column) if "sampul" in reading.tables else None
    return " ".join(str(cells[0]).split()) if cells and cells[0] is not None else ""


def _key(entry: Return) -> Key:
    return _partner(entry), entry.kind, entry.period


def _partner(entry: Return) -> str:
    if entry.code:
        return f"kode {fold(entry.code)}"
    number = _tax_number(entry.reading)
    if number:
        return f"npwp {number}"
    kelas = lists()["kelas"].find(entry.kelas)
    name = fold(entry.partner) or f"tanpa nama {entry.arrival.name}"
    return f"nama {name}|{kelas.code if kelas else fold(entry.kelas)}"


def _tax_number(reading: FileReading) -> str | None:
    """The NPWP among the documents, as digits (III.B.1)."""
    extract = reading.tables.get("profil_bukti")
    if extract is None or not {"dokumen", "nomor"} <= set(extract.columns):
        return None
    wanted = fold(lists()["dokumen_bukti"]["npwp"].label)
    for name, number in zip(extract.columns["dokumen"], extract.columns["nomor"], strict=True):
        if name is not None and fold(str(name)) == wanted:
            return npwp_digits(number)
    return None


def _set_aside_duplicates(read: Sequence[Return]) -> None:
    """The same bytes, or the same content saved again, count once: the first by name stays."""
    seen: dict[str, Return] = {}
    alike = Counter(map(_said, read))  # most files are like no other, and need not be looked at as a whole
    for entry in read:
        marks = [entry.arrival.sha256, *([_content(entry.reading)] if alike[_said(entry)] > 1 else [])]
        for mark in marks:
            if mark in seen and not entry.verdict:
                entry.verdict, entry.reason = "duplikat", f"Isinya sama dengan {seen[mark].arrival.name}."
        if not entry.verdict:
            seen |= dict.fromkeys(marks, entry)


def _said(entry: Return) -> tuple[str, ...]:
    """What files with the same content have in common, whatever else is in them."""
    return entry.kind, entry.code, entry.period, entry.partner


def _content(reading: FileReading) -> str:
    """A fingerprint of what was filled in, wherever it stands and whatever program saved it."""
    filled = [
        (name, column, [cell if cell.__class__ is str else _plain(cell) for cell in cells])
        for name, extract in sorted(reading.tables.items())
        for column, cells in sorted(extract.columns.items())
        if any(cell is not None for cell in cells)
    ]
    identity = sorted(reading.identity.items())
    faults = sorted((fault.key, fault.sheet, fault.value) for fault in reading.faults)
    return "isi " + hashlib.sha256(repr((identity, filled, faults)).encode()).hexdigest()


def _plain(cell: Any) -> str:
    return f"{cell:.15g}" if isinstance(cell, (int, float)) and not isinstance(cell, bool) else str(cell)


def _keep_newest(chain: list[Return]) -> None:
    """Of several returns with one key the newest stays; when none is newest, none is accepted."""
    if len(chain) < 2:
        return
    newest = max(map(_age, chain))
    latest = [entry for entry in chain if _age(entry) == newest]
    for entry in chain:
        if entry not in latest:
            entry.verdict, entry.reason = "digantikan", f"Ada kiriman lebih baru: {latest[0].arrival.name}."
    if len(latest) > 1:
        for entry in latest:
            others = ", ".join(other.arrival.name for other in latest if other is not entry)
            entry.findings.insert(0, Finding(checks_by_key()["ST-22"], "", "", "", others))


def _age(entry: Return) -> tuple[str, str]:
    """Tanggal Surat, and where that does not decide the time the file itself was last saved."""
    extract = entry.reading.tables.get("sampul")
    letter = read_date((extract.columns.get("tanggal_surat") or [None])[0]).value if extract else None
    return (letter.isoformat() if letter else entry.reading.modified[:10], entry.reading.modified)


#: How alike two different names must be to be pointed out, and the letters they must share to be compared.
_NEAR, _BLOCK = 0.9, 12


def _point_out_near_names(entries: Iterable[Return]) -> None:
    """Two partners whose names differ by a slip of the pen get a warning each (ST-23)."""
    by_name: dict[str, Return] = {}
    for entry in entries:
        if entry.partner and not entry.code:
            by_name.setdefault(fold(entry.partner), entry)
    names = sorted(by_name)
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in names:
        blocks[f"< {name[:_BLOCK]}"].append(name)
        blocks[f"> {name[-_BLOCK:]}"].append(name)
    pairs = {(a, b) for block in blocks.values() for a in block for b in block if a < b}
    for a, b in sorted(pairs):
        if SequenceMatcher(None, a, b).ratio() >= _NEAR:
            for one, other in ((by_name[a], by_name[b]), (by_name[b], by_name[a])):
                extract = one.reading.tables["sampul"]
                cell = extract.letters.get("nama_lembaga", "")
                value = f"{other.partner} ({other.arrival.name})"
                one.findings.append(Finding(checks_by_key()["ST-23"], extract.sheet, cell, "Nama Lembaga", value))


def _judge(entry: Return) -> None:
    entry.verdict = "dikembalikan" if entry.errors else "diterima"
    entry.reason = f"{entry.errors} temuan harus diperbaiki." if entry.errors else ""


def look_at_masters(returns: Iterable[Return]) -> None:
    """Where files are only checked, staff's own master is no wrong file: it is passed over, its findings count."""
    for entry in returns:
        if entry.kind == "induk":
            entry.verdict = "dilewati"
            entry.reason = f"Buku kerja induk KPAI, diperiksa saja: {entry.errors} temuan harus diperbaiki."
