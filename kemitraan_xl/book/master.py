"""The master workbook: what staff type, Lampiran 3 for print, and the sums, maps and charts over all partners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kemitraan_xl import formulas, seal_formulas
from kemitraan_xl.book import (
    beranda,
    cakupan,
    catatan,
    daftar_periksa,
    dasbor,
    diri,
    glosarium,
    hasil,
    jejak,
    masa,
    pengaturan,
    penilaian,
    peta_risiko,
    petunjuk_induk,
    rekap,
    rekap_evaluasi,
    rekap_laporan,
    rekap_selisih,
    risiko,
)
from kemitraan_xl.book.finish import building
from kemitraan_xl.book.induk import HOME, Induk
from kemitraan_xl.book.look import Look
from kemitraan_xl.book.masukan import KIND, name_partners, write_input
from kemitraan_xl.book.ref import SHEET as REF
from kemitraan_xl.book.ref import lists_of, write_ref
from kemitraan_xl.book.sheets import Row
from kemitraan_xl.earlier import Files
from kemitraan_xl.intake.reading.identity import Identity
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.shipped import XLWINGS_PROPERTY, Macros, shipped_macros
from validation.contract import Table, lists, tables

if TYPE_CHECKING:
    from kemitraan_xl.consolidate import Recap

_NO_FINDINGS: Final = "Belum ada temuan. Lembar ini terisi bila induk dibuat dengan --dari atau --impor."
_NO_FILES: Final = "Belum ada berkas yang dimasukkan. Lembar ini terisi bila induk dibuat dengan --impor."
_NO_EARLIER: Final = Files()

#: Partnerships up to which a master is calculated before it is written: each takes nine megabytes to calculate.
CALCULATED: Final = 100

#: Input sheets that carry more than their table.
_INPUTS: Final[Mapping[str, Callable[[Induk, Table], None]]] = {
    pengaturan.TABLE: pengaturan.write_pengaturan,
    penilaian.TABLE: penilaian.write_penilaian,
    risiko.TABLE: risiko.write_risiko,
    "kerja_sama": jejak.write_kerja_sama,
    masa.EVIDENCE: masa.write_evidence,
    masa.DOCUMENTS: masa.write_documents,
}

#: Sheets that list the others.
_INDEXES: Final[Mapping[str, Callable[[Induk, Sequence[str]], None]]] = {
    HOME: beranda.write_beranda,
    petunjuk_induk.SHEET: petunjuk_induk.write_petunjuk,
}

_COMPUTED: Final[Mapping[str, Callable[[Induk], None]]] = {
    daftar_periksa.SHEET: daftar_periksa.write_daftar_periksa,
    peta_risiko.SHEET: peta_risiko.write_peta_risiko,
    jejak.SHEET: jejak.write_jejak,
    rekap.MITRA: rekap.write_rekap_mitra,
    rekap.PROGRAM: rekap.write_rekap_program,
    rekap.BIAYA: rekap.write_rekap_biaya,
    rekap.RISIKO: rekap.write_rekap_risiko,
    rekap_laporan.SHEET: rekap_laporan.write_rekap_laporan,
    rekap_evaluasi.SHEET: rekap_evaluasi.write_rekap_evaluasi,
    rekap_selisih.SHEET: rekap_selisih.write_rekap_selisih,
    cakupan.SHEET: cakupan.write_cakupan,
    dasbor.SHEET: dasbor.write_dasbor,
    glosarium.SHEET: glosarium.write_glosarium,
}

_LISTS: Final = ("Temuan", "Arsip", "Kamus Periksa")


def input_tables() -> dict[str, Table]:
    """The tables that staff fill in, by the name of their sheet."""
    return {table.sheet: table for table in tables().values() if KIND in table.kinds}


def sheet_names() -> list[str]:
    """The visible sheets of this master, in the order of the list of sheets."""
    made = {*_INDEXES, *input_tables(), *_COMPUTED, *_LISTS}
    return [item.label for item in lists()["lembar_induk"] if item.label in made]


def build_master(
    target: Path,
    content: Mapping[str, Sequence[Row]] | None = None,
    *,
    today: date,
    recap: Recap | None = None,
    macros: Macros | None = None,
    earlier: Files = _NO_EARLIER,
) -> None:
    """Write a master at `target`, whole or not at all: empty, or with `content`.

    `content` holds rows by table and column name, as they were typed or taken over from accepted proposals;
    rows of "pengaturan" keep what was chosen. Temuan holds what is wrong with `content` and, of the files taken in
    by `recap`, what is wrong with them; Arsip lists those files; both also hold the `earlier` ones. The buttons are
    those of the macros shipped, unless `macros` are given, which a target that ends in .xlsm gets as well. Equal
    arguments give equal bytes. Raises OSError when the target cannot be written, Impossible when no macros are shipped.
    """
    macros = macros or shipped_macros()
    with_macros = target.suffix.lower() == ".xlsm"
    rules = load()
    typed = dict(content or {})
    typed[pengaturan.TABLE] = pengaturan.setting_rows(rules, typed.get(pengaturan.TABLE, ()))
    identity = Identity(KIND, rules.edition, rules.digest, "", "")
    calculate = len(typed.get("kerja_sama", ())) <= CALCULATED
    with building(target, "Buku Kerja Kemitraan", today, calculate=calculate) as workbook:
        if with_macros:
            workbook.add_vba_project(BytesIO(macros.project), is_stream=True)
            workbook.set_custom_property(XLWINGS_PROPERTY, macros.xlwings, "text")
        book = Induk(workbook, Look(workbook), rules, typed, macros, with_macros)
        name_partners(book)
        names = sheet_names()
        inputs = input_tables()
        files = _files(recap, earlier, typed.get("mitra", ()))
        for name in names:
            if name in _INDEXES:
                _INDEXES[name](book, names)
            elif name in inputs:
                _INPUTS.get(inputs[name].name, _write_plain)(book, inputs[name])
            elif name in _COMPUTED:
                _COMPUTED[name](book)
                if name in hasil.SHEETS:
                    hasil.write_section(book, name)
            else:
                _write_list(book, name, files, today)
        blocks = [
            *formulas.names(rules),
            *seal_formulas.names(),
            (pengaturan.MEANINGS, pengaturan.meanings(rules)),
            (jejak.CONDITIONS, jejak.condition_rows(rules)),
            (rekap_laporan.KINDS, rekap_laporan.kind_rows()),
        ]
        write_ref(workbook, book.look, identity, lists_of(inputs.values(), KIND), blocks)
        assert [sheet.get_name() for sheet in workbook.worksheets()] == [*names, REF]


def _write_plain(book: Induk, table: Table) -> None:
    write_input(book, table, {})


def _write_list(book: Induk, name: str, files: Files, today: date) -> None:
    if name == "Kamus Periksa":
        catatan.write_list(book, name, catatan.KAMUS, catatan.check_rows())
    elif name == "Temuan":
        rows: list[Sequence[str | catatan.Link]] = [*diri.finding_rows(book, today)]
        rows += [list(row.values()) for row in files.findings]
        catatan.write_list(book, name, catatan.TEMUAN, rows, _NO_FINDINGS)
    else:
        catatan.write_list(book, name, catatan.ARSIP, [list(row.values()) for row in files.archive], _NO_FILES)


def _files(recap: Recap | None, earlier: Files, register: Sequence[Row]) -> Files:
    """The files taken in now and those handed in before."""
    if recap is None:
        return earlier
    from kemitraan_xl.book.kiriman import handed_in  # needed only here, and slow to load

    return earlier.followed_by(handed_in(recap, register))
