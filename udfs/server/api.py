"""What the task pane asks the server beside macros: a task, room for uploads, how far it is, what came of it."""

from __future__ import annotations

import contextlib
import time
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from udfs.server import icons
from udfs.server.gate import current
from udfs.server.tasks import MAX_UPLOAD, Task, TooMuch

router: Final = APIRouter(prefix="/kemitraan")

_ICON_AGE: Final = 24 * 3600
_SESSION: Final = 100


@router.get("/masuk", status_code=204)
async def enter() -> None:
    """Whether the access code is right: whoever gets here has it."""


@router.post("/tugas")
async def create(sesi: Annotated[str, Body(embed=True, max_length=_SESSION)]) -> dict[str, str]:
    """A new task for a task pane, known by the name it gave itself."""
    return {"tugas": current.get().tasks.create(sesi).id}


@router.get("/tugas/{name}")
async def look(name: str) -> dict[str, Any]:
    """How far the macro of a task is, and what came of it."""
    tasks = current.get().tasks
    return _told(tasks.get(name), tasks.clock())


def _told(task: Task, now: float) -> dict[str, Any]:
    return {
        "keadaan": task.state,
        "makro": task.macro,
        "kemajuan": task.progress,
        "detik": round(now - task.began) if task.state == "berjalan" else 0,
        "kalimat": task.sentence,
        "berkas": len(task.files),
        "hasil": task.made,
        "unduhan": f"/kemitraan/unduh/{task.ticket}" if task.ticket else "",
    }


@router.delete("/tugas/{name}", status_code=204)
async def drop(name: str) -> None:
    """Forget a task and delete its files at once."""
    await run_in_threadpool(current.get().tasks.drop, name)


@router.put("/tugas/{name}/berkas/{path:path}")
async def upload(name: str, path: str, request: Request) -> dict[str, int]:
    """One file of the folder that is handed in, under its path in that folder; whole or not at all."""
    tasks = current.get().tasks
    task = tasks.get(name)
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isdecimal() else MAX_UPLOAD
    target = tasks.place(task, path, size)
    beside = target.with_name(f"{target.name}.unggah")
    try:
        written = 0
        with beside.open("wb") as stream:
            async for chunk in request.stream():
                written += len(chunk)
                if written > size:
                    raise TooMuch("Salah satu berkas berubah saat diunggah. Pilih folder itu sekali lagi.")
                stream.write(chunk)
        beside.replace(target)
    except BaseException:
        task.files.pop(target.relative_to(task.inbox).as_posix(), None)
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    return {"berkas": len(task.files)}


@router.get("/unduh/{ticket}")
async def download(ticket: str) -> FileResponse:
    """What a macro made, in one archive."""
    task = current.get().tasks.by_ticket(ticket)
    name = f"kemitraan-{task.macro}-{time.strftime('%Y-%m-%d')}.zip"
    return FileResponse(task.archive, media_type="application/zip", filename=name)


@router.get("/ikon/{name}-{size}.png")
async def icon(name: str, size: int) -> Response:
    """The picture of a macro for the ribbon."""
    data = icons.png(name, size)
    if data is None:
        return Response(status_code=404)
    return Response(data, media_type="image/png", headers={"Cache-Control": f"max-age={_ICON_AGE}"})
