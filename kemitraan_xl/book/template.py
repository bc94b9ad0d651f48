"""The file a partner fills in: one call writes a complete, macro-free, unlocked workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from xlsxwriter.workbook import Workbook

from kemitraan_xl.book import hasil_periksa, periksa, petunjuk
from kemitraan_xl.book.finish import building, reference_date
from kemitraan_xl.book.look import Look
from kemitraan_xl.book.place import Labels, Placed
from kemitraan_xl.book.ref import lists_of, write_ref
from kemitraan_xl.book.sheets import Row, write_sheet
from kemitraan_xl.formulas import Rows, risk_level, risk_names, risk_size, setting_name, setting_names
from kemitraan_xl.intake.reading.identity import Identity
from kemitraan_xl.marks import Returned
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.pedoman.model import Band, Pedoman
from validation.contract import Table, lists, tables
from validation.language import HOME, Language, Text, language, official

#: The sheets of each kind of template, in order; the hidden sheet Ref comes last.
SHEETS: Final = {
    "usulan": (
        "Sampul",
        petunjuk.SHEET,
        "KAK",
        "Rencana Kerja",
        "Matriks Risiko",
        "Profil dan Bukti",
        "Indikator",
        periksa.SHEET,
    ),
    "kemajuan": ("Sampul", petunjuk.SHEET, "Laporan Kemajuan", "Indikator", "Umpan Balik", periksa.SHEET),
    "akhir": ("Sampul", petunjuk.SHEET, "Laporan Akhir", "Indikator", "Pembelajaran", periksa.SHEET),
}

_TITLE: Final = Text("Templat {jenis} – {mitra}")
_VERSION, _CODE, _PERIOD = Text("Versi Templat"), Text("Kode Mitra"), Text("Periode")
_BY_KPAI, _NO_PERIOD = Text("diisi KPAI"), Text("tidak ditentukan")

#: How the size of a risk is found, and whether a risk to children is raised.
_RISK_SETTINGS: Final = ("A-21", "A-21b")


def build_template(
    kind: str,
    target: Path,
    *,
    mitra: str,
    kode: str = "",
    periode: str = "",
    prefill: Mapping[str, Sequence[Row]] | None = None,
    per_tanggal: date | None = None,
    returned: Returned | None = None,
    bahasa: str = HOME,
) -> None:
    """Write the partner template of a kind ("usulan", "kemajuan", "akhir") for the institution `mitra`.

    `kode` is the code that KPAI issued, `prefill` gives rows by table name and column name (labelled sheets
    take the first row), so that a partner's register entry or a whole earlier return can be filled in.
    `returned` makes it the file that goes back after a check: marked cells, Hasil Periksa in front, Isian Lain.
    `bahasa` is the code of the language in which the partner is spoken to.
    Equal arguments give equal bytes. Raises OSError when the target cannot be written.
    """
    rules = load()
    spoken = language(bahasa)
    identity = Identity(kind, rules.edition, rules.digest, kode, periode, spoken.code)
    values = dict(prefill or {})
    values["sampul"] = [{"nama_lembaga": mitra, **next(iter(values.get("sampul", ())), {})}]
    title = spoken(_TITLE).format(jenis=spoken.of(lists()["jenis_berkas"][kind].label), mitra=mitra)
    with building(target, title, per_tanggal or reference_date()) as workbook:
        _fill(workbook, rules, identity, values, returned)


def _fill(
    workbook: Workbook,
    rules: Pedoman,
    identity: Identity,
    values: Mapping[str, Sequence[Row]],
    returned: Returned | None,
) -> None:
    spoken = language(identity.bahasa)
    look = Look(workbook, spoken)
    result = hasil_periksa.add_result(workbook) if returned else None
    ours = [_titled(table, identity.jenis) for table in tables().values() if identity.jenis in table.kinds]
    carried = [spoken.table(table, identity.jenis) for table in ours]
    values = {name: spoken.rows(tables()[name], rows) for name, rows in values.items()}
    rules = _worded(rules, spoken)
    placed: list[Placed] = []
    for name in SHEETS[identity.jenis]:
        if name == petunjuk.SHEET:
            petunjuk.write_petunjuk(workbook, look, _in_order(carried, identity.jenis), identity.jenis)
        elif name == periksa.SHEET:
            periksa.write_periksa(workbook, look, placed)
        else:
            own = [table for table in carried if table.sheet == name]
            placed += write_sheet(
                workbook,
                look,
                identity.jenis,
                own,
                values=values,
                links=_links(placed),
                formulas={"tingkat_risiko": partial(_level, rules, spoken)},
                facts=facts(identity) if name == "Sampul" else (),
                identity=identity.line if name == "Sampul" else "",
                marks=returned.marks if returned else {},
            )
    if returned and result:
        hasil_periksa.write_result(workbook, result, look, returned, placed)
        if returned.spare:
            hasil_periksa.write_spare(workbook, look, returned.spare)
    offered = map(spoken.codes, lists_of(carried, identity.jenis))
    write_ref(workbook, look, identity, offered, _names(rules))


def _titled(table: Table, kind: str) -> Table:
    """The cover is the same in all kinds but for its title."""
    title = lists()["jenis_berkas"][kind].note if table.name == "sampul" else ""
    return replace(table, title=title) if title else table


def _worded(rules: Pedoman, spoken: Language) -> Pedoman:
    """The rules with the levels of risk as a workbook in this language shows them."""

    def said(band: Band) -> Band:
        return replace(band, label=spoken.beside(band.label))

    risk, safety = rules.risiko, rules.risiko.child_safety
    bands, by_product = (tuple(map(said, scale)) for scale in (risk.bands, risk.product_bands))
    safety = replace(safety, floor=said(safety.floor))
    return replace(rules, risiko=replace(risk, bands=bands, product_bands=by_product, child_safety=safety))


def _level(rules: Pedoman, spoken: Language, cells: Mapping[str, str]) -> str:
    """Tingkat Risiko of one row; its size, which the form has no column for, is computed inside."""
    size = risk_size(cells["kemungkinan"], cells["skala_dampak"], rules).removeprefix("=")
    return risk_level(f"({size})", cells["skala_dampak"], spoken.unpaired(cells["jenis_risiko"]), rules)


def _names(rules: Pedoman) -> list[tuple[str, Rows]]:
    """What the formula of Tingkat Risiko looks up: the scale, and the two settings that bend it."""
    settings = dict(setting_names(rules.choose()))
    return [*risk_names(rules), *((name, settings[name]) for name in map(setting_name, _RISK_SETTINGS))]


def _links(placed: Sequence[Placed]) -> dict[str, str]:
    """The printed line "Nama Lembaga:" shows what the label "Nama Lembaga" of an earlier sheet holds."""
    labels = [place for place in placed if isinstance(place, Labels) and not place.table.part_of]
    cells = {column.heading: place.cell(column.name) for place in labels for column in place.columns}
    return {f"{official(heading)}:": f'=IF({cell}="","",{cell})' for heading, cell in cells.items()}


def facts(identity: Identity) -> list[tuple[str, str]]:
    """What the cover prints of who the file is: label and value."""
    spoken = language(identity.bahasa)
    return [
        (spoken(_VERSION), f"{identity.edisi} ({identity.sidik[:8]})"),
        (spoken(_CODE), identity.mitra or spoken(_BY_KPAI)),
        (spoken(_PERIOD), identity.periode or spoken(_NO_PERIOD)),
    ]


def _in_order(carried: Sequence[Table], kind: str) -> list[Table]:
    return [table for name in SHEETS[kind] for table in carried if table.sheet == name and not table.part_of]
