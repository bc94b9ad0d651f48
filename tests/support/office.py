"""LibreOffice as the tests' real client: recalculates, draws, and types into a workbook as a person would.

Every call has a profile of its own, so calls may run side by side, and a time limit after which the whole
process group is killed. What LibreOffice saved is for reading only; it is never delivered.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

#: The only Python that has LibreOffice's `uno`: Debian's own.
SYSTEM_PYTHON = Path("/usr/bin/python3")

#: Seconds for one call. A master with 80,000 formulas takes eight alone on a quiet machine.
TIMEOUT = 180

_XLSX = "xlsx:Calc MS Excel 2007 XML"

# 0 = always recalculate: by default LibreOffice trusts the values stored in an .xlsx. The Indonesian locale
# makes "1.500.000,00" and "5 Januari 2025" mean what they mean to a partner who types them.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>id-ID</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


#: What is done to one workbook, action by action: `do`, `sheet` and what the action needs; see `uno_typist.py`.
Script = Sequence[Mapping[str, object]]


class OfficeError(Exception):
    """LibreOffice did not do what it was asked; the text is what it said."""


class CrashError(OfficeError):
    """A program was ended by a signal, whatever it was asked."""


@dataclass(frozen=True, slots=True)
class Job:
    """One workbook to work on: opened from `path`, `script` done, saved to `out` in the format of its name."""

    path: Path
    script: Script
    out: Path


def available() -> str:
    """What is missing to run LibreOffice here, or "" when nothing is."""
    missing = [name for name in ("soffice", "pdftoppm") if shutil.which(name) is None]
    if (
        not SYSTEM_PYTHON.exists()
        or subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode
    ):
        missing.append("python3-uno")
    return ", ".join(missing)


def recalculate(xlsx: Path, out_dir: Path) -> Path:
    """The workbook as LibreOffice computes it: every formula anew, saved as .xlsx in `out_dir`."""
    return _convert(xlsx, out_dir, _XLSX)


def to_pdf(path: Path, out_dir: Path) -> Path:
    """The workbook as it would be printed, every sheet one after the other."""
    return _convert(path, out_dir, "pdf")


def to_png(path: Path, out_dir: Path, dpi: int = 60) -> list[Path]:
    """The printed pages as pictures, in order."""
    pdf = to_pdf(path, out_dir)
    _run(["pdftoppm", "-r", str(dpi), "-png", pdf, out_dir / path.stem])
    return sorted(out_dir.glob(f"{path.stem}-*.png"))


def type_into(path: Path, script: Script, out_path: Path) -> None:
    """Opens `path`, does what `script` says, saves to `out_path`."""
    type_all([Job(path, script, out_path)])


def type_all(jobs: Sequence[Job]) -> None:
    """Several workbooks with one start of LibreOffice. The first action that fails ends all: OfficeError.

    Its bridge to Python crashes once in some thousand starts; then everything is done once more.
    """
    for job in jobs:
        job.out.unlink(missing_ok=True)
    typist = Path(__file__).with_name("uno_typist.py")
    asked = json.dumps([asdict(job) for job in jobs], default=lambda path: str(path.absolute()))
    for attempt in range(2):
        with _profile() as profile:
            try:
                _run([SYSTEM_PYTHON, typist, profile], typed=asked)
                break
            except CrashError:
                if attempt:
                    raise
    for job in jobs:
        if not job.out.exists():
            raise OfficeError(f"{job.out.name} was not written")


def _convert(path: Path, out_dir: Path, kind: str) -> Path:
    out_dir.mkdir(parents=True, exist_ok=True)
    made = out_dir / f"{path.stem}.{kind.partition(':')[0]}"
    if made.resolve() == path.resolve():
        raise OfficeError(f"{path.name} would overwrite itself")
    # soffice exits 0 even if it could not load the source, so only a file that was not there before is proof.
    made.unlink(missing_ok=True)
    with _profile() as profile:
        said = _run(
            [
                "soffice",
                f"-env:UserInstallation={profile.as_uri()}",
                *("--headless", "--norestore", "--convert-to", kind, "--outdir"),
                out_dir,
                path,
            ]
        )
    if not made.exists():
        raise OfficeError(f"{path.name} was not converted: {said.strip()}")
    return made


@contextmanager
def _profile() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="soffice-", ignore_cleanup_errors=True) as folder:
        user = Path(folder, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        yield Path(folder)


def _run(command: Sequence[str | Path], typed: str = "") -> str:
    """Runs a program in a process group of its own, which does not outlive the call."""
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(typed, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise OfficeError(f"{Path(command[0]).name} took longer than {TIMEOUT} seconds") from None
        finally:
            # soffice is a script with a child; killing the leader alone would leave the child.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode < 0:
        raise CrashError(f"{Path(command[0]).name} was ended by signal {-process.returncode}")
    if process.returncode:
        raise OfficeError(said.strip() or f"{Path(command[0]).name} ended with {process.returncode}")
    return said
