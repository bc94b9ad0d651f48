"""What flat facts cannot say: one named function per check, typed frame -> boolean Series (True = it holds).

A rule sees the typed frame of its own table and, through `Facts`, the other tables of the same file. Where a
value is missing the rule holds: the blank is a finding of its own. `DETAILS` gives the words for {rincian}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher

import pandas as pd

from validation.contract import fold, lists, tables
from validation.facts import Facts, owner
from validation.regions import provinces_in
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


def _label(codes: str, code: str) -> str:
    return lists()[codes][code].label


def _ticked(frame: pd.DataFrame, *columns: str) -> pd.Series:
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
    return frame["tanggal_mulai"].map(lambda day: f" Tanggal Mulai: {show_date(day)}.", na_action="ignore")


@rule("RK-11:jumlah")
def total_is_sum_of_costs(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    sums = facts.total("rencana_kerja", "biaya", frame)
    return ~((frame["total_biaya"] - sums).abs() >= 1)


@detail("RK-11:jumlah", "KAK-09:selaras")
def _sum_of_costs(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return facts.total("rencana_kerja", "biaya", frame).map(show_rupiah, na_action="ignore")


@rule("GE-02")
def regional_names_a_province(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["tingkat"].ne(_label("tingkat_cakupan", "daerah")) | frame["provinsi status"].ne("blank")


@rule("LK-01")
def has_a_scope(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _ticked(frame, *_ticks("lingkup"))


@rule("TP-01")
def has_a_type(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _ticked(frame, *_ticks("tipe"))


@rule("KS-01")
def has_a_task(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _ticked(frame, *_ticks("tugas"))


def _unsupported(frame: pd.DataFrame) -> pd.Series:
    """Codes of the ticked scopes none of whose tasks is ticked, joined."""
    missing = pd.Series("", index=frame.index)
    for scope in lists()["lingkup"]:
        if scope.links:
            lone = _ticked(frame, f"lingkup_{scope.code}") & ~_ticked(frame, *(f"tugas_{t}" for t in scope.links))
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
    expected = [_label("kelas", "2"), _label("kelas", "6")]
    return ~_ticked(frame, "lingkup_2c") | frame["kelas_lembaga"].isin([*expected, None])


@rule("LK-08")
def cross_sector_has_a_company(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_ticked(frame, "lingkup_6") | frame["kelas_lembaga"].isin([_label("kelas", "3"), None])


@rule("LK-09")
def international_scope_is_international(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    level = frame["tingkat"]
    scope = _ticked(frame, "lingkup_7", "lingkup_7a", "lingkup_7b")
    return ~scope | level.eq(_label("tingkat_cakupan", "internasional")) | level.isna()


#: Scopes that touch the cases of children, so that a child-safety risk must have been thought of.
_CASES = ("3", "8a", "8b")


@rule("LK-07:usulan")
def case_work_considers_child_safety(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    risks = facts.rows("matriks_risiko")
    safe = set(owner(risks[risks["jenis_risiko"].eq(_child_safety())]))
    without = frame["_file"].map(facts.kinds).isin(["kemajuan", "akhir"])  # a report carries no risks
    return ~_ticked(frame, *(f"lingkup_{code}" for code in _CASES)) | owner(frame).isin(safe) | without


@detail("LK-07:usulan")
def _case_scopes(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    ticked = {code: _ticked(frame, f"lingkup_{code}") for code in _CASES}
    return pd.DataFrame(ticked).apply(lambda row: ", ".join(code for code in _CASES if row[code]), axis=1)


def _child_safety() -> str:
    return _label("jenis_risiko", "keselamatan_anak")


# ---- KAK (III.A.3) ----------------------------------------------------------------------------------- #

_AMOUNT = re.compile(r"(?:Rp\.?|IDR)\s*[\d.,]+(?:\s*(?:ribu|juta|jt|miliar|milyar|triliun))?", re.IGNORECASE)


def _amounts(text: str) -> list[float]:
    readings = (read_rupiah(found.rstrip(".,")) for found in _AMOUNT.findall(text))
    return [reading.value for reading in readings if reading.value is not None]


@rule("KAK-09:selaras")
def financing_names_the_sum(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    sums = facts.total("rencana_kerja", "biaya", frame)
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
    pairs = zip(frame["nama_lembaga"], _cover_name(frame, facts), strict=True)
    return pd.Series(
        [1.0 if pd.isna(a) or pd.isna(b) else SequenceMatcher(None, fold(a), fold(b)).ratio() for a, b in pairs],
        index=frame.index,
    )


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
    regional = facts.cover("tingkat", frame).eq(_label("tingkat_cakupan", "daerah"))
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
        lambda codes: ", ".join(_label("provinsi", code) for code in sorted(codes)), na_action="ignore"
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
    return frame["sumber_biaya"].ne(_label("sumber_biaya", "apbn_kpai")) | frame["akun"].notna()


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
    grave = [_label("tingkat_risiko", code) for code in ("4", "5")]
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
    done = frame["status"].eq(_label("status_risiko", "selesai"))
    return done | ~(frame["kapan_selesai"] < pd.Timestamp(facts.today))


# ---- Profil dan Bukti (III.B.1) ---------------------------------------------------------------------- #


@rule("BK-02")
def tax_number_has_its_digits(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    tax = frame["dokumen"].map(fold, na_action="ignore").eq(fold(_label("dokumen_bukti", "npwp")))
    return ~tax | frame["nomor"].isna() | frame["nomor"].map(npwp_digits, na_action="ignore").notna()


@rule("BK-03")
def valid_after_issue(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["berlaku_sampai"] < frame["tanggal_terbit"])


@detail("BK-03")
def _issued(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["tanggal_terbit"].map(lambda day: f" Tanggal Terbit: {show_date(day)}.", na_action="ignore")


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
    return start.map(lambda day: f" Tanggal Mulai: {show_date(day)}.", na_action="ignore")


@rule("IN-04")
def children_are_counted_whole(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    counted = frame["jenis"].eq(_label("jenis_indikator", "anak_dilayani"))
    return ~counted | frame["target"].isna() | (frame["target"].ge(0) & frame["target"].mod(1).eq(0))


# ---- Data Penilaian (Lampiran 3) --------------------------------------------------------------------- #


def assessment(frame: pd.DataFrame) -> pd.Series:
    """Which assessment a row belongs to: file, partner and date."""
    names = frame["nama_lembaga"].map(fold, na_action="ignore").astype(object).fillna("")
    return frame["_file"].astype(str) + "|" + names + "|" + frame["tanggal_penilaian"].astype(str)


@rule("DP-01:mitra")
def assessed_partner_is_registered(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    register = facts.rows("mitra")
    with_register = set(register["_file"])
    known = set(zip(register["_file"], register["nama_lembaga"].map(fold, na_action="ignore"), strict=True))
    names = frame["nama_lembaga"].map(fold, na_action="ignore")
    pairs = zip(frame["_file"], names, strict=True)
    return pd.Series(
        [file not in with_register or pd.isna(name) or (file, name) in known for file, name in pairs],
        index=frame.index,
    )


@rule("DP-02")
def scopes_are_of_the_eight(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    def known(text: str) -> bool:
        parts = [part for part in text.replace("\n", ";").split(";") if part.strip()]
        return all(_scope(part) for part in parts)

    return frame["ruang_lingkup"].map(known, na_action="ignore")


def _scope(text: str) -> object:
    """A scope by its label, its number, or both ("2c Penelitian Bersama")."""
    number = re.match(r"\s*(\d[a-d]?)\b", text)
    return lists()["lingkup"].find(text) or (number and lists()["lingkup"].find(number.group(1)))


@rule("DP-05")
def experience_is_given(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Once per assessment is enough; the finding stands in its first row."""
    groups = assessment(frame)
    given = frame["mulai_anak status"].ne("blank").groupby(groups).transform("any")
    return given | groups.duplicated()


@rule("DP-06:depan")
def assessed_in_the_past(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_penilaian"] > pd.Timestamp(facts.today))


def _required(frame: pd.DataFrame) -> pd.Series:
    return frame["kelengkapan"].ne(_label("kelengkapan", "tidak_dipersyaratkan"))


@rule("DP-07:berlaku")
def validity_is_assessed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["masih_berlaku status"].ne("blank") | ~_required(frame)


@rule("DP-07:relevansi")
def relevance_is_assessed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["relevansi status"].ne("blank") | ~_required(frame)


@rule("DP-07:alasan")
def exemption_has_a_reason(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _required(frame) | frame["alasan"].notna()


@rule("DP-10:ulang")
def item_is_assessed_once(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    twice = pd.DataFrame({"assessment": assessment(frame), "item": frame["kisi_kisi"]}).duplicated()
    return ~twice | frame["kisi_kisi"].isna()


def _missing_items(frame: pd.DataFrame) -> pd.Series:
    """Kisi-kisi that an assessment lacks, joined, in its first row; "" elsewhere."""
    groups = assessment(frame)
    labels = lists()["kisi_kisi"].labels
    present = frame["kisi_kisi"].groupby(groups).agg(set)
    absent = present.map(lambda have: ", ".join(label for label in labels if label not in have))
    return groups.map(absent).where(~groups.duplicated(), "")


@rule("DP-10:kurang")
def all_items_are_assessed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _missing_items(frame).eq("")


@detail("DP-10:kurang")
def _lacking(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _missing_items(frame)


@rule("DP-18")
def two_people_sign(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    names = [frame[column].map(fold, na_action="ignore") for column in ("staf_penilai", "mengetahui")]
    return names[0].ne(names[1]) | names[0].isna()


def _expected(frame: pd.DataFrame, column: str) -> pd.Series:
    """What kemitraan_xl worked out for the first row of an assessment; nothing where it did not."""
    return frame[column] if column in frame else pd.Series(None, index=frame.index, dtype=object)


def _ranks(labels: pd.Series) -> pd.Series:
    """How good a recommendation is: its list runs from the best to the worst."""
    labels_upwards = reversed(lists()["rekomendasi"].labels)
    return labels.map({label: rank for rank, label in enumerate(labels_upwards)}).astype(float)


@rule("DP-08")
def reason_only_lowers(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(_ranks(frame["rekomendasi_akhir"]) > _ranks(_expected(frame, "rekomendasi_aturan")))


@rule("DP-09")
def recorded_score_is_the_sum(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~((frame["skor_disahkan"] - _expected(frame, "skor_aturan").astype(float)).abs() >= 0.01)


@rule("DP-17")
def condition_or_reason_is_given(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["keterangan"].notna() | _to_explain(frame, facts).isna()


@detail("DP-17")
def _to_explain(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The recommendation that needs a Keterangan: a conditional one, or one that was changed."""
    by_score = _expected(frame, "rekomendasi_aturan")
    conditional = by_score.where(by_score.eq(_label("rekomendasi", "dapat_direkomendasikan")))
    return frame["rekomendasi_akhir"].where(frame["rekomendasi_akhir"].notna(), conditional)


@rule("DP-18:lengkap")
def signature_is_whole(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _unsigned(frame, facts).eq("") | frame["sidik_disahkan"].isna()


@detail("DP-18:lengkap")
def _unsigned(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Headings of what a signature lacks, joined."""
    parts = ["tanggal_disahkan", "skor_disahkan", "versi_disahkan", "staf_penilai", "mengetahui"]
    parts += ["jabatan_penilai", "jabatan_mengetahui"]
    headings = {part: tables()["data_penilaian"].column(part).heading for part in parts}
    lacking = frame[parts].isna()
    return lacking.apply(lambda row: ", ".join(headings[part] for part in parts if row[part]), axis=1)


@rule("DP-18:urutan")
def signed_after_assessed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    signed = frame["tanggal_disahkan"]
    return ~((signed < frame["tanggal_penilaian"]) | (signed > pd.Timestamp(facts.today)))


@rule("DP-19")
def unchanged_since_it_was_signed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _expected(frame, "berubah_aturan").ne(True)


@rule("DP-20")
def finding_is_settled_by_the_approver(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _unsettled(frame, facts).eq("")


@detail("DP-20")
def _unsettled(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """What the settling of a critical finding lacks; "" where nothing of it was written."""
    columns = ("temuan_sumber", "temuan_tanggal", "temuan_oleh")
    begun = frame[list(columns)].notna().any(axis=1)
    by, approver = (frame[name].map(fold, na_action="ignore") for name in ("temuan_oleh", "mengetahui"))
    words = pd.Series("", index=frame.index).mask(by.ne(approver), "yang menyatakannya bukan orang pada Mengetahui")
    for name in reversed(columns):
        heading = tables()["data_penilaian"].column(name).heading
        words = words.mask(frame[name].isna(), f"{heading} belum diisi")
    return words.where(begun, "")


@detail("DP-08")
def _by_score(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _expected(frame, "rekomendasi_aturan")


@detail("DP-09")
def _right_score(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _expected(frame, "skor_aturan")


@detail("DP-19")
def _present_seal(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _expected(frame, "sidik_aturan").fillna("-")
