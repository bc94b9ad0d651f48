"""The stages of a partnership as the guideline words them: what must be there before the next one begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from support.partnership import DAY, Rows, complete, label

from kemitraan_xl.pedoman.load import RECAP, load
from kemitraan_xl.pedoman.model import Syarat
from kemitraan_xl.stages import Override, Standing, present_stage, stage_codes, stand
from validation.contract import lists, tables

PEDOMAN = load()


def standing(rows: Rows, errors: dict[str, int] | None = None, chosen: dict[str, str] | None = None) -> Standing:
    return stand(rows, errors or {}, PEDOMAN.syarat, PEDOMAN.choose(chosen or {}))


def open_codes(found: Standing) -> list[str]:
    return [one.syarat.code for one in found.open]


def test_all_facts_of_the_guideline_lead_to_the_end() -> None:
    found = standing(complete())
    assert open_codes(found) == []
    assert found.stage == "perpanjangan"
    assert found.done_on("perpanjangan") == date(2026, 4, 2)
    # Step 6 is the latest of the signing.
    assert found.done_on("penandatanganan") == date(2026, 1, 16)


def test_nothing_at_all_is_the_identification_of_the_need() -> None:
    found = standing({})
    assert found.stage == "identifikasi"
    assert all(one.syarat.stage == "identifikasi" for one in found.missing)


#: What is taken away, and the one condition that then is open. Each names the section that asks for it.
TAKEN: list[tuple[str, str, str, str]] = [
    # III.A.1: the need, and specific aims.
    ("kebutuhan", "masalah", "identifikasi", "identifikasi_kebutuhan"),
    ("kebutuhan", "tujuan_khusus", "identifikasi", "identifikasi_tujuan"),
    # I.A, II.B, II.C, II.E: tasks, scope, type and geography (BAB II, opening).
    ("kerja_sama", "tugas_f", "identifikasi", "identifikasi_tugas"),
    ("kerja_sama", "lingkup_1a", "identifikasi", "identifikasi_lingkup"),
    ("kerja_sama", "tipe_1", "identifikasi", "identifikasi_tipe"),
    ("kerja_sama", "tingkat", "identifikasi", "identifikasi_tingkat"),
    ("mitra", "kelas_lembaga", "identifikasi", "identifikasi_kelas"),
    # III.A.3 and 4: letter, initiator, ten elements, matrix.
    ("usulan_kak", "nomor_surat", "usulan", "usulan_surat"),
    ("usulan_kak", "inisiator", "usulan", "usulan_inisiator"),
    ("usulan_kak", "unsur_10", "usulan", "usulan_kerangka"),
    ("rencana_kerja", "nama_program", "usulan", "usulan_matriks"),
    # III.A.2 and III.B.
    ("telaah", "kriteria_keselarasan", "telaah", "telaah_kriteria"),
    ("telaah", "sumber", "telaah", "telaah_sumber"),
    ("bukti", "nomor", "telaah", "telaah_legalitas"),
    (RECAP, "kelayakan", "telaah", "telaah_kelayakan"),
    (RECAP, "bendera_kritis", "telaah", "telaah_bendera"),
    # II.A, III.C, III.D.1-3, IV.F.3a.
    ("prinsip", "prinsip_1d", "naskah", "naskah_prinsip"),
    ("naskah", "bentuk", "naskah", "naskah_bentuk"),
    ("naskah", "dasar_hukum", "naskah", "naskah_dasar_hukum"),
    ("naskah", "pic_hukum", "naskah", "naskah_penanggung_jawab"),
    ("naskah", "langkah_2", "naskah", "naskah_rancangan"),
    ("naskah", "langkah_3", "naskah", "naskah_pembahasan"),
    ("naskah", "klausul_sengketa", "naskah", "naskah_perselisihan"),
    # III.D.4-6.
    ("naskah", "langkah_4", "penandatanganan", "tanda_tangan_pengesahan"),
    ("naskah", "cara_tanda_tangan", "penandatanganan", "tanda_tangan_cara"),
    ("naskah", "langkah_5", "penandatanganan", "tanda_tangan_pertukaran"),
    ("naskah", "tempat_arsip", "penandatanganan", "tanda_tangan_arsip"),
    # III.F.
    ("matriks_risiko", "skala_dampak", "risiko", "risiko_ditetapkan"),
    ("matriks_risiko", "jenis_risiko", "risiko", "risiko_anak"),
    ("matriks_risiko", "hasil_akhir", "risiko", "risiko_mitigasi"),
    # III.E, IV.C.3.
    ("kegiatan", "tanggal_realisasi", "pelaksanaan", "pelaksanaan_realisasi"),
    ("kegiatan", "no_program", "pelaksanaan", "pelaksanaan_kegiatan"),
    ("indikator", "tanggal_disepakati", "pelaksanaan", "pelaksanaan_indikator"),
    # IV.B, IV.C.4, IV.D, IV.E.
    ("monitoring", "peserta_mitra", "pengendalian", "pengendalian_monitoring"),
    ("laporan_kemajuan", "kendala", "pengendalian", "pengendalian_laporan"),
    ("laporan_pelaksanaan", "bagian_saran", "pengendalian", "pengendalian_laporan_akhir"),
    ("pembelajaran", "judul", "pengendalian", "pengendalian_pembelajaran"),
    # IV.G.1.
    ("perpanjangan", "keputusan", "perpanjangan", "perpanjangan_keputusan"),
    ("perpanjangan", "strategi_program", "perpanjangan", "perpanjangan_strategi"),
]


@pytest.mark.parametrize(("table", "column", "stage", "code"), TAKEN, ids=[case[3] for case in TAKEN])
def test_a_fact_that_is_missing_keeps_its_stage_open(table: str, column: str, stage: str, code: str) -> None:
    rows = complete()
    for row in rows[table]:
        row.pop(column, None)
    found = standing(rows)
    assert open_codes(found) == [code]
    assert found.stage == stage
    assert found.missing[0].syarat.sentence
    assert found.done_on(stage) is None


#: Rows that are gone or added, and what then is open.
OTHERWISE: list[tuple[str, list[dict[str, Any]], list[str]]] = [
    # III.B.2.b and A-8: a critical finding closes the stage until it is cleared.
    ("telaah", [{"berat": "Kritis"}], ["telaah_kritis"]),
    ("telaah", [{"berat": "Kritis", "tanggal_ditutup": DAY}], []),
    # IV.F.3: a dispute that is not settled.
    ("sengketa", [{"masalah": "Kendala teknis"}], ["pengendalian_perselisihan"]),
    ("sengketa", [{"masalah": "Kendala teknis", "tanggal_selesai": DAY}], []),
]


@pytest.mark.parametrize(("table", "more", "codes"), OTHERWISE)
def test_what_is_still_open_holds_the_stage(table: str, more: list[dict[str, Any]], codes: list[str]) -> None:
    rows = complete()
    rows[table] = [*rows.get(table, []), *more]
    assert open_codes(standing(rows)) == codes


def test_both_kinds_of_evaluation_and_both_sources_of_feedback_are_asked_for() -> None:
    rows = complete()
    rows["evaluasi"].pop(0)
    rows["umpan_balik"].pop(1)
    assert open_codes(standing(rows)) == ["pengendalian_formatif", "pengendalian_umpan_penerima"]


@pytest.mark.parametrize("party", ["kpai", "mitra"])
@pytest.mark.parametrize("kind", ["peran", "hak", "kewajiban"])
def test_each_party_has_a_role_a_right_and_a_duty(party: str, kind: str) -> None:
    """II.A.7, III.C."""
    rows = complete()
    wanted = label("pihak", party), label("jenis_peran", kind)
    rows["peran"] = [row for row in rows["peran"] if (row["pihak"], row["jenis"]) != wanted]
    assert open_codes(standing(rows)) == [f"naskah_{kind}_{party}"]
    rows["peran"].append({"pihak": label("pihak", "bersama"), "jenis": wanted[1], "uraian": "Bersama"})
    assert open_codes(standing(rows)) == []


def test_a_row_a_partner_proposes_counts_once_kpai_has_adopted_it() -> None:
    """III.F.1: KPAI makes the analysis."""
    rows = complete()
    rows["matriks_risiko"][0]["asal_baris"] = label("asal_baris", "usulan_mitra")
    assert standing(rows).stage == "risiko"
    rows["matriks_risiko"][0].pop("asal_baris")
    assert open_codes(standing(rows)) == []


@pytest.mark.parametrize("tick", ["lingkup_3", "lingkup_8a", "lingkup_8b", "tipe_6", "lingkup_4"])
@pytest.mark.parametrize("reading", ["bertahap", "penandatanganan", "pelaksanaan"])
def test_risk_before_signing_where_children_are_reached(tick: str, reading: str) -> None:
    """III.F.1 under the readings of A-22b."""
    rows = complete()
    rows["kerja_sama"][0][tick] = True
    rows["matriks_risiko"] = []
    early = reading == "penandatanganan" or (reading == "bertahap" and tick != "lingkup_4")
    assert standing(rows, chosen={"A-22b": reading}).stage == ("penandatanganan" if early else "risiko")


def test_exchange_of_data_asks_for_its_protection() -> None:
    """II.B.2a with II.A.4."""
    rows = complete()
    rows["kerja_sama"][0]["lingkup_2a"] = True
    assert open_codes(standing(rows)) == ["naskah_data"]
    rows["naskah"][0]["klausul_data"] = True
    assert open_codes(standing(rows)) == []


@pytest.mark.parametrize(
    ("kelas", "initiator", "chosen", "asked"),
    [
        ("2", "mitra", {}, True),
        ("2", "kpai", {}, True),
        ("2", "kpai", {"A-45": "tidak"}, False),
        ("2", "mitra", {"A-45": "tidak"}, True),
        ("1", "mitra", {}, False),
        ("1", "mitra", {"A-12b": "wajib"}, True),
    ],
)
def test_whose_credibility_is_analysed(kelas: str, initiator: str, chosen: dict[str, str], asked: bool) -> None:
    """III.B speaks of external proposals; readings A-12b and A-45."""
    rows = complete()
    rows["mitra"][0]["kelas_lembaga"] = label("kelas", kelas)
    rows["usulan_kak"][0]["inisiator"] = label("inisiator", initiator)
    rows[RECAP], rows["bukti"] = [], []
    found = standing(rows, chosen=chosen)
    expected = ["telaah_legalitas", "telaah_kelayakan", "telaah_bendera"] if asked else []
    assert open_codes(found) == expected


@pytest.mark.parametrize(("answer", "stage"), [("layak", ""), ("layak bersyarat", ""), ("tidak layak", "telaah")])
def test_the_signed_checklist_must_say_feasible(answer: str, stage: str) -> None:
    """III.B.6 and A-7."""
    rows = complete()
    rows[RECAP][0]["kelayakan"] = answer
    found = standing(rows)
    assert (found.stage if found.open else "") == stage


@pytest.mark.parametrize("table", sorted({one.table for one in PEDOMAN.syarat if one.findings}))
def test_an_open_finding_of_level_e_holds_the_stage(table: str) -> None:
    found = standing(complete(), {table: 2})
    assert [(one.syarat.table, one.count) for one in found.open] == [(table, 2)]


# ---- skipped stages ---- #


WHOLE = Override("Kunjungan negara", "Ketua", DAY)


@pytest.mark.parametrize(
    ("claimed", "override", "present"),
    [
        ("", WHOLE, "usulan"),
        ("identifikasi", Override(), "identifikasi"),
        ("usulan", Override(), "usulan"),
        ("telaah", Override(), "usulan"),
        ("pelaksanaan", Override("Kunjungan negara", "Ketua"), "usulan"),
        ("pelaksanaan", Override("  ", "Ketua", DAY), "usulan"),
        ("pelaksanaan", WHOLE, "pelaksanaan"),
    ],
)
def test_a_stage_is_skipped_only_with_reason_name_and_date(claimed: str, override: Override, present: str) -> None:
    rows = complete()
    rows["rencana_kerja"] = []
    assert present_stage(standing(rows), claimed, override) == present


def test_what_a_skipped_stage_lacks_is_told() -> None:
    rows = complete()
    rows["rencana_kerja"], rows["bukti"] = [], []
    before = standing(rows).before("naskah")
    assert [one.syarat.code for one in before] == ["usulan_matriks", "telaah_legalitas"]


# ---- the data ---- #


def test_stages_stand_in_the_order_of_the_list() -> None:
    order = [stage_codes().index(one.stage) for one in PEDOMAN.syarat]
    assert order == sorted(order)
    assert {one.stage for one in PEDOMAN.syarat} == set(stage_codes())


@pytest.mark.parametrize("syarat", PEDOMAN.syarat, ids=lambda one: one.code)
def test_every_condition_asks_about_something_that_exists(syarat: Syarat) -> None:
    if syarat.table == RECAP:
        return
    table = tables()[syarat.table]
    assert "induk" in table.kinds
    names = {column.name: column for column in table.columns_in("induk")}
    assert syarat.key in names
    assert not syarat.date or names[syarat.date].kind == "tanggal"
    for asked in (one for way in syarat.ways for one in way):
        column = names[asked.column]
        assert not column.computed
        wanted = str(asked.criterion).removeprefix("<>")
        if wanted:
            offered = ("Ya",) if column.kind == "ya" else lists()[column.list].labels
            assert wanted in offered
    ticks = {column.name for column in tables()["kerja_sama"].columns if column.kind == "ya"}
    assert set(syarat.only) <= ticks


def test_conditions_explain_themselves_and_are_told_apart() -> None:
    def unique(texts: Sequence[str]) -> bool:
        return len(set(texts)) == len(texts)

    assert unique([one.code for one in PEDOMAN.syarat])
    assert unique([one.label for one in PEDOMAN.syarat])
    assert unique([one.sentence for one in PEDOMAN.syarat])
    for one in PEDOMAN.syarat:
        assert one.findings == (not one.ways)
        # A criterion of COUNTIFS must not read as a pattern or a comparison.
        assert not any(
            set(str(asked.criterion).removeprefix("<>")) & set("*?~<>=") for way in one.ways for asked in way
        )
        assert {code for code, _ in (*one.always, *one.never)} <= set(PEDOMAN.choose())
