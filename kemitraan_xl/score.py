"""What a Daftar Periksa comes to: score, recommendation, why, and the least that would better it (Lampiran 3).

Pure rules over one assessment. Scores are exact fractions inside, so that three thirds are one; a blank is never a
zero, it keeps the assessment incomplete. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from kemitraan_xl.pedoman.model import Answers, Band, Flag, Pedoman, Pengalaman, Settings

#: A-6: what becomes of a total that is no whole number.
_ROUNDING = {
    "bawah": lambda total: Fraction(floor(total)),
    "terdekat": lambda total: Fraction(floor(total + Fraction(1, 2))),
    "atas": lambda total: Fraction(ceil(total)),
    "perluas": lambda total: total,
}


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


@dataclass(frozen=True, slots=True)
class Assessment:
    """One Daftar Periksa, computed. `kriteria` holds the score per criterion, None while not fully assessed.

    `mentah` is the total before rounding when it is no whole number (A-6). `butir` are the codes behind `kurang`:
    the smallest set of rows (and "5", experience) that reaches the next band, or what is still to be assessed.
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
            "bendera": [
                {"kode": up.flag.code, "kritis": up.flag.critical, "pesan": up.flag.label, "butir": list(up.rows)}
                for up in self.bendera
            ],
            "alasan": self.alasan,
            "kurang": self.kurang,
        }


@dataclass(frozen=True, slots=True)
class _Item:
    """One row, or experience, as it stands: what it scores, what keeps it from its full point, what is blank."""

    code: str
    label: str
    kriteria: str
    score: Fraction | None
    waived: bool
    failing: tuple[str, ...]  # why it has no full score, in words
    fixes: tuple[str, ...]  # what would give it the full score, in words
    blank: tuple[str, ...]  # what is still to be assessed, in words

    @property
    def gain(self) -> Fraction:
        return Fraction(1) - (self.score or Fraction(0))


def score_row(row: Row, pedoman: Pedoman, settings: Settings) -> Fraction | None:
    """Score of one kisi-kisi, 0 to 1; None while an answer is missing or is none of the answers (A-1, A-2)."""
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

    The 31st has its month full on the last day of a shorter month, so 29 February is a year older on 28 February.
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
    """One Daftar Periksa, from the rows by code ("1.1"), the start of work with children and Tanggal Penilaian.

    `start` may be a band's label instead of a day; `kelas` is the code of the institution's class.
    """
    items = _items(rows, start, at, pedoman, settings)
    kriteria = {k.code: _sum([item for item in items if item.kriteria == k.code]) for k in pedoman.kriteria}
    raw = _total(items, pedoman, settings)
    total = None if raw is None else _ROUNDING[str(settings["A-6"])](raw)
    band = None if total is None else _band(total, pedoman.rekomendasi)
    named = _still_blank(items) if raw is None else _smallest(items, raw, pedoman, settings)
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


# -------------------------------------------------------------------------------------------------------- one item


def _items(
    rows: Mapping[str, Row], start: date | str | None, at: date | None, pedoman: Pedoman, settings: Settings
) -> list[_Item]:
    items = []
    for kriteria in pedoman.kriteria:
        for kisi in kriteria.rows:
            row = rows.get(kisi.code, Row())
            score = score_row(row, pedoman, settings)
            failing, fixes, blank = _row_words(row, score, pedoman, settings)
            waived = settings["A-1"] != "penilai" and _waived(row, pedoman)
            items.append(_Item(kisi.code, kisi.label, kriteria.code, score, waived, failing, fixes, blank))
        if not kriteria.rows:
            items.append(_experience_item(kriteria.code, kriteria.label, experience(start, at, pedoman), pedoman, settings))
    return items


def _row_words(
    row: Row, score: Fraction | None, pedoman: Pedoman, settings: Settings
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Why a row has no full score, what would give it, and which columns are still to be assessed."""
    if settings["A-1"] == "penilai":
        if score is None:
            return (), (), ("Skor",)
        return (f"Skor: {_decimal(score)}",), ("Skor: 1",), ()
    if score == 1:
        return (), (), ()
    short = [(one, answer) for one, answer in _answers(row, pedoman) if answer not in one.positive]
    blank = () if score is not None else tuple(a.heading for a, answer in short if answer not in a.negative)
    return (
        tuple(f"{one.heading}: {answer}" for one, answer in short if answer),
        tuple(f"{one.heading}: {one.positive[0]}" for one, _ in short),
        blank,
    )


def _experience_item(
    code: str, label: str, band: Pengalaman | None, pedoman: Pedoman, settings: Settings
) -> _Item:
    best = next(one for one in pedoman.pengalaman if one.worth(settings) == 1)
    return _Item(
        code=code,
        label=label,
        kriteria=code,
        score=None if band is None else band.worth(settings),
        waived=False,
        failing=() if band is None else (band.label,),
        fixes=(f"sedikitnya {best.label}",),
        blank=("Mulai Bekerja dengan Anak",) if band is None else (),
    )


def _answers(row: Row, pedoman: Pedoman) -> list[tuple[Answers, str | None]]:
    return list(zip(pedoman.answers, row[:3], strict=True))


def _waived(row: Row, pedoman: Pedoman) -> bool:
    return any(answer in one.waived for one, answer in _answers(row, pedoman))


def _typed(score: float | None) -> Fraction | None:
    """A typed score inside its range; a third typed as 0.333333333 counts as a third."""
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= 1:
        return None
    return Fraction(score).limit_denominator(1000)


# ------------------------------------------------------------------------------------------------------- the total


def _sum(items: Sequence[_Item]) -> Fraction | None:
    scores = [item.score for item in items]
    return None if None in scores else sum((score for score in scores if score is not None), Fraction(0))


def _total(items: Sequence[_Item], pedoman: Pedoman, settings: Settings) -> Fraction | None:
    """Jumlah Skor before rounding; rows left out of the scale (A-12 "skala") do not count against a partner."""
    total = _sum(items)
    return None if total is None else total * _scale(items, pedoman, settings)


def _scale(items: Sequence[_Item], pedoman: Pedoman, settings: Settings) -> Fraction:
    left_out = sum(item.waived for item in items) if settings["A-12"] == "skala" else 0
    return Fraction(pedoman.maximum, pedoman.maximum - left_out)


def _band(total: Fraction, bands: Sequence[Band]) -> Band:
    return next(band for band in reversed(bands) if total >= band.lower)


def _smallest(items: Sequence[_Item], raw: Fraction, pedoman: Pedoman, settings: Settings) -> list[_Item]:
    """The fewest items that reach the next band: the largest gains first, so no smaller set can.

    Among equals a row comes before experience, which only time can bring, and a row with fewer columns to mend
    before one with more.
    """
    rounded = _ROUNDING[str(settings["A-6"])]
    band = _band(rounded(raw), pedoman.rekomendasi)
    if band is pedoman.rekomendasi[-1]:
        return []
    left_out = settings["A-12"] == "skala"
    open_items = [item for item in items if item.gain and not (left_out and item.waived)]
    taken: list[_Item] = []
    for item in sorted(open_items, key=lambda item: (-item.gain, item.code == item.kriteria, len(item.fixes))):
        taken.append(item)
        raw += item.gain * _scale(items, pedoman, settings)
        if _band(rounded(raw), pedoman.rekomendasi).order > band.order:
            break
    return sorted(taken, key=lambda item: item.code)


def _still_blank(items: Sequence[_Item]) -> list[_Item]:
    return [item for item in items if item.score is None]


# ----------------------------------------------------------------------------------------------------------- flags


def _flags(
    rows: Mapping[str, Row],
    items: Sequence[_Item],
    kriteria: Mapping[str, Fraction | None],
    kelas: str | None,
    raw: Fraction | None,
    pedoman: Pedoman,
    settings: Settings,
) -> tuple[Bendera, ...]:
    """What must be seen beside the score, in the order of the rule file. None of it changes the score (A-8)."""
    found = {
        "legalitas_nol": _without_legality(rows, items, kriteria, pedoman, settings),
        "temuan_kritis": _with_finding(rows, pedoman),
        "tidak_dipersyaratkan": [
            item.code for item in items if item.waived and not pedoman.waivable(kelas or "", item.code)
        ],
        "tanpa_masa_berlaku": [
            kisi.code
            for kisi in pedoman.rows
            if kisi.has_term and rows.get(kisi.code, Row()).masih_berlaku == pedoman.without_term
        ],
        "skor_di_luar_rentang": [
            item.code
            for item in items
            if settings["A-1"] == "penilai"
            and item.score is None
            and rows.get(item.code, Row()).skor_penilai is not None
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
    if score is None or (settings["A-12"] != "apa_adanya" and any(item.waived for item in legal)):
        return []
    shown = pedoman.answers[0].positive
    missing = settings["A-1"] == "proporsional" and not any(rows[item.code].kelengkapan in shown for item in legal)
    return [item.code for item in legal] if score == 0 or missing else []


def _with_finding(rows: Mapping[str, Row], pedoman: Pedoman) -> list[str]:
    """The row on reputation, when its search found something contrary to child protection (A-9)."""
    target = pedoman.flag("temuan_kritis").target
    return [target] if rows.get(target, Row()).relevansi in pedoman.answers[2].negative else []


# ----------------------------------------------------------------------------------------------------------- words


def _why(
    items: Sequence[_Item], total: Fraction | None, raw: Fraction | None, band: Band | None, pedoman: Pedoman
) -> str:
    if total is None or band is None:
        blank = _still_blank(items)
        return f"Belum lengkap: {len(blank)} dari {len(items)} butir belum dinilai."
    head = f"Jumlah Skor {_decimal(total)} dari {pedoman.maximum}, {band.label}"
    if raw != total and raw is not None:
        head += f" (sebelum pembulatan {_decimal(raw)})"
    short = [f"{item.label} ({'; '.join(item.failing)})" for item in items if item.gain and item.failing]
    waived = [item.label for item in items if item.waived]
    body = f"belum terpenuhi: {', '.join(short)}" if short else "semua butir terpenuhi"
    tail = f"; tidak dipersyaratkan: {', '.join(waived)}" if waived else ""
    return f"{head}: {body}{tail}."


def _lacking(named: Sequence[_Item], band: Band | None, pedoman: Pedoman) -> str:
    if band is None:
        return f"Nilai dahulu: {', '.join(f'{item.label} ({_list(item.blank)})' for item in named)}."
    if not named:
        return ""
    above = pedoman.rekomendasi[band.order]
    wanted = ", ".join(f"{item.label} ({'; '.join(item.fixes)})" for item in named)
    return f"Untuk mencapai {above.label} (skor {above.lower}), penuhi sedikitnya {len(named)} butir: {wanted}."


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)


def _number(score: Fraction | None) -> int | float | None:
    if score is None:
        return None
    return int(score) if score.denominator == 1 else round(float(score), 6)


def _decimal(score: Fraction) -> str:
    return f"{float(score):.2f}".rstrip("0").rstrip(".").replace(".", ",")
