"""What a Daftar Periksa comes to: score, recommendation, why, and the least that would better it (L3).

Pure rules over one assessment. Scores are exact fractions inside, so that three thirds are one; a blank is
never a zero, it keeps the assessment incomplete. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from kemitraan_xl.pedoman.model import Answers, Band, Flag, Kriteria, Pedoman, Pengalaman, Settings


class Row(NamedTuple):
    """The answers to one kisi-kisi as canonical labels; None is not yet assessed.

    `skor_penilai` is the score an assessor typed, read only when A-1 is "penilai".
    """

    kelengkapan: str | None = None
    masih_berlaku: str | None = None
    relevansi: str | None = None
    skor_penilai: float | None = None


@dataclass(frozen=True, slots=True)
class Bendera:
    """A flag that is up, and the codes of the rows it is about."""

    flag: Flag
    rows: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        flag = self.flag
        return {"kode": flag.code, "kritis": flag.critical, "pesan": flag.label, "butir": list(self.rows)}


@dataclass(frozen=True, slots=True)
class Assessment:
    """One Daftar Periksa, computed. `kriteria` is the score per criterion, None while not fully assessed.

    `mentah` is the total before rounding when it is no whole number (A-6). `butir` are the codes behind
    `kurang`: the smallest set of rows (and "5", experience) that reaches the next band, or what is still to
    be assessed.
    """

    kriteria: Mapping[str, int | float | None]
    jumlah: int | float | None
    mentah: int | float | None
    rekomendasi: str | None
    lengkap: bool
    bendera: tuple[Bendera, ...]
    alasan: str
    kurang: str
    butir: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The part of `nilai --format json` that is computed."""
        return {
            "kriteria": dict(self.kriteria),
            "jumlah": self.jumlah,
            "rekomendasi": self.rekomendasi,
            "lengkap": self.lengkap,
            "bendera": [up.as_json() for up in self.bendera],
            "alasan": self.alasan,
            "kurang": self.kurang,
        }


@dataclass(frozen=True, slots=True)
class _Item:
    """One row, or experience, as it stands: its score, what keeps it from its full point, what is blank."""

    code: str
    label: str
    kriteria: str
    score: Fraction | None
    waived: bool  # accepted as not required
    failing: tuple[str, ...]  # why it has no full score, in words
    fixes: tuple[str, ...]  # what would give it the full score, in words
    blank: tuple[str, ...]  # what is still to be assessed, in words

    @property
    def gain(self) -> Fraction:
        return Fraction(1) - (self.score or Fraction(0))


def score_row(row: Row, pedoman: Pedoman, settings: Settings) -> Fraction | None:
    """Score of one kisi-kisi, 0 to 1; None while an answer is missing or unknown (A-1, A-2)."""
    if settings["A-1"] == "penilai":
        return _typed(row.skor_penilai)
    if _waived(row, pedoman):
        return Fraction(int(settings["A-12"] == "setara"))
    if any(answer not in one.positive + one.negative for one, answer in _answers(row, pedoman)):
        return None
    positive = sum(answer in one.positive for one, answer in _answers(row, pedoman))
    share = Fraction(positive, len(pedoman.answers))
    return share if settings["A-1"] == "proporsional" else Fraction(floor(share))


def months_between(start: date, at: date) -> int:
    """Full months from `start` to `at`; negative when `start` is later.

    The 31st has its month full on the last day of a shorter one, so 29 February has its year on 28 February.
    """
    months = (at.year - start.year) * 12 + at.month - start.month
    last_of_month = (at + timedelta(days=1)).day == 1
    return months - (at.day < start.day and not last_of_month)


def experience(start: date | str | None, at: date | None, pedoman: Pedoman) -> Pengalaman | None:
    """The band of criterion 5, from the day work with children began or from the band's own label (A-5).

    None while it cannot be told: nothing known, no date of assessment, or a start after it.
    """
    if isinstance(start, str):
        return next((band for band in pedoman.pengalaman if band.label == start), None)
    if start is None or at is None:
        return None
    months = months_between(start, at)
    return next((band for band in reversed(pedoman.pengalaman) if months >= band.months), None)


def assess(
    rows: Mapping[str, Row],
    start: date | str | None,
    at: date | None,
    kelas: str | None,
    pedoman: Pedoman,
    settings: Settings,
) -> Assessment:
    """One Daftar Periksa: its rows by code ("1.1"), the start of work with children, Tanggal Penilaian.

    `start` may be a band's label instead of a day; `kelas` is the code of the institution's class.
    """
    rows = {kisi.code: rows.get(kisi.code, Row()) for kisi in pedoman.rows}
    items = _items(rows, experience(start, at, pedoman), pedoman, settings)
    kriteria = {k.code: _sum([item for item in items if item.kriteria == k.code]) for k in pedoman.kriteria}
    points = _sum(items)
    raw = None if points is None else points * _scale(items, pedoman, settings)
    total = None if raw is None else _rounded(raw, settings)
    band = None if total is None else _band(total, pedoman.rekomendasi)
    named = [i for i in items if i.score is None] if raw is None else _smallest(items, raw, pedoman, settings)
    return Assessment(
        kriteria={code: _number(score) for code, score in kriteria.items()},
        jumlah=_number(total),
        mentah=None if raw is None or raw.denominator == 1 else _number(raw),
        rekomendasi=None if band is None else band.label,
        lengkap=total is not None,
        bendera=_flags(rows, items, kriteria, kelas, raw, pedoman, settings),
        alasan=_why(items, total, raw, band, pedoman),
        kurang=_lacking(named, band, pedoman),
        butir=tuple(item.code for item in named),
    )


# ---- one item ---- #


def _items(rows: Mapping[str, Row], band: Pengalaman | None, pedoman: Pedoman, settings: Settings) -> list[_Item]:
    items = []
    for kriteria in pedoman.kriteria:
        for kisi in kriteria.rows:
            row = rows[kisi.code]
            score = score_row(row, pedoman, settings)
            failing, fixes, blank = _row_words(row, score, pedoman, settings)
            waived = _waived(row, pedoman) and _waives(settings)
            items.append(_Item(kisi.code, kisi.label, kriteria.code, score, waived, failing, fixes, blank))
        if not kriteria.rows:
            items.append(_experience_item(kriteria, band, pedoman, settings))
    return items


def _row_words(
    row: Row, score: Fraction | None, pedoman: Pedoman, settings: Settings
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Why a row has no full score, what would give it, and which columns are still to be assessed."""
    if settings["A-1"] == "penilai":
        if score is None:
            return (), (), (pedoman.typed_heading,)
        return (f"{pedoman.typed_heading}: {_decimal(score)}",), (f"{pedoman.typed_heading}: 1",), ()
    if score == 1:
        return (), (), ()
    short = [(one, answer) for one, answer in _answers(row, pedoman) if answer not in one.positive]
    blank = () if score is not None else tuple(a.heading for a, answer in short if answer not in a.negative)
    return (
        tuple(f"{one.heading}: {answer}" for one, answer in short if answer),
        tuple(f"{one.heading}: {one.positive[0]}" for one, _ in short),
        blank,
    )


def _experience_item(kriteria: Kriteria, band: Pengalaman | None, pedoman: Pedoman, settings: Settings) -> _Item:
    best = next(one for one in pedoman.pengalaman if one.worth(settings) == 1)
    return _Item(
        code=kriteria.code,
        label=kriteria.label,
        kriteria=kriteria.code,
        score=None if band is None else band.worth(settings),
        waived=False,
        failing=() if band is None else (band.label,),
        fixes=(f"sedikitnya {best.label}",),
        blank=(pedoman.start_heading,) if band is None else (),
    )


def _answers(row: Row, pedoman: Pedoman) -> list[tuple[Answers, str | None]]:
    return list(zip(pedoman.answers, row[:3], strict=True))


def _waived(row: Row, pedoman: Pedoman) -> bool:
    return any(answer in one.waived for one, answer in _answers(row, pedoman))


def _waives(settings: Settings) -> bool:
    """Whether "Tidak Dipersyaratkan" is accepted at all under the chosen rules."""
    return settings["A-1"] != "penilai" and settings["A-12"] != "apa_adanya"


def _typed(score: float | None) -> Fraction | None:
    """A typed score inside its range; a third typed as 0.333333333 counts as a third."""
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= 1:
        return None
    return Fraction(score).limit_denominator(1000)


# ---- the total ---- #


def _sum(items: Sequence[_Item]) -> Fraction | None:
    scores = [item.score for item in items]
    return None if None in scores else sum((score for score in scores if score is not None), Fraction(0))


def _scale(items: Sequence[_Item], pedoman: Pedoman, settings: Settings) -> Fraction:
    """What one point is worth: more than one when waived rows are left out of the scale (A-12 "skala")."""
    left_out = sum(item.waived for item in items) if settings["A-12"] == "skala" else 0
    return Fraction(pedoman.maximum, pedoman.maximum - left_out)


def _rounded(total: Fraction, settings: Settings) -> Fraction:
    """The total by which the band is found (A-6)."""
    match settings["A-6"]:
        case "terdekat":
            return Fraction(floor(total + Fraction(1, 2)))
        case "atas":
            return Fraction(ceil(total))
        case "perluas":
            return total
        case _:
            return Fraction(floor(total))


def recommendation(total: float, pedoman: Pedoman, settings: Settings) -> str | None:
    """The recommendation that a Jumlah Skor stands for (A-6); None outside 0 to the maximum."""
    if not 0 <= total <= pedoman.maximum:
        return None
    return _band(_rounded(Fraction(total).limit_denominator(1000), settings), pedoman.rekomendasi).label


def _band(total: Fraction, bands: Sequence[Band]) -> Band:
    return next(band for band in reversed(bands) if total >= band.lower)


def _smallest(items: Sequence[_Item], raw: Fraction, pedoman: Pedoman, settings: Settings) -> list[_Item]:
    """The fewest items that reach the next band: the largest gains first, so no smaller set can.

    Among equals a row comes before experience, which only time can bring, and a row with fewer columns to
    mend before one with more.
    """
    band = _band(_rounded(raw, settings), pedoman.rekomendasi)
    if band is pedoman.rekomendasi[-1]:
        return []
    open_items = [item for item in items if item.gain and not item.waived]
    taken: list[_Item] = []
    open_items.sort(key=lambda item: (-item.gain, item.code == item.kriteria, len(item.fixes)))
    for item in open_items:
        taken.append(item)
        raw += item.gain * _scale(items, pedoman, settings)
        if _band(_rounded(raw, settings), pedoman.rekomendasi).order > band.order:
            break
    return sorted(taken, key=lambda item: item.code)


# ---- flags ---- #


def _flags(
    rows: Mapping[str, Row],
    items: Sequence[_Item],
    kriteria: Mapping[str, Fraction | None],
    kelas: str | None,
    raw: Fraction | None,
    pedoman: Pedoman,
    settings: Settings,
) -> tuple[Bendera, ...]:
    """What must be seen beside the score, in the order of the rule file; it changes no score (A-8)."""
    found = {
        "legalitas_nol": _without_legality(rows, items, kriteria, pedoman, settings),
        "temuan_kritis": _with_finding(rows, pedoman),
        "tidak_dipersyaratkan": [
            code for code, row in rows.items() if _waived(row, pedoman) and not pedoman.waivable(kelas or "", code)
        ],
        "tanpa_masa_berlaku": [
            kisi.code
            for kisi in pedoman.rows
            if kisi.has_term and rows[kisi.code].masih_berlaku == pedoman.without_term
        ],
        "skor_di_luar_rentang": [
            code
            for code, row in rows.items()
            if settings["A-1"] == "penilai" and row.skor_penilai is not None and _typed(row.skor_penilai) is None
        ],
    }
    fraction = raw is not None and raw.denominator > 1
    return tuple(
        Bendera(flag, tuple(found.get(flag.code, ())))
        for flag in pedoman.flags
        if found.get(flag.code) or (flag.code == "jumlah_pecahan" and fraction)
    )


def _without_legality(
    rows: Mapping[str, Row],
    items: Sequence[_Item],
    kriteria: Mapping[str, Fraction | None],
    pedoman: Pedoman,
    settings: Settings,
) -> list[str]:
    """The legality rows, when the criterion is assessed and not one document stands or is accepted as waived.

    In "proporsional" a missing document may still earn thirds; it is missing all the same.
    """
    target = pedoman.flag("legalitas_nol").target
    legal = [item for item in items if item.kriteria == target]
    score = kriteria[target]
    if score is None or any(item.waived for item in legal):
        return []
    there = any(rows[item.code].kelengkapan in pedoman.answers[0].positive for item in legal)
    missing = settings["A-1"] == "proporsional" and not there
    return [item.code for item in legal] if score == 0 or missing else []


def _with_finding(rows: Mapping[str, Row], pedoman: Pedoman) -> list[str]:
    """The row on reputation, when its search found something contrary to child protection (A-9)."""
    target = pedoman.flag("temuan_kritis").target
    return [target] if rows[target].relevansi in pedoman.answers[2].negative else []


# ---- words ---- #


def _why(
    items: Sequence[_Item], total: Fraction | None, raw: Fraction | None, band: Band | None, pedoman: Pedoman
) -> str:
    if total is None or band is None:
        blank = sum(item.score is None for item in items)
        return f"Belum lengkap: {blank} dari {len(items)} butir belum dinilai."
    head = f"Jumlah Skor {_decimal(total)} dari {pedoman.maximum}, {band.label}"
    if raw != total and raw is not None:
        head += f" (sebelum pembulatan {_decimal(raw)})"
    short = [f"{item.label} ({'; '.join(item.failing)})" for item in items if item.gain and not item.waived]
    waived = [item.label for item in items if item.waived]
    body = f"belum terpenuhi: {', '.join(short)}" if short else "semua butir terpenuhi"
    tail = f"; tidak dipersyaratkan: {', '.join(waived)}" if waived else ""
    return f"{head}: {body}{tail}."


def _lacking(named: Sequence[_Item], band: Band | None, pedoman: Pedoman) -> str:
    if band is None:
        return f"Nilai dahulu: {', '.join(_unassessed(item, pedoman) for item in named)}."
    if not named:
        return ""
    above = pedoman.rekomendasi[band.order]
    wanted = ", ".join(f"{item.label} ({'; '.join(item.fixes)})" for item in named)
    goal = f"Untuk mencapai {above.label} (skor {above.lower})"
    return f"{goal}, penuhi sedikitnya {len(named)} butir: {wanted}."


def _unassessed(item: _Item, pedoman: Pedoman) -> str:
    """The item, and which of its columns when it is not all of them."""
    part = len(item.blank) < len(pedoman.answers)
    return f"{item.label} ({', '.join(item.blank)})" if part else item.label


def _number(score: Fraction | None) -> int | float | None:
    if score is None:
        return None
    return int(score) if score.denominator == 1 else round(float(score), 6)


def _decimal(score: Fraction) -> str:
    return f"{float(score):.2f}".rstrip("0").rstrip(".").replace(".", ",")
