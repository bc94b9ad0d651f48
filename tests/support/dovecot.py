"""A real mail server on this computer, for the time of a test: Dovecot, with mailboxes in folders (Maildir).

It has one user and leaves its own index files out of the mailboxes, so that what changes there is a mail or its mark.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

USER, PASSWORD, HOST = "staf@kpai.contoh.id", "sandi-Rahasia é", "localhost"
_DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
_PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""

#: Run by root it has users of its own; run by anybody else it can only be that user.
_SETTINGS = """
base_dir = {folder}/jalan
log_path = {folder}/catatan
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{folder}/kotak:INDEX=MEMORY:CONTROL={folder}/kendali
first_valid_uid = 1
default_vsz_limit = 0
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/pengguna
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
"""
_AS_ANYBODY = """
default_internal_user = {me}
default_login_user = {me}
default_internal_group = {mine}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@cache
def available() -> str:
    """What is missing to run it; "" when nothing is. The settings above are those of 2.3."""
    asked = subprocess.run([_PROGRAM, "--version"], capture_output=True, text=True, check=True) if _PROGRAM else None
    return "" if asked and asked.stdout.startswith("2.3.") else "Dovecot 2.3"


@dataclass(frozen=True)
class Server:
    """Where it is reached, and where its mails lie."""

    plain: int
    tls: int
    certificate: Path
    mails: Path

    def deliver(self, name: str, mail: bytes, seen: bool = False, folder: str = "", day: datetime = _DAY) -> None:
        """A mail into a mailbox ("" is INBOX), which is made if need be."""
        box = self.mails / folder
        for part in ("new", "cur", "tmp"):
            (box / part).mkdir(parents=True, exist_ok=True)
        place = box / "cur" / f"{name}:2,S" if seen else box / "new" / name
        place.write_bytes(mail)
        os.utime(place, (day.timestamp(), day.timestamp()))
        for path in (box, *box.iterdir(), place):
            shutil.chown(path, _owner())

    def state(self) -> dict[str, bytes]:
        """Every mail with its marks, which are part of its name."""
        return {str(path): path.read_bytes() for path in self.mails.rglob("*") if path.is_file()}


@contextmanager
def running() -> Iterator[Server]:
    """The server, stopped afterwards. Its folder has a short name: those of sockets may not be long."""
    from support.computer import make_certificate

    with TemporaryDirectory(prefix="surat-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        certificate, key = make_certificate(folder, "server", HOST)
        ports = _free_port(), _free_port()
        for part in ("kotak", "kendali"):
            (folder / part).mkdir()
            shutil.chown(folder / part, _owner())
        (folder / "pengguna").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n", encoding="utf-8")
        mine = (folder / "kotak").group()
        facts = {"owner": _owner(), "group": mine if os.geteuid() else _owner(), "plain": ports[0], "tls": ports[1]}
        text = _SETTINGS.format(folder=folder, certificate=certificate, key=key, **facts)
        text += _AS_ANYBODY.format(me=_owner(), mine=mine) if os.geteuid() else ""
        (folder / "setelan").write_text(text, encoding="utf-8")
        with subprocess.Popen([_PROGRAM, "-F", "-c", folder / "setelan"]) as process:
            try:
                for port in ports:
                    _wait_for(port)
                yield Server(*ports, certificate, folder / "kotak")
            finally:
                process.terminate()


def _owner() -> str:
    return getpass.getuser() if os.geteuid() else "dovecot"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(200):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.05)
    raise TimeoutError("Dovecot")
