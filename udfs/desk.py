"""What a macro has at hand beside the open workbook: a day, two folders, and somebody to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kemitraan_xl.impossible import Impossible


def _nobody(text: str) -> None:
    """Progress for whoever shows none."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a macro works. On the desktop the folders are the user's own; on the server they are uploads and
    downloads of one task. `workers` is how many processes may read files."""

    today: date
    inbox: Path | None = None
    outbox: Path | None = None
    progress: Callable[[str], None] = _nobody
    workers: int = 2

    @property
    def source(self) -> Path:
        """The folder of what was handed in. Raises Impossible where there is none."""
        if self.inbox is None or not self.inbox.is_dir():
            raise Impossible("Folder kiriman tidak ada; pilih folder yang berisi berkas dari mitra.")
        return self.inbox

    @property
    def target(self) -> Path:
        """The folder for what is made, there once it is asked for. Raises Impossible, OSError."""
        if self.outbox is None:
            raise Impossible("Folder hasil belum dipilih.")
        self.outbox.mkdir(parents=True, exist_ok=True)
        return self.outbox

    def reading(self) -> tuple[Callable[[int], None], Callable[[int], None]]:
        """The two callbacks of a consolidation: how many files there are, how many more were read."""
        total = done = 0

        def started(count: int) -> None:
            nonlocal total
            total = count
            self.progress(f"Membaca {count} berkas ...")

        def read(count: int) -> None:
            nonlocal done
            done += count
            self.progress(f"Membaca berkas {done} dari {total}")

        return started, read
