"""Writing that is hindered or doubled: said in one line, the old or the new file whole, and the next run right."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fcntl", reason="Windows tidak mengenal fork")
from support import faults
from support.writers import OLD, TODAY, WRITERS, Writer, as_new, finished, outputs, run, tree, whole

from kemitraan_xl import products
from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.safe_write import create_file, own_files, replace_file
from udfs.macros.handing_out import _in_excel

NEW = b"baru" * 100


# ---- hindered ---- #


def hindered(name: str, desk: Path, **how: Any) -> None:
    """The command says so in one line and leaves what it found; files that it finished before may be new."""
    new, _ = as_new(name, desk)
    before = outputs(desk)
    ended = run(name, desk, **how)
    assert (ended.code, ended.complained.count("\n"), ended.said) == (2, 1, "")
    assert ended.complained.startswith("kemitraan: ")
    after = outputs(desk)
    assert whole(after, before, new)
    assert finished(after) == after, "something is left lying about"
    assert run(name, desk).code == WRITERS[name].code
    assert outputs(desk) == new


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("templat", "half"),
        ("konsolidasi", "replace"),
        ("kembalikan", "fsync"),
        ("cetak", "half"),
    ],
)
def test_a_full_disk_is_said_and_leaves_the_old_file(name: str, kind: str, desk: Path) -> None:
    hindered(name, desk, effect=faults.full, lasting=True, only=kind)


@pytest.mark.lambat
@pytest.mark.parametrize(
    ("name", "number"),
    [
        *((name, errno.ENOSPC) for name in WRITERS),
        *((name, number) for name in ("templat", "ingatkan", "cetak") for number in (errno.EIO, errno.EACCES)),
    ],
)
def test_trouble_at_any_step_leaves_old_or_new(name: str, number: int, desk: Path) -> None:
    new, steps = as_new(name, desk)
    shutil.copytree(desk, desk.parent / "awal")
    old = outputs(desk)
    for at in range(1, steps + 1):
        shutil.rmtree(desk)
        shutil.copytree(desk.parent / "awal", desk)
        ended = run(name, desk, faults.fails(number), at, lasting=True)
        assert ended.code in (2, WRITERS[name].code), (
            at,
            ended,
        )  # trouble with the cache, or after the rename, is none
        assert "Traceback" not in ended.complained
        assert ended.complained.count("\n") == (ended.code == 2)
        assert whole(outputs(desk), old, new), at
        assert finished(outputs(desk)) == outputs(desk), at
        assert run(name, desk).code in (WRITERS[name].again or {WRITERS[name].code})
        assert finished(outputs(desk)) == new, at


@pytest.mark.parametrize("where", ["keluaran", "sementara"])
def test_a_disk_that_is_really_full(where: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small disk in memory, where this user may make one."""
    small = desk.parent / "kecil"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("hanya root yang dapat memasang disk kecil")
    try:
        target = small / "rekap.xlsx" if where == "keluaran" else desk / "rekap.xlsx"
        target.write_bytes(OLD)
        monkeypatch.setitem(WRITERS, "kecil", Writer(f"konsolidasi @kiriman --keluaran {target} --senyap --pekerja 1"))
        ended = run("kecil", desk, temporary=small if where == "sementara" else None)
        assert (ended.code, ended.complained.count("\n")) == (2, 1), ended
        assert target.read_bytes() == OLD
        assert [path.name for path in small.iterdir()] == (["rekap.xlsx"] if where == "keluaran" else [])
    finally:
        subprocess.run(["umount", small], check=True)


@contextmanager
def shut(folder: Path) -> Iterator[None]:
    """The folder and all below it can only be read; nothing but a disk so mounted stops root."""
    if os.geteuid():
        paths = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
        for path in paths:
            path.chmod(0o555)
        yield
        for path in paths:
            path.chmod(0o755)
        return
    mounts = (["mount", "--bind", str(folder), str(folder)], ["mount", "-o", "remount,bind,ro", str(folder)])
    if any(subprocess.run(line, capture_output=True, check=False).returncode for line in mounts):
        pytest.skip("root di sini tidak dapat memasang disk yang hanya dapat dibaca")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("name", ["templat", "konsolidasi", "kembalikan", "ingatkan"])
def test_a_folder_that_may_only_be_read(name: str, desk: Path) -> None:
    (desk / "out").mkdir()
    shutil.rmtree(desk / "cache")  # nobody may keep readings either, which is no error
    with shut(desk):
        ended = run(name, desk)
    assert (ended.code, ended.complained.count("\n")) == (2, 1), ended
    assert outputs(desk) == {}


@pytest.mark.parametrize("name", ["templat", "konsolidasi", "kembalikan"])
def test_a_folder_that_goes_away_under_way(name: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = (
        WRITERS[name]
        .words.replace("@t.xlsx", "@jauh/t.xlsx")
        .replace("@rekap", "@jauh/rekap")
        .replace("@out", "@jauh/out")
    )
    monkeypatch.setitem(WRITERS, name, Writer(words))
    (desk / "jauh").mkdir()
    ended = run(name, desk, lambda _: shutil.rmtree(desk / "jauh"), only="open")
    assert (ended.code, ended.complained.count("\n")) == (2, 1), ended
    assert outputs(desk) == {}


@pytest.mark.parametrize("name", ["templat", "konsolidasi"])
def test_a_target_that_excel_has_open_elsewhere(name: str, desk: Path) -> None:
    (new,) = as_new(name, desk)[0]
    lock = desk / f"~${new}"
    lock.write_bytes(b"")
    ended = run(name, desk)
    assert (ended.code, ended.complained.count("\n")) == (2, 1)
    assert new in ended.complained
    assert outputs(desk) == {new: OLD, lock.name: b""}
    lock.unlink()
    assert run(name, desk).code == WRITERS[name].code


def held(times: int, number: int = 32) -> Callable[[Path, Path], Path]:
    """A rename that Windows refuses so often because the target is open; then it goes through."""
    left = [times]

    def replace(self: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            error = PermissionError(errno.EACCES, "held", str(self))
            error.winerror = number  # type: ignore[attr-defined]
            raise error
        return self.rename(target)

    return replace


@pytest.mark.parametrize(("times", "number", "goes"), [(5, 32, True), (5, 5, True), (6, 32, False), (1, 13, False)])
def test_a_program_that_looks_into_the_target_for_a_moment_is_waited_for(
    times: int, number: int, goes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(OLD)
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(Path, "replace", held(times, number))
    if goes:
        replace_file(target, NEW)
    else:
        with pytest.raises(PermissionError, match=r"a\.xlsx"):
            replace_file(target, NEW)
    assert tree(tmp_path) == {"a.xlsx": NEW if goes else OLD}
    assert sum(slept) <= 2.5


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "jauh").mkdir()
    (tmp_path / "jauh" / "a.xlsx").write_bytes(OLD)
    (tmp_path / "a.xlsx").symlink_to(tmp_path / "jauh" / "a.xlsx")
    replace_file(tmp_path / "a.xlsx", NEW)
    assert (tmp_path / "a.xlsx").is_symlink()
    assert (tmp_path / "jauh" / "a.xlsx").read_bytes() == NEW


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    replace_file(tmp_path / f"{'a' * 250}.xlsx", NEW)
    assert len(tree(tmp_path)) == 1


def test_what_is_there_is_never_replaced_by_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(OLD)

    def no_links(self: Path, target: Path) -> None:  # noqa: ARG001
        raise PermissionError(errno.EPERM, "no links on this disk")

    for _ in ("with links", "without"):
        with pytest.raises(FileExistsError, match="a'"):
            create_file(tmp_path / "a", NEW)
        create_file(tmp_path / "b", NEW)
        assert tree(tmp_path) == {"a": OLD, "b": NEW}
        (tmp_path / "b").unlink()
        monkeypatch.setattr(Path, "hardlink_to", no_links)


def test_printing_in_excel_keeps_the_old_files_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of three PDFs fails: none takes the place of an old one, and what was opened is closed."""
    names = [tmp_path / f"buku-{number}.pdf" for number in range(3)]
    for path in names:
        path.write_bytes(OLD)
    master = tmp_path / "buku.xlsx"
    build_template("usulan", master, mitra="Lembaga Rekaan", per_tanggal=TODAY)
    closed: list[str] = []
    pages = iter((b"%PDF-1",))

    def opened(path: str, **_: Any) -> Any:
        def to_pdf(target: str) -> None:
            Path(target).write_bytes(next(pages))

        return SimpleNamespace(to_pdf=to_pdf, close=lambda: closed.append(path))

    book: Any = SimpleNamespace(app=SimpleNamespace(books=SimpleNamespace(open=opened)), activate=lambda: None)
    monkeypatch.setattr(products, "know", lambda *_: None)
    monkeypatch.setattr(products, "_made", lambda *_: ((path.name, master, ["Sampul"]) for path in names))
    with pytest.raises(StopIteration):
        products.print_products(master, (), (), "", tmp_path, TODAY, partial(_in_excel, book))
    assert [path.read_bytes() for path in names] == [OLD] * 3
    assert len(closed) == 2


# ---- two at once ---- #


def at_once(rounds: int, desk: Path) -> None:
    """Two programs of their own, the same target, the same cache, which is empty."""
    shutil.rmtree(desk / "cache")
    assert run("konsolidasi", desk).code == 1
    alone = (desk / "rekap.xlsx").read_bytes()
    words = [str(desk / word[1:]) if word.startswith("@") else word for word in WRITERS["konsolidasi"].words.split()]
    line = [sys.executable, "-m", "kemitraan_xl", *words, "--per-tanggal", TODAY.isoformat()]
    for _ in range(rounds):
        shutil.rmtree(desk / "cache")
        (desk / "rekap.xlsx").write_bytes(OLD)
        both = [
            subprocess.Popen(line, env=os.environ | {"KEMITRAAN_XL_CACHE": str(desk / "cache")}, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        assert [(one.communicate()[1], one.returncode) for one in both] == [(b"", 1)] * 2
        assert outputs(desk) == {"rekap.xlsx": alone}
        assert run("konsolidasi", desk).code == 1  # with the cache that both have written
        assert outputs(desk) == {"rekap.xlsx": alone}


def test_two_runs_at_once(desk: Path) -> None:
    at_once(1, desk)


@pytest.mark.lambat
def test_two_runs_at_once_again_and_again(desk: Path) -> None:
    at_once(10, desk)


def test_many_writers_of_one_file_at_once(tmp_path: Path) -> None:
    """Eight processes write one file over and over; a reader always finds one of theirs, whole."""
    target, contents = tmp_path / "a", [bytes([number]) * 100_000 for number in range(8)]
    replace_file(target, contents[0])
    children = []
    for content in contents:
        child = os.fork()
        if not child:
            try:
                for _ in range(20):
                    replace_file(target, content)
            finally:
                os._exit(0)
        children.append(child)
    for _ in range(200):
        assert target.read_bytes() in contents
    assert {os.waitpid(child, 0)[1] for child in children} == {0}
    assert tree(tmp_path).keys() == {"a"}


# ---- what shares and programs leave beside the sources ---- #


def verdicts(desk: Path) -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(desk / "cache"))
        recap = consolidate([desk / "kiriman"], TODAY, workers=1)
    return {entry.arrival.name: entry.verdict for entry in recap.returns}


def test_conflict_copies_and_leftovers_change_no_figure(desk: Path) -> None:
    before, sent = verdicts(desk), desk / "kiriman"
    assert run("konsolidasi", desk).code == 1
    return_, summary = (sent / "M-001.xlsx").read_bytes(), (desk / "rekap.xlsx").read_bytes()
    copies = ("M-001 (1).xlsx", "M-001-KPAI-PC7.xlsx", "M-001 - Salinan.xlsx", "Salinan M-001.xlsx")
    made = dict.fromkeys(copies, (return_, "duplikat"))
    made |= dict.fromkeys(("rekap (1).xlsx", "rekap-KPAI-PC7.xlsx"), (summary, "dilewati"))
    unfinished = ["1A2B3C40.tmp", "~WRL0001.tmp", "M-001.xlsx~RF1f2e3d.TMP", "M-001.xlsx.crdownload", "M-001.xlsx.part"]
    unfinished += [".~M-001.xlsx", ".M-001.xlsx.swp", ".kemitraan-0123456789abcdef.tmp", "~$M-001.xlsx", ".nfs0001"]
    made |= dict.fromkeys(unfinished, (return_[:3000], "dilewati"))
    for name, (content, _) in made.items():
        (sent / name).write_bytes(content)
    found = verdicts(desk)
    kept = found.pop("M-001.xlsx"), *(found.pop(name) for name in copies)
    assert sorted(kept) == sorted([before["M-001.xlsx"], *["duplikat"] * len(copies)])
    assert found == {name: verdict for name, verdict in before.items() if name != "M-001.xlsx"} | {
        name: verdict for name, (_, verdict) in made.items() if name not in copies
    }


@pytest.mark.parametrize(
    ("letter", "verdict"), [(date(2026, 12, 1), "digantikan"), (None, "dikembalikan")], ids=["newer", "as old"]
)
def test_a_changed_conflict_copy_is_told_apart_by_its_content(desk: Path, letter: date | None, verdict: str) -> None:
    """OneDrive keeps both versions: the newer one counts, and where none is newer, none does."""
    copy = desk / "kiriman" / "M-001-KPAI-PC7.xlsx"
    known = {"sampul": [{"nama_lembaga": "Yayasan Lain", "tanggal_surat": letter}]}
    build_template("usulan", copy, mitra="Yayasan Lain", kode="M-001", periode="2027", prefill=known, per_tanggal=TODAY)
    found = verdicts(desk)
    assert (found["M-001.xlsx"], found[copy.name]) == (verdict, "dikembalikan")


def test_own_files_of_a_target_named_in_any_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / ".kemitraan-0123456789abcdef.tmp"
    left.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert own_files(Path("rekap.xlsx")) == {Path("rekap.xlsx"), left}
    assert own_files(tmp_path / "tiada" / "rekap.xlsx") == {tmp_path / "tiada" / "rekap.xlsx"}
