"""The rules of schedule.py as native formulas: a block with one row per cooperation, and one with a row per obligation.

Every function takes cells and names as text and returns "=...", "{=...}" where a range has to be seen as a whole.
Columns of the blocks are reached by the names that `partnership` and `obligation` give them in the workbook. This
module does not know how the rules are computed in Python; a parity test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kemitraan_xl.formulas import quoted, setting_name
from kemitraan_xl.pedoman.model import Setting
from kemitraan_xl.schedule import URGENCY
from validation.contract import lists
from validation.periods import DECISION_DAYS, FIRST_YEAR

#: The cell with the day that everything is judged by.
TODAY: Final = "hari_ini"

#: Stage from which a cooperation is under way even where no document is on record.
_UNDER_WAY: Final = "pelaksanaan"

#: Obligations other than progress reports, in the order of the list kewajiban: each has one row per cooperation.
SINGLE: Final = tuple(item.code for item in lists()["kewajiban"] if item.code != "kemajuan")

#: Sorts the list: first by urgency, then by date, then by its place; both must stay apart.
_RANK, _DAY = 10**10, 10**5


def number_setting(setting: Setting) -> str:
    """A setting that holds a number; its default where the cell holds what is not offered."""
    cell = setting_name(setting.code)
    offered = ",".join(choice.value for choice in setting.choices)
    inside = f"ISNUMBER(MATCH({cell},{{{offered}}},0))"
    if not offered:
        inside = f"AND(ISNUMBER({cell}),{cell}>={setting.minimum},{cell}<={setting.maximum},{cell}=INT({cell}))"
    return f"=IFERROR(IF({inside},{cell},{setting.value}),{setting.value})"


def number_name(code: str) -> str:
    """The defined name of a cell with `number_setting`."""
    return f"jadwal_{code.replace('-', '')}"


# ---- one row per cooperation ---- #


def partnership(n: int, cell: Mapping[str, str], before: str) -> dict[str, str]:
    """Formulas of the row for the n-th row of Kerja Sama. `cell` gives the cells of this row; `before` is the
    running sum and the count of the row above ("0" for the first)."""
    return {**_identity(n, cell), **_dates(n, cell), **_due(n, cell), **_done(cell), **_counts(cell, before)}


def _field(column: str, n: int) -> str:
    return f"INDEX(kerja_sama_{column},{n}+1)"


def _identity(n: int, cell: Mapping[str, str]) -> dict[str, str]:
    code, name = _field("kode_mitra", n), _field("nama_lembaga", n)
    return {
        "kode": f'=IF(LEN({code})=0,"",{code})',
        "nama": f'=IF({cell["kode"]}="","",IF(LEN({name})=0,"",{name}))',
    }


def _dates(n: int, cell: Mapping[str, str]) -> dict[str, str]:
    code, start, end = cell["kode"], cell["mulai"], cell["selesai"]
    first, last = _field("tanggal_mulai", n), _field("tanggal_selesai", n)
    decided = f"IF(ISNUMBER({_extension('tanggal_keputusan')}),{_extension('tanggal_keputusan')},0)"
    moved = f"IF(ISNUMBER({_extension('tanggal_selesai_baru')}),{_extension('tanggal_selesai_baru')},0)"
    extended = _label("keputusan_perpanjangan", "diperpanjang")
    mine = f"({_extension('kode_mitra')}={code})*({_extension('keputusan')}={extended})"
    running = "+".join(
        f"COUNTIFS(naskah_kode_mitra,{code},naskah_status_naskah,{_label('status_naskah', state)})"
        for state in ("berlaku", "berakhir")
    )
    stages = [item.code for item in lists()["tahap"]]
    stage = f"IFERROR(MATCH({_field('tahap', n)},daftar_tahap,0),0)>={stages.index(_UNDER_WAY) + 1}"
    in_force = f'IF(OR({running}>0,{stage}),"",{_label("hambatan_jadwal", "belum_berlaku")})'
    in_order = f"IF({end}<{start},{_label('hambatan_jadwal', 'terbalik')},{in_force})"
    undated = _label("hambatan_jadwal", "tanpa_tanggal")
    return {
        "mulai": f'=IF({code}="","",IF(ISNUMBER({first}),INT({first}),""))',
        "diputuskan": f'{{=IF({code}="","",MAX({mine}*({moved}>0)*{decided}))}}',
        "diperpanjang": f'{{=IF({code}="","",MAX({mine}*({decided}={cell["diputuskan"]})*{moved}))}}',
        "selesai": f'=IF({code}="","",IF({cell["diperpanjang"]}>0,INT({cell["diperpanjang"]}),'
        f'IF(ISNUMBER({last}),INT({last}),"")))',
        "hambatan": f'=IF({code}="","",IF(COUNT({start},{end})<2,{undated},{in_order}))',
        "jalan": f'=IF({code}="",0,IF({cell["hambatan"]}="",1,0))',
    }


def _due(n: int, cell: Mapping[str, str]) -> dict[str, str]:
    """When each single obligation is due; "" where nothing of the kind is due any more."""
    start, end, running = cell["mulai"], cell["selesai"], cell["jalan"]
    own, visits = f"N({_field('selang_laporan', n)})", f"N({_field('selang_monitoring', n)})"
    offered = ",".join(item.code for item in lists()["selang_laporan"])
    interval = f"IF(AND({visits}>=1,{visits}=INT({visits})),{visits},{number_name('A-33b')})"
    visit = f"EDATE(MAX({start},{cell['kunjungan']}),{interval})"
    meeting = number_name("A-33c")
    passed = f"(YEAR({TODAY})-YEAR({start}))*12+MONTH({TODAY})-MONTH({start})"
    regular = f"EDATE({start},{cell['rapat ke']}*{meeting})"
    meets = f"IF({regular}>={TODAY},{regular},EDATE({start},({cell['rapat ke']}+1)*{meeting}))"
    seen = f"(monitoring_tanggal>={start})*(monitoring_tanggal<={TODAY})"
    latest = f"MAX((monitoring_kode_mitra={cell['kode']})*IF(ISNUMBER(monitoring_tanggal),{seen}*monitoring_tanggal,0))"
    open_term = f"IF({running}=0,FALSE,{TODAY}<={end})"

    def when(formula: str) -> str:
        return f'=IF({running}=0,"",{formula})'

    return {
        "selang": when(f"IF(ISNUMBER(MATCH({own},{{{offered}}},0)),{own},{number_name('A-33a')})"),
        "kunjungan": f'{{=IF({running}=0,"",{latest})}}',
        "rapat ke": when(f"MAX(1,INT(({passed})/{meeting}))"),
        "pemantauan": f'=IF({open_term},IF({visit}<={end},{visit},IF({cell["kunjungan"]}>0,"",{end})),"")',
        "rapat": f'=IF({open_term},IF({meets}<={end},{meets},""),"")',
        "formatif": when(f"{start}+INT(({end}-{start})*{number_name('A-35a')}/100)"),
        "perpanjangan": when(f"MAX({start},{end}-{DECISION_DAYS})"),
        "akhir": when(f"{end}+{number_name('A-34')}"),
        "sumatif": when(f"{end}+{number_name('A-35b')}"),
    }


def _done(cell: Mapping[str, str]) -> dict[str, str]:
    """How often each single obligation was met, and how often the final report was returned."""
    code, decided = cell["kode"], cell["diputuskan"]
    ended = _label("keputusan_perpanjangan", "ditutup")
    closed = f"{_extension('kode_mitra')},{code},{_extension('keputusan')},{ended}"
    undated = f"IF({decided}=0,COUNTIFS({closed}),0)"
    dated = f'COUNTIFS({closed},{_extension("tanggal_keputusan")},">="&{decided})'

    # What closes a term that was extended comes after the decision to extend it.
    since, final = f'">="&{decided}', f"laporan_pelaksanaan_kode_mitra,{code}"

    def evaluated(kind: str, also: str = "") -> str:
        asked = f"evaluasi_kode_mitra,{code},evaluasi_jenis_evaluasi,{_label('jenis_evaluasi', kind)}"
        return f'COUNTIFS({asked},evaluasi_tanggal,"<="&{TODAY}{also})'

    met = {
        "pemantauan": "0",
        "rapat": "0",
        "formatif": evaluated("formatif"),
        "perpanjangan": f"{dated}+{undated}",
        "akhir": f"IF({decided}=0,COUNTIFS({final}),COUNTIFS({final},laporan_pelaksanaan_tanggal_diterima,{since}))",
        "sumatif": evaluated("sumatif", f",evaluasi_tanggal,{since}"),
    }
    formulas = {f"sudah {kind}": f"=IF({cell['jalan']}=0,0,{met[kind]})" for kind in SINGLE}
    return {**formulas, "kembali": f"=IF({cell['jalan']}=0,0,{_returned(code, 'akhir')})"}


def _counts(cell: Mapping[str, str], before: str) -> dict[str, str]:
    month = {name: f"YEAR({cell[name]})*12+MONTH({cell[name]})-1" for name in ("mulai", "selesai")}
    periods = f"INT(({month['selesai']})/{cell['selang']})-INT(({month['mulai']})/{cell['selang']})+1"
    single = f"COUNT({','.join(cell[kind] for kind in SINGLE)})"
    return {
        "laporan": f"=IF({cell['jalan']}=0,0,{periods})",
        "kewajiban": f"=IF({cell['jalan']}=0,0,{cell['laporan']}+{single})",
        "sebelum": f"={before}",
    }


# ---- one row per obligation ---- #


def obligation(n: int, cell: Mapping[str, str], column: Mapping[str, str]) -> dict[str, str]:
    """Formulas of the n-th obligation of all. `cell` gives the cells of this row, `column` ranges: the block of
    cooperations by its own names, "jatuh" and "sudah" over its single obligations, and "urutan" of this block."""
    at, k, kind = cell["mitra ke"], cell["ke"], cell["jenis"]

    def of(name: str) -> str:
        return f"INDEX({column[name]},{at})"

    def when(formula: str) -> str:
        return f'=IF({at}="","",{formula})'

    months, month = of("selang"), cell["bulan"]
    first = f"INT((YEAR({of('mulai')})*12+MONTH({of('mulai')})-1)/{months})"
    report_due = f"MIN(DATE(INT({month}/12),MOD({month},12)+{months}+1,0),{of('selesai')})+1"
    decision = [item.code for item in lists()["kewajiban"]].index("perpanjangan") + 1
    final = [item.code for item in lists()["kewajiban"]].index("akhir") + 1
    sent = f"laporan_kemajuan_kode_mitra,{of('kode')},laporan_kemajuan_periode,{_exactly(cell['periode'])}"
    back = f"IF({kind}={final},{of('kembali')},0)"
    back_report = _returned(of("kode"), "kemajuan", f",arsip_periode,{_exactly(cell['periode'])}")
    return {
        "mitra ke": f'=IF({n}>SUM({column["kewajiban"]}),"",COUNTIF({column["sebelum"]},"<{n}"))',
        "ke": when(f"{n}-{of('sebelum')}"),
        # Those that are not due any more have no row: the kinds behind them move up.
        "langkah": when(f"MAX(1,{k}-{of('laporan')}+1)+IF({k}>{of('laporan')},1-COUNT({of('pemantauan')}),0)"),
        "jenis": when(f"{cell['langkah']}+IF({cell['langkah']}>=3,1-COUNT({of('rapat')}),0)"),
        "bulan": when(f'IF({kind}=1,({first}+{k}-1)*{months},"")'),
        "periode": when(f'IF({kind}=1,{_period(month, months)},"")'),
        "jatuh tempo": when(f"IF({kind}=1,{report_due},INDEX({column['jatuh']},{at},{kind}-1))"),
        "batas": when(f"IF({kind}={decision},{of('selesai')},{cell['jatuh tempo']}+{number_name('A-33d')})"),
        "sudah": when(f"IF({kind}=1,COUNTIFS({sent}),INDEX({column['sudah']},{at},{kind}-1))"),
        "kembali": when(f"IF({kind}=1,{back_report},{back})"),
        "gawat": when(_urgency(cell)),
        "urutan": when(f"{cell['gawat']}*{_RANK}+{cell['jatuh tempo']}*{_DAY}+{n}"),
        # The place of the n-th most urgent obligation, of which row n of the list tells.
        "tampil": when(f"MATCH(SMALL({column['urutan']},{n}),{column['urutan']},0)"),
    }


def _period(month: str, months: str) -> str:
    """The text of the calendar period that begins in a month counted from the year 0."""
    part = f"INT(MOD({month},12)/{months})+1"
    text = f'IF({months}=6,"S"&({part}),IF({months}=3,"T"&({part}),TEXT({part},"00")))'
    return f'INT({month}/12)&IF({months}=12,"","-"&{text})'


def period_order(cell: str) -> str:
    """Where a period stands in time: the month in which it ends, counted from the year 0, times 100, then its length,
    so that the longer stands after the shorter and the final report last. An error where the cell holds no period."""
    text = f"TRIM({cell})"
    part, number = f"MID({text},6,1)", f"MID({text},7,9)"
    ends = [f"{number}*{months}*100+{months}" for months in (6, 3)]
    within = f'IF(LEN({text})=4,1212,IF({part}="S",{ends[0]},IF({part}="T",{ends[1]},MID({text},6,9)*100+1)))'
    return f"LEFT({text},4)*1200+{within}"


def period_end(cell: str) -> str:
    """The last day of a period; an error where the cell holds none."""
    return f"DATE({FIRST_YEAR},INT(({period_order(cell)})/100)-{FIRST_YEAR * 12 - 1},0)"


def _exactly(period: str) -> str:
    """A period as the criterion of COUNTIFS, which would take "2026-01" for a date: a wildcard keeps it a text."""
    return f'IF(LEN({period})=4,{period},"?"&MID({period},2,9))'


def _returned(code: str, kind: str, further: str = "") -> str:
    """How many files of a kind went back to a partner, by what Arsip says of them."""
    reports = f"arsip_kode_mitra,{code},arsip_jenis,{_label('jenis_berkas', kind)}"
    return f"COUNTIFS({reports},arsip_putusan,{_label('putusan', 'dikembalikan')}{further})"


def _urgency(cell: Mapping[str, str]) -> str:
    rank = {status: order for order, status in enumerate(URGENCY, start=1)}
    late = f"IF({TODAY}<={cell['batas']},{rank['jatuh_tempo']},{rank['terlambat']})"
    open_ = f"IF({TODAY}<{cell['jatuh tempo']},{rank['belum_jatuh_tempo']},{late})"
    return f"IF({cell['sudah']}>0,{rank['diterima']},IF({cell['kembali']}>0,{rank['dikembalikan']},{open_}))"


def status(urgency: str) -> str:
    """The word for an urgency, as text of a formula."""
    words = ",".join(_label("status_laporan", code) for code in URGENCY)
    return f"CHOOSE({urgency},{words})"


# ---- documents ---- #


def days_left(until: str) -> str:
    """Days until a document ends."""
    return f'=IF(ISNUMBER({until}),INT({until})-{TODAY},"")'


def warning(left: str, in_force: str = "TRUE") -> str:
    """How near its end is, over the cell of `days_left`; only while `in_force`."""
    steps = '""'
    for item in reversed(lists()["peringatan_masa"].items):
        steps = f"IF({left}<={item.code},{quoted(item.label)},{steps})"
    return f'=IF({left}="","",IF({in_force},{steps},""))'


def _label(codes: str, code: str) -> str:
    return quoted(lists()[codes][code].label)


def _extension(column: str) -> str:
    return f"perpanjangan_{column}"
