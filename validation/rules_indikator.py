"""What must hold of indicators and what they achieved (IV.C.3): numbers that add up, and what was agreed kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from validation.agreed import REPORTS, agreed, whose
from validation.contract import fold, lists
from validation.facts import Facts, owner
from validation.retold import ADD, TAKE
from validation.rules import asked, detail, file_rule, rule

_SEXES = ("anak_laki_laki", "anak_perempuan")


def _ages() -> list[str]:
    return [f"usia_{item.code}" for item in lists()["kelompok_usia"]]


def _of_children(frame: pd.DataFrame) -> pd.Series:
    """Rows whose indicator counts the children served."""
    return frame["jenis"].eq(lists()["jenis_indikator"]["anak_dilayani"].label)


# ---- against itself ----------------------------------------------------------------------------------- #


@asked("IN-04:kosong")
def achievement_is_reported(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """A report says what was achieved; in a master only a row with a period does."""
    return frame["_file"].map(facts.kinds).isin(REPORTS) | frame["periode"].notna()


@rule("IN-04:bulat")
def children_served_are_counted_whole(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_of_children(frame) | frame["realisasi"].isna() | frame["realisasi"].mod(1).eq(0)


def _by_sex(frame: pd.DataFrame) -> pd.Series:
    """Girls and boys together; NaN unless both are given."""
    return frame[list(_SEXES)].sum(axis=1, min_count=len(_SEXES))


def _by_age(frame: pd.DataFrame) -> pd.Series:
    """All age bands together, a blank one as none; NaN when all are blank."""
    return frame[_ages()].sum(axis=1, min_count=1)


def _sums(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Realisasi, the sum by sex, the sum by age: which one is off is what the other two say."""
    return frame["realisasi"], _by_sex(frame), _by_age(frame)


def _differ(one: pd.Series, other: pd.Series) -> pd.Series:
    return one.notna() & other.notna() & one.ne(other)


@rule("IN-04:jumlah")
def sexes_add_up(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    served, sexes, ages = _sums(frame)
    return ~(_differ(served, sexes) & ages.ne(served))


@rule("IN-04:jenis_kelamin")
def sexes_add_up_as_ages_do(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    served, sexes, ages = _sums(frame)
    return ~(_differ(served, sexes) & ages.eq(served))


@rule("IN-04:usia")
def ages_add_up(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    served, sexes, ages = _sums(frame)
    return ~(_differ(served, ages) & (sexes.isna() | sexes.eq(ages)))


@rule("IN-04:usia_rinci")
def ages_add_up_as_sexes_do(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    served, sexes, ages = _sums(frame)
    return ~(_differ(served, ages) & _differ(sexes, ages))


@detail("IN-04:jumlah")
def _sum_by_sex(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _by_sex(frame).map("{:g}".format, na_action="ignore")


@detail("IN-04:usia")
def _sum_by_age(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _by_age(frame).map("{:g}".format, na_action="ignore")


def _correction(lacking: pd.Series) -> pd.Series:
    """What has to be done to the parts so that they add up."""
    return lacking.map(lambda n: (ADD if n > 0 else TAKE).format(isi=f"{abs(n):g}"), na_action="ignore")


@detail("IN-04:jenis_kelamin")
def _lacking_by_sex(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _correction(frame["realisasi"] - _by_sex(frame))


@detail("IN-04:usia_rinci")
def _lacking_by_age(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _correction(_by_sex(frame) - _by_age(frame))


def _told(column: str) -> Callable[[pd.DataFrame, Facts], pd.Series]:
    """Asked where children were served: how many of them this column says."""
    return lambda frame, _: ~(_of_children(frame) & frame["realisasi"].gt(0)) | frame[f"{column} status"].ne("blank")


rule("IN-04:baru_kosong")(_told("anak_baru"))


@rule("IN-04:rincian")
def children_are_counted_by_sex(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _told("anak_laki_laki")(frame, facts) & _told("anak_perempuan")(frame, facts)


@rule("IN-04:baru")
def new_children_are_some_of_those_served(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["anak_baru"] > frame["realisasi"])


@detail("IN-04:baru")
def _served(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return frame["realisasi"].map("{:g}".format, na_action="ignore")


@rule("IN-06")
def children_are_under_eighteen(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["usia_18"] > 0)


# ---- against the plan and what was agreed -------------------------------------------------------------- #


@rule("IN-05")
def programme_exists(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """In Rencana Kerja of the file; of a report in the agreed one, else among the programmes it reports on."""
    known = set()
    for table in ("rencana_kerja", "laporan_kemajuan"):
        rows = facts.rows(table)
        if table == "laporan_kemajuan":
            rows = rows[rows["_file"].map(facts.kinds).eq("kemajuan")]
        known |= set(zip(owner(rows), pd.to_numeric(rows["no"]), strict=True))
    plan = agreed("rencana_kerja", facts)
    joined = set(zip(plan["_whose"], pd.to_numeric(plan["no"]), strict=True))
    planned = {who for who, _ in joined}
    kinds = frame["_file"].map(facts.kinds)
    rows_of = zip(kinds, owner(frame), whose(frame, facts), frame["no_program"], strict=True)
    return pd.Series(
        [
            pd.isna(number)
            or ((who, number) in joined if kind in REPORTS and who in planned else (mine, number) in known)
            or (kind == "akhir" and who not in planned)
            for kind, mine, who, number in rows_of
        ],
        index=frame.index,
    )


def _key(frame: pd.DataFrame, who: pd.Series) -> list[tuple[str, float, str]]:
    names = frame["indikator"].map(lambda name: fold(str(name)), na_action="ignore").fillna("")
    return list(zip(who, pd.to_numeric(frame["no_program"]), names, strict=True))


def _agreed_rows(facts: Facts) -> pd.DataFrame:
    rows = agreed("indikator", facts)
    return rows[rows["periode"].isna() & rows["indikator"].notna()]


def _as_agreed(frame: pd.DataFrame, facts: Facts, column: str) -> pd.Series:
    """What was agreed for the indicator of every row; None where the indicator was not."""
    rows = _agreed_rows(facts)
    if rows.empty:
        return pd.Series(None, frame.index, dtype=object)
    found: dict[tuple[str, float, str], object] = {}
    for key, value in zip(_key(rows, rows["_whose"]), rows[column], strict=True):
        found.setdefault(key, value)
    return pd.Series([found.get(key) for key in _key(frame, whose(frame, facts))], frame.index, dtype=object)


@rule("IN-03:berubah")
def unit_is_kept(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    wanted = _as_agreed(frame, facts, "satuan")
    pairs = zip(wanted, frame["satuan"], strict=True)
    return pd.Series([pd.isna(a) or pd.isna(b) or fold(str(a)) == fold(str(b)) for a, b in pairs], frame.index)


@detail("IN-03:berubah")
def _agreed_unit(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _as_agreed(frame, facts, "satuan")


def _number_is_kept(column: str) -> Callable[[pd.DataFrame, Facts], pd.Series]:
    def kept(frame: pd.DataFrame, facts: Facts) -> pd.Series:
        wanted = pd.to_numeric(_as_agreed(frame, facts, column))
        return wanted.isna() | frame[column].isna() | wanted.eq(frame[column])

    return kept


def _number_shown(column: str) -> Callable[[pd.DataFrame, Facts], pd.Series]:
    return lambda frame, facts: pd.to_numeric(_as_agreed(frame, facts, column)).map("{:g}".format, na_action="ignore")


for _case, _column in (("ubah_dasar", "data_dasar"), ("ubah_target", "target")):
    rule(f"IN-03:{_case}")(_number_is_kept(_column))
    detail(f"IN-03:{_case}")(_number_shown(_column))


@rule("IN-05:asing")
def indicator_was_agreed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    rows = _agreed_rows(facts)
    if rows.empty:
        return pd.Series(True, frame.index)
    known = set(_key(rows, rows["_whose"]))
    asked_of = {who for who, *_ in known}
    names = zip(_key(frame, whose(frame, facts)), frame["indikator"].isna(), strict=True)
    return pd.Series([blank or key[0] not in asked_of or key in known for key, blank in names], frame.index)


def _left_out(kind: str) -> Callable[[Facts], Mapping[int, str]]:
    """The agreed indicators that a report of this kind does not mention."""

    def files(facts: Facts) -> Mapping[int, str]:
        wanted = _agreed_rows(facts)
        if wanted.empty:
            return {}
        rows = facts.rows("indikator")
        told = set(zip(rows["_file"], _key(rows, whose(rows, facts)), strict=True))
        left: dict[int, list[str]] = {}
        for file in sorted(file for file in facts.found.get("indikator", ()) if facts.kinds[file] == kind):
            mine = fold(facts.codes.get(file, ""))
            own = wanted[wanted["_whose"].eq(mine)]
            names = zip(_key(own, own["_whose"]), own["indikator"], strict=True)
            left[file] = [str(name) for key, name in names if (file, key) not in told]
        return {file: "; ".join(names) for file, names in left.items() if names}

    return files


file_rule("IN-05:hilang")(_left_out("kemajuan"))
file_rule("IN-05:hilang_akhir")(_left_out("akhir"))
