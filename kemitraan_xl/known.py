"""A master as printed products are made of it: what staff typed about each partner, what is wrong, where it stands.

Nothing in it tells who a child is: what may do so is marked, as in everything made of what was handed in (II.A.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from kemitraan_xl.agenda import Cooperation, agenda, archived
from kemitraan_xl.examine import Examined, agreed_frames, examine, stack
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.master import Master, Row, read_master, settings_of
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Settings
from kemitraan_xl.stages import Standing
from kemitraan_xl.standing import Stacked, owners_of, standings
from validation.contract import fold, lists, tables
from validation.findings import Finding

#: The table whose rows tell their partner by its name.
_BY_NAME: Final = "data_penilaian"


@dataclass(frozen=True)
class Known:
    """A master, checked and judged by a day."""

    master: Master
    examined: Examined
    settings: Settings
    today: date

    def partner(self, code: str) -> Row:
        """The partner's row of the register. Raises Impossible when there is none."""
        found = self.rows("mitra", code)
        if not found or not found[0].get("nama_lembaga"):
            raise Impossible(f"Kode mitra {code} tidak ada pada lembar Mitra; lihat kolom Kode di sana.")
        return found[0]

    def rows(self, table: str, code: str) -> list[Row]:
        """The partner's rows of a table as they were typed, with the level that the rules give each risk."""
        rows = self.master.rows(table)
        if table == "matriks_risiko" and rows:
            levels = self.examined.frames[table]["tingkat_aturan"]
            rows = [{**row, "tingkat_risiko": level} for row, level in zip(rows, levels, strict=True)]
        key, wanted = "kode" if table == "mitra" else "kode_mitra", fold(code)
        if table == _BY_NAME:
            key, wanted = "nama_lembaga", fold(str(self.partner(code)["nama_lembaga"]))
        return [row for row in rows if fold(str(row.get(key, ""))) == wanted]

    def findings(self, code: str) -> list[Finding]:
        """What is wrong in the partner's rows, the gravest first."""
        owners = owners_of(self.master.reading)
        mine = (one for one in self.examined.findings[0] if fold(owners.get((one.sheet, one.cell), "")) == fold(code))
        return sorted(mine, key=lambda one: "EWI".index(one.level))

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Where every partnership stands, by its partner's folded code."""
        readings = self.examined.readings
        stacked = Stacked(stack(readings), self.examined.frames, readings)
        return {code: found for (_, code), found in standings(stacked, self.examined.findings).items()}

    def agenda(self, day: date) -> list[Cooperation]:
        """What falls due in every cooperation, judged by a day."""
        return agenda(agreed_frames(self.master.reading), self.settings, day, archived(self.master.path))


def know(master: Path, today: date) -> Known:
    """Read and check a master. Raises NotAMaster."""
    read = read_master(master)
    settings = settings_of(read.reading, load())
    examined = examine([read.reading], today, load(), settings)
    return Known(replace(read, reading=examined.readings[0]), examined, settings, today)


def partner_tables() -> Sequence[str]:
    """The tables of a master with rows of a partner, in the order of its sheets."""
    order = lists()["lembar_induk"].labels
    own = [table for table in tables().values() if "induk" in table.kinds]
    kept = [table for table in own if {"kode_mitra", "nama_lembaga"} & {column.name for column in table.columns}]
    return [table.name for table in sorted(kept, key=lambda table: order.index(table.sheet))]
