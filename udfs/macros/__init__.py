"""The macros: one plain function each, which reads the open workbook and returns what is to be written."""

from __future__ import annotations

import xlwings as xw

from kemitraan_xl.impossible import Impossible
from udfs import registry
from udfs.desk import Desk
from udfs.macros import checking, grading, handing_out, opening, previewing, returning, taking_in
from udfs.plan import apply

__all__ = ["checking", "grading", "handing_out", "opening", "previewing", "returning", "run", "taking_in"]


def run(name: str, book: xw.Book, desk: Desk) -> str:
    """Run a macro on the open workbook; returns its sentence for the user.

    Raises Impossible (one Indonesian sentence, nothing written), also for a file that cannot be read or written.
    """
    macro = registry.MACROS.get(name)
    if macro is None:
        raise Impossible(f"Perintah {name} tidak dikenal; pasang ulang add-in Kemitraan KPAI.")
    try:
        plan = macro.fn(book, desk)
        desk.progress("Menulis hasil ...")
        apply(book, plan)
    except OSError as error:
        raise Impossible(
            f"Berkas {error.filename or ''} tidak dapat dibaca atau ditulis; tutup bila sedang dibuka, periksa izin "
            "foldernya dan sisa ruang penyimpanan, lalu ulangi."
        ) from error
    return str(plan.sentence)
