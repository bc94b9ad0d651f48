"""What every test run shares: fixed seeds, and which tests are left out where a program is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from support import chromium, dovecot, kluster, office, sdk

# The same examples on every machine: a change is judged by what it changed. `make test-full` uses more.
hypothesis.settings.register_profile("tetap", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("tetap")

NEEDS: Mapping[str, Callable[[], str]] = {
    "libreoffice": office.available,
    "sdk": sdk.available,
    "chromium": chromium.available,
    "imap": dovecot.available,
    "netns": kluster.available,
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `make workbook` builds: the empty master, the same with buttons, and the add-in."""
    from udfs.build.ship import ship

    folder = tmp_path_factory.mktemp("workbook")
    ship(folder)
    return folder


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a master and a folder of returns, to be copied."""
    from support.writers import furnish

    folder = tmp_path_factory.mktemp("meja")
    furnish(folder)
    return folder


@pytest.fixture
def desk(furnished: Path) -> Iterator[Path]:
    """A copy of that desk, in a folder of its own."""
    with TemporaryDirectory() as folder:
        yield shutil.copytree(furnished, Path(folder, "meja"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out tests whose program is missing; with CI=true they run, and so fail."""
    if os.environ.get("CI") == "true":
        return
    for marker, available in NEEDS.items():
        marked = [item for item in items if item.get_closest_marker(marker)]
        if marked and (missing := available()):
            for item in marked:
                item.add_marker(pytest.mark.skip(reason=f"{missing} tidak ada; lihat tests/prasyarat.sh"))
