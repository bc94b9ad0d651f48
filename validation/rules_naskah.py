"""What must hold in the roles and the document of a partnership, its six steps included (III.C, III.D)."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from validation.contract import fold, lists, tables
from validation.facts import Facts, owner
from validation.rules import RULES, detail, label, rule, ticked
from validation.rules_daur import (
    among,
    filled,
    first_of_partner,
    joined,
    latest,
    months,
    needs,
    of_partner,
    of_party,
    shown,
    ticks,
)
from validation.rules_telaah import assessed

# ---- Peran (III.C) ------------------------------------------------------------------------------------ #


def _lacking_roles(frame: pd.DataFrame, kinds: tuple[str, ...]) -> pd.Series:
    """Kinds of row that a party lacks, in words, in the first row of the partnership."""
    parts = []
    for kind in kinds:
        for party in ("kpai", "mitra"):
            there = frame[of_party(frame, party) & frame["jenis"].eq(label("jenis_peran", kind))]
            words = f"{label('jenis_peran', kind).lower()} {label('pihak', party)}"
            parts.append((words, first_of_partner(frame) & ~among(frame, there)))
    return joined(parts, frame.index)


def _each_party_has(key: str, *kinds: str) -> None:
    RULES[key] = lambda frame, _: _lacking_roles(frame, kinds).eq("")
    detail(key)(lambda frame, _: _lacking_roles(frame, kinds))


_each_party_has("PE-01", "peran")
_each_party_has("PE-02", "hak", "kewajiban")


@rule("PE-03")
def a_channel_has_its_frequency(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    regular = frame[filled(frame, "saluran") & filled(frame, "selang")]
    return ~first_of_partner(frame) | among(frame, regular)


# ---- Naskah: the six steps (III.D) -------------------------------------------------------------------- #

_STEPS = [item.code for item in lists()["langkah_naskah"]]


def _step(number: str) -> str:
    return f"langkah_{number}"


def _latest_before(frame: pd.DataFrame, number: str) -> pd.Series:
    earlier = [_step(code) for code in _STEPS[: _STEPS.index(number)]]
    return latest(frame, earlier)


def _skipped(frame: pd.DataFrame, number: str) -> pd.Series:
    """Numbers of the steps without a date between this one and the last dated one before it."""
    missing = pd.Series("", index=frame.index)
    open_gap = filled(frame, _step(number))
    for code in reversed(_STEPS[: _STEPS.index(number)]):
        open_gap &= ~filled(frame, _step(code))
        missing = missing.where(~open_gap, code + ", " + missing)
    return missing.str.removesuffix(", ")


def _steps_in_order(number: str, order: str, gap: str) -> None:
    """Register for one step: not before an earlier step, and none of those left out."""

    def in_order(frame: pd.DataFrame, facts: Facts) -> pd.Series:
        return ~(frame[_step(number)] < _latest_before(frame, number))

    def without_gap(frame: pd.DataFrame, facts: Facts) -> pd.Series:
        return _skipped(frame, number).eq("")

    RULES.update({order: in_order, gap: without_gap})
    detail(order)(lambda frame, _: shown(_latest_before(frame, number)))
    detail(gap)(lambda frame, _: _skipped(frame, number))


for _check in tables()["naskah"].checks:
    if _check.case == "loncat":
        _number = _check.column.removeprefix("langkah_")
        _plain = next(
            c
            for c in tables()["naskah"].checks
            if c.code == _check.code and c.case in ("", "urutan") and c.column == _check.column
        )
        _steps_in_order(_number, _plain.key, _check.key)


def _from_step(number: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Whether a document has come to this step."""
    later = _STEPS[_STEPS.index(number) :]
    return lambda frame: pd.concat([filled(frame, _step(code)) for code in later], axis=1).any(axis=1)


_drafted, _discussed, _signed, _filed = (_from_step(number) for number in ("2", "3", "4", "6"))


def _final(frame: pd.DataFrame) -> pd.Series:
    """Whether the text stands: discussed by both parties, or in force."""
    return _discussed(frame) | frame["status_naskah"].eq(label("status_naskah", "berlaku"))


needs("TTD-01:tanggal", "langkah_1", lambda frame: filled(frame, "bentuk") & ~_drafted(frame))
needs("TTD-02", "pic_humas", _drafted)
needs("TTD-02:hukum", "pic_hukum", _drafted)
needs("TTD-04:cara", "cara_tanda_tangan", _signed)
needs("TTD-06", "tempat_arsip", _filed)
needs("NS-03", "penandatangan_kpai", _signed)
needs("NS-03:mitra", "penandatangan_mitra", _signed)


@rule("TTD-03")
def both_parties_discuss(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_discussed(frame) | frame["pihak_pembahasan"].eq(label("pihak", "bersama"))


def _not_cleared(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """Why the partner had not passed the review when it signed; "" where it had or need not (A-12, A-45)."""
    made = assessed(frame, facts)
    day = frame["langkah_4"].rename("signed")
    before = made.join(day, on="row").query("tanggal <= signed").groupby("row").last()
    verdict = before["rekomendasi"].reindex(frame.index)
    exempt = of_partner(frame, facts, "kelas_lembaga").eq(label("kelas", "1"))
    asked = frame["langkah_4"].notna() & ~exempt
    missing = asked & ~frame.index.isin(before.index)
    refused = asked & verdict.eq(label("rekomendasi", "tidak_direkomendasikan"))
    return joined(
        [("belum ada penilaian sampai hari itu", missing), (label("rekomendasi", "tidak_direkomendasikan"), refused)],
        frame.index,
    )


@rule("TTD-04:telaah")
def the_partner_passed_the_review(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _not_cleared(frame, facts).eq("")


@detail("TTD-04:telaah")
def _why_not(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _not_cleared(frame, facts)


# ---- Naskah: what it holds (II.D) --------------------------------------------------------------------- #


def _is(frame: pd.DataFrame, form: str) -> pd.Series:
    return frame["bentuk"].eq(label("bentuk_dokumen", form))


def _length(frame: pd.DataFrame) -> pd.Series:
    return months(frame["tanggal_mulai"], frame["tanggal_selesai"])


@rule("NS-01")
def an_mou_is_for_more_than_a_year(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_is(frame, "1") | ~(_length(frame) <= float(str(facts.settings.get("A-17", 12))))


@detail("NS-01")
def _months_long(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _length(frame).map("{:.0f}".format, na_action="ignore")


needs("NS-02", "naskah_induk", lambda frame: _is(frame, "2"))


def _lacking_parts(frame: pd.DataFrame) -> pd.Series:
    words = {f"unsur_{item.code}": item.label.lower() for item in lists()["unsur_pks"]}
    return joined([(words[name], ~ticked(frame, name)) for name in ticks(frame, "unsur")], frame.index)


@rule("NS-04")
def a_pks_has_its_six_parts(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_is(frame, "2") | ~_final(frame) | _lacking_parts(frame).eq("")


@detail("NS-04")
def _parts(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _lacking_parts(frame)


def _matrix_faults(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    """What keeps the programme matrix of a partnership from being an annex, in words."""
    plan = facts.rows("rencana_kerja")
    asked = [c.column for c in tables()["rencana_kerja"].checks if c.fact == "required" and c.level == "E"]
    broken = plan[~pd.concat([plan[name].notna() for name in asked], axis=1).all(axis=1)]
    parts = [
        ("belum ada satu program pun", ~among(frame, plan)),
        ("ada program yang belum lengkap", among(frame, broken)),
    ]
    return joined(parts, frame.index)


@rule("NS-05")
def a_pks_has_its_programme_matrix(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~_is(frame, "2") | ~_final(frame) | _matrix_faults(frame, facts).eq("")


@detail("NS-05")
def _matrix(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _matrix_faults(frame, facts)


@rule("NS-06")
def declarations_are_for_networks(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    cooperation = facts.rows("kerja_sama")
    return ~_is(frame, "3") | among(frame, cooperation[ticked(cooperation, "tipe_4", "tipe_6")])


needs("NS-07", "keluaran", lambda frame: _is(frame, "4"))
needs("NS-09", "klausul_sengketa", lambda frame: (_is(frame, "1") | _is(frame, "2")) & _final(frame))


def _rivals(frame: pd.DataFrame) -> pd.Series:
    """Number of an earlier document in force that this one neither rests on nor carries, for each row; "" for none."""
    rivals = pd.Series("", index=frame.index)
    force = frame[frame["status_naskah"].eq(label("status_naskah", "berlaku"))]
    for _, rows in force.groupby(owner(force), sort=False):
        kept: list[tuple[str, str, str]] = []
        for row, form, number, base in zip(
            rows.index, rows["bentuk"], rows["nomor"], rows["naskah_induk"], strict=True
        ):
            here = (str(form), fold(str(number)), fold(str(base)))
            clash = [other for other in kept if other[0] == here[0] or (other[1] != here[2] and other[2] != here[1])]
            if clash:
                rivals[row] = str(rows["nomor"].iloc[kept.index(clash[0])] or clash[0][0])
            kept.append(here)
    return rivals


@rule("NS-10")
def one_document_is_in_force(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _rivals(frame).eq("")


@detail("NS-10")
def _other_document(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return _rivals(frame)


@rule("NS-10:lewat")
def documents_in_force_have_not_run_out(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    in_force = frame["status_naskah"].eq(label("status_naskah", "berlaku"))
    return ~in_force | ~(frame["tanggal_selesai"] < pd.Timestamp(facts.today))


@rule("NS-11")
def document_ends_after_it_starts(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_selesai"] < frame["tanggal_mulai"])


@rule("NS-11:mulai")
def in_force_after_signing(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return ~(frame["tanggal_mulai"] < frame["langkah_4"])


@detail("NS-11:mulai")
def _day_signed(frame: pd.DataFrame, facts: Facts) -> pd.Series:
    return shown(frame["langkah_4"])
