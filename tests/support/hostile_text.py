"""The hostile set: texts, styles and values that are made to grow, to be looked up in vain, or to be misread."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kemitraan_xl.intake.gate.guard import MAX_FORMATS
from kemitraan_xl.intake.gate.sheetscan import MAX_TEXT
from support.hostile import PLAN, Row, filled, placed, spelled, torn, zipped

_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_TEXT = ("bomb", f"teks lebih dari {MAX_TEXT >> 20} MiB")
_FORMATS = ("bomb", f"lebih dari {MAX_FORMATS} format sel")
_SPELLING = ("unsafe", "ejaan XML")
_DAMAGED = ("damaged", "")
_COVER = "xl/worksheets/sheet1.xml"
_SHOWN = '<c r="L{0}" t="s"><v>{1}</v></c>'
_LONG = '<row r="900"><c r="L900" t="inlineStr"><is><t>{}</t></is></c></row>'


def _amplified(cell: str, text: str = "x" * 32_767, count: int = 3_000) -> Callable[[], bytes]:
    """One more shared text of the longest length, shown in a great many cells; {0} is a row, {1} its number."""

    def make() -> bytes:
        strings, plan = filled()[_STRINGS].decode(), filled()[PLAN].decode()
        number = strings.count("<si>")
        rows = "".join(f'<row r="{n}">{cell.format(n, number)}</row>' for n in range(1000, 1000 + count))
        strings = strings.replace("</sst>", f"<si><t>{text}</t></si></sst>")
        plan = plan.replace("</sheetData>", f"{rows}</sheetData>")
        return zipped(filled({_STRINGS: strings.encode(), PLAN: plan.encode()}))

    return make


def _more(part: str, end: str, text: Callable[[], str]) -> Callable[[], bytes]:
    """The template with more before the end of one list."""
    return torn(part, end, lambda: text() + end)


def _without(part: str) -> Callable[[], bytes]:
    return lambda: zipped({name: content for name, content in filled().items() if name != part})


def _stray(value: str, said: str = "") -> Row:
    """A cell below the table with this value, which is read and said to be none of the table's."""
    return Row(lambda: placed(f'<c r="L{{}}"{said}><v>{value}</v></c>'), findings=("ST-19",))


def _no_cell(value: str, said: str) -> Row:
    return Row(lambda: placed(f'<c r="L{{}}"{said}><v>{value}</v></c>'), _DAMAGED)


FILES: Mapping[str, Row] = {
    "one_text_in_every_cell": Row(_amplified(_SHOWN), _TEXT),
    "one_text_in_single_quotes": Row(_amplified("<c r=\"L{0}\" t='s'><v>{1}</v></c>"), _TEXT),
    "one_text_with_spaces": Row(_amplified('<c r="L{0}" t = "s"><v>{1}</v></c>'), _TEXT),
    "one_text_behind_a_prefix": Row(_amplified('<q:c r="L{0}" t="s"><v>{1}</v></q:c>'), _TEXT),
    "one_text_by_an_entity": Row(_amplified('<c r="L{0}" t="s"><v>&#48;{1}</v></c>'), _TEXT),
    "one_text_behind_a_formula": Row(_amplified('<c r="L{0}" t="s"><f>1</f><v>{1}</v></c>'), _TEXT),
    "one_text_with_tags_inside": Row(_amplified(_SHOWN, f"{'x' * 4_000}<sia/>" * 8), _TEXT),
    "one_text_with_texts_inside": Row(_amplified(_SHOWN, f"{'x' * 4_000}<si>" * 8), _TEXT),
    "one_text_in_runs": Row(_amplified(_SHOWN, f"{'x' * 4_000}</t></r><r><t>" * 8), _TEXT),
    "one_text_below_the_limit": Row(
        _amplified('<c r="L{0}" t="s"><v>{1}</v></c>', "\U0001f600" * 32_767, 200), findings=("ST-19",)
    ),
    "text_of_a_mib_in_a_cell": Row(_more(PLAN, "</sheetData>", lambda: _LONG.format("xy " * 350_000)), _SPELLING),
    "text_of_a_mib_among_the_shared": Row(
        _more(_STRINGS, "</sst>", lambda: f"<si><t>{'xy ' * 350_000}</t></si>"), _SPELLING
    ),
    "a_mib_of_spaces": Row(_more(PLAN, "</sheetData>", lambda: " " * (1 << 20)), _SPELLING),
    "two_million_shared_texts": Row(_more(_STRINGS, "</sst>", lambda: "<si><t>a</t></si>" * 2_000_000)),
    "text_of_a_hundred_thousand_runs": Row(
        _more(_STRINGS, "</sst>", lambda: "<si>" + "<r><rPr><b/></rPr><t>a</t></r>" * 100_000 + "</si>")
    ),
    "number_of_a_text_that_is_not_there": _no_cell("99999999", ' t="s"'),
    "number_of_a_text_below_zero": _stray("-1", ' t="s"'),
    "number_of_a_text_beyond_all_numbers": _stray("9" * 99, ' t="s"'),
    "texts_that_are_none": Row(lambda: zipped(filled({_STRINGS: b"<sst>" + b"<x>a</x>" * 100_000 + b"</sst>"})), _TEXT),
    "texts_that_are_not_there": Row(_without(_STRINGS), _DAMAGED),
    "a_million_styles": Row(_more(_STYLES, "</cellXfs>", lambda: '<xf numFmtId="0"/>' * 1_000_000), _FORMATS),
    "styles_begun_and_begun": Row(_more(_STYLES, "<fonts", lambda: "<fonts " * 6_000)),
    "number_formats_without_end": Row(
        _more(_STYLES, "<fonts", lambda: '<numFmts><numFmt numFmtId="200" formatCode="0"/></numFmts>' * 300_000)
    ),
    "number_format_of_a_mib": Row(
        _more(_STYLES, "<fonts", lambda: f'<numFmts><numFmt numFmtId="200" formatCode="{"0;" * 500_000}"/></numFmts>'),
        _SPELLING,
    ),
    "style_that_is_not_there": _stray("1", ' s="4000000000"'),
    "styles_that_are_not_there": Row(_without(_STYLES)),
    "number_beyond_all_numbers": _stray("1e999"),
    "number_below_all_numbers": _stray("-1e999"),
    "number_that_is_none": _stray("NaN"),
    "number_of_many_digits": _stray("9" * 4000),
    "cost_beyond_all_numbers": Row(lambda: spelled(PLAN, "<v>5000000</v>", "<v>1e999</v>")),
    "date_beyond_all_days": Row(lambda: spelled(_COVER, "<v>46027</v>", "<v>1e300</v>")),
    "date_below_zero": Row(lambda: spelled(_COVER, "<v>46027</v>", "<v>-99999999</v>")),
    "date_below_all_days": Row(lambda: spelled(_COVER, "<v>46027</v>", "<v>-1e999</v>"), _DAMAGED),
    "date_that_is_none": _stray("2020-13-99T99:99:99", ' t="d"'),
    "cell_of_no_known_kind": _no_cell("1", ' t="x"'),
    "truth_that_is_neither": _no_cell("7", ' t="b"'),
    "error_that_is_none": Row(lambda: placed('<c r="L{}" t="e"><v>#NOPE!</v></c>')),
    "null_in_disguise": _stray("_x0000__xD800_", ' t="str"'),
}
