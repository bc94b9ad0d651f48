"""Files in an object store or on a web server, by address: s3://wadah/kiriman, gs://..., https://... (fsspec).

They are listed here, and read by whoever does the reading. An address never holds a password or a key: those are what
each machine has in its own settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.model import Arrival, Fetched
from kemitraan_xl.intake.names import litter_within

REASONS = {
    "secret": "Jangan menulis sandi, kunci, atau ? dalam alamat sumber; simpan kuncinya dalam setelan komputer.",
    "fsspec": 'Bagian penyimpanan jauh belum terpasang; pasang dahulu dengan: py -m pip install ".[dask]"',
    "kind": "Alamat {scheme}:// belum dapat dibaca di sini; pasang paket fsspec untuk itu, lihat docs/skala.md.",
    "unreachable": "Sumber {url} tidak dapat dibuka; periksa alamat, izin, dan sambungannya.",
}
_ADDRESS = re.compile(r"([a-z][a-z0-9+]+)://(.*)", re.IGNORECASE | re.DOTALL)


class RemoteTrouble(Impossible):
    """Nothing can be read there; the text is one Indonesian line, `code` is for programs and tests."""

    def __init__(self, code: str, url: str = "") -> None:
        super().__init__(REASONS[code].format(url=url, scheme=url.partition(":")[0]))
        self.code = code


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder or file elsewhere; the address can be shown."""

    url: str


def is_remote(text: str) -> bool:
    """Whether a source is meant to be an address and no file."""
    return _ADDRESS.fullmatch(text) is not None


def read_remote(text: str) -> Remote:
    """The address. Raises RemoteTrouble, whose text never repeats what could be secret."""
    if re.search(r"[@?#\x00-\x1f]", text):
        raise RemoteTrouble("secret")
    return Remote(text)


def listed(remote: Remote) -> Fetched:
    """The files at the address, each under the name it has below it. Raises RemoteTrouble."""
    try:
        import fsspec
    except ImportError:
        raise RemoteTrouble("fsspec") from None
    try:
        store, root = fsspec.url_to_fs(remote.url)
    except (ImportError, ValueError):
        raise RemoteTrouble("kind", remote.url) from None
    try:
        found = store.find(root, detail=True) or {root: store.info(root)}
    except Exception:  # noqa: BLE001 - every kind of store has errors of its own
        raise RemoteTrouble("unreachable", remote.url) from None
    return Fetched(remote.url, tuple(_arrivals(store, root.rstrip("/"), found)))


def seen(url: str) -> bool:
    """Whether this computer can look at the address."""
    import fsspec

    try:
        store, root = fsspec.url_to_fs(url)
        return bool(store.exists(root))
    except Exception:  # noqa: BLE001 - as above
        return False


def _arrivals(store: Any, root: str, found: Mapping[str, Mapping[str, Any]]) -> Iterator[Arrival]:
    from upath import UPath

    for place, facts in sorted(found.items()):
        url = store.unstrip_protocol(place)
        inner = place.removeprefix(f"{root}/") if place != root else place.rpartition("/")[2]
        name = unquote(inner) if url.startswith(("http:", "https:")) else inner
        if facts.get("type") == "file" and name and not name.endswith("/"):
            # To what reads it a path is a path, wherever it leads.
            path: Any = UPath(url)
            yield Arrival(name, path, facts.get("size") or 0, skipped=litter_within(name), fetched=True)
