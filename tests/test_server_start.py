"""Starting the add-in server as the command does, and the manifest by which Excel takes it in."""

from __future__ import annotations

import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from support import addin_server

from kemitraan_xl.impossible import Impossible
from udfs.registry import SERVER, load_macros
from udfs.server import icons, serve

ADDIN = "0f8fad5b-d9cb-469f-a165-70867728950e"

START = "from pathlib import Path\nfrom udfs.server import serve\nserve({arguments})"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@contextmanager
def started(home: Path, arguments: str) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """A server in a process and a home of its own; the lines it prints until it is ready."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS_")}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", START.format(arguments=arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    watch = threading.Timer(60, process.kill)
    watch.start()
    try:
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "Ctrl+C" in line:
                break
        yield lines, process
    finally:
        watch.cancel()
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "sertifikat.pem", folder / "kunci.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    options = ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, *options, "-out", made, "-keyout", key], check=True, capture_output=True)
    return made, key


def test_a_first_start_gives_the_code_once_and_serves_encrypted(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    port, (made, key) = free_port(), certificate
    plain = f"'127.0.0.1', {port}, licence='noncommercial'"
    with started(tmp_path, plain) as (lines, _):
        said = "\n".join(lines)
        assert httpx.get(f"http://127.0.0.1:{port}/").json() == {"status": "ok"}
    kept = tmp_path / ".kemitraan" / "server"
    token = re.search(r'"token": "([^"]+)"', (kept / "server.json").read_text(encoding="utf-8"))
    assert token is not None
    assert token[1] in said
    assert "PolyForm Noncommercial" in said
    assert (kept / f"manifes-localhost-{port}.xml").is_file()
    assert kept.stat().st_mode & 0o077 == 0

    secure = f"'127.0.0.1', {port}, Path({str(made)!r}), Path({str(key)!r}), 'kemitraan.contoh.go.id', 'noncommercial'"
    with started(tmp_path, secure) as (lines, _):
        trust = ssl.create_default_context(cafile=str(made))
        answer = httpx.get(
            f"https://localhost:{port}/kemitraan/masuk", headers={"Authorization": token[1]}, verify=trust
        )
        assert answer.status_code == 204
        assert "server" not in answer.headers
        assert (kept / "manifes-kemitraan.contoh.go.id.xml").is_file()
        assert token[1] not in "\n".join(lines)
    assert not list(kept.glob("tugas-*/*"))


def test_nobody_but_the_user_accepts_the_licence(tmp_path: Path) -> None:
    with started(tmp_path, f"'127.0.0.1', {free_port()}") as (lines, process):
        process.wait(30)
    assert "kemitraan_xl.impossible.Impossible" in lines[-1]
    assert "--lisensi noncommercial" in lines[-1]
    assert not (tmp_path / ".kemitraan").exists()


@pytest.mark.parametrize(
    ("host", "files"),
    [
        ("0.0.0.0", ()),
        ("contoh.go.id", ()),
        ("127.0.0.1", ("sertifikat.pem",)),
        ("127.0.0.1", ("tidak-ada.pem", "tidak-ada.pem")),
        ("127.0.0.1", ("bukan.pem", "bukan.pem")),
    ],
)
def test_what_would_not_be_safe_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, files: tuple[str, ...]
) -> None:
    addin_server.ready()
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    (tmp_path / "bukan.pem").write_text("bukan sertifikat", encoding="utf-8")
    certificate, key = (*(tmp_path / name for name in files), None, None)[:2]
    with pytest.raises(Impossible):
        serve(host, free_port(), certificate, key)


def test_a_port_in_use_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addin_server.ready()
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(Impossible):
        serve("127.0.0.1", door.getsockname()[1])


# ---- the manifest ----

SPACES = {
    "o": "http://schemas.microsoft.com/office/appforoffice/1.1",
    "v": "http://schemas.microsoft.com/office/taskpaneappversionoverrides",
    "bt": "http://schemas.microsoft.com/office/officeappbasictypes/1.0",
}


@pytest.fixture(scope="module")
def manifest() -> ElementTree.Element:
    addin_server.ready()
    from udfs.server.manifest import manifest as text

    return ElementTree.fromstring(text("kemitraan.contoh.go.id:8443", ADDIN))


def test_the_manifest_names_this_installation_and_this_host(manifest: ElementTree.Element) -> None:
    assert manifest.findtext("o:Id", None, SPACES) == ADDIN
    assert re.fullmatch(r"\d+(\.\d+){3}", manifest.findtext("o:Version", "", SPACES))
    hosts = {url.partition("//")[2].partition("/")[0] for url in _values(manifest) if "://" in url}
    assert hosts == {"kemitraan.contoh.go.id:8443"}


def _values(manifest: ElementTree.Element) -> list[str]:
    return [one.attrib.get("DefaultValue") or one.text or "" for one in manifest.iter()]


def test_what_the_manifest_refers_to_is_there_and_within_excels_limits(manifest: ElementTree.Element) -> None:
    resources = manifest.find(".//v:Resources", SPACES)
    assert resources is not None
    defined = [one.attrib["id"] for one in resources.iter() if "id" in one.attrib]
    used = {one.attrib["resid"] for one in manifest.iter() if "resid" in one.attrib}
    assert set(defined) == used
    assert len(set(defined)) == len(defined)
    assert max(map(len, defined)) <= 32
    identities = [one.attrib["id"] for one in manifest.iter() if "id" in one.attrib]
    assert len(set(identities)) == len(identities)
    for kind, limit in (("ShortStrings", 125), ("LongStrings", 250)):
        texts = [one.attrib["DefaultValue"] for one in resources.iterfind(f"bt:{kind}/bt:String", SPACES)]
        assert texts
        assert all(0 < len(text) <= limit for text in texts)


def test_every_macro_is_on_the_ribbon_with_a_picture_of_its_own(manifest: ElementTree.Element) -> None:
    here = {macro.name: macro for macro in load_macros().values() if SERVER in macro.hosts}
    strings = {one.attrib["id"]: one.attrib["DefaultValue"] for one in manifest.iterfind(".//bt:String", SPACES)}
    seen = {}
    for control in manifest.iterfind(".//v:Control", SPACES):
        name = control.findtext("v:Action/v:FunctionName", None, SPACES)
        label, tip = (control.find(path, SPACES) for path in ("v:Label", "v:Supertip/v:Description"))
        assert label is not None
        assert tip is not None
        if name:
            seen[name] = (strings[label.attrib["resid"]], strings[tip.attrib["resid"]])
    assert seen == {macro.name: (macro.label, macro.tip) for macro in here.values()}
    assert here.keys() <= icons.drawn()
    assert len({icons.png(name, 32) for name in here}) == len(here)


@pytest.mark.parametrize("size", icons.SIZES)
def test_pictures_are_png_of_the_size_asked_for(size: int) -> None:
    data = icons.png("konsolidasi", size)
    assert data is not None
    assert struct.unpack(">8s4x4sIIBB", data[:26]) == (b"\x89PNG\r\n\x1a\n", b"IHDR", size, size, 8, 6)
    assert icons.png("konsolidasi", size + 1) is None


@pytest.mark.parametrize("host", ["", "a b", "https://a", "a/b", 'a"b', "a:", "a:123456", "-a", "<a>"])
def test_what_is_no_host_name_makes_no_manifest(host: str) -> None:
    addin_server.ready()
    from udfs.server.manifest import manifest as text

    with pytest.raises(Impossible):
        text(host, ADDIN)
