"""One visual language for every workbook: colours, fonts, cell formats, tabs and pages.

Every text/background pair meets WCAG AA (4.5 : 1). Arial is used because LibreOffice replaces it by a
font of equal width, so that columns and page breaks are the same in both programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from validation.language import INDONESIAN, Language, Text

OWNER: Final = "Komisi Perlindungan Anak Indonesia"
FONT: Final = "Arial"
FONT_SIZE: Final = 10

INK: Final = "#1F2933"
MUTED: Final = "#52606D"
LINE: Final = "#7B8794"
PAPER: Final = "#FFFFFF"
HEADING: Final = "#D6E4F0"
HELPER: Final = "#EEF2F6"
INPUT: Final = "#FFFBE6"
AGREED: Final = "#DCEBEA"
BRAND: Final = "#1B4F72"
LINK: Final = "#0B5394"

#: Background and ink of a state, the same in cells, in Periksa and in findings.
SIGNALS: Final = {
    "baik": ("#DDF3E0", "#14532D"),
    "kurang": ("#FFE9B8", "#6B3F00"),
    "salah": ("#FBD5D5", "#7A1020"),
}

#: Background and ink of a level of risk, by its code in the list tingkat_risiko.
RISKS: Final = {
    "1": ("#D7ECD9", "#14532D"),
    "2": ("#EAF3C8", "#3F4A0A"),
    "3": ("#FFF0B3", "#5C4300"),
    "4": ("#FFCFA3", "#6B2D00"),
    "5": ("#F4A6A6", "#5F0A17"),
}

#: Tab colours by the groups of `validation/lists/tahap_lembar.toml`.
TABS: Final = {
    "beranda": "#1B4F72",
    "identifikasi": "#2E7D6B",
    "usulan": "#3E8E41",
    "telaah": "#B7791F",
    "naskah": "#8E5AA8",
    "pelaksanaan": "#0F7490",
    "pengendalian": "#A23B72",
    "rekap": "#374151",
    "rujukan": "#7B8794",
}

#: Number format by kind of column. `@` keeps what a partner types as typed ("- butir satu" stays text).
NUMBER_FORMATS: Final = {
    "teks": "@",
    "pilihan": "@",
    "ya": "@",
    "waktu": "@",
    "masa": "@",
    "bulat": "0",
    "angka": "General",
    "persen": "0%",
    "rupiah": '"Rp" #,##0',
    "jumlah": "#,##0",
    "tanggal": "dd/mm/yyyy",
}

#: How the cells of a table stand, by kind of column, so that no number touches the text beside it.
_ALIGNED: Final = {"ya": "tengah", "bulat": "tengah", "tanggal": "tengah", "persen": "tengah", "rupiah": "uang"}

_BORDER: Final[dict[str, Any]] = {"border": 1, "border_color": LINE}

#: Left and right margin in inches, and pixels across a landscape page that come out nine points high or more.
_MARGIN: Final = 0.3
_PAGE_WIDTH: Final = int((297 / 25.4 - 2 * _MARGIN) * 96 / (9 / FONT_SIZE))

_PAGE: Final = Text("Halaman &P dari &N")

STYLES: Final[dict[str, dict[str, Any]]] = {
    "judul": {"bold": True, "font_size": 14, "font_color": BRAND, "valign": "vcenter"},
    "lampiran": {"bold": True, "font_size": 11},
    "baris judul": {"bold": True, "font_size": 12, "align": "center", "valign": "vcenter", **_BORDER},
    "baris label": {"valign": "vcenter", "top": 1, "bottom": 1, "top_color": LINE, "bottom_color": LINE},
    "tepi kiri": {"left": 1, "left_color": LINE},
    "tepi kanan": {"right": 1, "right_color": LINE},
    "panduan": {"italic": True, "font_color": MUTED, "valign": "vcenter"},
    "kepala": {
        "bold": True,
        "bg_color": HEADING,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        **_BORDER,
    },
    "kepala bantu": {
        "font_color": MUTED,
        "bg_color": HELPER,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        **_BORDER,
    },
    "kelompok": {"bold": True, "font_color": BRAND, "bottom": 2, "bottom_color": BRAND},
    "label": {"align": "left", "valign": "top", "text_wrap": True, "indent": 1},
    "anak": {"indent": 3},
    "tebal": {"bold": True},
    "isian": {"bg_color": INPUT},
    "disepakati": {"bg_color": AGREED},
    "tengah": {"align": "center"},
    "hitungan": {"align": "center", "num_format": "0;-0;–"},
    "kiri": {"align": "left"},
    "kanan": {"align": "right"},
    "uang": {"align": "right", "indent": 1},
    "sel": {"valign": "top", "text_wrap": True, **_BORDER},
    "lajur": {"valign": "top", "text_wrap": True},
    "tetap": {"bg_color": HELPER},
    "penanda": {"font_size": 7, "font_color": MUTED},
    "terpotong": {"align": "fill"},
    "catatan": {"font_color": MUTED, "valign": "top", "text_wrap": True},
    "paragraf": {"valign": "top", "text_wrap": True},
    "lurus": {"valign": "top"},
    "keterangan": {"font_color": MUTED, "valign": "top"},
    "peringatan": {"bold": True, "font_color": SIGNALS["salah"][1], "valign": "top"},
    "tegak": {"valign": "vcenter"},
    "satu baris": {"text_wrap": False},
    "muat": {"text_wrap": False, "shrink": True},
    "dua baris": {"text_wrap": True},
    "hari": {"num_format": NUMBER_FORMATS["tanggal"]},
    "hari terisi": {"num_format": f"{NUMBER_FORMATS['tanggal']};;"},
    "besar": {"bold": True, "font_size": 16},
    "terbuka": {"locked": False},
    "temuan salah": {
        "bg_color": SIGNALS["salah"][0],
        "font_color": SIGNALS["salah"][1],
        "bold": True,
        "border": 5,
        "border_color": SIGNALS["salah"][1],
    },
    "temuan kurang": {
        "bg_color": SIGNALS["kurang"][0],
        "font_color": SIGNALS["kurang"][1],
        "italic": True,
        "border": 8,
        "border_color": SIGNALS["kurang"][1],
    },
    "tautan": {"font_color": LINK, "underline": 1, "valign": "top"},
    **{f"risiko {level}": {"bg_color": back, "font_color": ink} for level, (back, ink) in RISKS.items()},
    **{f"tanda {name}": {"bg_color": back, "font_color": ink} for name, (back, ink) in SIGNALS.items()},
}


def aligned(kind: str) -> tuple[str, ...]:
    """The style that puts the cells of a column in their place; none for text."""
    return (_ALIGNED[kind],) if kind in _ALIGNED else ()


class Look:
    """The formats of one workbook, and the language it speaks; each combination of styles is created once.

    `look("sel", "isian", kind="rupiah")` merges the named styles and adds the kind's number format.
    """

    def __init__(self, workbook: Workbook, spoken: Language = INDONESIAN) -> None:
        self._workbook = workbook
        self.language = spoken
        self._made: dict[tuple[str, ...], Format] = {}

    def __call__(self, *styles: str, kind: str = "") -> Format:
        key = (*styles, kind)
        if key not in self._made:
            properties: dict[str, Any] = {}
            for style in styles:
                properties |= STYLES[style]
            if kind:
                properties["num_format"] = NUMBER_FORMATS[kind]
            self._made[key] = self._workbook.add_format(self._base() | properties)
        return self._made[key]

    def signal(self, name: str) -> Format:
        """A conditional format: only colours, so that the cell keeps its own font and border."""
        key = ("signal", name)
        if key not in self._made:
            back, ink = SIGNALS[name]
            self._made[key] = self._workbook.add_format({"bg_color": back, "font_color": ink})
        return self._made[key]

    def risk(self, level: str) -> Format:
        """A conditional format in the colours of a level of risk."""
        key = ("risk", level)
        if key not in self._made:
            back, ink = RISKS[level]
            self._made[key] = self._workbook.add_format({"bg_color": back, "font_color": ink})
        return self._made[key]

    @staticmethod
    def _base() -> dict[str, Any]:
        return {"font_name": FONT, "font_size": FONT_SIZE, "font_color": INK}


def spread(sheet: Worksheet, widths: Sequence[float], kept: int) -> bool:
    """A table too wide for one page that can be read goes over several, its first `kept` columns on each.

    Returns whether it does.
    """
    pixels = [int(width * sheet.max_digit_width + 0.5) + sheet.cell_padding for width in widths]
    pages, used = 1, sum(pixels[:kept])
    for width in pixels[kept:]:
        if used + width > _PAGE_WIDTH:
            pages, used = pages + 1, sum(pixels[:kept])
        used += width
    if pages > 1:
        sheet.fit_to_pages(pages, 0)
        sheet.repeat_columns(0, kept - 1)
    return pages > 1


def set_up_page(
    sheet: Worksheet,
    *,
    area: tuple[int, int, int, int] | None,
    heading_row: int | None = None,
    portrait: bool = False,
    one_page: bool = False,
    spoken: Language = INDONESIAN,
) -> None:
    """A4, one page wide (and, for `one_page`, high), repeated heading row, owner above, page number below.

    `area` is (first row, first column, last row, last column), counted from 0; None for whatever is filled.
    """
    if portrait:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=_MARGIN, right=_MARGIN, top=0.75, bottom=0.6)
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.center_horizontally()
    if area is not None:
        sheet.print_area(*area)
    if heading_row is not None:
        sheet.repeat_rows(heading_row)
    sheet.set_header(f'&L&"{FONT},Bold"&9{OWNER}&R&"{FONT}"&9&A')
    sheet.set_footer(f'&R&"{FONT}"&9{spoken(_PAGE)}')
