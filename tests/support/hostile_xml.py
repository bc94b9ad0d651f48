"""The hostile set: what is wrong with the XML, before it is a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from support.hostile import MAIN, PLAN, ROW, Row, filled, placed, pressed, spelled, torn, zipped

_DAMAGED = ("damaged", "")
_DOCTYPE = ("unsafe", "DOCTYPE")
_ENCODING = ("unsafe", "pengodean teks")
_SPELLING = ("unsafe", "ejaan XML")
_FORMULAS = ("unsafe", "terlalu banyak rumus tanpa hasil")
_COLUMNS = ("unsafe", "kolom di luar lembar")

_LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
_END = "</sheetData>"
_SHEET = filled()[PLAN].decode().partition("\n")[2]  # without the XML declaration


def _before_root(name: str, text: str) -> Callable[[], bytes]:
    """The template with something between declaration and first element of a part."""

    def make() -> bytes:
        start, _, rest = filled()[name].decode().partition("?>")
        return zipped(filled({name: f"{start}?>{text}{rest}".encode()}))

    return make


def _sheet(part: str, encoding: str, declared: str = "") -> Callable[[], bytes]:
    """The template with its Rencana Kerja in another encoding."""
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return lambda: zipped(filled({PLAN: (head + part).encode(encoding)}))


def _row(inner: str) -> str:
    return f'<row r="{ROW}">{inner}</row></sheetData>'


def _bad_letter() -> bytes:
    return zipped(filled({PLAN: filled()[PLAN].replace(b"<v>", b"<v>\xff", 1)}))


def _prefixed() -> bytes:
    part = re.sub(r"<(/?)(\w)", r"<\1x:\2", _SHEET).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    return zipped(filled({PLAN: part.encode()}))


def _single_quoted() -> bytes:
    return zipped(filled({PLAN: re.sub(r"""="([^"'<>]*)\"""", r"='\1'", _SHEET).encode()}))


FILES: Mapping[str, Row] = {
    "billion_laughs_in_the_workbook": Row(_before_root("xl/workbook.xml", _LAUGHS), _DOCTYPE),
    "billion_laughs_in_a_sheet": Row(_before_root(PLAN, _LAUGHS), _DOCTYPE),
    "billion_laughs_in_the_texts": Row(_before_root("xl/sharedStrings.xml", _LAUGHS), _DOCTYPE),
    "billion_laughs_in_the_styles": Row(_before_root("xl/styles.xml", _LAUGHS), _DOCTYPE),
    "billion_laughs_in_the_content_types": Row(_before_root("[Content_Types].xml", _LAUGHS), _DOCTYPE),
    "billion_laughs_in_the_relations": Row(_before_root("xl/_rels/workbook.xml.rels", _LAUGHS), _DOCTYPE),
    "billion_laughs_in_the_properties": Row(_before_root("docProps/core.xml", _LAUGHS), _DOCTYPE),
    "billion_laughs_where_nobody_reads": Row(_before_root("xl/theme/theme1.xml", _LAUGHS)),
    "one_long_entity_many_times": Row(_before_root(PLAN, f'<!DOCTYPE a [<!ENTITY a "{"x" * 50_000}">]>'), _DOCTYPE),
    "file_of_this_computer_as_entity": Row(_before_root(PLAN, _OUTSIDE), _DOCTYPE),
    "doctype_behind_a_comment": Row(_before_root(PLAN, f"<!-- a -->{_LAUGHS}"), _DOCTYPE),
    "doctype_in_utf_16": Row(_sheet(_LAUGHS + _SHEET, "utf-16"), _DOCTYPE),
    "doctype_in_utf_16_without_mark": Row(_sheet(_LAUGHS + _SHEET, "utf-16-be"), _DOCTYPE),
    "doctype_in_utf_7": Row(_sheet(_LAUGHS.replace("<", "+ADw-") + _SHEET, "utf-8", "UTF-7"), _ENCODING),
    "doctype_in_utf_32": Row(_sheet(_LAUGHS + _SHEET, "utf-32"), _DAMAGED),
    "doctype_in_ebcdic": Row(_sheet(_LAUGHS + _SHEET.replace("\u2013", "-"), "cp037", "cp037"), _DAMAGED),
    "encoding_that_hides": Row(_sheet(_SHEET, "utf-8", "ISO-2022-KR"), _ENCODING),
    "bytes_that_are_no_letters": Row(_bad_letter, _DAMAGED),
    "null_among_the_letters": Row(lambda: placed('<c r="A{}" t="str"><v>a\0b</v></c>'), _DAMAGED),
    "letter_that_is_forbidden": Row(lambda: placed('<c r="A{}" t="str"><v>&#0;</v></c>'), _DAMAGED),
    "half_a_letter": Row(lambda: placed('<c r="A{}" t="str"><v>&#xD800;</v></c>'), _DAMAGED),
    "unknown_entity": Row(lambda: placed('<c r="A{}" t="str"><v>&lol;</v></c>'), _DAMAGED),
    "xml_cut_off": Row(lambda: zipped(filled({PLAN: filled()[PLAN][:3000]})), _DAMAGED),
    "tags_that_cross": Row(lambda: placed('<c r="A{}"><v>1</c></v>'), _DAMAGED),
    "nested_a_hundred_thousand_times": Row(
        lambda: spelled("xl/workbook.xml", "</workbook>", "<a>" * 100_000 + "</a>" * 100_000 + "</workbook>")
    ),
    "nested_in_a_sheet": Row(torn(PLAN, _END, lambda: _row("<d>" * 300_000 + "</d>" * 300_000))),
    "nested_in_an_odd_sheet": Row(torn(PLAN, _END, lambda: _row("<q:c>" * 300_000 + "</q:c>" * 300_000)), _SPELLING),
    "half_a_million_attributes": Row(
        torn(PLAN, _END, lambda: _row("<c " + " ".join(f"a{n}=''" for n in range(500_000)) + "/>")), _SPELLING
    ),
    "attribute_of_16_mib": Row(torn(PLAN, "<row ", lambda: '<row a="' + "xy" * (8 << 20) + '" '), _SPELLING),
    "tag_without_end": Row(torn(PLAN, _END, lambda: "<row " + "a" * (1 << 20)), _SPELLING),
    "rows_begun_and_begun": Row(torn(PLAN, _END, lambda: "<row " * 2_000_000), _DAMAGED),
    "columns_begun_and_begun": Row(torn(PLAN, "<cols>", lambda: '<cols hidden="">' + "<col " * 2_000_000), _COLUMNS),
    "formulas_in_one_cell": Row(torn(PLAN, _END, lambda: '<c r="A900">' + "<f/>" * 5_000_000 + _END), _FORMULAS),
    "errors_in_one_tag": Row(torn(PLAN, _END, lambda: ("<c " + 't="e" ' * 9_000 + "/>") * 300 + _END)),
    "texts_in_one_tag": Row(torn(PLAN, _END, lambda: ("<c " + 't="s" ' * 9_000 + "<") * 300 + _END), _DAMAGED),
    "pipes_in_a_formula": Row(
        torn(PLAN, _END, lambda: f'<row r="900"><c r="A900"><f>{"|" * 250_000}</f><v>1</v></c></row>{_END}')
    ),
    "references_in_one_tag": Row(
        torn(PLAN, _END, lambda: '<row r="900">' + ("<c " + 'r="AB90" ' * 7_000 + "/>") * 200 + f"</row>{_END}"),
        ("unsafe", "sel ganda"),
    ),
    "errors_begun_and_begun": Row(torn(PLAN, _END, lambda: '<c r="A900" t="e">' * 1_000_000), _DAMAGED),
    "comment_of_a_mib": Row(torn(PLAN, "<cols>", lambda: "<!--" + "x" * (1 << 20) + "--><cols>"), _SPELLING),
    "a_million_namespaces": Row(
        torn(PLAN, "<cols>", lambda: "<cols " + " ".join(f'xmlns:a{n}="b"' for n in range(1_000_000)) + ">"), _SPELLING
    ),
    "declaration_behind_a_mib_of_spaces": Row(
        lambda: pressed(filled({PLAN: (" " * (1 << 20) + _SHEET).encode("utf-16")}))
    ),
    "sheet_in_utf_16": Row(_sheet(_SHEET, "utf-16")),
    "sheet_with_a_prefix": Row(_prefixed),
    "sheet_with_single_quotes": Row(_single_quoted),
}
