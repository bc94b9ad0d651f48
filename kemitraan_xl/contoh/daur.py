"""What KPAI's staff keep of the invented partnerships, from the need that began them to what became of them.

How far each has come stands in `daur.toml`. Days follow from the day of the demo, never from chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from kemitraan_xl.contoh.proposal import Partner, data, letter_date, partners, proposal, term
from kemitraan_xl.contoh.report import QUARTERS, agreed, final, period, progress, reporters
from kemitraan_xl.renew import as_read
from kemitraan_xl.stages import stage_codes
from validation.activities import activities
from validation.contract import lists
from validation.values import read_period

Row = dict[str, Any]
Records = dict[str, list[Row]]

#: Days before the letter at which the need was written down, and days after it within which all was signed.
_BEFORE, _WITHIN = 20, 75

#: Which part of these days had passed at the review, the assessment, and the first of the six steps of the document.
_REVIEW, _ASSESSED, _FIRST_STEP, _EACH = 0.15, 0.25, 0.35, 0.1

#: Signatories and persons in charge, by turns.
_HUMAS: Final = ("Dewi Lestari", "Rudi Hartono")
_HUKUM: Final = ("Siti Aminah", "Joko Susilo")
_APPROVER: Final = "Bagus Prasetyo"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Life:
    """How far a partnership has come: `stage` is the number of its stage, one more when all of it is done.

    `base` is the day for which its proposal was written; `row` is what `daur.toml` says of it.
    """

    partner: Partner
    stage: int
    base: date
    today: date
    row: Mapping[str, Any]

    @property
    def own(self) -> bool:
        """Whether its proposal is another than the one that the demo takes in, so that staff had typed it."""
        return self.base != self.today

    @property
    def reports(self) -> bool:
        return self.partner in reporters()

    @property
    def letter(self) -> date:
        return letter_date(self.partner, self.base)

    def after(self, part: float) -> date:
        """The day when this part of the way from the letter to the filed document was behind."""
        return self.letter + round(min((self.today - self.letter).days, _WITHIN) * part) * _DAY

    def step(self, number: int) -> date:
        """The day of one of the six steps of the document."""
        return self.after(_FIRST_STEP + _EACH * number)

    def within(self, part: float) -> date:
        """The day when this part of the term was over, or yesterday where that is still to come."""
        start, end = term(self.base)
        return min(start + round((end - start).days * part) * _DAY, self.today - _DAY)

    def past(self, stage: str) -> bool:
        """Whether this stage is behind."""
        return self.stage > stage_codes().index(stage)

    def reached(self, stage: str) -> bool:
        return self.stage >= stage_codes().index(stage)

    def words(self, part: str) -> dict[str, str]:
        """The sentences of one part of `daur.toml` about this partnership."""
        program = proposal(self.partner, self.base)[0]["rencana_kerja"][0]["nama_program"]
        return {name: text.format(program=program) for name, text in data("daur")[part].items()}


def lives(today: date) -> dict[str, Life]:
    """The partnerships of `daur.toml` by the partner's code."""
    known = {partner["kode"]: partner for partner in partners()}
    found: dict[str, Life] = {}
    for row in data("daur")["daur"]:
        stage = stage_codes().index(row["tahap"]) + row.get("habis", False)
        base = date(today.year - row["tahun"], 10, 15) if "tahun" in row else today - row.get("hari", 0) * _DAY
        found |= {code: Life(known[code], stage, base, today, row) for code in row["kode"]}
    return found


def assessed_on(partner: Partner, today: date) -> date:
    """The day of a partner's checklist: the day of the demo, unless its partnership was assessed before."""
    life = lives(today).get(partner["kode"])
    return life.after(_ASSESSED) if life and life.past("telaah") else today


def records(today: date) -> Records:
    """All of it by table of the master."""
    found: Records = {}
    for number, life in enumerate(lives(today).values()):
        own = {"kode_mitra": life.partner["kode"]}
        for table, rows in _records(life, number).items():
            found.setdefault(table, []).extend({**as_read(row, table), **own} for row in rows)
    return found


def _records(life: Life, number: int) -> Records:
    """The rows of one partnership; `number` lets the persons in charge take turns."""
    persons = {"pic_humas": _HUMAS[number % 2], "pic_hukum": _HUKUM[number // 2 % 2]}
    found = {"kerja_sama": [_cooperation(life) | persons], "kebutuhan": [_need(life)]}
    if life.own and life.past("usulan"):
        found |= _proposed(life)
    if life.reached("telaah"):
        found["telaah"] = _reviewed(life)
    if life.past("naskah"):
        kept = _label("status_prinsip", "terpenuhi")
        found["prinsip"] = [{f"prinsip_{item.code}": kept for item in lists()["prinsip"]}]
        found["peran"] = _roles()
    if life.reports or life.reached("naskah"):
        found["naskah"] = [_document(life, persons)]
    if life.past("risiko"):
        found["matriks_risiko"] = _risks(life)
    if life.past("pelaksanaan"):
        found["kegiatan"] = _carried_out(life)
    if life.reached("pengendalian"):
        found = _joined(found, _reported(life))
    if life.past("pengendalian"):
        found = _joined(found, _closed(life))
    if life.past("perpanjangan"):
        decision = {"keputusan": _label("keputusan_perpanjangan", "ditutup"), "alasan": "Tujuan tercapai."}
        found["perpanjangan"] = [decision | {"tanggal_keputusan": term(life.base)[1] + 45 * _DAY}]
    return found


def _joined(one: Records, other: Records) -> Records:
    return {table: [*one.get(table, []), *other.get(table, [])] for table in {**one, **other}}


def _label(codes: str, code: str) -> str:
    return lists()[codes][code].label


# ---- up to the proposal ---- #


def _cooperation(life: Life) -> Row:
    letter = proposal(life.partner, life.base)[0]["sampul"][0]
    cover = {**letter, **agreed(life.partner, life.base)["sampul"][0], "selang_laporan": 3}
    cover["nama_lembaga"] = life.partner["nama"]
    tasks = {task for code in life.partner["lingkup"] for task in lists()["lingkup"][code].links}
    row = cover | {f"tugas_{task}": "Ya" for task in sorted(tasks)}
    row["mandat"] = _label("mandat", "berkaitan")
    if "lewati" in life.row:
        exception = {"pengecualian_oleh": _APPROVER, "tanggal_pengecualian": life.today}
        row |= {"tahap": _label("tahap", life.row["lewati"]), **exception}
        row["alasan_pengecualian"] = data("daur")["pengecualian"]["alasan"]
    return row


def _need(life: Life) -> Row:
    kind = _label("jangka_tujuan", "pendek")
    return {"tanggal": life.letter - _BEFORE * _DAY, "jangka": kind, **life.words("kebutuhan")}


def _proposed(life: Life) -> Records:
    """The proposal as staff typed it into the master."""
    values, _ = proposal(life.partner, life.base)
    origin = {"asal_baris": _label("asal_baris", "kpai")}
    elements = zip(lists()["unsur_kak"], values["kak"], strict=True)
    letter = {"nomor_surat": values["sampul"][0]["nomor_surat"], "tanggal_surat": life.letter, **origin}
    documents = zip(lists()["dokumen_bukti"], values["profil_bukti"], strict=False)
    return {
        "usulan_kak": [
            {**letter, "inisiator": _label("inisiator", "mitra")}
            | {f"unsur_{item.code}": row["uraian"] for item, row in elements}
        ],
        "rencana_kerja": [
            {"no": number, **row, **origin} for number, row in enumerate(values["rencana_kerja"], start=1)
        ],
        "indikator": [{**row, **origin} for row in values["indikator"]],
        "bukti": [
            {"no": number, "dokumen": item.label, **row, **origin}
            for number, (item, row) in enumerate(documents, start=1)
        ],
    }


# ---- review and document ---- #


def _reviewed(life: Life) -> list[Row]:
    """The criteria, and once the review is behind its sources; a critical finding where `daur.toml` says so."""
    words = life.words("telaah")
    criteria = {f"kriteria_{item.code}": words[item.code] for item in lists()["kriteria_mitra"]}
    first = {"tanggal": life.after(_REVIEW), "aspek": _label("analisis_usulan", "1"), **criteria}
    source = {"sumber": words["sumber"], "tanggal_sumber": life.after(_REVIEW)}
    second = {"tanggal": life.after(_REVIEW), "aspek": _label("analisis_usulan", "2"), **source}
    if "temuan" in life.row:
        found = second | {"berat": _label("berat_temuan", "kritis"), "temuan": words["temuan"]}
        if life.row["temuan"] == "ditutup":
            found |= {"ditutup_oleh": _APPROVER, "tanggal_ditutup": life.today, "dasar_penutupan": words["dasar"]}
        return [first, found]
    if not life.past("telaah"):
        return [first]
    clear = {"berat": _label("berat_temuan", "tidak_ada"), "kesimpulan": words["kesimpulan"]}
    return [first, second | clear]


def _roles() -> list[Row]:
    rows: list[Row] = [
        {"pihak": _label("pihak", party), "jenis": _label("jenis_peran", kind), "uraian": text}
        for party, texts in data("daur")["peran"].items()
        for kind, text in texts.items()
    ]
    channel = lists()["saluran_koordinasi"].labels[0]
    meeting = {"jenis": _label("jenis_peran", "koordinasi"), "uraian": "Bergantian di kantor kedua pihak"}
    return [*rows, {"pihak": _label("pihak", "bersama"), **meeting, "saluran": channel, "selang": 3}]


def _document(life: Life, persons: Mapping[str, str]) -> Row:
    """The agreement with as many of its six steps as its stage has; of who reports it is in force all the same."""
    signed = life.past("penandatanganan")
    start, end = term(life.base)
    start = max(start, life.step(6)) if signed and not life.reports else start
    state = "berakhir" if end < life.today else "berlaku" if signed or life.reports else "rancangan"
    row: Row = {"bentuk": _label("bentuk_dokumen", "2"), "nomor": f"PKS-{life.partner['kode']}"}
    row |= {"status_naskah": _label("status_naskah", state), "tanggal_mulai": start, "tanggal_selesai": end}
    if life.own or life.past("naskah"):
        row |= {"langkah_1": life.step(1), **persons}
    if life.past("naskah"):
        parts = ("tujuan", "ruang_lingkup", "peran", "tanggung_jawab", "hak", "kewajiban")
        row |= {f"unsur_{part}": "Ya" for part in parts} | {"klausul_sengketa": "Ya", "klausul_data": "Ya"}
        row |= {"judul": f"Kerja sama dengan {life.partner['nama']}", "dasar_hukum": lists()["dasar_hukum"].labels[0]}
        row |= {"langkah_2": life.step(2), "langkah_3": life.step(3), "pihak_pembahasan": _label("pihak", "bersama")}
    if signed:
        row |= {f"langkah_{number}": life.step(number) for number in (4, 5, 6)}
        row |= {"penandatangan_kpai": "Ketua KPAI", "penandatangan_mitra": life.partner["narahubung"]}
        row |= {"cara_tanda_tangan": _label("cara_tanda_tangan", "kantor_kpai"), "tempat_arsip": "Lemari Kemitraan 2"}
    return row


# ---- from the risks to the end ---- #


def _risks(life: Life) -> list[Row]:
    risks = proposal(life.partner, life.base)[0]["matriks_risiko"]
    origin = {"asal_baris": _label("asal_baris", "kpai")}
    return [{"no": number, **row, **origin} for number, row in enumerate(risks, start=1)]


def _carried_out(life: Life) -> list[Row]:
    """Every activity of the plan, carried out when it was to end."""
    rows = []
    for number, programme in enumerate(proposal(life.partner, life.base)[0]["rencana_kerja"], start=1):
        begin, end = read_period(programme["waktu"]).value or term(life.base)
        day = min(end, life.today - _DAY)
        done = {"status_kegiatan": _label("status_kegiatan", "selesai"), "tanggal_realisasi": day}
        for activity in activities(programme["kegiatan"]):
            plan = {"no_program": number, "kegiatan": activity, "rencana_mulai": begin, "rencana_selesai": end}
            rows.append(plan | done)
    return rows


def _reported(life: Life) -> Records:
    """Of every quarter that is over reports, achievements, feedback; a visit and the formative evaluation besides."""
    found: Records = {}
    for quarter in (one for one in QUARTERS if date(term(life.base)[0].year, 3 * one, 28) < life.today - 3 * _DAY):
        values, own = progress(life.partner, life.base, quarter), {"periode": period(quarter, life.base)}
        rows = {name: [row | own for row in values[name]] for name in ("laporan_kemajuan", "indikator", "umpan_balik")}
        found = _joined(found, rows)
    people = {"peserta_kpai": _HUMAS[0], "peserta_mitra": life.partner["narahubung"]}
    visit = {"tanggal": life.within(0.4), "cara": lists()["cara_monitoring"].labels[0], **people}
    visit |= {**life.words("monitoring"), "batas_waktu": life.within(0.6)}
    found["monitoring"] = [visit]
    found["evaluasi"] = [_evaluated(life, "formatif", life.within(0.5))]
    return found


def _evaluated(life: Life, kind: str, day: date) -> Row:
    by = {"pelaksana": lists()["pelaksana_evaluasi"].labels[1], "nama_evaluator": "Tim kedua pihak"}
    parts = {f"bagian_{name}": text for name, text in life.words("evaluasi").items()}
    return {"jenis_evaluasi": _label("jenis_evaluasi", kind), "tanggal": day, **by, **parts}


def _closed(life: Life) -> Records:
    """The final report, the summative evaluation, and what was learnt."""
    values, end = final(life.partner, life.base), term(life.base)[1]
    parts = zip(lists()["bagian_laporan_akhir"], values["laporan_akhir"], strict=True)
    head = values["kepala_laporan_akhir"][0]
    report = {"tanggal_diterima": head["tanggal_laporan"], "total_realisasi": head["total_realisasi"]}
    report |= {f"bagian_{item.code}": row["uraian"] for item, row in parts}
    return {
        "laporan_pelaksanaan": [report | {"periode": str(end.year)}],
        "evaluasi": [_evaluated(life, "sumatif", end + 30 * _DAY)],
        "pembelajaran": values["pembelajaran"],
    }
