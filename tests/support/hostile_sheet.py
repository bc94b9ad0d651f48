"""The hostile set: what is wrong with the shape of a sheet, or with the list of sheets."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from kemitraan_xl.intake.gate.guard import MAX_LISTS, MAX_SHEETS
from kemitraan_xl.intake.gate.sheetscan import MAX_TAGS
from kemitraan_xl.intake.gate.zipdir import MIB
from support.hostile import CELL, PLAN, ROW, Row, filled, placed, plan, sheet, spelled, torn, zipped

_END, _MERGES = "</sheetData>", "<mergeCells>{}</mergeCells>"
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_WORKSHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_FAR = ("far", "sel XFD1048576")
_OUTSIDE = ("unsafe", "sel di luar lembar")
_TWICE = ("unsafe", "baris ganda")
_STRAY = ("ST-19",)
_TAGS = ("bomb", f"lebih dari {MAX_TAGS} sel")
_SHEETS = ("bomb", f"lebih dari {MAX_SHEETS} lembar")
_LISTS = ("bomb", f"daftar isi lebih dari {MAX_LISTS // MIB} MiB")
_CORNER = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def _rows(numbers: range, text: str) -> Callable[[], bytes]:
    """The template with a row for each number, which stands in it as {0}, at the end of its Rencana Kerja."""
    return torn(PLAN, _END, lambda: "".join(map(text.format, numbers)) + _END, zlib.Z_DEFAULT_STRATEGY)


def _after(text: str, count: int, around: str = "{}") -> Callable[[], bytes]:
    """The template with so many of one thing behind its rows."""
    return torn(PLAN, _END, lambda: _END + around.format(text * count))


def _listed(part: str, end: str, text: str, count: int) -> Callable[[], bytes]:
    """The template with so many more, each with its number as {0}, before the end of a list."""
    return torn(part, end, lambda: "".join(map(text.format, range(count))) + end)


def _sheets(*parts: bytes, own: bool = True, title: str = "Tambahan{}") -> bytes:
    """The template with further sheets; without `own` they are all one part."""
    numbers = range(20, 20 + len(parts))
    listed = "".join(f'<sheet name="{title.format(n)}" sheetId="{n}" r:id="rIdX{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rIdX{n}" Type="{_WORKSHEET}" Target="worksheets/sheet{n if own else 20}.xml"/>'
        for n in numbers
    )
    changes = {
        _BOOK: filled()[_BOOK].replace(b"</sheets>", f"{listed}</sheets>".encode()),
        _RELATIONS: filled()[_RELATIONS].replace(b"</Relationships>", f"{related}</Relationships>".encode()),
    }
    further = zip(numbers, parts, strict=True) if own else [(20, parts[0])]
    return zipped(filled(changes | {f"xl/worksheets/sheet{n}.xml": part for n, part in further}))


def _target(old: str, new: str) -> Callable[[], bytes]:
    return lambda: spelled(_RELATIONS, f'Target="{old}"', f'Target="{new}"')


_WIDE = sheet(CELL + '<row r="9999"><c r="Z9999"><v>1</v></c></row>')  # as large as a sheet can be with all of it near
_MERGED = '<mergeCell ref="A1:XFD1048576"/>'
_COLUMN = '<col min="1" max="16384" hidden="1"/>'
_VALIDATION = '<dataValidation type="list" sqref="A1:XFD1048576"/>'
_CONDITION = '<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression"/></conditionalFormatting>'
_BLANKS = "".join(f'<c r="{letter}{{0}}" s="1"/>' for letter in "ABCDEFGH")
_NUMBERS = "".join(f'<c r="{letter}{{0}}"><v>{{0}}</v></c>' for letter in "LMNOPQRSTU")
_TEXTS = "".join(f'<c r="{letter}{{0}}" t="str"><v>{letter}{{0}}</v></c>' for letter in "LMNOPQRSTU")
_NAME = '<definedName name="a{0}">Ref!$A$1</definedName>'
_ROUND = (
    b'<Relationships><Relationship Id="rId1" Target="../_rels/sheet4.xml.rels"/>'
    b'<Relationship Id="rId2" Target="sheet4.xml"/></Relationships>'
)

FILES: Mapping[str, Row] = {
    "cell_in_the_last_corner": Row(lambda: plan(_CORNER), _FAR),
    "corner_behind_a_prefix": Row(
        lambda: plan('<q:row r="1048576"><q:c r="XFD1048576"><q:v>1</q:v></q:c></q:row>'), _FAR
    ),
    "corner_in_single_quotes": Row(lambda: plan(_CORNER.replace('"', "'")), _FAR),
    "corner_with_spaces": Row(lambda: plan(_CORNER.replace("=", " = ")), _FAR),
    "corner_in_small_letters": Row(lambda: plan(_CORNER.replace("XFD", "xfd")), ("far", "sel xfd1048576")),
    "corner_with_a_number_as_entity": Row(lambda: plan(_CORNER.replace("XFD1", "XFD&#49;").replace('"', "'")), _FAR),
    "corner_in_another_sheetdata": Row(lambda: plan(before=f"<q:sheetData>{_CORNER}</q:sheetData>"), _FAR),
    "corner_without_numbers": Row(
        lambda: plan('<row r="1048575"/><row>' + "<c/>" * 16_383 + "<c><v>1</v></c></row>"), ("far", "sel 1048576")
    ),
    "two_cells_moderately_far": Row(
        lambda: plan('<row r="200000"><c r="IV200000"><v>1</v></c></row>'), ("far", "sel IV200000")
    ),
    "dot_in_the_last_row": Row(
        lambda: plan('<row r="1048576"><c r="A1048576" t="str"><v>.</v></c></row>'), ("far", "sel A1048576")
    ),
    "below_the_grid": Row(lambda: plan('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), _OUTSIDE),
    "right_of_the_grid": Row(lambda: placed('<c r="XFE{}"><v>1</v></c>'), _OUTSIDE),
    "column_of_many_letters": Row(lambda: placed('<c r="ZZZZZZZZZZ{}"><v>1</v></c>'), _OUTSIDE),
    "endless_row_number": Row(lambda: plan(f'<row r="900"><c r="A{"9" * 5000}"><v>1</v></c></row>'), _OUTSIDE),
    "row_zero": Row(lambda: plan('<row r="0"><c r="A0"><v>1</v></c></row>'), ("damaged", "")),
    "row_below_zero": Row(lambda: plan('<row r="-1"><c><v>1</v></c></row>'), ("damaged", "")),
    "row_twice": Row(
        lambda: plan(filled()[PLAN].decode().partition("<sheetData>")[2].partition("</row>")[0] + "</row>"), _TWICE
    ),
    "row_twice_with_a_zero_before": Row(lambda: placed('</row><row r="0900"><c r="B{}"><v>1</v></c>'), _TWICE),
    "rows_out_of_order": Row(
        lambda: plan('<row r="950"><c r="A950" s="1"/></row><row r="940"><c r="A940" s="1"/></row>')
    ),
    "cells_without_end": Row(torn(PLAN, _END, lambda: f'<row r="{ROW}">{"<c/>" * 5_000_000}</row>{_END}'), _TAGS),
    "cells_up_to_the_limit": Row(torn(PLAN, _END, lambda: f'<row r="{ROW}">{"<c/>" * 3_900_000}</row>{_END}')),
    "rows_without_end": Row(torn(PLAN, _END, lambda: "<row/>" * 5_000_000 + _END), _TAGS),
    "blank_rows_to_200000": Row(_rows(range(1000, 200_000), f'<row r="{{0}}">{_BLANKS}</row>')),
    "numbers_up_to_the_limit": Row(_rows(range(1000, 90_000), f'<row r="{{0}}">{_NUMBERS}</row>'), findings=_STRAY),
    "texts_up_to_the_limit": Row(_rows(range(1000, 90_000), f'<row r="{{0}}">{_TEXTS}</row>'), findings=_STRAY),
    "merge_of_the_whole_sheet": Row(_after(_MERGED, 1, _MERGES), findings=("ST-10",)),
    "merges_of_the_whole_sheet": Row(_after(_MERGED, 9_000, _MERGES), findings=("ST-10",)),
    "hundred_thousand_merges": Row(_after(_MERGED, 100_000, _MERGES), ("unsafe", "terlalu banyak sel gabungan")),
    "hundred_thousand_columns": Row(_listed(PLAN, "</cols>", _COLUMN, 100_000), ("unsafe", "kolom di luar lembar")),
    "columns_hidden_beyond_the_grid": Row(_listed(PLAN, "</cols>", '<col min="12" max="99999" hidden="1"/>', 9)),
    "a_million_hidden_rows": Row(_rows(range(1000, 1_000_000), '<row r="{0}" hidden="1"/>')),
    "too_many_errors": Row(
        _rows(range(1000, 120_000), '<row r="{0}"><c r="A{0}" t="e"><v>#N/A</v></c></row>'),
        ("unsafe", "terlalu banyak sel galat"),
    ),
    "too_many_formulas_without_result": Row(
        _rows(range(1000, 120_000), '<row r="{0}"><c r="A{0}"><f>1</f></c></row>'),
        ("unsafe", "terlalu banyak rumus tanpa hasil"),
    ),
    "shared_formula_over_the_sheet": Row(
        lambda: placed('<c r="L{}"><f t="shared" ref="A1:XFD1048576" si="0">1+1</f><v>2</v></c>'), findings=_STRAY
    ),
    "array_formula_over_the_sheet": Row(
        lambda: placed('<c r="L{}"><f t="array" ref="A1:XFD1048576">1+1</f><v>2</v></c>'), findings=_STRAY
    ),
    "dimension_much_too_large": Row(lambda: spelled(PLAN, '<dimension ref="A1:K36"', '<dimension ref="A1:XFD1048576"')),
    "dimension_much_too_small": Row(lambda: spelled(PLAN, '<dimension ref="A1:K36"', '<dimension ref="A1"')),
    "hundred_thousand_validations": Row(_after(_VALIDATION, 100_000, "<dataValidations>{}</dataValidations>")),
    "hundred_thousand_conditional_formats": Row(_after(_CONDITION, 100_000)),
    "hundred_thousand_links": Row(_after('<hyperlink ref="A1" r:id="rId1"/>', 100_000, "<hyperlinks>{}</hyperlinks>")),
    "three_thousand_sheets": Row(lambda: _sheets(*[sheet()] * 3_000, own=False), _SHEETS),
    "hundred_sheets_of_one_part": Row(lambda: _sheets(*[sheet()] * 100, own=False), ("unsafe", "lembar ganda")),
    "forty_sheets_as_wide_as_can_be": Row(lambda: _sheets(*[_WIDE] * 40), findings=("ST-13",)),
    "two_hundred_small_sheets": Row(lambda: _sheets(*[sheet()] * 200), findings=("ST-13",)),
    "sheets_of_one_title": Row(lambda: _sheets(sheet(), title="RENCANA KERJA"), ("unsafe", "lembar ganda")),
    "title_with_a_line_end": Row(lambda: _sheets(sheet(), title="a&#10;b"), findings=("ST-13",)),
    "title_without_end": Row(lambda: _sheets(sheet(), title="xy " * 90_000), ("unsafe", "ejaan XML")),
    "sheet_that_is_the_list_of_sheets": Row(_target("worksheets/sheet4.xml", "workbook.xml"), findings=("ST-01",)),
    "sheet_that_is_another_sheet": Row(
        _target("worksheets/sheet4.xml", "worksheets/sheet3.xml"), ("unsafe", "lembar ganda")
    ),
    "sheet_outside_the_zip": Row(_target("worksheets/sheet4.xml", "../../../etc/passwd"), ("damaged", "")),
    "relations_that_go_round": Row(lambda: zipped(filled({"xl/worksheets/_rels/sheet4.xml.rels": _ROUND}))),
    "ten_thousand_names": Row(_listed(_BOOK, "</definedNames>", _NAME, 10_000)),
    "two_hundred_thousand_names": Row(_listed(_BOOK, "</definedNames>", _NAME, 200_000), _LISTS),
    "name_of_a_mib": Row(
        _listed(_BOOK, "</definedNames>", f'<definedName name="a">{"x" * (1 << 20)}</definedName>', 1),
        ("unsafe", "ejaan XML"),
    ),
    "hundred_thousand_content_types": Row(
        _listed("[Content_Types].xml", "</Types>", '<Default Extension="a{0}" ContentType="a/a"/>', 100_000), _LISTS
    ),
    "hundred_thousand_relations": Row(
        _listed(_RELATIONS, "</Relationships>", '<Relationship Id="a{0}" Type="b" Target="c"/>', 100_000), _LISTS
    ),
}
