"""What must hold in Data Penilaian: the answers of Lampiran 3, and the signatures below them."""

from __future__ import annotations

import re

import pandas as pd

from validation.contract import fold, lists, tables
from validation.facts import Facts
from validation.rules import detail, label, rule


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
    return frame["kelengkapan"].ne(label("kelengkapan", "tidak_dipersyaratkan"))


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
    conditional = by_score.where(by_score.eq(label("rekomendasi", "dapat_direkomendasikan")))
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


@detail("DP-08")
def _by_score(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _expected(frame, "rekomendasi_aturan")


@detail("DP-09")
def _right_score(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _expected(frame, "skor_aturan")


@detail("DP-19")
def _present_seal(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _expected(frame, "sidik_aturan").fillna("-")
