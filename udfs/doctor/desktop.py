"""What keeps Excel for Windows from running the add-in with the Python on this computer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from kemitraan_xl.impossible import Impossible
from kemitraan_xl.shipped import xlwings_of
from udfs.doctor.model import Check, Look, good, ill
from udfs.doctor.surroundings import Environment
from udfs.install import ADDIN, INTERPRETER, PREFERENCES, malformed, settings_of, wanted_settings

#: Excel 2016, 2019, 2021, 2024 and Microsoft 365 share this version.
_OFFICE: Final = r"HKCU\Software\Microsoft\Office\16.0\Excel"
_POLICY: Final = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel"
_OLDEST_EXCEL: Final = 16
_OLDEST_PYTHON: Final = [3, 11]

#: Rules of Windows' defence against attacks through Office, and what they stop here.
_RULES: Final = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "proses-anak-diblokir",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "panggilan-windows-diblokir",
}
_RULE_KEYS: Final = (
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
_BLOCKED: Final = "1"

_PROBE: Final = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
def of(name):
    try: return version(name)
    except PackageNotFoundError: return None
print(json.dumps({"python": sys.version_info[:3], **{name: of(name) for name in ("xlwings", "kemitraan-xl")}}))
"""

_MARKED: Final = re.compile(r"^ZoneId=[34]\s*$", re.MULTILINE)
_BITS: Final = {"x64": ("64",), "x86": ("32",)}


def has_excel(environment: Environment) -> bool:
    """Whether there is an Excel for Windows on this computer."""
    return environment.windows and bool(_version(environment) or _office(environment))


def _version(environment: Environment) -> int:
    """The version of the registered Excel, 0 when it does not say."""
    number = str(environment.registry(r"HKCR\Excel.Application\CurVer").get("", "")).rpartition(".")[2]
    return int(number) if number.isdecimal() else 0


def _excel(environment: Environment) -> Iterator[Check]:
    version, office = _version(environment), _office(environment)
    if 0 < version < _OLDEST_EXCEL:
        yield ill("excel-lama", f"Excel versi {version}.0")
    else:
        yield good("Excel", f"versi {office.get('VersionToReport', version)} {office.get('Platform', '')}".rstrip())


def _office(environment: Environment) -> dict[str, Any]:
    return dict(environment.registry(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"))


def _addin(environment: Environment) -> Iterator[Check]:
    addin = environment.folders.addin
    try:
        ours = environment.shipped().read_bytes()
    except Impossible as reason:
        yield ill("berkas-program-hilang", str(reason))
        return
    if addin.is_file() and addin.read_bytes() == ours:
        yield good("Add-in", str(addin))
        return
    what = "berbeda dari yang dibawa program ini" if addin.is_file() else "tidak ada"
    yield ill("pengaya-lain-versi" if addin.is_file() else "pengaya-belum-terpasang", f"{addin} {what}")
    if "EXCEL.EXE" in environment.processes():
        yield ill("excel-berjalan", "Excel sedang berjalan, sehingga add-in belum dapat dipasang")


def _doubles(environment: Environment) -> Iterator[Check]:
    """Other copies that Excel opens too: in folders it starts from, or chosen in its list of add-ins."""
    own = environment.folders.addin
    chosen = [
        path
        for name, value in environment.registry(rf"{_OFFICE}\Options").items()
        if re.fullmatch(r"OPEN\d*", name, re.IGNORECASE)
        for path in [str(value).removeprefix("/R ").strip('" ')]
        if PureWindowsPath(path).name.casefold() == ADDIN.casefold() and PureWindowsPath(path) != PureWindowsPath(own)
    ]
    found = dict.fromkeys([*(str(path) for path in environment.other_addins if path.is_file()), *chosen])
    if found:
        yield ill("pengaya-ganda", "; ".join(found))
    else:
        yield good("Add-in ganda", "tidak ada Kemitraan.xlam lain")


def _disabled(environment: Environment) -> Iterator[Check]:
    items = environment.registry(rf"{_OFFICE}\Resiliency\DisabledItems").values()
    names = [ADDIN.lower().encode(code) for code in ("utf-16-le", "utf-16-be")]
    if any(isinstance(item, bytes) and name in item.lower() for item in items for name in names):
        yield ill("pengaya-dinonaktifkan", f"{ADDIN} dinonaktifkan Excel")
    else:
        yield good("Add-in dinonaktifkan", "tidak")


def _settings(environment: Environment) -> Iterator[Check]:
    conf = environment.folders.conf
    try:
        settings, broken = settings_of(conf), malformed(conf)
    except Impossible as reason:
        yield ill("setelan-rusak", str(reason))
        return
    if broken:
        yield ill("setelan-rusak", f"{conf}: {broken[0]}")
    due = wanted_settings(Path(settings.get(INTERPRETER, ""))).items()
    wrong = [key for key, value in due if key not in PREFERENCES and (settings.get(key) or "") != value]
    if wrong or not settings.get(INTERPRETER):
        yield ill("setelan-kurang", f"{conf}: {', '.join(wrong or [INTERPRETER])}")
    elif not broken:
        yield good("Setelan", str(conf))


def _interpreter(environment: Environment) -> Path | None:
    """The Python that Excel would start, None when the settings do not say."""
    try:
        named = settings_of(environment.folders.conf).get(INTERPRETER)
    except Impossible:
        return None
    return Path(_expanded(named, environment)) if named else None


def _expanded(text: str, environment: Environment) -> str:
    """The text with %NAME% filled in, as xlwings does."""
    names = {name.upper(): value for name, value in environment.variables.items()}
    return re.sub(r"%([^%]+)%", lambda found: names.get(found[1].upper(), found[0]), text)


def _python(environment: Environment) -> Iterator[Check]:
    """The Python that Excel would start, and whether its xlwings is that of the add-in's VBA."""
    python = _interpreter(environment)
    if python is None:
        yield ill("python-hilang", f"{INTERPRETER} belum diisi")
        return
    answer = environment.ask(python, _PROBE)
    if answer is None:
        yield ill("python-hilang", f"{python} tidak ada atau tidak mau berjalan")
        return
    found = json.loads(answer)
    number = ".".join(map(str, found["python"]))
    if found["python"][:2] < _OLDEST_PYTHON:
        yield ill("python-lama", f"{python}: Python {number}")
    lacking = [name for name in ("kemitraan-xl", "xlwings") if found[name] is None]
    if lacking:
        yield ill("paket-tidak-ada", f"{python}: {', '.join(lacking)} tidak ada")
        return
    here = environment.version("kemitraan-xl")
    if found["kemitraan-xl"] != here:
        yield ill("program-lain-versi", f"{python}: kemitraan-xl {found['kemitraan-xl']}; di sini {here}")
    elif found["python"][:2] >= _OLDEST_PYTHON:
        yield good("Python untuk Excel", f"{python}: Python {number}, kemitraan-xl {here}")
    vba = _vba(environment)
    if vba and vba != found["xlwings"]:
        yield ill("versi-xlwings-beda", f"VBA {vba}, Python {found['xlwings']}")
    else:
        yield good("Versi xlwings", found["xlwings"])


def _vba(environment: Environment) -> str:
    """The version of xlwings in the VBA of the add-in that Excel opens, else of the one that would be installed."""
    addin = environment.folders.addin
    try:
        return xlwings_of(addin if addin.is_file() else environment.shipped())
    except (Impossible, OSError, BadZipFile, ParseError):
        return ""


def _dll(environment: Environment) -> Iterator[Check]:
    """The library by which VBA reaches Python stands beside python.exe, or above it in a virtual environment."""
    python, vba = _interpreter(environment), _vba(environment)
    if python is None or not vba:
        yield ill("dll-hilang", "tidak dapat dicari: Python atau versi add-in belum diketahui")
        return
    folders = (python.parent, python.parent.parent)
    bits = _BITS.get(str(_office(environment).get("Platform")), ("64", "32"))
    names = [f"xlwings{bit}-{vba}.dll" for bit in bits]
    lacking = [name for name in names if not any((folder / name).is_file() for folder in folders)]
    if not lacking:
        yield good("DLL xlwings", ", ".join(names))
        return
    present = {path.name for folder in folders for path in folder.glob("xlwings??-*.dll")}
    others = sorted(name for name in present if not name.endswith(f"-{vba}.dll"))
    if others:
        yield ill("dll-lain-versi", f"perlu {', '.join(lacking)}; ada {', '.join(others)}")
    else:
        yield ill("dll-hilang", f"{', '.join(lacking)} tidak ada di {folders[0]} dan {folders[1]}")


def _defender(environment: Environment) -> Iterator[Check]:
    states = {name.lower(): str(value) for key in _RULE_KEYS for name, value in environment.registry(key).items()}
    blocking = [rule for rule in _RULES if states.get(rule) == _BLOCKED]
    for rule in blocking:
        yield ill(_RULES[rule], f"aturan {rule} memblokir")
    if not blocking:
        yield good("Pertahanan Windows", "tidak ada aturan yang memblokir Python dari Excel")


def _onedrive(environment: Environment) -> Iterator[Check]:
    places = [place for place in (_interpreter(environment), environment.folders.conf) if place]
    there = [str(place) for place in places if in_onedrive(str(place), environment)]
    if there:
        yield ill("python-di-onedrive", "; ".join(there))
    else:
        yield good("OneDrive", "Python dan setelan tidak di OneDrive")


def in_onedrive(place: str, environment: Environment) -> bool:
    """Whether a file is kept by OneDrive or SharePoint: an address on the web, or in the folder kept in step."""
    roots = [value for name, value in environment.variables.items() if name.upper().startswith("ONEDRIVE") and value]
    return "://" in place or any(PureWindowsPath(place).is_relative_to(PureWindowsPath(root)) for root in roots)


def _trust(environment: Environment) -> Iterator[Check]:
    switches = (
        ("Security", "RequireAddinSig", "pengaya-harus-bertanda-tangan"),
        ("Security", "DisableAllAddins", "pengaya-dimatikan"),
        (r"Security\Trusted Locations", "AllLocationsDisabled", "lokasi-tepercaya-dimatikan"),
    )
    on = [(name, failure) for key, name, failure in switches if _setting(environment, key, name) == 1]
    for name, failure in on:
        yield ill(failure, f"{name} = 1")
    strict = _setting(environment, "Security", "VBAWarnings") in (3, 4)
    outside = [book for book in environment.books if book.lower().endswith(".xlsm") and not _trusted(environment, book)]
    if strict and outside:
        yield ill("makro-dimatikan", f"{outside[0]} bukan di lokasi tepercaya")
    elif not on:
        note = "; makro .xlsm hanya berjalan di lokasi tepercaya" if strict else ""
        yield good("Pusat Kepercayaan", f"setelan makro tidak menghalangi add-in{note}")


def _setting(environment: Environment, key: str, name: str) -> object:
    """A setting of Excel's Trust Center: what the administration decided, else what the user chose."""
    for root in (_POLICY, _OFFICE):
        for found, value in environment.registry(rf"{root}\{key}").items():
            if found.casefold() == name.casefold():
                return value
    return None


def _trusted(environment: Environment, book: str) -> bool:
    """Whether a workbook stands in one of the folders that Excel trusts."""
    folder = PureWindowsPath(book).parent
    for root in (_POLICY, _OFFICE):
        for number in range(100):
            location = environment.registry(rf"{root}\Security\Trusted Locations\Location{number}")
            path = PureWindowsPath(_expanded(str(location.get("Path", "")), environment))
            if location and (folder == path or (location.get("AllowSubFolders") == 1 and folder.is_relative_to(path))):
                return True
    return False


def _mark(environment: Environment) -> Iterator[Check]:
    files = [environment.folders.addin, *(Path(book) for book in environment.books if "://" not in book)]
    marked = [str(path) for path in files if _MARKED.search(environment.zone(path))]
    if marked:
        yield ill("tanda-internet", "; ".join(marked))
    else:
        yield good("Tanda dari internet", "tidak ada pada add-in dan buku yang diperiksa")


#: By the subject that is shown where none of it applies.
LOOKS: Final[dict[str, Look]] = {
    "Excel": _excel,
    "Add-in": _addin,
    "Add-in ganda": _doubles,
    "Add-in dinonaktifkan": _disabled,
    "Setelan": _settings,
    "Python untuk Excel": _python,
    "DLL xlwings": _dll,
    "Pertahanan Windows": _defender,
    "OneDrive": _onedrive,
    "Pusat Kepercayaan": _trust,
    "Tanda dari internet": _mark,
}
