"""The mail that goes back with a checked file: Indonesian, polite, what is right first, then what to do.

A draft (.eml) that the mail program opens, ready to be sent by a person. Equal arguments give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from email.message import EmailMessage
from itertools import groupby
from pathlib import Path

from kemitraan_xl.book.hasil_periksa import LEVEL_WORDS
from kemitraan_xl.book.template import SHEETS
from kemitraan_xl.mail import CLOSING, digest, draft, greeting, usable
from kemitraan_xl.marks import ASK, RESULT, SPARE, Line, Returned
from kemitraan_xl.verdicts import Return
from validation.contract import lists, tables

#: Findings told in the mail itself; the others stand in the file.
MOST = 12

_EXCEL = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_WHAT_TO_DO = (
    "Mohon kirim kembali berkas Excel (.xlsx) yang diisi pada templat dari KPAI: tanpa kata sandi, tanpa makro,",
    "dan dapat dibuka seperti biasa. Bila templatnya tidak ada lagi, balas surel ini; kami kirimkan yang baru.",
)


def reply_mail(entry: Return, returned: Returned, book: Path, today: date) -> bytes:
    """The mail for a returned file, with the marked file `book` attached."""
    kind = lists()["jenis_berkas"][entry.kind].label
    what = " ".join(part for part in (kind, entry.period) if part)
    content = book.read_bytes()
    body = _reply_body(entry, returned, what, book.name)
    mail = _draft(entry, f"Mohon diperbaiki: {what} {entry.partner}", body, today, content)
    mail.add_attachment(content, maintype=_EXCEL[0], subtype=_EXCEL[1], filename=book.name)
    mail.set_boundary(f"kpai-{digest(content)}")
    return mail.as_bytes()


def refusal_mail(entry: Return, today: date) -> bytes:
    """The mail for a file that could not be read: why, in one line, and what to do."""
    name = entry.arrival.own_name
    body = (
        *greeting(entry.partner),
        f'Terima kasih atas kiriman berkas "{name}". Berkas itu belum dapat kami baca.',
        "",
        f"Sebabnya: {entry.reason}",
        "",
        *_WHAT_TO_DO,
        *CLOSING,
    )
    return _draft(entry, f"Belum dapat kami baca: {name}", body, today, entry.arrival.sha256.encode()).as_bytes()


def address_of(entry: Return) -> str:
    """The partner's address on the cover, else the one the file was mailed from; "" when neither can be written to."""
    cover = entry.reading.tables.get("sampul")
    given = usable(str((cover.columns.get("surel") or [""])[0] or "")) if cover else ""
    return given or (usable(entry.arrival.mail.sender) if entry.arrival.mail else "")


def _draft(entry: Return, subject: str, lines: Iterable[str], today: date, content: bytes) -> EmailMessage:
    about = (entry.arrival.name.encode(), entry.arrival.sha256.encode(), content)
    return draft(subject, address_of(entry), lines, today, *about)


# ---- the words ---- #


def _reply_body(entry: Return, returned: Returned, what: str, name: str) -> Iterator[str]:
    counts = {level: sum(line.level == level for line in returned.lines) for level in LEVEL_WORDS}
    yield from greeting(entry.partner)
    yield f"Terima kasih atas {what} yang Bapak/Ibu kirim. Berkasnya sudah kami periksa."
    yield ""
    yield from _what_is_right(entry, returned)
    yield f"Sebelum dapat kami terima, {counts['E']} hal wajib diperbaiki" + (
        f" dan {counts['W']} hal sebaiknya diperiksa." if counts["W"] else "."
    )
    yield ""
    asked = [line for line in returned.lines if line.level != "I"]
    yield from _listed(asked[:MOST])
    if len(asked) > MOST:
        yield f"... selengkapnya pada lembar {RESULT}."
        yield ""
    yield from _how(returned, name)
    yield from CLOSING


def _what_is_right(entry: Return, returned: Returned) -> Iterator[str]:
    """The sheets without a finding, and what was read from the largest table."""
    asked = {line.sheet for line in returned.lines if line.level != "I"}
    read = {tables()[name].sheet for name in entry.reading.tables}
    right = [sheet for sheet in SHEETS[entry.kind] if sheet in read and sheet not in asked]
    if right:
        yield f"Yang sudah baik: lembar {', '.join(right)} tidak mempunyai temuan."
    else:
        yield f"Yang sudah baik: {len(read)} lembar isian terbaca seluruhnya."
    yield "Semua yang sudah benar tidak perlu diisi lagi."
    yield ""


def _listed(lines: Sequence[Line]) -> Iterator[str]:
    """Level by level and sheet by sheet, one finding to a line."""
    for (level, sheet), group in groupby(lines, key=lambda line: (line.level, line.sheet)):
        yield f"{LEVEL_WORDS[level]} – {sheet}"
        yield from dict.fromkeys(map(_told, group))
        yield ""


def _told(line: Line) -> str:
    return f"- {f'{line.column}: ' if line.column else ''}{line.message} {line.remedy}"


def _how(returned: Returned, name: str) -> Iterator[str]:
    steps = [
        f'Buka berkas terlampir "{name}". Isian Bapak/Ibu sudah ada di dalamnya, pada templat yang berlaku.',
        f"Lembar {RESULT} memuat setiap temuan dengan tautan ke selnya; sel itu diberi warna, garis, dan catatan.",
        "Perbaiki selnya, simpan, lalu balas surel ini dengan berkas itu.",
    ]
    if any(line.state == ASK for line in returned.lines):
        first = f'Yang ditandai "{ASK}" tidak dapat diperbaiki dalam berkas itu.'
        steps = [f"{first} Balas surel ini dengan keterangan yang diminta, lalu tunggu jawaban kami.", *steps]
    if returned.spare:
        steps.insert(2, f"Isian yang tidak ada tempatnya dalam templat kami simpan pada lembar {SPARE}.")
    yield "Cara memperbaiki:"
    yield from (f"{number}. {step}" for number, step in enumerate(steps, start=1))
