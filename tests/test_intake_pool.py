"""One file costs at most itself: whatever it does to its worker, every other file is read, in order."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path

import pytest
from support import hostile, readers

from kemitraan_xl.intake import pool
from kemitraan_xl.intake.cache import Cache
from kemitraan_xl.intake.collect import collect
from kemitraan_xl.intake.model import Arrival, FileReading
from kemitraan_xl.intake.refusal import reason
from kemitraan_xl.intake.work import Read, Result, read_all, read_files

Make = Callable[[int, Mapping[int, str]], list[Arrival]]
LINUX = sys.platform == "linux"
DEATHS = {
    "abort": reason("died"),
    "exit": reason("died"),
    "kill": reason("died"),
    "loop": reason("slow", "1"),
    "sleep": reason("slow", "1"),
    "panic": reason("unexpected", "Panic"),
    "leave": reason("unexpected", "SystemExit"),
    "fault": reason("unexpected", "KeyError"),
} | ({"memory": reason("memory")} if LINUX else {})


@pytest.fixture
def arrivals(tmp_path: Path) -> Make:
    """So many files that hold their own number, but for those that hold an order."""

    def make(count: int, orders: Mapping[int, str]) -> list[Arrival]:
        for number in range(count):
            (tmp_path / f"{number:03d}").write_text(orders.get(number, str(number)))
        return collect([tmp_path])

    return make


def read(arrivals: list[Arrival], workers: int, function: Read = readers.obedient) -> list[Result]:
    """`read_all`, with its promises checked: progress adds up, and no process is left behind."""
    done: list[int] = []
    results = read_all(arrivals, workers, done.append, function, seconds=1)
    assert sum(done) == len(results) == len(arrivals)
    assert not multiprocessing.active_children()
    return results


def refusals(results: list[Result]) -> dict[int, str]:
    return {number: reading.refusal for number, (_, reading) in enumerate(results) if reading.refusal}


def texts(results: list[Result]) -> list[str]:
    return [text for text, _ in results]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_files(arrivals: Make, workers: int) -> None:
    results = read(arrivals(101, {}), workers)
    assert texts(results) == [str(number) for number in range(101)]
    assert refusals(results) == {}


def test_no_files_no_results() -> None:
    assert read([], 2) == []


def test_reading_happens_in_other_processes(arrivals: Make) -> None:
    def readers_of(count: int, workers: int) -> set[str]:
        return {reading.identity["pid"] for _, reading in read(arrivals(count, {}), workers)}

    assert str(os.getpid()) not in readers_of(1, 1)
    assert len(readers_of(pool.FEW, 2)) == 1
    assert len(readers_of(2 * pool.TASK, 2)) == 2


@pytest.mark.parametrize("order", DEATHS)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_brings_its_worker_down_costs_only_itself(arrivals: Make, order: str, workers: int) -> None:
    started = time.monotonic()
    results = read(arrivals(40, {7: order}), workers)
    assert refusals(results) == {7: DEATHS[order]}
    assert [text for text in texts(results) if text] == [str(n) for n in range(40) if n != 7]
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("place", [0, 31, 32, 39])
def test_it_does_not_matter_where_in_a_task_it_stands(arrivals: Make, place: int) -> None:
    assert refusals(read(arrivals(40, {place: "abort"}), 1)) == {place: DEATHS["abort"]}


def test_many_bad_files_cost_only_themselves(arrivals: Make) -> None:
    orders = dict(zip(range(3, 99, 9), cycle(["abort", "exit", "kill", "fault"]), strict=False))
    results = read(arrivals(100, orders), 2)
    assert refusals(results) == {number: DEATHS[order] for number, order in orders.items()}


def test_only_bad_files_come_to_an_end(arrivals: Make) -> None:
    assert len(refusals(read(arrivals(9, dict.fromkeys(range(9), "abort")), 2))) == 9


def test_a_file_is_not_blamed_for_the_one_before_it(arrivals: Make) -> None:
    results = read(arrivals(9, {3: "ruin"}), 1, readers.sabotaging)
    assert refusals(results) == {}
    assert texts(results) == ["0", "1", "2", "ruin", "4", "5", "6", "7", "8"]


@pytest.mark.parametrize("method", ["spawn", "forkserver"] if LINUX else ["spawn"])
def test_it_works_where_processes_cannot_be_forked(
    arrivals: Make, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_start_method", lambda: method)
    orders = {4: "abort", 30: "fault", 39: "exit"}
    results = read(arrivals(40, orders), 2)
    assert refusals(results) == {number: DEATHS[order] for number, order in orders.items()}
    assert [text for text in texts(results) if text] == [str(n) for n in range(40) if n not in orders]


def test_real_files_are_read_where_processes_cannot_be_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_start_method", lambda: "spawn")
    (tmp_path / "a.xlsx").write_bytes(hostile.zipped(hostile.filled()))
    (tmp_path / "b.xlsx").write_bytes(hostile.far())
    results = read_all(collect([tmp_path]), 2, lambda _: None)
    assert [reading.refusal for _, reading in results] == ["", reason("template")]
    assert results[0][1].tables.keys() >= {"sampul", "rencana_kerja"}


def test_an_interrupted_run_leaves_no_process_behind(arrivals: Make) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_all(arrivals(99, {}), 2, interrupt, readers.obedient)
    assert not multiprocessing.active_children()


@pytest.mark.skipif(not LINUX, reason="memory limits are those of Linux")
def test_what_slips_past_the_guard_kills_a_worker_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(hostile.workbook())
    (tmp_path / "b.xlsx").write_bytes(hostile.far())
    (tmp_path / "c.xlsx").write_bytes(hostile.workbook())
    results = read(collect([tmp_path]), 1, readers.unguarded)
    assert refusals(results) == {1: reason("died")}


# ---- the whole way: hash, cache, workers ---- #


def way(folder: Path, cache: Cache, function: Read = readers.obedient) -> list[tuple[Arrival, FileReading]]:
    done: list[int] = []
    pairs = read_files(collect([folder]), cache, pool.here(1), done.append, function)
    assert sum(done) == len(pairs)
    return pairs


def test_equal_content_is_read_once_and_litter_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "kiriman"
    folder.mkdir()
    for name, text in {"a": "1", "b": "1", "c": "fault", ".d": "abort"}.items():
        (folder / name).write_text(text)
    pairs = {
        arrival.name: (arrival, reading) for arrival, reading in way(folder, Cache(tmp_path, "x"), readers.hashing)
    }
    assert pairs["a"][1] is pairs["b"][1]
    assert pairs["a"][0].sha256 == pairs["b"][0].sha256 != ""
    assert pairs["c"][1].refusal == DEATHS["fault"]
    assert pairs[".d"][0].skipped
    assert pairs[".d"][1] == FileReading()


def test_known_content_needs_no_worker(tmp_path: Path) -> None:
    folder = tmp_path / "kiriman"
    folder.mkdir()
    (folder / "a").write_text("abort")
    (arrival, _), *_ = way(folder, Cache(tmp_path, "x"))
    Cache(tmp_path, "x").put(arrival.sha256, FileReading(modified="2025"))
    assert way(folder, Cache(tmp_path, "x")) == [(arrival, FileReading(modified="2025"))]
    assert way(folder, Cache(tmp_path, "other rules"))[0][1].refusal == reason("died")


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "kiriman"
    folder.mkdir()
    (folder / "a").write_text("1")
    assert way(folder, Cache(tmp_path, "x"), readers.obedient)[0][1].refusal == reason("changed")
