"""Lampiran 3 in a cell: scores, recommendation, why, and the least that would better it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Final

from kemitraan_xl import score, seal
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Settings
from udfs.cells import (
    CellFault,
    Row,
    as_choice,
    as_date,
    as_number,
    as_text,
    column,
    dated,
    each,
    rows,
    settings_in,
    shown,
    single,
    sound,
    told,
    value_of,
)
from udfs.registry import function
from validation.contract import Item, fold, lists
from validation.values import read_month

PENGATURAN: Final = {
    "pengaturan": "Boleh dikosongkan: kolom Kode dan Nilai lembar Pengaturan. Tanpa itu dipakai aturan bawaan."
}
_TYPED: Final = {"skor_penilai": "Boleh dikosongkan: Skor Penilai, hanya dipakai bila Pengaturan A-1 adalah penilai."}
_CHECKLIST: Final = {
    "jawaban": "Empat kolom: Kisi-kisi, Kelengkapan, Masih Berlaku, Relevansi (Data Penilaian atau Daftar Periksa).",
    "mulai_anak": "Mulai Bekerja dengan Anak: tahun, bulan dan tahun, tanggal, atau misalnya 0 tahun.",
    "tanggal": "Tanggal Penilaian.",
}
_WHOLE: Final = {**_CHECKLIST, **_TYPED, **PENGATURAN}

#: A checklist for the examples: all but legality is there, which the guideline's own numbers put at 7 points.
_EXAMPLE: Final = [
    ["Akte Pendirian", "Tidak Ada", "Tidak", "Tidak Relevan"],
    ["Izin Operasional", "Tidak Ada", "Tidak", "Tidak Relevan"],
    ["NPWP", "Tidak Ada", "Tidak", "Tidak Relevan"],
    ["Surat Terdaftar", "Tidak Ada", "Tidak", "Tidak Relevan"],
    ["Rekam Jejak", "Ada", "Tanpa Masa Berlaku", "Relevan"],
    ["Reputasi Lembaga (berita media)", "Ada", "Tanpa Masa Berlaku", "Relevan"],
    ["Visi", "Ada", "Tanpa Masa Berlaku", "Relevan"],
    ["Misi", "Ada", "Tanpa Masa Berlaku", "Relevan"],
    ["Program Kegiatan", "Ada", "Tanpa Masa Berlaku", "Relevan"],
    ["Matriks Usulan Kerjasama", "Ada", "Tanpa Masa Berlaku", "Relevan"],
]
_EXAMPLE_DAY: Final = date(2026, 3, 9)


# ---- one answer, one total ---- #


@function(
    help="Skor satu kisi-kisi Lampiran 3 (0 sampai 1) dari ketiga jawabannya. Kosong selama belum semua dinilai.",
    arguments={
        "kelengkapan": "Ada, Tidak Ada, atau Tidak Dipersyaratkan.",
        "masih_berlaku": "Ya, Tidak, atau Tanpa Masa Berlaku.",
        "relevansi": "Relevan atau Tidak Relevan.",
        **_TYPED,
        **PENGATURAN,
    },
    example=(("Ada", "Tanpa Masa Berlaku", "Relevan"), 1),
)
def kmt_skor_item(
    kelengkapan: Any, masih_berlaku: Any, relevansi: Any, skor_penilai: Any = None, pengaturan: Any = None
) -> Any:
    """The score of one row of Lampiran 3, for every row of ranges."""
    settings = settings_in(pengaturan)

    def scored(*cells: Any) -> float | None:
        return _number(score.score_row(_row(cells), load(), settings))

    return each(scored, kelengkapan, masih_berlaku, relevansi, skor_penilai)


@function(
    help="Skor kriteria 5 (Lama Pengalaman Bekerja dengan Anak) pada Tanggal Penilaian: 0 sampai 1.",
    arguments={name: _CHECKLIST[name] for name in ("mulai_anak", "tanggal")} | PENGATURAN,
    example=(("Maret 2015", _EXAMPLE_DAY), 1),
)
def kmt_skor_pengalaman(mulai_anak: Any, tanggal: Any, pengaturan: Any = None) -> Any:
    """The points of criterion 5, for every pair of cells."""
    settings = settings_in(pengaturan)

    def scored(began: Any, day: Any) -> float | None:
        band = score.experience(_start(began), as_date(day, "Tanggal Penilaian"), load())
        return _number(band.worth(settings)) if band else None

    return each(scored, mulai_anak, tanggal)


@function(
    help="Rekomendasi Lampiran 3 untuk suatu Jumlah Skor (0 sampai 11).",
    arguments={"jumlah_skor": "Jumlah Skor, satu sel atau satu rentang.", **PENGATURAN},
    example=((7,), "Dapat Direkomendasikan"),
)
def kmt_rekomendasi(jumlah_skor: Any, pengaturan: Any = None) -> Any:
    """The band of a total, for every cell."""
    settings = settings_in(pengaturan)

    def banded(cell: Any) -> str | None:
        total = as_number(cell, "Jumlah Skor")
        if total is None:
            return None
        band = score.recommendation(total, load(), settings)
        if band is None:
            raise CellFault(f"Jumlah Skor harus 0 sampai {load().maximum}")
        return band

    return each(banded, jumlah_skor)


# ---- a whole checklist ---- #


@function(
    help="Skor satu kriteria Lampiran 3 dari jawaban satu penilaian. Kosong selama kriteria itu belum dinilai lengkap.",
    arguments={"kriteria": "Nomor kriteria, 1 sampai 5, atau namanya.", **_WHOLE},
    example=((3, _EXAMPLE), 2),
)
def kmt_skor_kriteria(
    kriteria: Any,
    jawaban: Any,
    mulai_anak: Any = None,
    tanggal: Any = None,
    skor_penilai: Any = None,
    pengaturan: Any = None,
) -> Any:
    """The score of a criterion in one assessment, for every number in a range."""

    def scores() -> Any:
        found = _assess(jawaban, mulai_anak, tanggal, skor_penilai, pengaturan).kriteria
        return each(lambda cell: None if cell is None else found[_kriteria(cell).code], kriteria)

    return told(scores)


@function(
    help="Jumlah Skor Lampiran 3 (0 sampai 11) dari jawaban satu penilaian. Kosong selama belum dinilai lengkap.",
    arguments=_WHOLE,
    example=((_EXAMPLE, "Maret 2015", _EXAMPLE_DAY), 7),
)
def kmt_skor_total(
    jawaban: Any, mulai_anak: Any, tanggal: Any, skor_penilai: Any = None, pengaturan: Any = None
) -> Any:
    """Jumlah Skor of one assessment."""
    return told(lambda: _assess(jawaban, mulai_anak, tanggal, skor_penilai, pengaturan).jumlah)


@function(
    help="Mengapa penilaian ini berskor sekian: butir yang belum terpenuhi, atau yang belum dinilai.",
    arguments=_WHOLE,
    example=(
        (_EXAMPLE[4:], "Maret 2015", _EXAMPLE_DAY),
        "Belum lengkap: 4 dari 11 butir belum dinilai.",
    ),
)
def kmt_alasan(jawaban: Any, mulai_anak: Any, tanggal: Any, skor_penilai: Any = None, pengaturan: Any = None) -> Any:
    """Why the total is what it is, in one sentence."""
    return told(lambda: _assess(jawaban, mulai_anak, tanggal, skor_penilai, pengaturan).alasan)


@function(
    help="Butir paling sedikit yang perlu dipenuhi untuk rekomendasi berikutnya. Kosong pada rekomendasi tertinggi.",
    arguments=_WHOLE,
    example=(
        (_EXAMPLE, "Maret 2015", _EXAMPLE_DAY),
        (
            "Untuk mencapai Direkomendasikan (skor 9), penuhi sedikitnya 2 butir: "
            "Akte Pendirian (Kelengkapan: Ada; Masih Berlaku: Ya; Relevansi: Relevan), "
            "Izin Operasional (Kelengkapan: Ada; Masih Berlaku: Ya; Relevansi: Relevan)."
        ),
    ),
)
def kmt_kurang(jawaban: Any, mulai_anak: Any, tanggal: Any, skor_penilai: Any = None, pengaturan: Any = None) -> Any:
    """The smallest step to the next band, in one sentence."""
    return told(lambda: _assess(jawaban, mulai_anak, tanggal, skor_penilai, pengaturan).kurang)


@function(
    help="Bendera penilaian: yang harus dilihat di samping skor, satu baris beserta butirnya. Kosong bila tidak ada.",
    arguments={
        **_CHECKLIST,
        "kelas_lembaga": "Boleh dikosongkan: Kelas Lembaga, untuk butir yang boleh tidak dipersyaratkan.",
        **_TYPED,
        **PENGATURAN,
    },
    example=(
        (_EXAMPLE, "Maret 2015", _EXAMPLE_DAY),
        [
            [
                "Tidak satu pun syarat legalitas terpenuhi. Telaah belum dapat ditutup, apa pun rekomendasinya.",
                "Akte Pendirian, Izin Operasional, NPWP, Surat Terdaftar",
            ]
        ],
    ),
)
def kmt_bendera(
    jawaban: Any,
    mulai_anak: Any,
    tanggal: Any,
    kelas_lembaga: Any = None,
    skor_penilai: Any = None,
    pengaturan: Any = None,
) -> Any:
    """The flags of one assessment with the rows they are about."""

    def flags() -> Any:
        kelas = lists()["kelas"].find(as_text(single(kelas_lembaga)))
        found = _assess(jawaban, mulai_anak, tanggal, skor_penilai, pengaturan, kelas.code if kelas else None)
        kisi = lists()["kisi_kisi"]
        return [[up.flag.label, ", ".join(kisi[code].label for code in up.rows)] for up in found.bendera] or None

    return told(flags)


@function(
    help="Sidik penilaian: delapan tanda yang berubah bila satu jawaban diubah. Sama dengan lembar Daftar Periksa.",
    arguments={
        **_CHECKLIST,
        "nama_lembaga": "Nama Lembaga seperti tertulis pada Data Penilaian.",
        "ruang_lingkup": "Ruang Lingkup seperti tertulis pada Data Penilaian.",
        "rekomendasi_akhir": "Boleh dikosongkan: Rekomendasi Akhir bila diturunkan.",
        **_TYPED,
        **PENGATURAN,
    },
    example=((_EXAMPLE, 2015, _EXAMPLE_DAY, "Yayasan Contoh", "1 Pengawasan"), "YKBK-FHJ1"),
)
def kmt_sidik(
    jawaban: Any,
    mulai_anak: Any,
    tanggal: Any,
    nama_lembaga: Any,
    ruang_lingkup: Any,
    rekomendasi_akhir: Any = None,
    skor_penilai: Any = None,
    pengaturan: Any = None,
) -> Any:
    """The fingerprint of one assessment over its cells as typed; blank while the assessment is not complete."""

    def sealed() -> str | None:
        if not _assess(jawaban, mulai_anak, tanggal, skor_penilai, pengaturan).lengkap:
            return None
        head = nama_lembaga, tanggal, ruang_lingkup, mulai_anak, rekomendasi_akhir
        return seal.fingerprint([single(cell) for cell in head], [cells for _, cells in _listed(jawaban, skor_penilai)])

    return told(sealed)


# ---- the answers that were selected ---- #


def _assess(
    jawaban: Any, mulai_anak: Any, tanggal: Any, skor_penilai: Any, pengaturan: Any, kelas: str | None = None
) -> score.Assessment:
    settings: Settings = settings_in(pengaturan)
    answers: dict[str, score.Row] = {}
    for item, cells in _listed(jawaban, skor_penilai):
        if item.code in answers:
            raise CellFault(f"kisi-kisi {item.label} dinilai lebih dari satu kali")
        answers[item.code] = _row(cells[1:])
    day = as_date(single(tanggal), "Tanggal Penilaian")
    return score.assess(answers, _start(single(mulai_anak)), day, kelas, load(), settings)


def _listed(jawaban: Any, skor_penilai: Any) -> Iterator[tuple[Item, Row]]:
    """Every row that names a kisi-kisi, with its cells: kisi-kisi, three answers, typed score.

    Blank rows, the heading and the bands of criterion 5 are passed over. Raises ValueError, CellFault.
    """
    table, kisi = rows(jawaban), lists()["kisi_kisi"]
    typed = column(skor_penilai)
    if len(table[0]) != 1 + len(load().answers):
        raise ValueError("Jawaban harus empat kolom: Kisi-kisi, Kelengkapan, Masih Berlaku, Relevansi.")
    if typed == [None]:
        typed = [None] * len(table)
    if len(typed) != len(table):
        raise ValueError("Skor Penilai harus sebanyak baris jawaban.")
    for cells, score_typed in zip(table, typed, strict=True):
        name = as_text(sound(cells[0]))
        item = kisi.find(name)
        if item:
            yield item, [*map(sound, cells), sound(score_typed)]
        elif name and fold(name) != fold(kisi.title) and not lists()["pengalaman"].find(name):
            raise CellFault(f'kisi-kisi "{shown(name)}" tidak ada dalam Lampiran 3')


def _row(cells: Iterable[Any]) -> score.Row:
    """The three answers by their labels, and the score that an assessor typed."""
    *answers, typed = cells
    first, second, third = (as_choice(cell, lists()[a.column]) for cell, a in zip(answers, load().answers, strict=True))
    return score.Row(first, second, third, as_number(typed, load().typed_heading))


def _start(cell: Any) -> date | str | None:
    """Since when a partner works with children: the first day of a month, or a band by its label."""
    band = lists()["pengalaman"].find(cell) if isinstance(cell, str) else None
    return band.label if band else value_of(read_month(dated(cell)), load().start_heading)


def _kriteria(cell: Any) -> Item:
    item = lists()["kriteria_lembaga"].find(as_text(cell))
    if item is None:
        raise CellFault(f'kriteria "{shown(cell)}" tidak ada dalam Lampiran 3')
    return item


def _number(points: Fraction | None) -> int | float | None:
    if points is None:
        return None
    return int(points) if points.denominator == 1 else float(points)
