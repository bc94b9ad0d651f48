"""Does in LibreOffice what a person does with a workbook: types, pastes, inserts rows, saves.

Runs under the system's own Python (the one that has `uno`) as `uno_typist.py PROFILE`. Reads from standard
input a JSON list of {"path", "script", "out"}; ends with status 1 and one line when something cannot be done.
Sheets and cells are named as a person sees them ("Rencana Kerja", "H12"), rows are counted from 1.
"""

import contextlib
import datetime
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.document.MacroExecMode import ALWAYS_EXECUTE_NO_WARN
from com.sun.star.lang import DisposedException, Locale
from com.sun.star.util.NumberFormat import DATE


class RefusedError(Exception):
    """A person could not have done that either."""


# ---- actions: each takes the document, the sheet and the action's own fields ----------------------------- #


def type_text(document, sheet, cell, text):
    """As on the keyboard: read in the Indonesian locale as number, date or formula, else as text."""
    open_cell(sheet, cell).FormulaLocal = text


def set_text(document, sheet, cell, text):
    """A text that stays text."""
    open_cell(sheet, cell).String = text


def set_number(document, sheet, cell, value):
    """A number, whatever the cell's format."""
    open_cell(sheet, cell).Value = value


def set_date(document, sheet, cell, date):
    """A real date, shown as one. `date` is ISO text."""
    target = open_cell(sheet, cell)
    origin = datetime.date(document.NullDate.Year, document.NullDate.Month, document.NullDate.Day)
    target.Value = (datetime.date.fromisoformat(date) - origin).days
    target.NumberFormat = document.NumberFormats.getStandardFormat(DATE, Locale("id", "ID", ""))


def paste(document, sheet, source, to, from_sheet=None):
    """Copies `source`, from another sheet where one is named, over the cells from `to` on; dropdowns too."""
    origin = sheet if from_sheet is None else sheet_named(document, from_sheet)
    sheet.copyRange(open_cell(sheet, to).CellAddress, origin.getCellRangeByName(source).RangeAddress)


def move_range(document, sheet, source, to):
    """Cuts `source` and pastes it from `to` on."""
    unprotected(sheet).moveRange(open_cell(sheet, to).CellAddress, sheet.getCellRangeByName(source).RangeAddress)


def merge(document, sheet, cells):
    """Joins a range into one cell."""
    unprotected(sheet).getCellRangeByName(cells).merge(True)


def insert_rows(document, sheet, at, count=1):
    """Inserts rows above row `at`."""
    unprotected(sheet).Rows.insertByIndex(at - 1, count)


def delete_rows(document, sheet, at, count=1):
    """Deletes rows from row `at` on."""
    unprotected(sheet).Rows.removeByIndex(at - 1, count)


def insert_columns(document, sheet, at, count=1):
    """Inserts columns left of column `at` ("C")."""
    unprotected(sheet).Columns.insertByIndex(column(sheet, at), count)


def delete_columns(document, sheet, at, count=1):
    """Deletes columns from column `at` on."""
    unprotected(sheet).Columns.removeByIndex(column(sheet, at), count)


def hide_rows(document, sheet, at, count=1):
    """Hides rows from row `at` on."""
    for row in range(at - 1, at - 1 + count):
        unprotected(sheet).Rows.getByIndex(row).IsVisible = False


def delete_sheet(document, sheet):
    """Deletes the sheet."""
    document.Sheets.removeByName(sheet.Name)


def rename_sheet(document, sheet, to):
    """Gives the sheet another name."""
    sheet.Name = to


def copy_shown(document, sheet, cell, source, from_sheet):
    """Copies by hand what another cell shows."""
    type_text(document, sheet, cell, sheet_named(document, from_sheet).getCellRangeByName(source).String)


def note_values(document, sheet, cells, out):
    """Writes what the cells show now to `out`: rows of numbers and texts as JSON, an error as null."""
    Path(out).write_text(json.dumps(sheet.getCellRangeByName(cells).DataArray), encoding="utf-8")


def run_macro(document, sheet, module, name, arguments=(), out=None):
    """Runs a Sub or Function of the workbook's VBA; what it returns goes to `out` as JSON.

    LibreOffice says nothing when a macro, or any module of the workbook, cannot be compiled: look for the effect.
    """
    place = f"vnd.sun.star.script:VBAProject.{module}.{name}?language=Basic&location=document"
    returned, _, _ = document.getScriptProvider().getScript(place).invoke(tuple(arguments), (), ())
    if out is not None:
        Path(out).write_text(json.dumps(returned), encoding="utf-8")


ACTIONS: dict[str, Callable[..., None]] = {
    "type": type_text,
    "text": set_text,
    "number": set_number,
    "set_date": set_date,
    "paste": paste,
    "move_range": move_range,
    "merge": merge,
    "insert_rows": insert_rows,
    "delete_rows": delete_rows,
    "insert_columns": insert_columns,
    "delete_columns": delete_columns,
    "hide_rows": hide_rows,
    "delete_sheet": delete_sheet,
    "rename_sheet": rename_sheet,
    "copy_shown": copy_shown,
    "note_values": note_values,
    "run_macro": run_macro,
}


#: How LibreOffice calls the formats it saves.
FORMATS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".fods": "OpenDocument Spreadsheet Flat XML",
}


def sheet_named(document, name):
    """The sheet with this title."""
    if not document.Sheets.hasByName(name):
        raise RefusedError(f"no sheet {name!r}")
    return document.Sheets.getByName(name)


def unprotected(sheet):
    """The sheet, if its structure may be changed. The programming interface would silently do nothing."""
    if sheet.isProtected():
        raise RefusedError(f"sheet {sheet.Name!r} is protected")
    return sheet


def open_cell(sheet, address):
    """The cell, if a person may type there."""
    cell = sheet.getCellRangeByName(address)
    if sheet.isProtected() and cell.CellProtection.IsLocked:
        raise RefusedError(f"{sheet.Name}!{address} is protected")
    return cell


def column(sheet, letters):
    """The number of a column, from 0."""
    return sheet.getCellRangeByName(f"{letters}1").CellAddress.Column


# ---- LibreOffice ----------------------------------------------------------------------------------------- #


def start(profile):
    """Starts LibreOffice and waits until it answers. Returns its desktop."""
    pipe = Path(profile).name
    office = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
            *("--headless", "--norestore", "--nologo", "--nodefault"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while office.poll() is None:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - uno's NoConnectException: not listening yet; the caller's limit ends it
            time.sleep(0.1)
        else:
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    raise RefusedError(f"soffice ended with {office.returncode}")


def work_on(desktop, job):
    """One workbook: open, do, save."""
    how = options(Hidden=True, MacroExecutionMode=ALWAYS_EXECUTE_NO_WARN)
    document = desktop.loadComponentFromURL(Path(job["path"]).as_uri(), "_blank", 0, how)
    if document is None:
        raise RefusedError("could not be opened")
    try:
        for number, action in enumerate(job["script"], start=1):
            do(document, number, dict(action))
        out = Path(job["out"])
        out.parent.mkdir(parents=True, exist_ok=True)
        document.storeToURL(out.as_uri(), options(FilterName=FORMATS[out.suffix]))
    finally:
        document.close(True)


def do(document, number, action):
    """One action; says which one it was when it cannot be done."""
    verb, title = action.pop("do"), action.pop("sheet")
    try:
        ACTIONS[verb](document, sheet_named(document, title), **action)
    except Exception as error:  # noqa: BLE001 - whatever uno raises, the test must learn at which action
        raise RefusedError(f"action {number} ({verb} in {title!r}): {error or type(error).__name__}") from None


def options(**wanted):
    """Named values as uno takes them."""
    made = []
    for name, value in wanted.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def main(profile):
    """Does every job of standard input."""
    desktop = None
    try:
        desktop = start(profile)
        for job in json.load(sys.stdin):
            try:
                work_on(desktop, job)
            except Exception as error:  # noqa: BLE001 - the caller turns the line into its own exception
                sys.exit(f"{Path(job['path']).name}: {error}")
    except RefusedError as error:
        sys.exit(str(error))
    finally:
        if desktop is not None:
            # A busy office may close the line before it has answered; all files are saved by then.
            with contextlib.suppress(DisposedException):
                desktop.terminate()


if __name__ == "__main__":
    main(sys.argv[1])
