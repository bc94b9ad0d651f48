"""What flat facts cannot say: one named function per check, typed frame -> boolean Series (True = it holds).

A rule sees the typed frame of its own table and, through `Facts`, the other tables of the same file. Where a
value is missing the rule holds: the blank is a finding of its own. `DETAILS` gives the words for {rincian}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher

import pandas as pd

from validation.agreed import REPORTS
from validation.contract import fold, lists, tables
from validation.facts import Facts, owner
from validation.regions import provinces_in
from validation.retold import ISSUED, STARTS
from validation.values import npwp_digits, read_rupiah, show_date, show_rupiah

Rule = Callable[[pd.DataFrame, Facts], pd.Series]
#: The files that break a check about a whole table, with the words for {rincian} where it has any.
FileRule = Callable[[Facts], Iterable[int] | Mapping[int, str]]

RULES: dict[str, Rule] = {}
DETAILS: dict[str, Rule] = {}
FILE_RULES: dict[str, FileRule] = {}
#: Required fields that are asked for in some rows only.
ASKED: dict[str, Rule] = {}


def rule(*keys: str) -> Callable[[Rule], Rule]:
    return lambda function: RULES.update(dict.fromkeys(keys, function)) or function


def detail(*keys: str) -> Callable[[Rule], Rule]:
    return lambda function: DETAILS.update(dict.fromkeys(keys, function)) or function


def asked(key: str) -> Callable[[Rule], Rule]:
    return lambda function: ASKED.update({key: function}) or function


def file_rule(key: str) -> Callable[[FileRule], FileRule]:
    return lambda function: FILE_RULES.update({key: function}) or function


def label(codes: str, code: str) -> str:
    return lists()[codes][code].label


def ticked(frame: pd.DataFrame, *columns: str) -> pd.Series:
    """True where any of the ticks is Ya."""
    return frame[list(columns)].eq(True).any(axis=1)


def _ticks(prefix: str) -> list[str]:
    return [f"{prefix}_{item.code}" for item in lists()[prefix]]


# ---- Sampul and Kerja Sama (BAB II) ------------------------------------------------------------------ #


@rule("SP-07")
def ends_after_it_starts(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_selesai"] < frame["tanggal_mulai"])


@detail("SP-07")
def _start(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["tanggal_mulai"].map(lambda day: STARTS.format(isi=show_date(day)), na_action="ignore")


def _planned(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The sum of the plan's costs, beside every row; NaN while one of them is wrong itself, which RK-10 says."""
    sums, plan = facts.total("rencana_kerja", "biaya", frame), facts.rows("rencana_kerja")
    if plan.empty:
        return sums
    wrong = ~plan["biaya status"].isin(("ok", "echo", "blank"))
    wrong |= plan["biaya"].lt(tables()["rencana_kerja"].column("biaya").minimum)
    return sums.mask(owner(frame).isin(owner(plan)[wrong]))


@rule("RK-11:jumlah")
def total_is_sum_of_costs(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~((frame["total_biaya"] - _planned(frame, facts)).abs() >= 1)


@detail("RK-11:jumlah", "KAK-09:selaras")
def _sum_of_costs(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _planned(frame, facts).map(show_rupiah, na_action="ignore")


@rule("GE-02")
def regional_names_a_province(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["tingkat"].ne(label("tingkat_cakupan", "daerah")) | frame["provinsi status"].ne("blank")


@rule("LK-01")
def has_a_scope(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ticked(frame, *_ticks("lingkup"))


@rule("TP-01")
def has_a_type(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ticked(frame, *_ticks("tipe"))


@rule("KS-01")
def has_a_task(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ticked(frame, *_ticks("tugas"))


def _unsupported(frame: pd.DataFrame) -> pd.Series:
    """Codes of the ticked scopes none of whose tasks is ticked, joined."""
    missing = pd.Series("", index=frame.index)
    for scope in lists()["lingkup"]:
        if scope.links:
            lone = ticked(frame, f"lingkup_{scope.code}") & ~ticked(frame, *(f"tugas_{t}" for t in scope.links))
            missing = missing.where(~lone, missing + f" {scope.code}")
    return missing.str.strip()


@rule("LK-02")
def scopes_rest_on_tasks(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _unsupported(frame).eq("") | ~has_a_task(frame, facts)


@rule("MT-08")
def partner_is_registered(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    known = {fold(str(code)) for code in facts.rows("mitra")["kode"].dropna()}
    return frame["kode_mitra"].isna() | frame["kode_mitra"].map(lambda code: fold(str(code)) in known)


@detail("LK-02")
def _scopes_without_task(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _unsupported(frame)


@rule("LK-06")
def joint_research_with_researchers(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    expected = [label("kelas", "2"), label("kelas", "6")]
    return ~ticked(frame, "lingkup_2c") | frame["kelas_lembaga"].isin([*expected, None])


@rule("LK-08")
def cross_sector_has_a_company(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, "lingkup_6") | frame["kelas_lembaga"].isin([label("kelas", "3"), None])


@rule("LK-09")
def international_scope_is_international(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    level = frame["tingkat"]
    scope = ticked(frame, "lingkup_7", "lingkup_7a", "lingkup_7b")
    return ~scope | level.eq(label("tingkat_cakupan", "internasional")) | level.isna()


#: Scopes that touch the cases of children, so that a child-safety risk must have been thought of.
_CASES = ("3", "8a", "8b")


@rule("LK-07:usulan")
def case_work_considers_child_safety(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    risks = facts.rows("matriks_risiko")
    safe = set(owner(risks[risks["jenis_risiko"].eq(_child_safety())]))
    without = frame["_file"].map(facts.kinds).isin(REPORTS)  # a report carries no risks
    return ~ticked(frame, *(f"lingkup_{code}" for code in _CASES)) | owner(frame).isin(safe) | without


@detail("LK-07:usulan")
def _case_scopes(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    chosen = {code: ticked(frame, f"lingkup_{code}") for code in _CASES}
    return pd.DataFrame(chosen).apply(lambda row: ", ".join(code for code in _CASES if row[code]), axis=1)


def _child_safety() -> str:
    return label("jenis_risiko", "keselamatan_anak")


# ---- KAK (III.A.3) ----------------------------------------------------------------------------------- #

_AMOUNT = re.compile(r"(?:Rp\.?|IDR)\s*[\d.,]+(?:\s*(?:ribu|juta|jt|miliar|milyar|triliun))?", re.IGNORECASE)


def _amounts(text: str) -> list[float]:
    readings = (read_rupiah(found.rstrip(".,")) for found in _AMOUNT.findall(text))
    return [reading.value for reading in readings if reading.value is not None]


@rule("KAK-09:selaras")
def financing_names_the_sum(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    sums = _planned(frame, facts)
    amounts = frame["uraian"].map(_amounts, na_action="ignore")
    return pd.Series(
        [
            not isinstance(named, list) or not named or pd.isna(total) or any(abs(n - total) < 1 for n in named)
            for named, total in zip(amounts, sums, strict=True)
        ],
        index=frame.index,
    )


# ---- Rencana Kerja (Lampiran 2) ---------------------------------------------------------------------- #


def _cover_name(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return facts.cover("nama_lembaga", frame)


def _likeness(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """1 for the same name after folding, else how alike the two names are (0 to 1); 1 where one is missing."""
    own, cover = (names.map(fold, na_action="ignore") for names in (frame["nama_lembaga"], _cover_name(frame, facts)))
    other = own.notna() & cover.notna() & own.ne(cover)
    pairs = zip(own[other], cover[other], strict=True)
    alike = pd.Series([SequenceMatcher(None, *pair).ratio() for pair in pairs], own.index[other], dtype=float)
    return alike.reindex(frame.index, fill_value=1.0)


#: From here on two spellings count as one name written carelessly (RK-01: "close spelling W").
_CLOSE = 0.85


@rule("RK-01")
def name_is_the_covers(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _likeness(frame, facts) >= _CLOSE


@rule("RK-01:mirip")
def name_is_spelled_as_on_cover(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _likeness(frame, facts).eq(1) | ~name_is_the_covers(frame, facts)


@detail("RK-01", "RK-01:mirip")
def _name_on_cover(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _cover_name(frame, facts)


def _counted(frame: pd.DataFrame) -> pd.Series:
    return frame.groupby(owner(frame)).cumcount() + 1


@rule("RK-02")
def numbers_run_without_gaps(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["no"].eq(_counted(frame)) | frame["no"].isna()


@detail("RK-02")
def _right_number(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _counted(frame)


def _provinces(frame: pd.DataFrame) -> pd.Series:
    return frame["lokasi"].map(provinces_in, na_action="ignore")


@rule("RK-08:wilayah")
def place_is_known(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["lokasi"].isna() | _provinces(frame).notna()


@rule("RK-08:tingkat")
def place_lies_in_the_province(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    codes = {item.label: item.code for item in lists()["provinsi"]}
    regional = facts.cover("tingkat", frame).eq(label("tingkat_cakupan", "daerah"))
    province = facts.cover("provinsi", frame).map(codes)
    return pd.Series(
        [
            not there or not isinstance(named, frozenset) or not named or pd.isna(code) or code in named
            for there, named, code in zip(regional, _provinces(frame), province, strict=True)
        ],
        index=frame.index,
    )


@detail("RK-08:tingkat")
def _where_it_lies(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _provinces(frame).map(
        lambda codes: ", ".join(label("provinsi", code) for code in sorted(codes)), na_action="ignore"
    )


@rule("RK-09:urutan")
def time_runs_forward(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["waktu_selesai"] < frame["waktu_mulai"])


@detail("RK-09:urutan")
def _time_as_read(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["waktu echo"]


def _inside_term(frame: pd.DataFrame, facts: Facts, column: str) -> pd.Series:
    """True unless a time that runs forward leaves the term on the cover (itself in order)."""
    start = pd.to_datetime(facts.cover("tanggal_mulai", frame))
    end = pd.to_datetime(facts.cover("tanggal_selesai", frame))
    first, last = frame[f"{column}_mulai"], frame[f"{column}_selesai"]
    outside = (first < start) | (last > end)
    return ~outside | (last < first) | (end < start)


@rule("RK-09:jangka")
def time_is_inside_the_term(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _inside_term(frame, facts, "waktu")


@rule("RS-08")
def mitigation_is_inside_the_term(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _inside_term(frame, facts, "kapan")


@detail("RK-09:jangka", "RS-08")
def _term(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    days = [
        facts.cover(name, frame).map(show_date, na_action="ignore").astype(object).fillna("-")
        for name in ("tanggal_mulai", "tanggal_selesai")
    ]
    return days[0] + " s.d. " + days[1]


@rule("RK-12")
def state_money_has_an_account(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["sumber_biaya"].ne(label("sumber_biaya", "apbn_kpai")) | frame["akun"].notna()


def _without_rows(table: str, facts: Facts) -> list[int]:
    return sorted(facts.found.get(table, frozenset()) - set(facts.rows(table)["_file"]))


@file_rule("US-03")
def proposals_without_programme(facts: Facts) -> Iterable[int]:
    return [file for file in _without_rows("rencana_kerja", facts) if facts.kinds[file] == "usulan"]


# ---- Matriks Risiko (III.F) -------------------------------------------------------------------------- #


@file_rule("RS-03")
def risks_without_child_safety(facts: Facts) -> Iterable[int]:
    risks = facts.rows("matriks_risiko")
    safe = risks["jenis_risiko"].eq(_child_safety())
    missing = set(risks["_file"]) - set(risks.loc[safe, "_file"])
    return sorted(file for file in missing if facts.kinds[file] != "induk")  # there: RS-03:induk, by partnership


@rule("RS-06")
def level_is_the_rules(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Compares with `tingkat_aturan`, which the guideline's side adds: a schema computes nothing."""
    level, expected = frame["tingkat_risiko"], frame["tingkat_aturan"]
    return level.isna() | expected.isna() | level.eq(expected)


@detail("RS-06")
def _right_level(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["tingkat_aturan"]


def _grave(frame: pd.DataFrame) -> pd.Series:
    """Risks of level Tinggi or above, and every risk to the safety of children."""
    grave = [label("tingkat_risiko", code) for code in ("4", "5")]
    return frame["tingkat_aturan"].isin(grave) | frame["jenis_risiko"].eq(_child_safety())


def _mitigation_rules() -> None:
    """RS-07: the four mitigation fields, obligatory where the risk is grave, expected elsewhere."""
    for check in tables()["matriks_risiko"].checks:
        if check.code == "RS-07":
            grave, column = check.level == "E", check.column

            def filled(frame: pd.DataFrame, facts: Facts, grave: bool = grave, column: str = column) -> pd.Series:
                return frame[f"{column} status"].ne("blank") | _grave(frame).ne(grave)

            RULES[check.key] = filled


_mitigation_rules()


@rule("RS-09")
def mitigation_is_not_overdue(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    done = frame["status"].eq(label("status_risiko", "selesai"))
    return done | ~(frame["kapan_selesai"] < pd.Timestamp(facts.today))


# ---- Profil dan Bukti (III.B.1) ---------------------------------------------------------------------- #


@rule("BK-02")
def tax_number_has_its_digits(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    tax = frame["dokumen"].map(fold, na_action="ignore").eq(fold(label("dokumen_bukti", "npwp")))
    numbers = frame.loc[tax & frame["nomor"].notna(), "nomor"]
    return numbers.map(npwp_digits).notna().reindex(frame.index, fill_value=True)


@rule("BK-03")
def valid_after_issue(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["berlaku_sampai"] < frame["tanggal_terbit"])


@detail("BK-03")
def _issued(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["tanggal_terbit"].map(lambda day: ISSUED.format(isi=show_date(day)), na_action="ignore")


@rule("BK-04")
def document_is_valid_today(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["berlaku_sampai"] < pd.Timestamp(facts.today))


@rule("BK-05")
def issued_in_the_past(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_terbit"] > pd.Timestamp(facts.today))


# ---- Indikator (IV.C.3) ------------------------------------------------------------------------------ #


@rule("IN-01")
def agreed_before_the_start(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    start = pd.to_datetime(facts.cover("tanggal_mulai", frame))
    return ~(frame["tanggal_disepakati"] > start)


@detail("IN-01")
def _starts(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    start = facts.cover("tanggal_mulai", frame)
    return start.map(lambda day: STARTS.format(isi=show_date(day)), na_action="ignore")


@rule("IN-04")
def children_are_counted_whole(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    counted = frame["jenis"].eq(label("jenis_indikator", "anak_dilayani"))
    return ~counted | frame["target"].isna() | (frame["target"].ge(0) & frame["target"].mod(1).eq(0))
