"""What was read once is read back the same, and a damaged cache is as good as none."""

from __future__ import annotations

import stat
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from kemitraan_xl.intake.cache import Cache, cache_folder
from kemitraan_xl.intake.model import Extract, Fault, FileReading

SHA, OTHER = "ab" + "0" * 62, "cd" + "1" * 62
VALUES = [
    None, "", "teks", "=1+1", 'kutip " \\ \n\t\u2028 é 😀', "\ud800", 0, 1, -(2**60), 1.0, 0.1, -0.0, 1e300, True,
    False, date(2025, 1, 31), datetime(2025, 1, 31, 23, 59, 58, 7), datetime(2025, 1, 1),
]  # fmt: skip


def reading() -> FileReading:
    extract = Extract("rencana_kerja", "Rencana Kerja", {"biaya": VALUES, "d": []}, [12, 14], {"biaya": "H", "d": "I"})
    return FileReading(
        identity={"jenis": "usulan", "edisi": "1"},
        tables={"rencana_kerja": extract, "kosong": Extract("kosong", "KAK", {}, [], {})},
        faults=[Fault("ST-08", "KAK", "B4", "Uraian", "#REF!", "rincian"), Fault("ST-01", "Sampul")],
        modified="2025-01-05T10:00:00Z",
    )


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "singgahan", "d1")


def again(cache: Cache) -> Cache:
    """The same cache as the next run finds it."""
    return Cache(cache.place.parent, "d1")


def test_every_value_comes_back_as_it_was(cache: Cache) -> None:
    cache.put(SHA, reading())
    found = cache.get(SHA)
    assert found == reading()
    back = found.tables["rencana_kerja"].columns["biaya"]
    assert [(type(value), repr(value)) for value in back] == [(type(value), repr(value)) for value in VALUES]


def test_a_refusal_comes_back(cache: Cache) -> None:
    cache.put(SHA, FileReading(refusal="Berkas kosong."))
    assert cache.get(SHA) == FileReading(refusal="Berkas kosong.")


def test_it_holds_only_what_was_put(cache: Cache) -> None:
    assert cache.get(SHA) is None
    cache.put(SHA, reading())
    cache.put(OTHER, FileReading(modified="2025"))
    for kept in (cache, again(cache)):
        assert kept.get("ac" + SHA[2:]) is None
        assert kept.get(OTHER) == FileReading(modified="2025")
        assert kept.get(SHA) == reading()


def test_nothing_is_kept_twice(cache: Cache) -> None:
    cache.put(SHA, reading())
    size = cache.place.stat().st_size
    again(cache).put(SHA, reading())
    assert cache.place.stat().st_size == size


def test_two_runs_at_once_do_not_disturb_each_other(cache: Cache) -> None:
    second = again(cache)
    cache.put(SHA, reading())
    second.put(OTHER, FileReading(modified="2025"))
    assert (cache.get(SHA), second.get(OTHER)) == (reading(), FileReading(modified="2025"))
    assert again(cache).get(OTHER) == FileReading(modified="2025")
    assert again(cache).get(SHA) == reading()


def test_other_rules_know_nothing_of_it_and_clear_it_away(cache: Cache) -> None:
    cache.put(SHA, reading())
    strange = cache.place.with_name("milik orang lain.txt")
    strange.write_text("tetap")
    assert Cache(cache.place.parent, "d2").get(SHA) is None
    assert not cache.place.exists()
    assert strange.exists()


def test_any_damage_makes_an_entry_as_good_as_none(cache: Cache) -> None:
    cache.put(SHA, reading())
    cache.put(OTHER, FileReading())
    whole = cache.place.read_bytes()
    for position in range(1, whole.index(OTHER.encode()) - 1, 7):
        cache.place.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert again(cache).get(SHA) is None, position
        cache.place.write_bytes(whole[:position])
        broken = again(cache)
        assert broken.get(SHA) is None, position
        broken.put(SHA, reading())
        assert again(cache).get(SHA) == reading(), position


def test_an_entry_of_an_older_shape_is_as_good_as_none(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kemitraan_xl.intake.cache._EXTRACT", ["table", "sheet"])
    cache.put(SHA, reading())
    assert cache.get(SHA) is None


def test_it_may_vanish_at_any_time(cache: Cache) -> None:
    cache.put(SHA, reading())
    cache.place.unlink()
    assert cache.get(SHA) is None
    cache.put(SHA, reading())
    assert cache.get(SHA) == reading()


def test_it_begins_anew_when_it_has_grown_too_large(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put(SHA, reading())
    monkeypatch.setattr("kemitraan_xl.intake.cache._LARGEST", 100)
    assert again(cache).get(SHA) is None
    assert not cache.place.exists()


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    cache = Cache(tmp_path / "berkas", "d1")
    cache.put(SHA, reading())
    assert cache.get(SHA) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_may_look_into_it(cache: Cache) -> None:
    cache.put(SHA, reading())
    assert stat.S_IMODE(cache.place.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(cache.place.stat().st_mode) == 0o600


def test_the_place_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEMITRAAN_XL_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("KEMITRAAN_XL_CACHE")
    assert cache_folder().name == "kemitraan-xl"
