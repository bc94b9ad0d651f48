"""Reads the rule files of this folder into the frozen model; stamps results with the rules they follow."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from kemitraan_xl.pedoman.model import (
    Answers,
    Asked,
    Band,
    ChildSafety,
    Choice,
    Flag,
    Kesetaraan,
    KisiKisi,
    Kriteria,
    Pedoman,
    Pengalaman,
    Risiko,
    Setting,
    Settings,
    Syarat,
)
from validation.contract import lists, tables

#: The folders whose TOML files are the rules; every one of them counts for the digest.
RULE_FOLDERS = (("kemitraan_xl", "pedoman"), ("validation", "lists"), ("validation", "tables"))

#: The computed list of partners, which is no table that anyone types: what their assessment comes to.
RECAP = "rekap_mitra"


@cache
def load() -> Pedoman:
    """The guideline as shipped with this version."""
    edition, form, risk = _read("edisi"), _read("kriteria"), _read("risiko")
    return Pedoman(
        edition=edition["edition"],
        dated=edition["dated"].isoformat(),
        title=edition["title"],
        digest=_digest(),
        answers=(
            _answers("kelengkapan", form["answer"]),
            _answers("masih_berlaku", form["answer"]),
            _answers("relevansi", form["answer"]),
        ),
        without_term=_label("masih_berlaku", form["without_term"]),
        typed_heading=tables()["data_penilaian"].column("skor_penilai").heading,
        start_heading=tables()["data_penilaian"].column("mulai_anak").heading,
        kriteria=tuple(_kriteria(row, form["sumber"]) for row in form["kriteria"]),
        pengalaman=tuple(_pengalaman(row) for row in form["pengalaman"]),
        rekomendasi=_bands("rekomendasi", form["rekomendasi"], form["sumber"]),
        kesetaraan=tuple(_kesetaraan(row) for row in form["kesetaraan"]),
        flags=tuple(Flag(**row) for row in form["flag"]),
        risiko=_risiko(risk),
        settings=tuple(_setting(row) for row in _read("pengaturan")["setting"]),
        syarat=tuple(_syarat(row) for row in _read("syarat")["syarat"]),
    )


def rule_version(pedoman: Pedoman, settings: Settings) -> str:
    """What a result carries so that it can be computed again: edition, 8 digits over the rules, settings chosen.

    "1.0-3f2a9c01" under the defaults; "1.0-3f2a9c01+A-1=proporsional" where a setting that computes differs.
    """
    chosen = (f"+{s.code}={settings[s.code]}" for s in pedoman.settings if s.used and settings[s.code] != s.value)
    return f"{pedoman.edition}-{pedoman.digest[:8]}{''.join(chosen)}"


def settings_in(version: str, pedoman: Pedoman) -> Settings | None:
    """The settings a rule version names; None where it is of other rules, so that nothing can be computed by it."""
    base, *chosen = version.strip().split("+")
    if base != rule_version(pedoman, pedoman.choose()):
        return None
    typed = dict(part.split("=", 1) for part in chosen if "=" in part)
    settings = pedoman.choose_typed(typed)
    return settings if rule_version(pedoman, settings) == version.strip() else None


def _digest() -> str:
    """SHA-256 over every rule file, by name; the line ends of a checkout make no difference."""
    digest = hashlib.sha256()
    for package, folder in RULE_FOLDERS:
        for path in sorted(files(package).joinpath(folder).iterdir(), key=lambda path: path.name):
            if path.name.endswith(".toml"):
                text = path.read_bytes().replace(b"\r\n", b"\n")
                digest.update(f"{package}/{folder}/{path.name}\n{len(text)}\n".encode() + text)
    return digest.hexdigest()


def _read(name: str) -> dict[str, Any]:
    path = files("kemitraan_xl").joinpath("pedoman", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _label(list_name: str, code: str) -> str:
    return lists()[list_name][code].label


def _answers(column: str, kinds: dict[str, dict[str, list[str]]]) -> Answers:
    codes = kinds[column]
    return Answers(
        column=column,
        heading=lists()[column].title,
        positive=tuple(_label(column, code) for code in codes["positive"]),
        negative=tuple(_label(column, code) for code in codes["negative"]),
        waived=tuple(_label(column, code) for code in codes.get("waived", [])),
    )


def _kriteria(row: dict[str, Any], sumber: str) -> Kriteria:
    return Kriteria(
        code=row["code"],
        label=_label("kriteria_lembaga", row["code"]),
        sumber=row.get("sumber", sumber),
        maximum=row["maximum"],
        rows=tuple(
            KisiKisi(
                code=kisi["code"],
                label=_label("kisi_kisi", kisi["code"]),
                sumber=kisi["sumber"],
                has_term=kisi["has_term"],
                usual_term=_label("masih_berlaku", kisi["usual_term"]) if "usual_term" in kisi else "",
            )
            for kisi in row.get("row", [])
        ),
    )


def _pengalaman(row: dict[str, Any]) -> Pengalaman:
    return Pengalaman(
        code=row["code"],
        label=_label("pengalaman", row["code"]),
        sumber=row["sumber"],
        months=row["months"],
        points=tuple((reading, Fraction(points)) for reading, points in row["points"].items()),
    )


def _bands(list_name: str, rows: Sequence[dict[str, Any]], sumber: str) -> tuple[Band, ...]:
    ranked = sorted(rows, key=lambda row: int(row["lower"]))
    return tuple(
        Band(
            code=row["code"],
            label=_label(list_name, row["code"]),
            sumber=row.get("sumber", sumber),
            lower=row["lower"],
            upper=row["upper"],
            order=order,
        )
        for order, row in enumerate(ranked, start=1)
    )


def _kesetaraan(row: dict[str, Any]) -> Kesetaraan:
    return Kesetaraan(
        kelas=row["kelas"],
        kelas_label=_label("kelas", row["kelas"]),
        kisi=row["kisi"],
        kisi_label=_label("kisi_kisi", row["kisi"]),
        document=row["document"],
        waivable=row["waivable"],
        sumber=row["sumber"],
    )


def _risiko(data: dict[str, Any]) -> Risiko:
    bands = _bands("tingkat_risiko", data["band"], data["sumber"])
    rule = data["child_safety"]
    return Risiko(
        cells=tuple(tuple(row) for row in data["cells"]),
        bands=bands,
        product_bands=_bands("tingkat_risiko", data["product_band"], data["sumber"]),
        child_safety=ChildSafety(
            jenis=_label("jenis_risiko", rule["jenis"]),
            impact=rule["impact"],
            floor=next(band for band in bands if band.code == rule["floor"]),
            sumber=rule["sumber"],
        ),
        sumber=data["sumber"],
    )


def _setting(row: dict[str, Any]) -> Setting:
    choices = tuple(Choice(**choice) for choice in row.get("choices", []))
    return Setting(**{"ambiguity": row["code"], **row, "choices": choices})


# ---- conditions of the stages ---- #


def _syarat(row: dict[str, Any]) -> Syarat:
    table = row["table"]
    return Syarat(
        code=row["code"],
        stage=row["stage"],
        table=table,
        label=row["label"],
        sentence=row["sentence"],
        sumber=row["sumber"],
        ways=() if row.get("findings") else tuple(_ways(row, table)),
        date=row.get("date", ""),
        findings=row.get("findings", False),
        none=row.get("none", False),
        only=tuple(row.get("only", ())),
        always=tuple(row.get("always", {}).items()),
        never=tuple(row.get("never", {}).items()),
        external=row.get("external", False),
    )


def _ways(row: dict[str, Any], table: str) -> Iterator[tuple[Asked, ...]]:
    """Every way in which a row counts: one per combination of the values asked for, one per tick, one for `or`."""
    common = [Asked(name, "<>") for name in _names(table, row.get("filled", ()))]
    common += [Asked(name, "") for name in row.get("blank", ())]
    others = [(name, value) for name, code in row.get("not", {}).items() for value in _values(table, name, code)]
    common += [Asked(name, f"<>{value}") for name, value in others]
    for ticked in [[Asked(name, _label("ya_tidak", "ya"))] for name in _names(table, row.get("any", ()))] or [[]]:
        for wanted in _wanted(table, row.get("where", {})):
            yield (*common, *ticked, *wanted)
    if "or" in row:
        yield from _wanted(table, row["or"])


def _wanted(table: str, where: dict[str, Any]) -> Iterator[tuple[Asked, ...]]:
    choices = [[Asked(name, value) for value in _values(table, name, codes)] for name, codes in where.items()]
    return product(*choices)


def _names(table: str, names: Iterable[str]) -> list[str]:
    """Columns by name; "unsur_*" stands for all that begin so."""
    found = []
    for name in names:
        stem = name.removesuffix("*")
        here = (column.name for column in tables()[table].columns)
        found += [name] if stem == name else [one for one in here if one.startswith(stem)]
    return found


def _values(table: str, column: str, codes: Any) -> list[str | int]:
    """What a cell holds: the label of each code, a tick, or the number itself."""
    if codes is True:
        return [_label("ya_tidak", "ya")]
    if isinstance(codes, int):
        return [codes]
    asked = [codes] if isinstance(codes, str) else codes
    if table == RECAP:
        return [lists()["rekomendasi"][code].note for code in asked]
    return [_label(tables()[table].column(column).list, code) for code in asked]
