"""What Excel refuses to do, with the words it has for it and the code Office.js gives it."""

from __future__ import annotations

#: By reason: Excel's own words (shortened), and Office.js' error code.
REFUSALS = {
    "locked": ("The cell or chart you're trying to change is on a protected sheet.", "AccessDenied"),
    "formats": ("The sheet is protected and does not allow this format to be changed.", "AccessDenied"),
    "structure": ("Workbook is protected and cannot be changed.", "AccessDenied"),
    "merged": ("We can't do that to a merged cell.", "InvalidOperation"),
    "array": ("You can't change part of an array.", "InvalidOperation"),
    "formula": ("There's a problem with this formula.", "InvalidArgument"),
    "length": ("The text is longer than a cell can hold.", "InvalidArgument"),
    "shape": ("The array doesn't match the size of the range.", "InvalidArgument"),
    "sheet name": ("That name is already taken or can't be a sheet's name.", "InvalidArgument"),
    "name": ("There is no such name, or it does not refer to a range.", "ItemNotFound"),
    "last sheet": ("A workbook must contain at least one visible worksheet.", "InvalidOperation"),
    "hidden sheet": ("A hidden sheet can't be activated.", "InvalidOperation"),
    "read-only": ("The workbook is read-only; save it under another name.", "InvalidOperation"),
}


class RefusedError(Exception):
    """Excel does not do this; `reason` is a key of REFUSALS. Each host raises its own kind."""

    def __init__(self, reason: str) -> None:
        super().__init__(REFUSALS[reason][0])
        self.reason = reason
