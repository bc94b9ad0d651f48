"""What must hold in reports (IV.D and IV.E): against themselves, and against what was agreed in the master."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from validation.agreed import agreed, files_with, folded, series, spans, terms_of, whose
from validation.contract import lists
from validation.facts import Facts, owner
from validation.periods import Span, show_period
from validation.retold import CODED, NUMBERED, WITHOUT
from validation.rules import detail, file_rule, rule
from validation.values import show_date, show_rupiah

# ---- periods ------------------------------------------------------------------------------------------ #


def _outside(frame: pd.DataFrame, facts: Facts) -> list[bool]:
    """Whether the period has no day in common with the term."""
    pairs = zip(spans(frame, facts), terms_of(frame, facts), strict=True)
    return [
        span is not None and (pd.Timestamp(span[0]) > end or pd.Timestamp(span[1]) < start)
        for span, (start, end) in pairs
    ]


def _term_shown(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    terms = terms_of(frame, facts)
    return series((" s.d. ".join("-" if pd.isna(day) else show_date(day) for day in term) for term in terms), frame)


def _early(frame: pd.DataFrame, facts: Facts) -> list[bool]:
    return [span is not None and span[0] > facts.today for span in spans(frame, facts)]


def _about_period(
    broken: Callable[[pd.DataFrame, Facts], list[bool]], words: Callable[[pd.DataFrame, Facts], pd.Series]
) -> Callable[[Facts], Mapping[int, str]]:
    """A question about the period as a rule over whole progress reports."""

    def files(facts: Facts) -> Mapping[int, str]:
        frame = files_with("laporan_kemajuan", facts, "kemajuan")
        rows = zip(frame["_file"], broken(frame, facts), words(frame, facts), strict=True)
        return {file: detail for file, off, detail in rows if off}

    return files


def _span_shown(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return series(("" if span is None else show_period(span) for span in spans(frame, facts)), frame)


file_rule("LP-02:jangka")(_about_period(_outside, _term_shown))
file_rule("LP-04:periode")(_about_period(_early, _span_shown))
rule("LP-02:jangka_induk")(lambda frame, facts: ~series(_outside(frame, facts), frame).astype(bool))
rule("LP-04:periode_induk")(lambda frame, facts: ~series(_early(frame, facts), frame).astype(bool))
detail("LP-02:jangka_induk")(_term_shown)


@file_rule("LP-02")
def reports_without_period(facts: Facts) -> Iterable[int]:
    frame = files_with("laporan_kemajuan", facts, "kemajuan")
    return [file for file, span in zip(frame["_file"], spans(frame, facts), strict=True) if span is None]


@file_rule("LP-02:tutup")
def reports_after_the_final_one(facts: Facts) -> Iterable[int]:
    """New periods of a partnership whose final report the master holds; those it holds already are no news."""
    closed = set(agreed("laporan_pelaksanaan", facts)["_whose"])
    taken = agreed("laporan_kemajuan", facts)
    known = set(zip(taken["_whose"], taken["periode"].map(folded), strict=True))
    frame = files_with("laporan_kemajuan", facts, "kemajuan")
    rows = zip(frame["_file"], whose(frame, facts), strict=True)
    return [file for file, who in rows if who in closed and (who, folded(facts.periods.get(file))) not in known]


# ---- Laporan Kemajuan (IV.D.1) ------------------------------------------------------------------------ #


def _strangers(table: str, kind: str) -> Callable[[Facts], Mapping[int, str]]:
    def files(facts: Facts) -> Mapping[int, str]:
        if not facts.agreed:
            return {}
        known = set(agreed("kerja_sama", facts)["_whose"])
        frame = files_with(table, facts, kind)
        rows = zip(frame["_file"], whose(frame, facts), strict=True)
        named = {file: facts.codes.get(file, "") for file, who in rows if who not in known}
        return {file: CODED.format(isi=code) if code else "" for file, code in named.items()}

    return files


file_rule("LP-03:asing")(_strangers("laporan_kemajuan", "kemajuan"))
file_rule("LP-03:asing_akhir")(_strangers("laporan_akhir", "akhir"))


def _plan(facts: Facts) -> pd.DataFrame:
    """The agreed programmes, by partnership and number, each once."""
    plan = agreed("rencana_kerja", facts)
    return plan[plan["no"].notna()].drop_duplicates(["_whose", "no"]).set_index(["_whose", "no"])


def _planned(frame: pd.DataFrame, facts: Facts, column: str) -> pd.Series:
    """What was agreed for the programme of every row; NaN where nothing was."""
    plan = _plan(facts)[column].to_dict()
    return series((plan.get(pair) for pair in zip(whose(frame, facts), frame["no"], strict=True)), frame)


@file_rule("LP-01:baris")
def reports_without_programme(facts: Facts) -> Iterable[int]:
    filled = set(facts.rows("laporan_kemajuan")["_file"])
    return [file for file in files_with("laporan_kemajuan", facts, "kemajuan")["_file"] if file not in filled]


@rule("LP-03")
def programme_was_agreed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    plan = set(_plan(facts).index)
    planned = {who for who, _ in plan}
    pairs = zip(whose(frame, facts), frame["no"], strict=True)
    return series((pd.isna(no) or who not in planned or (who, no) in plan for who, no in pairs), frame)


@detail("LP-03")
def _number_by_name(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The number under which the programme of this name was agreed, where there is exactly one."""
    plan = _plan(facts).reset_index()
    names = plan["nama_program"].map(folded)
    known = plan.assign(_name=names)[~pd.DataFrame({"who": plan["_whose"], "name": names}).duplicated(keep=False)]
    numbers = {(who, name): no for who, name, no in zip(known["_whose"], known["_name"], known["no"], strict=True)}
    asked = zip(whose(frame, facts), frame["nama_program"].map(folded), strict=True)
    found = (numbers.get(pair) if pair[1] else None for pair in asked)
    return series(("" if no is None else NUMBERED.format(isi=f"{no:g}") for no in found), frame)


@rule("LP-03:ulang")
def programme_is_reported_once(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    keys = pd.DataFrame({"owner": owner(frame), "period": frame["periode"].map(folded), "no": frame["no"]})
    return ~keys.duplicated() | frame["no"].isna()


@file_rule("LP-03:hilang")
def programmes_not_reported(facts: Facts) -> Mapping[int, str]:
    rows = facts.rows("laporan_kemajuan")
    reported = set(zip(rows["_file"], pd.to_numeric(rows["no"]), strict=True))
    plan = sorted(_plan(facts).index)
    frame = files_with("laporan_kemajuan", facts, "kemajuan")
    missing = {
        file: [f"{no:g}" for who, no in plan if who == mine and (file, no) not in reported]
        for file, mine in zip(frame["_file"], whose(frame, facts), strict=True)
    }
    filled = set(rows["_file"])
    return {file: ", ".join(numbers) for file, numbers in missing.items() if numbers and file in filled}


@rule("LP-03:nama")
def programme_keeps_its_name(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    wanted = _planned(frame, facts, "nama_program")
    return wanted.isna() | frame["nama_program"].isna() | frame["nama_program"].map(folded).eq(wanted.map(folded))


@detail("LP-03:nama")
def _agreed_name(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _planned(frame, facts, "nama_program")


def _agreed_cost(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return pd.to_numeric(_planned(frame, facts, "biaya"))


@rule("LP-03:biaya")
def cost_is_the_agreed_one(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~((frame["biaya"] - _agreed_cost(frame, facts)).abs() >= 1)


@detail("LP-03:biaya")
def _agreed_cost_shown(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _agreed_cost(frame, facts).map(show_rupiah, na_action="ignore")


def _cost(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _agreed_cost(frame, facts).fillna(frame["biaya"])


@rule("LP-05:lebih")
def spent_no_more_than_agreed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["realisasi_biaya"] - _cost(frame, facts) >= 1)


@detail("LP-05:lebih")
def _cost_shown(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _cost(frame, facts).map(show_rupiah, na_action="ignore")


@rule("LP-04")
def work_has_begun(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["waktu_pelaksanaan_mulai"] > pd.Timestamp(facts.today))


@rule("LP-04:urutan")
def work_runs_forward(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["waktu_pelaksanaan_selesai"] < frame["waktu_pelaksanaan_mulai"])


@rule("LP-04:masa")
def work_lies_in_the_period(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    starts, ends = frame["waktu_pelaksanaan_mulai"], frame["waktu_pelaksanaan_selesai"]
    rows = zip(starts, ends, spans(frame, facts), strict=True)
    return series(
        (
            span is None or end < start or not (start < pd.Timestamp(span[0]) or end > pd.Timestamp(span[1]))
            for start, end, span in rows
        ),
        frame,
    )


detail("LP-04:masa")(_span_shown)


# ---- Umpan Balik (IV.D.1) ----------------------------------------------------------------------------- #


@rule("UB-04:depan")
def feedback_is_in_the_past(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal"] > pd.Timestamp(facts.today))


def _feedback(facts: Facts) -> dict[tuple[object, int], set[str]]:
    """The sources of feedback by partnership (a file without code stands for itself) and year."""
    given: dict[tuple[object, int], set[str]] = {}
    for rows in (facts.rows("umpan_balik"), agreed("umpan_balik", facts)):
        who = rows["_whose"] if "_whose" in rows else _or_file(rows, facts)
        for key, span, day, source in zip(who, spans(rows, facts), rows["tanggal"], rows["sumber"], strict=True):
            year = span[0].year if span else day.year if pd.notna(day) else 0
            given.setdefault((key, year), set()).add(source)
    return given


def _or_file(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    known = whose(frame, facts)
    return known.where(known.ne(""), frame["_file"])


@file_rule("UB-01")
def years_without_both_sources(facts: Facts) -> Mapping[int, str]:
    """Asked of the report that ends a year, and of every past year in a master."""
    given = _feedback(facts)
    frame = files_with("umpan_balik", facts, "kemajuan")
    rows = zip(frame["_file"], _or_file(frame, facts), spans(frame, facts), strict=True)
    asked_for = [(file, who, span[1].year) for file, who, span in rows if span and _ends_a_year(span)]
    for file in files_with("umpan_balik", facts, "induk")["_file"]:
        years = [(who, year) for who, year in given if str(who).startswith(f"{file}|")]
        asked_for += [(file, who, year) for who, year in years if 0 < year < facts.today.year]
    lacking: dict[int, list[str]] = {}
    for file, who, year in asked_for:
        absent = [one for one in lists()["sumber_umpan_balik"].labels if one not in given.get((who, year), ())]
        whom = f" ({str(who).partition('|')[2].upper()})" if "|" in str(who) else ""
        if absent:
            lacking.setdefault(file, []).append(WITHOUT.format(isi=f"{year}{whom}", sumber=" dan ".join(absent)))
    return {file: "; ".join(words) for file, words in lacking.items()}


def _ends_a_year(span: Span) -> bool:
    return (span[1].month, span[1].day) == (12, 31)


# ---- Laporan Akhir (IV.D.2) --------------------------------------------------------------------------- #


def _last_days(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return pd.to_datetime(series((end for _, end in terms_of(frame, facts)), frame))


def _made_after_the_end(column: str) -> Callable[[pd.DataFrame, Facts], pd.Series]:
    return lambda frame, facts: ~(frame[column] < _last_days(frame, facts))


rule("LA-07")(_made_after_the_end("tanggal_laporan"))
rule("LA-07:induk")(_made_after_the_end("tanggal_diterima"))


@detail("LA-07", "LA-07:induk")
def _ends(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _last_days(frame, facts).map(show_date, na_action="ignore")


@rule("LA-07:depan")
def final_report_is_in_the_past(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_laporan"] > pd.Timestamp(facts.today))


def _budget(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """What the agreed programmes cost together; without a master the total on the cover."""
    plan = agreed("rencana_kerja", facts)
    sums = pd.to_numeric(plan["biaya"]).groupby(plan["_whose"]).sum(min_count=1).to_dict()
    agreed_sum = pd.to_numeric(series((sums.get(who) for who in whose(frame, facts)), frame))
    return agreed_sum.fillna(pd.to_numeric(facts.cover("total_biaya", frame)))


@rule("LA-08", "LA-08:induk")
def used_no_more_than_agreed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["total_realisasi"] - _budget(frame, facts) >= 1)


@rule("LA-08:sisa")
def used_all_that_was_agreed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(_budget(frame, facts) - frame["total_realisasi"] >= 1)


@detail("LA-08", "LA-08:induk", "LA-08:sisa")
def _budget_shown(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _budget(frame, facts).map(show_rupiah, na_action="ignore")


# ---- Pembelajaran (IV.E) ------------------------------------------------------------------------------ #


@rule("PB-02")
def real_change_names_its_level(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["jenis"].ne(lists()["jenis_pembelajaran"]["a"].label) | frame["tingkat_perubahan status"].ne("blank")


def _consent(column: str) -> Callable[[pd.DataFrame, Facts], pd.Series]:
    return lambda frame, _: ~frame["publikasi"].eq(True) | frame[f"{column} status"].ne("blank")


rule("DT-02")(_consent("izin_kpai"))
rule("DT-02:tanggal_kpai")(_consent("tanggal_izin_kpai"))
rule("DT-02:mitra")(_consent("izin_mitra"))
rule("DT-02:tanggal_mitra")(_consent("tanggal_izin_mitra"))
