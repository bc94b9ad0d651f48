"""kemitraan pasang: idempotent, undoable, never half done, and the user's own settings survive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kemitraan_xl.impossible import Impossible
from udfs import install as module
from udfs.install import Folders, install, settings_of, uninstall

PYTHON = Path(r"C:\Program Files\Python312\python.exe")
ADDIN = b"add-in of this version"
OURS = {
    "INTERPRETER_WIN": str(PYTHON),
    "UDF MODULES": "udfs.classic",
    "USE UDF SERVER": "True",
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART", tmp_path / "rumah" / ".kemitraan")


def write_conf(folders: Folders, text: str) -> None:
    folders.settings.mkdir(parents=True)
    folders.conf.write_bytes(text.encode())


def picture(folders: Folders) -> dict[str, bytes]:
    roots = (folders.startup.parents[3], folders.settings)
    return {str(path): path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()}


def test_where_a_windows_user_has_it() -> None:
    found = Folders.within({"USERPROFILE": "/rumah/budi", "APPDATA": "/rumah/budi/AppData/Roaming"})
    assert found.addin == Path("/rumah/budi/AppData/Roaming/Microsoft/Excel/XLSTART/Kemitraan.xlam")
    assert found.conf == Path("/rumah/budi/.kemitraan/kemitraan.conf")


def test_everything_in_place_and_a_second_run_changes_nothing(folders: Folders) -> None:
    assert len(install(folders, PYTHON, ADDIN)) == 2
    before = picture(folders)
    assert folders.addin.read_bytes() == ADDIN
    assert settings_of(folders.conf) == OURS
    assert folders.conf.read_bytes().startswith(b'"INTERPRETER_WIN","C:\\Program Files\\Python312\\python.exe"\r\n')
    assert len(install(folders, PYTHON, ADDIN)) == 1
    assert picture(folders) == before


def test_nothing_is_left_once_it_is_taken_away(folders: Folders) -> None:
    install(folders, PYTHON, ADDIN)
    uninstall(folders)
    assert picture(folders) == {}
    assert not folders.settings.exists()
    assert len(uninstall(folders)) == 1


def test_an_upgrade_replaces_what_was_put_there(folders: Folders) -> None:
    install(folders, PYTHON, ADDIN)
    install(folders, Path(r"D:\baru\python.exe"), b"newer")
    assert folders.addin.read_bytes() == b"newer"
    assert settings_of(folders.conf) == OURS | {"INTERPRETER_WIN": r"D:\baru\python.exe"}
    uninstall(folders)
    assert picture(folders) == {}


@pytest.mark.parametrize("separator", ["\n", "\r\n"])
def test_own_settings_stay_and_replaced_ones_come_back(folders: Folders, separator: str) -> None:
    own = ['"SHOW CONSOLE","True"', '"INTERPRETER_WIN","D:\\lain\\python.exe"', "use udf server,False", "catatan"]
    write_conf(folders, separator.join(own))
    install(folders, PYTHON, ADDIN)
    assert settings_of(folders.conf) == OURS | {"SHOW CONSOLE": "True", "USE UDF SERVER": "False"}
    assert "catatan" in folders.conf.read_text()
    install(folders, PYTHON, ADDIN)
    uninstall(folders)
    assert folders.conf.read_text().splitlines() == own


def test_what_the_user_changed_later_is_left_alone(folders: Folders) -> None:
    install(folders, PYTHON, ADDIN)
    folders.conf.write_text(folders.conf.read_text().replace("Program Files", "Milik Saya"))
    folders.addin.write_bytes(b"changed by hand")
    uninstall(folders)
    assert set(settings_of(folders.conf)) == {"INTERPRETER_WIN"}
    assert folders.addin.read_bytes() == b"changed by hand"


def test_an_addin_of_unknown_origin_is_not_deleted(folders: Folders) -> None:
    folders.startup.mkdir(parents=True)
    folders.addin.write_bytes(b"by hand")
    uninstall(folders)
    assert folders.addin.read_bytes() == b"by hand"


@pytest.mark.parametrize("failing", ["Kemitraan.xlam", "kemitraan.conf", "pasang.json"])
@pytest.mark.parametrize("before", [None, b"older"])
def test_never_half_installed(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, failing: str, before: bytes | None
) -> None:
    if before is not None:
        install(folders, Path("lama.exe"), before)
    picture_before = picture(folders)
    real = module.replace_file

    def replace(target: Path, data: bytes) -> None:
        if target.name == failing:
            monkeypatch.setattr(module, "replace_file", real)  # the way back is free
            raise PermissionError(13, "held open", str(target))
        real(target, data)

    monkeypatch.setattr(module, "replace_file", replace)
    with pytest.raises(Impossible, match=failing):
        install(folders, PYTHON, ADDIN)
    assert picture(folders) == picture_before


def test_a_damaged_record_costs_nothing_of_the_users(folders: Folders) -> None:
    install(folders, PYTHON, ADDIN)
    folders.record.write_text("{")
    uninstall(folders)
    assert folders.addin.exists()
    install(folders, PYTHON, ADDIN)
    assert json.loads(folders.record.read_text())["settings"] == {}
    assert settings_of(folders.conf) == OURS


def test_settings_that_cannot_be_read_change_nothing(folders: Folders) -> None:
    folders.conf.mkdir(parents=True)
    with pytest.raises(Impossible):
        install(folders, PYTHON, ADDIN)
    assert not folders.startup.exists()


def test_only_windows_has_such_folders() -> None:
    with pytest.raises(Impossible):
        Folders.of_user()


def test_a_name_outside_the_code_page_is_refused(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.locale, "getencoding", lambda: "cp1252")
    with pytest.raises(Impossible):
        install(folders, Path("C:/ꦗꦮ/python.exe"), ADDIN)
    assert picture(folders) == {}
    install(folders, Path("C:/é/python.exe"), ADDIN)
    assert b"C:/\xe9/python.exe" in folders.conf.read_bytes()
