"""What a task pane has under way on the add-in server: progress, a second click, uploads, downloads, a restart."""

from __future__ import annotations

import io
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import addin_server
from support.addin_server import TOKEN, Running, offer_function, offer_macro, rows_of

from udfs.desk import Desk
from udfs.plan import Block, Plan
from udfs.server import tasks


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with addin_server.running(tmp_path_factory.mktemp("server") / "tugas") as one:
        yield one


def kmt_uji_ganda(nilai: Any) -> Any:
    """Twice each number."""
    return [[2 * cell for cell in row] for row in nilai]


def uji_tulis(book: Any, desk: Desk) -> Plan:
    """Reads a cell, writes another, and makes a file."""
    (desk.target / "bagian").mkdir()
    (desk.target / "bagian" / "hasil.txt").write_text(str(book.sheets["Data"]["A1"].value), encoding="utf-8")
    return Plan("Satu sel ditulis.", ("Data", 2, 1), [Block("Data", 2, 1, [[7]])])


class Slow:
    """A macro that waits where the test wants it."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.go = threading.Event()

    def macro(self, desk: Desk) -> Plan:
        desk.progress("Membaca berkas 1 dari 2")
        self.told.set()
        assert self.go.wait(20)
        return Plan("Selesai.")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    waiting = Slow()

    def uji_lambat(book: Any, desk: Desk) -> Plan:  # noqa: ARG001  a macro is handed both
        return waiting.macro(desk)

    offer_macro(monkeypatch, uji_lambat)
    return waiting


def test_while_a_macro_works_others_are_answered_and_a_second_click_is_refused(
    server: Running, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer_function(monkeypatch, kmt_uji_ganda)
    offer_macro(monkeypatch, uji_tulis)
    task, sibling, stranger = server.task("satu"), server.task("satu"), server.task("dua")
    first: list[Any] = []
    thread = threading.Thread(target=lambda: first.append(server.run("uji_lambat", task)))
    thread.start()
    try:
        assert slow.told.wait(20)
        begun = time.perf_counter()
        seen = server.look(task)
        assert rows_of(server.call("kmt_uji_ganda", [[2]])) == [[4]]
        refused = [server.run("uji_lambat", task), server.run("uji_tulis", sibling), server.upload(task, "a.txt", b"1")]
        assert server.run("uji_tulis", stranger).status_code == 200
        assert server.ask("DELETE", f"/kemitraan/tugas/{task}").status_code == 400
        assert time.perf_counter() - begun < 1
    finally:
        slow.go.set()
        thread.join()
    assert (seen["keadaan"], seen["kemajuan"]) == ("berjalan", "Membaca berkas 1 dari 2")
    assert [one.status_code for one in refused] == [400, 400, 400]
    assert first[0].status_code == 200
    assert (server.look(task)["keadaan"], server.look(task)["kalimat"]) == ("selesai", "Selesai.")
    assert server.run("uji_tulis", sibling).status_code == 200


def test_files_go_in_and_what_was_made_comes_out(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, bytes] = {}

    def uji_masuk(book: Any, desk: Desk) -> Plan:  # noqa: ARG001  a macro is handed both
        files = (path for path in desk.source.rglob("*") if path.is_file())
        seen.update({path.relative_to(desk.source).as_posix(): path.read_bytes() for path in files})
        return Plan("Dibaca.")

    offer_macro(monkeypatch, uji_masuk, inbox=True)
    offer_macro(monkeypatch, uji_tulis, outbox=True)
    task = server.task()
    assert server.run("uji_masuk", task).status_code == 400  # nothing handed in
    sent = {"a.xlsx": b"1", "Provinsi/Usulan \u2013 #1.xlsx": b"22" * 100_000, "Provinsi/a.xlsx": b""}
    for name, content in sent.items():
        assert server.upload(task, name.replace("#", "%23"), content).status_code == 200
    assert server.upload(task, "a.xlsx", b"333").json() == {"berkas": 3}
    assert server.run("uji_masuk", task).status_code == 200
    assert seen == {**sent, "a.xlsx": b"333"}
    assert server.look(task)["unduhan"] == ""

    actions = server.run("uji_tulis", task, {"Data": [["isi"]]}).json()["actions"]
    assert [one["values"] for one in actions if one["func"] == "setValues"] == [[[7]]]
    told = server.look(task)
    answer = server.ask("GET", told["unduhan"], token=None)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == told["hasil"] == ["bagian/hasil.txt"]
        assert archive.read("bagian/hasil.txt") == b"isi"
    assert server.ask("DELETE", f"/kemitraan/tugas/{task}").status_code == 204
    assert server.ask("GET", told["unduhan"], token=None).status_code == 410
    assert not server.house.tasks.root.joinpath(task).exists()


@pytest.mark.parametrize(
    "name",
    ["..%2Fa", "..%5Ca", "%2Fetc%2Fa", "a/..%2F..%2Fb", "C:a.xlsx", "nul.txt", "a%00.xlsx", "a.xlsx%20", "x" * 201],
)
def test_a_file_never_leaves_its_folder(server: Running, name: str) -> None:
    task = server.task()
    before = set(server.house.tasks.root.rglob("*"))
    assert server.upload(task, name, b"1").status_code in (400, 404)
    assert set(server.house.tasks.root.rglob("*")) == before
    assert server.look(task)["berkas"] == 0


def test_uploads_have_upper_limits(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MAX_UPLOAD", 10)
    monkeypatch.setattr(tasks, "MAX_TOTAL", 15)
    monkeypatch.setattr(tasks, "MAX_FILES", 3)
    task = server.task()
    wanted = [("a", 11, 413), ("a", 10, 200), ("b", 6, 413), ("b", 1, 200), ("c", 1, 200), ("d", 1, 413), ("a", 5, 200)]
    answers = [server.upload(task, name, b"x" * size).status_code for name, size, _ in wanted]
    assert answers == [status for *_, status in wanted]
    assert server.look(task)["berkas"] == 3


def test_an_upload_that_breaks_off_leaves_nothing(server: Running) -> None:
    task = server.task()
    head = f"PUT /kemitraan/tugas/{task}/berkas/a.xlsx HTTP/1.1\r\nHost: x\r\nAuthorization: {TOKEN}\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(f"{head}Content-Length: 1000\r\n\r\nhalf".encode())
        for _ in range(100):
            if server.look(task)["berkas"]:
                break
            time.sleep(0.02)
    for _ in range(100):
        if not server.look(task)["berkas"]:
            break
        time.sleep(0.02)
    assert server.look(task)["berkas"] == 0
    assert not list(server.house.tasks.get(task).inbox.iterdir())


def test_a_server_started_again_knows_no_task_and_has_no_files(tmp_path: Path) -> None:
    with addin_server.running(tmp_path / "tugas") as first:
        task = first.task()
        first.upload(task, "a.xlsx", b"1")
    with addin_server.running(tmp_path / "tugas") as second:
        assert second.ask("GET", f"/kemitraan/tugas/{task}").status_code == 410
        assert second.run("pratinjau", task).status_code == 410
        assert second.run("pratinjau", {"bukan": "teks"}).status_code == 410
        assert not list((tmp_path / "tugas").iterdir())


def test_a_task_left_alone_is_forgotten(tmp_path: Path) -> None:
    now = [0.0]
    store = tasks.TaskStore(tmp_path / "tugas", lambda: now[0])
    kept, idle, busy = (store.create(name) for name in ("a", "b", "c"))
    store.begin(busy.id, "konsolidasi")
    now[0] = tasks.IDLE
    store.get(kept.id)
    now[0] += 1
    store.create("d")
    with pytest.raises(tasks.Gone):
        store.get(idle.id)
    assert (store.get(kept.id), store.get(busy.id)) == (kept, busy)
    assert not idle.folder.exists()
