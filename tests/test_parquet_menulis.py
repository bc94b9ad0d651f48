"""The archive's folder: exchanged as one or not at all; what stands in the way is said in one line."""

from __future__ import annotations

import errno
import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fcntl", reason="Windows tidak mengenal fork")
from support import faults, terbaca
from support.writers import TODAY, Tree, finished, outputs, tree

from kemitraan_xl import cli
from kemitraan_xl.archive import write
from kemitraan_xl.archive.folder import MANIFEST, manifest, replaced
from kemitraan_xl.archive.write import archived, write_rows
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.impossible import Impossible

ASIDE = "arsip.lama"
LEFT = ".kemitraan-0123456789abcdef.tmp"


def small(day: int) -> Recap:
    """One proposal, consolidated on some day of 2028, which every row of the archive tells."""
    name = "usulan/M-002.xlsx"
    return terbaca.consolidated({name: terbaca.proposals()[name]}, date(2028, 1, day))


OLD, NEW = small(1), small(2)


def put(recap: Recap, place: Path) -> None:
    with archived(recap, place / "arsip"):
        pass


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk with a return that cannot be read, which is quickly consolidated, and something named as the master."""
    place = tmp_path / "meja"
    (place / "kiriman").mkdir(parents=True)
    (place / "kiriman" / "rusak.xlsx").write_bytes(b"PK\3\4")
    (place / "induk.xlsx").write_bytes(b"PK\3\4")
    return place


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tree, Tree]:
    """What the old and the new archive are when nothing hinders them."""
    place = tmp_path_factory.mktemp("arsip")
    found = []
    for recap in (OLD, NEW):
        put(recap, place)
        found.append(tree(place))
    assert found[0].keys() == found[1].keys()
    assert sum(found[1][name] != content for name, content in found[0].items()) > 10
    return found[0], found[1]


def laid(place: Path) -> Path:
    place.mkdir()
    put(OLD, place)
    return place


def named(found: Tree, name: str) -> Tree:
    """The part of a tree below a folder, as if that were the archive."""
    return {
        f"arsip/{path.removeprefix(name + '/')}": data for path, data in found.items() if path.startswith(name + "/")
    }


def either(found: Tree, old: Tree, new: Tree) -> bool:
    """One of the two sets at its place; only when nothing is there, the old one whole beside it, under its name."""
    there, beside = named(found, "arsip"), named(found, ASIDE)
    return there in (old, new) if there else beside == old


# ---- cut off, hindered ---- #


def cut_off(tmp_path: Path, made: tuple[Tree, Tree], every: int) -> None:
    old, new = made
    undisturbed = laid(tmp_path / "utuh")
    steps = faults.run(lambda: put(NEW, undisturbed), undisturbed).steps
    assert steps > 30  # a folder and a flush for each table, and the exchange
    states = set()
    for at in [*range(1, steps - 6, every), *range(steps - 6, steps + 1)]:
        place = laid(tmp_path / f"mati-{at}")
        assert faults.run(lambda: put(NEW, place), place, faults.kill, at).code == -9  # noqa: B023
        found = tree(place)
        assert either(found, old, new), at
        states.add((bool(named(found, "arsip")), named(found, "arsip") == new, bool(named(found, ASIDE))))
        put(NEW, place)
        left = {name.split("/")[0] for name in tree(place)} - {"arsip"}
        assert named(tree(place), "arsip") == new, at
        assert all(name.startswith(".kemitraan-") for name in left), at
    # before the exchange; between its two renames; after it, the old set still there, or taken away
    assert states == {(True, False, False), (False, False, True), (True, True, True), (True, True, False)}


def test_an_archive_survives_a_kill(tmp_path: Path, made: tuple[Tree, Tree]) -> None:
    cut_off(tmp_path, made, every=16)


@pytest.mark.lambat
def test_an_archive_survives_a_kill_at_every_step(tmp_path: Path, made: tuple[Tree, Tree]) -> None:
    cut_off(tmp_path, made, every=1)


@pytest.mark.parametrize(("kind", "at"), [("mkdir", 1), ("mkdir", 9), ("fsync", 1), ("fsync", 16), ("replace", 2)])
def test_a_full_disk_leaves_the_old_archive(kind: str, at: int, tmp_path: Path, made: tuple[Tree, Tree]) -> None:
    place = laid(tmp_path / "meja")
    ended = faults.run(lambda: put(NEW, place), place, faults.full, at, lasting=True, only=kind)
    assert (ended.code, "OSError" in ended.complained) == (99, True)
    assert tree(place) == made[0]


def test_a_part_that_finds_no_room_is_said_in_one_line(desk: Path) -> None:
    """DuckDB writes the files itself: from then on the system refuses more than some bytes of each."""

    def cramped(*given: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        write_rows(*given)

    def call() -> None:
        os.environ["KEMITRAAN_XL_CACHE"] = str(desk / "cache")
        write.write_rows = cramped  # type: ignore[assignment]
        faults.command(*words(desk))()

    before = outputs(desk)
    ended = faults.run(call, desk)
    assert (ended.code, ended.complained.count("\n"), ended.said) == (2, 1, "")
    assert str(desk / "arsip") in ended.complained
    assert outputs(desk) == before


@pytest.mark.parametrize("refused", ["aside", "into place"])
def test_a_folder_that_a_program_holds_open_stays(
    refused: str, tmp_path: Path, made: tuple[Tree, Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows refuses it; and where the new one cannot take its place, the old one comes back."""
    place, real, slept = laid(tmp_path / "meja"), Path.replace, list[float]()

    def replace(self: Path, target: Path) -> Path:
        if place / "arsip" == (self if refused == "aside" else target):
            error = PermissionError(errno.EACCES, "held", str(self))
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        return real(self, target)

    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(PermissionError, match="arsip"):
        put(NEW, place)
    assert tree(place) == made[0]
    assert slept


def test_a_folder_stays_what_it_was(tmp_path: Path, made: tuple[Tree, Tree]) -> None:
    """A link is followed, the rights of the folder are kept, and what systems put into folders is no obstacle."""
    (tmp_path / "jauh").mkdir()
    (tmp_path / "meja").mkdir()
    (tmp_path / "meja" / "arsip").symlink_to(tmp_path / "jauh" / "simpanan")
    put(OLD, tmp_path / "meja")
    (tmp_path / "jauh" / "simpanan").chmod(0o750)
    (tmp_path / "jauh" / "simpanan" / "sampul" / "Thumbs.db").write_bytes(b"")
    put(NEW, tmp_path / "meja")
    assert (tmp_path / "meja" / "arsip").is_symlink()
    assert tree(tmp_path / "jauh").keys() == {name.replace("arsip/", "simpanan/", 1) for name in made[1]}
    assert (tmp_path / "jauh" / "simpanan").stat().st_mode & 0o777 == 0o750


def test_what_a_killed_run_left_goes_in_time(tmp_path: Path, made: tuple[Tree, Tree]) -> None:
    place = laid(tmp_path / "meja")
    (place / LEFT / "sampul").mkdir(parents=True)
    os.utime(place / LEFT, (time.time() - 7200,) * 2)
    assert faults.run(lambda: put(NEW, place), place).code == 0
    assert tree(place) == made[1]
    assert not (place / LEFT).exists()


def test_something_put_there_meanwhile_is_not_taken_away(tmp_path: Path) -> None:
    place = laid(tmp_path / "meja")
    with pytest.raises(Impossible, match=r"catatan\.txt"), replaced(place / "arsip"):
        (place / "arsip" / "catatan.txt").write_text("penting", encoding="utf-8")
    assert (place / "arsip" / "catatan.txt").exists()
    assert [path.name for path in place.iterdir()] == ["arsip"]


# ---- the command ---- #


def words(desk: Path, *more: object, sources: str = "kiriman", archive: str = "arsip") -> list[str]:
    given = ("konsolidasi", desk / sources, "--keluaran", desk / "rekap.xlsx", "--parquet", desk / archive, *more)
    return [*map(str, given), "--senyap", "--pekerja", "1", "--per-tanggal", TODAY.isoformat()]


def consolidate(
    desk: Path, capfd: pytest.CaptureFixture[str], *more: object, **named: str
) -> tuple[int | str | None, str, str]:
    """Exit code, what was said, and what was complained about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(desk / "cache"))
        patch.setattr("sys.argv", ["kemitraan", *words(desk, *more, **named)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return ended.value.code, *capfd.readouterr()


def test_the_command_writes_it_and_never_reads_it(desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It stands among the files it is made of, and so does what a killed run left beside it."""
    code, said, _ = consolidate(desk, capfd, archive="kiriman/arsip")
    assert code == 1
    assert said.splitlines()[-1].startswith("Arsip: ")
    before = outputs(desk), tree(desk / "kiriman")
    shutil.copytree(desk / "kiriman" / "arsip", desk / "kiriman" / ASIDE)
    (desk / "kiriman" / LEFT).mkdir()
    (desk / "kiriman" / LEFT / "a.parquet").write_bytes(b"PAR1")
    assert consolidate(desk, capfd, archive="kiriman/arsip")[0] == 1
    assert (outputs(desk), finished(tree(desk / "kiriman", LEFT))) == before


def stranger(desk: Path) -> None:
    (desk / "arsip").mkdir()
    (desk / "arsip" / "catatan.txt").write_text("penting", encoding="utf-8")


def stranger_aside(desk: Path) -> None:
    (desk / ASIDE).mkdir()
    (desk / ASIDE / "catatan.txt").write_text("penting", encoding="utf-8")


def file(desk: Path) -> None:
    (desk / "arsip").write_text("penting", encoding="utf-8")


def counted_elsewhere(desk: Path) -> None:
    put(NEW, desk)


def broken(desk: Path) -> None:
    put(NEW, desk)
    shutil.rmtree(desk / "arsip" / "arsip")


def broken_manifest(desk: Path) -> None:
    put(NEW, desk)
    (desk / "arsip" / MANIFEST).write_text("[1]", encoding="utf-8")


def nothing(desk: Path) -> None:
    assert desk.exists()


@pytest.mark.parametrize(
    ("prepare", "more", "archive"),
    [
        (stranger, (), "arsip"),
        (stranger_aside, (), "arsip"),
        (file, (), "arsip"),
        (counted_elsewhere, (), "arsip"),
        (broken, (), "arsip"),
        (broken_manifest, (), "arsip"),
        (nothing, (), "tiada/arsip"),
        (nothing, (), "kiriman"),
        (nothing, (), "."),
        (nothing, ("--pratinjau",), "arsip"),
        (nothing, ("--kembalikan", "@arsip/balasan"), "arsip"),
        (nothing, ("--induk", "@induk.xlsx"), "."),
    ],
)
def test_what_cannot_be_done_is_one_line(
    prepare: Callable[[Path], None],
    more: tuple[str, ...],
    archive: str,
    desk: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    prepare(desk)
    before = tree(desk, "cache")
    given = [str(desk / word[1:]) if word.startswith("@") else word for word in more]
    code, said, complained = consolidate(desk, capfd, *given, archive=archive)
    assert (code, said, complained.count("\n")) == (2, "", 1)
    assert tree(desk, "cache") == before


def test_without_duckdb_it_says_what_to_install(
    desk: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "duckdb" else real(name))
    code, said, complained = consolidate(desk, capfd)
    assert (code, said, complained.count("\n")) == (2, "", 1)
    assert "[parquet]" in complained


def test_an_archive_left_aside_is_fetched_back(desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Also where the run then stops, because it would lose what that one counts."""
    put(NEW, desk)
    (desk / "arsip").rename(desk / ASIDE)
    assert consolidate(desk, capfd)[0] == 2
    assert manifest(desk / "arsip")["per_tanggal"] == "2028-01-02"
    assert not (desk / ASIDE).exists()


def test_duckdb_is_imported_only_where_it_is_asked() -> None:
    code = "import kemitraan_xl.cli, kemitraan_xl.archive.write, sys; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
