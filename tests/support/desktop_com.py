"""How values and refusals pass between COM and Python: what pywin32 makes of Excel's errors, dates and currencies."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl.utils.datetime import to_excel
from xlwings import utils

from support.excel_cells import Shown
from support.excel_refusals import REFUSALS
from udfs.build.stub import ComError

#: An error cell comes as a number.
ERRORS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}
CODES = {name: code for code, name in ERRORS.items()}

DISP_E_EXCEPTION = -2147352567
DISP_E_BADINDEX = -2147352565
APPLICATION_ERROR = -2146827284  # VBA's run-time error 1004


def com_error(message: str, hresult: int = DISP_E_EXCEPTION) -> ComError:
    """What pywin32 raises when Excel refuses."""
    details = (0, "Microsoft Excel", message, "xlmain11.chm", 0, APPLICATION_ERROR)
    return ComError(hresult, "Exception occurred.", details, None)


def refusal(reason: str) -> ComError:
    return com_error(REFUSALS[reason][0])


def value_of(value: Shown, number_format: str) -> Any:
    """Range.Value of one cell: numbers are floats; in a currency format Excel hands over VT_CY, which is a Decimal."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        currency = '"Rp"' in number_format or "[$" in number_format
        return Decimal(str(round(value, 4))) if currency else float(value)
    return CODES.get(value, value) if isinstance(value, str) else value


def formula_text(value: Shown) -> str:
    """Range.Formula of a cell without one: its value as text, dates as serial numbers, and no apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return value if isinstance(value, str) else str(value).upper()
    return format(to_excel(value) if isinstance(value, datetime) else value, ".15g")


def as_hex(color: Any) -> str | None:
    """xlwings takes (r, g, b), "#RRGGBB" or Excel's integer; None is no colour."""
    if color is None or isinstance(color, str):
        return color
    return str(utils.rgb_to_hex(*(utils.int_to_rgb(color) if isinstance(color, int) else color)))
