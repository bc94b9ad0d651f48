"""The same work on a Dask cluster: the same bytes, whoever dies meanwhile, or one line and nothing written."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fcntl", reason="kluster diuji di Linux")
import distributed
from distributed import LocalCluster
from distributed.scheduler import KilledWorker
from support import hostile, hostile_set, mails, readers
from support.kluster import FIRST, THERE, Kluster, apart, kluster
from support.templat import NAME, TODAY

from kemitraan_xl import cli
from kemitraan_xl.consolidate import consolidate
from kemitraan_xl.intake import cluster, machine, remote, work
from kemitraan_xl.intake.model import Arrival
from kemitraan_xl.intake.refusal import reason
from kemitraan_xl.intake.work import Result, unread


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kluster]:
    with kluster(tmp_path_factory.mktemp("kluster")) as made:
        yield made


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns of some partners with a copy, a mail, an archive, litter, and a part of the hostile set."""
    place = tmp_path_factory.mktemp("meja")
    sent = place / "kiriman"
    sent.mkdir()
    for number in range(6):
        (sent / f"baik-{number:02}.xlsx").write_bytes(partner(number))
    (sent / "salinan.xlsx").write_bytes(partner(0))
    (sent / "surel.eml").write_bytes(mails.mail(mails.text(), mails.part(partner(20), "lain.xlsx")))
    (sent / "berkas.zip").write_bytes(mails.archive({"dalam/satu.xlsx": partner(21), "rusak.xlsx": partner(22)[:4000]}))
    (sent / "~$kunci.xlsx").write_bytes(b"")
    light = [case for case in hostile_set.cases() if case.name not in hostile_set.HEAVY and case.row.refusal[0]]
    hostile_set.build(sent / "bahaya", light[::10])
    return place


def partner(number: int) -> bytes:
    """The filled template of another partner."""
    code, name = f"B-{number:03}".encode(), f"Yayasan Rekaan {number:03}".encode()
    return hostile.zipped(
        {part: text.replace(hostile.CODE, code).replace(NAME.encode(), name) for part, text in hostile.filled().items()}
    )


@pytest.fixture(scope="module")
def expected(desk: Path) -> dict[str, bytes]:
    """What one machine makes of them, and where it does so."""
    assert command(desk) == 1
    return made(desk)


def words(desk: Path, *more: str, source: str = "") -> list[str]:
    given = ["konsolidasi", source or str(desk / "kiriman"), "--keluaran", str(desk / "rekap.xlsx")]
    return [*given, "--parquet", str(desk / "arsip"), "--senyap", "--per-tanggal", TODAY.isoformat(), *more]


def command(desk: Path, *more: str, source: str = "") -> int | str | None:
    """Run the command as if on a computer that has read nothing before; its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(desk / f"cache-{time.monotonic_ns()}"))
        patch.setattr("sys.argv", ["kemitraan", *words(desk, *more, source=source)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return ended.value.code


def made(desk: Path) -> dict[str, bytes]:
    paths = [desk / "rekap.xlsx", *(desk / "arsip").rglob("*")]
    return {path.relative_to(desk).as_posix(): path.read_bytes() for path in paths if path.is_file()}


# ---- the same bytes ---- #


def test_a_cluster_makes_the_same_bytes(crew: Kluster, desk: Path, expected: dict[str, bytes]) -> None:
    assert command(desk, "--dask", crew.address) == 1
    assert made(desk) == expected
    assert sum(b"Run out-of-band" in log.read_bytes() for log in crew.folder.glob("pekerja-*")) == 2


@pytest.mark.netns
def test_so_do_workers_that_are_reached_over_a_wire(desk: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    with apart(tmp_path, 2) as far:
        assert command(desk, "--dask", far.address) == 1
        assert made(desk) == expected
        seen = (tmp_path / "penjadwal").read_text()
        assert all(THERE.format(FIRST + number) in seen for number in range(2))


def test_a_file_that_is_gone_costs_itself(crew: Kluster, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was there when the folder was looked through, and is not when a machine comes to read it."""
    gone = desk / "kiriman" / "zz-hilang.xlsx"
    gone.write_bytes(partner(30))
    real = work.Cache.get

    def get(self: work.Cache, sha256: str) -> Any:
        gone.unlink(missing_ok=True)
        return real(self, sha256)

    monkeypatch.setattr(work.Cache, "get", get)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEMITRAAN_XL_CACHE", str(desk / "cache-lain"))
        with cluster.cluster(crew.address, [str(desk)]) as elsewhere:
            recap = consolidate([desk / "kiriman"], TODAY, elsewhere=elsewhere)
    (entry,) = (entry for entry in recap.returns if entry.arrival.name == gone.name)
    assert (entry.verdict, entry.reason) == ("ditolak", reason("unreadable"))
    assert sum(entry.verdict == "diterima" for entry in recap.returns) > 2


# ---- files that lie elsewhere ---- #


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a web server, as a process of its own; its address."""
    ask = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(ask, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        (port,) = re.findall(r"port (\d+)", server.stdout.readline())
        yield f"http://127.0.0.1:{port}/"
        server.kill()


def test_files_on_a_server_are_those_of_the_folder(crew: Kluster, tmp_path: Path) -> None:
    """The archive is the same; the summary has no links, for none could be followed."""
    (tmp_path / "kiriman" / "bagian dua").mkdir(parents=True)
    for number, name in enumerate(["satu.xlsx", "bagian dua/é & 2.xlsx", "~$kunci.xlsx"]):
        (tmp_path / "kiriman" / name).write_bytes(partner(number))
    assert command(tmp_path) == 0
    near = made(tmp_path)
    with served(tmp_path / "kiriman") as url:
        for more in (["--dask", crew.address], ["--pekerja", "2"]):
            assert command(tmp_path, *more, source=url) == 0
            far = made(tmp_path)
            with zipfile.ZipFile(tmp_path / "rekap.xlsx") as book:
                rels = b"".join(book.read(name) for name in book.namelist() if name.endswith(".rels"))
            assert b"hyperlink" not in rels
            assert {**far, "rekap.xlsx": b""} == {**near, "rekap.xlsx": b""}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://staf:sandi@server.example/kiriman", "secret"),
        ("https://server.example/kiriman?token=sandi", "secret"),
        ("s4://wadah/kiriman", "kind"),
        ("http://127.0.0.1:9/kiriman", "unreachable"),
        ("file:///tiada/kiriman", "unreachable"),
    ],
    ids=["password", "token", "kind", "server", "folder"],
)
def test_an_address_that_cannot_be_read(url: str, code: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(remote.RemoteTrouble) as ended:
        remote.listed(remote.read_remote(url))
    assert ended.value.code == code
    assert command(tmp_path, source=url) == 2
    said, complained = capfd.readouterr()
    assert (said, complained.count("\n"), "sandi@" in complained, "token" in complained) == ("", 1, False, False)
    assert made(tmp_path) == {}


def test_a_mailbox_is_for_one_computer(tmp_path: Path) -> None:
    assert command(tmp_path, "--dask", "tcp://127.0.0.1:9", source="imaps://staf@server.example") == 2


# ---- who dies ---- #


@pytest.fixture
def arrivals(tmp_path: Path) -> Callable[..., list[Arrival]]:
    """So many files that hold their own number, but for those that hold an order."""

    def make(count: int, **orders: str) -> list[Arrival]:
        for number in range(count):
            (tmp_path / f"{number:03}").write_text(orders.get(f"f{number}", str(number)))
        return [Arrival(f"{number:03}", tmp_path / f"{number:03}", 1) for number in range(count)]

    return make


def test_a_file_that_kills_its_reader_costs_itself(
    crew: Kluster, arrivals: Callable[..., list[Arrival]], tmp_path: Path
) -> None:
    done: list[int] = []
    files = arrivals(30, f3="abort", f17="kill", f18="exit")
    with cluster.cluster(crew.address, [str(tmp_path)]) as each:
        results = each(files, readers.obedient, unread, done.append)
    refused = {number for number, (_, reading) in enumerate(results) if reading.refusal == reason("died")}
    assert refused == {3, 17, 18}
    assert all(text == str(number) for number, (text, _) in enumerate(results) if number not in refused)
    assert sum(done) == 30
    assert len(done) > 2
    assert all(process.poll() is None for process in crew.workers)


def test_a_worker_that_dies_is_replaced(arrivals: Callable[..., list[Arrival]], tmp_path: Path) -> None:
    with kluster(tmp_path) as own, cluster.cluster(own.address, []) as each:

        def progress(_: int) -> None:
            own.workers[0].kill()

        results = each(arrivals(200), readers.obedient, unread, progress)
        assert own.workers[0].wait() == -9
        assert [text for text, _ in results] == list(map(str, range(200)))


def test_a_scheduler_that_dies_ends_it_with_nothing_written(
    desk: Path, expected: dict[str, bytes], tmp_path: Path, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real = cluster.Spread.__call__

    with kluster(tmp_path, 1) as own:

        def call(self: Any, arrivals: Any, function: Any, *rest: Any) -> Any:
            if function is work.read_arrival:
                own.scheduler.kill()
            return real(self, arrivals, function, *rest)

        monkeypatch.setattr(cluster.Spread, "__call__", call)
        assert command(desk, "--dask", own.address) == 2
    said, complained = capfd.readouterr()
    assert (said, complained) == ("", f"kemitraan: {cluster.ClusterTrouble('lost')}\n")
    assert made(desk) == expected


class Poisoned(Executor):
    """Loses every machine that is given the file at fault; `how` is what Dask then says."""

    def __init__(self, at_fault: Arrival | None, how: BaseException) -> None:
        self.at_fault = at_fault
        self.how = how
        self.sizes: list[int] = []

    def submit(self, _: Callable[..., Any], /, *given: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        _edition, arrivals, reader, _refused = given
        self.sizes.append(len(arrivals))
        if self.at_fault in arrivals:
            future.set_exception(self.how)
        else:
            future.set_result([reader(arrival) for arrival in arrivals])
        return future


def named(arrival: Arrival) -> Result:
    return arrival.name, unread("")[1]


def test_a_file_that_kills_machines_costs_itself(arrivals: Callable[..., list[Arrival]]) -> None:
    files = arrivals(40)
    nobody: Any = None  #: the last machine, of which nothing is asked
    executor = Poisoned(files[13], KilledWorker("x", nobody, 3))
    results = cluster.Spread(executor, lambda: 2)(files, named, unread, lambda _: None)
    assert {number for number, (_, reading) in enumerate(results) if reading.refusal} == {13}
    assert results[13][1].refusal == reason("died")
    assert executor.sizes == [10, 10, 10, 10, *[1] * 10]


@pytest.mark.parametrize(
    ("how", "code"),
    [(CancelledError(), "lost"), (cluster.OtherEdition(), "edition"), (ModuleNotFoundError("x"), "edition")],
    ids=["lost", "other edition", "no program"],
)
def test_what_cannot_go_on_is_one_line(how: BaseException, code: str, arrivals: Callable[..., list[Arrival]]) -> None:
    files = arrivals(3)
    with pytest.raises(cluster.ClusterTrouble) as ended:
        cluster.Spread(Poisoned(files[1], how), lambda: 1)(files, named, unread, lambda _: None)
    assert ended.value.code == code


def test_without_any_worker_left_it_is_given_up(
    arrivals: Callable[..., list[Arrival]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nobody(Executor):
        def submit(self, _: Callable[..., Any], /, *__: Any, **___: Any) -> Future[Any]:
            return Future()

    monkeypatch.setattr(cluster, "SECONDS", 0.01)
    monkeypatch.setattr(cluster, "PATIENCE", 0.05)
    with pytest.raises(cluster.ClusterTrouble) as ended:
        cluster.Spread(Nobody(), lambda: 0)(arrivals(3), named, unread, lambda _: None)
    assert ended.value.code == "nobody"


# ---- what is looked at before ---- #


def trouble(address: str, *sources: str) -> str:
    with pytest.raises(cluster.ClusterTrouble) as ended, cluster.cluster(address, sources):
        pass
    return ended.value.code


@pytest.mark.parametrize(
    ("address", "code"),
    [("halo", "address"), ("", "address"), ("tcp://", "scheduler"), ("tcp://127.0.0.1:9", "scheduler"),
     ("tls://127.0.0.1:9", "scheduler")],
    ids=["no scheme", "empty", "no host", "nobody there", "no certificate"],
)  # fmt: skip
def test_an_address_without_a_scheduler(address: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SECONDS", 0.5)
    assert trouble(address) == code


def local(**options: Any) -> LocalCluster:
    """A cluster within this process, reached as any other."""
    seemly = {"n_workers": 1, "threads_per_worker": 1, "memory_limit": 0, "dashboard_address": ":0"}
    return LocalCluster(protocol="tcp", **({"processes": False} | seemly | options))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"n_workers": 0}, "nobody"),
        ({"memory_limit": "1GiB"}, "disk"),
        ({}, "blind"),
        ({"processes": True}, "processes"),
    ],
    ids=["nobody", "disk", "blind", "nanny"],
)
def test_workers_that_cannot(
    options: dict[str, Any], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "SECONDS", 0.5 if code == "nobody" else 10)
    with local(**options) as made:
        assert trouble(made.scheduler_address, str(tmp_path / "tiada")) == code


def test_a_scheduler_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    with local() as made:
        monkeypatch.setattr(distributed, "__version__", "1.0")
        assert trouble(made.scheduler_address) == "version"


def test_workers_of_another_edition(crew: Kluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules here are others; what was handed out before that was known is not read either."""
    ours = machine.edition()
    monkeypatch.setattr(machine, "edition", lambda: f"{ours} lain")
    with pytest.raises(machine.OtherEdition):
        machine.batch(ours, [], named, unread)
    monkeypatch.setattr(cluster, "edition", Other(ours))
    assert trouble(crew.address) == "edition"


class Other:
    """Another edition here than where it is sent to."""

    def __init__(self, theirs: str) -> None:
        self.theirs = theirs

    def __call__(self) -> str:
        return f"{self.theirs} lain"

    def __reduce__(self) -> Any:
        return partial, (str, self.theirs)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    assert trouble("tcp://127.0.0.1:9") == "dask"


def test_dask_is_imported_only_where_it_is_asked() -> None:
    code = "import kemitraan_xl.cli, kemitraan_xl.intake.cluster, sys; sys.exit('dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
