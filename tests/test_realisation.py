"""Reports joined to what was agreed: figures worked out by hand for one partnership over two periods and its end.

Agreed: programme 1 for Rp 100 million until June 2026, programme 2 for Rp 50 million until December 2026; 200 children
to be served, and policies to go from 1 to 5.

| | S1 | S2 | final |
|---|---|---|---|
| spent on programme 1 | 60 | 50 | |
| spent on programme 2 | 10 | 40 | 155 in all |
| children served, of them new | 80, 80 | 90, 40 | 20, 10 |
| policies | 2 | 4 | 5 |
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support import engines

from kemitraan_xl.book.master import build_master
from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.realisation import children_reached
from kemitraan_xl.recap import SHEETS, rekap_biaya, rekap_mitra, rekap_program
from kemitraan_xl.recap_reports import rekap_evaluasi, rekap_selisih
from validation.contract import fold, lists
from validation.values import read_period

TODAY = date(2027, 1, 20)
CHILDREN = lists()["jenis_indikator"]["anak_dilayani"].label
POLICY = lists()["jenis_indikator"]["perubahan_kebijakan"].label
MILLION = 1_000_000
LATE = "Program belum selesai sesudah waktunya"
TOLD = {"hasil": "Berjalan baik sesuai rencana.", "kendala": "Tidak ada", "rekomendasi": "Tidak ada"}
#: What the first partner says of programme 1, typed out of order.
FINISHED = {"2026-S2": "Selesai", "2026-S1": "Berjalan"}

COVER: dict[str, Any] = {
    "nama_lembaga": "Yayasan Uji Coba",
    "kelas_lembaga": "Sektor Swasta",
    "tanggal_mulai": date(2026, 1, 1),
    "tanggal_selesai": date(2026, 12, 31),
    "tingkat": "Nasional",
    "lingkup_4": "Ya",
    "tipe_1": "Ya",
}
PROGRAMMES: list[dict[str, Any]] = [
    {
        "no": 1,
        "nama_program": "Pelatihan",
        "kegiatan": "Lokakarya",
        "waktu": "Januari - Juni 2026",
        "biaya": 100 * MILLION,
    },
    {"no": 2, "nama_program": "Advokasi", "kegiatan": "Dialog", "waktu": "2026", "biaya": 50 * MILLION},
]
INDICATORS: list[dict[str, Any]] = [
    {
        "no_program": 1,
        "indikator": "Anak didampingi",
        "jenis": CHILDREN,
        "satuan": "anak",
        "data_dasar": 0,
        "target": 200,
    },
    {"no_program": 2, "indikator": "Kebijakan", "jenis": POLICY, "satuan": "naskah", "data_dasar": 1, "target": 5},
]


def achieved(served: int, new: int, policies: int) -> list[dict[str, Any]]:
    boys = served // 2
    parts = {"anak_laki_laki": boys, "anak_perempuan": served - boys, "usia_6_12": served, "anak_baru": new}
    return [INDICATORS[0] | {"realisasi": served, **parts}, INDICATORS[1] | {"realisasi": policies}]


def progress(
    path: Path, period: str, spent: tuple[int, int], states: tuple[str, str], rows: list[dict[str, Any]]
) -> None:
    reported = [
        {key: row[key] for key in ("no", "nama_program", "kegiatan", "biaya")}
        | {"status_kegiatan": state, "realisasi_biaya": money * MILLION, **TOLD}
        for row, money, state in zip(PROGRAMMES, spent, states, strict=True)
    ]
    content: dict[str, Any] = {"sampul": [COVER], "laporan_kemajuan": reported, "indikator": rows}
    build_template(
        "kemajuan", path, mitra="Yayasan Uji Coba", kode="M-001", periode=period, prefill=content, per_tanggal=TODAY
    )


def final(path: Path, total: int, rows: list[dict[str, Any]]) -> None:
    parts = [
        {"bagian": item.label, "uraian": "Uraian lengkap bagian ini sesuai pelaksanaan."}
        for item in lists()["bagian_laporan_akhir"]
    ]
    content: dict[str, Any] = {
        "sampul": [COVER],
        "kepala_laporan_akhir": [{"total_realisasi": total * MILLION}],
        "laporan_akhir": parts,
        "indikator": rows,
    }
    build_template(
        "akhir", path, mitra="Yayasan Uji Coba", kode="M-001", periode="2026", prefill=content, per_tanggal=TODAY
    )


@pytest.fixture(scope="module")
def recap(tmp_path_factory: pytest.TempPathFactory) -> Recap:
    folder = tmp_path_factory.mktemp("laporan")
    own = {"kode_mitra": "M-001"}
    agreed: dict[str, Any] = {
        "mitra": [{"kode": "M-001", "nama_lembaga": "Yayasan Uji Coba", "kelas_lembaga": "Sektor Swasta"}],
        "kerja_sama": [{**own, **COVER}],
        "rencana_kerja": [{**own, **row} for row in PROGRAMMES],
        "indikator": [{**own, **row} for row in INDICATORS],
    }
    master = folder / "induk.xlsx"
    build_master(master, agreed, today=TODAY)
    returns = folder / "kiriman"
    returns.mkdir()
    progress(returns / "s1.xlsx", "2026-S1", (60, 10), ("Berjalan", "Berjalan"), achieved(80, 80, 2))
    progress(returns / "s2.xlsx", "2026-S2", (50, 40), ("Selesai", "Selesai"), achieved(90, 40, 4))
    final(returns / "akhir.xlsx", 155, achieved(20, 10, 5))
    return consolidate([returns], TODAY, master=master)


def test_every_report_is_accepted(recap: Recap) -> None:
    found = {entry.arrival.name: [f.code for f in entry.findings if f.level == "E"] for entry in recap.returns}
    assert found == {"s1.xlsx": [], "s2.xlsx": [], "akhir.xlsx": []}
    assert recap.verdicts()["diterima"] == 3


def test_programmes_show_what_was_spent_so_far(recap: Recap) -> None:
    rows = rekap_program(recap)
    told = rows[["Berkas", "No", "Realisasi s.d. Periode Ini", "Serapan"]].to_numpy().tolist()
    assert told == [
        ["s1.xlsx", 1, 60 * MILLION, 0.6],
        ["s1.xlsx", 2, 10 * MILLION, 0.2],
        ["s2.xlsx", 1, 110 * MILLION, 1.1],
        ["s2.xlsx", 2, 50 * MILLION, 1.0],
    ]
    assert rows["Lembar"].eq("Laporan Kemajuan").all()


def test_cost_sheet_adds_up_what_was_spent(recap: Recap) -> None:
    rows = rekap_biaya(recap)
    assert rows["Realisasi Biaya"].iloc[-1] == 160 * MILLION == rows["Realisasi Biaya"].iloc[:-1].sum()


def test_achievement_is_the_part_of_the_way_and_no_child_counts_twice(recap: Recap) -> None:
    rows = rekap_evaluasi(recap).set_index(["Berkas", "No Program"])
    assert rows["Capaian"].to_dict() == {
        ("s1.xlsx", 1): 0.4,
        ("s1.xlsx", 2): 0.25,
        ("s2.xlsx", 1): 0.6,
        ("s2.xlsx", 2): 0.75,
        ("akhir.xlsx", 1): 0.65,
        ("akhir.xlsx", 2): 1.0,
    }
    assert children_reached(recap) == 130


def test_only_what_does_not_tie_out_is_listed(recap: Recap) -> None:
    rows = rekap_selisih(recap)
    told = [
        (row["Berkas"], row["Hal"], row["Pembanding"], None if pd.isna(row["Selisih"]) else row["Selisih"] / MILLION)
        for _, row in rows.iterrows()
    ]
    assert told == [
        ("s2.xlsx", "Realisasi biaya melebihi rencana", "Biaya yang disepakati", 10),
        ("s1.xlsx", LATE, "Waktu pada Rencana Kerja", None),
        ("akhir.xlsx", "Total realisasi pada laporan akhir", "Jumlah realisasi laporan kemajuan", -5),
        ("akhir.xlsx", "Total realisasi pada laporan akhir", "Jumlah Biaya yang disepakati", 5),
    ]


def test_a_reporting_partner_stands_once_with_its_agreed_cost(recap: Recap) -> None:
    rows = rekap_mitra(recap)
    assert rows[["Kode Mitra", "Program", "Biaya"]].to_numpy().tolist() == [["M-001", 2, 150 * MILLION]]


def test_no_sheet_fails_on_nothing() -> None:
    nothing = Recap(TODAY, "", [], {})
    assert {name: len(fill(nothing)) for name, fill in SHEETS.items() if name != "Cakupan"} == dict.fromkeys(
        [name for name in SHEETS if name != "Cakupan"], 0
    )


#: Programmes of a third partner, as it reports on them after the first semester: Waktu, status, whether that is late.
STATES = [
    ("Januari - Mei 2026", "Berjalan", True),
    ("Januari - Juni 2026", "Ditunda", True),
    ("Triwulan II 2026", None, True),
    ("Januari - Juni 2026", "Selesai", False),
    ("Januari - Juli 2026", "Berjalan", False),
    ("2026", "Belum Dimulai", False),
]
THIRD = {"nama_lembaga": "Yayasan M-003"}


def programmes_of_the_third() -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """What was agreed with it, by table, and the rows of its report."""
    own, rows = {"kode_mitra": "M-003"}, []
    agreed: dict[str, Any] = {"kerja_sama": [{**own, **COVER, **THIRD}], "rencana_kerja": [], "kegiatan": []}
    for number, (time, state, _) in enumerate(STATES, start=1):
        row = {"no": number, "nama_program": f"Program {number}", "kegiatan": "Lokakarya", "biaya": MILLION}
        first, last = read_period(fold(time)).value or (None, None)
        agreed["rencana_kerja"].append({**own, **row, "waktu": time})
        day = {"no_program": number, "kegiatan": "Lokakarya", "rencana_mulai": first}
        agreed["kegiatan"] += [{**own, **day, "rencana_selesai": end} for end in (first, last)]
        rows.append(row | {"status_kegiatan": state, "realisasi_biaya": MILLION, **TOLD})
    return agreed, rows


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, engines.Values]:
    """A master with reports typed out of order, and what two engines agree that its formulas give.

    The second partner's first report does not say how many children are new: all 80 are, then 40 and 10 more.
    The first partner's programme was late in the first semester and is finished in the second.
    """
    folder = tmp_path_factory.mktemp("hitung")
    told = {"2026-S2": achieved(90, 40, 4), "2026": achieved(20, 10, 5), "2026-s1": achieved(80, 80, 2)}
    reports: list[dict[str, Any]] = []
    for code in ("M-001", "M-002"):
        reports += [{"kode_mitra": code, **row, "periode": period} for period, rows in told.items() for row in rows]
    reports[10].pop("anak_baru")
    content, rows = programmes_of_the_third()
    own, end = {"kode_mitra": "M-001", "no": 1}, {"rencana_selesai": date(2026, 6, 30)}
    content["rencana_kerja"].append({**own, **PROGRAMMES[0]})
    content["kegiatan"].append({"kode_mitra": "M-001", "no_program": 1, "kegiatan": "Lokakarya", **end})
    finished = [{**own, "periode": period, "status_kegiatan": state} for period, state in FINISHED.items()]
    content |= {
        "mitra": [{"kode": code, "nama_lembaga": f"Yayasan {code}"} for code in ("M-001", "M-002", "M-003")],
        "indikator": [*({"kode_mitra": code, **row} for code in ("M-001", "M-002") for row in INDICATORS), *reports],
        "laporan_kemajuan": [*finished, *({"kode_mitra": "M-003", "periode": "2026-S1", **row} for row in rows)],
    }
    build_master(folder / "induk.xlsx", content, today=TODAY)
    held = engines.on_day(folder / "induk.xlsx", TODAY, folder / "beku.xlsx")
    first, second = engines.values_cellrune(held), engines.values_libreoffice(held)
    assert engines.differences(first, second) == []
    return folder / "induk.xlsx", first


@pytest.mark.libreoffice
def test_the_master_says_the_same_whatever_the_order_of_the_periods(
    recap: Recap, computed: tuple[Path, engines.Values]
) -> None:
    """The latest period speaks, as in Python; no child is lost or counts twice."""
    cells = {cell: value for (sheet, cell), value in computed[1].items() if sheet == "Rekap Evaluasi"}
    shares = [value for cell, value in cells.items() if cell[0] == "K" and isinstance(value, float)]
    python = rekap_evaluasi(recap).set_index(["Berkas", "No Program"])["Capaian"]
    assert shares == [python["akhir.xlsx", 1], python["akhir.xlsx", 2]] * 2 == [0.65, 1.0, 0.65, 1.0]


@pytest.mark.libreoffice
def test_the_master_lists_the_same_unfinished_programmes(computed: tuple[Path, engines.Values], tmp_path: Path) -> None:
    """Late is what is not finished when the period ends on or after the programme's last day; days are counted."""
    master, values = computed
    _, rows = programmes_of_the_third()
    content: dict[str, Any] = {"sampul": [COVER | THIRD], "laporan_kemajuan": rows}
    build_template(
        "kemajuan",
        tmp_path / "s1.xlsx",
        mitra=THIRD["nama_lembaga"],
        kode="M-003",
        periode="2026-S1",
        prefill=content,
        per_tanggal=TODAY,
    )
    found = rekap_selisih(consolidate([tmp_path / "s1.xlsx"], TODAY, master=master))
    python = found[found["Hal"].eq(LATE)]["No"].to_list()
    cells = {cell: value for (sheet, cell), value in values.items() if sheet == "Rekap Selisih"}
    listed = [cell[1:] for cell, value in cells.items() if cell[0] == "D" and str(value).startswith(LATE)]
    native = [(cells[f"A{row}"], cells[f"C{row}"], cells[f"H{row}"]) for row in listed]
    assert native == [("M-003", 1, 30), ("M-003", 2, 0), ("M-003", 3, 0)]
    assert python == [number for _, number, _ in native] == [n for n, one in enumerate(STATES, 1) if one[2]]
