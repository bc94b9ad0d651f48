"""Which cells of a report KPAI has written beforehand, because they were agreed: the partner only adds to them."""

from __future__ import annotations

from typing import Final

from validation.agreed import AGREED_IN, REPORTS
from validation.contract import Table, tables

#: What a report's letter and declaration say is new with every report.
NEW_IN_A_REPORT: Final = ("nomor_surat", "tanggal_surat", "pernyataan")


def agreed_columns(table: Table, kind: str) -> frozenset[str]:
    """The columns of a table that repeat what was agreed, in a report of this kind; none in other workbooks.

    Of the cover all but the contact and what is new with every report; of the matrices what the proposal had.
    """
    if kind not in REPORTS:
        return frozenset()
    columns = table.columns_in(kind)
    if table.name == "sampul":
        return frozenset(one.name for one in columns if not one.office and one.name not in NEW_IN_A_REPORT)
    if table.name not in AGREED_IN:
        return frozenset()
    proposed = {one.name for one in tables()[AGREED_IN[table.name]].columns_in("usulan")}
    return frozenset(one.name for one in columns if one.name in proposed)
