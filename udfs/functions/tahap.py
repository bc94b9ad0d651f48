"""Where a partnership stands, and which of KPAI's tasks it serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kemitraan_xl.pedoman.load import load
from kemitraan_xl.stages import TRACE, TRACE_CODE, TRACE_LABEL, TRACE_MET, Standing, shown_standing
from udfs.cells import CellFault, as_text, each, records, sound
from udfs.registry import function
from validation.contract import fold, lists

_TRACE: Final = {
    "kode_mitra": "Kode Mitra, satu sel atau satu rentang.",
    "tabel_jejak": "Tabel lembar Jejak beserta baris judulnya, paling sedikit kolom Kode Mitra sampai Terpenuhi.",
}

_EXAMPLE: Final = [
    [TRACE_CODE, TRACE_LABEL, TRACE_MET],
    ["M-001", "Mitra terdaftar beserta kelasnya", "Ya"],
    ["M-001", "Kebutuhan atau masalah diuraikan", "Ya"],
    ["M-001", "Tujuan khusus beserta jangkanya ditetapkan", "Ya"],
    ["M-001", "Tugas KPAI yang mendasari dipilih", "Ya"],
    ["M-001", "Ruang lingkup disepakati", "Ya"],
    ["M-001", "Tipe kemitraan disepakati", "Belum"],
    ["M-001", "Cakupan geografis disepakati", "Ya"],
]


@function(
    help="Tahap kemitraan menurut syarat pada lembar Jejak: tahap pertama yang masih memiliki syarat terbuka.",
    arguments=_TRACE,
    example=(("M-001", _EXAMPLE), "Identifikasi Kebutuhan"),
)
def kmt_tahap(kode_mitra: Any, tabel_jejak: Any) -> Any:
    """The stage of every partnership, by its rows on the sheet Jejak."""
    return _standing(kode_mitra, tabel_jejak, lambda standing: lists()["tahap"][standing.stage].label)


@function(
    help="Syarat yang masih terbuka pada tahap kemitraan sekarang; bila semua terpenuhi, tahap berikutnya dimulai.",
    arguments=_TRACE,
    example=(("M-001", _EXAMPLE), "Tipe kemitraan disepakati"),
)
def kmt_syarat_kurang(kode_mitra: Any, tabel_jejak: Any) -> Any:
    """What every partnership still lacks for its next stage, by its rows on the sheet Jejak."""
    return _standing(kode_mitra, tabel_jejak, lambda standing: "; ".join(one.syarat.label for one in standing.missing))


@function(
    help="Tugas KPAI yang dilayani oleh ruang lingkup kerja sama.",
    arguments={"lingkup": "Ruang lingkup: nomor atau namanya, beberapa dipisahkan titik koma."},
    example=(("5; 6",), "Memberikan masukan dan usulan dalam perumusan kebijakan Perlindungan Anak"),
)
def kmt_lingkup_tugas(lingkup: Any) -> Any:
    """The tasks that the scopes in every cell serve (A-25)."""
    return each(_tasks, lingkup)


def _standing(codes: Any, trace: Any, answer: Callable[[Standing], str]) -> Any:
    """An answer about the standing of every partnership that is named."""
    known = _standings(trace)

    def found(code: Any) -> str | None:
        if code is None:
            return None
        if fold(as_text(code)) not in known:
            raise CellFault(f"kode mitra ini tidak ada pada lembar {TRACE}")
        return answer(known[fold(as_text(code))])

    return each(found, codes)


def _standings(trace: Any) -> Mapping[str, Standing]:
    """Every partnership's standing as the sheet shows it, by folded code."""
    shown: dict[str, dict[str, Any]] = {}
    for cells in records(trace, (TRACE_CODE, TRACE_LABEL, TRACE_MET), TRACE):
        code, label, met = map(sound, cells)
        if code is not None:
            shown.setdefault(fold(as_text(code)), {})[as_text(label)] = met
    return {code: shown_standing(own, load().syarat) for code, own in shown.items()}


def _tasks(cell: Any) -> str | None:
    parts = [part.strip() for part in as_text(cell).replace("\n", ";").split(";") if part.strip()]
    items = [lists()["lingkup"].find(part) or lists()["lingkup"].find(part.split()[0]) for part in parts]
    if None in items:
        raise CellFault("ruang lingkup ini tidak ada dalam daftar")
    served = {task for item in items if item for task in item.links}
    return ", ".join(item.label for item in lists()["tugas"] if item.code in served) or None
