"""What the guideline decides, as frozen rows: criteria, bands, risk scale, the setting of every ambiguity.

The rows load from the TOML files beside this one; labels are resolved from `validation/lists` by code, so
none is typed twice. Nothing in here computes. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Answers:
    """What may stand in one answer column of Lampiran 3, by the labels a person sees.

    A `waived` answer ("Tidak Dipersyaratkan") speaks for the whole row (A-12).
    """

    column: str
    heading: str
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    waived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KisiKisi:
    """One row of Lampiran 3. `usual_term` is what a new row offers under Masih Berlaku ("" = nothing).

    `has_term` says that the document normally expires, so that "Tanpa Masa Berlaku" deserves a look (A-3).
    """

    code: str
    label: str
    sumber: str
    has_term: bool
    usual_term: str


@dataclass(frozen=True, slots=True)
class Kriteria:
    """One criterion with its rows, one point each (A-1); criterion 5 has none, see `Pedoman.pengalaman`."""

    code: str
    label: str
    sumber: str
    maximum: int
    rows: tuple[KisiKisi, ...]


@dataclass(frozen=True, slots=True)
class Pengalaman:
    """One band of experience with children: from `months` full months on, until the next band begins (A-5).

    `points` has one pair per reading of A-4.
    """

    code: str
    label: str
    sumber: str
    months: int
    points: tuple[tuple[str, Fraction], ...]

    def worth(self, settings: Settings) -> Fraction:
        """The points of this band under the reading that was chosen."""
        return dict(self.points)[str(settings["A-4"])]


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a scale, from `lower` to `upper` inclusive. `order` counts from 1, the lowest."""

    code: str
    label: str
    sumber: str
    lower: int
    upper: int
    order: int


@dataclass(frozen=True, slots=True)
class Kesetaraan:
    """What stands in for a legality row in a class of institution; `waivable` rows may be left out (A-12)."""

    kelas: str
    kelas_label: str
    kisi: str
    kisi_label: str
    document: str
    waivable: bool
    sumber: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to be seen beside the score, which it never changes. `target` is a criterion or a row."""

    code: str
    label: str
    critical: bool
    sumber: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class ChildSafety:
    """The rule that lifts a risk of `jenis` with a dampak of `impact` or more to at least `floor`."""

    jenis: str
    impact: int
    floor: Band
    sumber: str


@dataclass(frozen=True, slots=True)
class Risiko:
    """The 5 x 5 risk scale. `cells[kemungkinan - 1][dampak - 1]` is the size; either way to it has bands."""

    cells: tuple[tuple[int, ...], ...]
    bands: tuple[Band, ...]
    product_bands: tuple[Band, ...]
    child_safety: ChildSafety
    sumber: str

    @property
    def steps(self) -> int:
        return len(self.cells)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a setting may take, and what it means in words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Setting:
    """The reading of one ambiguity of the guideline (`ambiguity`, "A-1"); one ambiguity may need several.

    `kind` is "pilihan" (one of `choices`) or "bulat" (a whole number of `unit`: one of `choices` where there are
    any, else `minimum` to `maximum`).
    `used` says whether any computation reads it today, `effect` says which, or that it is only on record.
    """

    code: str
    ambiguity: str
    question: str
    value: str | int
    sumber: str
    effect: str
    used: bool
    kind: str = "pilihan"
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    minimum: int = 0
    maximum: int = 0
    decided_by: str = ""
    decided_on: str = ""

    def accept_typed(self, typed: object) -> str | int | None:
        """A value as staff typed it in Pengaturan; None when this edition does not offer it."""
        try:
            return self.accept(float(str(typed)) if self.kind == "bulat" else typed)
        except ValueError:
            return None

    def accept(self, value: object) -> str | int:
        """`value` as this setting keeps it; ValueError with one Indonesian line when it cannot be taken."""
        if self.kind == "pilihan":
            offered = [choice.value for choice in self.choices]
            if isinstance(value, str) and value in offered:
                return value
            raise ValueError(f'Pengaturan {self.code}: "{value}" tidak dikenal. Pilihan: {", ".join(offered)}.')
        number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else self.minimum - 1
        numbers = [int(choice.value) for choice in self.choices]
        inside = number in numbers if numbers else self.minimum <= number <= self.maximum
        if float(number).is_integer() and inside:
            return int(number)
        room = ", ".join(map(str, numbers)) or f"bilangan bulat {self.minimum} sampai {self.maximum}"
        raise ValueError(f'Pengaturan {self.code}: "{value}" bukan {room} ({self.unit}).')


@dataclass(frozen=True, slots=True)
class Asked:
    """What one column of a row must hold for the row to count, in the words of COUNTIFS.

    "<>" is anything, "" nothing, "<>usulan mitra" anything but that (or nothing), else that text or number. A
    tick is asked for by its label ("Ya").
    """

    column: str
    criterion: str | int


@dataclass(frozen=True, slots=True)
class Syarat:
    """One condition for leaving a stage. `ways` are the ways in which a row of `table` counts, each all its tests.

    Met when something counts, with `none` when nothing does; `findings` counts the open findings of level E about
    the sheet of the table instead. It applies where one of the ticks `only` of Kerja Sama is set (none: always),
    unless a setting says `always` or `never`, and for `external` only where the analysis of III.B is asked for.
    """

    code: str
    stage: str
    table: str
    label: str
    sentence: str
    sumber: str
    ways: tuple[tuple[Asked, ...], ...]
    date: str = ""
    findings: bool = False
    none: bool = False
    only: tuple[str, ...] = ()
    always: tuple[tuple[str, str], ...] = ()
    never: tuple[tuple[str, str], ...] = ()
    external: bool = False

    @property
    def key(self) -> str:
        """The column of its table that holds the partner's code."""
        return "kode" if self.table in ("mitra", "rekap_mitra") else "kode_mitra"


class Settings(Mapping[str, str | int]):
    """The chosen value of every setting, by code. Frozen, equal by content, hashable."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str | int]) -> None:
        self._values = dict(values)

    def __getitem__(self, code: str) -> str | int:
        return self._values[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))


@dataclass(frozen=True, slots=True)
class Pedoman:
    """The guideline in one edition. `digest` is taken over every rule file, so any edited rule shows."""

    edition: str
    dated: str
    title: str
    digest: str
    answers: tuple[Answers, Answers, Answers]  #: kelengkapan, masih_berlaku, relevansi
    without_term: str  #: the answer "Tanpa Masa Berlaku"
    typed_heading: str  #: of the column that holds the score an assessor typed
    start_heading: str  #: of the column that holds the start of work with children
    kriteria: tuple[Kriteria, ...]
    pengalaman: tuple[Pengalaman, ...]
    rekomendasi: tuple[Band, ...]
    kesetaraan: tuple[Kesetaraan, ...]
    flags: tuple[Flag, ...]
    risiko: Risiko
    settings: tuple[Setting, ...]
    syarat: tuple[Syarat, ...]

    @property
    def maximum(self) -> int:
        """The highest Jumlah Skor."""
        return sum(kriteria.maximum for kriteria in self.kriteria)

    @property
    def rows(self) -> tuple[KisiKisi, ...]:
        """The ten kisi-kisi in the order of the form."""
        return tuple(row for kriteria in self.kriteria for row in kriteria.rows)

    def flag(self, code: str) -> Flag:
        return next(flag for flag in self.flags if flag.code == code)

    def waivable(self, kelas: str, kisi: str) -> bool:
        """Whether a class of institutions, by code, may answer a row with "Tidak Dipersyaratkan"."""
        return any(row.waivable and (row.kelas, row.kisi) == (kelas, kisi) for row in self.kesetaraan)

    def choose(self, chosen: Mapping[str, object] = MappingProxyType({})) -> Settings:
        """Every setting at its default but for those in `chosen`; ValueError for an unknown code or value."""
        unknown = sorted(set(chosen) - {setting.code for setting in self.settings})
        if unknown:
            raise ValueError(f"Pengaturan tidak dikenal: {', '.join(unknown)}.")
        return Settings({s.code: s.accept(chosen.get(s.code, s.value)) for s in self.settings})

    def choose_typed(self, typed: Mapping[str, object]) -> Settings:
        """The settings as staff typed them in a master; what this edition does not offer stays at its default."""
        accepted = {s.code: s.accept_typed(typed[s.code]) for s in self.settings if s.code in typed}
        return self.choose({code: value for code, value in accepted.items() if value is not None})
