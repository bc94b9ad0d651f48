"""The guideline's closed lists: as many entries as it has, in its words, each with a citation that exists."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from validation.contract import CodeList, Item, fold, lists

LISTS = lists()

#: Entries without a parent, and all entries: counted in the guideline, or in the reading its list cites.
SIZES = {
    "tugas": (7, 7),
    "lingkup": (8, 8 + 3 + 4 + 2 + 2 + 3),
    "tipe": (8, 8),
    "bentuk_dokumen": (4, 4),
    "tingkat_cakupan": (3, 3),
    "kelas": (6 + 1, 6 + 1),
    "prinsip": (9, 9 + 4),
    "unsur_kak": (10, 10),
    "dasar_hukum": (4, 4),
    "jenis_indikator": (5 + 1, 5 + 1),
    "jenis_risiko": (10, 10),
    "skala_dampak": (5, 5),
    "skala_kemungkinan": (5, 5),
    "tingkat_risiko": (5, 5),
    "langkah_naskah": (6, 6),
    "cara_tanda_tangan": (3, 3),
    "saluran_koordinasi": (4, 4),
    "peran_kpai": (3, 3),
    "partisipasi_anak": (3, 3),
    "sektor_pentahelix": (5, 5),
    "analisis_usulan": (6, 6),
    "kriteria_lembaga": (5, 5),
    "pengalaman": (4, 4),
    "dokumen_bukti": (4, 4),
    "rekomendasi": (3, 3),
    "jenis_evaluasi": (2, 2),
    "bagian_evaluasi": (4, 4),
    "bagian_laporan_kemajuan": (3, 3),
    "bagian_laporan_akhir": (6, 6),
    "sumber_umpan_balik": (2, 2),
    "jenis_pembelajaran": (3, 3),
    "penerima_perubahan": (4, 4),
    "keadaan_kahar": (3 + 1, 3 + 1 + 3 + 3),
    "syarat_kahar": (3, 3),
    "cara_sengketa": (4, 4),
    "strategi_perpanjangan": (3, 3),
    "arah_perpanjangan": (3, 3),
    "glosarium": (6, 6),
    "provinsi": (38, 38),
    "pihak": (3, 3),
    "jenis_peran": (4, 4),
    "status_naskah": (4, 4),
    "keputusan_perpanjangan": (2, 2),
}

#: Which list an entry's parent and its links stand in ("" = the list itself).
PARENTS = {
    "subkelas": "kelas",
    "kisi_kisi": "kriteria_lembaga",
    "kabkota": "provinsi",
    "lembar_induk": "tahap_lembar",
}
LINKS = {
    "lingkup": "tugas",
    "kriteria_lembaga": "analisis_usulan",
    "dokumen_bukti": "kisi_kisi",
    "kewajiban": "lembar_induk",
}

#: The official wording, typed from the guideline's appendices and the contract, in order.
WORDING = {
    "kriteria_lembaga": [
        "Aspek Legalitas",
        "Rekam Jejak",
        "Visi dan Misi Lembaga",
        "Keberpihakan pada Anak",
        "Lama Pengalaman Bekerja dengan Anak",
    ],
    "kisi_kisi": [
        "Akte Pendirian",
        "Izin Operasional",
        "NPWP",
        "Surat Terdaftar",
        "Rekam Jejak",
        "Reputasi Lembaga (berita media)",
        "Visi",
        "Misi",
        "Program Kegiatan",
        "Matriks Usulan Kerjasama",
    ],
    "pengalaman": ["0 tahun", "< 5 tahun", "5 \u2013 10 tahun", "> 10 tahun"],
    "dokumen_bukti": ["Akte Pendirian", "Izin Operasional", "NPWP", "Surat Terdaftar"],
    "kelengkapan": ["Ada", "Tidak Ada", "Tidak Dipersyaratkan"],
    "masih_berlaku": ["Ya", "Tidak", "Tanpa Masa Berlaku"],
    "relevansi": ["Relevan", "Tidak Relevan"],
    "rekomendasi": ["Direkomendasikan", "Dapat Direkomendasikan", "Tidak Direkomendasikan"],
    "putusan": ["diterima", "dikembalikan", "ditolak", "duplikat", "digantikan", "dilewati"],
    "sumber_biaya": ["APBN-KPAI", "Mitra", "Bersama", "Lainnya"],
    "asal_baris": ["usulan mitra", "KPAI"],
    "tingkat_cakupan": ["Internasional", "Nasional", "Daerah"],
    "lembar_induk": [
        *("Beranda", "Petunjuk", "Pengaturan", "Mitra", "Kerja Sama", "Kebutuhan", "Usulan KAK", "Telaah"),
        *("Bukti", "Data Penilaian", "Daftar Periksa", "Prinsip", "Peran", "Naskah", "Rencana Kerja"),
        *("Matriks Risiko", "Peta Risiko", "Kegiatan", "Monitoring", "Indikator", "Evaluasi"),
        *("Laporan Kemajuan", "Umpan Balik", "Laporan Akhir", "Pembelajaran", "Perubahan", "Sengketa"),
        *("Perpanjangan", "Jejak", "Rekap Mitra", "Rekap Program", "Rekap Biaya", "Rekap Risiko"),
        *("Rekap Laporan", "Rekap Evaluasi", "Rekap Selisih", "Cakupan", "Dasbor", "Temuan", "Arsip"),
        *("Kamus Periksa", "Glosarium", "Ref"),
    ],
}

#: Body numbering of the guideline (BAB I-IV with the sections each has), its appendices, or the project's
#: own requirement (R) and default reading (A) numbers.
CITATION = re.compile(
    r"(?:I(?:\.[A-E])?|II(?:\.[A-E])?|III(?:\.[A-F])?|IV(?:\.[A-G])?)(?:\.[a-g]|\.\d{1,2}(?:[a-d]|\(\d{1,2}\))?)?"
    r"|L[23](?:\.[1-5])?|R1\d\d|A-\d{1,2}[bc]?"
)

#: Province code:regencies and cities. Two data packages that read the Kepmendagri apart agree on these.
REGIONS = (
    "11:23 12:33 13:19 14:12 15:11 16:17 17:10 18:15 19:7 21:7 31:6 32:27 33:35 34:5 35:38 36:8 51:9 52:10 "
    "53:22 61:14 62:14 63:13 64:10 65:5 71:15 72:13 73:24 74:17 75:6 76:6 81:11 82:10 91:9 92:7 93:4 94:8 "
    "95:8 96:6"
)

each_list = pytest.mark.parametrize("codes", LISTS.values(), ids=LISTS)


def other(codes: CodeList, where: dict[str, str]) -> CodeList:
    """The list that the parents or links of `codes` stand in."""
    return LISTS[where.get(codes.name, codes.name)]


def names(item: Item) -> list[str]:
    return [item.label, *item.aliases]


@pytest.mark.parametrize("name", SIZES)
def test_as_many_entries_as_the_guideline(name: str) -> None:
    items = LISTS[name].items
    assert (sum(not item.parent for item in items), len(items)) == SIZES[name]


@pytest.mark.parametrize("name", WORDING)
def test_official_wording(name: str) -> None:
    assert list(LISTS[name].labels) == WORDING[name]


@each_list
def test_every_entry_is_cited_and_fits_a_cell(codes: CodeList) -> None:
    assert codes.items
    assert [item.code for item in codes if not CITATION.fullmatch(item.sumber)] == []
    # Two scopes are 92 characters in the guideline; nothing may be longer than its own longest choice.
    assert [item.code for item in codes if not 0 < len(item.label) <= 92] == []
    assert [item.code for item in codes if item.label != item.label.strip()] == []


@each_list
def test_every_name_means_one_entry(codes: CodeList) -> None:
    """Labels, aliases and codes of different entries never meet, and no entry says the same twice."""
    owners = {(fold(name), item.code) for item in codes for name in (*names(item), item.code)}
    assert [name for name, count in Counter(name for name, _ in owners).items() if count > 1] == []
    for item in codes:
        folded = [fold(name) for name in names(item)]
        assert len(folded) == len(set(folded))
        assert all(codes.find(name) is item for name in (*names(item), item.code))


@each_list
def test_parents_and_links_exist(codes: CodeList) -> None:
    parents = {item.code for item in other(codes, PARENTS)}
    assert {item.parent for item in codes if item.parent} <= parents
    linked = {link for item in codes for link in item.links}
    assert linked == set() or codes.name in LINKS
    assert linked <= {item.code for item in other(codes, LINKS)}


@pytest.mark.parametrize("name", LINKS)
def test_where_links_are_used_every_entry_has_one(name: str) -> None:
    assert [item.code for item in LISTS[name] if not item.links] == []


def test_a_scope_serves_the_tasks_of_its_sub_items() -> None:
    for scope in LISTS["lingkup"]:
        parts = [item for item in LISTS["lingkup"] if item.parent == scope.code]
        if parts:
            assert set(scope.links) == {link for part in parts for link in part.links}


def test_scopes_by_task() -> None:
    expected = "1:a 2:bc 3:de 4:abcde 5:b 6:b 7:abcdefg 8a:de 8b:dg 8c:b"
    for code, tasks in (pair.split(":") for pair in expected.split()):
        assert LISTS["lingkup"][code].links == tuple(tasks)


def test_rows_of_the_checklist_by_criterion() -> None:
    assert Counter(item.parent for item in LISTS["kisi_kisi"]) == {"1": 4, "2": 2, "3": 2, "4": 2}
    assert all(item.code.startswith(f"{item.parent}.") for item in LISTS["kisi_kisi"])


def test_criteria_follow_the_steps_of_the_analysis() -> None:
    """III.B item 3 is criterion 4 and item 4 is criterion 3 (A-40)."""
    assert {item.code: item.links for item in LISTS["kriteria_lembaga"]} == {
        "1": ("1",),
        "2": ("2",),
        "3": ("4",),
        "4": ("3",),
        "5": ("5",),
    }


@pytest.mark.parametrize("name", ["subkelas", "kabkota", "lembar_induk"])
def test_no_group_is_empty(name: str) -> None:
    assert {item.parent for item in LISTS[name]} == {item.code for item in LISTS[PARENTS[name]]}


def test_tabs_of_a_group_stand_together() -> None:
    order = [item.parent for item in LISTS["lembar_induk"]]
    assert list(dict.fromkeys(order)) == [item.code for item in LISTS["tahap_lembar"]]
    assert order == sorted(order, key=list(dict.fromkeys(order)).index)


def test_regencies_and_cities_by_province() -> None:
    expected = {code: int(count) for code, count in (pair.split(":") for pair in REGIONS.split())}
    assert Counter(item.parent for item in LISTS["kabkota"]) == expected
    assert all(re.fullmatch(rf"{item.parent}\.\d\d", item.code) for item in LISTS["kabkota"])


def test_kinds_of_region() -> None:
    kinds = Counter(re.split(r"(?<=Administrasi) | (?!Administrasi )", label)[0] for label in LISTS["kabkota"].labels)
    assert kinds == {"Kabupaten": 415, "Kabupaten Administrasi": 1, "Kota": 93, "Kota Administrasi": 5}


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("kelas", "LSM", "2"),
        ("kelas", "ngo", "2"),
        ("kelas", "K/L", "1"),
        ("kelas", "Organisasi Non\u2010Pemerintah", "2"),
        ("bentuk_dokumen", "MoU", "1"),
        ("bentuk_dokumen", "Nota Kesepahaman", "1"),
        ("bentuk_dokumen", "pks", "2"),
        ("pengalaman", "\u27a4 10 tahun", "5.4"),
        ("pengalaman", "10 tahun ke atas", "5.4"),
        ("pengalaman", "5 - 10 tahun", "5.3"),
        ("unsur_kak", "Ruang lingkungan Kerjasama", "3"),
        ("dokumen_bukti", "SKT", "surat_terdaftar"),
        ("dokumen_bukti", "akta pendirian", "akte_pendirian"),
        ("masih_berlaku", "Tidak Berlaku", "tidak"),
        ("provinsi", "DKI Jakarta", "31"),
        ("provinsi", "DIY", "34"),
        ("provinsi", "kalbar", "61"),
        ("provinsi", "Prov. Papua Barat Daya", "96"),
        ("kabkota", "Kab. Bandung", "32.04"),
        ("kabkota", "Kota Bandung", "32.73"),
        ("kabkota", "Jakarta Pusat", "31.71"),
        ("kabkota", "Garut", "32.05"),
    ],
)
def test_what_people_type_is_found(name: str, typed: str, code: str) -> None:
    found = LISTS[name].find(typed)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("typed", ["Bandung", "Jambi", "Yogyakarta"])
def test_a_name_of_two_regions_is_not_guessed(typed: str) -> None:
    assert LISTS["kabkota"].find(typed) is None
