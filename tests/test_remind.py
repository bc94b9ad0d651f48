"""Reminders: who is written to, about what, and nothing of anyone else; the same reports in the summary."""

from __future__ import annotations

import email
from collections.abc import Mapping, Sequence
from datetime import date
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from kemitraan_xl.agenda import Incoming, archived
from kemitraan_xl.book.master import build_master
from kemitraan_xl.cli import kemitraan
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.examine import agreed_frames
from kemitraan_xl.intake.model import Arrival, Extract, FileReading, Mail
from kemitraan_xl.issue import template_name
from kemitraan_xl.master import read_master
from kemitraan_xl.recap_schedule import rekap_laporan
from kemitraan_xl.verdicts import Return

TODAY = date(2026, 11, 24)
START, END = date(2026, 1, 1), date(2027, 12, 31)
LATE, BACK, DONE, NEW, UNDATED = "M-001", "M-002", "M-003", "M-004", "M-005"
NAMES = {code: f"Yayasan Contoh {code}" for code in (LATE, BACK, DONE, NEW, UNDATED)}

CONTENT: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "mitra": [
        {"kode": code, "nama_lembaga": name, **({"surel": f"{code.lower()}@contoh.example"} if code != BACK else {})}
        for code, name in NAMES.items()
    ],
    "kerja_sama": [
        {
            "kode_mitra": code,
            "nama_lembaga": name,
            "tanggal_mulai": "secepatnya" if code == UNDATED else START,
            "tanggal_selesai": END,
            "tahap": None if code == NEW else "Pelaksanaan Program dan Kegiatan",
        }
        for code, name in NAMES.items()
    ],
    "laporan_kemajuan": [{"kode_mitra": DONE, "periode": "2026-S1", "no": 1}],
}


def sent(
    number: int, code: str, period: str, verdict: str, kind: str = "kemajuan", mail: str = "", letter: str = ""
) -> Return:
    """A return; `mail` and `letter` say when it was sent."""
    came = Mail("mitra@contoh.example", mail, "") if mail else None
    arrival = Arrival(f"{number}.xlsx", Path(f"{number}.xlsx"), 1, f"{number:064}", mail=came)
    cover = Extract("sampul", "Sampul", {"tanggal_surat": [letter]}, [1], {})
    reading = FileReading(tables={"sampul": cover} if letter else {})
    return Return(arrival, reading, kind, NAMES.get(code, code), code=code, period=period, verdict=verdict)


def run(returns: Sequence[Return]) -> Recap:
    return Recap(TODAY, "uji", returns, {}, codes={n: one.code for n, one in enumerate(returns)})


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("ingat") / "induk.xlsx"
    build_master(target, CONTENT, today=TODAY, recap=run([sent(0, BACK, "2026-S1", "dikembalikan")]))
    return target


def remind(master: Path, folder: Path, today: date = TODAY) -> tuple[int, str]:
    asked = ["ingatkan", str(master), "--keluaran", str(folder), "--per-tanggal", today.isoformat()]
    done = CliRunner().invoke(kemitraan, asked, standalone_mode=False)
    return done.return_value if done.exception is None else 2, done.output


def mails(folder: Path) -> dict[str, EmailMessage]:
    found = {}
    for path in sorted(folder.glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=default)
        assert isinstance(mail, EmailMessage)
        found[path.stem.rpartition("_")[2]] = mail
    return found


def test_only_those_who_owe_a_report_are_written_to(master: Path, tmp_path: Path) -> None:
    code, _ = remind(master, tmp_path)
    assert code == 0
    found = mails(tmp_path)
    assert set(found) == {LATE, BACK}
    assert found[LATE]["To"] == "m-001@contoh.example"
    assert found[BACK]["To"] is None  # no address in the register


def test_a_mail_names_its_partner_and_template_and_nobody_else(master: Path, tmp_path: Path) -> None:
    remind(master, tmp_path)
    for code, mail in mails(tmp_path).items():
        text = f"{mail['Subject']}\n{mail.get_content()}"
        assert {other for other in NAMES if NAMES[other] in text or other in text} == {code}
        assert template_name("kemajuan", code, "2026-S1") in text
        assert "2026-S2" not in text  # not due yet


def test_the_list_tells_staff_of_all(master: Path, tmp_path: Path) -> None:
    _, said = remind(master, tmp_path)
    listed = (tmp_path / "ringkasan.txt").read_text(encoding="utf-8")
    assert said.startswith(listed)
    lines = listed.splitlines()
    reports = [line for line in lines if "2026-S1" in line]
    assert [next(code for code in NAMES if code in line) for line in reports] == [LATE, BACK]
    assert any(UNDATED in line for line in lines)
    assert any(NEW in line for line in lines)


def test_same_master_same_bytes(master: Path, tmp_path: Path) -> None:
    for name in ("satu", "dua"):
        remind(master, tmp_path / name)
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("satu", "dua"))
    assert one == other


def test_nothing_due_nothing_written(master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kemitraan_xl.remind.archived", lambda _path: [])
    code, said = remind(master, tmp_path / "kosong", date(2026, 1, 2))
    assert (code, bool(said)) == (0, True)
    assert not (tmp_path / "kosong").exists()


@pytest.mark.parametrize("content", [b"bukan buku kerja", None])
def test_a_bad_master_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    bad = tmp_path / "induk.xlsx"
    if content is not None:
        bad.write_bytes(content)
    code, said = remind(bad, tmp_path / "surel")
    assert (code, said) == (2, "")
    assert not (tmp_path / "surel").exists()


def test_arsip_says_what_went_back(master: Path) -> None:
    assert archived(master) == [Incoming(BACK, "kemajuan", "2026-S1", accepted=False)]


# ---- the summary beside a master ---- #


known_master = cache(read_master)


def owed(master: Path, returns: Sequence[Return]) -> list[dict[str, Any]]:
    known = known_master(master)
    codes = {n: one.code for n, one in enumerate(returns)}
    recap = Recap(TODAY, "uji", returns, {}, known, agreed_frames(known.reading), codes)
    return [{str(name): cell for name, cell in row.items()} for row in rekap_laporan(recap).to_dict("records")]


def test_the_summary_has_every_report_owed_beside_the_file_that_brought_it(master: Path) -> None:
    returns = [
        sent(0, LATE, "2026-s1", "diterima"),
        sent(1, DONE, "2026-S2", "dikembalikan"),
        sent(2, "M-099", "2026-S1", "dikembalikan"),  # a partner that the master does not know
        sent(3, LATE, "2025-S1", "diterima"),  # outside the term
        sent(4, DONE, "2026-S1", "duplikat"),
    ]
    rows = owed(master, returns)
    found = {(row["Kode Mitra"], row["Jenis"], row["Periode"]): row for row in rows}
    assert len(found) == len(rows)
    states = {key: (row["Berkas"], row["Putusan"], row["Status"]) for key, row in found.items()}
    progress = "Laporan Kemajuan"
    assert (
        states.items()
        >= {
            (LATE, progress, "2026-s1"): ("0.xlsx", "diterima", "Diterima"),
            (LATE, progress, "2026-S2"): ("", "", "Belum Jatuh Tempo"),
            (LATE, "Laporan Akhir", ""): ("", "", "Belum Jatuh Tempo"),
            (BACK, progress, "2026-S1"): ("", "", "Dikembalikan"),
            (DONE, progress, "2026-S1"): ("", "", "Diterima"),
            (DONE, progress, "2026-S2"): ("1.xlsx", "dikembalikan", "Dikembalikan"),
            ("M-099", progress, "2026-S1"): ("2.xlsx", "dikembalikan", ""),
            (LATE, progress, "2025-S1"): ("3.xlsx", "diterima", ""),
        }.items()
    )
    # Three cooperations with four half-years and a final report each; two files that nobody owes.
    assert len(rows) == 3 * 5 + 2
    assert found[LATE, progress, "2026-S2"]["Jatuh Tempo"].date() == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("verdict", "mail", "letter", "came", "late"),
    [
        ("diterima", "2026-07-20T02:00:00+00:00", "1 Juli 2026", "2026-07-20", 5),  # the last day was 15 July
        ("diterima", "", "20 Juli 2026", "2026-07-20", 5),
        ("diterima", "2026-07-15T16:59:59+00:00", "1 Juli 2026", "2026-07-15", 0),
        ("diterima", "2026-07-15T17:00:00+00:00", "1 Juli 2026", "2026-07-16", 1),  # the next day in Jakarta
        ("diterima", "", "", "", None),
        ("dikembalikan", "2026-07-20T02:00:00+00:00", "", "2026-07-20", None),
    ],
)
def test_how_late_an_accepted_report_came_in(
    master: Path, verdict: str, mail: str, letter: str, came: str, late: int | None
) -> None:
    rows = owed(master, [sent(0, LATE, "2026-S1", verdict, mail=mail, letter=letter)])
    (row,) = [row for row in rows if row["Berkas"]]
    assert row["Tanggal Masuk"] == pd.Timestamp(came) if came else pd.isna(row["Tanggal Masuk"])
    assert row["Hari Terlambat"] == late if late is not None else pd.isna(row["Hari Terlambat"])


def test_without_a_master_the_summary_tells_of_files_only() -> None:
    rows = rekap_laporan(run([sent(0, LATE, "2026-S1", "diterima"), sent(1, BACK, "", "ditolak")]))
    assert rows[["Berkas", "Jenis", "Putusan"]].values.tolist() == [["0.xlsx", "Laporan Kemajuan", "diterima"]]
    assert "Status" not in rows
