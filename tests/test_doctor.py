"""kemitraan dokter: every known failure is recognised, alone, by its name, on a computer that is made up."""

from __future__ import annotations

import ssl
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.computer import (
    ASR,
    CHILD,
    EXCEL,
    HOST,
    OFFICE,
    POLICY,
    PROGRAM,
    WIN32,
    XLWINGS,
    answer,
    computer,
    make_certificate,
    stamp,
    workbook,
)

from kemitraan_xl.impossible import Impossible
from udfs.doctor import HEADINGS, Certificate, Environment, State, examine, here, needs_action, rows, text
from udfs.doctor.model import failures
from udfs.server import installation

Change = Callable[[Environment, Path], Environment]


@pytest.fixture
def healthy(tmp_path: Path) -> Environment:
    return computer(tmp_path)


def with_keys(environment: Environment, keys: Mapping[str, Mapping[str, Any]]) -> Environment:
    return replace(environment, registry=lambda key: ({**EXCEL, **keys}).get(key, {}))


def keys(key: str, values: Mapping[str, Any]) -> Change:
    return lambda environment, _: with_keys(environment, {key: values})


def fact(**changes: Any) -> Change:
    return lambda environment, _: replace(environment, **changes)


def conf(old: str, new: str) -> Change:
    def change(environment: Environment, _: Path) -> Environment:
        path = environment.folders.conf
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        return environment

    return change


def python_in(folder: str) -> Change:
    """Python and its DLLs in another folder of this made-up computer."""

    def change(environment: Environment, root: Path) -> Environment:
        (root / folder).parent.mkdir(parents=True, exist_ok=True)
        (root / "venv").rename(root / folder)
        return conf(str(root / "venv"), str(root / folder))(environment, root)

    return change


def no_addin(environment: Environment, _: Path) -> Environment:
    environment.folders.addin.unlink()
    return replace(environment, processes=frozenset)


def other_addin(environment: Environment, _: Path) -> Environment:
    environment.folders.addin.write_bytes(environment.folders.addin.read_bytes() + b" ")
    return replace(environment, processes=frozenset)


def no_package(environment: Environment, _: Path) -> Environment:
    def missing() -> Path:
        raise Impossible("Kemitraan.xlam tidak ada")

    return replace(environment, shipped=missing)


def second_copy(environment: Environment, _: Path) -> Environment:
    workbook(Path(environment.other_addins[0]))
    return environment


def older_vba(environment: Environment, root: Path) -> Environment:
    """Add-in and DLLs of one version, the Python package of another."""
    for bits in (32, 64):
        (root / "venv" / f"xlwings{bits}-0.30.0.dll").touch()
    old = workbook(root / "lama" / "Kemitraan.xlam", "0.30.0")
    environment.folders.addin.write_bytes(old.read_bytes())
    return replace(environment, shipped=lambda: old)


def dlls(*names: str) -> Change:
    """Other libraries beside Python than those that belong there."""

    def change(environment: Environment, root: Path) -> Environment:
        for path in (root / "venv").glob("*.dll"):
            path.unlink()
        for name in names:
            (root / "venv" / "Scripts" / name).touch()
        return environment

    return change


def marked(*names: str) -> Change:
    return fact(zone=lambda path: "[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=x\r\n" if path.name in names else "")


def bad_stamp(_: Path) -> Mapping[str, str]:
    raise Impossible("bukan induk")


def older_buttons(environment: Environment, root: Path) -> Environment:
    return replace(environment, books=[str(workbook(root / "kerja" / "lama.xlsm", "0.30.0"))])


def book_in_onedrive(environment: Environment, root: Path) -> Environment:
    return replace(environment, books=[str(workbook(root / "OneDrive" / "Kemitraan.xlsm"))])


def server_file(content: str | None, mode: int) -> Change:
    def change(environment: Environment, _: Path) -> Environment:
        path = environment.server / installation.FILE
        if content is not None:
            path.write_text(content)
        path.chmod(mode)
        return environment

    return change


def on_linux(change: Change) -> Change:
    return lambda environment, root: change(replace(environment, windows=False), root)


def chosen(number: str, path: str) -> Change:
    return keys(rf"{OFFICE}\Options", {number: path, "DefaultPath": r"C:\x"})


CASES: list[tuple[str, Change]] = [
    ("excel-lama", keys(r"HKCR\Excel.Application\CurVer", {"": "Excel.Application.15"})),
    ("pengaya-belum-terpasang", no_addin),
    ("pengaya-lain-versi", other_addin),
    ("berkas-program-hilang", no_package),
    ("pengaya-ganda", second_copy),
    ("pengaya-ganda", chosen("OPEN", r'"D:\unduhan\kemitraan.xlam"')),
    ("pengaya-ganda", chosen("OPEN3", r'/R "D:\unduhan\Kemitraan.xlam"')),
    (
        "pengaya-dinonaktifkan",
        keys(rf"{OFFICE}\Resiliency\DisabledItems", {"A1": b"\1\0\0\0" + r"c:\x\kemitraan.xlam".encode("utf-16-le")}),
    ),
    ("setelan-kurang", conf('"UDF MODULES","udfs.classic"', '"UDF MODULES","lain"')),
    ("setelan-rusak", conf('"UDF MODULES"', 'catatan saya\n"UDF MODULES"')),
    ("python-hilang", fact(ask=lambda *_: None)),
    ("python-lama", fact(ask=lambda *_: answer(python=[3, 10, 9]))),
    ("paket-tidak-ada", fact(ask=lambda *_: answer(xlwings=None))),
    ("paket-tidak-ada", fact(ask=lambda *_: answer(**{"kemitraan-xl": None}))),
    ("program-lain-versi", fact(ask=lambda *_: answer(**{"kemitraan-xl": "0.0.9"}))),
    ("versi-xlwings-beda", older_vba),
    ("dll-hilang", dlls()),
    ("dll-hilang", dlls(f"xlwings32-{XLWINGS}.dll")),
    ("dll-lain-versi", dlls("xlwings64-0.30.0.dll", "xlwings32-0.30.0.dll")),
    ("proses-anak-diblokir", keys(ASR.format("Policies\\"), {CHILD.upper(): "1"})),
    ("proses-anak-diblokir", keys(ASR.format(""), {CHILD: 1})),
    ("panggilan-windows-diblokir", keys(ASR.format("Policies\\"), {WIN32: "1"})),
    ("python-di-onedrive", python_in("OneDrive/venv")),
    ("buku-di-onedrive", book_in_onedrive),
    ("buku-di-onedrive", fact(books=["https://contoh.sharepoint.com/Kemitraan.xlsm"])),
    ("buku-tidak-terbaca", fact(stamp=bad_stamp)),
    ("buku-tidak-terbaca", fact(books=["tidak-ada.xlsx"])),
    ("induk-edisi-lama", fact(stamp=lambda _: stamp(edisi="0.9", sidik="abc"))),
    ("tombol-lain-versi", older_buttons),
    ("tanda-internet", marked("Kemitraan.xlam")),
    ("tanda-internet", marked("Kemitraan.xlsm")),
    ("makro-dimatikan", keys(rf"{OFFICE}\Security", {"VBAWarnings": 4})),
    ("makro-dimatikan", keys(rf"{POLICY}\Security", {"vbawarnings": 3})),
    ("pengaya-harus-bertanda-tangan", keys(rf"{POLICY}\Security", {"RequireAddinSig": 1})),
    ("pengaya-dimatikan", keys(rf"{OFFICE}\Security", {"DisableAllAddins": 1})),
    ("lokasi-tepercaya-dimatikan", keys(rf"{POLICY}\Security\Trusted Locations", {"alllocationsdisabled": 1})),
    ("lisensi-server-belum-dipilih", fact(variables={})),
    ("kode-akses-rusak", server_file("{}", 0o600)),
    ("kode-akses-terbuka", on_linux(server_file(None, 0o644))),
    ("libreoffice-tidak-ada", on_linux(fact(office=lambda: None))),
]


def seen(environment: Environment) -> list[str]:
    return [check.failure for check in examine(environment) if check.failure]


def test_a_healthy_computer_needs_nothing(healthy: Environment) -> None:
    checks = examine(healthy)
    assert not needs_action(checks)
    assert {check.subject for check in checks if check.state is State.ELSEWHERE} == {"Server: sertifikat"}
    assert {check.subject for check in checks} == {failure.hal for failure in failures().values()}


@pytest.mark.parametrize(("failure", "change"), CASES, ids=[f"{n}-{name}" for n, (name, _) in enumerate(CASES)])
def test_each_failure_is_recognised_alone(healthy: Environment, tmp_path: Path, failure: str, change: Change) -> None:
    assert seen(change(healthy, tmp_path)) == [failure]


def test_the_cache_cannot_be_written(healthy: Environment, tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    assert seen(replace(healthy, cache=tmp_path / "berkas" / "x")) == ["simpanan-tidak-dapat-ditulis"]


def test_excel_must_be_closed_only_when_there_is_something_to_install(healthy: Environment) -> None:
    healthy.folders.addin.unlink()
    assert seen(healthy) == ["pengaya-belum-terpasang", "excel-berjalan"]


def test_nothing_set_up_yet(healthy: Environment) -> None:
    for path in (healthy.folders.addin, healthy.folders.conf, healthy.server / installation.FILE):
        path.unlink()
    found = seen(replace(healthy, processes=frozenset, variables={}, version={"xlwings": XLWINGS}.get))
    assert found == ["pengaya-belum-terpasang", "setelan-kurang", "python-hilang", "dll-hilang"]


@pytest.mark.parametrize(
    "change",
    [
        keys(ASR.format(""), {CHILD: "2", WIN32: "6"}),  # watched, warned about, not blocked
        chosen("OPEN", "solver.xlam"),
        fact(zone=lambda _: "[ZoneTransfer]\r\nZoneId=1\r\n"),
        fact(office=lambda: None),  # Excel prints
        conf('"USE UDF SERVER","True"', '"USE UDF SERVER","False"'),  # the user's own choice
        fact(variables={"USERPROFILE": "x"}, version={"xlwings": XLWINGS, "kemitraan-xl": PROGRAM}.get),
    ],
)
def test_what_is_no_failure(healthy: Environment, tmp_path: Path, change: Change) -> None:
    assert seen(change(healthy, tmp_path)) == []


def test_what_the_administration_decided_comes_before_what_the_user_chose(healthy: Environment) -> None:
    both = {rf"{POLICY}\Security": {"VBAWarnings": 2}, rf"{OFFICE}\Security": {"VBAWarnings": 4}}
    assert seen(with_keys(healthy, both)) == []


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ({"Path": "%RUMAH%\\kerja\\"}, []),
        ({"Path": "%RUMAH%", "AllowSubFolders": 1}, []),
        ({"Path": "%RUMAH%"}, ["makro-dimatikan"]),
    ],
)
def test_a_trusted_location_lets_macros_run(
    healthy: Environment, tmp_path: Path, location: Mapping[str, Any], found: list[str]
) -> None:
    place = {
        rf"{OFFICE}\Security\Trusted Locations\Location2": location,
        rf"{OFFICE}\Security": {"VBAWarnings": 4},
    }
    variables = {**healthy.variables, "rumah": str(tmp_path)}
    assert seen(replace(with_keys(healthy, place), variables=variables)) == found


def test_python_is_found_by_a_name_of_windows(healthy: Environment, tmp_path: Path) -> None:
    named = conf(str(tmp_path), "%Rumah%")(healthy, tmp_path)
    assert seen(replace(named, variables={**healthy.variables, "RUMAH": str(tmp_path)})) == []


def test_another_system_has_no_desktop_addin(healthy: Environment) -> None:
    healthy.folders.addin.unlink()
    checks = examine(replace(healthy, windows=False))
    assert not needs_action(checks)
    assert sum(check.state is State.ELSEWHERE for check in checks) > 10


def test_a_key_kept_by_xlwings_itself_counts(healthy: Environment) -> None:
    healthy.licence_conf.write_text('"SHOW CONSOLE","True"\n"LICENSE_KEY","noncommercial"\n')
    assert seen(replace(healthy, variables={})) == []


# ---- certificates ------------------------------------------------------------------------------------ #


@pytest.mark.parametrize(
    ("days", "host", "believed", "failure"),
    [
        (30, HOST, True, []),
        (-1, HOST, True, ["sertifikat-ditolak"]),
        (30, "lain.contoh.go.id", True, ["sertifikat-ditolak"]),
        (30, HOST, False, ["sertifikat-ditolak"]),
    ],
)
def test_a_certificate_as_excel_would_see_it(
    healthy: Environment, tmp_path: Path, days: int, host: str, believed: bool, failure: list[str]
) -> None:
    pem, key = make_certificate(tmp_path, "server", host, days)
    trust = ssl.create_default_context(cafile=str(pem)) if believed else ssl.create_default_context()
    asked = replace(healthy, certificate=Certificate(pem, key, HOST), trust=lambda: trust)
    assert seen(asked) == failure
    assert all(check.state is not State.ELSEWHERE for check in examine(asked))


def test_certificate_and_key_must_belong_together(healthy: Environment, tmp_path: Path) -> None:
    pem, _ = make_certificate(tmp_path, "satu")
    _, key = make_certificate(tmp_path, "dua")
    for other in (key, tmp_path / "tidak-ada.key", pem):
        assert seen(replace(healthy, certificate=Certificate(pem, other, HOST))) == ["sertifikat-tidak-cocok"]


# ---- the table, and what is shown -------------------------------------------------------------------- #


def test_every_known_failure_is_proved_here() -> None:
    elsewhere_in_this_file = {"excel-berjalan", "sertifikat-ditolak", "sertifikat-tidak-cocok"}
    elsewhere_in_this_file |= {"simpanan-tidak-dapat-ditulis"}
    assert {name for name, _ in CASES} | elsewhere_in_this_file == failures().keys()
    assert not {name for name, _ in CASES} & elsewhere_in_this_file


def test_text_and_rows_show_name_and_remedy(healthy: Environment) -> None:
    checks = examine(replace(healthy, office=lambda: None, windows=False))
    shown, table = "\n".join(text(checks)), rows(checks)
    assert all(len(row) == len(HEADINGS) for row in table)
    assert len(table) == len(checks)
    ill = next(check for check in checks if check.failure == "libreoffice-tidak-ada")
    assert ill.remedy
    assert ill.remedy in shown
    assert (ill.subject, "perlu tindakan", ill.seen, ill.failure, ill.remedy) in table


def test_this_very_computer_can_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path))
    environment = here(["workbook/Kemitraan.xlsx"])
    assert environment.cache == tmp_path
    assert environment.version("pandas")
    assert environment.version("tidak-ada-paket-ini") is None
    assert environment.ask(Path(sys.executable), "print(1 + 1)") == "2\n"
    assert environment.ask(tmp_path / "python.exe", "1") is None


def test_the_access_code_is_only_read(healthy: Environment) -> None:
    path = healthy.server / installation.FILE
    before = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
    examine(healthy)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == before
