"""Mails and archives: everything that came in them is listed once, whole or refused, and nothing else is believed."""

from __future__ import annotations

import email
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import readers
from support.mail_kinds import GOOD, KINDS
from support.mails import archive, forwarded, mail, multi, part
from support.outlook import Attachment, Letter, msg

from kemitraan_xl.intake import pool
from kemitraan_xl.intake.boxes import unpack
from kemitraan_xl.intake.boxes.box import Box
from kemitraan_xl.intake.boxes.mime import parts
from kemitraan_xl.intake.boxes.unpack import MAX_DEPTH, content, open_box, parts_of
from kemitraan_xl.intake.collect import collect, hashed
from kemitraan_xl.intake.containers import opened
from kemitraan_xl.intake.model import Arrival, Mail, Opened
from kemitraan_xl.intake.names import WITHIN
from kemitraan_xl.intake.pool import here
from kemitraan_xl.intake.refusal import REASONS, Refused, reason
from kemitraan_xl.intake.work import read_all
from kemitraan_xl.master import quiet
from kemitraan_xl.privacy import MARK

WHOLE = hashlib.sha256(GOOD).hexdigest()


def seen(*sources: Path) -> tuple[list[Arrival], list[Opened]]:
    return opened(collect(sources), here(2), quiet)


def word(arrival: Arrival) -> str:
    """What a row of Arsip says, in the words of KINDS."""
    if arrival.refused or arrival.skipped:
        return f"tolak {arrival.refused}" if arrival.refused else f"lewat {arrival.skipped}"
    return "utuh" if arrival.sha256 == WHOLE else "lain"


def in_sentences(expected: str) -> str:
    """A row of KINDS with the sentence in the place of the code."""
    verdict, _, rest = expected.partition(" ")
    code, _, detail = rest.partition(" ")
    return f"{verdict} {reason(code, detail)}" if code in REASONS else expected


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Arrival], list[Opened]]:
    folder = tmp_path_factory.mktemp("jenis")
    for name, kind in KINDS.items():
        (folder / name).write_bytes(kind.make())
    return seen(folder)


@pytest.fixture(scope="module")
def rows(kinds: tuple[list[Arrival], list[Opened]]) -> Mapping[str, dict[str, str]]:
    """What is seen of every kind, by file and name below it."""
    files, boxes = kinds
    found: dict[str, dict[str, str]] = {name: {} for name in KINDS}
    for name, said in [*((box.arrival.name, "wadah") for box in boxes), *((file.name, word(file)) for file in files)]:
        file, _, below = name.partition(WITHIN)
        found[file][below] = said
    return found


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_seen_as_what_it_is(rows: Mapping[str, dict[str, str]], name: str) -> None:
    assert rows[name] == {below: in_sentences(said) for below, said in KINDS[name].rows.items()}


def test_what_was_listed_is_what_is_taken_out(kinds: tuple[list[Arrival], list[Opened]]) -> None:
    """Also when the parts are asked for in another order, which closes and opens boxes in between."""
    inside = [file for file in kinds[0] if file.inside and file.sha256]
    assert max(len(file.inside) for file in inside) == MAX_DEPTH
    for file in [*inside, *sorted(inside, key=lambda file: (file.inside, file.name))]:
        assert hashlib.sha256(content(file)).hexdigest() == file.sha256


def test_parts_of_one_file_are_taken_out_of_it_while_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.zip").write_bytes(archive({f"{n}.xlsx": GOOD + bytes([n]) for n in range(50)}))
    files, _ = seen(tmp_path)
    count = 0

    def counted(data: bytes) -> Box | None:
        nonlocal count
        count += 1
        return open_box(data)

    monkeypatch.setattr(unpack, "open_box", counted)
    unpack._OPEN.clear()
    assert len({content(file) for file in files}) == 50
    assert count == 1


def test_a_file_that_is_another_one_by_now_is_not_mistaken(tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    place.write_bytes(archive({"a.xlsx": GOOD, "b.zip": archive({"b.xlsx": GOOD})}))
    files, _ = seen(tmp_path)
    place.write_bytes(archive({"a.xlsx": GOOD}))
    for file in files[1:]:
        with pytest.raises(Refused) as refusal:
            content(file)
        assert refusal.value.code == "changed"
    place.write_bytes(GOOD)
    with pytest.raises(Refused):
        content(files[0])


# ---- names, senders, subjects ---- #


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ({}, Mail("kantor@pelita.example", "2026-01-05T02:30:00+00:00", "Usulan kemitraan")),
        ({"From": "a@b.example"}, Mail("a@b.example", "2026-01-05T02:30:00+00:00", "Usulan kemitraan")),
        (
            {"Subject": "=?utf-8?Q?Laporan_=E2=80=93?=\r\n =?utf-8?Q?_Triwulan_I?=", "Date": "5 Jan 2026 09:30 -0000"},
            Mail("kantor@pelita.example", "2026-01-05T09:30:00+00:00", "Laporan – Triwulan I"),
        ),
        (
            {"From": "Pelita <bukan alamat>", "Sender": "b@c.example", "Subject": "", "Date": ""},
            Mail("b@c.example", "", ""),
        ),
        ({"From": "(" * 900, "Date": "32 Jan 2026 09:30:00", "Subject": "x" * 999}, Mail("", "", "x" * 200)),
        (
            {"From": "Pelita", "Date": "Fri, 31 Dec 9999 23:30:00 -0700", "Subject": "=?utf-8?B?x?="},
            Mail("", "", "=?utf-8?B?x?="),
        ),
    ],
    ids=["usual", "bare address", "coded", "second best", "absurd", "impossible"],
)
def test_sender_date_and_subject_are_told_as_far_as_they_are_known(heads: dict[str, str], expected: Mail) -> None:
    box = open_box(mail(part(GOOD, "a.xlsx"), heads=heads))
    assert box is not None
    assert box.mail == expected


def test_outlook_tells_the_same() -> None:
    letter = Letter(sender="a@b.example", subject="Laporan – I", sent=datetime(2026, 3, 4, 5, 6, tzinfo=UTC))
    old = Letter(sender="/O=KANTOR/CN=A", subject="", sent=None)
    heads = "From: Pelita <c@d.example>\r\nDate: Wed, 04 Mar 2026 12:06:00 +0700\r\nSubject: Dari kepala".encode(
        "utf-16-le"
    )
    for one, expected in (
        (letter, Mail("a@b.example", "2026-03-04T05:06:00+00:00", "Laporan – I")),
        (old, Mail("", "", "")),
        (
            replace(old, more={"__substg1.0_007D001F": heads}),
            Mail("c@d.example", "2026-03-04T05:06:00+00:00", "Dari kepala"),
        ),
    ):
        box = open_box(msg(one))
        assert box is not None
        assert box.mail == expected


def test_a_file_came_with_the_innermost_mail(tmp_path: Path) -> None:
    inner = mail(
        part(archive({"a.xlsx": GOOD}), "a.zip"), mark="dalam", heads={"From": "mitra@b.example", "Subject": "Asli"}
    )
    (tmp_path / "a.eml").write_bytes(mail(forwarded(inner), part(GOOD, "b.xlsx"), heads={"From": "staf@kpai.example"}))
    files, boxes = seen(tmp_path)
    assert {file.name.rpartition(WITHIN)[2]: file.mail.sender for file in files if file.mail} == {
        "a.xlsx": "mitra@b.example",
        "b.xlsx": "staf@kpai.example",
    }
    assert [box.arrival.mail.subject for box in boxes if box.arrival.mail] == ["Usulan kemitraan", "Asli", "Asli"]


def test_names_and_subjects_show_no_child(tmp_path: Path) -> None:
    secret = "anak bernama Raka"
    data = mail(part(archive({f"{secret}.xlsx": GOOD}), f"{secret}.zip"), heads={"Subject": f"Perihal {secret}"})
    (tmp_path / "a.eml").write_bytes(data)
    files, boxes = seen(tmp_path)
    told = repr([*((file.name, file.mail) for file in files), *((box.arrival.name, box.arrival.mail) for box in boxes)])
    assert "Raka" not in told
    assert told.count(MARK) == 3 + 3
    assert content(files[0]) == GOOD


def test_no_two_files_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive([("b › c.xlsx", GOOD), ("b > c.xlsx", GOOD), ("b > c.xlsx (2)", GOOD)]))
    (tmp_path / f"a.zip{WITHIN}b > c.xlsx").write_bytes(GOOD)
    files, _ = seen(tmp_path)
    assert len({file.name for file in files}) == 4


# ---- nothing is lost, nothing damaged gets through ---- #

#: A file ("good", "other", "torn", "litter"), or what holds others ("mail", "zip", "msg"), with what it holds.
Nest = tuple[str, Sequence["Nest"]]

BOXES = ("mail", "zip", "msg")
_FILES = st.tuples(st.sampled_from(["good", "other", "torn", "litter"]), st.just(()))
_NESTS: st.SearchStrategy[Nest] = st.recursive(
    _FILES, lambda inner: st.tuples(st.sampled_from(BOXES), st.lists(inner, max_size=3)), max_leaves=12
)


def built(nest: Nest, mark: str = "b") -> bytes:
    """The bytes of a nest."""
    kind, inner = nest
    named = [(f"{'~$' if one[0] == 'litter' else ''}{n}", built(one, f"{mark}{n}")) for n, one in enumerate(inner)]
    if kind == "mail":
        return mail(*(part(data, name) for name, data in named), mark=mark).replace(b"Y29iYQ==", b"Y29iYQ=")
    if kind == "zip":
        return archive(named)
    if kind == "msg":
        return msg(Letter(attachments=[Attachment(name, data) for name, data in named]))
    return {"good": GOOD, "torn": b"coba"}.get(kind, b"Bukan buku kerja.")


def told(nest: Nest, around: Sequence[str] = ()) -> Counter[str]:
    """What must be told of a nest: how many boxes there are, and files in the words of KINDS."""
    kind, inner = nest
    if kind in BOXES and len(around) < MAX_DEPTH:
        return sum((told(one, (*around, kind)) for one in inner), Counter(["wadah"]))
    if kind == "litter" and around:
        return Counter(["lewat"])
    if kind in BOXES or (kind == "torn" and around[-1:] == ("mail",)):
        return Counter(["tolak"])
    return Counter(["utuh" if kind == "good" else "lain"])


@given(_NESTS)
@settings(max_examples=60)
def test_whatever_comes_every_part_is_counted_once(nest: Nest) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "a").write_bytes(built(nest))
        files, boxes = opened(collect([Path(folder)]), lambda arrivals, work, *_: list(map(work, arrivals)), quiet)
    assert Counter([*["wadah"] * len(boxes), *(word(file).split()[0] for file in files)]) == told(nest)
    assert len({one.name for one in [*files, *(box.arrival for box in boxes)]}) == len(files) + len(boxes)


_TYPES = st.sampled_from(["text/plain", "text/html", "image/png", "application/pdf", "application/octet-stream"])
_LEAVES = st.builds(
    lambda body, kind, coding, ends: part(body, "a.bin", kind=kind, coding=coding).replace(b"\r\n", ends),
    st.binary(max_size=60) | st.sampled_from([b"--batas\r\n", b"\r\n--batas0\r\n", b"\n", b"\r\n\r\n", b"--"]),
    _TYPES,
    st.sampled_from(["base64", "8bit", "binary", ""]),
    st.sampled_from([b"\r\n", b"\n"]),
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.builds(
        lambda several, mark, closed: multi(*several, mark=mark, closed=closed),
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from(["batas", "batas0", "b", "b atas"]),
        st.sampled_from([True, True, True, False]),
    ),
    max_leaves=8,
)


@given(_TREES)
@settings(max_examples=300)
def test_the_parts_of_a_mail_are_those_the_standard_library_sees(whole: bytes) -> None:
    """And no part of which it has anything to remark is taken out."""
    data = mail(whole=whole)
    theirs = [one for one in email.message_from_bytes(data).walk() if not one.is_multipart()]
    try:
        ours = parts(data).leaves
    except Refused:
        assert any(one.get_content_maintype() == "multipart" for one in theirs)
        return
    assert [one.kind for one in ours] == [one.get_content_type() for one in theirs]
    for mine, its in zip(ours, theirs, strict=True):
        try:
            taken = mine.content()
        except Refused:
            continue
        assert taken == its.get_payload(decode=True)
        assert not its.defects


def test_a_torn_mail_gives_up_no_torn_attachment() -> None:
    """Cut off behind any byte, or with any one byte missing: what is taken out is the very workbook, or nothing."""
    data = mail(part(GOOD, "usulan.xlsx"))
    begin, end = data.index(b"UEsDB"), data.index(b"\r\n--batas--")
    for at in range(begin, end):
        assert taken(data[:at]) == []
        assert taken(data[:at] + data[at + 1 :]) in ([], [GOOD])
    assert taken(data) == [GOOD]


def taken(data: bytes) -> list[bytes]:
    """What is taken out of a mail."""
    found = []
    box = open_box(data)
    for piece in box.pieces if box else ():
        with suppress(Refused):
            found.append(piece.take())
    return [one for one in found if isinstance(one, bytes)]


@cache
def small() -> list[bytes]:
    """Every kind that is no large file."""
    return [data for kind in KINDS.values() if len(data := kind.make()) < 20_000]


@given(st.integers(0, 999).map(lambda number: small()[number % len(small())]), st.data())
@settings(max_examples=300)
def test_whatever_is_in_a_file_opening_it_ends_in_parts_or_a_reason(data: bytes, draw: st.DataObject) -> None:
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data) - 1))
        kept = draw.draw(st.integers(at, min(len(data), at + 40)))
        data = data[:at] + draw.draw(st.binary(max_size=8)) + data[kept:] or b"x"
    with TemporaryDirectory() as folder:
        place = Path(folder, "a")
        place.write_bytes(data)
        listed = parts_of(Arrival("a", place, len(data)))
        for one in listed[1:]:
            if one.sha256 and not one.note and not one.refused:
                assert hashlib.sha256(content(Arrival("a", place, 0, inside=one.place))).hexdigest() == one.sha256


# ---- workers ---- #


def test_a_part_that_brings_its_worker_down_costs_only_itself(tmp_path: Path) -> None:
    orders = {f"{n:02}": b"abort" if n == 7 else b"%d" % n for n in range(40)}
    (tmp_path / "a.zip").write_bytes(archive(orders))
    files, _ = seen(tmp_path)
    results = read_all(files, 2, quiet, readers.obedient)
    assert {n for n, (_, reading) in enumerate(results) if reading.refusal} == {7}
    assert [read for read, _ in results if read] == [str(n) for n in range(40) if n != 7]


@pytest.mark.skipif(sys.platform != "linux", reason="a process started anew knows nothing of a changed function")
def test_a_mail_that_brings_its_worker_down_is_one_refused_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.eml", "b.eml", "c.eml"):
        (tmp_path / name).write_bytes(mail(part(GOOD, "a.xlsx"), heads={"Subject": name}))

    def deadly(data: bytes) -> Box | None:
        return os.abort() if b"b.eml" in data else open_box(data)

    monkeypatch.setattr(unpack, "open_box", deadly)
    monkeypatch.setattr(pool, "_start_method", lambda: "fork")  # so that the worker knows the above
    files, boxes = seen(tmp_path)
    assert [(file.name, word(file)) for file in files] == [
        (f"a.eml{WITHIN}a.xlsx", "utuh"),
        ("b.eml", f"tolak {reason('died')}"),
        (f"c.eml{WITHIN}a.xlsx", "utuh"),
    ]
    assert [box.arrival.name for box in boxes] == ["a.eml", "c.eml"]


def test_the_order_of_the_sources_plays_no_part(tmp_path: Path) -> None:
    names = ("arsip.zip", "kotak surat.mbox", "surel dalam arsip dalam surel.eml")
    for name in names:
        (tmp_path / name).write_bytes(KINDS[name].make())
    found = {repr(seen(*(tmp_path / name for name in order))) for order in permutations(names)}
    assert len(found) == 1


def test_plain_workbooks_are_never_opened_as_archives(tmp_path: Path) -> None:
    """By their first bytes, so that a folder without mails costs no process."""
    (tmp_path / "a.xlsx").write_bytes(GOOD)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    assert not any(file.closed for file in hashed(collect([tmp_path])))
