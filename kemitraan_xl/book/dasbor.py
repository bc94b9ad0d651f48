"""The sheet Dasbor of the master: what a commissioner asks for, each as a table that counts and a native chart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book import rekap_evaluasi
from kemitraan_xl.book.induk import TOP, Induk, column_name, finish_page, name_range, new_page
from kemitraan_xl.book.jejak import DONE, PRESENT
from kemitraan_xl.book.masukan import filled_rows
from kemitraan_xl.book.panel import WIDTHS, Formula, Panel, write_panels
from kemitraan_xl.book.rekap import UNRATED
from kemitraan_xl.formulas import INCOMPLETE
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.schedule import URGENCY
from kemitraan_xl.schedule_formulas import TODAY
from kemitraan_xl.stages import dated_stages
from validation.contract import lists

SHEET: Final = "Dasbor"

#: How many partners and persons in charge a ranking shows, and how far ahead an end is seen, in days.
_BEST: Final = 10
_AHEAD: Final = tuple(days for item in lists()["peringatan_masa"] if (days := int(item.code)) > 0)

#: Columns of Kerja Sama that name a person in charge, and rows that stand ready for cooperations still to come.
_PERSONS: Final = ("pic_humas", "pic_hukum")
_MORE: Final = 30


def panels() -> list[Panel]:
    """What the dashboard shows, in order."""
    kelas, tahap = lists()["kelas"].labels, lists()["tahap"].labels
    levels = column_name("matriks_risiko", "tingkat_risiko")
    results = (*lists()["rekomendasi"].labels, INCOMPLETE, UNRATED)
    late = [(lists()["status_laporan"][code].label, Formula(f"=N(jumlah_laporan_{code})")) for code in URGENCY]
    return [
        Panel("Kerja sama menurut tahap", "kerja sama", "Jejak", _counted(tahap, PRESENT)),
        Panel("Lama rata-rata sampai tahap selesai (banyak kerja sama)", "hari", "Jejak", _lead_times()),
        Panel("Kewajiban menurut status", "kewajiban", "Rekap Laporan", late, "column"),
        Panel("Kerja sama dan dokumen yang akan berakhir", "buah", "Kerja Sama, Naskah, Bukti", _expiring()),
        Panel("Capaian rata-rata menurut jenis indikator", "persen", "Rekap Evaluasi", _achieved(), kind="persen"),
        Panel(
            "Risiko menurut tingkat",
            "risiko",
            "Matriks Risiko",
            _counted(lists()["tingkat_risiko"].labels, levels),
            "column",
        ),
        Panel("Mitra menurut rekomendasi", "mitra", "Rekap Mitra", _counted(results, "rekap_mitra_rekomendasi")),
        Panel("Mitra menurut kelas lembaga", "mitra", "Mitra", _counted(kelas, column_name("mitra", "kelas_lembaga"))),
        Panel(f"{_BEST} mitra dengan biaya terbesar", "juta rupiah", "Rekap Mitra", _largest()),
        Panel(
            "Biaya yang disepakati dan realisasinya",
            "juta rupiah",
            "Rencana Kerja, Laporan Kemajuan",
            _planned_and_used(),
            "column",
        ),
        Panel("Beban penanggung jawab Humas", "kerja sama", "Kerja Sama", _load("pic_humas")),
        Panel("Beban penanggung jawab Hukum", "kerja sama", "Kerja Sama", _load("pic_hukum")),
    ]


def _counted(labels: Sequence[str], cells: str) -> list[tuple[str, Formula]]:
    return [(label, Formula(f'=COUNTIF({cells},"{label}")')) for label in labels]


def _lead_times() -> list[tuple[str, Formula]]:
    """How long each stage took on average, from the end of the dated stage before it; `stages.lead_times` in Python."""
    dated = dated_stages(load().syarat)
    rows: list[tuple[str, Formula]] = []
    for before, stage in pairwise(dated):
        begin, end = DONE.format(before), DONE.format(stage)
        both = f"ISNUMBER({begin})*ISNUMBER({end})*({end}>={begin})"
        count = f"SUMPRODUCT({both})"
        mean = f"ROUND((SUMPRODUCT({both},{end})-SUMPRODUCT({both},{begin}))/{count},0)"
        label = Formula(f'="{lists()["tahap"][stage].label} ("&{count}&")"')
        rows.append((label, Formula(f'=IF({count}=0,"belum ada",{mean})')))
    return rows


def _expiring() -> list[tuple[str, Formula]]:
    """Partnerships, agreements in force and legal documents by how soon they end (R128)."""
    in_force = f',{column_name("naskah", "status_naskah")},"{lists()["status_naskah"]["berlaku"].label}"'
    subjects = (
        ("Kerja sama", column_name("kerja_sama", "tanggal_selesai"), ""),
        ("Naskah", column_name("naskah", "tanggal_selesai"), in_force),
        ("Bukti legalitas", column_name("bukti", "berlaku_sampai"), ""),
    )
    rows = []
    for name, ends, also in subjects:
        begin = 0
        for days in _AHEAD:
            span = f'{ends},">="&{TODAY}+{begin},{ends},"<="&{TODAY}+{days}{also}'
            rows.append((f"{name}, {begin} – {days} hari lagi", Formula(f"=COUNTIFS({span})")))
            begin = days + 1
    return rows


def _achieved() -> list[tuple[str, Formula]]:
    kinds, shares = rekap_evaluasi.KINDS, rekap_evaluasi.ACHIEVED
    return [
        (item.label, Formula(f'=IFERROR(AVERAGEIFS({shares},{kinds},"{item.label}"),"")'))
        for item in lists()["jenis_indikator"]
    ]


def _planned_and_used() -> list[tuple[str, Formula]]:
    """The agreed cost of all programmes, and what all progress reports say was used, in millions (IV.D)."""
    sums = (
        ("Disepakati", column_name("rencana_kerja", "biaya")),
        ("Realisasi menurut laporan", column_name("laporan_kemajuan", "realisasi_biaya")),
    )
    return [(label, Formula(f"=SUM({cells})/1000000")) for label, cells in sums]


def _largest() -> list[tuple[str, Formula]]:
    """The partners of Rekap Mitra by rank of cost, in millions."""
    ranks = [f"MATCH({rank},rekap_peringkat,0)" for rank in range(1, _BEST + 1)]
    return [
        (
            Formula(f'=IFERROR(INDEX(rekap_nama,{rank}),"")'),
            Formula(f"=IFERROR(INDEX(rekap_biaya,{rank})/1000000,0)"),
        )
        for rank in ranks
    ]


def _load(column: str) -> list[tuple[str, Formula]]:
    """How many partnerships each person in charge has: every name of a column once, in the order found (IV.A)."""
    persons = column_name("kerja_sama", column)
    return [
        (
            Formula(f'=IFERROR(INDEX({persons},MATCH({number},{_order_name(column)},0)+1),"")'),
            Formula(f'=IF({{label}}="",0,COUNTIF({persons},{{label}}))'),
        )
        for number in range(1, _BEST + 1)
    ]


def _order_name(column: str) -> str:
    return f"urutan_{column}"


def _write_orders(book: Induk, sheet: Worksheet, first: int) -> None:
    """Hidden columns beside the page: every person's first row in Kerja Sama gets the next number."""
    last = first + filled_rows(book, "kerja_sama", _MORE) - 1
    for at, column in enumerate(_PERSONS, start=len(WIDTHS) + 1):
        sheet.set_column(at, at, 8, None, {"hidden": True})
        persons = column_name("kerja_sama", column)
        for row in range(first, last + 1):
            here, begin = f"INDEX({persons},{row - first + 2})", f"INDEX({persons},2)"
            before = xl_range_abs(first - 1, at, row - 1, at)
            number = f'IF(COUNTIF({begin}:{here},{here})=1,MAX({before})+1,"")'
            sheet.write_formula(row, at, f'=IF(LEN({here})=0,"",{number})', None, "")
        name_range(book.workbook, _order_name(column), SHEET, (first, at), (last, at))


def write_dasbor(book: Induk) -> None:
    """Add the sheet; its tables count over the input sheets, Jejak and the Rekap sheets."""
    sheet = new_page(book, SHEET, "Dasbor Kemitraan", WIDTHS)
    _write_orders(book, sheet, TOP + 1)
    last = write_panels(book.workbook, book.look, sheet, panels(), TOP + 1)
    finish_page(sheet, (last, len(WIDTHS) - 1), portrait=True)
