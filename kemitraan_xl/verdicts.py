"""What becomes of every file: one of six verdicts, from its findings and from the other files handed in.

Key of a return: partner + kind + period. The partner is known by the code KPAI issued, else by NPWP, else by
its exact name (after folding) and class; near names are pointed out and never merged. The newest return with a key
stands, whether it is accepted or not: an older one is never taken instead. The order of the files plays no part.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kemitraan_xl.ages import Age, age_of
from kemitraan_xl.examine import Examined, kind_of
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.intake.refusal import reason
from kemitraan_xl.namesakes import point_out
from kemitraan_xl.versions import differences
from validation.contract import checks_by_key, fold, lists
from validation.findings import Finding
from validation.language import Language, language
from validation.periods import Period
from validation.values import npwp_digits

Key = tuple[str, str, str]

#: Files that a reason names one by one.
_NAMED = 5
#: The remark on the format a file was saved in, which is no part of what it says.
_FORMAT = "ST-25"


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
    tax_number: str = ""  #: NPWP, as digits
    key: Key = ("", "", "")  #: partner, kind, period by which versions of one return are known
    version: str = ""  #: its place among them ("2 dari 3"), "" where there is no other
    age: Age = field(init=False)

    def __post_init__(self) -> None:
        self.age = age_of(self.arrival, self.reading)

    @property
    def language(self) -> Language:
        """The language in which its partner is spoken to: that of the template it was filled in on."""
        return language(self.reading.identity.get("bahasa", ""))

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
    for number, entry in enumerate(returns):
        entry.findings = list(examined.findings[number])
        entry.key = _key(entry, examined.codes.get(number, ""))
    read = sorted((entry for entry in returns if not entry.verdict), key=_first_seen)
    copies = _set_aside_duplicates(read)
    chains: dict[Key, list[Return]] = defaultdict(list)
    for entry in read:
        if not entry.verdict:
            chains[entry.key].append(entry)
    sorted_out = [_Chain.of(chain) for chain in chains.values()]
    point_out([entry for chain in sorted_out for entry in chain.newest])
    for chain in sorted_out:
        chain.judge()
    for copy, original in copies:
        again = " yang sudah digantikan" if original.verdict == "digantikan" else ""
        copy.verdict, copy.reason = "duplikat", f"Isinya sama dengan {original.arrival.name}{again}."
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
        entry.code, entry.tax_number = reading.identity.get("mitra", ""), _tax_number(reading)
        if entry.kind == "induk":
            entry.verdict, entry.reason = "ditolak", "Buku kerja induk KPAI, bukan berkas dari mitra."
    return entry


def _cover(reading: FileReading, column: str) -> str:
    cells = reading.tables["sampul"].columns.get(column) if "sampul" in reading.tables else None
    return " ".join(str(cells[0]).split()) if cells and cells[0] is not None else ""


def _key(entry: Return, code: str) -> Key:
    """`code` is the one issued: stamped into the file, or known from the register by the exact name."""
    period = Period.read(entry.period)
    return _partner(entry, code), entry.kind, period.text if period else entry.period


def _partner(entry: Return, code: str) -> str:
    if code:
        return f"kode {fold(code)}"
    if entry.tax_number:
        return f"npwp {entry.tax_number}"
    kelas = lists()["kelas"].find(entry.kelas)
    name = fold(entry.partner) or f"tanpa nama {entry.arrival.name}"
    return f"nama {name}|{kelas.code if kelas else fold(entry.kelas)}"


def _tax_number(reading: FileReading) -> str:
    """The NPWP among the documents, as digits (III.B.1)."""
    extract = reading.tables.get("profil_bukti")
    if extract is None or not {"dokumen", "nomor"} <= set(extract.columns):
        return ""
    wanted = fold(lists()["dokumen_bukti"]["npwp"].label)
    for name, number in zip(extract.columns["dokumen"], extract.columns["nomor"], strict=True):
        if name is not None and fold(str(name)) == wanted:
            return npwp_digits(number) or ""
    return ""


# ---- the same once more ---- #


def _first_seen(entry: Return) -> tuple[tuple[bool, bool, str], str]:
    return entry.age.first_seen, entry.arrival.name


def _set_aside_duplicates(read: Sequence[Return]) -> list[tuple[Return, Return]]:
    """The same bytes, or the same content saved again, count once: each copy, and the first of `read` that it equals.

    Something sent once more says nothing new, so it never takes the place of what came in between.
    """
    seen: dict[str, Return] = {}
    copies = []
    alike = Counter(map(_said, read))  # most files are like no other, and need not be looked at as a whole
    for entry in read:
        marks = [entry.arrival.sha256, *([_content(entry.reading)] if alike[_said(entry)] > 1 else [])]
        original = next((seen[mark] for mark in marks if mark in seen), None)
        if original:
            entry.verdict = "duplikat"
            copies.append((entry, original))
        else:
            seen |= dict.fromkeys(marks, entry)
    return copies


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
    faults = sorted((fault.key, fault.sheet, fault.value) for fault in reading.faults if fault.key != _FORMAT)
    return "isi " + hashlib.sha256(repr((identity, filled, faults)).encode()).hexdigest()


def _plain(cell: Any) -> str:
    return f"{cell:.15g}" if isinstance(cell, (int, float)) and not isinstance(cell, bool) else str(cell)


# ---- the versions of one return ---- #


@dataclass(frozen=True, slots=True)
class _Chain:
    """All returns with one key: the newest, which are several when none can be told to be newer, and the older."""

    newest: Sequence[Return]
    older: Sequence[Return]  #: the oldest first

    @classmethod
    def of(cls, entries: Iterable[Return]) -> _Chain:
        chain = sorted(entries, key=lambda entry: (entry.age.marks, entry.arrival.name))
        ages = {entry.age for entry in chain}
        latest = {age for age in ages if not any(map(age.before, ages))}
        for place, entry in enumerate(chain, start=1):
            if len(chain) > 1:
                entry.version = f"{len(chain) if entry.age in latest else place} dari {len(chain)}"
        newest, older = ([entry for entry in chain if (entry.age in latest) == new] for new in (True, False))
        return cls(newest, older)

    def judge(self) -> None:
        """The verdict of each, and in what words: which took whose place, and whether any of it counts."""
        if len(self.newest) > 1:
            self._tie()
        for entry in self.newest:
            told = [f"{entry.errors} temuan harus diperbaiki."] if entry.errors else []
            if self.older:
                told.append(self._replacing(entry))
            entry.verdict, entry.reason = "dikembalikan" if entry.errors else "diterima", " ".join(told)
        for entry in self.older:
            entry.verdict, entry.reason = "digantikan", self._replaced(entry)

    def _tie(self) -> None:
        """None is accepted where it cannot be told which one holds."""
        for entry in self.newest:
            others = _names([other for other in self.newest if other is not entry])
            entry.findings.insert(0, Finding(checks_by_key()["ST-22"], "", "", "", others))

    def _replacing(self, entry: Return) -> str:
        """Which version came before, and what is different in the one that stands (ST-24)."""
        before = self.older[-1]
        if len(self.newest) > 1:
            return f"Menggantikan {before.arrival.name}."
        count, found = differences(before.reading, entry.reading, entry.kind)
        entry.findings += found
        told = f"{count} perbedaan (ST-24)" if count else "isinya tidak berbeda"
        lost = " (tanpa temuan wajib, tetapi tidak berlaku lagi)" if entry.errors and not before.errors else ""
        return f"Menggantikan {before.arrival.name}{lost}: {told}."

    def _replaced(self, entry: Return) -> str:
        newer = self.newest[0]
        own, its = entry.age.told_from(newer.age)
        back = "" if newer.counted else "; kiriman itu dikembalikan, sehingga belum ada yang direkap"
        return f"Ada kiriman lebih baru: {_names(self.newest)} ({its}; berkas ini {own}){back}."


def _names(entries: Sequence[Return]) -> str:
    """The files by name; not more of them than can be read."""
    names = [entry.arrival.name for entry in entries[:_NAMED]]
    return ", ".join(names) + (f" dan {len(entries) - _NAMED} lagi" if len(entries) > _NAMED else "")


def look_at_masters(returns: Iterable[Return]) -> None:
    """Where files are only checked, staff's own master is no wrong file: it is passed over, its findings count."""
    for entry in returns:
        if entry.kind == "induk":
            entry.verdict = "dilewati"
            entry.reason = f"Buku kerja induk KPAI, diperiksa saja: {entry.errors} temuan harus diperbaiki."
