"""The computed part of Data Penilaian that concerns signing: fingerprint, state, what follows, and the lock.

Without macros nobody can be kept from changing a signed cell by pasting; so the dropdowns refuse what they can,
and whatever was changed all the same shows as another fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kemitraan_xl import formulas, seal_formulas
from kemitraan_xl.book.cells import MESSAGE_LIMIT, TITLE_LIMIT, input_message
from kemitraan_xl.book.counting import total
from kemitraan_xl.book.helper import CellFormula, Helper
from kemitraan_xl.book.induk import Induk, column_name
from kemitraan_xl.book.place import Rows
from kemitraan_xl.book.ref import dropdown
from kemitraan_xl.formulas import setting_name
from kemitraan_xl.pedoman.model import Pedoman
from validation.contract import lists

TABLE: Final = "data_penilaian"

#: Defined names beside the typed rows and of the list of assessments that `penilaian` writes.
ROW_KEYS: Final = "data_penilaian_kunci"
KEYS: Final = "penilaian_kunci"
TOTALS: Final = "penilaian_jumlah"

#: Defined names of the columns that this module adds to the list of assessments, and of the two beside the rows.
SEALS: Final = "penilaian_sidik"
SIGNED: Final = "penilaian_pengesahan"
NOTES: Final = "penilaian_catatan"
COUNTED_TOTALS: Final = "penilaian_skor"
FINAL: Final = "penilaian_rekomendasi"
FEASIBLE: Final = "penilaian_kelayakan"
FLAGS: Final = "penilaian_bendera"
CRITICAL: Final = "penilaian_bendera_kritis"
SETTLED: Final = "penilaian_temuan_kritis"
_ROW_HASHES: Final = ("data_penilaian_sidik1", "data_penilaian_sidik2")

#: Columns of Data Penilaian that decide the score, so that a signed assessment keeps them.
SCORED: Final = (
    *("nama_lembaga", "ruang_lingkup", "tanggal_penilaian", "kisi_kisi", "kelengkapan", "masih_berlaku"),
    *("relevansi", "mulai_anak", "skor_penilai", "rekomendasi_akhir"),
)

_REFUSED: Final = (
    "Jawaban yang sudah disahkan tidak diubah lagi. Buat penilaian baru dengan tanggalnya sendiri, "
    "atau kosongkan pengesahannya lebih dahulu."
)
_CHOOSE: Final = f"Pilih dari daftar. {_REFUSED}"


def row_helpers() -> list[Helper]:
    """Beside each typed row: what is sealed of it, its two numbers, and whether its assessment is signed."""

    def text(cells: Mapping[str, str]) -> str:
        answers = (cells[name] for name in ("kelengkapan", "masih_berlaku", "relevansi", "skor_penilai"))
        whole = seal_formulas.row_text(cells["kisi_kisi"], *answers).removeprefix("=")
        return f'=IF({cells["kunci"]}="","",{whole})'

    def signed(cells: Mapping[str, str]) -> str:
        return f'=IF({cells["kunci"]}="","",IFERROR(INDEX({SIGNED},MATCH({cells["kunci"]},{KEYS},0)),""))'

    return [
        Helper("disidik", "Yang disidik", text, 20),
        *(
            Helper(f"sidik{which}", f"Sidik {which}", _row_hash(which - 1), kind="bulat", defined=name)
            for which, name in enumerate(_ROW_HASHES, start=1)
        ),
        Helper("disahkan", "Pengesahan", signed, 24),
    ]


def _row_hash(which: int) -> CellFormula:
    return lambda cells: seal_formulas.row_hash(cells["disidik"], which)


def assessment_helpers(pedoman: Pedoman) -> list[Helper]:
    """One row per assessment: its fingerprint, what its signature is worth, and what counts because of it."""
    return [*_seal_helpers(), *_finding_helpers(pedoman), *_flag_helpers(pedoman), *_outcome_helpers()]


def _at(cells: Mapping[str, str], column: str) -> str:
    """What the first row of the assessment holds in a column."""
    return f"INDEX({column_name(TABLE, column)},{cells['posisi']})"


def _each(cells: Mapping[str, str], formula: str) -> str:
    """A formula of an assessment, blank where there is none."""
    return f'=IF({cells["kunci"]}="","",{formula.removeprefix("=")})'


def _seal_helpers() -> list[Helper]:
    def head(cells: Mapping[str, str]) -> str:
        lowered = _at(cells, "rekomendasi_akhir")
        whole = seal_formulas.head_text(
            cells["nama"], cells["tanggal"], _at(cells, "ruang_lingkup"), cells["mulai"], lowered
        )
        return _each(cells, whole)

    def number(which: int) -> CellFormula:
        hashes = _ROW_HASHES[which]
        return lambda cells: seal_formulas.total_hash(cells["kepala"], cells["kunci"], ROW_KEYS, hashes, which)

    def sealed(cells: Mapping[str, str]) -> str:
        return seal_formulas.fingerprint(cells["jumlah"], cells["kepala"], cells["angka1"], cells["angka2"])

    def state(cells: Mapping[str, str]) -> str:
        signature = (
            _at(cells, column)
            for column in ("tanggal_disahkan", "sidik_disahkan", "skor_disahkan", "versi_disahkan", *_PEOPLE)
        )
        whole = seal_formulas.state(*signature, present=cells["sidik"], jumlah=cells["jumlah"])
        return _each(cells, whole)

    return [
        Helper("kepala", "Kepala yang disidik", head, 20),
        Helper("angka1", "Sidik 1", number(0), kind="bulat"),
        Helper("angka2", "Sidik 2", number(1), kind="bulat"),
        Helper("sidik", "Sidik", sealed, 12, defined=SEALS),
        Helper("pengesahan", "Pengesahan", state, 24, defined=SIGNED),
    ]


_PEOPLE: Final = ("staf_penilai", "mengetahui")


def _finding_helpers(pedoman: Pedoman) -> list[Helper]:
    """What Telaah says of the partner's critical findings: shown here, settled there (A-8)."""
    review = {name: column_name("telaah", name) for name in ("kode_mitra", "berat", *_SETTLING)}
    critical = formulas.quoted(lists()["berat_temuan"]["kritis"].label)

    def code(cells: Mapping[str, str]) -> str:
        row = f"MATCH({cells['nama']},{column_name('mitra', 'nama_lembaga')},0)"
        return _each(cells, f'IFERROR(INDEX({column_name("mitra", "kode")},{row})&"","")')

    def bad(cells: Mapping[str, str]) -> str:
        kisi, news = column_name(TABLE, "kisi_kisi"), column_name(TABLE, "relevansi")
        return _each(cells, formulas.bad_reputation_long(cells["kunci"], ROW_KEYS, kisi, news, pedoman))

    def found(cells: Mapping[str, str]) -> str:
        counted = f"COUNTIFS({review['kode_mitra']},{cells['kode']},{review['berat']},{critical})"
        return f'=IF({cells["kode"]}="",0,{counted})'

    def settled(cells: Mapping[str, str]) -> str:
        by, day, grounds = (review[name] for name in _SETTLING)
        assessor, approver = (_at(cells, name) for name in _PEOPLE)
        tests = (
            *(f"{review['kode_mitra']}={cells['kode']}", f"{review['berat']}={critical}", f"LEN(TRIM({by}))>0"),
            *(f"TRIM({by})=TRIM({approver})", f"TRIM({by})<>TRIM({assessor})"),
            *(f"ISNUMBER({day})", f"LEN(TRIM({grounds}))>0"),
        )
        return f"=IF({cells['ditemukan']}=0,0,{total(*tests)})"

    def told(cells: Mapping[str, str]) -> str:
        some = f'{cells["ditutup"]}&" dari "&{cells["ditemukan"]}&" temuan kritis ditutup pada lembar Telaah."'
        none = '"Temuan kritis belum tercatat pada lembar Telaah."'
        return _each(cells, f'IF({cells["ditemukan"]}>0,{some},IF({cells["buruk"]},{none},""))')

    return [
        Helper("kode", "Kode Mitra", code, 12),
        Helper("buruk", "Reputasi buruk", bad, 10),
        Helper("ditemukan", "Temuan kritis pada Telaah", found, 12, "bulat"),
        Helper("ditutup", "Yang ditutup", settled, 10, "bulat"),
        Helper("penutupan", "Penyelesaian temuan kritis", told, 44, defined=SETTLED),
    ]


#: Columns of Telaah that settle a finding.
_SETTLING: Final = ("ditutup_oleh", "tanggal_ditutup", "dasar_penutupan")


def _flag_helpers(pedoman: Pedoman) -> list[Helper]:
    kisi, answers = column_name(TABLE, "kisi_kisi"), column_name(TABLE, "kelengkapan")
    names = ("legalitas", "temuan", "lepas_keliru")

    def legality(cells: Mapping[str, str]) -> str:
        criterion = cells[f"kriteria_{pedoman.flag('legalitas_nol').target}"]
        mode = setting_name("A-1")
        return formulas.legality_flag_long(cells["kunci"], ROW_KEYS, kisi, answers, criterion, mode, pedoman)

    def finding(cells: Mapping[str, str]) -> str:
        return _each(cells, formulas.finding_flag_long(cells["buruk"], cells["ditemukan"], cells["ditutup"]))

    def waiver(cells: Mapping[str, str]) -> str:
        row = f"MATCH({cells['nama']},{column_name('mitra', 'nama_lembaga')},0)"
        kelas = f'IFERROR(INDEX({column_name("mitra", "kelas_lembaga")},{row}),"")'
        return _each(cells, formulas.waiver_flag_long(cells["kunci"], ROW_KEYS, kelas, kisi, answers, pedoman))

    def listed(cells: Mapping[str, str]) -> str:
        joined = "&".join(f'IF({cells[name]}="","","; "&{cells[name]})' for name in names)
        return f"=MID({joined},3,99)"

    def counted(cells: Mapping[str, str]) -> str:
        """Blank while the assessment is not complete: no flag can be said to be down."""
        up = "+".join(f'IF({cells[name]}="",0,1)' for name in names)
        return f'=IF(ISNUMBER({cells["jumlah"]}),{up},"")'

    return [
        Helper("legalitas", "Legalitas", legality, 16),
        Helper("temuan", "Temuan", finding, 16),
        Helper("lepas_keliru", "Tidak Dipersyaratkan yang keliru", waiver, 20),
        Helper("bendera", "Bendera kritis", listed, 30, defined=FLAGS),
        Helper("kritis", "Jumlah bendera kritis", counted, kind="bulat", defined=CRITICAL),
    ]


def _outcome_helpers() -> list[Helper]:
    def counted(cells: Mapping[str, str]) -> str:
        """The signed score where the rules have changed since: the present ones must not move it."""
        old = f"AND({cells['pengesahan']}={seal_formulas.label('sah')}," + seal_formulas.other_rules(
            _at(cells, "versi_disahkan")
        )
        return _each(cells, f"IF({old}),{_at(cells, 'skor_disahkan')},{cells['jumlah']})")

    def final(cells: Mapping[str, str]) -> str:
        return _each(cells, seal_formulas.final(cells["menurut_skor"], _at(cells, "rekomendasi_akhir")))

    def feasible(cells: Mapping[str, str]) -> str:
        return seal_formulas.feasible(cells["akhir"], cells["pengesahan"])

    return [
        Helper("skor_berlaku", "Skor yang berlaku", counted, 9, defined=COUNTED_TOTALS),
        Helper("menurut_skor", "Menurut skor", lambda cells: formulas.recommendation(cells["skor_berlaku"]), 24),
        Helper("akhir", "Rekomendasi akhir", final, 24, defined=FINAL),
        Helper("kelayakan", "Kelayakan", feasible, 16, defined=FEASIBLE),
        Helper("catatan", "Catatan pengesahan", _note, 40, defined=NOTES),
    ]


def _note(cells: Mapping[str, str]) -> str:
    """The first thing that stands in the way of signing."""
    assessor, approver = (_at(cells, name) for name in _PEOPLE)
    lowered = _at(cells, "rekomendasi_akhir")
    conditional = formulas.quoted(lists()["rekomendasi"]["dapat_direkomendasikan"].label)
    same = f"AND(LEN(TRIM({assessor}))>0,TRIM({assessor})=TRIM({approver}))"
    unexplained = (
        f"AND(LEN(TRIM({_at(cells, 'keterangan')}))=0,OR({cells['akhir']}={conditional},LEN(TRIM({lowered}))>0))"
    )
    raised = seal_formulas.raised(cells["menurut_skor"], lowered)
    return _each(
        cells,
        f'IF({same},"Staf Penilai dan Mengetahui harus dua orang yang berbeda.",'
        f'IF({raised},"Rekomendasi Akhir tidak boleh lebih tinggi daripada rekomendasi menurut skor.",'
        f'IF({unexplained},"Keterangan belum diisi.","")))',
    )


# ---- the lock ---- #


def lock(book: Induk, sheet: Worksheet, placed: Rows, state_column: int) -> None:
    """Let signed cells refuse typing, and the signing cells take only what Daftar Periksa shows.

    `state_column` holds the state beside every row, and colours the signed fingerprint. A cell has one validation
    in Excel, so those that `write_input` gave these columns are replaced.
    """
    first = placed.heading + 1
    state = xl_rowcol_to_cell(first, state_column, col_abs=True)
    signed = "OR(" + ",".join(f"{state}={seal_formulas.label(code)}" for code in ("sah", "berubah")) + ")"
    key = xl_rowcol_to_cell(first, len(placed.columns) + 1, col_abs=True)
    shown = {
        name: f"INDEX({column},MATCH({key},{KEYS},0))"
        for name, column in (("sidik_disahkan", SEALS), ("skor_disahkan", TOTALS))
    }
    rules: dict[str, dict[str, Any]] = {name: _locked(placed, name, signed) for name in SCORED}
    for name, wanted in {**shown, "versi_disahkan": seal_formulas.VERSION}.items():
        rules[name] = _copied(placed.local(name, first), wanted)
    columns = {placed.at(name) for name in rules}
    sheet.validations[:] = [old for old in sheet.validations if old["cells"][0][1] not in columns]
    for name, options in rules.items():
        column = next(column for column in placed.columns if column.name == name)
        message = input_message(column)
        if message:
            options |= {"input_title": column.heading[:TITLE_LIMIT], "input_message": message[:MESSAGE_LIMIT]}
        sheet.data_validation(first, placed.at(name), placed.reach, placed.at(name), options)
    seal = placed.at("sidik_disahkan")
    for code, signal in (("sah", "baik"), ("berubah", "salah")):
        rule = {
            "type": "formula",
            "criteria": f"={state}={seal_formulas.label(code)}",
            "format": book.look.signal(signal),
        }
        sheet.conditional_format(first, seal, placed.reach, seal, rule)


def _locked(placed: Rows, name: str, signed: str) -> dict[str, Any]:
    """A dropdown that offers one sentence once signed; a free cell takes anything until then."""
    column = next(column for column in placed.columns if column.name == name)
    source = "daftar_mitra_nama_lembaga" if name == "nama_lembaga" else dropdown(column)
    if not source or column.kind == "masa":
        refusal = {"error_title": "Sudah disahkan", "error_message": _REFUSED}
        return {"validate": "custom", "value": f"=NOT({signed})", **refusal}
    choice = {"validate": "list", "source": f"=IF({signed},{seal_formulas.LOCKED},{source})"}
    return {**choice, "error_title": "Pilih dari daftar", "error_message": _CHOOSE}


def _copied(cell: str, wanted: str) -> dict[str, Any]:
    """What is copied must be what the form shows; an older one may be kept after a question."""
    close = f"IF(ISNUMBER({cell}),ABS({cell}-{wanted})<0.01,{cell}={wanted})"
    return {
        "validate": "custom",
        "value": f"=IFERROR({close},FALSE)",
        "error_type": "warning",
        "error_title": "Berbeda dari Daftar Periksa",
        "error_message": "Salin yang ditampilkan lembar Daftar Periksa untuk penilaian ini.",
    }
