"""The sheet Daftar Periksa: Lampiran 3 as printed, filled with the assessment chosen from a list.

The printed range of a criterion stands in its first row, as in the guideline; its score stands in the cell
below. What is computed on the way stands right of the print area.
"""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl import formulas, seal_formulas
from kemitraan_xl.book.induk import HOME, Induk, column_name, name_range, sheet_item
from kemitraan_xl.book.look import TABS, set_up_page
from kemitraan_xl.book.pengesahan import KEYS, NOTES, ROW_KEYS, SEALS, SETTLED, SIGNED, TABLE
from kemitraan_xl.book.penilaian import MODE, OFFERED
from kemitraan_xl.pedoman.model import Kriteria
from validation.contract import tables

SHEET: Final = "Daftar Periksa"
TITLE: Final = "Lampiran 3: Daftar Periksa Calon Mitra KPAI"
COLUMNS: Final = ("No", "Kriteria Lembaga", "Kisi-kisi", "Kelengkapan", "Masih Berlaku", "Relevansi", "Skor")

_CHOSEN: Final = "penilaian_dipilih"
_POSITION: Final = "penilaian_posisi"
_WIDTHS: Final = (4, 17, 30, 19, 17, 13, 7)
_LAST: Final = len(COLUMNS) - 1

#: Columns right of the print area: the row found, its score, what is worked out.
_FOUND, _SCORE, _TYPED, _WORD, _VALUE = 8, 9, 10, 12, 13
_NAME: Final = "_____"


class _Form:
    """The sheet while it is written: where the next row goes and which cells the sums need."""

    def __init__(self, book: Induk, sheet: Worksheet) -> None:
        self.book, self.sheet, self.look = book, sheet, book.look
        self.row = self.work_row = 1
        sheet.set_default_row(18)
        self.criteria: list[str] = []

    def fill(self, first: int, last: int, text: str, *styles: str, rows: int = 1) -> None:
        """A text, or a formula when it begins with "=", over the columns first to last and `rows` rows."""
        style = self.look("sel", *styles)
        if (first, rows) != (last, 1):
            self.sheet.merge_range(self.row, first, self.row + rows - 1, last, "", style)
        if text.startswith("="):
            self.sheet.write_formula(self.row, first, text, style, "")
        else:
            self.sheet.write_string(self.row, first, text, style)

    def work(self, label: str, formula: str, kind: str = "") -> str:
        """A value worked out right of the print area, one below the other; the cell where it stands."""
        self.sheet.write_string(self.work_row, _WORD, label, self.look("keterangan"))
        self.sheet.write_formula(self.work_row, _VALUE, formula, self.look("keterangan", kind=kind), "")
        self.work_row += 1
        return _absolute(self.work_row - 1, _VALUE)


def write_daftar_periksa(book: Induk) -> None:
    """Add the sheet; it shows the first assessment carried over until another is chosen."""
    sheet = book.workbook.add_worksheet(SHEET)
    sheet.set_tab_color(TABS[sheet_item(SHEET).parent])
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(_FOUND, _TYPED, 8)
    sheet.set_column(_WORD, _VALUE, 24)
    form = _Form(book, sheet)
    _write_choice(form)
    day = _write_head(form)
    first = form.row + 1
    _write_criteria(form, day)
    last = form.row - 1
    raw = _write_total(form, first, last)
    _write_standard(form)
    _write_conclusion(form, raw, first, last)
    _write_seal(form)
    sheet.protect()
    set_up_page(sheet, area=(1, 0, form.row, _LAST), portrait=True, one_page=True)


def _absolute(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def _of_assessment(column: str) -> str:
    """What the first row of the chosen assessment holds in a column of Data Penilaian; "" when nothing."""
    cell = f"INDEX({column_name(TABLE, column)},{_POSITION})"
    return f'IF({_POSITION}=0,"",IF(LEN({cell})=0,"",{cell}))'


def _write_choice(form: _Form) -> None:
    """Row 0, not printed: the way back, and which assessment is shown."""
    sheet, book = form.sheet, form.book
    sheet.set_row(0, 22)
    sheet.write_url(0, 0, f"internal:{HOME}!A1", form.look("tautan"), f"‹ {HOME}")
    sheet.write_string(0, 2, "Pilih penilaian:", form.look("tebal", "kanan", "tegak"))
    sheet.merge_range(0, 3, 0, _LAST, "", form.look("sel", "isian", "terbuka", "tegak"))
    sheet.write_string(0, 3, _first_key(book), form.look("sel", "isian", "terbuka", "tegak"))
    name_range(book.workbook, _CHOSEN, SHEET, (0, 3), (0, 3))
    sheet.data_validation(
        0,
        3,
        0,
        3,
        {
            "validate": "list",
            "source": f"={OFFERED}",
            "input_title": "Penilaian",
            "input_message": "Pilih penilaian yang ditampilkan. Isiannya ada pada lembar Data Penilaian.",
            "error_title": "Pilih dari daftar",
            "error_message": "Pilih penilaian yang ada pada lembar Data Penilaian.",
        },
    )
    sheet.write_string(0, _WORD, "Baris pertama", form.look("keterangan"))
    position = f'=IF({_CHOSEN}="",0,IFERROR(MATCH({_CHOSEN},{ROW_KEYS},0),0))'
    sheet.write_formula(0, _VALUE, f"{position}", form.look("keterangan"))
    name_range(book.workbook, _POSITION, SHEET, (0, _VALUE), (0, _VALUE))


def _first_key(book: Induk) -> str:
    """The key of the first assessment carried over, so that a filled master opens with something to see."""
    for row in book.rows(TABLE):
        name, day = row.get("nama_lembaga"), row.get("tanggal_penilaian")
        if name and day is not None:
            shown = day if isinstance(day, (str, float, int)) else day.strftime("%d/%m/%Y")
            return f"{str(name).strip()} | {shown}"
    return ""


def _write_head(form: _Form) -> str:
    """Title, the four head cells, the column headings; returns the cell of Tanggal Penilaian."""
    head = {column.name: column.heading for column in tables()[TABLE].columns}
    form.sheet.set_row(form.row, 26)
    form.sheet.write_string(form.row, 0, TITLE, form.look("lampiran", "tegak"))
    for left, right, height in (("nama_lembaga", "ruang_lingkup", 132), ("alamat_lembaga", "tanggal_penilaian", 28)):
        form.row += 1
        form.sheet.set_row(form.row, height)  # several scopes are written out in the narrow cell at the right
        form.fill(0, 1, head[left], "tebal")
        form.fill(2, 3, f"={_of_assessment(left)}")
        form.fill(4, 4, head[right], "tebal")
        form.fill(5, _LAST, f"={_of_assessment(right)}", *(("hari", "kiri") if right.startswith("tanggal") else ()))
    day = _absolute(form.row, 5)
    form.row += 1
    form.sheet.set_row(form.row, 24)
    for column, heading in enumerate(COLUMNS):
        form.sheet.write_string(form.row, column, heading, form.look("kepala"))
    return day


def _write_criteria(form: _Form, day: str) -> None:
    form.row += 1
    for kriteria in form.book.pedoman.kriteria:
        top = form.row
        if kriteria.rows:
            _write_rows(form, kriteria)
        else:
            _write_experience(form, day)
        height = form.row - top
        form.row = top
        form.fill(0, 0, kriteria.code, "tengah", rows=height)
        form.fill(1, 1, kriteria.label, rows=height)
        form.fill(_LAST, _LAST, f"0 – {kriteria.maximum}", "tengah")
        form.row = top + 1
        score = _score(kriteria, top, top + height - 1)
        form.fill(_LAST, _LAST, score, "tengah", "tebal", rows=height - 1)
        form.criteria.append(_absolute(form.row, _LAST))
        form.row = top + height


def _score(kriteria: Kriteria, first: int, last: int) -> str:
    if not kriteria.rows:
        return formulas.experience_score(_absolute(first, _SCORE))
    cells = f"{_absolute(first, _SCORE)}:{_absolute(last, _SCORE)}"
    return formulas.criterion_score(cells, kriteria)


def _same() -> str:
    """The rows of the chosen assessment, told by what is typed in them."""
    name, date = column_name(TABLE, "nama_lembaga"), column_name(TABLE, "tanggal_penilaian")
    return f"(TRIM({name})=TRIM(INDEX({name},{_POSITION})))*({date}=INDEX({date},{_POSITION}))"


def _write_rows(form: _Form, kriteria: Kriteria) -> None:
    """The rows of a criterion: the answers that Data Penilaian has for the chosen assessment."""
    for kisi in kriteria.rows:
        label = _absolute(form.row, 2)
        form.fill(2, 2, kisi.label)
        match = f"SUMPRODUCT(MATCH(1,{_same()}*(TRIM({column_name(TABLE, 'kisi_kisi')})={label}),0))"
        form.sheet.write_formula(form.row, _FOUND, f"=IF({_POSITION}=0,0,IFERROR({match},0))", form.look("keterangan"))
        found = _absolute(form.row, _FOUND)
        for column, answer in enumerate(("kelengkapan", "masih_berlaku", "relevansi"), start=3):
            form.fill(column, column, f"={_at(answer, found)}", "tengah")
        typed = _absolute(form.row, _TYPED)
        form.sheet.write_formula(form.row, _TYPED, f"={_at('skor_penilai', found)}", form.look("keterangan"), "")
        cells = [_absolute(form.row, column) for column in (3, 4, 5)]
        score = formulas.row_score(cells[0], cells[1], cells[2], typed, MODE, form.book.pedoman)
        form.sheet.write_formula(form.row, _SCORE, score, form.look("keterangan"), "")
        form.row += 1


def _at(column: str, found: str) -> str:
    cell = f"INDEX({column_name(TABLE, column)},{found})"
    return f'IF({found}=0,"",IF(LEN({cell})=0,"",{cell}))'


def _write_experience(form: _Form, day: str) -> None:
    """Criterion 5: its four bands, with a mark at the one that applies."""
    began = column_name(TABLE, "mulai_anak")
    row = f"SUMPRODUCT(MATCH(1,{_same()}*(LEN({began})>0),0))"
    top = form.row
    start = form.work("Mulai Bekerja dengan Anak", f'=IF({_POSITION}=0,"",IFERROR(INDEX({began},{row}),""))')
    start_day = form.work("Dibaca sebagai", formulas.start_day(start), "tanggal")
    band = _absolute(top, _SCORE)
    form.sheet.write_formula(top, _SCORE, formulas.experience_band(start, start_day, day), form.look("keterangan"), "")
    for item in form.book.pedoman.pengalaman:
        form.fill(2, 2, item.label)
        form.fill(3, 3, f'=IF({band}={_absolute(form.row, 2)},"Ya","")', "tengah")
        form.fill(4, 4, "")
        form.fill(5, 5, "")
        form.row += 1


def _write_total(form: _Form, first: int, last: int) -> str:
    """Jumlah Skor; returns the cell with the total before rounding."""
    answers = f"{_absolute(first, 3)}:{_absolute(last, 3)}"
    waived = form.work("Tidak Dipersyaratkan", formulas.waived_count(answers, form.book.pedoman))
    raw = form.work("Sebelum dibulatkan", formulas.raw_total(form.criteria, waived, MODE, form.book.pedoman))
    form.fill(0, _LAST - 1, "Jumlah Skor", "tebal")
    form.fill(_LAST, _LAST, formulas.total(raw), "tengah", "tebal")
    name_range(form.book.workbook, "daftar_periksa_jumlah", SHEET, (form.row, _LAST), (form.row, _LAST))
    form.row += 1
    return raw


def _write_standard(form: _Form) -> None:
    bands = sorted(form.book.pedoman.rekomendasi, key=lambda band: -band.lower)
    form.fill(0, 1, "Standard Rekomendasi", "tebal", rows=len(bands))
    for band in bands:
        form.fill(2, 2, f"Skor {band.lower} – {band.upper}")
        form.fill(3, _LAST, band.label)
        form.row += 1


def _write_conclusion(form: _Form, raw: str, first: int, last: int) -> None:
    """Rekomendasi, Keterangan with what must be seen beside the score, Pengesahan."""
    form.fill(0, 1, "Rekomendasi", "tebal")
    result = formulas.recommendation("daftar_periksa_jumlah").removeprefix("=")
    by_score = form.work("Rekomendasi menurut skor", f"={result}")
    final = form.work("Rekomendasi akhir", seal_formulas.final(by_score, _of_assessment("rekomendasi_akhir")))
    state = formulas.completeness(form.criteria).removeprefix("=")
    lowered = f'{final}&IF({final}={by_score},""," (menurut skor: "&{by_score}&")")'
    form.fill(2, _LAST, f'=IF({_POSITION}=0,"",IF({final}="",{state},{lowered}))', "tebal")
    form.row += 1
    form.fill(0, 1, "Keterangan", "tebal")
    remark = _of_assessment("keterangan")
    form.fill(2, _LAST, f'=IF({remark}="","",{remark}&CHAR(10))&{_flags(form, raw, first, last)}')
    form.sheet.set_row(form.row, 56)
    form.row += 1
    form.fill(0, 1, "Pengesahan", "tebal")
    form.fill(2, 3, _signature("Staf Penilai", "staf_penilai", "jabatan_penilai"))
    form.fill(4, _LAST, _signature("Mengetahui", "mengetahui", "jabatan_mengetahui"))
    form.sheet.set_row(form.row, 84)  # room to sign


def _signature(label: str, column: str, post: str) -> str:
    name, job = _of_assessment(column), _of_assessment(post)
    return f'="{label} ("&IF({name}="","{_NAME}",{name})&")"&IF({job}="","",CHAR(10)&{job})'


def _write_seal(form: _Form) -> None:
    """Small below the signatures: what was signed, or may be; right of the print area the same to be copied."""
    form.row += 1

    def listed(column: str) -> str:
        return f'=IFERROR(INDEX({column},MATCH({_CHOSEN},{KEYS},0)),"")'

    form.work_row += 1
    form.work("Untuk disalin ke Data Penilaian:", '=""')
    seal = form.work("Sidik", listed(SEALS))
    score = form.work("Skor", '=IF(daftar_periksa_jumlah="","",daftar_periksa_jumlah)')
    version = form.work("Versi Aturan", seal_formulas.version(form.book.pedoman))
    place = form.work_row - 1, _VALUE
    name_range(form.book.workbook, seal_formulas.VERSION, SHEET, place, place)
    state = form.work("Keadaan", listed(SIGNED))
    note = form.work("Catatan", listed(NOTES))
    day = _of_assessment("tanggal_disahkan")
    shown = f'RIGHT("0"&DAY({day}),2)&"/"&RIGHT("0"&MONTH({day}),2)&"/"&YEAR({day})'
    dated = f'IF({state}={seal_formulas.label("belum")},"",IF(ISNUMBER({day})," tanggal "&{shown},""))'
    signed = f'{state}&{dated}&IF({note}="",""," · "&{note})'
    marks = f'IF({seal}="","","Sidik "&{seal}&" · skor "&{score}&" · versi aturan "&{version}&" · ")'
    style = form.look("catatan")
    form.sheet.merge_range(form.row, 0, form.row, _LAST, "", style)
    for code, signal in (("sah", "baik"), ("berubah", "salah")):
        rule = {
            "type": "formula",
            "criteria": f"={state}={seal_formulas.label(code)}",
            "format": form.look.signal(signal),
        }
        form.sheet.conditional_format(form.row, 0, form.row, _LAST, rule)
    form.sheet.write_formula(form.row, 0, f'=IF({state}="","",{marks}&{signed})', style, "")


def _flags(form: _Form, raw: str, first: int, last: int) -> str:
    """The flags that are up, one per line; blank while no assessment is chosen."""
    pedoman = form.book.pedoman

    def span(column: int, top: int = first, bottom: int = last) -> str:
        return f"{_absolute(top, column)}:{_absolute(bottom, column)}"

    legal = next(k for k in pedoman.kriteria if k.code == pedoman.flag("legalitas_nol").target)
    codes = [row.code for row in pedoman.rows]
    news = first + codes.index(pedoman.flag("temuan_kritis").target)
    legal_end = first + len(legal.rows) - 1
    end = first + len(codes) - 1
    partner = f"MATCH({_of_assessment('nama_lembaga')},{column_name('mitra', 'nama_lembaga')},0)"
    kelas = f"INDEX({column_name('mitra', 'kelas_lembaga')},{partner})"
    own = form.work("Kelas Lembaga", f'=IFERROR(IF({kelas}="","",{kelas}),"")')
    found = [
        formulas.legality_flag(span(_SCORE, first, legal_end), span(3, first, legal_end), MODE, pedoman),
        formulas.finding_flag(_absolute(news, 5), pedoman),
        formulas.waiver_flag(own, span(2, first, end), span(3, first, end), pedoman),
        formulas.term_flag(span(2, first, end), span(4, first, end), pedoman),
        formulas.range_flag(span(_TYPED, first, end), span(_SCORE, first, end), MODE, pedoman),
        formulas.fraction_flag(raw, pedoman),
    ]
    cells = [form.work("Bendera", flag) for flag in found]
    settled = f'IFERROR(INDEX({SETTLED},MATCH({_CHOSEN},{KEYS},0)),"")'
    cells.append(form.work("Temuan kritis", f"={settled}"))
    joined = "&".join(f'IF({cell}="","",{cell}&CHAR(10))' for cell in cells)
    return f'IF({_POSITION}=0,"",{joined})'
