"""The sheet Jejak: every partnership against every condition of the stages, and its time line.

One row per partnership and condition, with one plain count over an input sheet and the way to the cell to fill.
Beside it, not printed, stands one row per partnership: its stage, what is open, when each stage was completed.
`kemitraan_xl.stages` says the same in Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl.book.catatan import FILES_OF_FINDINGS, FINDING_SHEETS, FINDINGS_OF, HERE, LEVELS_OF_FINDINGS
from kemitraan_xl.book.helper import Helper
from kemitraan_xl.book.induk import TOP, Induk, column_name, finish_list, name_range, new_page, write_heading
from kemitraan_xl.book.look import BRAND, LINE, SIGNALS
from kemitraan_xl.book.masukan import filled_rows, write_input
from kemitraan_xl.formulas import quoted, setting_name
from kemitraan_xl.pedoman.load import RECAP
from kemitraan_xl.pedoman.model import Asked, Pedoman, Syarat
from kemitraan_xl.stages import NOT_ASKED, NOT_YET, TRACE, TRACE_CODE, TRACE_LABEL, TRACE_MET, YES
from validation.contract import Table, lists, tables

SHEET: Final = TRACE

#: The block on Ref with one row per condition: stage, label, place in the guideline (as the columns of Jejak go),
#: sheet, what to do.
CONDITIONS: Final = "syarat_tahap"
STAGE, LABEL, SOURCE, WHERE, SENTENCE = range(1, 6)

#: Defined names of the columns with one row per partnership, for other sheets.
CODES, CHOICES, STAGES, PRESENT = "jejak_kode", "jejak_pilihan", "jejak_tahap", "jejak_tahap_sekarang"
OPEN, OPEN_NOW, STEPS, ADDRESSES = "jejak_terbuka", "jejak_terbuka_tahap", "jejak_langkah", "jejak_alamat"

#: The defined name of the days on which a stage was completed.
DONE: Final = "jejak_selesai_{}"

#: How many of the open conditions Beranda shows.
NEXT_STEPS: Final = 3

#: Between code and name where a partnership is chosen.
BETWEEN: Final = " – "

_HEADINGS: Final = (
    *(TRACE_CODE, "Nama Mitra", "Tahap", TRACE_LABEL, "Acuan", "Lembar", "Berlaku", "Jumlah", TRACE_MET, "Tanggal"),
    "Alamat",
)
_WIDTHS: Final = (12, 28, 37, 58, 21, 20, 9, 9, 11, 13, 30, 3)
_CODE, _NAME, _STAGE, _LABEL, _SOURCE, _LINK, _APPLIES, _COUNT, _MET, _DAY, _ADDRESS = range(11)

#: Partnerships for which rows stand ready: so many at least, and so many beyond those there are.
_LEAST, _MORE = 60, 20

#: Where the findings and the assessments are looked at, for conditions that no one fills in directly.
_FINDINGS, _ASSESSMENTS = "Temuan", "Data Penilaian"


def condition_rows(pedoman: Pedoman) -> list[tuple[str, ...]]:
    """Rows for Ref: every condition in the order of the stages."""
    return [
        (lists()["tahap"][one.stage].label, one.label, one.sumber, sheet_of(one), one.sentence)
        for one in pedoman.syarat
    ]


def sheet_of(syarat: Syarat) -> str:
    """The sheet on which a condition is met."""
    if syarat.findings:
        return _FINDINGS
    return _ASSESSMENTS if syarat.table == RECAP else tables()[syarat.table].sheet


def slots(book: Induk) -> int:
    """How many partnerships the sheet has room for."""
    return max(_LEAST, filled_rows(book, "kerja_sama", _MORE))


def write_jejak(book: Induk) -> None:
    """Add the sheet: one block of rows per row of Kerja Sama, one line per partnership beside it."""
    helpers = _partnership_helpers(book.pedoman)
    widths = [*_WIDTHS, *(helper.width for helper in helpers)]
    sheet = new_page(book, SHEET, "Jejak Kemitraan", widths)
    write_heading(book, sheet, TOP, _HEADINGS)
    write_heading(book, sheet, TOP, [helper.heading for helper in helpers], len(_WIDTHS))
    size, first = len(book.pedoman.syarat), TOP + 1
    for slot in range(slots(book)):
        block = first + slot * size
        line = _write_partnership(book, sheet, helpers, slot, block)
        _write_block(book, sheet, block, slot, line)
    last = first + slots(book) * size - 1
    for index, helper in enumerate(helpers, start=len(_WIDTHS)):
        name_range(book.workbook, helper.defined, SHEET, (first, index), (first + slots(book) - 1, index))
    name_range(book.workbook, ADDRESSES, SHEET, (first, _ADDRESS), (last, _ADDRESS))
    _colour(book, sheet, first, last)
    _warn_of_more(book, sheet)
    finish_list(sheet, (last, _DAY), _WIDTHS[: _DAY + 1], heading_row=TOP, kept=2)


def _warn_of_more(book: Induk, sheet: Worksheet) -> None:
    there = column_name("kerja_sama", "kode_mitra")
    missed = f"SUMPRODUCT((LEN({there})>0)*1)-1>SUMPRODUCT((LEN({CODES})>0)*1)"
    none = f'IF(SUMPRODUCT((LEN({there})>0)*1)<2,"Belum ada kerja sama; catat pada lembar Kerja Sama.","")'
    words = f'=IF({missed},"Kerja sama lebih banyak daripada baris jejak; buat induk baru dari induk ini.",{none})'
    sheet.write_formula(1, _LABEL, words, book.look("peringatan"), "")


def _colour(book: Induk, sheet: Worksheet, first: int, last: int) -> None:
    """Lines where there is a partnership, a stronger one where a stage begins, and the state in colour."""
    code, stage, met = (xl_rowcol_to_cell(first, column, col_abs=True) for column in (_CODE, _STAGE, _MET))
    above = xl_rowcol_to_cell(first - 1, _STAGE, col_abs=True)
    line = {"bottom": 4, "bottom_color": LINE}
    lines = [
        (f'=AND({code}<>"",{stage}<>{above})', {"top": 1, "top_color": BRAND, **line}),
        (f'={code}<>""', line),
    ]
    colours = [
        (f'={met}="{word}"', {"bg_color": SIGNALS[signal][0], "font_color": SIGNALS[signal][1], **line})
        for word, signal in ((YES, "baik"), (NOT_YET, "kurang"))
    ]
    # LibreOffice applies one of several rules whose areas overlap, so the state has rules of its own.
    for left, right, rules in ((0, _COUNT, lines), (_MET, _MET, colours), (_DAY, _DAY, lines)):
        for criteria, style in rules:
            options = {"type": "formula", "criteria": criteria, "format": book.workbook.add_format(style)}
            sheet.conditional_format(first, left, last, right, options)


# ---- one row per condition ---- #


def _write_block(book: Induk, sheet: Worksheet, block: int, slot: int, line: Mapping[str, str]) -> None:
    """The rows of one partnership. What only repeats, or follows from the columns beside it, is one formula for all."""
    own = xl_rowcol_to_cell(block, _CODE, True, True)
    _write_columns(book, sheet, block, slot, own)
    for row, syarat in enumerate(book.pedoman.syarat, start=block):
        address, counted = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (_ADDRESS, _COUNT))
        shown = {
            _LINK: _if(own, f'HYPERLINK("#"&{address},{quoted(sheet_of(syarat))})'),
            _APPLIES: _if(own, _applies(syarat, own, line["telaah"])),
            _COUNT: _if(own, count(syarat, own)),
            _ADDRESS: _if(own, _address(syarat, own)),
        }
        for column, formula in shown.items():
            sheet.write_formula(row, column, formula, book.look(*_LOOKS[column]), "")
        if syarat.date:
            latest = _if(own, f'IF({counted}=0,"",{_latest(syarat, own)})')
            sheet.write_array_formula(row, _DAY, row, _DAY, f"{{{latest}}}", book.look("paragraf", "hari terisi"), "")


def _write_columns(book: Induk, sheet: Worksheet, block: int, slot: int, own: str) -> None:
    """Array formulas down the block: code and name, what Ref says of the conditions, whether each is met.

    A formula in every cell would take an engine several times the memory: a master of hundreds could not be built.
    """
    end = block + len(book.pedoman.syarat) - 1
    code, name = (f"INDEX({column_name('kerja_sama', one)},{slot + 2})" for one in ("kode_mitra", "nama_lembaga"))
    applies, counts = (xl_range_abs(block, column, end, column) for column in (_APPLIES, _COUNT))
    wanted = ";".join(str(int(one.none or one.findings)) for one in book.pedoman.syarat)
    met = f'IF((({counts}=0)*1)={{{wanted}}},"{YES}","{NOT_YET}")'
    columns = (
        (_CODE, _CODE, f'=IF(LEN({code})=0,"",{code})'),
        (_NAME, _NAME, _if(own, f'{name}&""')),
        (_STAGE, _SOURCE, _if(own, CONDITIONS)),
        (_MET, _MET, _if(own, f'IF({applies}="{YES}",{met},"{NOT_ASKED}")')),
    )
    for first, last, formula in columns:
        style = book.look(*_LOOKS.get(first, ("paragraf",)))
        sheet.write_array_formula(block, first, end, last, f"{{{formula}}}", style, "")


_LOOKS: Final = {
    _LINK: ("tautan",),
    _APPLIES: ("paragraf", "tengah"),
    _COUNT: ("paragraf", "tengah"),
    _MET: ("paragraf", "tengah"),
    _ADDRESS: ("keterangan",),
}


def _if(code: str, formula: str) -> str:
    """A formula of a partnership's row, blank where there is none."""
    return f'=IF({code}="","",{formula})'


def count(syarat: Syarat, code: str) -> str:
    """How many rows meet a condition: one plain count, or the sum of one per way in which a row may count."""
    if syarat.findings:
        sheet = quoted(tables()[syarat.table].sheet)
        here = f"{FILES_OF_FINDINGS},{quoted(HERE)}"  # a file that went back is not in the workbook
        return f'COUNTIFS({here},{FINDINGS_OF},{code},{FINDING_SHEETS},{sheet},{LEVELS_OF_FINDINGS},"E")'
    owner = column_name(syarat.table, syarat.key)
    asked = (
        ",".join(f"{column_name(syarat.table, one.column)},{_criterion(one)}" for one in way) for way in syarat.ways
    )
    return "+".join(f"COUNTIFS({owner},{code},{tests})" for tests in asked)


def _criterion(asked: Asked) -> str:
    return quoted(asked.criterion) if isinstance(asked.criterion, str) else str(asked.criterion)


def _applies(syarat: Syarat, code: str, analysis: str) -> str:
    """Ya, or a dash where the condition is not asked of this partnership."""
    if syarat.external:
        return f'IF({analysis}="{YES}","{YES}","{NOT_ASKED}")'
    if not syarat.only:
        return f'"{YES}"'
    owner = column_name("kerja_sama", "kode_mitra")
    ticks = "+".join(f'COUNTIFS({owner},{code},{column_name("kerja_sama", one)},"{YES}")' for one in syarat.only)
    always = [f"{setting_name(setting)}={quoted(value)}" for setting, value in syarat.always]
    asked = f"OR({','.join([f'{ticks}>0', *always])})"
    never = [f"{setting_name(setting)}<>{quoted(value)}" for setting, value in syarat.never]
    return f'IF(AND({",".join([asked, *never])}),"{YES}","{NOT_ASKED}")'


def _latest(syarat: Syarat, code: str) -> str:
    """The latest date in the rows a condition speaks of; 0, which is not shown, where none has a date."""
    days = column_name(syarat.table, syarat.date)
    owner = column_name(syarat.table, syarat.key)
    found = []
    for way in syarat.ways:
        kinds = [_test(column_name(syarat.table, one.column), one) for one in way if one.criterion != "<>"]
        found.append(f"IF({'*'.join([f'({owner}={code})', *kinds, f'ISNUMBER({days})'])},{days})")
    return f"MAX({','.join(found)})"


def _test(cells: str, asked: Asked) -> str:
    if isinstance(asked.criterion, str) and asked.criterion.startswith("<>"):
        return f"({cells}<>{quoted(asked.criterion[2:])})"
    return f"({cells}={_criterion(asked)})"


def _address(syarat: Syarat, code: str) -> str:
    """Where to go: the partnership's row in the table, or the first free one, in the first column asked for."""
    sheet = sheet_of(syarat)
    if syarat.findings or syarat.table == RECAP:
        return quoted(f"{quote_sheetname(sheet)}!A{TOP + 1}")
    owner = column_name(syarat.table, syarat.key)
    column = column_name(syarat.table, syarat.ways[0][0].column)
    row = f"INDEX({owner},IFERROR(MATCH({code},{owner},0),COUNTA({owner})+1))"
    return f"{quoted(f'{quote_sheetname(sheet)}!')}&ADDRESS(ROW({row}),COLUMN(INDEX({column},1)))"


# ---- one row per partnership ---- #


def _write_partnership(
    book: Induk, sheet: Worksheet, helpers: Sequence[Helper], slot: int, block: int
) -> Mapping[str, str]:
    """The line of one partnership; returns its cells by name."""
    row, end = TOP + 1 + slot, block + len(book.pedoman.syarat) - 1
    cells = {
        helper.name: xl_rowcol_to_cell(row, index, True, True)
        for index, helper in enumerate(helpers, start=len(_WIDTHS))
    }
    cells |= {
        "own": xl_rowcol_to_cell(block, _CODE, True, True),
        "name": xl_rowcol_to_cell(block, _NAME, True, True),
        "n": str(slot + 2),
        "met": xl_range_abs(block, _MET, end, _MET),
        "last": xl_rowcol_to_cell(end, _MET, True, True),
        "stages": xl_range_abs(block, _STAGE, end, _STAGE),
    }
    order = [one.stage for one in book.pedoman.syarat]
    for stage in dict.fromkeys(order):
        top, bottom = block + order.index(stage), block + len(order) - 1 - order[::-1].index(stage)
        cells[f"met_{stage}"] = xl_range_abs(top, _MET, bottom, _MET)
        cells[f"days_{stage}"] = xl_range_abs(top, _DAY, bottom, _DAY)
    for index, helper in enumerate(helpers, start=len(_WIDTHS)):
        style = book.look("paragraf", "hari terisi") if helper.kind == "tanggal" else book.look("paragraf")
        sheet.write_formula(row, index, helper.formula(cells), style, "")
    return cells


def _partnership_helpers(pedoman: Pedoman) -> list[Helper]:
    stages = [item for item in lists()["tahap"] if any(one.stage == item.code for one in pedoman.syarat)]
    return [
        Helper("kode", "Kode", lambda cells: f"={cells['own']}", 12, defined=CODES),
        Helper(
            "pilihan",
            "Kemitraan",
            lambda cells: _if(cells["own"], f"{cells['own']}&{quoted(BETWEEN)}&{cells['name']}"),
            36,
            defined=CHOICES,
        ),
        Helper("telaah", "Perlu Telaah", _analysis, 10, defined="jejak_perlu_telaah"),
        *(_step(number) for number in range(1, NEXT_STEPS + 1)),
        Helper("tahap", "Tahap menurut Syarat", _stage, 28, defined=STAGES),
        Helper("sekarang", "Tahap Sekarang", _present, 28, defined=PRESENT),
        Helper(
            "terbuka_tahap",
            "Terbuka pada Tahap Ini",
            lambda cells: _if(cells["own"], f'COUNTIFS({cells["stages"]},{cells["tahap"]},{cells["met"]},"{NOT_YET}")'),
            12,
            defined=OPEN_NOW,
        ),
        Helper(
            "terbuka",
            "Terbuka Seluruhnya",
            lambda cells: _if(cells["own"], f'COUNTIF({cells["met"]},"{NOT_YET}")'),
            12,
            defined=OPEN,
        ),
        *(_done(item.code, f"Selesai: {item.label}") for item in stages),
    ]


def _step(number: int) -> Helper:
    """The place of an open condition within the partnership's block: the first, the next, the one after."""
    name = f"langkah_{number}"

    def place(cells: Mapping[str, str]) -> str:
        if number == 1:
            return _if(cells["own"], f'IFERROR(MATCH("{NOT_YET}",{cells["met"]},0),"")')
        before = cells[f"langkah_{number - 1}"]
        rest = f"INDEX({cells['met']},{before}+1):{cells['last']}"
        return f'=IF({before}="","",IFERROR(MATCH("{NOT_YET}",{rest},0)+{before},""))'

    return Helper(name, f"Langkah {number}", place, 9, defined=f"{STEPS}_{number}")


def _done(stage: str, heading: str) -> Helper:
    """The day a stage was completed, blank while something in it is open or nothing in it has a date."""

    def day(cells: Mapping[str, str]) -> str:
        met, days = cells[f"met_{stage}"], cells[f"days_{stage}"]
        return _if(cells["own"], f'IF(OR(COUNTIF({met},"{NOT_YET}")>0,SUM({days})=0),"",MAX({days}))')

    return Helper(f"selesai_{stage}", heading, day, 14, "tanggal", DONE.format(stage))


def _stage(cells: Mapping[str, str]) -> str:
    last = lists()["tahap"].labels[-1]
    return _if(cells["own"], f'IF({cells["langkah_1"]}="","{last}",INDEX({cells["stages"]},{cells["langkah_1"]}))')


def _present(cells: Mapping[str, str]) -> str:
    """What staff say, unless it is beyond the conditions without a complete exception."""
    claimed = f"INDEX({column_name('kerja_sama', 'tahap')},{cells['n']})"
    beyond = f"MATCH({claimed},daftar_tahap,0)>MATCH({cells['tahap']},daftar_tahap,0)"
    reasons = (column_name("kerja_sama", column) for column in EXCEPTION)
    excused = ",".join(f"LEN(INDEX({column},{cells['n']}))>0" for column in reasons)
    said = f"IF({beyond},IF(AND({excused}),{claimed},{cells['tahap']}),{claimed})"
    return _if(cells["own"], f"IFERROR({said},{cells['tahap']})")


#: The columns of Kerja Sama that excuse a stage before its conditions are met.
EXCEPTION: Final = ("alasan_pengecualian", "pengecualian_oleh", "tanggal_pengecualian")


def _analysis(cells: Mapping[str, str]) -> str:
    """Whether III.B is asked for: not of a ministry (A-12b), nor of a partner KPAI invited, if so chosen (A-45)."""

    def of(table: str, key: str, column: str) -> str:
        return f"INDEX({column_name(table, column)},MATCH({cells['own']},{column_name(table, key)},0))"

    ministry = quoted(lists()["kelas"]["1"].label)
    kpai = quoted(lists()["inisiator"]["kpai"].label)
    kelas, initiator = of("mitra", "kode", "kelas_lembaga"), of("usulan_kak", "kode_mitra", "inisiator")
    optional = f'AND({setting_name("A-12b")}="opsional",IFERROR({kelas}={ministry},FALSE))'
    invited = f'AND({setting_name("A-45")}<>"ya",IFERROR({initiator}={kpai},FALSE))'
    return _if(cells["own"], f'IF(OR({optional},{invited}),"{NOT_ASKED}","{YES}")')


# ---- Kerja Sama ---- #


def write_kerja_sama(book: Induk, table: Table) -> None:
    """The input sheet of partnerships, with what Jejak says of each beside what staff typed."""

    def seen(column: str) -> str:
        return f"INDEX({column},MATCH({{kode_mitra}},{CODES},0))"

    def shown(formula: str) -> str:
        return f'=IF({{kode_mitra}}="","",IFERROR({formula},""))'

    rank = "MATCH({claimed},daftar_tahap,0)"
    beyond = f"{rank.format(claimed='{tahap}')}>{rank.format(claimed='{tahap_syarat}')}"
    excused = ",".join(f"LEN({{{column}}})>0" for column in EXCEPTION)
    status = (
        f'IF({{tahap}}="","menurut syarat",IF({beyond},IF(AND({excused}),"pengecualian oleh "&{{pengecualian_oleh}},'
        '"melampaui syarat; lihat Jejak"),"sesuai syarat"))'
    )
    texts = {
        "tahap_syarat": shown(seen(STAGES)),
        "syarat_terbuka": shown(seen(OPEN_NOW)),
        "tahap_sekarang": shown(seen(PRESENT)),
        "status_tahap": shown(status),
    }
    formulas = {name: (lambda cells, text=text: text.format(**cells)) for name, text in texts.items()}
    write_input(book, table, formulas)
