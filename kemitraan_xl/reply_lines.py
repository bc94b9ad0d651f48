"""The findings of a return, each at its cell in the file that goes back, with what to do there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kemitraan_xl.blank import asked
from kemitraan_xl.book.periksa import ONE_ROW
from kemitraan_xl.book.template import SHEETS
from kemitraan_xl.marks import ASK, NOTE, WATCHED, Line, Mark, Spot
from kemitraan_xl.note import note
from kemitraan_xl.reply_values import Moved, Rows, moved_rows, values_of
from kemitraan_xl.restore import LEFT_OUT, SETTLED, WRONG_PERIOD, asked_of
from kemitraan_xl.verdicts import Return
from validation.contract import Table, lists, tables
from validation.findings import Finding
from validation.language import Language, Text
from validation.retold import retold

#: Structure faults that the current template has mended by itself.
_MENDED = frozenset(f"ST-{number:02}" for number in (1, 2, 4, 6, 10, 11, 12, 14, 17, 18, 25))
#: Values that were not used: they stand on Isian Lain.
_SET_ASIDE = frozenset({"ST-05", "ST-07", "ST-13", "ST-15", "ST-19"})
_LOST_SHEET, _LOST_COLUMN = "ST-01", "ST-03"
_PLAN = "rencana_kerja"  #: whose numbers other tables name
#: What leaves a sheet, or a table on it, blank: its first cells are to be filled in.
_BLANK = frozenset({_LOST_SHEET, *ONE_ROW})
#: What only KPAI can put right: a cooperation that it has not recorded, and a period that no cell of the file says.
_TO_BE_ASKED = frozenset({"LP-03:asing", "LP-03:asing_akhir", *WRONG_PERIOD})

MENDED, ASIDE = Text("Sudah dipulihkan"), Text("Lihat Isian Lain")
READ, CHECK = Text("Cukup dibaca"), Text("Periksa lembarnya")
WHOLE = Text("(seluruh berkas)")
_REMEDIES: dict[str, Text] = {
    MENDED: Text("Sudah dipulihkan dalam berkas ini; periksa apakah isinya sudah benar."),
    ASIDE: Text("Isinya kami simpan pada lembar Isian Lain. Salin ke sel yang benar bila masih diperlukan."),
    _LOST_SHEET: Text("Lembar itu sudah ada kembali dalam berkas ini. Isi lembar itu, lalu kirim kembali."),
    _LOST_COLUMN: Text(
        "Judulnya sudah dipulihkan dalam berkas ini. Isi kembali kolom {kolom}; "
        "isian dari kolom yang tidak dikenal ada pada lembar Isian Lain."
    ),
}
_SHEET_BACK = Text("{saran} Lembar ini sudah ada kembali dalam berkas ini; isi juga bagiannya yang lain.")
_PUT_BACK = Text("Barisnya sudah kami kembalikan dalam berkas ini. {saran}")
_REISSUED = Text(
    "Berkas ini kami terbitkan kembali untuk periode {periode}, satu-satunya laporan yang kami tunggu yang memuat "
    "semua Waktu Pelaksanaan di dalamnya. Bila bukan periode itu, balas surel pengantarnya dan sebutkan periodenya."
)


@dataclass(frozen=True)
class Copy:
    """The new file in the making: which return it comes from, its values, and where each cell read has gone."""

    entry: Return
    moved: Moved
    values: Rows
    spots: Mapping[tuple[str, str], Spot]  #: by sheet and cell of the file handed in
    spare: bool
    period: str  #: for which it is issued
    restored: Mapping[str, Sequence[Spot]]  #: cells to be filled in of the rows put back, by table

    @classmethod
    def of(cls, entry: Return, spare: bool, period: str, missing: Rows) -> Copy:
        moved = {name: moved_rows(tables()[name], extract) for name, extract in entry.reading.tables.items()}
        spots = {
            (extract.sheet, extract.cell(column, index)): Spot(name, column, moved[name][index])
            for name, extract in entry.reading.tables.items()
            for column in extract.columns
            for index in range(len(extract.rows))
        }
        values = values_of(entry, moved)
        restored = {}
        for name, rows in missing.items():
            behind = enumerate(rows, start=len(values[name]))
            restored[name] = [Spot(name, key, at) for at, row in behind for key in asked_of(name, entry.kind, row)]
            values[name] += rows
        return cls(entry, moved, values, spots, spare, period, restored)

    def tables_of(self, finding: Finding) -> list[Table]:
        read = self.entry.reading.tables.items()
        there = [tables()[name] for name, extract in read if extract.sheet == finding.sheet]
        return there or [t for t in tables().values() if t.sheet == finding.sheet and self.entry.kind in t.kinds]

    def spots_of(self, finding: Finding) -> Sequence[Spot]:
        """The cells a finding is about; none when it is about a whole sheet or the file."""
        spot = self.spots.get((finding.sheet, finding.cell)) if finding.cell else None
        if spot:
            return [spot]
        if finding.check.key in LEFT_OUT:
            return self.restored.get(LEFT_OUT[finding.check.key], ())
        if finding.check.key in _BLANK:
            return [spot for spot, _ in self.asked(finding)]
        for table in self.tables_of(finding):
            if finding.code == _LOST_COLUMN:
                lost = [c.name for c in table.columns_in(self.entry.kind) if c.heading == finding.column]
                if lost and lost[0] not in self.entry.reading.tables[table.name].columns:
                    return [Spot(table.name, lost[0], row) for row in self.moved[table.name] or [0]]
            if finding.check.item and finding.check in table.checks:
                codes = [item.code for item in lists()[table.column(table.prefilled).list]]
                return [Spot(table.name, finding.check.column, codes.index(finding.check.item))]
        return []

    def asked(self, finding: Finding) -> Sequence[tuple[Spot, str]]:
        """The cells that a sheet that came back blank must have, each with its remedy."""
        return asked(self.entry.kind, self.tables_of(finding)[0].sheet)

    def typed(self, spot: Spot) -> Any:
        """What the new file holds there of the partner's own."""
        rows = self.values.get(spot.table, [])
        return rows[spot.index].get(spot.column) if spot.index < len(rows) else None

    def state(self, finding: Finding, spot: Spot | None) -> Text:
        """What stands for a finding whose cell need not change; "" when the cell is to be watched."""
        code = finding.code
        if self.reissued(finding):
            return MENDED
        if spot and finding.check.key in _BLANK:
            return WATCHED
        if finding.check.key in _TO_BE_ASKED:
            return ASK
        if code in _MENDED or (spot and tables()[spot.table].column(spot.column).computed and self.typed(spot) is None):
            return MENDED
        if spot and self.renumbered(spot):
            return MENDED
        if code in _SET_ASIDE:
            return ASIDE if self.spare else MENDED
        if finding.level == "I":
            return READ
        return WATCHED if spot else CHECK

    def renumbered(self, spot: Spot) -> bool:
        """Whether it is a number that the template prints again, or one that refers to such a number."""
        if spot.column == "no_program":
            plan = self.values.get(_PLAN, [])
            named = [number for number, row in enumerate(plan, start=1) if "no" not in row]
            return self.typed(spot) in named
        rows = self.values.get(spot.table, [])
        return spot.column == "no" and spot.index < len(rows) and "no" not in rows[spot.index]

    def reissued(self, finding: Finding) -> bool:
        """Whether the finding is about the period, which the new file has right."""
        return finding.check.key in SETTLED and self.period != self.entry.period

    def remedy(self, finding: Finding, spot: Spot | None, state: Text) -> str:
        """What to do in the new file, which is not always what the old one would have needed."""
        spoken = self.entry.language
        if spot and finding.check.key in LEFT_OUT:
            needed = (one for one in tables()[spot.table].checks if one.fact == "required")
            saran = next(one.remedy for one in needed if one.column == spot.column)
            return spoken(_PUT_BACK).format(saran=spoken.of(saran))
        if spot and finding.check.key in _BLANK:
            saran = spoken.of(dict(self.asked(finding))[spot])
            return spoken(_SHEET_BACK).format(saran=saran) if finding.code == _LOST_SHEET else saran
        if self.reissued(finding) and finding.check.key in WRONG_PERIOD:
            return spoken(_REISSUED).format(periode=self.period)
        anew = spot is not None and self.renumbered(spot)
        own = _REMEDIES.get("" if anew else finding.check.key) or _REMEDIES.get(state)
        told = retold(finding, spoken)
        return spoken(own).format(kolom=told.column) if own else told.remedy

    def sheet(self, finding: Finding, spot: Spot | None) -> str:
        """The sheet of the new file that a row of Hasil Periksa is about: two tables of the old one may share one."""
        named = [tables()[spot.table]] if spot else self.tables_of(finding)
        return named[0].sheet if named else finding.sheet

    def column(self, finding: Finding, spot: Spot | None) -> str:
        """The heading that a row of Hasil Periksa names; a lost sheet is named by its message."""
        named = "" if spot and finding.check.key in _BLANK else finding.column
        return self.entry.language.named(named or (tables()[spot.table].column(spot.column).heading if spot else ""))

    def lines(self, finding: Finding) -> Iterator[tuple[Finding, Line]]:
        """The finding as it is shown: one row, or one for every cell of a column or row that was lost."""
        told = retold(finding, self.entry.language)
        whole = self.entry.language(WHOLE)
        spots: Sequence[Spot | None] = self.spots_of(finding) or [None]
        for spot in spots:
            state = self.state(finding, spot)
            yield (
                told,
                Line(
                    level=finding.level,
                    sheet=self.sheet(finding, spot) or whole,
                    column=self.column(finding, spot),
                    value=self.typed(spot) if spot and not state else finding.value,
                    message=told.message,
                    remedy=self.remedy(finding, spot, state),
                    spot=spot,
                    state=state,
                ),
            )


def marks_of(shown: Sequence[tuple[Finding, Line]], spoken: Language) -> dict[Spot, Mark]:
    """One mark per cell: the gravest level, and all that was found there in one note."""
    found: dict[Spot, list[tuple[int, Finding, Line]]] = defaultdict(list)
    for number, (finding, line) in enumerate(shown, start=1):
        if line.spot and not line.state:
            found[line.spot].append((number, finding, line))
    marks = {}
    for spot, told in found.items():
        column = tables()[spot.table].column(spot.column)
        notes = [note(finding, line, column, spoken) for _, finding, line in told]
        number, _, gravest = told[0]
        marks[spot] = Mark(gravest.level, "\n\n".join((spoken.beside(NOTE), *notes)), number)
    return marks


def sheet_order(kind: str, sheet: str) -> int:
    """Where a sheet stands in the template; behind all of them when it is none of its own."""
    names = SHEETS[kind]
    return names.index(sheet) if sheet in names else len(names)
