"""What must hold across the sheets of a partnership before its document: type, level, risk, need, review, roles.

The master only: each rule joins the rows of one partnership by its Kode Mitra (`validation.facts.owner`). Its
sequel, from the document to the extension, is `rules_naskah`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import pandas as pd

from validation.aims import horizon
from validation.contract import fold, lists, tables
from validation.facts import Facts, beside, owner
from validation.periods import months_of_term
from validation.rules import RULES, detail, label, rule, ticked
from validation.values import show_date

# ---- what the rows of one partnership say together --------------------------------------------------- #


def filled(frame: pd.DataFrame, column: str) -> pd.Series:
    """True where the cell holds anything, also what could not be read."""
    return frame[f"{column} status"].ne("blank")


def ticks(frame: pd.DataFrame, prefix: str) -> list[str]:
    """The tick columns of a list in a frame ("sektor_media", ...)."""
    return [name for name in frame.columns if name.startswith(f"{prefix}_") and " " not in name]


def first_of_partner(frame: pd.DataFrame) -> pd.Series:
    """True in the first row of every partnership: what is missing as a whole is said once."""
    return ~owner(frame).duplicated()


def among(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Whether the partnership of each row of `frame` has any of `rows`."""
    return owner(frame).isin(set(owner(rows)))


def per_partner(frame: pd.DataFrame, rows: pd.DataFrame, column: str, how: str = "min") -> pd.Series:
    """The least ("min") or greatest ("max") of a column over the partnership's rows, beside every row of `frame`."""
    return beside(frame, rows[column].groupby(owner(rows)).agg(how))


def signed_on(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """The day the partnership's first document was signed (step 4), NaT before."""
    return pd.to_datetime(per_partner(frame, facts.rows("naskah"), "langkah_4"))


def reached(frame: pd.DataFrame, stage: str) -> pd.Series:
    """Whether the stage that staff state is this one or a later one (rows of Kerja Sama)."""
    labels = lists()["tahap"].labels
    return frame["tahap"].isin(labels[labels.index(label("tahap", stage)) :])


def months(start: pd.Series, end: pd.Series) -> pd.Series:
    """Months from the first to the last day, a begun month counted whole; NaN without both in order."""
    counted = [
        float("nan") if pd.isna(first) or pd.isna(last) or last < first else float(months_of_term(first, last))
        for first, last in zip(start, end, strict=True)
    ]
    return pd.Series(counted, index=start.index)


def of_partner(frame: pd.DataFrame, facts: Facts, column: str) -> pd.Series:
    """What the register says of the partner of each row, by code."""
    register = facts.rows("mitra")
    keys = register["_file"].astype(str) + "|" + register["kode"].map(lambda code: fold(str(code)))
    values = register[column].set_axis(keys)
    return beside(frame, values[~values.index.duplicated()])


def is_party(frame: pd.DataFrame, facts: Facts, column: str) -> pd.Series:
    """Whether a cell names KPAI or the partner itself, who cannot be independent or neutral."""
    partner = of_partner(frame, facts, "nama_lembaga").map(lambda name: fold(str(name)), na_action="ignore")
    named = frame[column].map(lambda name: fold(str(name)), na_action="ignore")
    return named.isin(["kpai", "komisi perlindungan anak indonesia"]) | (named.notna() & named.eq(partner))


def is_past(frame: pd.DataFrame, column: str, facts: Facts) -> pd.Series:
    return ~(frame[column] > pd.Timestamp(facts.today))


def shown(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days).map(show_date, na_action="ignore")


def latest(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """The latest of some dates in each row."""
    days: pd.Series = frame[columns].max(axis=1)
    return pd.to_datetime(days)


def joined(parts: Iterable[tuple[str, pd.Series]], index: pd.Index) -> pd.Series:
    """The words whose condition is true in each row, joined by commas."""
    marks = [(word, mark.to_dict()) for word, mark in parts]
    return pd.Series([", ".join(word for word, mark in marks if mark[row]) for row in index], index=index, dtype=object)


def needs(key: str, column: str, asked: Callable[[pd.DataFrame], pd.Series]) -> None:
    """Register a rule: a cell must be filled wherever `asked` says so."""
    RULES[key] = lambda frame, _: filled(frame, column) | ~asked(frame)


# ---- Kerja Sama (BAB II) ----------------------------------------------------------------------------- #

RULES["MT-08:kerja_sama"] = RULES["MT-08:baris"] = RULES["MT-08"]
RULES["TP-01:induk"] = RULES["TP-01"]
RULES["GE-02:induk"] = RULES["GE-02"]


@rule("MT-07:baris")
def rows_of_the_master_have_an_owner(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return filled(frame, "kode_mitra") | frame["_file"].map(facts.kinds).ne("induk")


_OVERRIDE = {"KS-05": "alasan_pengecualian", "KS-05:oleh": "pengecualian_oleh", "KS-05:tanggal": "tanggal_pengecualian"}


def _overridden(frame: pd.DataFrame) -> pd.Series:
    return pd.concat([filled(frame, column) for column in _OVERRIDE.values()], axis=1).any(axis=1)


for _key, _column in _OVERRIDE.items():
    needs(_key, _column, _overridden)


@rule("KS-02")
def implementation_rests_on_a_document(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~reached(frame, "pelaksanaan") | signed_on(frame, facts).notna()


@rule("KS-07")
def report_interval_gives_periods(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    months_offered = [int(item.code) for item in lists()["selang_laporan"]]
    return frame["selang_laporan"].isna() | frame["selang_laporan"].isin(months_offered)


@rule("KS-09")
def bodies_of_society_rest_on_task_f(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    formed = frame["kelas_lembaga"].isin([label("kelas", code) for code in "23456"])
    return ~formed | ticked(frame, "tugas_f")


@rule("MT-03")
def subclass_belongs_to_class(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    parents = {item.label: label("kelas", item.parent) for item in lists()["subkelas"]}
    expected = frame["subkelas"].map(parents)
    return expected.isna() | frame["kelas_lembaga"].isna() | expected.eq(frame["kelas_lembaga"])


@detail("MT-03")
def _class(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["kelas_lembaga"]


@rule("MT-04")
def the_public_does_not_sign(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["subkelas"].ne(label("subkelas", "5b"))


@rule("LK-05")
def shared_data_are_protected(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    documents = facts.rows("naskah")
    protected = documents[documents["klausul_data"].eq(True)]
    return ~ticked(frame, "lingkup_2a") | ~among(frame, documents) | among(frame, protected)


def adopted(facts: Facts) -> pd.DataFrame:
    """Risks that KPAI has adopted; a partner's rows are proposals (III.F.1)."""
    risks = facts.rows("matriks_risiko")
    return risks[risks["asal_baris"].ne(label("asal_baris", "usulan_mitra"))]


def child_safety(risks: pd.DataFrame) -> pd.DataFrame:
    return risks[risks["jenis_risiko"].eq(label("jenis_risiko", "keselamatan_anak"))]


def _signing(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return reached(frame, "penandatanganan") | signed_on(frame, facts).notna()


#: Scopes that touch the cases of children.
_CASES = ("lingkup_3", "lingkup_8a", "lingkup_8b")


@rule("LK-07")
def case_work_has_a_child_safety_risk(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, *_CASES) | ~_signing(frame, facts) | among(frame, child_safety(adopted(facts)))


@detail("LK-07")
def _cases(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return joined([(name.removeprefix("lingkup_"), ticked(frame, name)) for name in _CASES], frame.index)


@rule("LK-10")
def international_work_has_a_legal_basis(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, "lingkup_7", "lingkup_7a", "lingkup_7b") | filled(frame, "dasar_hukum")


def of_party(roles: pd.DataFrame, party: str) -> pd.Series:
    """Rows of Peran that speak of a party, alone or together with the other."""
    return roles["pihak"].isin([label("pihak", party), label("pihak", "bersama")])


def _lacking_shares(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Shared responsibilities that a party has not taken on, in words."""
    roles = facts.rows("peran")
    parts = []
    for field in lists()["tanggung_jawab_bersama"]:
        for party in ("kpai", "mitra"):
            taken = roles[roles["bidang"].eq(field.label) & of_party(roles, party)]
            parts.append((f"{field.label} ({label('pihak', party)})", ~among(frame, taken)))
    return joined(parts, frame.index)


@rule("TP-02")
def programme_partners_share_everything(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, "tipe_1") | _lacking_shares(frame, facts).eq("")


@detail("TP-02")
def _shares(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _lacking_shares(frame, facts)


def _of_type(name: str, frame: pd.DataFrame) -> pd.Series:
    return ticked(frame, name)


for _key, _column, _type in (
    ("TP-03", "bidang_teknis", "tipe_3"),
    ("TP-04", "peran_kpai", "tipe_4"),
    ("TP-06", "partisipasi_anak", "tipe_6"),
    ("TP-07:peran", "peran_ahli", "tipe_7"),
):
    needs(_key, _column, partial(_of_type, _type))


@rule("TP-05")
def high_level_is_signed_by_the_head(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    documents = facts.rows("naskah")
    signed = documents[documents["langkah_4"].notna()]
    return ~ticked(frame, "tipe_5") | ~among(frame, signed) | among(frame, signed[signed["pimpinan"].eq(True)])


@rule("TP-06:risiko")
def young_partners_are_safe(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, "tipe_6") | ~_signing(frame, facts) | among(frame, child_safety(adopted(facts)))


@rule("TP-07")
def experts_are_individuals(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, "tipe_7") | frame["subkelas"].eq(label("subkelas", "0d"))


@rule("TP-07:naskah")
def experts_have_a_contract(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    documents = facts.rows("naskah")
    contracts = documents[documents["bentuk"].eq(label("bentuk_dokumen", "4"))]
    return ~ticked(frame, "tipe_7") | ~among(frame, documents) | among(frame, contracts)


def _sectors(frame: pd.DataFrame) -> pd.Series:
    return frame[ticks(frame, "sektor")].eq(True).sum(axis=1)


@rule("TP-08")
def public_private_means_two_sectors(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, "tipe_8") | (_sectors(frame) >= 2)


@rule("TP-08:pentahelix")
def pentahelix_means_five_sectors(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~ticked(frame, "tipe_8") | (_sectors(frame) >= len(lists()["sektor_pentahelix"].items))


@detail("TP-08", "TP-08:pentahelix")
def _count_of_sectors(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _sectors(frame)


needs("GE-03", "kpad", lambda frame: frame["tingkat"].eq(label("tingkat_cakupan", "daerah")))

# ---- Matriks Risiko, seen from the partnership (III.F.1, A-22b) --------------------------------------- #


def _under_way(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    done = facts.rows("kegiatan")
    return reached(frame, "pelaksanaan") | among(frame, done[done["tanggal_realisasi"].notna()])


@rule("RS-01")
def risks_are_adopted_in_time(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """By signing for work with children's cases or young people, else by implementation (setting A-22b)."""
    sensitive = {
        "bertahap": ticked(frame, *_CASES, "tipe_6"),
        "penandatanganan": pd.Series(True, index=frame.index),
        "pelaksanaan": pd.Series(False, index=frame.index),
    }[str(facts.settings.get("A-22b", "bertahap"))]
    asked = _under_way(frame, facts) | (sensitive & _signing(frame, facts))
    return ~asked | among(frame, adopted(facts))


@detail("RS-01")
def _how_far(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _under_way(frame, facts).map({True: "dilaksanakan", False: "sampai penandatanganan"})


@rule("RS-01:dini")
def risks_are_adopted_before_signing(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    drafting = reached(frame, "naskah") | among(frame, facts.rows("naskah"))
    return ~drafting | among(frame, adopted(facts))


@rule("RS-03:induk")
def risks_consider_child_safety(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    risks = facts.rows("matriks_risiko")
    return ~among(frame, risks) | among(frame, child_safety(risks))


@rule("AR-01")
def every_stage_left_a_record(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _undocumented(frame, facts).eq("")


@detail("AR-01")
def _undocumented(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Stages before the one stated of which no sheet holds a row of the partnership."""
    parts = []
    for stage, following in zip(lists()["tahap"].items, lists()["tahap"].items[1:], strict=False):
        kept = [
            facts.rows(table.name)
            for table in tables().values()
            if table.stage == stage.code
            and table.name != "kerja_sama"
            and any(column.name == "kode_mitra" for column in table.columns)
        ]
        if kept:
            there = pd.concat([among(frame, rows) for rows in kept], axis=1).any(axis=1)
            parts.append((stage.label, reached(frame, following.code) & ~there))
    return joined(parts, frame.index)


# ---- Kebutuhan, Telaah, Peran (III.A - III.C) --------------------------------------------------------- #


@rule("KB-01:urutan")
def need_comes_before_the_proposal(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal"] > _proposed(frame, facts))


def _proposed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return pd.to_datetime(per_partner(frame, facts.rows("usulan_kak"), "tanggal_surat", "max"))


@detail("KB-01:urutan")
def _letter(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(_proposed(frame, facts))


def _term_in_months(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    days = [pd.to_datetime(facts.cover(name, frame)) for name in ("tanggal_mulai", "tanggal_selesai")]
    return months(*days)


@rule("KB-03")
def aim_fits_the_term(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Short up to the months of setting A-37, long beyond."""
    term = _term_in_months(frame, facts)
    limit = float(str(facts.settings.get("A-37", 12)))
    expected = term.map(lambda months: label("jangka_tujuan", horizon(months, limit)))
    return term.isna() | frame["jangka"].isna() | frame["jangka"].eq(expected)


@detail("KB-03")
def _length(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _term_in_months(frame, facts).map("{:.0f}".format, na_action="ignore")
