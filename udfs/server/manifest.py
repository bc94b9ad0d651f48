"""The manifest by which Excel takes the add-in in: for one host name, with the macros of the registry on the ribbon."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.safe_write import replace_file
from udfs.registry import NAMESPACE, load_macros
from udfs.server.app import PROJECT
from udfs.server.pane import groups, ribbon_order

_HOST: Final = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")


def manifest(host: str, addin: str) -> str:
    """The manifest (XML) of the add-in `addin` served at https://`host`, e.g. "kemitraan.contoh.go.id:8443".

    Raises Impossible for what is no host name.
    """
    if not _HOST.fullmatch(host):
        raise Impossible(f"{host} bukan nama komputer. Tulis misalnya: kemitraan.contoh.go.id atau localhost:8443")
    environment = Environment(
        loader=FileSystemLoader(PROJECT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    shown = groups(load_macros(), ribbon_order())
    return environment.get_template("kemitraan-manifest.xml").render(
        base=f"https://{host}",
        addin=addin,
        version=_four(version("kemitraan-xl")),
        namespace=NAMESPACE,
        groups=shown,
        pictures=["panel", *(macro.name for group in shown for macro in group.macros)],
    )


def write(host: str, addin: str, folder: Path) -> Path:
    """Write the manifest for a host name; where it is. Raises Impossible, OSError."""
    text = manifest(host, addin)
    path = folder / f"manifes-{host.replace(':', '-')}.xml"
    replace_file(path, text.encode())
    return path


def _four(text: str) -> str:
    """A version of four numbers, which is what a manifest takes."""
    numbers = re.findall(r"\d+", text)[:4]
    return ".".join([*numbers, *["0"] * (4 - len(numbers))])
