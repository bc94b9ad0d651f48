"""Reminders for what is due: one mail per partner with its own reports, and one list of everything for staff.

A mail is a draft that a person sends. A partner's mail names no other partner, and asks for nothing but what is
due, late or returned. Equal masters and dates give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from kemitraan_xl.agenda import Cooperation, agenda, archived, asked_for
from kemitraan_xl.examine import agreed_frames
from kemitraan_xl.issue import template_name
from kemitraan_xl.mail import closing, draft, greeting, usable
from kemitraan_xl.master import read_master, settings_of
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.safe_write import replace_file
from kemitraan_xl.schedule import URGENCY, Obligation
from validation.contract import lists
from validation.values import show_date

_LIST: Final = "ringkasan.txt"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one partner still has to send, the earliest first."""

    cooperation: Cooperation
    reports: Sequence[Obligation]


def remind(master: Path, folder: Path, today: date) -> list[str]:
    """Write the mails and the list into `folder`; returns the list, in Indonesian lines. Nothing due, no file.

    Raises NotAMaster, OSError.
    """
    known = read_master(master)
    settings = settings_of(known.reading, load())
    found = agenda(agreed_frames(known.reading), settings, today, archived(master))
    reminders = [Reminder(one, reports) for one in found if (reports := asked_for(one))]
    lines = list(_summary(found, reminders, today))
    mails = {name: _mail(one, today) for name, one in zip(_names(reminders, today), reminders, strict=True)}
    if any(asked_for(one, theirs=theirs) for one in found for theirs in (True, False)):
        folder.mkdir(parents=True, exist_ok=True)
        for name, mail in mails.items():
            replace_file(folder / name, mail)
        replace_file(folder / _LIST, ("\n".join(lines) + "\n").encode())
        lines.append(f"Surel: {folder} ({len(mails)} berkas)")
    return lines


def _names(reminders: Sequence[Reminder], today: date) -> list[str]:
    """A file name for every mail. The day is part of it, so that no old mail is taken for a new one."""
    names: dict[str, str] = {}
    for one in reminders:
        code = re.sub(r"[^\w.-]+", "-", one.cooperation.code)
        name = f"ingatkan_{today.isoformat()}_{code}"
        while f"{name}.eml".casefold() in names:
            name += "-"
        names[f"{name}.eml".casefold()] = f"{name}.eml"
    return list(names.values())


# ---- the mail ---- #


def _mail(one: Reminder, today: date) -> bytes:
    partner = one.cooperation
    count = len(one.reports)
    what = _named(one.reports[0]) if count == 1 else f"{count} laporan"
    body = "\n".join(_body(one, today))
    mail = draft(f"Pengingat: {what} {partner.name}", partner.address, body.split("\n"), today, body.encode())
    return mail.as_bytes()


def _body(one: Reminder, today: date) -> Iterator[str]:
    yield from greeting(one.cooperation.name)
    yield f"Menurut catatan kami per {show_date(today)}, laporan berikut masih kami tunggu:"
    yield ""
    for number, due in enumerate(one.reports, start=1):
        yield f"{number}. {_named(due)}: {_standing(due, today)}"
        yield f"   Yang dikirim: {lists()['kewajiban'][due.kind].note}"
        yield f"   Templat: {template_name(due.kind, one.cooperation.code, due.period)}"
    yield ""
    yield "Bila templatnya tidak ada lagi, balas surel ini; kami kirimkan yang baru. Bila laporan sudah dikirim,"
    yield "abaikan surel ini. Mohon tidak menulis identitas anak dalam laporan."
    yield from closing()


def _named(due: Obligation) -> str:
    return " ".join(part for part in (lists()["kewajiban"][due.kind].label, due.period) if part)


def _standing(due: Obligation, today: date) -> str:
    """Where it stands, with its dates, in words."""
    if due.status == "dikembalikan":
        return "sudah kami terima dan kami kembalikan untuk diperbaiki; kami tunggu perbaikannya."
    if due.status == "terlambat":
        return f"batas {show_date(due.limit)} sudah lewat {(today - due.limit).days} hari."
    return f"jatuh tempo {show_date(due.due)}, mohon dikirim paling lambat {show_date(due.limit)}."


# ---- the list ---- #


def _summary(found: Sequence[Cooperation], reminders: Sequence[Reminder], today: date) -> Iterator[str]:
    """Everything that is due, for staff: reports to be asked for, what KPAI sees to, who has no schedule."""
    reports = sum(len(one.reports) for one in reminders)
    state = (
        f"{reports} laporan dari {len(reminders)} mitra masih ditunggu"
        if reports
        else "tidak ada laporan yang ditunggu"
    )
    yield f"Per tanggal {show_date(today)} {state}."
    yield from _listed([(one.cooperation, due) for one in reminders for due in one.reports])
    shared = [(one, due) for one in found for due in asked_for(one, theirs=False)]
    if shared:
        yield "Yang dijadwalkan KPAI bersama mitra:"
        yield from _listed(shared)
    unreachable = [one.cooperation for one in reminders if not usable(one.cooperation.address)]
    if unreachable:
        yield f"Tanpa alamat surel pada lembar Mitra: {', '.join(one.code for one in unreachable)}"
    obstacles = [one for one in found if one.obstacle]
    if obstacles:
        yield "Kerja sama tanpa jadwal:"
        yield from (f"  {one.code} {one.name}: {lists()['hambatan_jadwal'][one.obstacle].label}" for one in obstacles)


def _listed(pairs: Sequence[tuple[Cooperation, Obligation]]) -> Iterator[str]:
    """One line each, the most urgent first."""
    ranked = sorted(pairs, key=lambda pair: (URGENCY.index(pair[1].status), pair[1].due, pair[0].code))
    for one, due in ranked:
        status = lists()["status_laporan"][due.status].label
        yield f"  {status:<13}{one.code} {one.name}: {_named(due)}, batas {show_date(due.limit)}"
