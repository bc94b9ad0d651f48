"""What a file is, by its content and never by its name, and in words for a person why it is not read if so.

A container (mail, archive) is refused here with its kind, by which whoever opens containers knows it. Standard
library only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from kemitraan_xl.intake.formats.ole import MAGIC, open_ole
from kemitraan_xl.intake.gate.container import Container
from kemitraan_xl.intake.gate.package import CONTENT_TYPES, WORKBOOK
from kemitraan_xl.intake.gate.zipdir import MAX_FILE, MIB
from kemitraan_xl.intake.refusal import Refused

ZIP, XLSX, TEXT = "zip", "xlsx", "csv"

#: Kind, then refusal and its detail where it is not read, by the first bytes of a file.
_MAGIC: tuple[tuple[bytes, str, str, str], ...] = (
    (b"%PDF", "pdf", "foreign", "PDF"),
    (b"{\\rtf", "rtf", "foreign", "dokumen RTF"),
    (b"\x89PNG", "image", "foreign", "gambar"),
    (b"\xff\xd8\xff", "image", "foreign", "gambar"),
    (b"GIF8", "image", "foreign", "gambar"),
    (b"Rar!", "archive", "container", "arsip RAR"),
    (b"7z\xbc\xaf", "archive", "container", "arsip 7z"),
    (b"\x1f\x8b", "archive", "container", "arsip gzip"),
    (b"BZh", "archive", "container", "arsip bzip2"),
    (b"\xfd7zXZ", "archive", "container", "arsip xz"),
    (b"PK\x05\x06", "archive", "container", "arsip"),
    (b"\x09\x08\x10\x00", "xls", "", ""),
)
#: The same for OLE files, by a stream inside.
_STREAMS: tuple[tuple[str, str, str, str], ...] = (
    ("EncryptedPackage", "encrypted", "encrypted", ""),
    ("__properties_version1.0", "mail", "container", "surel"),
    ("WordDocument", "word", "foreign", "dokumen Word"),
    ("PowerPoint Document", "slides", "foreign", "presentasi"),
    ("Workbook", "xls", "", ""),
    ("Book", "xls", "", ""),
)
#: The same for zips, by a member; an OpenDocument file says itself what it is.
_MEMBERS: tuple[tuple[str, str, str, str], ...] = (
    ("xl/workbook.bin", "xlsb", "", ""),
    ("word/document.xml", "word", "foreign", "dokumen Word"),
    ("ppt/presentation.xml", "slides", "foreign", "presentasi"),
    ("Index/Document.iwa", "iwork", "foreign", "dokumen Apple Numbers, Pages, atau Keynote"),
    (CONTENT_TYPES, "damaged", "damaged", ""),
)
_MIME = b"application/vnd.oasis.opendocument"
_SHEETS = _MIME + b".spreadsheet"
_HEADERS = rb"(?:[\w-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*"
#: The same for text, by how it begins.
_TEXTS: tuple[tuple[bytes, str, str, str], ...] = (
    (rb"(?s)\s*<\?xml.*urn:schemas-microsoft-com:office:spreadsheet", "xml", "format", "XML Spreadsheet"),
    (rb"(?s)\s*<\?xml.*<office:document\s.*" + re.escape(_SHEETS), "fods", "", ""),
    (rb"(?i)\s*<(?:!doctype html|html|head|table|meta)", "html", "foreign", "halaman web"),
    (rb"\s*<\?xml", "xml", "foreign", "XML"),
    (rb"(?i)" + _HEADERS + rb"(?:x-document-type|snapshot-content-location):", "html", "foreign", "halaman web"),
    (rb"(?i)" + _HEADERS + rb"(?:mime-version|from|received):", "mail", "container", "surel"),
)
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")


class Other(Refused):
    """Refused for being something else."""

    def __init__(self, kind: str, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.kind = kind


def sniffed(data: bytes) -> str:
    """ZIP for what begins like one, or the kind of a file that can be read. Raises Other and Refused."""
    if not data:
        raise Other("empty", "empty", "")
    if len(data) > MAX_FILE:
        raise Other("large", "large", f"{MAX_FILE // MIB} MiB")
    return ZIP if data.startswith(b"PK\3\4") else _read(*_named(data))


def zipped(container: Container) -> str:
    """The same for a zip: XLSX, or the kind of another workbook. Raises Other and Refused."""
    if WORKBOOK in container:
        return XLSX
    kept = container.read("mimetype")
    if kept.startswith(_SHEETS):
        return "ods"
    if kept.startswith(_MIME):
        raise Other("opendocument", "foreign", "dokumen OpenDocument")
    named = (other for member, *other in _MEMBERS if member in container)
    return _read(*next(named, ("archive", "container", "arsip")))


def _read(kind: str, code: str, detail: str) -> str:
    if code:
        raise Other(kind, code, detail)
    return kind


def _named(data: bytes) -> Sequence[str]:
    """What a file that is no zip is: kind, refusal, detail."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    is_text = head.startswith((b"\xff\xfe", b"\xfe\xff")) or not _BINARY.search(head)
    streams = open_ole(data).streams if data.startswith(MAGIC) else {}
    named = chain(
        (other for stream, *other in _STREAMS if stream in streams),
        (other for magic, *other in _MAGIC if data.startswith(magic)),
        (other for pattern, *other in _TEXTS if re.match(pattern, head)),
        [(TEXT, "", "")] if is_text else [],
        [("damaged", "damaged", "")] if not head.strip(b"\0") else [],
        [("unknown", "foreign", "tidak dikenal")],
    )
    return next(named)
