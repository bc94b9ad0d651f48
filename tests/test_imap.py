"""A mailbox as a source: read and never changed, all of it or nothing, and its mails and its password stay nowhere.

Against a real server (Dovecot), and against one that drops, lies and talks nonsense.
"""

from __future__ import annotations

import imaplib
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import click
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import dovecot, templat
from support.imap_script import Scripted, conversation

from kemitraan_xl import cli, inboxes
from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.imap import client
from kemitraan_xl.intake.imap import folder as imap_folder
from kemitraan_xl.intake.imap.address import Mailbox, modified_utf7, read_address
from kemitraan_xl.intake.imap.folder import clear_leftovers, private_folder
from kemitraan_xl.intake.imap.trouble import PASSWORD, Trouble
from kemitraan_xl.intake.model import Arrival, Fetched
from kemitraan_xl.intake.refusal import reason

SECRET = "rahasia-Sekali-42"
BOX = Mailbox("staf", "surel.contoh.id", 143, False, "INBOX")
DAY = ["--per-tanggal", "2026-11-24"]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(PASSWORD, raising=False)
    return tmp_path / "cache"


def nothing(count: int) -> None:
    """Nobody looks at the progress."""


def fetched(folder: Path, mailbox: Mailbox = BOX) -> Fetched:
    return client.fetch(mailbox, SECRET, folder, nothing, nothing)


def contents(found: Fetched) -> dict[str, bytes]:
    return {arrival.name: arrival.path.read_bytes() for arrival in found.arrivals}


def code_of(folder: Path) -> str:
    with pytest.raises(Trouble) as caught:
        fetched(folder)
    return caught.value.code


def run(*words: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["kemitraan", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    return int(stopped.value.code or 0)


# ---- a real server ---- #


def mail(subject: str, attached: bytes = b"") -> bytes:
    """A mail with lines as they travel."""
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "mitra@contoh.id", subject, "Mon, 02 Mar 2026 08:00:00 +0700"
    message.set_content("Terlampir.")
    if attached:
        message.add_attachment(attached, maintype="application", subtype="octet-stream", filename="usulan.xlsx")
    return message.as_bytes().replace(b"\n", b"\r\n")


MAILS = {number: mail(f"Kiriman {number}") for number in (1, 2, 3)}
SUBFOLDER = "Kemitraan é & 日本/2025"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dovecot.Server]:
    whole = {**templat.WHOLE, "matriks_risiko": []}
    proposal = templat.build(tmp_path_factory.mktemp("usulan") / "usulan.xlsx", whole).read_bytes()
    with dovecot.running() as running:
        for number, content in MAILS.items():
            running.deliver(f"{number}.x", content, seen=number == 2)
        running.deliver("1.x", mail("Usulan", proposal), folder=".Usulan")
        folder = f".{modified_utf7(SUBFOLDER).replace('/', '.')}"
        running.deliver("1.lama", mail("lama"), True, folder, datetime(2024, 12, 30, tzinfo=UTC))
        running.deliver("2.baru", mail("baru"), True, folder)
        yield running


@pytest.fixture
def trusted(server: dovecot.Server, monkeypatch: pytest.MonkeyPatch) -> dovecot.Server:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    monkeypatch.setenv(PASSWORD, dovecot.PASSWORD)
    return server


def address(server: dovecot.Server, rest: str = "", scheme: str = "imaps", user: str = dovecot.USER) -> str:
    port = server.tls if scheme == "imaps" else server.plain
    return f"{scheme}://{user}@{dovecot.HOST}:{port}/{rest}"


def flags(server: dovecot.Server) -> list[set[bytes]]:
    """The marks of all mails in INBOX, as another mail program sees them; Recent is its own affair."""
    with imaplib.IMAP4_SSL(dovecot.HOST, server.tls, ssl_context=ssl.create_default_context()) as other:
        other.authenticate("PLAIN", lambda _: f"\0{dovecot.USER}\0{dovecot.PASSWORD}".encode())
        other.select("INBOX", readonly=True)
        other.noop()
        return [{*imaplib.ParseFlags(item)} - {rb"\Recent"} for item in other.uid("FETCH", "1:*", "(FLAGS)")[1]]


def arsip(book: Path) -> dict[str, Any]:
    """The rows of Arsip by the name of the file."""
    frame = pd.read_excel(book, sheet_name="Arsip", engine="calamine", dtype=str, keep_default_na=False)
    return {str(name): row for name, row in frame.set_index("Berkas").to_dict("index").items()}


def links(book: Path) -> set[str]:
    """Where a workbook points to outside itself."""
    with ZipFile(book) as package:
        texts = [package.read(name).decode() for name in package.namelist() if name.endswith(".rels")]
    return {found for text in texts for found in re.findall(r'Target="([^"]+)" TargetMode="External"', text)}


@pytest.mark.imap
def test_a_mailbox_and_a_folder_make_one_recap_and_the_mailbox_stays_as_it_was(
    trusted: dovecot.Server,
    tmp_path: Path,
    cache: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, marks = trusted.state(), flags(trusted)
    books = [tmp_path / "satu.xlsx", tmp_path / "dua.xlsx"]
    local = tmp_path / "kiriman" / "lain.xlsx"
    local.parent.mkdir()
    local.write_bytes(b"bukan buku kerja")
    for book in books:
        monkeypatch.setenv(PASSWORD, dovecot.PASSWORD)
        boxes = [address(trusted), address(trusted, "Usulan")]
        assert run("konsolidasi", *boxes, str(local), "--keluaran", str(book), *DAY) == 1  # `local` is no workbook
        assert PASSWORD not in os.environ
    assert trusted.state() == before
    assert flags(trusted) == marks
    assert marks == [set(), {rb"\Seen"}, set()]
    rows = arsip(books[0])
    assert {f"INBOX {number}.eml" for number in MAILS} | {local.name, "Usulan 1.eml"} <= rows.keys()
    attached = rows["Usulan 1.eml › usulan.xlsx"]
    assert [attached[name] for name in ("Putusan", "Pengirim", "Perihal")] == ["diterima", "mitra@contoh.id", "Usulan"]
    assert books[0].read_bytes() == books[1].read_bytes()
    assert links(books[0]) == {"kiriman\\lain.xlsx"}  # as XlsxWriter has it
    assert [path.name for path in (cache / "surel").iterdir()] == ["kunci"]
    said = "".join(capfd.readouterr())
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert dovecot.PASSWORD not in said
    assert not [content for content in written if dovecot.PASSWORD.encode() in content]


@pytest.mark.imap
@pytest.mark.parametrize(
    ("rest", "names"),
    [
        ("inbox", ["INBOX 1.eml", "INBOX 2.eml", "INBOX 3.eml"]),
        (SUBFOLDER, [f"{SUBFOLDER} 1.eml", f"{SUBFOLDER} 2.eml"]),
        (f"{SUBFOLDER}?sejak=2025-01-01", [f"{SUBFOLDER} 2.eml"]),
    ],
    ids=["inbox", "subkotak", "sejak"],
)
@pytest.mark.parametrize("scheme", ["imap", "imaps"])
def test_a_mailbox_by_either_scheme(
    trusted: dovecot.Server, tmp_path: Path, scheme: str, rest: str, names: list[str]
) -> None:
    found = client.fetch(read_address(address(trusted, rest, scheme)), dovecot.PASSWORD, tmp_path, nothing, nothing)
    assert list(contents(found)) == names
    assert all(arrival.path.stat().st_mode & 0o777 == 0o600 for arrival in found.arrivals)
    if rest == "inbox":
        assert list(contents(found).values()) == list(MAILS.values())


@pytest.mark.imap
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"rest": "Tiada"}, "mailbox"),
        ({"user": "lain@kpai.contoh.id"}, "login"),
        ({"scheme": "imap", "untrusted": True}, "certificate"),
        ({"untrusted": True}, "certificate"),
    ],
    ids=["kotak", "sandi", "starttls", "sertifikat"],
)
def test_what_the_server_refuses_is_one_line_and_nothing_is_written(
    trusted: dovecot.Server,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: dict[str, Any],
    code: str,
) -> None:
    if words.pop("untrusted", False):
        monkeypatch.delenv("SSL_CERT_FILE")
    line = [address(trusted, **words), "--keluaran", str(tmp_path / "rekap.xlsx"), "--senyap"]
    with pytest.raises(Trouble) as caught:
        cli.konsolidasi.main([*line], standalone_mode=False)
    assert caught.value.code == code
    monkeypatch.setenv(PASSWORD, dovecot.PASSWORD)
    assert run("konsolidasi", *line) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert dovecot.PASSWORD not in err
    assert {path.name for path in tmp_path.rglob("*")} == {"cache", "surel", "kunci"}


@pytest.mark.imap
def test_a_mail_that_is_too_large_is_a_row_that_says_so(
    trusted: dovecot.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = min(map(len, MAILS.values())) + 2
    trusted.deliver("large", mail(f"Besar {'x' * 30} NIK 3273015203150001"), folder=".Besar")
    trusted.deliver("small", MAILS[1], folder=".Besar")
    monkeypatch.setattr(client, "MAX_MAIL", limit)
    book, back = tmp_path / "rekap.xlsx", tmp_path / "balasan"
    words = ["--keluaran", str(book), "--kembalikan", str(back), "--senyap", *DAY]
    assert run("konsolidasi", address(trusted, "Besar"), *words) == 1
    assert len(list(back.glob("*.eml"))) == 1
    rows = arsip(book)
    assert len(rows) == 2
    (large,) = [row for row in rows.values() if row["Alasan"] == reason("mail", f"{limit // client.MIB} MiB")]
    assert (large["Putusan"], large["Pengirim"]) == ("ditolak", "mitra@contoh.id")
    assert large["Perihal"].startswith("Besar")
    assert "3273015203150001" not in large["Perihal"]


# ---- a server that answers by heart ---- #

FEW = {5: b"Subject: satu\r\n\r\n1\r\n", 9: b"Subject: dua\r\n\r\n2\r\n", 12: b""}
MANY = {number: b"Subject: %d\r\n\r\n" % number for number in range(101, 161)}
Server = Callable[..., Scripted]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with ExitStack() as stack:
        yield lambda *texts: stack.enter_context(Scripted(monkeypatch, *texts))


TAKEN = 7  #: things said until the first mails were there: the greeting, six answers and these


def test_mails_come_with_names_by_their_number(tmp_path: Path, scripted: Server) -> None:
    server = scripted(b"".join(conversation(FEW)))
    found = fetched(tmp_path)
    assert contents(found) == {f"INBOX {number}.eml": text for number, text in FEW.items()}
    assert all(arrival.fetched for arrival in found.arrivals)
    (heard,) = server.heard()
    words = [line.split()[1:3] for line in heard.splitlines()]
    assert {word[0] for word in words} == {b"CAPABILITY", b"LOGIN", b"EXAMINE", b"NOOP", b"UID", b"LOGOUT"}
    assert {word[1] for word in words if word[0] == b"UID"} == {b"SEARCH", b"FETCH"}
    assert b"BODY.PEEK[]" in heard
    assert b"BODY[" not in heard  # would mark the mail as seen


def test_a_connection_that_drops_goes_on_where_it_was(tmp_path: Path, scripted: Server) -> None:
    first = conversation(MANY)[: TAKEN + 1]
    second = conversation(MANY, asked=list(MANY)[50:])
    server = scripted(b"".join(first) + b"* 1 FETCH (UID 151 BODY[] {900}\r\nSubj", b"".join(second))
    assert contents(fetched(tmp_path)) == {f"INBOX {number}.eml": text for number, text in MANY.items()}
    assert b"BODY" in server.heard()[0]


def test_mails_that_were_numbered_anew_are_all_fetched_anew(tmp_path: Path, scripted: Server) -> None:
    other = {number: text + b"lain" for number, text in MANY.items()}
    texts = b"".join(conversation(MANY)[: TAKEN + 1]), b"".join(conversation(other, validity=8))
    scripted(*texts)
    assert contents(fetched(tmp_path)) == {f"INBOX {number}.eml": text for number, text in other.items()}


def test_a_mail_removed_meanwhile_is_not_missed(tmp_path: Path, scripted: Server) -> None:
    left = {number: text for number, text in FEW.items() if number != 9}
    gone = b"".join(conversation(FEW)).replace(b"* 1 FETCH (UID 9 BODY[] {%d}\r\n%b)\r\n" % (len(FEW[9]), FEW[9]), b"")
    scripted(gone, b"".join(conversation(left, asked=[])))
    assert contents(fetched(tmp_path)) == {f"INBOX {number}.eml": text for number, text in left.items()}


def _cut(text: bytes) -> bytes:
    return text[: text.index(b"BODY[]") + 20]


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "bisu": lambda _: b"",
    "bukan-imap": lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "terputus": _cut,
    "bye": lambda text: _cut(text)[:-30] + b"* BYE penuh\r\n",
    "tanpa-uidvalidity": lambda text: re.sub(rb"\* OK \[UIDVALIDITY \d+\] baik\r\n", b"", text),
    "tanpa-search": lambda text: re.sub(rb"\* SEARCH.*?\r\n", b"", text),
    "search-literal": lambda text: text.replace(b"* SEARCH 5", b"* SEARCH {1}\r\n5"),
    "capability-literal": lambda text: text.replace(b"CAPABILITY IMAP4rev1", b"CAPABILITY {1}\r\n5"),
    "uidvalidity-literal": lambda text: text.replace(b"* OK [UIDVALIDITY 7] baik", b"* UIDVALIDITY {1}\r\n5"),
    "search-aneh": lambda text: text.replace(b"* SEARCH 5", b"* SEARCH lima"),
    "angka-panjang": lambda text: text.replace(b"* SEARCH 5", b"* SEARCH " + b"5" * 5000),
    "tanpa-ukuran": lambda text: text.replace(b"(UID 9 RFC822.SIZE", b"(UID 9 SIZE"),
    "tanpa-isi": lambda text: text.replace(b"(UID 9 BODY[]", b"(UID 10 BODY[]"),
    "raksasa": lambda text: re.sub(rb"BODY\[\] \{\d+\}", b"BODY[] {99999999999}", text),
    "baris-panjang": lambda text: text.replace(b"* SEARCH", b"* SEARCH" + b" 5" * 600_000),
    "preauth": lambda text: text.replace(b"* OK siap", b"* PREAUTH x").replace(b"rev1", b"rev1 STARTTLS"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_half_an_answer_or_nonsense_is_no_result(kind: str, tmp_path: Path, scripted: Server) -> None:
    text = BROKEN[kind](b"".join(conversation(FEW)))
    scripted(text, text)
    assert code_of(tmp_path) == "broken"


def test_a_size_that_is_a_lie_is_found_out(tmp_path: Path, scripted: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_MAIL", 10)
    scripted(b"".join(conversation(FEW, sizes=dict.fromkeys(FEW, 1))))
    found = fetched(tmp_path)
    assert [bool(arrival.refused) for arrival in found.arrivals] == [True, True, False]
    assert [path.name for path in tmp_path.rglob("*.eml")] == ["7-12.eml"]


@pytest.mark.parametrize("can", ["", "AUTH=PLAIN"])
def test_a_password_never_goes_in_clear_to_another_computer(
    can: str, tmp_path: Path, scripted: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_is_here", lambda address: address != "127.0.0.1")
    server = scripted(b"".join(conversation(FEW, can=can)))
    assert code_of(tmp_path) == "clear"
    assert [line.split()[1] for line in server.heard()[0].splitlines()] == [b"CAPABILITY"]


def test_this_computer_is_told_by_its_address() -> None:
    assert [client._is_here(address) for address in ("127.0.0.1", "::1", "192.168.1.2", "203.0.113.9")] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("error", "code"),
    [(socket.gaierror, "unknown"), (ConnectionRefusedError, "unreachable"), (TimeoutError, "unreachable")],
)
def test_a_server_out_of_reach_is_told_apart(
    error: type[OSError], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise error

    monkeypatch.setattr(imaplib.IMAP4, "_create_socket", fails)
    assert code_of(tmp_path) == code


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_whatever_makes_more_than_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    words = st.sampled_from(
        [b"{3}\r\n", b"{9999}\r\n", b"* ", b"\r\n", b"NIL", b"(", b'"', b"BAAA3 NO x\r\n", b"* BYE\r\n"]
    )
    text = bytearray(b"".join(conversation(FEW)))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        text[start : start + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9) | words)
    folder = tmp_path_factory.mktemp("surel")
    with pytest.MonkeyPatch.context() as patch, Scripted(patch, bytes(text), bytes(text)), suppress(Trouble):
        assert all(arrival.path.stat().st_size == arrival.size for arrival in fetched(folder).arrivals)


# ---- how a mailbox is typed ---- #


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("imaps://staf@surel.id", Mailbox("staf", "surel.id", 993, True, "INBOX")),
        ("IMAP://a%40b.id@Surel.id:1143/inbox/", Mailbox("a@b.id", "surel.id", 1143, False, "INBOX")),
        ("imaps://a@b.id@surel.id/Kotak Masuk/2025", Mailbox("a@b.id", "surel.id", 993, True, "Kotak Masuk/2025")),
        ("imaps://a@[::1]/T%C3%A9s%3F#1", Mailbox("a", "::1", 993, True, "Tés?#1")),
        ("imaps://a@b/K?sejak=2025-01-31", Mailbox("a", "b", 993, True, "K", date(2025, 1, 31))),
    ],
)
def test_an_address_is_read_as_meant(text: str, mailbox: Mailbox) -> None:
    assert cli._source(text) == mailbox


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"imaps://staf:{SECRET}@surel.id/INBOX", "password"),
        (f"imaps://staf:{SECRET}/x@surel.id/INBOX", "address"),
        ("imaps://staf:@surel.id/", "password"),
        ("imaps://surel.id/INBOX", "address"),
        ("imaps://staf@/INBOX", "address"),
        ("imaps:/staf@surel.id", "address"),
        ("imaps://staf@surel.id:x/", "address"),
        ("imaps://staf@surel.id/K?sejak=kemarin", "address"),
        ("imaps://staf@surel.id/K?sampai=2025-01-01", "address"),
        ("imaps://a%0d%0aX@surel.id/K", "address"),
        ("imaps://a@surel.id/K%00", "address"),
        (f"imaps://a@{'x' * 70}.id/K", "address"),
        ("imaps://a@[::1/K", "address"),
    ],
)
def test_any_other_address_is_refused_without_repeating_it(
    text: str, code: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Trouble) as caught:
        cli._source(text)
    assert caught.value.code == code
    assert run("konsolidasi", text, "--keluaran", str(tmp_path / "rekap.xlsx")) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n"), SECRET in err) == ("", 1, False)


@pytest.mark.parametrize("words", [["periksa"], ["nilai"], ["induk", "--keluaran", "induk.xlsx", "--impor"]])
def test_other_commands_take_no_mailbox_and_do_not_repeat_its_address(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["kemitraan", *words, f"imaps://staf:{SECRET}@surel.id/INBOX"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr()
    assert stopped.value.code == 2
    assert SECRET not in said.out + said.err
    assert len(said.err.splitlines()) == 1


def test_files_and_folders_are_what_they_were() -> None:
    assert [cli._source(text) for text in ("a.xlsx", "imap", "C:\\kiriman")] == [
        Path("a.xlsx"),
        Path("imap"),
        Path("C:\\kiriman"),
    ]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501, 5.1.3
        ("A & B", "A &- B"),
    ],
)
def test_names_are_sent_as_the_protocol_has_them(name: str, sent: str) -> None:
    assert modified_utf7(name) == sent


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_name_can_be_read_back(name: str) -> None:
    sent = modified_utf7(name)
    assert sent.isascii()
    back = re.sub(
        "&([^-]*)-", lambda part: f"+{part[1].replace(',', '/')}-".encode().decode("utf-7") if part[1] else "&", sent
    )
    assert back == name


# ---- whose password, and where mails lie ---- #


def at_hand(*sources: Path | Mailbox) -> Any:
    return inboxes.at_hand(sources, lambda: cli._working(senyap=True))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The mailboxes that are fetched, each with the password it is given."""
    found: list[tuple[str, str]] = []

    def fetch(mailbox: Mailbox, password: str, folder: Path, *_: Any) -> Fetched:
        (folder / "1-1.eml").write_bytes(b"surel")
        found.append((mailbox.account, password))
        return Fetched(mailbox.account, [])

    monkeypatch.setattr(inboxes, "fetch", fetch)
    return found


OTHER = Mailbox("lain", "surel.contoh.id", 993, True, "INBOX")


def on_terminal(monkeypatch: pytest.MonkeyPatch, yes: bool) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: yes))
    monkeypatch.setattr(click, "prompt", lambda text, hide_input, err: f"sandi {text.split()[-1]} {hide_input and err}")


def test_a_password_from_the_environment_is_for_one_account(
    asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_terminal(monkeypatch, False)
    monkeypatch.setenv(PASSWORD, SECRET)
    with pytest.raises(Trouble) as caught, at_hand(BOX, OTHER):
        pass
    assert (caught.value.code, asked) == ("several", [])
    with pytest.raises(Trouble) as caught, at_hand(BOX):
        pass  # it was taken out of the environment
    assert (caught.value.code, asked) == ("no_password", [])


def test_every_account_has_its_own_password(asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch, True)
    monkeypatch.setenv(PASSWORD, SECRET)
    with at_hand(BOX, OTHER, BOX) as sources:
        assert [source.origin for source in sources] == [BOX.account, OTHER.account]
    assert asked == [(box.account, f"sandi {box.account} True") for box in (BOX, OTHER)]


def test_the_same_name_from_two_accounts_is_told_apart(tmp_path: Path) -> None:
    boxes = [
        Fetched(account, [Arrival("INBOX 1.eml", tmp_path / account, 1, fetched=True)])
        for account in ("b@s.id", "a@s.id")
    ]
    names = ["a@s.id/INBOX 1.eml", "b@s.id/INBOX 1.eml"]
    for sources in (boxes, boxes[::-1]):
        found = collect(sources)
        assert [(arrival.name, arrival.path.name) for arrival in found] == [(name, name[:6]) for name in names]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("ending", [None, KeyboardInterrupt(), Trouble("busy")], ids=["baik", "henti", "gagal"])
def test_mails_are_gone_however_it_ends(
    ending: BaseException | None, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, SECRET)
    with suppress(KeyboardInterrupt, Trouble), at_hand(BOX):
        (found,) = cache.rglob("*.eml")
        assert [path.stat().st_mode & 0o777 for path in list(found.parents)[:4]] == [0o700] * 4
        if ending:
            raise ending
    assert [path.name for path in cache.rglob("*")] == ["surel", "kunci"]


def test_what_a_killed_run_left_goes_at_the_next_start_and_not_before(cache: Path) -> None:
    program = (
        "from kemitraan_xl.intake.imap.folder import private_folder\n"
        "with private_folder() as folder:\n"
        "    (folder / '1.eml').write_text('surel')\n"
        "    print(flush=True)\n"
        "    input()\n"
    )
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], **pipes) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(Trouble) as caught, private_folder():
            pass
        clear_leftovers()
        assert (caught.value.code, len(list(cache.rglob("*.eml")))) == ("busy", 1)
        process.send_signal(signal.SIGKILL)
    assert len(list(cache.rglob("*.eml"))) == 1
    with at_hand(Path("kiriman")):
        assert not list(cache.rglob("*.eml"))


@pytest.mark.parametrize("held", [False, True])
def test_the_lock_on_windows(held: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locking(*words: int) -> None:
        if held:
            raise PermissionError
        assert words[1:] == (2, 1)

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    monkeypatch.setattr(imap_folder, "sys", SimpleNamespace(platform="win32"))
    with (tmp_path / "kunci").open("wb") as file:
        assert imap_folder._locked(file.fileno()) is not held
