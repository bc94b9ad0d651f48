"""What must hold in the review of a proposal, and how Data Penilaian rests on it (III.A.2, III.B)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from validation.contract import fold, lists
from validation.facts import Facts
from validation.rules import detail, label, rule
from validation.rules_daur import among, filled, first_of_partner, joined, needs, of_partner, shown

#: Months that a search of the media may be older than the assessment.
_FRESH = 6


def _lacking_criteria(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Criteria for the choice of a partner that no row of the partnership answers, in its first row."""
    parts = []
    for item in lists()["kriteria_mitra"]:
        answered = frame[filled(frame, f"kriteria_{item.code}")]
        parts.append((item.label, first_of_partner(frame) & ~among(frame, answered)))
    return joined(parts, frame.index)


@rule("TL-01")
def the_choice_is_reasoned(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _lacking_criteria(frame, facts).eq("")


@detail("TL-01")
def _criteria(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _lacking_criteria(frame, facts)


def _reputation(frame: pd.DataFrame) -> pd.Series:
    return frame["aspek"].eq(label("analisis_usulan", "2"))


def assessed(frame: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """The assessments of the partner of each row of `frame`, newest last: `row`, `tanggal`, and what they came to."""
    names = of_partner(frame, facts, "nama_lembaga").map(lambda name: fold(str(name)), na_action="ignore")
    whose = pd.DataFrame({"row": frame.index, "_file": frame["_file"], "name": names.astype(object)}).dropna()
    rows = facts.rows("data_penilaian")
    made = pd.DataFrame(
        {
            "_file": rows["_file"].astype("int64"),
            "name": rows["nama_lembaga"].map(lambda name: fold(str(name)), na_action="ignore").astype(object),
            "tanggal": pd.to_datetime(rows["tanggal_penilaian"]),
            "staf": rows["staf_penilai"],
            "mengetahui": rows["mengetahui"],
            "rekomendasi": rows.get("rekomendasi_aturan"),
        }
    ).dropna(subset=["name", "tanggal"])
    return whose.merge(made, on=["_file", "name"]).sort_values("tanggal", kind="stable")


def _assessment_day(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return pd.to_datetime(assessed(frame, facts).groupby("row")["tanggal"].max().reindex(frame.index))


@rule("TL-03")
def media_search_is_recent(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    oldest = _assessment_day(frame, facts) - pd.DateOffset(months=_FRESH)
    return ~_reputation(frame) | ~(frame["tanggal_sumber"] < oldest)


@detail("TL-03")
def _assessed_on(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(_assessment_day(frame, facts))


needs("TL-03:kosong", "tanggal_sumber", _reputation)


def _critical(frame: pd.DataFrame) -> pd.Series:
    return frame["berat"].eq(label("berat_temuan", "kritis"))


@rule("TL-04")
def critical_findings_are_cleared(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    clearance = [filled(frame, column) for column in ("ditutup_oleh", "tanggal_ditutup", "dasar_penutupan")]
    return ~_critical(frame) | pd.concat(clearance, axis=1).all(axis=1)


@rule("TL-04:penutup")
def the_approver_clears(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The person in Mengetahui of one of the partner's assessments, who did not assess it (A-8).

    While no assessment names an approver, nobody who assessed the partner may clear.
    """
    signers: defaultdict[Any, set[tuple[str, str]]] = defaultdict(set)
    for row, *names in assessed(frame, facts)[["row", "staf", "mengetahui"]].itertuples(index=False):
        assessor, approver = ("" if pd.isna(name) else fold(str(name)) for name in names)
        signers[row].add((assessor, approver))
    closers = frame["ditutup_oleh"].map(lambda name: fold(str(name)), na_action="ignore")
    may = [pd.isna(closer) or _may_clear(closer, signers[row]) for row, closer in closers.items()]
    return ~_critical(frame) | pd.Series(may, frame.index, dtype=bool)


def _may_clear(closer: str, signers: set[tuple[str, str]]) -> bool:
    """Whether the closer approved an assessment that is not their own; `signers` are assessor and approver of each."""
    if not any(approver for _, approver in signers):
        return all(assessor != closer for assessor, _ in signers)
    return any(assessor != closer == approver for assessor, approver in signers)


@rule("TL-04:urutan")
def cleared_after_it_was_found(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_ditutup"] < frame["tanggal"])


needs(
    "TL-06",
    "temuan",
    lambda frame: filled(frame, "berat") & frame["berat"].ne(label("berat_temuan", "tidak_ada")),
)


@rule("DP-20")
def a_bad_reputation_stands_in_the_review(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Reputation judged against the partner needs its critical finding in Telaah, where alone it is settled (A-8)."""
    bad = frame["kisi_kisi"].eq(label("kisi_kisi", "2.2")) & frame["relevansi"].eq(label("relevansi", "tidak_relevan"))
    review = facts.rows("telaah")
    return ~bad | _in_review(frame, facts, review[_critical(review)])


@rule("TL-02")
def a_scored_record_has_a_source(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """A positive answer to Rekam Jejak needs a source in Telaah (rows of Data Penilaian, III.B.2a)."""
    positive = (
        frame["kisi_kisi"].eq(label("kisi_kisi", "2.1"))
        & frame["kelengkapan"].eq(label("kelengkapan", "ada"))
        & frame["relevansi"].eq(label("relevansi", "relevan"))
    )
    review = facts.rows("telaah")
    sourced = review[_reputation(review) & review["sumber"].notna()]
    return ~positive | _in_review(frame, facts, sourced)


def _in_review(frame: pd.DataFrame, facts: Facts, rows: pd.DataFrame) -> pd.Series:
    """Whether the partner of each row of Data Penilaian has one of these rows of Telaah; yes in a file without it."""
    names = of_partner(rows, facts, "nama_lembaga").map(lambda name: fold(str(name)), na_action="ignore")
    known = set(zip(rows["_file"], names, strict=True))
    pairs = zip(frame["_file"], frame["nama_lembaga"].map(lambda name: fold(str(name))), strict=True)
    there = pd.Series([pair in known for pair in pairs], index=frame.index, dtype=bool)
    return there | ~frame["_file"].isin(facts.found.get("telaah", frozenset()))
