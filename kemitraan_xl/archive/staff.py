"""What the archive holds of the master: the register, agreements, assessments and whatever else only staff fill in.

As typed there on the day of the run; without a master the tables are there and empty. What partners propose and staff
then agree (Rencana Kerja and the like) is not among them: in the archive those tables are the partners'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from kemitraan_xl.archive.table import RUN, Dataset, Field, fields_of, in_words
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.examine import stack
from kemitraan_xl.intake.model import Extract
from kemitraan_xl.privacy import mask_name
from kemitraan_xl.privacy_reading import cleared
from validation.check import read_values
from validation.contract import Column, Table, tables

_SOURCE = (
    Field("berkas", "VARCHAR", "Nama buku induk"),
    Field("lembar", "VARCHAR", "Lembar dalam induk"),
    Field("sel", "VARCHAR", "Sel pertama baris itu"),
)

#: Whom to write to in an office stands in Sampul and Mitra alone.
_CONTACTS = frozenset({"narahubung", "surel", "telepon"})


def of_master(recap: Recap) -> Iterator[tuple[Dataset, pd.DataFrame]]:
    """Every such dataset with its rows; data that identifies a child is marked, as everywhere."""
    reading = cleared(recap.master.reading).reading if recap.master else None
    raw = stack([reading]) if reading else {}
    for table in tables().values():
        if list(table.kinds) == ["induk"]:
            left_out = _CONTACTS if table.name != "mitra" else frozenset()
            columns = [column for column in table.columns if not column.computed and column.name not in left_out]
            own = [field for column in columns for field in fields_of(column)]
            dataset = Dataset(table.name, table.title or table.sheet, (*_SOURCE, *own, *RUN))
            extract = reading.tables.get(table.name) if reading else None
            rows = _rows(table, columns, raw[table.name], extract) if extract else pd.DataFrame()
            name = mask_name(recap.master.path.name) if recap.master else None
            yield dataset, rows.assign(berkas=name)


def _rows(table: Table, columns: Sequence[Column], raw: pd.DataFrame, extract: Extract) -> pd.DataFrame:
    rows = read_values(table, raw)
    cells = {field.name: rows[field.name] for column in columns for field in fields_of(column)}
    cells |= {column.name: in_words(column, rows[column.name]) for column in columns if column.kind == "masa"}
    where = [extract.cell(columns[0].name, index) for index in raw["_index"]]
    return pd.DataFrame({"lembar": extract.sheet, "sel": where, **cells}, rows.index)
