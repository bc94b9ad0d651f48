"""Entries of lists that an earlier edition worded otherwise, in today's words.

Its titles and headings are known to the forms (locate.py); all that is known of it stands in tables/edisi_lama.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kemitraan_xl.intake.model import Extract
from kemitraan_xl.intake.reading.locate import Form
from validation.contract import fold, former, lists


def reworded(extract: Extract, form: Form) -> Extract:
    """The table as the present edition words it; the form says which edition it was filled in on."""
    for column in form.columns if form.edition else ():
        words = _words(form.edition, column.list)
        if words and column.name in extract.columns:
            cells = extract.columns[column.name]
            extract.columns[column.name] = [words.get(fold(c), c) if isinstance(c, str) else c for c in cells]
    return extract


@cache
def _words(edition: str, codes: str) -> Mapping[str, str]:
    """The present label by the former one, of one list."""
    rows = [row for row in former()[edition] if row.list and row.list == codes]
    return {fold(row.text): lists()[codes][row.item].label for row in rows}
