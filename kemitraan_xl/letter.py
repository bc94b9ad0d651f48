"""The mail that goes back with a checked file: in its language, polite, what is right first, then what to do.

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
from kemitraan_xl.mail import closing, digest, draft, greeting, usable
from kemitraan_xl.marks import ASK, RESULT, SPARE, Line, Returned
from kemitraan_xl.verdicts import Return
from validation.contract import lists, tables
from validation.language import Language, Text

#: Findings told in the mail itself; the others stand in the file.
MOST = 12

_EXCEL = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_WHAT_TO_DO = (
    "Mohon kirim kembali berkas Excel (.xlsx) yang diisi pada templat dari KPAI: tanpa kata sandi, tanpa makro,",
    "dan dapat dibuka seperti biasa. Bila templatnya tidak ada lagi, balas surel ini; kami kirimkan yang baru.",
)
_SUBJECT = Text("Mohon diperbaiki: {berkas} {mitra}")
_CHECKED = Text("Terima kasih atas {berkas} yang Bapak/Ibu kirim. Berkasnya sudah kami periksa.")
_TO_MEND = Text("Sebelum dapat kami terima, {wajib} hal wajib diperbaiki.")
_TO_MEND_AND_LOOK_AT = Text(
    "Sebelum dapat kami terima, {wajib} hal wajib diperbaiki dan {sebaiknya} hal sebaiknya diperiksa."
)
_MORE = Text("... selengkapnya pada lembar {lembar}.")
_GOOD = Text("Yang sudah baik: lembar {lembar} tidak mempunyai temuan.")
_READ = Text("Yang sudah baik: {banyak} lembar isian terbaca seluruhnya.")
_KEPT = Text("Semua yang sudah benar tidak perlu diisi lagi.")
_HOW_TO = Text("Cara memperbaiki:")
_STEPS = (
    Text('Buka berkas terlampir "{berkas}". Isian Bapak/Ibu sudah ada di dalamnya, pada templat yang berlaku.'),
    Text("Lembar {lembar} memuat setiap temuan dengan tautan ke selnya; sel itu diberi warna, garis, dan catatan."),
    Text("Perbaiki selnya, simpan, lalu balas surel ini dengan berkas itu."),
)
_ASK_FIRST = Text(
    'Yang ditandai "{tanya}" tidak dapat diperbaiki dalam berkas itu. Balas surel ini dengan keterangan yang diminta, '
    "lalu tunggu jawaban kami."
)
_SET_ASIDE = Text("Isian yang tidak ada tempatnya dalam templat kami simpan pada lembar {lembar}.")


def reply_mail(entry: Return, returned: Returned, book: Path, today: date) -> bytes:
    """The mail for a returned file, with the marked file `book` attached."""
    kind = entry.language.of(lists()["jenis_berkas"][entry.kind].label)
    what = " ".join(part for part in (kind, entry.period) if part)
    content = book.read_bytes()
    body = _reply_body(entry, returned, what, book.name)
    subject = entry.language(_SUBJECT).format(berkas=what, mitra=entry.partner)
    mail = _draft(entry, subject, body, today, content)
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
        *closing(),
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
    spoken = entry.language
    yield from greeting(entry.partner, spoken)
    yield spoken(_CHECKED).format(berkas=what)
    yield ""
    yield from _what_is_right(entry, returned)
    to_do = _TO_MEND_AND_LOOK_AT if counts["W"] else _TO_MEND
    yield spoken(to_do).format(wajib=counts["E"], sebaiknya=counts["W"])
    yield ""
    asked = [line for line in returned.lines if line.level != "I"]
    yield from _listed(asked[:MOST], spoken)
    if len(asked) > MOST:
        yield spoken(_MORE).format(lembar=RESULT)
        yield ""
    yield from _how(returned, name, spoken)
    yield from closing(spoken)


def _what_is_right(entry: Return, returned: Returned) -> Iterator[str]:
    """The sheets without a finding, and what was read from the largest table."""
    asked = {line.sheet for line in returned.lines if line.level != "I"}
    read = {tables()[name].sheet for name in entry.reading.tables}
    right = [sheet for sheet in SHEETS[entry.kind] if sheet in read and sheet not in asked]
    spoken = entry.language
    if right:
        yield spoken(_GOOD).format(lembar=", ".join(right))
    else:
        yield spoken(_READ).format(banyak=len(read))
    yield spoken(_KEPT)
    yield ""


def _listed(lines: Sequence[Line], spoken: Language) -> Iterator[str]:
    """Level by level and sheet by sheet, one finding to a line."""
    for (level, sheet), group in groupby(lines, key=lambda line: (line.level, line.sheet)):
        yield f"{spoken(LEVEL_WORDS[level])} – {sheet}"
        yield from dict.fromkeys(map(_told, group))
        yield ""


def _told(line: Line) -> str:
    return f"- {f'{line.column}: ' if line.column else ''}{line.message} {line.remedy}"


def _how(returned: Returned, name: str, spoken: Language) -> Iterator[str]:
    steps = [spoken(step).format(berkas=name, lembar=RESULT) for step in _STEPS]
    if any(line.state == ASK for line in returned.lines):
        steps = [spoken(_ASK_FIRST).format(tanya=spoken(ASK)), *steps]
    if returned.spare:
        steps.insert(2, spoken(_SET_ASIDE).format(lembar=SPARE))
    yield spoken(_HOW_TO)
    yield from (f"{number}. {step}" for number, step in enumerate(steps, start=1))
