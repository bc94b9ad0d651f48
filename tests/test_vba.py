"""The macros' VBA: plain text that both interpreters run, each Sub with the command and the folders it should."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.apps.excel import ExcelApplication
from support import office, vba

from udfs import classic
from udfs.build.modules import SOURCES
from udfs.registry import Macro, load_macros

MACROS: Mapping[str, Macro] = load_macros()
FILES = sorted(SOURCES.glob("*.bas"))

#: Every kind of letter that a folder may have: accented, a dash that no code page of ASCII has.
FOLDER = "D:\\Kiriman mitra\\São – 2026 & 'lama'"
KOREAN = "D:\\한국"

CRITICAL, EXCLAMATION = 16, 48


def sub_name(macro: str) -> str:
    return "".join(word.capitalize() for word in macro.split("_"))


def command(macro: Macro, folder: str) -> str:
    """What Python is asked to do."""
    inbox, outbox = (folder.encode("utf-16-be").hex().upper() if asked else "" for asked in (macro.inbox, macro.outbox))
    return f"import udfs.classic; udfs.classic.jalankan('{macro.name}', '{inbox}', '{outbox}')"


# ---- text ---- #


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_is_ascii_with_its_name_on_top(path: Path) -> None:
    lines = path.read_bytes().decode("ascii").split("\n")
    assert lines[:2] == [f'Attribute VB_Name = "{path.stem}"', "Option Explicit"]
    assert not any("\r" in line or "\t" in line or len(line) > 120 for line in lines)


def test_there_is_one_sub_for_every_macro_and_one_callback_for_every_sub() -> None:
    subs, callbacks = (
        vba.public_subs((SOURCES / f"{name}.bas").read_text()) for name in ("KemitraanMakro", "KemitraanPita")
    )
    assert subs == dict.fromkeys(map(sub_name, MACROS), "")
    assert callbacks == {f"Pita{name}": "control As IRibbonControl" for name in subs}


def test_macros_are_named_as_in_the_registry() -> None:
    text = (SOURCES / "KemitraanMakro.bas").read_text()
    labels = re.findall(r'^Public Sub (\w+)\(\)\n    RunMacro "(\w+)", "([^"]+)", ', text, re.MULTILINE)
    assert set(labels) == {(sub_name(macro.name), macro.name, macro.label) for macro in MACROS.values()}


def test_nothing_runs_by_itself() -> None:
    """A workbook or an add-in that runs something when it is opened is what macro security warns of."""
    text = "\n".join(path.read_text() for path in FILES)
    assert not re.search(r"\b(Workbook|Worksheet|App)_\w+|\bAuto_?(Open|Close|Exec)\b", text, re.IGNORECASE)


# ---- running ---- #


@dataclass(frozen=True)
class Click:
    """A press on a button: what the folder dialog answers ("" = cancelled), and how Python behaves."""

    sub: str
    folder: str = ""
    outcome: int = 0
    refuses: bool = False
    second_click: bool = False
    module: str = "KemitraanMakro"

    @property
    def state(self) -> list[Any]:
        return [self.folder, self.outcome, self.refuses, self.second_click]


@dataclass(frozen=True)
class Seen:
    """What was seen after a press: the commands given to Python, how often a folder was asked for, the status bar."""

    told: str
    asked: int
    shown: str = "False"


def every(macros: Iterable[Macro], folder: str) -> list[Click]:
    return [Click(sub_name(macro.name), folder) for macro in macros]


ASKING = [macro for macro in MACROS.values() if macro.inbox or macro.outbox]
NILAI, JEJAK = MACROS["nilai"], MACROS["jejak"]

#: What is pressed, and what has to be seen.
SCENES: Mapping[str, tuple[list[Click], list[Seen]]] = {
    "every button gives its command": (
        every(MACROS.values(), FOLDER),
        [Seen(command(macro, FOLDER), macro.inbox + macro.outbox) for macro in MACROS.values()],
    ),
    "so does the ribbon": (
        [replace(click, sub=f"Pita{click.sub}", module="KemitraanPita") for click in every(MACROS.values(), FOLDER)],
        [Seen(command(macro, FOLDER), macro.inbox + macro.outbox) for macro in MACROS.values()],
    ),
    "a cancelled folder ends it quietly": (every(ASKING, ""), [Seen("", 1)] * len(ASKING)),
    "a failure leaves the buttons usable": (
        [Click("Nilai", refuses=True), Click("Nilai", outcome=-1), Click("Nilai")],
        [Seen(command(NILAI, ""), 0)] * 3,
    ),
    "a second click while one runs is refused": ([Click("Jejak", second_click=True)], [Seen(command(JEJAK, ""), 0)]),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vba.runnable(tmp_path_factory.mktemp("vba") / "tiruan.xlsm")


def interpreted(book: Path, clicks: list[Click]) -> list[Seen]:
    app = ExcelApplication.open(book)
    return [press(app, click) for click in clicks]


def press(app: ExcelApplication, click: Click) -> Seen:
    app.run("Prepare", *click.state)
    app.run(click.sub, *([1] if click.module == "KemitraanPita" else []))
    return Seen(str(app.run("Told")), int(str(app.run("Asked"))), str(app.run("Shown")))


def in_libreoffice(book: Path, clicks: list[Click]) -> list[Seen]:
    script: list[dict[str, Any]] = []
    notes = []
    for number, click in enumerate(clicks):
        arguments = [1] if click.module == "KemitraanPita" else []
        script += [
            {"module": "Tiruan", "name": "Prepare", "arguments": click.state},
            {"module": click.module, "name": click.sub, "arguments": arguments},
        ]
        for name in ("Told", "Asked", "Shown"):
            notes.append(book.with_name(f"{number}-{name}.json"))
            script.append({"module": "Tiruan", "name": name, "out": str(notes[-1])})
    for action in script:
        action |= {"do": "run_macro", "sheet": "Lembar"}
    office.type_into(book, script, book.with_name("sesudah.xlsx"))
    answers = iter([json.loads(note.read_text(encoding="utf-8")) for note in notes])
    return [Seen(told, asked, shown) for told, asked, shown in zip(answers, answers, answers, strict=True)]


@pytest.fixture(scope="module", params=["pyopenvba", pytest.param("libreoffice", marks=pytest.mark.libreoffice)])
def seen(request: pytest.FixtureRequest, book: Path) -> dict[str, list[Seen]]:
    """All scenes one after the other in one workbook, as a person would press."""
    run = interpreted if request.param == "pyopenvba" else in_libreoffice
    results = iter(run(book, [click for clicks, _ in SCENES.values() for click in clicks]))
    return {scene: list(islice(results, len(clicks))) for scene, (clicks, _) in SCENES.items()}


@pytest.mark.parametrize("scene", SCENES)
def test_buttons(seen: dict[str, list[Seen]], scene: str) -> None:
    assert seen[scene] == SCENES[scene][1]


def test_the_status_bar_names_what_is_running(book: Path) -> None:
    app = ExcelApplication.open(book)
    press(app, Click("Nilai"))
    assert str(app.run("ShownMeanwhile")).startswith(NILAI.label)


def test_what_went_wrong_is_said_once(book: Path) -> None:
    app = ExcelApplication.open(book)
    for click in (Click("Nilai"), Click("Nilai", refuses=True), Click("Jejak", second_click=True)):
        press(app, click)
    assert [(kind, look) for kind, _, _, look in app.dialogs] == [("MsgBox", CRITICAL), ("MsgBox", EXCLAMATION)]


def test_python_understands_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(classic, "jalankan", lambda *arguments: calls.append(arguments))
    exec(command(MACROS["kembalikan"], KOREAN))
    ((name, *folders),) = calls
    assert (name, [classic._folder(folder) for folder in folders]) == ("kembalikan", [Path(KOREAN)] * 2)


@pytest.mark.libreoffice
def test_a_folder_in_any_script_arrives(book: Path) -> None:
    """Beyond &H7FFF, where VBA's numbers of characters turn negative."""
    click = Click("Pratinjau", KOREAN)
    assert in_libreoffice(book, [click]) == [Seen(command(MACROS["pratinjau"], KOREAN), 1)]
