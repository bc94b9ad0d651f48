"""The house itself: the lock is whole and names no host, the licences are listed and none is GPL."""

from __future__ import annotations

import json
import re
from importlib.metadata import distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def needed(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Every distribution that `name` needs to run on this machine."""
    found: set[str] = set()
    todo = [(name, extras)]
    while todo:
        current, wanted = todo.pop()
        for line in requires(current) or []:
            requirement = Requirement(line)
            environments = [{"extra": extra} for extra in wanted or {""}]
            if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
                wanted_name = canonicalize_name(requirement.name)
                if wanted_name not in found:
                    found.add(wanted_name)
                    todo.append((wanted_name, frozenset(requirement.extras)))
    return found


def test_every_locked_package_has_a_hash_and_no_host_is_named() -> None:
    pinned = [line for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line)]
    assert len(pinned) > 30
    assert all(re.match(r"[a-z0-9._-]+==\S+ .*\\$", line) for line in pinned)
    assert len(re.findall(r"^[a-z0-9].*\\\n    --hash=sha256:", LOCK, re.MULTILINE)) == len(pinned)
    assert "://" not in LOCK
    validator = json.loads((ROOT / "tests/sdk/package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in entry and "resolved" not in entry for path, entry in validator.items() if path)


def test_every_dependency_is_listed_with_its_licence_and_none_is_gpl() -> None:
    page = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w.-]*\w) \| (\d\S*) \| (.+) \|$", page, re.MULTILINE)
    listed = {str(canonicalize_name(name)): (version, licence) for name, version, licence in rows}
    assert needed("kemitraan-xl") == listed.keys()
    for name, (version, licence) in listed.items():
        assert f"\n{name}=={version} " in LOCK
        metadata = distribution(name).metadata.json
        stated = [licence, metadata.get("license_expression", ""), metadata.get("license", "")]
        stated += [line for line in metadata.get("classifier", []) if line.startswith("License")]
        assert not re.search(r"\bL?GPL|General Public", " ".join(map(str, stated))), name
