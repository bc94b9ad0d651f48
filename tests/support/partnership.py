"""An invented partnership that has come to its end: every fact that the guideline asks for, as typed rows by table."""

from __future__ import annotations

from datetime import date
from typing import Any

from kemitraan_xl.pedoman.load import RECAP
from validation.contract import lists

DAY = date(2026, 3, 1)
Rows = dict[str, list[dict[str, Any]]]


def label(codes: str, code: str) -> str:
    return lists()[codes][code].label


def roles() -> list[dict[str, Any]]:
    """III.C: what each party is there for, its rights and duties (II.A.7), and how the parties keep in touch."""
    rows = [
        {"pihak": label("pihak", party), "jenis": label("jenis_peran", kind), "uraian": "Disepakati"}
        for party in ("kpai", "mitra")
        for kind in ("peran", "hak", "kewajiban")
    ]
    channel = {"jenis": label("jenis_peran", "koordinasi"), "saluran": "Rapat", "selang": 3.0}
    return [*rows, {"pihak": label("pihak", "bersama"), **channel}]


def complete() -> Rows:
    """Every fact, by table and column."""
    document = {
        "bentuk": label("bentuk_dokumen", "1"),
        "dasar_hukum": "UU",
        "pic_humas": "A",
        "pic_hukum": "B",
        "klausul_sengketa": True,
    }
    document |= {f"langkah_{step}": date(2026, 1, 10 + step) for step in range(1, 7)}
    document |= {"pihak_pembahasan": label("pihak", "bersama"), "cara_tanda_tangan": "Desk to desk"}
    document |= {"penandatangan_kpai": "K", "penandatangan_mitra": "M", "tempat_arsip": "Lemari 1"}
    risk = {"potensi_risiko": "a", "dampak": "b", "skala_dampak": 4.0, "kemungkinan": 1.0, "asal_baris": "KPAI"}
    risk |= {"tindakan_mitigasi": "c", "kapan": "d", "penanggung_jawab": "e", "hasil_akhir": "f"}
    risk |= {"jenis_risiko": label("jenis_risiko", "keselamatan_anak")}
    parts = {f"bagian_{item.code}": "x" for item in lists()["bagian_evaluasi"]}
    report = {f"bagian_{item.code}": "x" for item in lists()["bagian_laporan_akhir"]}
    return {
        "mitra": [{"kelas_lembaga": label("kelas", "2")}],
        "kerja_sama": [{"tugas_f": True, "lingkup_1a": True, "tipe_1": True, "tingkat": "Nasional"}],
        "kebutuhan": [
            {
                "tanggal": DAY,
                "masalah": "Kekerasan",
                "tujuan_khusus": "Turun",
                "jangka": lists()["jangka_tujuan"].labels[0],
            }
        ],
        "usulan_kak": [
            {"nomor_surat": "1", "tanggal_surat": DAY, "inisiator": label("inisiator", "mitra")}
            | {f"unsur_{item.code}": "x" for item in lists()["unsur_kak"]}
        ],
        "rencana_kerja": [{"nama_program": "Pelatihan"}],
        "telaah": [
            {f"kriteria_{item.code}": "baik" for item in lists()["kriteria_mitra"]} | {"tanggal": DAY},
            {"sumber": "Berita", "tanggal_sumber": DAY},
        ],
        "bukti": [{"dokumen": "NPWP", "nomor": "1"}],
        RECAP: [{"kelayakan": "layak bersyarat", "bendera_kritis": 0, "tanggal": DAY}],
        "prinsip": [{f"prinsip_{item.code}": label("status_prinsip", "terpenuhi") for item in lists()["prinsip"]}],
        "peran": roles(),
        "naskah": [document],
        "matriks_risiko": [risk],
        "kegiatan": [{"no_program": 1.0, "kegiatan": "a", "rencana_mulai": DAY, "tanggal_realisasi": DAY}],
        "indikator": [{"indikator": "a", "tanggal_disepakati": DAY}],
        "monitoring": [{"tanggal": DAY, "peserta_kpai": "a", "peserta_mitra": "b"}],
        "laporan_kemajuan": [{"hasil": "a", "kendala": "b", "rekomendasi": "c"}],
        "evaluasi": [
            {"jenis_evaluasi": label("jenis_evaluasi", kind), "tanggal": DAY, **parts}
            for kind in ("formatif", "sumatif")
        ],
        "umpan_balik": [
            {"sumber": label("sumber_umpan_balik", source), "uraian": "a", "tanggal": DAY}
            for source in ("mitra", "penerima_manfaat")
        ],
        "laporan_pelaksanaan": [{"tanggal_diterima": DAY, **report}],
        "pembelajaran": [{"judul": "a", "jenis": "b"}],
        "perpanjangan": [
            {"keputusan": "Diperpanjang", "tanggal_keputusan": date(2026, 4, 2), "strategi_program": True}
        ],
    }
