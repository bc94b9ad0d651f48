"""What must hold while a partnership runs, changes and ends: activities, monitoring, evaluation, disputes (IV)."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from validation.agreed import terms_of
from validation.contract import fold
from validation.facts import Facts, owner
from validation.periods import DECISION_DAYS
from validation.rules import detail, label, rule, ticked
from validation.rules_daur import (
    among,
    filled,
    is_party,
    is_past,
    latest,
    needs,
    of_partner,
    reached,
    shown,
    signed_on,
    ticks,
)
from validation.values import show_date

# ---- Kegiatan (III.E) --------------------------------------------------------------------------------- #


@rule("KG-01")
def activities_follow_the_signing(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    signed = signed_on(frame, facts)
    return frame["tanggal_realisasi"].isna() | (signed.notna() & ~(frame["tanggal_realisasi"] < signed))


@detail("KG-01")
def _signing(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    words = shown(signed_on(frame, facts)).map("sebelum naskah ditandatangani {}".format, na_action="ignore")
    return words.astype(object).fillna("padahal belum ada naskah yang ditandatangani")


@rule("KG-01:depan")
def activities_lie_in_the_past(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return is_past(frame, "tanggal_realisasi", facts)


@rule("KG-02")
def activities_belong_to_a_programme(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    plan = facts.rows("rencana_kerja")
    known = set(zip(owner(plan), pd.to_numeric(plan["no"]), strict=True))
    pairs = zip(owner(frame), frame["no_program"], strict=True)
    return pd.Series([pd.isna(number) or (who, number) in known for who, number in pairs], index=frame.index)


@rule("KG-03")
def activity_ends_after_it_starts(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["rencana_selesai"] < frame["rencana_mulai"])


@rule("KG-05")
def finished_activities_have_a_date(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["status_kegiatan"].ne(label("status_kegiatan", "selesai")) | filled(frame, "tanggal_realisasi")


# ---- Monitoring (IV.B) -------------------------------------------------------------------------------- #


def _without_visit(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The first whole interval of a running partnership in which nobody monitored, in words; None for none."""
    visits = facts.rows("monitoring")
    days: dict[str, list[pd.Timestamp]] = defaultdict(list)
    for who, day in zip(owner(visits), visits["tanggal"], strict=True):
        days[who].append(day)
    usual = int(str(facts.settings.get("A-33b", 6)))
    until = pd.Timestamp(facts.today)
    terms = zip(owner(frame), frame["tanggal_mulai"], frame["tanggal_selesai"], frame["selang_monitoring"], strict=True)
    missed = [
        _missed(start, min(end, until), int(months) if months > 0 else usual, days[who])
        for who, start, end, months in terms
    ]
    running = signed_on(frame, facts).notna() | reached(frame, "pelaksanaan")
    return pd.Series(missed, index=frame.index, dtype=object).where(running, None)


def _missed(start: pd.Timestamp, until: pd.Timestamp, months: int, visits: list[pd.Timestamp]) -> str | None:
    if pd.isna(start) or pd.isna(until):
        return None
    step = 0
    while (after := start + pd.DateOffset(months=(step + 1) * months)) - pd.Timedelta(days=1) < until:
        first = start + pd.DateOffset(months=step * months)
        if not any(first <= day < after for day in visits):
            return f"{show_date(first.date())} s.d. {show_date((after - pd.Timedelta(days=1)).date())}"
        step += 1
    return None


@rule("MN-01")
def every_period_is_monitored(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _without_visit(frame, facts).isna()


@detail("MN-01")
def _period(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _without_visit(frame, facts)


needs("MN-02", "tindak_lanjut", lambda frame: filled(frame, "kendala"))


@rule("MN-04:depan")
def monitoring_lies_in_the_past(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return is_past(frame, "tanggal", facts)


@rule("MN-05")
def follow_up_comes_after(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["batas_waktu"] < frame["tanggal"])


@rule("MN-06")
def follow_up_is_not_overdue(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    done = frame["status_tindak_lanjut"].eq(label("status_tindak_lanjut", "selesai"))
    return done | ~(frame["batas_waktu"] < pd.Timestamp(facts.today))


@detail("MN-06")
def _until(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(frame["batas_waktu"])


# ---- Evaluasi (IV.C) ---------------------------------------------------------------------------------- #


def _term(frame: pd.DataFrame, facts: Facts) -> tuple[pd.Series, pd.Series]:
    """First and last day of each row's partnership, an extension included."""
    start, end = zip(*terms_of(frame, facts), strict=True) if len(frame) else ((), ())
    return pd.to_datetime(pd.Series(start, frame.index)), pd.to_datetime(pd.Series(end, frame.index))


def _of_kind(frame: pd.DataFrame, kind: str) -> pd.Series:
    return frame["jenis_evaluasi"].eq(label("jenis_evaluasi", kind))


def _share_of_term(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    start, end = _term(frame, facts)
    return 100 * (frame["tanggal"] - start) / (end - start).where(end > start)


@rule("EV-04")
def formative_means_in_the_middle(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    share = _share_of_term(frame, facts)
    return ~_of_kind(frame, "formatif") | share.isna() | share.between(25, 75)


@detail("EV-04")
def _share(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _share_of_term(frame, facts).map("{:.0f}".format, na_action="ignore")


@rule("EV-05")
def summative_means_after_the_end(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_of_kind(frame, "sumatif") | ~(frame["tanggal"] < _term(frame, facts)[1])


@detail("EV-05")
def _ends(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(_term(frame, facts)[1])


def _independent(frame: pd.DataFrame) -> pd.Series:
    return frame["pelaksana"].eq(label("pelaksana_evaluasi", "independen"))


@rule("EV-06")
def independent_means_no_party(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_independent(frame) | ~is_party(frame, facts, "nama_evaluator")


needs("EV-06:kosong", "nama_evaluator", _independent)


def _in_programme(frame: pd.DataFrame, rows: pd.DataFrame, column: str) -> pd.Series:
    """Whether rows of Indikator exist for the programme of each row of Rencana Kerja."""
    known = set(zip(owner(rows), pd.to_numeric(rows[column]), strict=True))
    pairs = zip(owner(frame), frame["no"], strict=True)
    return pd.Series([pair in known for pair in pairs], index=frame.index, dtype=bool)


@rule("EV-01")
def programmes_have_an_indicator(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """In the master, from the drafting of the document on: the matrix is what evaluation rests on."""
    asked = frame[among(frame, facts.rows("naskah")) & frame["no"].notna()]
    return _in_programme(asked, facts.rows("indikator"), "no_program").reindex(frame.index, fill_value=True)


@rule("EV-01:hasil")
def programmes_have_a_result_at_the_end(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    indicators = facts.rows("indikator")
    results = indicators[indicators["realisasi"].notna()]
    drafted = frame[among(frame, facts.rows("naskah"))]
    asked = (_term(drafted, facts)[1] < pd.Timestamp(facts.today)) & _in_programme(drafted, indicators, "no_program")
    lacking = asked & ~_in_programme(drafted, results, "no_program")
    return ~lacking.reindex(frame.index, fill_value=False)


# ---- Perubahan (IV.F.1, IV.F.4) ----------------------------------------------------------------------- #


def _consented(frame: pd.DataFrame) -> pd.Series:
    return frame["persetujuan_kpai"].eq(True) & frame["persetujuan_mitra"].eq(True)


def _revised(frame: pd.DataFrame) -> pd.Series:
    return filled(frame, "versi_baru")


needs("PU-03", "persetujuan_kpai", _revised)
needs("PU-03:mitra", "persetujuan_mitra", _revised)
needs("PU-04", "versi_baru", _consented)
needs("PU-04:matriks", "matriks_diperiksa", _revised)


@rule("PU-06")
def the_register_has_the_new_name(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    register = of_partner(frame, facts, "nama_lembaga")
    pairs = zip(frame["nama_baru"], register, strict=True)
    return pd.Series(
        [pd.isna(new) or pd.isna(known) or fold(str(new)) == fold(str(known)) for new, known in pairs],
        index=frame.index,
    )


@detail("PU-06")
def _registered(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return of_partner(frame, facts, "nama_lembaga")


# ---- Sengketa (IV.F.2-3) ------------------------------------------------------------------------------ #


def _beyond_musyawarah(frame: pd.DataFrame) -> pd.Series:
    return filled(frame, "cara_lanjutan") | filled(frame, "tanggal_lanjutan") | filled(frame, "tanggal_selesai")


needs("SG-02", "tanggal_musyawarah", _beyond_musyawarah)


@rule("SG-02:urutan")
def musyawarah_follows_the_problem(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_musyawarah"] < frame["tanggal"])


@rule("SG-03")
def further_steps_follow_musyawarah(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_lanjutan"] < frame["tanggal_musyawarah"])


@detail("SG-03")
def _musyawarah(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(frame["tanggal_musyawarah"])


@rule("SG-03:cara")
def musyawarah_is_no_further_step(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["cara_lanjutan"].ne(label("cara_sengketa", "musyawarah"))


@rule("SG-04")
def third_parties_are_neutral(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~is_party(frame, facts, "pihak_ketiga")


needs(
    "SG-04:kosong",
    "pihak_ketiga",
    lambda frame: frame["cara_lanjutan"].eq(label("cara_sengketa", "pihak_ketiga")),
)


def _last_step(frame: pd.DataFrame) -> pd.Series:
    return latest(frame, ["tanggal", "tanggal_musyawarah", "tanggal_lanjutan"])


@rule("SG-05")
def settled_after_every_step(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_selesai"] < _last_step(frame))


@detail("SG-05")
def _last(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(_last_step(frame))


needs("SG-06", "hasil", lambda frame: filled(frame, "tanggal_selesai"))

# ---- Perpanjangan (IV.G) ------------------------------------------------------------------------------ #


@rule("PJ-01")
def the_end_is_decided_in_time(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    near = frame["tanggal_selesai"] <= pd.Timestamp(facts.today) + pd.Timedelta(days=DECISION_DAYS)
    in_force = signed_on(frame, facts).notna() | reached(frame, "pelaksanaan")
    return ~near | ~in_force | among(frame, facts.rows("perpanjangan"))


@rule("PJ-02")
def decided_after_an_evaluation(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return among(frame, facts.rows("evaluasi"))


def _extended(frame: pd.DataFrame) -> pd.Series:
    return frame["keputusan"].eq(label("keputusan_perpanjangan", "diperpanjang"))


@rule("PJ-04")
def an_extension_has_a_strategy(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_extended(frame) | ticked(frame, *ticks(frame, "strategi"))


@rule("PJ-04:arah")
def an_extension_has_a_direction(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_extended(frame) | ticked(frame, *ticks(frame, "arah"))


needs("PJ-05:kosong", "tanggal_selesai_baru", _extended)


@rule("PJ-05")
def extended_beyond_the_decision(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_selesai_baru"] <= frame["tanggal_keputusan"])


@detail("PJ-05")
def _decided(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(frame["tanggal_keputusan"])
