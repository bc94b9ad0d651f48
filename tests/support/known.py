"""A master as products know it, from rows given in the test, without a workbook: building one takes half a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kemitraan_xl.book.pengaturan import setting_rows
from kemitraan_xl.examine import examine
from kemitraan_xl.intake.model import Extract, FileReading
from kemitraan_xl.known import Known
from kemitraan_xl.master import Master, settings_of
from kemitraan_xl.pedoman.load import load
from validation.contract import tables


def known_of(content: Mapping[str, Sequence[Mapping[str, Any]]], today: date) -> Known:
    """What `known.know` makes of a master with these rows."""
    rules = load()
    rows = {"pengaturan": setting_rows(rules, ()), **content}
    own = [table for table in tables().values() if "induk" in table.kinds]
    extracts = {}
    for table in own:
        typed = rows.get(table.name, ())
        names = [column.name for column in table.columns_in("induk")]
        extracts[table.name] = Extract(
            table=table.name,
            sheet=table.sheet,
            columns={name: [row.get(name) for row in typed] for name in names},
            rows=[4 + index for index in range(len(typed))],
            letters={name: f"A{chr(65 + at // 26)}{chr(65 + at % 26)}" for at, name in enumerate(names)},
        )
    reading = FileReading(identity={"jenis": "induk", "edisi": rules.edition}, tables=extracts)
    settings = settings_of(reading, rules)
    examined = examine([reading], today, rules, settings)
    return Known(Master(Path("Induk.xlsx"), "", examined.readings[0]), examined, settings, today)
