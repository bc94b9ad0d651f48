"""What one installation of the server has of its own: the access code of its users and the number of its add-in.

Both are made at the first start and kept in a file that only its owner may read. Standard library only.
"""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.safe_write import create_file

FILE: Final = "server.json"


@dataclass(frozen=True, slots=True)
class Installation:
    """`token` is asked for in the task pane; `addin` is the identity of the add-in in its manifest."""

    token: str
    addin: str


def folder() -> Path:
    """Where the server keeps what it must remember, in the user's own configuration."""
    return Path.home() / ".kemitraan" / "server"


def load(where: Path) -> tuple[Installation, bool]:
    """The installation kept in a folder, and whether it was made just now. Raises Impossible, OSError."""
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = where / FILE
    if path.exists():
        return _read(path), False
    fresh = Installation(token=secrets.token_urlsafe(32), addin=str(uuid.uuid4()))
    try:
        create_file(path, json.dumps(asdict(fresh)).encode(), 0o600)
    except FileExistsError:
        return _read(path), False
    return fresh, True


def _read(path: Path) -> Installation:
    path.chmod(0o600)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        found = Installation(token=str(kept["token"]), addin=str(uuid.UUID(kept["addin"])))
    except (ValueError, KeyError, TypeError):
        found = Installation("", "")
    if len(found.token) < 32:
        raise Impossible(f"Berkas {path} rusak. Hapus berkas itu; server membuat kode akses baru saat dijalankan lagi.")
    return found
