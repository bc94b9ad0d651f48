"""The rules of the guideline as native spreadsheet formulas: a workbook computes them without Python.

Every function takes references as text ("C7", "C7:C10", a defined name) and returns "=...", written with the
functions of Excel 2013 and LibreOffice 7.4 and nothing that depends on the language of the program. Answers
are compared with labels taken from the rule files; tables that people may edit are reached by the names that
`names` lists, settings by `setting_name`. An unknown setting counts as its default. Not yet assessed is "".

This module does not know score.py or risk.py; `tests/test_parity.py` holds the three engines together.
"""

from __future__ import annotations

from collections.abc import Sequence

from kemitraan_xl.pedoman.model import Band, Kriteria, Pedoman, Settings
from validation.periods import FIRST_YEAR, LAST_YEAR, MONTHS

Rows = Sequence[Sequence[str | float]]

#: What `completeness` shows.
COMPLETE, INCOMPLETE = "Lengkap", "Belum lengkap"


# ---- names ---- #


def setting_name(code: str) -> str:
    """The defined name of the cell that holds a setting: "A-14b" stands in atur_A14b."""
    return f"atur_{code.replace('-', '')}"


def setting_names(settings: Settings) -> list[tuple[str, Rows]]:
    """The chosen settings as named cells, for a workbook without a sheet where they are chosen."""
    return [(setting_name(code), [[value]]) for code, value in settings.items()]


def names(pedoman: Pedoman) -> list[tuple[str, Rows]]:
    """Every table the formulas look up: defined name and rows, to be written as they are."""
    return [
        ("pita_rekomendasi", _bands(pedoman.rekomendasi)),
        ("pita_pengalaman", [[band.months, band.label] for band in pedoman.pengalaman]),
        ("pilihan_pengalaman", [[reading for reading, _ in pedoman.pengalaman[0].points]]),
        ("nilai_pengalaman", [[float(points) for _, points in band.points] for band in pedoman.pengalaman]),
        (
            "kesetaraan",
            [[f"{row.kelas_label}|{row.kisi_label}"] for row in pedoman.kesetaraan if row.waivable],
        ),
        ("kisi_berjangka", [[row.label] for row in pedoman.rows if row.has_term]),
        *((_rows_name(k), [[row.label] for row in k.rows]) for k in pedoman.kriteria if k.rows),
        ("nama_bulan", [[month[:3]] for month in MONTHS]),
        ("nomor_bulan", [[number] for number, _ in enumerate(MONTHS, start=1)]),
        *risk_names(pedoman),
    ]


def risk_names(pedoman: Pedoman) -> list[tuple[str, Rows]]:
    """The part of `names` that `risk_size` and `risk_level` need, for a partner's template."""
    return [
        ("peta_risiko", pedoman.risiko.cells),
        ("pita_tingkat", _bands(pedoman.risiko.bands)),
        ("pita_hasil_kali", _bands(pedoman.risiko.product_bands)),
    ]


def _bands(bands: Sequence[Band]) -> Rows:
    return [[band.lower, band.upper, band.label, band.order] for band in bands]


def _rows_name(kriteria: Kriteria) -> str:
    return f"kisi_kriteria_{kriteria.code}"


# ---- score of a row and of a criterion ---- #


def row_score(kelengkapan: str, masih_berlaku: str, relevansi: str, typed: str, mode: str, pedoman: Pedoman) -> str:
    """Score of one kisi-kisi, 0 to 1. `mode` is the cell of A-1, `typed` the score an assessor typed."""
    refs = (kelengkapan, masih_berlaku, relevansi)
    columns = list(zip(refs, pedoman.answers, strict=True))
    positive = "+".join(f"IF({_one_of(ref, one.positive)},1,0)" for ref, one in columns)
    known = ",".join(_one_of(ref, one.positive + one.negative) for ref, one in columns)
    share = f"({positive})/{len(columns)}"
    score = f'IF({mode}="proporsional",{share},INT({share}))'
    waived = f'IF(OR({setting_name("A-12")}="apa_adanya",{setting_name("A-12")}="skala"),0,1)'
    answered = f'IF({kelengkapan}={_waived(pedoman)},{waived},IF(AND({known}),{score},""))'
    return f'=IF({mode}="penilai",IF(ISNUMBER({typed}),IF(AND({typed}>=0,{typed}<=1),{typed},""),""),{answered})'


def criterion_score(scores: str, kriteria: Kriteria) -> str:
    """Score of a criterion over the range of its row scores, as Daftar Periksa has them one below the other."""
    return f'=IF(COUNT({scores})={len(kriteria.rows)},SUM({scores}),"")'


def criterion_score_long(key: str, keys: str, kisi: str, scores: str, kriteria: Kriteria) -> str:
    """Score of a criterion in a long table, over the rows whose key is `key`; each row must stand there once.

    `keys`, `kisi` (labels) and `scores` are columns of equal length. A key must not hold "*" or "?".
    """
    rows = _rows_name(kriteria)
    once = f'SUMPRODUCT(--(COUNTIFS({keys},{key},{kisi},{rows},{scores},">=0")=1))'
    return f'=IF({once}={len(kriteria.rows)},SUMPRODUCT(SUMIFS({scores},{keys},{key},{kisi},{rows})),"")'


# ---- experience ---- #


def start_day(cell: str) -> str:
    """The day work with children began, as a serial number, from what "Mulai Bekerja dengan Anak" holds.

    A year is read as its first day, "Maret 2015" and any date of it as the first of March, as the reader of
    returned files reads them (`validation.values.read_month`). "" for anything else, a band's label too.
    """
    text = f"TRIM({cell})"
    year = f"VALUE(RIGHT({text},4))"
    found = f"ISNUMBER(SEARCH(nama_bulan,{text}))"
    month = f"IF(LEN({text})=4,1,IF(SUMPRODUCT(--{found})=1,SUMPRODUCT({found}*nomor_bulan),0))"
    read = f'IF(AND({year}>={FIRST_YEAR},{year}<={LAST_YEAR},{month}>0),DATE({year},{month},1),"")'
    number = f"IF(AND({cell}>={FIRST_YEAR},{cell}<={LAST_YEAR}),DATE({cell},1,1),DATE(YEAR({cell}),MONTH({cell}),1))"
    return f'=IF(ISNUMBER({cell}),{number},IFERROR({read},""))'


def months_between(start: str, at: str) -> str:
    """Full months between two days; a longer month's last day is reached on a shorter one's last day."""
    return f"={_months(start, at)}"


def experience_band(cell: str, start: str, at: str) -> str:
    """The band of criterion 5: of the day in `start` (see `start_day`) at Tanggal Penilaian, else of the label."""
    of_day = f'IF(ISNUMBER({at}),IFERROR(VLOOKUP({_months(start, at)},pita_pengalaman,2,TRUE),""),"")'
    labels = "INDEX(pita_pengalaman,0,2)"
    of_label = f'IFERROR(INDEX(pita_pengalaman,MATCH(TRIM({cell}),{labels},0),2),"")'
    return f"=IF(ISNUMBER({start}),{of_day},{of_label})"


def experience_score(band: str) -> str:
    """Points of criterion 5 for the band's label, by the reading chosen in A-4."""
    row = f"MATCH({band},INDEX(pita_pengalaman,0,2),0)"
    column = f"IFERROR(MATCH({setting_name('A-4')},pilihan_pengalaman,0),1)"
    return f'=IFERROR(INDEX(nilai_pengalaman,{row},{column}),"")'


def _months(start: str, at: str) -> str:
    short = f"IF(AND(DAY({at})<DAY({start}),DAY({at}+1)<>1),1,0)"
    return f"(YEAR({at})-YEAR({start}))*12+MONTH({at})-MONTH({start})-{short}"


# ---- the total ---- #


def waived_count(kelengkapan: str, pedoman: Pedoman) -> str:
    """How many of the ten rows are "Tidak Dipersyaratkan"."""
    return f"=COUNTIF({kelengkapan},{_waived(pedoman)})"


def waived_count_long(key: str, keys: str, kelengkapan: str, pedoman: Pedoman) -> str:
    """The same in a long table, over the rows whose key is `key`."""
    return f"=COUNTIFS({keys},{key},{kelengkapan},{_waived(pedoman)})"


def raw_total(criteria: Sequence[str], waived: str, mode: str, pedoman: Pedoman) -> str:
    """Jumlah Skor before rounding, from the cells of the five criteria; `waived` is a cell of `waived_count`."""
    cells, top = ",".join(criteria), pedoman.maximum
    scaled = f'AND({setting_name("A-12")}="skala",{mode}<>"penilai")'
    # Six places: enough to tell thirds apart, and three thirds are a whole again.
    points = f"ROUND(SUM({cells})*IF({scaled},{top}/({top}-{waived}),1),6)"
    return f'=IF(COUNT({cells})={len(criteria)},{points},"")'


def total(raw: str) -> str:
    """Jumlah Skor as the recommendation reads it, by the reading chosen in A-6."""
    rule = setting_name("A-6")
    other = f'IF({rule}="atas",ROUNDUP({raw},0),IF({rule}="perluas",{raw},INT({raw})))'
    return f'=IF(ISNUMBER({raw}),IF({rule}="terdekat",ROUND({raw},0),{other}),"")'


def recommendation(jumlah: str) -> str:
    """The official recommendation of a Jumlah Skor."""
    return f'=IF(ISNUMBER({jumlah}),VLOOKUP({jumlah},pita_rekomendasi,3,TRUE),"")'


def completeness(criteria: Sequence[str]) -> str:
    """Whether all five criteria are assessed."""
    return f"=IF(COUNT({','.join(criteria)})={len(criteria)},{quoted(COMPLETE)},{quoted(INCOMPLETE)})"


# ---- flags: the label while up, else "" ---- #


def legality_flag(scores: str, kelengkapan: str, mode: str, pedoman: Pedoman) -> str:
    """No legality document stands or is accepted as waived (A-8); over the four rows of criterion 1."""
    flag = pedoman.flag("legalitas_nol")
    rows = next(len(k.rows) for k in pedoman.kriteria if k.code == flag.target)
    shown = "+".join(f"COUNTIF({kelengkapan},{quoted(label)})" for label in pedoman.answers[0].positive)
    accepts = f'AND({mode}<>"penilai",{setting_name("A-12")}<>"apa_adanya")'
    accepted = f"IF({accepts},COUNTIF({kelengkapan},{_waived(pedoman)}),0)"
    nothing = f'OR(SUM({scores})=0,AND({mode}="proporsional",{shown}=0))'
    return _flag(f"AND(COUNT({scores})={rows},{accepted}=0,{nothing})", flag.label)


def finding_flag(relevansi: str, pedoman: Pedoman) -> str:
    """The search for news found something contrary to child protection (A-9); over the row on reputation."""
    return _flag(_one_of(relevansi, pedoman.answers[2].negative), pedoman.flag("temuan_kritis").label)


def waiver_flag(kelas: str, kisi: str, kelengkapan: str, pedoman: Pedoman) -> str:
    """A row is waived that the class, by label, has to show (A-12); `kisi` and `kelengkapan` are ranges."""
    outside = f'ISNA(MATCH({kelas}&"|"&{kisi},kesetaraan,0))'
    return _flag(
        f"SUMPRODUCT(({kelengkapan}={_waived(pedoman)})*{outside})>0",
        pedoman.flag("tidak_dipersyaratkan").label,
    )


def term_flag(kisi: str, masih_berlaku: str, pedoman: Pedoman) -> str:
    """A document that normally expires is said to have no term (A-3); both arguments are ranges."""
    expires = f"ISNUMBER(MATCH({kisi},kisi_berjangka,0))"
    timeless = f"({masih_berlaku}={quoted(pedoman.without_term)})"
    return _flag(f"SUMPRODUCT({timeless}*{expires})>0", pedoman.flag("tanpa_masa_berlaku").label)


def range_flag(typed: str, scores: str, mode: str, pedoman: Pedoman) -> str:
    """A typed score was not taken because it is no number from 0 to 1 (A-1); both arguments are ranges."""
    refused = f'SUMPRODUCT(({typed}<>"")*({scores}=""))>0'
    return _flag(f'AND({mode}="penilai",{refused})', pedoman.flag("skor_di_luar_rentang").label)


def fraction_flag(raw: str, pedoman: Pedoman) -> str:
    """Jumlah Skor before rounding is no whole number (A-6)."""
    up = f"IF(ISNUMBER({raw}),{raw}<>INT({raw}),FALSE)"
    return _flag(up, pedoman.flag("jumlah_pecahan").label)


def _flag(up: str, label: str) -> str:
    return f'=IF({up},{quoted(label)},"")'


# ---- critical flags in a long table: the flag's short name while up, else "" ---- #


def legality_flag_long(
    key: str, keys: str, kisi: str, kelengkapan: str, criterion: str, mode: str, pedoman: Pedoman
) -> str:
    """As `legality_flag`, over the rows whose key is `key`; `criterion` is the cell with the score of criterion 1."""
    rows = f"kisi_kriteria_{pedoman.flag('legalitas_nol').target}"

    def counted(answer: str) -> str:
        return f"SUMPRODUCT(COUNTIFS({keys},{key},{kisi},{rows},{kelengkapan},{answer}))"

    shown = "+".join(counted(quoted(label)) for label in pedoman.answers[0].positive)
    accepts = f'AND({mode}<>"penilai",{setting_name("A-12")}<>"apa_adanya")'
    nothing = f'OR({criterion}=0,AND({mode}="proporsional",{shown}=0))'
    up = f"AND(ISNUMBER({criterion}),IF({accepts},{counted(_waived(pedoman))},0)=0,{nothing})"
    return _flag(up, short_name("legalitas_nol"))


def bad_reputation_long(key: str, keys: str, kisi: str, relevansi: str, pedoman: Pedoman) -> str:
    """Whether the search for news found something contrary to child protection, over the rows whose key is `key`."""
    target = quoted(next(row.label for row in pedoman.rows if row.code == pedoman.flag("temuan_kritis").target))
    found = "+".join(
        f"COUNTIFS({keys},{key},{kisi},{target},{relevansi},{quoted(label)})" for label in pedoman.answers[2].negative
    )
    return f"=({found})>0"


def finding_flag_long(bad: str, findings: str, settled: str) -> str:
    """The finding is open: of those in Telaah one is not settled (A-8), or reputation is bad and Telaah has none."""
    return _flag(f"IF({findings}>0,{settled}<{findings},{bad})", short_name("temuan_kritis"))


def waiver_flag_long(key: str, keys: str, kelas: str, kisi: str, kelengkapan: str, pedoman: Pedoman) -> str:
    """As `waiver_flag`, over the rows whose key is `key`."""
    outside = f'ISNA(MATCH({kelas}&"|"&{kisi},kesetaraan,0))'
    up = f"SUMPRODUCT(({keys}={key})*({kelengkapan}={_waived(pedoman)})*{outside})>0"
    return _flag(up, short_name("tidak_dipersyaratkan"))


def short_name(flag: str) -> str:
    """A flag in a list of flags: "legalitas nol"."""
    return flag.replace("_", " ")


# ---- risk ---- #


def risk_size(kemungkinan: str, dampak: str, pedoman: Pedoman) -> str:
    """Besaran risiko of two steps of the scale, by the way chosen in A-21."""
    steps = pedoman.risiko.steps
    cells = (kemungkinan, dampak)
    whole = ",".join(f"{cell}>=1,{cell}<={steps},INT({cell})={cell}" for cell in cells)
    size = f"IF({_by_product()},{kemungkinan}*{dampak},INDEX(peta_risiko,{kemungkinan},{dampak}))"
    return f'=IF(COUNT({kemungkinan},{dampak})=2,IF(AND({whole}),{size},""),"")'


def risk_base_level(size: str) -> str:
    """Tingkat risiko by size alone."""
    return f'=IF(ISNUMBER({size}),{_level(size, 3)},"")'


def risk_level(size: str, dampak: str, jenis: str, pedoman: Pedoman) -> str:
    """Tingkat risiko, with the rule for child safety unless A-21b says "tidak"."""
    rule = pedoman.risiko.child_safety
    applies = f'{setting_name("A-21b")}<>"tidak",{jenis}={quoted(rule.jenis)},{dampak}>={rule.impact}'
    raised = f"AND({applies},{_level(size, 4)}<{rule.floor.order})"
    return f'=IF(ISNUMBER({size}),IF({raised},{quoted(rule.floor.label)},{_level(size, 3)}),"")'


def _level(size: str, column: int) -> str:
    bands = f"IF({_by_product()},pita_hasil_kali,pita_tingkat)"
    return f"VLOOKUP({size},{bands},{column},TRUE)"


def _by_product() -> str:
    return f'{setting_name("A-21")}="hasil_kali"'


# ---- words ---- #


def _one_of(cell: str, labels: Sequence[str]) -> str:
    same = ",".join(f"{cell}={quoted(label)}" for label in labels)
    return f"OR({same})" if len(labels) > 1 else same


def _waived(pedoman: Pedoman) -> str:
    return quoted(pedoman.answers[0].waived[0])


def quoted(label: str) -> str:
    """A text as a formula writes it."""
    return '"' + label.replace('"', '""') + '"'
