"""What comes by mail or in an archive is recapped as if it lay in the folder; Arsip says with which mail it came."""

from __future__ import annotations

import email
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from support import desktop_host
from support.mails import archive, mail, part
from xlsxwriter import Workbook

from kemitraan_xl import cli
from kemitraan_xl.book.catatan import ARSIP
from kemitraan_xl.book.summary import write_summary
from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import Recap, consolidate
from kemitraan_xl.contoh.proposal import partners, proposal
from kemitraan_xl.earlier import files_of
from kemitraan_xl.grade import grade
from kemitraan_xl.intake.cache import Cache, cache_folder
from kemitraan_xl.intake.names import WITHIN
from kemitraan_xl.intake.work import reading_digest
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.recap import SHEETS
from kemitraan_xl.reply import write_replies
from udfs import macros
from udfs.desk import Desk
from udfs.macros import opening
from udfs.sheets import list_sheet

TODAY = date(2026, 11, 24)
#: Who sends what on which day: the files of the first two are accepted, those of the others go back.
DAYS = {"M-001": 2, "M-002": 3, "M-003": 4, "M-004": 5}
ACCEPTED = ("M-001", "M-002")


def returned(code: str, target: Path, **cover: Any) -> bytes:
    """A proposal as that partner fills it in; `cover` are cells of the cover that it fills in otherwise."""
    partner = next(one for one in partners() if one["kode"] == code)
    values = proposal(partner, TODAY)[0]
    values["sampul"][0] |= cover
    build_template("usulan", target, mitra=partner["nama"], kode=code, periode="2027", prefill=values)
    return target.read_bytes()


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their files in one folder, their letters dated as they were mailed, by the clock of Jakarta."""
    folder = tmp_path_factory.mktemp("kiriman")
    for code in DAYS:
        fault = {} if code in ACCEPTED else {"kelas_lembaga": None}
        returned(code, folder / f"{code} usulan.xlsx", tanggal_surat=date(2026, 2, DAYS[code] + 1), **fault)
    return folder


@pytest.fixture(scope="module")
def mailed(loose: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files, each in a mail; the last in an archive in a mail, and one mail without anything."""
    folder = tmp_path_factory.mktemp("surel") / "kiriman"
    folder.mkdir()
    for source in loose.iterdir():
        code, content = source.name[:5], source.read_bytes()
        heads = {"From": f"Kantor <{code}@mitra.example>", "Date": f"{DAYS[code]:02} Feb 2026 23:30:00 +0000"}
        held = part(archive({source.name: content}), "kiriman.zip") if code == "M-004" else part(content, source.name)
        (folder / f"{code}.eml").write_bytes(mail(held, heads=heads))
    (folder / "Z tanpa lampiran.eml").write_bytes(mail(heads={"Subject": "=1+2", "From": "=3@b.example"}))
    return folder


@pytest.fixture(scope="module")
def recap(mailed: Path) -> Recap:
    return consolidate([mailed], TODAY)


def run(*words: object) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["kemitraan", *map(str, words), "--senyap", "--per-tanggal", TODAY.isoformat()])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    return int(stopped.value.code or 0)


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """The Rekap sheets of a summary, rows without the file's name."""
    book = CalamineWorkbook.from_path(str(path))
    names = [name for name in book.sheet_names if name.startswith("Rekap") or name in ("Cakupan", "Dasbor")]
    grids = {name: book.get_sheet_by_name(name).to_python() for name in names}
    return {name: [row[grid[0][0] == "Berkas" :] for row in grid] for name, grid in grids.items()}


def test_the_recap_of_mails_is_that_of_their_attachments(loose: Path, mailed: Path, tmp_path: Path) -> None:
    assert run("konsolidasi", loose, "--keluaran", tmp_path / "lepas.xlsx") == 1
    assert run("konsolidasi", mailed, "--keluaran", tmp_path / "surel.xlsx") == 1
    assert sheets(tmp_path / "surel.xlsx") == sheets(tmp_path / "lepas.xlsx")


def test_mails_and_archives_stand_outside_the_six_verdicts(recap: Recap) -> None:
    files = SHEETS["Arsip"](recap)
    assert dict(recap.verdicts()) == {**dict.fromkeys(recap.verdicts(), 0), "diterima": 2, "dikembalikan": 2}
    assert list(files["Berkas"]) == sorted(files["Berkas"])
    boxes = files[files["Jenis"].eq("Wadah")]
    assert list(boxes["Berkas"]) == [
        "M-001.eml",
        "M-002.eml",
        "M-003.eml",
        "M-004.eml",
        f"M-004.eml{WITHIN}kiriman.zip",
        "Z tanpa lampiran.eml",
    ]
    assert set(boxes["Putusan"]) == {""}
    assert boxes["Alasan"].map(bool).all()
    assert boxes["SHA-256"].str.len().eq(64).all()


def test_arsip_says_with_which_mail_a_file_came(recap: Recap) -> None:
    files = SHEETS["Arsip"](recap)
    assert list(files.columns)[-3:] == ["Pengirim", "Tanggal Surel", "Perihal"]
    told = files.set_index("Berkas")[["Pengirim", "Tanggal Surel", "Perihal"]].apply(tuple, axis=1).to_dict()
    name = f"M-004.eml{WITHIN}kiriman.zip{WITHIN}M-004 usulan.xlsx"
    assert told[name] == ("M-004@mitra.example", "2026-02-06 06:30", "Usulan kemitraan")  # by the clock of Jakarta


def test_the_summary_links_a_part_to_its_mail_and_believes_no_subject(
    recap: Recap, mailed: Path, tmp_path: Path
) -> None:
    write_summary(recap, tmp_path / "rekap.xlsx")
    book = openpyxl.load_workbook(tmp_path / "rekap.xlsx")
    found = {
        (title, unquote(link.target).replace("\\", "/"))
        for title in ("Arsip", "Temuan")
        for row in book[title].iter_rows()
        for cell in row
        if (link := cell.hyperlink) is not None and not link.location
    }
    assert not [cell for row in book["Arsip"].iter_rows() for cell in row if cell.data_type == "f"]
    assert ["=3@b.example", "2026-01-05 09:30", "=1+2"] in [[cell.value for cell in row[-3:]] for row in book["Arsip"]]
    targets = {(tmp_path / target).resolve() for _, target in found}
    assert targets == set(mailed.iterdir())
    assert {title for title, _ in found} == {"Arsip", "Temuan"}
    assert all(
        cell.hyperlink is None or not cell.hyperlink.location for row in book["Temuan"].iter_rows() for cell in row
    )


def test_the_command_tells_mails_and_what_lies_in_them(mailed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("periksa", mailed / "M-004.eml", mailed / "Z tanpa lampiran.eml", "--format", "json") == 1
    files = json.loads(capsys.readouterr().out)["berkas"]
    assert [(file["jenis"], file["putusan"]) for file in files] == [
        ("wadah", None),
        ("wadah", None),
        ("usulan", "dikembalikan"),
        ("wadah", None),
    ]
    assert run("periksa", mailed / "Z tanpa lampiran.eml") == 0
    assert "Z tanpa lampiran.eml" in capsys.readouterr().out


def test_the_same_file_in_two_mails_counts_once(loose: Path, tmp_path: Path) -> None:
    content = next(loose.glob("M-001*")).read_bytes()
    for name, day in (("a.eml", 5), ("b.eml", 3)):
        heads = {"Date": f"0{day} Feb 2026 10:00:00 +0700"}
        (tmp_path / name).write_bytes(mail(part(content, "usulan.xlsx"), heads=heads))
    found = {entry.arrival.name: entry.verdict for entry in consolidate([tmp_path], TODAY).returns}
    assert found == {f"a.eml{WITHIN}usulan.xlsx": "duplikat", f"b.eml{WITHIN}usulan.xlsx": "diterima"}


def test_the_later_mail_holds_the_newer_version(tmp_path: Path) -> None:
    for name, day, address in (("a.eml", 5, "Jalan Baru 1"), ("b.eml", 3, "Jalan Lama 1")):
        content = returned("M-001", tmp_path / "usulan.xlsx", alamat_lembaga=address)
        heads = {"Date": f"0{day} Feb 2026 10:00:00 +0700"}
        (tmp_path / name).write_bytes(mail(part(content, "usulan.xlsx"), heads=heads))
    (tmp_path / "usulan.xlsx").unlink()
    found = {entry.arrival.name[0]: entry.verdict for entry in consolidate([tmp_path], TODAY).returns}
    assert found == {"a": "diterima", "b": "digantikan"}


def test_a_part_is_kept_by_its_own_content(recap: Recap) -> None:
    kept = Cache(cache_folder(), reading_digest(load().digest))
    assert all(kept.get(entry.arrival.sha256) for entry in recap.returns if entry.verdict == "diterima")


def test_what_goes_back_is_named_and_addressed_as_it_came(loose: Path, tmp_path: Path) -> None:
    content = next(loose.glob("M-004*")).read_bytes()
    broken = part(content[: len(content) // 2], "usulan: baru?.xlsx")
    heads = {"From": "Kantor <kantor@mitra.example>"}
    (tmp_path / "a.eml").write_bytes(mail(part(content, "usulan.xlsx"), broken, heads=heads))
    (tmp_path / "b.eml").write_bytes(mail(broken, heads=heads))
    made = write_replies(consolidate([tmp_path], TODAY), tmp_path / "kembali")
    assert [path.suffix for path in made] == [".xlsx", ".eml", ".eml", ".eml"]
    refusals = [path for path in made if path.name.startswith("Ditolak usulan baru .xlsx ")]
    assert len({path.name for path in refusals}) == 2
    for path in refusals:
        assert email.message_from_bytes(path.read_bytes())["To"] == "kantor@mitra.example"
    spare = openpyxl.load_workbook(made[0])
    assert spare["Sampul"]


def test_a_deed_that_came_with_a_return_is_refused_without_a_letter(loose: Path, tmp_path: Path) -> None:
    accepted = next(loose.glob("M-001*")).read_bytes()
    deed = part(b"%PDF-1.7 akta", "akta.pdf", kind="application/pdf")
    (tmp_path / "bersama.eml").write_bytes(mail(part(accepted, "usulan.xlsx"), deed))
    (tmp_path / "sendiri.eml").write_bytes(mail(deed, heads={"From": "Kantor <lain@mitra.example>"}))
    recap = consolidate([tmp_path], TODAY)
    verdicts = {entry.arrival.name: entry.verdict for entry in recap.returns}
    assert verdicts == {
        f"bersama.eml{WITHIN}usulan.xlsx": "diterima",
        f"bersama.eml{WITHIN}akta.pdf": "ditolak",
        f"sendiri.eml{WITHIN}akta.pdf": "ditolak",
    }
    (letter,) = write_replies(recap, tmp_path / "kembali")
    assert email.message_from_bytes(letter.read_bytes())["To"] == "lain@mitra.example"


def test_a_mail_that_came_in_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Ditolak x.xlsx.eml").write_bytes(mail(part(b"PK\3\4rusak", "x.xlsx")))
    before = (tmp_path / "Ditolak x.xlsx.eml").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        assert run("konsolidasi", ".", "--keluaran", tmp_path / "rekap.xlsx", "--kembalikan", tmp_path) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert (tmp_path / "Ditolak x.xlsx.eml").read_bytes() == before


def test_scoring_looks_into_archives_too(loose: Path, tmp_path: Path) -> None:
    source = next(loose.iterdir())
    (tmp_path / "a.zip").write_bytes(archive({source.name: source.read_bytes()}))
    assert grade([tmp_path / "a.zip"]) == [{**grade([source])[0], "nama": f"a.zip{WITHIN}{source.name}"}]


# ---- the master and its buttons ---- #


def test_an_older_master_is_asked_for_its_mails_too(tmp_path: Path) -> None:
    rows = [("a.eml", "", "Wadah"), (f"a.eml{WITHIN}b.xlsx", "diterima", "Usulan"), ("Belum ada berkas.", "", "")]
    with Workbook(tmp_path / "lama.xlsx") as book:
        sheet = book.add_worksheet("Arsip")
        sheet.write_row(0, 0, ARSIP)
        for number, (name, verdict, kind) in enumerate(rows, start=1):
            told = {"Berkas": name, "Putusan": verdict, "Jenis": kind}
            sheet.write_row(number, 0, [told.get(heading, "") for heading in ARSIP])
    assert [row["Berkas"] for row in files_of(tmp_path / "lama.xlsx").archive] == [rows[0][0], rows[1][0]]


def test_buttons_consolidate_mails_and_show_the_mail_of_a_row(
    built: Path, recap: Recap, mailed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = desktop_host.open_book(built / "Kemitraan.xlsx")
    macros.run("konsolidasi", book, Desk(TODAY, mailed, workers=1))
    listed = list_sheet(book, "Arsip", "arsip_jenis").frame()
    assert list(listed["Berkas"]) == [entry.arrival.name for entry in recap.listed]
    assert set(listed["Folder"]) == {mailed.resolve().as_posix()}
    shown: list[str] = []
    monkeypatch.setattr("click.launch", shown.append)
    heading = book.names["hasil_rekap_program"].refers_to_range
    row = heading.sheet.range((heading.row + 1, heading.column))
    heading.sheet.activate()
    row.select()
    outer, _, within = str(row.value).partition(WITHIN)
    assert within in macros.run("buka_sumber", book, Desk(TODAY))
    assert shown == [str(mailed.resolve() / outer)]


def test_only_mails_and_archives_by_name_are_handed_to_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("click.launch", shown.append)
    for name in ("a.eml", "a.MSG", "a.zip", "a.exe", "a.bat", "a"):
        opening._opened(tmp_path / name, "usulan.xlsx")
    assert [Path(path).name for path in shown] == ["a.eml", "a.MSG", "a.zip"]
