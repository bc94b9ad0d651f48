"""The benchmarks measure what they say, and the pages say what was measured. No figure is taken here."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

import bab
import halaman
import hasil
import konsolidasi
import lapor
import lembar
import pesaing
import pytest
import tulis
import ukur
from hasil import Figure, Row
from sasaran import Target, targets

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"
DUTIES = {
    "rules",
    "findings",
    "guard",
    "limited processes",
    "verdicts",
    "links",
}  #: what a consolidation cannot do without


# ---- the measuring ---- #

#: Burns processor time in a process that outlives its parent, which holds memory.
LEAVES = """
import os, time
held = bytearray(40 << 20)
if os.fork() == 0:
    if os.fork() == 0:
        began = time.process_time()
        while time.process_time() - began < 0.3: pass
    os._exit(0)
print("first"); print("last")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system must count what is left behind")
def test_what_a_program_leaves_behind_is_counted() -> None:
    cost = ukur.measure(ukur.Run([sys.executable, "-c", LEAVES], watch=True))
    assert cost.cpu > 0.29
    assert 40 < cost.mib < 200
    assert cost.together
    assert cost.said == "last"


def test_a_program_that_fails_ends_the_benchmark() -> None:
    with pytest.raises(SystemExit, match="salah"):
        ukur.measure(ukur.Run([sys.executable, "-c", "raise SystemExit('salah')"]))
    assert ukur.measure(ukur.Run([sys.executable, "-c", "raise SystemExit(1)"], codes=(0, 1))).said == ""


def test_rounds_are_taken_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def measure(run: ukur.Run) -> ukur.Cost:
        order.append(run.words[0])
        return ukur.Cost(len(order), 1, 1, 0, 0, "")

    monkeypatch.setattr(ukur, "measure", measure)
    costs = ukur.rounds(lambda turn: {name: ukur.Run([name]) for name in ("ab" if turn else "abc")}, 2)
    assert "".join(order) == "abcab"
    assert [cost.cpu for cost in costs["b"]] == [2, 5]


# ---- medians, ratios, lines ---- #


def row(what: str, size: int, *wall: float) -> Row:
    return Row(what, size, wall, wall, [10 * size])


def test_a_ratio_is_taken_round_by_round() -> None:
    figure = Figure("x", [row("a", 2, 3, 9, 40), row("b", 2, 1, 2, 4), row("slow", 2, 7)])
    assert figure.ratio("a", "b", 2) == (4.5, 3, 10)
    assert figure.ratio("slow", "b", 2) == (7, 7, 7)
    assert figure.ratio("a", "c", 2) is None


def test_a_line_is_drawn_on_from_what_was_measured_alone() -> None:
    drawn = hasil.drawn_on([row("a", 50, 3), row("a", 200, 9, 8, 10)], 2000)
    assert drawn
    assert (drawn.wall, drawn.mib, drawn.drawn_from) == ([81], [20_000], [50, 200])
    single = hasil.drawn_on([row("a", 50, 3), drawn], 100)
    assert single
    assert (single.wall, single.drawn_from) == ([6], [50])
    assert hasil.drawn_on([drawn], 3000) is None


@pytest.mark.parametrize(("last", "held"), [(42, True), (60, False)])
def test_growth_is_held_to_a_line(last: float, held: bool) -> None:
    target = Target("growth", "tumbuh", "k", 2000, "wall", most=1.2)
    figure = Figure("tumbuh", [row("k", 200, 3), row("k", 2000, 10), row("k", 10_000, last)])
    ratio = target.measured({"tumbuh": figure})
    assert ratio
    assert target.held(ratio) is held


def test_every_target_names_what_is_measured() -> None:
    for target in targets():
        module = import_module(target.figure)
        known = {value for value in vars(module).values() if isinstance(value, str)} | {*getattr(module, "PEERS", ())}
        assert {target.one, target.other} - {""} <= known, target.text
        assert bool(target.least) != bool(target.most)


# ---- peers ---- #


@pytest.mark.parametrize("name", sorted(pesaing.peers()))
def test_a_peer_compiles_and_names_the_duties_it_drops(name: str) -> None:
    compile((pesaing.FOLDER / f"{name}.py").read_bytes(), name, "exec")
    peer = pesaing.peers()[name]
    assert peer.text
    assert all(peer.drops), name
    if name in konsolidasi.PEERS:
        dropped = ", ".join(peer.drops)
        assert all(duty in dropped for duty in DUTIES), dropped


def test_every_peer_that_is_measured_is_there_and_none_is_left_over() -> None:
    floors = {"lantai_zip", "lantai_expat", "calamine_saja"}
    assert {*konsolidasi.PEERS, *tulis.PEERS, *lembar.PEERS} | floors == pesaing.peers().keys()


def test_the_peers_are_pinned_with_hashes_and_no_host_is_named() -> None:
    text = (BENCHMARKS / "requirements.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9][\w.-]*)==\S+ .*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    assert "://" not in text
    wanted = re.findall(r"^([\w-]+)", (BENCHMARKS / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name.lower() for name in wanted} <= set(pinned)


# ---- the parts of the product that are measured ---- #


def test_every_stage_is_a_function_that_the_product_calls() -> None:
    part = import_module("bagian.tahap")
    assert len({stage for stage, _, _ in part.STAGES}) == 8
    for _, module, name in part.STAGES:
        owner, last = part.found(module, name)
        assert callable(getattr(owner, last)), name


@pytest.mark.parametrize("name", sorted(path.stem for path in (BENCHMARKS / "bagian").glob("*.py")))
def test_a_part_finds_what_it_measures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    import_module(f"bagian.{name}")


# ---- the pages ---- #


def test_the_pages_say_what_was_measured() -> None:
    figures = hasil.load()
    assert figures.keys() >= set(lapor.FIGURES)
    assert not any(figure.quick for figure in figures.values())
    assert halaman.PAGE.read_text(encoding="utf-8") == halaman.page(figures), "python benchmarks/halaman.py"
    text = halaman.README.read_text(encoding="utf-8")
    assert konsolidasi.PRODUCT in text.partition(halaman.BEGIN)[2].partition(halaman.END)[0]
    assert text == halaman.readme(text, figures), "python benchmarks/halaman.py"


def test_every_mark_of_the_text_has_a_table_and_every_picture_is_there() -> None:
    text = halaman.TEXT.read_text(encoding="utf-8")
    assert re.findall(r"^@(\w+)@$", text, re.MULTILINE) == list(bab.TABLES)
    assert all((halaman.PAGE.parent / path).is_file() for path in re.findall(r"\]\(([^)]+)\)", text))


def test_a_page_can_be_made_from_the_least_that_was_measured() -> None:
    figures = {"konsolidasi": Figure("konsolidasi", [row(konsolidasi.PRODUCT, 2, 1.0)])}
    assert "not measured" in halaman.page(figures)
    assert halaman.summary(figures)[2].startswith(f"| **`{konsolidasi.PRODUCT}`** | 1 |")


@pytest.mark.parametrize("name", lapor.FIGURES)
def test_every_figure_has_a_command_of_its_own(name: str) -> None:
    module = import_module(name)
    assert callable(module.measure)
    assert f"python benchmarks/{name}.py" in str(module.__doc__)
