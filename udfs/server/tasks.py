"""What a task pane has under way: files handed in, the macro at work, how far it is, what it made.

Kept in memory and in one folder. A server that was started again knows no task any more and says so.
"""

from __future__ import annotations

import secrets
import shutil
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Final

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.gate.zipdir import MAX_FILE
from udfs.desk import Desk

#: A file larger than the reader takes may come in, so that it is listed as refused; it has to end somewhere.
MAX_UPLOAD: Final = 4 * MAX_FILE
#: Files and bytes that one task may hold, tasks that a server holds, seconds after which an idle one is forgotten.
MAX_FILES: Final = 2_000
MAX_TOTAL: Final = 1 << 30
MAX_TASKS: Final = 200
IDLE: Final = 4 * 3600

_NAME: Final = 200
_DEPTH: Final = 12
#: Signs and names that no file on Windows can have, and a client that sends them means no good.
_SIGNS: Final = frozenset('<>:"|?*\\')
_PORTS: Final = (f"{kind}{number}" for kind in ("COM", "LPT") for number in range(1, 10))
_DEVICES: Final = frozenset(("CON", "PRN", "AUX", "NUL", *_PORTS))


class Gone(Impossible):
    """The server does not know the task: it was started again, or the task lay idle too long."""


class Busy(Impossible):
    """Another macro of the same task pane is at work."""


class TooMuch(Impossible):
    """More was sent than one task, or one request, may hold."""


@dataclass(slots=True)
class Task:
    """`state` is siap, berjalan, selesai or gagal; `ticket` opens the download of what was made."""

    id: str
    session: str
    folder: Path
    touched: float
    state: str = "siap"
    macro: str = ""
    progress: str = ""
    sentence: str = ""
    began: float = 0.0
    ticket: str = ""
    files: dict[str, int] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.folder / "masuk"

    @property
    def outbox(self) -> Path:
        return self.folder / "keluar"

    @property
    def archive(self) -> Path:
        return self.folder / "hasil.zip"

    def desk(self) -> Desk:
        """Where a macro works for this task: uploads come in, downloads go out, progress is kept for the pane."""
        return Desk(date.today(), self.inbox if self.files else None, self.outbox, self.tell)

    def tell(self, text: str) -> None:
        self.progress = text


class TaskStore:
    """All tasks of a server, safe for the threads in which macros work."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with an empty folder: what an earlier server left there belongs to no task any more."""
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root, self.clock, self.lock = root, clock, Lock()
        self.tasks: dict[str, Task] = {}

    def create(self, session: str) -> Task:
        """A new task for a task pane. Raises TooMuch."""
        with self.lock:
            self._forget_idle()
            if len(self.tasks) >= MAX_TASKS:
                raise TooMuch("Terlalu banyak panel terbuka pada server ini. Tutup panel yang tidak dipakai.")
            name = secrets.token_urlsafe(24)
            task = self.tasks[name] = Task(name, session, self.root / name, self.clock())
            task.inbox.mkdir(mode=0o700, parents=True)
            return task

    def get(self, name: object) -> Task:
        """A task by its id. Raises Gone."""
        with self.lock:
            return self._get(name)

    def _get(self, name: object) -> Task:
        self._forget_idle()
        task = self.tasks.get(name) if isinstance(name, str) else None
        if task is None:
            raise Gone("Server baru dijalankan ulang; unggahan tadi tidak ada lagi. Tekan tombolnya sekali lagi.")
        task.touched = self.clock()
        return task

    def begin(self, name: object, macro: str) -> Task:
        """Take a task for a macro; nothing else of its task pane may run. Raises Gone, Busy."""
        with self.lock:
            task = self._get(name)
            if any(one.state == "berjalan" for one in self.tasks.values() if one.session == task.session):
                raise Busy("Pekerjaan sebelumnya masih berjalan; tunggu sampai selesai.")
            task.state, task.macro, task.progress, task.sentence = "berjalan", macro, "Membaca buku kerja ...", ""
            task.began, task.ticket, task.made = self.clock(), "", []
        shutil.rmtree(task.outbox, ignore_errors=True)
        task.archive.unlink(missing_ok=True)
        return task

    def end(self, task: Task, state: str, sentence: str) -> None:
        """A macro is done: what it says, and what it made in one archive to fetch. Raises OSError."""
        made = sorted(path for path in task.outbox.rglob("*") if path.is_file()) if state == "selesai" else []
        if made:
            with zipfile.ZipFile(task.archive, "w", zipfile.ZIP_STORED) as archive:
                for path in made:
                    archive.write(path, path.relative_to(task.outbox))
        with self.lock:
            task.made = [path.relative_to(task.outbox).as_posix() for path in made]
            task.ticket = secrets.token_urlsafe(24) if made else ""
            task.state, task.sentence, task.touched = state, sentence, self.clock()

    def by_ticket(self, ticket: str) -> Task:
        """The task whose results a download link is for. Raises Gone."""
        with self.lock:
            for task in self.tasks.values():
                if task.ticket and secrets.compare_digest(task.ticket.encode(), ticket.encode()):
                    task.touched = self.clock()
                    return task
        raise Gone("Hasil ini tidak ada lagi di server. Jalankan tombolnya sekali lagi.")

    def place(self, task: Task, name: str, declared: int) -> Path:
        """Where an uploaded file goes; its room is taken at once. Raises TooMuch, Busy, Impossible."""
        clean = clean_name(name)
        if declared > MAX_UPLOAD:
            raise TooMuch(f"Berkas {clean} lebih besar dari {MAX_UPLOAD >> 20} MB. Keluarkan dari folder, lalu ulangi.")
        with self.lock:
            if task.state == "berjalan":
                raise Busy("Pekerjaan sebelumnya masih berjalan; tunggu sampai selesai.")
            others = {key: size for key, size in task.files.items() if key != clean}
            if len(others) >= MAX_FILES or sum(others.values()) + declared > MAX_TOTAL:
                raise TooMuch(
                    f"Satu kali kirim paling banyak {MAX_FILES} berkas dan {MAX_TOTAL >> 20} MB. Bagi folder itu."
                )
            task.files[clean] = declared
        target = task.inbox / clean
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return target

    def drop(self, name: str) -> None:
        """Forget a task and delete its files; one whose macro is at work stays. Raises Gone, Busy."""
        with self.lock:
            task = self._get(name)
            if task.state == "berjalan":
                raise Busy("Pekerjaan sebelumnya masih berjalan; tunggu sampai selesai.")
            del self.tasks[task.id]
        shutil.rmtree(task.folder, ignore_errors=True)

    def _forget_idle(self) -> None:
        limit = self.clock() - IDLE
        for task in [one for one in self.tasks.values() if one.touched < limit and one.state != "berjalan"]:
            del self.tasks[task.id]
            shutil.rmtree(task.folder, ignore_errors=True)


def clean_name(name: str) -> str:
    """A file's path inside the folder that was handed in, as it may be used here. Raises Impossible."""
    parts = PurePosixPath(name).parts
    if not parts or len(parts) > _DEPTH or not all(map(_harmless, parts)):
        raise Impossible("Nama salah satu berkas tidak dapat dipakai. Ganti namanya, lalu pilih folder itu lagi.")
    return "/".join(parts)


def _harmless(part: str) -> bool:
    return (
        part not in ("/", "..")
        and len(part) <= _NAME
        and all(sign >= " " for sign in part)
        and not _SIGNS & set(part)
        and part == part.rstrip(" .")
        and part.split(".")[0].upper() not in _DEVICES
    )
