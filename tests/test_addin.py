"""The files that people open in Excel: the macro workbook and the add-in, their VBA, ribbon and buttons."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from click.testing import CliRunner
from support import office, sdk, vba
from support.lint import lint
from support.package import RIBBON

from kemitraan_xl.book.master import build_master
from kemitraan_xl.cli import kemitraan
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.pedoman.load import load
from kemitraan_xl.shipped import ribbon_groups, shipped
from udfs.build.modules import Module, addin_modules, workbook_modules
from udfs.build.ship import ADDIN, MASTER, RIBBON_SOURCE, WITH_BUTTONS
from udfs.registry import SERVER, Macro, load_functions, load_macros

ROOT = Path(__file__).parents[1]
MACROS: Mapping[str, Macro] = load_macros()

EXTENSION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
#: Beranda's drawing in a master without macros, and what it refers to.
DRAWING = ("drawing1.xml", "_rels/drawing1.xml.rels")
LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CONTENT = {
    MASTER: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    WITH_BUTTONS: "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ADDIN: "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}


def sub_name(macro: str) -> str:
    return "".join(word.capitalize() for word in macro.split("_"))


def told(macros: Mapping[str, Macro]) -> set[tuple[str, str, str]]:
    return {(macro.label, macro.tip, sub_name(macro.name)) for macro in macros.values()}


# ---- the three files ---- #


@pytest.mark.parametrize("name", CONTENT)
def test_the_committed_files_are_what_make_workbook_builds(built: Path, name: str) -> None:
    with zipfile.ZipFile(ROOT / "workbook" / name) as committed, zipfile.ZipFile(built / name) as made:
        assert committed.namelist() == made.namelist()
        changed = [part for part in made.namelist() if committed.read(part) != made.read(part)]
    assert changed == [], "jalankan make workbook"


@pytest.mark.parametrize("name", CONTENT)
def test_excel_takes_each_for_what_it_is(built: Path, name: str) -> None:
    with zipfile.ZipFile(built / name) as package:
        types = ElementTree.fromstring(package.read("[Content_Types].xml"))
    assert {part.get("ContentType") for part in types if part.get("PartName") == "/xl/workbook.xml"} == {CONTENT[name]}


@pytest.mark.sdk
@pytest.mark.parametrize("name", [WITH_BUTTONS, ADDIN])
def test_valid_for_the_open_xml_sdk(built: Path, name: str) -> None:
    assert sdk.errors(built / name) == []


@pytest.mark.parametrize("name", [WITH_BUTTONS, ADDIN])
def test_own_lint(built: Path, name: str) -> None:
    assert lint(built / name) == []


# ---- VBA ---- #


@pytest.fixture(scope="module")
def in_addin() -> list[Module]:
    return addin_modules()


def documents(sheets: int) -> set[str]:
    return {"ThisWorkbook", *(f"Sheet{number}" for number in range(1, sheets + 1))}


@pytest.mark.parametrize("name", [WITH_BUTTONS, ADDIN])
def test_vba_is_what_the_sources_say(built: Path, in_addin: list[Module], name: str) -> None:
    """A document module for every sheet, in the package and in the project, with no code; and the modules, whole."""
    found = vba.modules(built / name)
    sheets = len(openpyxl.load_workbook(built / MASTER, read_only=True).sheetnames) if name == WITH_BUTTONS else 1
    wanted = in_addin if name == ADDIN else workbook_modules()
    assert found.keys() == documents(sheets) | {module.name for module in wanted}
    for module in wanted:
        kept = re.sub(r'Attribute VB_Base = "[^"]+"\r\n', "", found[module.name])
        assert kept == (module.text.partition("\r\nEND\r\n")[2] if module.is_class else module.text), module.name
    for code in documents(sheets):
        assert all(line.startswith("Attribute ") for line in found[code].split("\r\n") if line)


@pytest.mark.parametrize("name", [WITH_BUTTONS, ADDIN])
def test_vba_is_ascii_with_crlf_and_carries_the_licences(built: Path, name: str) -> None:
    found = vba.modules(built / name)
    for text in found.values():
        assert text.isascii()
        assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    assert "Redistribution and use in source and binary forms" in found["xlwings"]
    assert "Permission is hereby granted, free of charge" in found["Dictionary"]


def test_xlwings_reads_our_settings_and_the_add_in_works_on_the_active_workbook(built: Path) -> None:
    for name in (WITH_BUTTONS, ADDIN):
        assert 'Public Const PROJECT_NAME As String = "kemitraan"' in vba.modules(built / name)["xlwings"]
    functions = vba.modules(built / ADDIN)["xlwings_udfs"]
    assert "ThisWorkbook" not in functions
    assert functions.count(", ActiveWorkbook, Application.Caller)") == len(load_functions())


def test_every_worksheet_function_has_a_vba_function_with_its_description(built: Path) -> None:
    text = vba.modules(built / ADDIN)["xlwings_udfs"]
    for name, function in load_functions().items():
        plain = function.help.replace("–", "-").replace('"', '""')
        assert f'Attribute {name}.VB_Description = "{plain}"' in text
        parameters = [word.removeprefix("Optional ") for word in head_of(text, name).split(", ") if word]
        assert parameters == list(function.arguments)


def head_of(text: str, function: str) -> str:
    (head,) = [line for line in text.split("\r\n") if line.startswith(f"Function {function}(")]
    return head.partition("(")[2].removesuffix(")")


@pytest.mark.libreoffice
def test_the_modules_compile_together(in_addin: list[Module], tmp_path: Path) -> None:
    """LibreOffice runs nothing of a workbook of which one module cannot be compiled."""
    functions = [module for module in in_addin if module.name == "xlwings_udfs"]
    book = vba.runnable(tmp_path / "fungsi.xlsm", functions)
    note = tmp_path / "dikatakan.json"
    probe = {"do": "run_macro", "sheet": "Lembar", "module": "Tiruan", "name": "Asked", "out": str(note)}
    office.type_into(book, [probe], tmp_path / "sesudah.xlsx")
    assert note.read_text() == "0"


# ---- ribbon and buttons ---- #


def test_the_ribbon_has_every_macro_once_as_the_registry_words_it(built: Path) -> None:
    with zipfile.ZipFile(built / ADDIN) as package:
        ribbon = package.read(RIBBON)
        relations = ElementTree.fromstring(package.read("_rels/.rels"))
    assert ribbon == RIBBON_SOURCE.read_bytes()
    assert [one.get("Target") for one in relations if one.get("Type") == EXTENSION] == [RIBBON]
    buttons = list(controls(ribbon))
    assert len(buttons) == len(MACROS)
    assert {(one["label"], one["supertip"], one["onAction"].removeprefix("Pita")) for one in buttons} == told(MACROS)
    assert {one["onAction"].removeprefix("Pita"): one["imageMso"] for one in buttons} == {
        sub_name(macro.name): macro.icon for macro in MACROS.values()
    }
    assert all(one["screentip"] == one["label"] for one in buttons)
    on_server = {one["onAction"].removeprefix("Pita") for one in buttons if one.get("tag") == "server"}
    assert on_server == {sub_name(macro.name) for macro in MACROS.values() if SERVER in macro.hosts}


def controls(ribbon: bytes) -> Iterator[dict[str, str]]:
    for button in ElementTree.fromstring(ribbon).iterfind(".//{*}button"):
        yield button.attrib


def test_every_callback_of_the_ribbon_is_there_with_the_right_signature(built: Path) -> None:
    callbacks = vba.public_subs(vba.modules(built / ADDIN)["KemitraanPita"])
    asked = {one["onAction"] for one in controls(RIBBON_SOURCE.read_bytes())}
    assert callbacks == dict.fromkeys(asked, "control As IRibbonControl")


def test_every_macro_has_a_button_on_beranda_bound_to_its_sub(built: Path) -> None:
    buttons = vba.buttons(built / WITH_BUTTONS)
    assert len(buttons) == len(MACROS)
    assert {(label, tip, macro.removeprefix("[0]!")) for label, tip, macro in buttons} == told(MACROS)
    subs = vba.public_subs(vba.modules(built / WITH_BUTTONS)["KemitraanMakro"])
    assert {macro for _, _, macro in buttons} == {f"[0]!{name}" for name in subs}
    assert vba.buttons(built / MASTER) == []


def test_without_macros_each_button_of_the_server_is_a_link_to_a_cell_of_its_own(built: Path) -> None:
    names = openpyxl.load_workbook(built / MASTER, read_only=True).defined_names
    cells = {
        f"#{place.attr_text}".replace("$", ""): name.removeprefix("tombol_")
        for name, place in names.items()
        if name.startswith("tombol_")
    }
    with zipfile.ZipFile(built / MASTER) as package:
        drawn, relations = (ElementTree.fromstring(package.read(f"xl/drawings/{name}")) for name in DRAWING)
    targets = {one.get("Id"): one.attrib["Target"] for one in relations}
    shown = {}
    for shape in drawn.iterfind(".//{*}sp"):
        (link,) = shape.iterfind(".//{*}hlinkClick")
        label = "".join(shape.itertext()).strip()
        shown[cells[targets[link.get(LINKED)]]] = label, link.get("tooltip")
    here = {macro.name: (macro.label, macro.tip) for macro in MACROS.values() if SERVER in macro.hosts}
    assert shown == here
    assert len(cells) == len(here)


def test_buttons_stand_on_beranda_and_nothing_else_differs(built: Path) -> None:
    with_buttons, plain = (openpyxl.load_workbook(built / name, read_only=True) for name in (WITH_BUTTONS, MASTER))
    assert with_buttons.sheetnames == plain.sheetnames
    groups = list(ribbon_groups(RIBBON_SOURCE.read_bytes()))
    labels = [first for first, *_ in with_buttons["Beranda"].iter_rows(values_only=True) if first]
    at = labels.index(groups[0])
    assert labels[at : at + len(groups)] == groups
    for sheet in plain.worksheets[1:]:
        assert sheet.calculate_dimension() == with_buttons[sheet.title].calculate_dimension()
    for book in (with_buttons, plain):
        book.close()


# ---- a master with buttons, made later ---- #


def test_induk_writes_a_master_with_the_macros_shipped(built: Path, tmp_path: Path) -> None:
    """The command makes the shipped workbook anew, here with the same date and nothing typed."""
    target = tmp_path / "Induk 2027.xlsm"
    ran = CliRunner().invoke(kemitraan, ["induk", "--keluaran", str(target), "--per-tanggal", load().dated])
    assert ran.exit_code == 0, ran.output
    with zipfile.ZipFile(target) as made, zipfile.ZipFile(built / WITH_BUTTONS) as master:
        assert made.namelist() == master.namelist()
    with zipfile.ZipFile(target) as made, zipfile.ZipFile(shipped(WITH_BUTTONS)) as master:
        assert made.read("xl/vbaProject.bin") == master.read("xl/vbaProject.bin")
    assert vba.buttons(target) == vba.buttons(built / WITH_BUTTONS)


def test_only_the_two_kinds_of_workbook_are_written(tmp_path: Path) -> None:
    target = tmp_path / "induk.xlsb"
    ran = CliRunner().invoke(kemitraan, ["induk", "--keluaran", str(target)])
    assert ran.exit_code == 2
    assert not target.exists()


def test_without_the_shipped_files_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kemitraan_xl.shipped._FOLDERS", ("tidak-ada",))
    target = tmp_path / "induk.xlsm"
    with pytest.raises(Impossible):
        build_master(target, today=date.fromisoformat(load().dated))
    assert not target.exists()
