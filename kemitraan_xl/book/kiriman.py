"""The files handed in with a recap, as the sheets Temuan and Arsip of a master list them."""

from __future__ import annotations

from collections.abc import Iterable

from kemitraan_xl.book.catatan import ARSIP, TEMUAN
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.earlier import Files
from kemitraan_xl.intake.model import Arrival
from kemitraan_xl.intake.names import WITHIN
from kemitraan_xl.master import Row
from kemitraan_xl.recap import arsip, temuan
from validation.contract import fold, lists


def handed_in(recap: Recap, register: Iterable[Row]) -> Files:
    """Every file with its verdict, and the findings, the gravest first, with the codes that the register gives.

    The column Folder stays empty: where files lay says something of this computer, and changes no recap.
    """
    files = arsip(recap).fillna("").astype(str).assign(Folder="")
    files = files[files["Jenis"].ne(lists()["jenis_berkas"]["induk"].label) | files["Putusan"].ne("")]
    codes = {fold(str(row.get("nama_lembaga"))): str(row.get("kode", "")) for row in register}
    findings = temuan(recap).fillna("").astype(str)
    known = findings["Mitra"].map(lambda name: codes.get(fold(name), ""))
    findings["Kode Mitra"] = findings["Kode Mitra"].where(findings["Kode Mitra"] != "", known)
    return Files(
        [dict(zip(ARSIP, row, strict=True)) for row in files[list(ARSIP)].itertuples(index=False)],
        [dict(zip(TEMUAN, row, strict=True)) for row in findings[list(TEMUAN)].itertuples(index=False)],
    )


def folder_of(arrival: Arrival) -> str:
    """The folder from which the name of a file counts; of a file within a mail or archive, that of the container."""
    whole = arrival.path.as_posix()
    name = arrival.name
    for _ in arrival.inside:
        name = name.rpartition(WITHIN)[0]
    inner = whole.removesuffix(name)
    return inner.rstrip("/") if inner != whole else arrival.path.parent.as_posix()
