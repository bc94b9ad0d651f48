"""The same work on the machines of a Dask cluster, in place of processes of this one.

A batch of files is given to a machine and comes back read. One whose machine is lost is done again on another; one
that is lost again and again is done file by file, so that a file at fault costs only itself. Never more than a few
batches are ahead, so that no machine holds many readings.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.machine import OtherEdition, able, batch, edition
from kemitraan_xl.intake.model import Arrival
from kemitraan_xl.intake.pool import FEW, Each
from kemitraan_xl.intake.refusal import reason

if TYPE_CHECKING:
    from distributed import Client

Result = TypeVar("Result")

BATCH = 256  #: files given to a machine at once, at most
AHEAD = 2  #: batches given out for each that can be done at a time
SECONDS = 10  #: to wait for the scheduler, and for its first worker
PATIENCE = 60.0  #: seconds without any worker before it is given up

TROUBLES = {
    "dask": 'Bagian Dask belum terpasang; pasang dahulu dengan: py -m pip install ".[dask]"',
    "address": "Alamat penjadwal Dask ditulis seperti tcp://10.0.0.5:8786.",
    "scheduler": "Penjadwal Dask tidak menjawab di {detail}.",
    "version": "Penjadwal Dask di {detail} memakai versi Dask yang lain; pasang versi program yang sama.",
    "nobody": "Kluster Dask tidak mempunyai pekerja; jalankan dahulu dask worker, lihat docs/skala.md.",
    "edition": "Pekerja Dask {detail} memakai versi program yang lain; pasang versi yang sama di semua mesin.",
    "processes": "Pekerja Dask {detail} tidak boleh memulai proses; jalankan dengan --no-nanny.",
    "disk": "Pekerja Dask {detail} dapat menaruh isi kiriman di disk; jalankan dengan --memory-limit 0.",
    "blind": "Pekerja Dask {detail} tidak melihat sumber itu; semua mesin harus melihatnya di alamat yang sama.",
    "lost": "Hubungan dengan penjadwal Dask terputus; tidak ada yang ditulis.",
}


class ClusterTrouble(Impossible):
    """The cluster cannot do it, or no longer; the text is one Indonesian line."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(TROUBLES[code].format(detail=detail))
        self.code = code


@contextmanager
def cluster(address: str, sources: Sequence[str]) -> Iterator[Each]:
    """What does the work on the cluster whose scheduler is at `address`, where `sources` are seen by all.

    Raises ClusterTrouble.
    """
    with _client(address) as client:
        _check(client, address, sources)
        yield Spread(client.get_executor(pure=False), partial(_places, client))


def _places(client: Client) -> int:
    """How many batches the machines that are there now can do at a time."""
    try:
        return sum(client.nthreads().values())
    except OSError:
        raise ClusterTrouble("lost") from None


def _client(address: str) -> Client:
    if not address.startswith(("tcp://", "tls://")):
        raise ClusterTrouble("address")
    try:
        import dask

        # What goes wrong is said once, by us.
        dask.config.set({"logging": {"distributed": "critical", "distributed.client": "critical"}})
        from distributed import Client
    except ImportError:
        raise ClusterTrouble("dask") from None
    try:
        asyncio.run(_knock(address))  # a client that finds nobody is slow to give up, and says so
        return Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError):
        raise ClusterTrouble("scheduler", address) from None


async def _knock(address: str) -> None:
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(address, timeout=SECONDS, **Security().get_connection_args("client"))
    await comm.close()


def _check(client: Client, address: str, sources: Sequence[str]) -> None:
    """There are machines, all with this edition of the program, and each is able to do its part."""
    import distributed

    if client.get_versions()["scheduler"]["packages"]["distributed"] != distributed.__version__:  # type: ignore[index]
        raise ClusterTrouble("version", address)
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError:
        raise ClusterTrouble("nobody") from None
    for place, found in client.run(edition, on_error="return").items():
        if found != edition():
            raise ClusterTrouble("edition", place)
    for place, lacking in client.run(able, sources).items():
        if lacking:
            raise ClusterTrouble(lacking, place)


@dataclass(frozen=True, slots=True)
class Spread:
    """The work given out to an executor by batches. `places` is told how many can be done at a time, now."""

    executor: Executor
    places: Callable[[], int]

    def __call__(
        self,
        arrivals: Sequence[Arrival],
        work: Callable[[Arrival], Result],
        refused: Callable[[str], Result],
        progress: Callable[[int], None],
    ) -> list[Result]:
        """As `in_workers`. Raises ClusterTrouble."""
        waiting = deque(_batches(len(arrivals), self.places()))
        running: dict[Future[list[Result]], range] = {}
        results: dict[int, Result] = {}
        alive = time.monotonic()
        while waiting or running:
            places = self.places()
            while waiting and len(running) < AHEAD * max(places, 1):
                given = waiting.popleft()
                some = [arrivals[number] for number in given]
                running[self.executor.submit(batch, edition(), some, work, refused)] = given
            for future in wait(running, SECONDS, FIRST_COMPLETED).done:
                numbers = running.pop(future)
                done = _outcome(future, refused, alone=len(numbers) == 1)
                if done is None:
                    waiting.extendleft(range(number, number + 1) for number in numbers)
                else:
                    results.update(zip(numbers, done, strict=True))
                    progress(len(numbers))
            if places:
                alive = time.monotonic()
            elif time.monotonic() - alive > PATIENCE:
                raise ClusterTrouble("nobody")
        return [results[number] for number in range(len(arrivals))]


def _batches(total: int, places: int) -> Iterator[range]:
    """Large ones cost less; several for each place keep all busy until the end."""
    size = max(FEW, min(BATCH, -(-total // (AHEAD * max(places, 1)))))
    return (range(start, min(start + size, total)) for start in range(0, total, size))


def _outcome(future: Future[list[Result]], refused: Callable[[str], Result], alone: bool) -> list[Result] | None:
    """What came back; None when the machines that had the batch were lost, which a file of it may have caused."""
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return [refused(reason("died"))] if alone else None
    except CancelledError:
        raise ClusterTrouble("lost") from None
    except (OtherEdition, ImportError):
        raise ClusterTrouble("edition", "yang baru bergabung") from None
