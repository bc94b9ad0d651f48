"""An invented partnership as a person types it into an empty master, stage by stage, from the need to the extension.

Every text is typed as on the keyboard of an Indonesian ("1/8/2024", "60.000.000"). `STEPS` name the rows that each
step adds, by table, and what it types into rows that are there already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from validation.contract import lists

CODE: Final = "M-001"
NAME: Final = "Yayasan Lentera Senja"

#: Cells of one row by column, as typed.
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """What is typed at once: the day that Beranda holds (ISO), new rows by table, and (table, row, cells) besides."""

    name: str
    day: str
    rows: Mapping[str, list[Cells]] = field(default_factory=dict)
    more: tuple[tuple[str, int, Cells], ...] = ()
    sign: bool = False  #: copy fingerprint, score and rule version from Daftar Periksa to Data Penilaian


def label(codes: str, code: str) -> str:
    return lists()[codes][code].label


def _each(codes: str, text: str) -> dict[str, str]:
    """A column for every item of a list: {"unsur_1": text, ...}."""
    prefix = {"unsur_kak": "unsur", "bagian_laporan_akhir": "bagian", "kriteria_mitra": "kriteria"}.get(codes, codes)
    return {f"{prefix}_{item.code}": f"{text} {item.label.lower()}" for item in lists()[codes]}


PARTNER: Final[Cells] = {
    "nama_lembaga": NAME,
    "kelas_lembaga": label("kelas", "2"),
    "alamat_lembaga": "Jalan Kenanga 7, Semarang",
    "narahubung": "Sekretaris",
    "surel": "kantor@lenterasenja.example",
    "telepon": "024 0000",
}
COOPERATION: Final[Cells] = {
    **PARTNER,
    "mandat": lists()["mandat"].labels[0],
    "dasar_hukum": lists()["dasar_hukum"].labels[0],
    "bidang_teknis": "Pendampingan anak",
    "pic_humas": "Staf Humas",
    "pic_hukum": "Staf Hukum",
    "tugas_f": "Ya",
    "nomor_surat": "12/YLS/2024",
    "tanggal_surat": "2/9/2024",
    "tanggal_mulai": "1/1/2025",
    "tanggal_selesai": "30/6/2026",
    "total_biaya": "100.000.000",
    "tingkat": "Nasional",
    "pernyataan": "Ya",
    "lingkup_2a": "Ya",
    "lingkup_4": "Ya",
    "tipe_3": "Ya",
}
NEED: Final[Cells] = {
    "tanggal": "1/8/2024",
    "masalah": "Pendamping anak belum terlatih",
    "tujuan_khusus": "Pendamping memahami hak anak",
    "jangka": label("jangka_tujuan", "panjang"),
    "manfaat": "Anak didampingi dengan benar",
}
PROPOSAL: Final[Cells] = {
    "nomor_surat": "12/YLS/2024",
    "tanggal_surat": "2/9/2024",
    "inisiator": label("inisiator", "mitra"),
    **_each("unsur_kak", "Uraian"),
}
PROGRAMMES: Final[list[Cells]] = [
    {
        "no": "1",
        "nama_program": "Pelatihan pendamping",
        "tujuan_hasil": "Pendamping memahami hak anak; 50 pendamping bersertifikat",
        "kegiatan": "a. Lokakarya",
        "kelompok_sasaran": "Guru sekolah dasar",
        "lokasi": "Kota Semarang, Jawa Tengah",
        "waktu": "Februari 2025 - Mei 2026",
        "biaya": "60.000.000",
        "asal_baris": "KPAI",
    },
    {
        "no": "2",
        "nama_program": "Layanan pendampingan",
        "tujuan_hasil": "Anak terdampingi; 200 anak dilayani",
        "kegiatan": "a. Pendampingan mingguan",
        "kelompok_sasaran": "Anak usia sekolah",
        "lokasi": "Kota Semarang, Jawa Tengah",
        "waktu": "Maret 2025 - Juni 2026",
        "biaya": "40.000.000",
        "asal_baris": "KPAI",
    },
]
REVIEWS: Final[list[Cells]] = [
    {
        "tanggal": "1/10/2024",
        "aspek": lists()["analisis_usulan"].labels[0],
        **_each("kriteria_mitra", "Cukup:"),
        "sumber": "Laporan tahunan lembaga",
        "tanggal_sumber": "1/10/2024",
        "berat": label("berat_temuan", "tidak_ada"),
        "kesimpulan": "Rekam jejak baik",
    },
    {
        "tanggal": "3/10/2024",
        "aspek": lists()["analisis_usulan"].labels[1],
        "sumber": "Berita daring",
        "tanggal_sumber": "3/10/2024",
        "temuan": "Sengketa tanah kantor diberitakan",
        "berat": label("berat_temuan", "kritis"),
        "kesimpulan": "Menunggu penjelasan lembaga",
    },
]
CLEARED: Final[Cells] = {
    "ditutup_oleh": "Pejabat Dua",
    "tanggal_ditutup": "20/10/2024",
    "dasar_penutupan": "Putusan pengadilan: lembaga menang",
}
EVIDENCE: Final[list[Cells]] = [
    {
        "dokumen": document,
        "nomor": f"AB-{number}/YLS",
        "tanggal_terbit": "2/3/2015",
        "berlaku_sampai": "seumur hidup",
        "asal_baris": "KPAI",
    }
    for number, document in enumerate(("Akte Pendirian", "Izin Operasional", "Surat Terdaftar"), start=1)
]
#: Ten answers, all positive: 4 + 2 + 2 + 2, and 1 for ten years (III.B, Lampiran 3) = 11.
ASSESSMENT: Final[list[Cells]] = [
    {
        "nama_lembaga": NAME,
        "alamat_lembaga": "Jalan Kenanga 7, Semarang",
        "ruang_lingkup": "2a; 4",
        "tanggal_penilaian": "1/11/2024",
        "no": item.code.partition(".")[0],
        "kisi_kisi": item.label,
        "kelengkapan": label("kelengkapan", "ada"),
        "masih_berlaku": "Ya",
        "relevansi": label("relevansi", "relevan"),
        "staf_penilai": "Staf Satu",
        "mengetahui": "Pejabat Dua",
        **({"mulai_anak": "2010", "jabatan_penilai": "Analis", "jabatan_mengetahui": "Kepala Bagian"} if first else {}),
    }
    for item, first in zip(lists()["kisi_kisi"], (True, *[False] * 9), strict=True)
]
PRINCIPLES: Final[Cells] = {f"prinsip_{item.code}": label("status_prinsip", "terpenuhi") for item in lists()["prinsip"]}
ROLES: Final[list[Cells]] = [
    *(
        {"pihak": label("pihak", party), "jenis": label("jenis_peran", kind), "uraian": f"Disepakati {kind}"}
        for party in ("kpai", "mitra")
        for kind in ("peran", "hak", "kewajiban")
    ),
    {
        "pihak": label("pihak", "bersama"),
        "jenis": label("jenis_peran", "koordinasi"),
        "uraian": "Rapat di kantor KPAI",
        "saluran": lists()["saluran_koordinasi"].labels[0],
        "selang": "3",
    },
]
DRAFT: Final[Cells] = {
    "bentuk": label("bentuk_dokumen", "1"),
    "nomor": "01/MoU/KPAI/2024",
    "judul": "Penguatan pendamping anak",
    "dasar_hukum": lists()["dasar_hukum"].labels[0],
    "status_naskah": label("status_naskah", "rancangan"),
    "tanggal_mulai": "1/1/2025",
    "tanggal_selesai": "30/6/2026",
    "klausul_sengketa": "Ya",
    "pic_humas": "Staf Humas",
    "pic_hukum": "Staf Hukum",
    "langkah_1": "11/11/2024",
    "langkah_2": "20/11/2024",
    "langkah_3": "5/12/2024",
    "pihak_pembahasan": label("pihak", "bersama"),
}
SIGNED: Final[Cells] = {
    "status_naskah": label("status_naskah", "berlaku"),
    "penandatangan_kpai": "Ketua KPAI",
    "penandatangan_mitra": "Ketua Yayasan",
    "langkah_4": "16/12/2024",
    "langkah_5": "18/12/2024",
    "langkah_6": "20/12/2024",
    "cara_tanda_tangan": label("cara_tanda_tangan", "kantor_kpai"),
    "tempat_arsip": "Lemari 3",
}
RISKS: Final[list[Cells]] = [
    {
        "no": "1",
        "jenis_risiko": label("jenis_risiko", "keselamatan_anak"),
        "potensi_risiko": "Pelatih belum disaring",
        "dampak": "Peserta tidak aman",
        "skala_dampak": "3",
        "kemungkinan": "4",
        "tindakan_mitigasi": "Menyaring semua pelatih",
        "kapan": "Februari 2025",
        "penanggung_jawab": "Sekretaris",
        "hasil_akhir": "Semua pelatih lulus saringan",
        "status": "Selesai",
        "asal_baris": "KPAI",
    }
]
ACTIVITIES: Final[list[Cells]] = [
    {
        "no_program": "1",
        "kegiatan": "Lokakarya",
        "rencana_mulai": "10/2/2025",
        "rencana_selesai": "12/2/2025",
        "status_kegiatan": label("status_kegiatan", "belum_dimulai"),
    },
    {
        "no_program": "2",
        "kegiatan": "Pendampingan mingguan",
        "rencana_mulai": "3/3/2025",
        "rencana_selesai": "30/6/2026",
        "status_kegiatan": label("status_kegiatan", "belum_dimulai"),
    },
]
INDICATORS: Final[list[Cells]] = [
    {
        "no_program": "1",
        "indikator": "Pendamping bersertifikat",
        "jenis": label("jenis_indikator", "penguatan_sdm"),
        "satuan": "orang",
        "data_dasar": "10",
        "target": "50",
        "tanggal_disepakati": "5/12/2024",
    },
    {
        "no_program": "2",
        "indikator": "Anak yang didampingi",
        "jenis": label("jenis_indikator", "anak_dilayani"),
        "satuan": "anak",
        "data_dasar": "0",
        "target": "200",
        "tanggal_disepakati": "5/12/2024",
    },
]
VISITS: Final[list[Cells]] = [
    {
        "tanggal": day,
        "tempat": "Kota Semarang",
        "cara": lists()["cara_monitoring"].labels[0],
        "peserta_kpai": "Staf Humas",
        "peserta_mitra": "Sekretaris",
    }
    for day in ("20/5/2025", "18/11/2025", "12/5/2026")
]


def report(period: str, *spent: str, done: bool = False) -> list[Cells]:
    """The rows of one progress report, one a programme."""
    return [
        {
            "no": programme["no"],
            "nama_program": programme["nama_program"],
            "kegiatan": programme["kegiatan"],
            "biaya": programme["biaya"],
            "status_kegiatan": label("status_kegiatan", "selesai" if done else "berjalan"),
            "waktu_pelaksanaan": programme["waktu"],
            "hasil": f"Berjalan sesuai rencana pada {period}",
            "kendala": "Hujan pada hari pelatihan",
            "rekomendasi": "Menambah ruang cadangan",
            "realisasi_biaya": cost,
            "periode": period,
        }
        for programme, cost in zip(PROGRAMMES, spent, strict=True)
    ]


def achieved(period: str, certified: str, children: Cells) -> list[Cells]:
    """What one report says of the two indicators."""
    same = ("no_program", "indikator", "jenis", "satuan", "data_dasar", "target")
    agreed = [{column: one[column] for column in same} for one in INDICATORS]
    return [
        {**agreed[0], "realisasi": certified, "periode": period},
        {**agreed[1], **children, "periode": period},
    ]


def children(served: str, boys: str, girls: str, ages: tuple[str, str, str, str], new: str) -> Cells:
    names = ("usia_0_5", "usia_6_12", "usia_13_17", "usia_18")
    return {
        "realisasi": served,
        "anak_laki_laki": boys,
        "anak_perempuan": girls,
        **dict(zip(names, ages, strict=True)),
        "anak_baru": new,
    }


def feedback(day: str, source: str, period: str) -> Cells:
    return {
        "tanggal": day,
        "sumber": label("sumber_umpan_balik", source),
        "cara": "Kuesioner",
        "jumlah_responden": "20",
        "tema": "Jadwal",
        "uraian": "Pelatihan bermanfaat; jadwal terlalu padat",
        "tindak_lanjut": "Jadwal dilonggarkan",
        "periode": period,
    }


def evaluation(kind: str, day: str) -> Cells:
    return {
        "jenis_evaluasi": label("jenis_evaluasi", kind),
        "tanggal": day,
        "pelaksana": lists()["pelaksana_evaluasi"].labels[1],
        "nama_evaluator": "Tim bersama",
        **{f"bagian_{item.code}": f"Baik: {item.label.lower()}" for item in lists()["bagian_evaluasi"]},
    }


FINAL_REPORT: Final[Cells] = {
    "tanggal_diterima": "25/6/2026",
    **_each("bagian_laporan_akhir", "Uraian"),
    "total_realisasi": "98.000.000",
}
LESSON: Final[Cells] = {
    "judul": "Guru sebagai pendamping pertama",
    "jenis": label("jenis_pembelajaran", "a"),
    "tingkat_perubahan": lists()["tingkat_perubahan"].labels[1],
    "uraian": "Guru berani menegur kekerasan",
    "penulis": "Staf Humas",
    "metode": "Wawancara kelompok",
}
EXTENSION: Final[Cells] = {
    "tanggal_keputusan": "26/6/2026",
    "keputusan": label("keputusan_perpanjangan", "diperpanjang"),
    "strategi_program": "Ya",
    "arah_memperluas": "Ya",
    "tanggal_selesai_baru": "30/6/2027",
    "alasan": "Kebutuhan pendamping masih besar",
}

FIRST: Final = children("80", "40", "40", ("10", "40", "25", "5"), "80")
SECOND: Final = children("90", "45", "45", ("10", "45", "30", "5"), "50")
THIRD: Final = children("100", "52", "48", ("10", "50", "35", "5"), "40")

STEPS: Final = (
    Step("mitra", "2024-07-15", {"mitra": [{"kode": CODE, **PARTNER}], "kerja_sama": [COOPERATION]}),
    Step("kebutuhan", "2024-08-02", {"kebutuhan": [NEED]}),
    Step("usulan", "2024-09-03", {"usulan_kak": [PROPOSAL]}),
    Step("matriks", "2024-09-03", {"rencana_kerja": PROGRAMMES}),
    Step("telaah", "2024-10-04", {"telaah": REVIEWS}),
    Step("bukti", "2024-10-21", {"bukti": EVIDENCE}, (("telaah", 2, CLEARED),)),
    Step("penilaian", "2024-11-02", {"data_penilaian": ASSESSMENT}),
    Step("pengesahan", "2024-11-05", {}, (("data_penilaian", 1, {"tanggal_disahkan": "4/11/2024"}),), sign=True),
    Step("prinsip", "2024-11-10", {"prinsip": [PRINCIPLES], "peran": ROLES}),
    Step("rancangan", "2024-12-06", {"naskah": [DRAFT]}),
    Step("klausul", "2024-12-10", {}, (("naskah", 1, {"klausul_data": "Ya"}),)),
    Step("tanda tangan", "2024-12-21", {}, (("naskah", 1, SIGNED),)),
    Step("risiko", "2025-01-10", {"matriks_risiko": RISKS}),
    Step("kegiatan", "2025-02-01", {"kegiatan": ACTIVITIES, "indikator": INDICATORS}),
    Step(
        "realisasi",
        "2025-07-20",
        {},
        (
            (
                "kegiatan",
                1,
                {
                    "status_kegiatan": label("status_kegiatan", "selesai"),
                    "tanggal_realisasi": "12/2/2025",
                    "realisasi_biaya": "15.000.000",
                },
            ),
        ),
    ),
    Step(
        "semester satu",
        "2025-07-21",
        {
            "monitoring": VISITS[:1],
            "laporan_kemajuan": report("2025-S1", "15.000.000", "10.000.000"),
            "indikator": achieved("2025-S1", "20", FIRST),
            "umpan_balik": [feedback("10/7/2025", "mitra", "2025-S1")],
        },
    ),
    Step(
        "semester dua",
        "2026-01-05",
        {
            "monitoring": VISITS[1:2],
            "evaluasi": [evaluation("formatif", "1/10/2025")],
            "laporan_kemajuan": report("2025-S2", "25.000.000", "15.000.000"),
            "indikator": achieved("2025-S2", "35", SECOND),
            "umpan_balik": [feedback("3/1/2026", "penerima_manfaat", "2025-S2")],
        },
    ),
    Step(
        "semester tiga",
        "2026-07-10",
        {
            "monitoring": VISITS[2:],
            "evaluasi": [evaluation("sumatif", "24/6/2026")],
            "laporan_kemajuan": report("2026-S1", "18.000.000", "15.000.000", done=True),
            "indikator": achieved("2026-S1", "46", THIRD),
            "laporan_pelaksanaan": [FINAL_REPORT],
            "pembelajaran": [LESSON],
        },
        (
            (
                "kegiatan",
                2,
                {
                    "status_kegiatan": label("status_kegiatan", "selesai"),
                    "tanggal_realisasi": "29/6/2026",
                    "realisasi_biaya": "40.000.000",
                },
            ),
        ),
    ),
    Step("perpanjangan", "2026-07-10", {"perpanjangan": [EXTENSION]}),
)
