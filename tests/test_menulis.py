"""Writing that survives: at whatever step it is cut off, the old or the new file is whole, and the next run right."""

from __future__ import annotations

import ast
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("fcntl", reason="Windows tidak mengenal fork")
from support import faults
from support.writers import OLD, WRITERS, Tree, Writer, as_new, finished, outputs, run, tree, whole

from kemitraan_xl import safe_write
from kemitraan_xl.intake.cache import Cache
from kemitraan_xl.intake.model import FileReading
from kemitraan_xl.safe_write import create_file, replace_file, work_folder
from udfs.install import Folders, install, uninstall
from udfs.server import installation

ROOT = Path(__file__).parents[1]
NEW = b"baru" * 100


# ---- every write goes the safe way ---- #

#: Modules that write otherwise, and why that is right.
OTHERWISE = {
    "kemitraan_xl/safe_write.py": "the safe way itself",
    "kemitraan_xl/archive/folder.py": "the safe way for a folder: beside, then renamed as a whole",
    "kemitraan_xl/archive/write.py": "in the folder beside",
    "kemitraan_xl/intake/cache.py": "only added to; every line has a checksum, and none is missed",
    "kemitraan_xl/intake/imap/client.py": "mails of the moment, in a private folder that is gone afterwards",
    "kemitraan_xl/intake/imap/folder.py": "an empty file to lock",
    "kemitraan_xl/intake/pool.py": "the null device",
    "kemitraan_xl/cli.py": "the null device",
    "kemitraan_xl/book/finish.py": "into memory",
    "kemitraan_xl/contoh/damage.py": "into memory",
    "kemitraan_xl/printing.py": "into memory, and in a work folder",
    "udfs/build/addin.py": "into memory",
    "udfs/build/project.py": "in a folder of the moment",
    "udfs/macros/handing_out.py": "in a work folder",
    "udfs/server/api.py": "beside, then renamed; the folder is wiped when the server starts",
    "udfs/server/tasks.py": "in the folder that is wiped when the server starts",
}
WRITING = {"write_text", "write_bytes", "save", "touch", "hardlink_to", "to_pdf", "copy2", "copyfile"}
WRITING |= {"to_csv", "to_excel", "to_parquet", "to_pickle", "write_parquet"}
#: The same names mean other things too: writing when the system is asked, or a path with one argument.
MOVING = {"replace", "rename", "open", "copy", "move"}


def _is_write(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    owner = getattr(getattr(function, "value", None), "id", "")
    words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return (
        name in WRITING
        or (owner in ("os", "shutil") and name in MOVING)
        or (name == "open" and any(set(word) & set("wax") and set(word) <= set("waxbt+") for word in words))
        or (name in ("replace", "rename") and len(node.args) == 1 and not words and not node.keywords)
        or (name == "ZipFile" and "w" in words)
    )


def test_whatever_writes_does_so_the_safe_way() -> None:
    paths = [path for room in ("kemitraan_xl", "udfs", "validation") for path in (ROOT / room).rglob("*.py")]
    trees = {path.relative_to(ROOT).as_posix(): ast.walk(ast.parse(path.read_bytes())) for path in paths}
    found = {name for name, nodes in trees.items() if any(map(_is_write, nodes))}
    assert found == OTHERWISE.keys()


# ---- kill -9 ---- #


def survives(
    old: Tree,
    write: Callable[[Path], object],
    tmp_path: Path,
    step: int = 1,
    undo: Callable[[Path], object] | None = None,
) -> int:
    """Kill a run at every `step`-th step; then the next run is let through. Returns how many steps there were."""

    def laid_out(name: str) -> Path:
        place = tmp_path / name
        for path, content in old.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
        place.mkdir(parents=True, exist_ok=True)
        return place

    undisturbed = laid_out("utuh")
    done = faults.run(lambda: write(undisturbed), undisturbed)
    assert (done.code, done.complained) == (0, "")
    new = tree(undisturbed)
    for at in range(1, done.steps + 1, step):
        place = laid_out(f"mati-{at}")
        assert faults.run(lambda: write(place), place, faults.kill, at).code == -9  # noqa: B023
        assert whole(tree(place), old, new), at
        if undo:
            shutil.copytree(place, tmp_path / f"batal-{at}")
            undo(tmp_path / f"batal-{at}")
            assert finished(tree(tmp_path / f"batal-{at}")) == old, at
        assert faults.run(lambda: write(place), place).code == 0  # noqa: B023
        assert finished(tree(place)) == new, at
    return done.steps


def test_a_file_survives_a_kill_at_every_step(tmp_path: Path) -> None:
    steps = survives({"a.xlsx": OLD, "lain.xlsx": OLD}, lambda place: replace_file(place / "a.xlsx", NEW), tmp_path)
    assert steps >= 6  # made, written, half written, flushed, renamed, folder flushed


def test_a_new_file_survives_a_kill_at_every_step(tmp_path: Path) -> None:
    def write(place: Path) -> None:
        try:
            create_file(place / "a.json", NEW, 0o600)
        except FileExistsError:
            assert (place / "a.json").read_bytes() == NEW

    assert survives({}, write, tmp_path) >= 6


def test_an_installation_of_the_server_survives_a_kill_at_every_step(tmp_path: Path) -> None:
    for at in range(1, 20):
        place = tmp_path / str(at)
        ended = faults.run(lambda: installation.load(place), place, faults.kill, at)  # noqa: B023
        kept, _ = installation.load(place)
        assert installation.load(place) == (kept, False)
        assert stat.S_IMODE((place / "server.json").stat().st_mode) == 0o600
        if ended.code == 0:
            assert at > 6
            return
    raise AssertionError("it never came through")


OWN = b'"SHOW CONSOLE","True"\r\n"INTERPRETER_WIN","D:\\lain\\python.exe"\r\n'


def folders_in(place: Path) -> Folders:
    return Folders(place / "XLSTART", place / ".kemitraan")


def put_in(place: Path, python: str, addin: bytes) -> None:
    install(folders_in(place), Path(python), addin)


@pytest.mark.parametrize("before", [{}, {".kemitraan/kemitraan.conf": OWN}])
def test_an_installed_addin_survives_a_kill_at_every_step(tmp_path: Path, before: Tree) -> None:
    survives(
        before,
        lambda place: put_in(place, "b.exe", b"baru"),
        tmp_path / "baru",
        undo=lambda place: uninstall(folders_in(place)),
    )


@pytest.mark.parametrize("before", [{}, {".kemitraan/kemitraan.conf": OWN}])
def test_an_upgrade_survives_a_kill_at_every_step_and_can_be_taken_away(tmp_path: Path, before: Tree) -> None:
    for path, content in before.items():
        (tmp_path / "awal" / path).parent.mkdir(parents=True)
        (tmp_path / "awal" / path).write_bytes(content)
    put_in(tmp_path / "awal", "a.exe", b"lama")
    installed = tree(tmp_path / "awal")
    survives(installed, lambda place: put_in(place, "b.exe", b"baru"), tmp_path / "naik")
    for place in (tmp_path / "naik").glob("*"):
        uninstall(folders_in(place))
        assert finished(tree(place)) == before


@pytest.mark.parametrize("before", [{}, {".kemitraan/kemitraan.conf": OWN}])
def test_taking_away_can_be_cut_off_anywhere(tmp_path: Path, before: Tree) -> None:
    for path, content in before.items():
        (tmp_path / "awal" / path).parent.mkdir(parents=True)
        (tmp_path / "awal" / path).write_bytes(content)
    put_in(tmp_path / "awal", "a.exe", b"lama")
    survives(tree(tmp_path / "awal"), lambda place: uninstall(folders_in(place)), tmp_path / "copot")
    assert finished(tree(tmp_path / "copot" / "utuh")) == before


def test_the_cache_survives_a_kill_at_every_step(tmp_path: Path) -> None:
    first, second = FileReading(modified="1"), FileReading(modified="2")
    for at in range(1, 20):
        place = tmp_path / str(at)
        Cache(place, "d").put("a" * 64, first)
        ended = faults.run(lambda: Cache(place, "d").put("b" * 64, second), place, faults.kill, at)  # noqa: B023
        after = Cache(place, "d")
        assert after.get("a" * 64) == first
        assert after.get("b" * 64) in (None, second)
        after.put("b" * 64, second)
        assert (Cache(place, "d").get("a" * 64), Cache(place, "d").get("b" * 64)) == (first, second)
        if ended.code == 0:
            assert at > 3
            return
    raise AssertionError("it never came through")


def command_survives(name: str, desk: Path, points: Callable[[int], range]) -> None:
    writer, old = WRITERS[name], {}
    new, steps = as_new(name, desk)
    if name != "induk":
        old = dict.fromkeys(new, OLD)
    shutil.copytree(desk, desk.parent / "awal")
    for at in points(steps):
        shutil.rmtree(desk)
        shutil.copytree(desk.parent / "awal", desk)
        assert run(name, desk, faults.kill, at).code == -9
        assert whole(outputs(desk), old, new), at
        again = run(name, desk)
        assert again.code in (writer.again or {writer.code}), again
        assert "Traceback" not in again.complained
        assert finished(outputs(desk)) == new, at


def test_a_command_survives_a_kill(desk: Path) -> None:
    command_survives("kembalikan", desk, lambda steps: range(4, steps + 1, steps // 2))


@pytest.mark.lambat
@pytest.mark.parametrize("name", WRITERS)
def test_a_command_survives_a_kill_at_every_step(name: str, desk: Path) -> None:
    command_survives(name, desk, lambda steps: range(1, steps + 1))


def test_what_a_killed_run_left_is_no_return_and_goes_in_time(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The summary stands among the files it is made of: an unfinished copy of it must not show up in it."""
    words = "konsolidasi @kiriman --keluaran @kiriman/rekap.xlsx --senyap --pekerja 1"
    monkeypatch.setitem(WRITERS, "dalam", Writer(words, code=1))
    sent = desk / "kiriman"
    assert run("dalam", desk).code == 1
    clean = (sent / "rekap.xlsx").read_bytes()
    assert run("dalam", desk, faults.kill, only="half").code == -9
    (left,) = (path for path in sent.iterdir() if safe_write._BESIDE.fullmatch(path.name))
    assert run("dalam", desk).code == 1
    assert (sent / "rekap.xlsx").read_bytes() == clean
    assert left.exists()  # it might be another run's
    os.utime(left, (time.time() - 7200,) * 2)
    assert run("dalam", desk).code == 1
    assert (sent / "rekap.xlsx").read_bytes() == clean
    assert not left.exists()


def test_work_on_the_way_does_not_stay_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("kemitraan-kerja-lama", "kemitraan-kerja-baru", "kemitraan-lain"):
        (tmp_path / name).mkdir()
    for name in ("kemitraan-kerja-lama", "kemitraan-lain"):
        os.utime(tmp_path / name, (time.time() - 90_000,) * 2)
    with work_folder() as folder:
        assert folder.parent == tmp_path
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in tmp_path.iterdir()} == {"kemitraan-kerja-baru", "kemitraan-lain"}
