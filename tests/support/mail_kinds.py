"""Mails and archives as they come, odd and broken ones too, and what must be seen in each.

A row of KINDS is the name of a file, what makes it, and all that Arsip must list for it: by the name below the file's
own ("" for the file itself) one word, and for what is refused or skipped the code of the reason with its detail.

    wadah   opened: not a file, what lies in it is
    utuh    a file whose bytes are those of GOOD
    lain    a file with other bytes, of which its reader says what it is
    tolak   refused        lewat   skipped
"""

from __future__ import annotations

import zipfile
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kemitraan_xl.intake.boxes.mime import MAX_EFFORT, MAX_LEVELS
from kemitraan_xl.intake.boxes.unpack import MAX_DEPTH, MAX_TAKEN
from kemitraan_xl.intake.gate.zipdir import MAX_FILE, MAX_RATIO, MIB
from support import hostile
from support.mails import archive, forwarded, mail, mbox, multi, part, text
from support.outlook import Attachment, Letter, compound, msg

GOOD = hostile.workbook()  #: a workbook that many of them carry
OTHER = b"Bukan buku kerja."
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(40)


@dataclass(frozen=True, slots=True)
class Kind:
    """One file, and what must be seen in it."""

    make: Callable[[], bytes]
    rows: Mapping[str, str]


def _good(name: str = "usulan.xlsx", **how: str) -> bytes:
    return part(GOOD, name, **how)


def _mail(*parts: bytes, **rows: str) -> Kind:
    return Kind(lambda: mail(*parts), {"": "wadah", **rows})


def _inline(content: bytes, name: str = "image001.png") -> bytes:
    return part(content, name, kind="image/png", disposition="inline", more="Content-ID: <logo>")


def _cut(data: bytes, ends: bytes) -> bytes:
    """A mail that breaks off behind the first such text."""
    return data[: data.index(ends) + len(ends)]


def _deep(levels: int) -> bytes:
    inner = _good()
    for level in range(levels):
        inner = multi(inner, mark=f"batas{level}")
    return mail(whole=inner)


def _nested(levels: int) -> bytes:
    """A workbook in so many archives."""
    inner = archive({"usulan.xlsx": GOOD})
    for _ in range(levels - 1):
        inner = archive({"a.zip": inner})
    return inner


def _layers(levels: int) -> list[str]:
    """The archives within the outermost, by name."""
    return [" › ".join(["a.zip"] * count) for count in range(1, levels)]


def _swollen() -> bytes:
    """Archives that each keep to all limits, and together hold more than is taken out of one file."""
    inner = hostile.pressed({"isi": bytes(20 * MIB)})
    return archive({f"{number}.zip": inner for number in range(MAX_TAKEN // (20 * MIB) + 1)})


def _unlinked(data: bytes, stream: str) -> bytes:
    """An OLE file in which one stream is longer than its sectors are."""
    at = data.index(stream.encode("utf-16-le"))
    return data[: at + 120] + (1 << 22).to_bytes(8, "little") + data[at + 128 :]


_LETTER = Letter(attachments=[Attachment("usulan.xlsx", GOOD)])
_QUOTED = b2a_qp(GOOD, istext=False)
_CODED = encodebytes(GOOD).replace(b"\n", b"\r\n")
_LONG = _CODED.splitlines(keepends=True)
_TEAR = _LONG[1]  #: the second line of a workbook in a mail

KINDS: Mapping[str, Kind] = {
    # what a mail is
    "satu lampiran.eml": _mail(_good(), **{"usulan.xlsx": "utuh"}),
    "dua lampiran.eml": _mail(_good("a.xlsx"), _good("b.xlsx"), **{"a.xlsx": "utuh", "b.xlsx": "utuh"}),
    "tanpa lampiran.eml": _mail(),
    "dua bentuk teks.eml": Kind(
        lambda: mail(whole=multi(text(), text("<p>Halo</p>", "text/html"), kind="alternative")), {"": "wadah"}
    ),
    "lampiran saja.eml": Kind(lambda: mail(whole=_good()), {"": "wadah", "usulan.xlsx": "utuh"}),
    "akhir baris unix.eml": Kind(lambda: mail(_good()).replace(b"\r\n", b"\n"), {"": "wadah", "usulan.xlsx": "utuh"}),
    "tanda BOM.eml": Kind(lambda: b"\xef\xbb\xbf" + mail(_good()), {"": "wadah", "usulan.xlsx": "utuh"}),
    "baris kosong di atas.eml": Kind(lambda: b"\r\n\r\n" + mail(_good()), {"": "wadah", "usulan.xlsx": "utuh"}),
    "surel tanpa akhiran": _mail(_good(), **{"usulan.xlsx": "utuh"}),
    "surel bernama xlsx.xlsx": _mail(_good(), **{"usulan.xlsx": "utuh"}),
    "buku kerja bernama eml.eml": Kind(lambda: GOOD, {"": "utuh"}),
    "halaman web tersimpan.mht": Kind(
        lambda: (
            b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://kpai.example/\r\nMIME-Version: 1.0\r\n"
            + multi(text("<p>x</p>", "text/html"), kind="related")
        ),
        {"": "lain"},
    ),
    "catatan.txt": Kind(lambda: b"Nama: Pelita\nAlamat: Bandung\n\nCatatan rapat.\n", {"": "lain"}),
    # what belongs to a mail and is no file
    "logo tanda tangan.eml": Kind(
        lambda: mail(
            whole=multi(multi(text("<p>x</p>", "text/html"), _inline(LOGO), kind="related", mark="b2"), _good())
        ),
        {"": "wadah", "usulan.xlsx": "utuh"},
    ),
    "foto di antara teks.eml": _mail(part(LOGO, "foto.jpg", kind="image/jpeg", disposition="inline")),
    "teks yang dipotong Exchange.eml": _mail(
        _good(), part("<p>Salam</p>", "ATT00001.htm", kind="text/html"), **{"usulan.xlsx": "utuh"}
    ),
    "foto sebagai lampiran.eml": _mail(part(LOGO, "foto.png", kind="image/png"), **{"foto.png": "lain"}),
    "undangan dan kartu nama.eml": _mail(
        part("BEGIN:VCALENDAR", "undangan.ics", kind="text/calendar"), part("BEGIN:VCARD", "x.vcf", kind="text/vcard")
    ),
    "ditandatangani.eml": Kind(
        lambda: mail(
            whole=multi(
                multi(text(), _good(), mark="b2"),
                part(b"x", "smime.p7s", kind="application/pkcs7-signature"),
                kind="signed",
            )
        ),
        {"": "wadah", "usulan.xlsx": "utuh"},
    ),
    "laporan gagal kirim.eml": Kind(
        lambda: mail(
            whole=multi(
                text("Tidak terkirim."),
                part("Status: 5.1.1", kind="message/delivery-status", disposition="", coding=""),
                forwarded(mail(_good(), mark="dalam")),
                kind="report",
            )
        ),
        {"": "wadah", "surel terlampir": "wadah", "surel terlampir › usulan.xlsx": "utuh"},
    ),
    "gambar yang sebenarnya buku kerja.eml": _mail(_inline(GOOD), **{"image001.png": "utuh"}),
    "undangan yang sebenarnya buku kerja.eml": _mail(
        _good("undangan.ics", kind="text/calendar"), **{"undangan.ics": "utuh"}
    ),
    # how attachments are named
    "Gmail.eml": _mail(_good(more="Content-ID: <f_1>\r\nX-Attachment-Id: f_1"), **{"usulan.xlsx": "utuh"}),
    "Apple Mail.eml": _mail(_good(disposition="inline"), **{"usulan.xlsx": "utuh"}),
    "tanpa nama.eml": _mail(
        part(GOOD, kind="application/octet-stream", disposition=""),
        _good(""),
        **{"lampiran 1": "utuh", "lampiran 2": "utuh"},
    ),
    "nama pada jenisnya.eml": _mail(
        part(GOOD, kind='application/octet-stream; name="usulan.xlsx"', disposition=""), **{"usulan.xlsx": "utuh"}
    ),
    "nama berkode.eml": _mail(_good("=?utf-8?B?dXN1bGFuIOKAkyAyMDI2Lnhsc3g=?="), **{"usulan – 2026.xlsx": "utuh"}),
    "nama terpotong-potong.eml": _mail(
        part(
            GOOD,
            disposition="attachment; filename*0*=utf-8''usulan%20%E2%80%93;\r\n filename*1*=%202026; filename*2=.xlsx",
        ),
        **{"usulan – 2026.xlsx": "utuh"},
    ),
    "nama UTF-8 apa adanya.eml": _mail(_good("usulan – 2026.xlsx"), **{"usulan – 2026.xlsx": "utuh"}),
    "nama dengan kode rusak.eml": _mail(_good("=?x-entah?Q?usulan?=.xlsx"), **{"=?x-entah?Q?usulan?=.xlsx": "utuh"}),
    "nama dengan kode bukan ASCII.eml": _mail(_good("=?é?Q?usulan?=.xlsx"), **{"=?é?Q?usulan?=.xlsx": "utuh"}),
    "nama yang memanjat.eml": _mail(_good("../../../etc/usulan.xlsx"), **{"usulan.xlsx": "utuh"}),
    "nama dengan folder Windows.eml": _mail(_good("C:\\\\Users\\\\kantor\\\\usulan.xlsx"), **{"usulan.xlsx": "utuh"}),
    "nama berbalik arah.eml": _mail(_good("usulan\u202exslx.exe"), **{"usulan\ufffdxslx.exe": "utuh"}),
    "nama memuat tanda kami.eml": _mail(_good("a › b.xlsx"), **{"a > b.xlsx": "utuh"}),
    "nama panjang.eml": _mail(_good("u" * 300 + ".xlsx"), **{"u" * 80 + "…" + "u" * 74 + ".xlsx": "utuh"}),
    "dua nama sama.eml": _mail(_good(), _good(), **{"usulan.xlsx": "utuh", "usulan.xlsx (2)": "utuh"}),
    "akhiran salah.eml": _mail(_good("usulan.pdf"), **{"usulan.pdf": "utuh"}),
    "sampah dalam surel.eml": _mail(_good("~$usulan.xlsx"), **{"~$usulan.xlsx": "lewat lock"}),
    # how attachments are coded
    "dikutip.eml": _mail(part(_QUOTED, "usulan.xlsx", coding="quoted-printable"), **{"usulan.xlsx": "utuh"}),
    "biner.eml": _mail(part(GOOD, "usulan.xlsx", coding="binary"), **{"usulan.xlsx": "utuh"}),
    "pengodean tak dikenal.eml": _mail(
        part(GOOD, "a.xlsx", coding="x-entah"), _good(), **{"a.xlsx": "tolak damaged", "usulan.xlsx": "utuh"}
    ),
    "satu huruf hilang.eml": Kind(
        lambda: mail(_good()).replace(_TEAR, _TEAR[:10] + _TEAR[11:]), {"": "wadah", "usulan.xlsx": "tolak damaged"}
    ),
    "huruf asing dalam kode.eml": Kind(
        lambda: mail(_good()).replace(_TEAR, _TEAR[:10] + b"*" + _TEAR[11:]),
        {"": "wadah", "usulan.xlsx": "tolak damaged"},
    ),
    "catatan kaki milis dalam kode.eml": Kind(
        lambda: mail(_good()).replace(_LONG[-1], _LONG[-1] + b"-- \r\nMilis mitra\r\n"),
        {"": "wadah", "usulan.xlsx": "tolak damaged"},
    ),
    "kutipan rusak.eml": _mail(
        part(_QUOTED.replace(b"=", b"=#", 1), "usulan.xlsx", coding="quoted-printable"),
        **{"usulan.xlsx": "tolak damaged"},
    ),
    "terpotong dalam lampiran.eml": Kind(
        lambda: _cut(mail(_good("a.xlsx"), _good("b.xlsx")), b'"b.xlsx"\r\n\r\n' + b"".join(_LONG[:2])),
        {"": "wadah", "a.xlsx": "utuh", "b.xlsx": "tolak damaged"},
    ),
    "terpotong dalam teks.eml": Kind(
        lambda: _cut(mail(_good()), b"Bersama ini"), {"": "wadah", "lampiran 1": "tolak damaged"}
    ),
    "batas yang salah.eml": Kind(lambda: mail(_good()).replace(b"--batas", b"--salah"), {"": "tolak damaged"}),
    "tanpa batas.eml": Kind(lambda: mail(_good()).replace(b'; boundary="batas"', b""), {"": "tolak damaged"}),
    "kepala rusak.eml": Kind(
        lambda: mail(_good()).replace(b"MIME-Version", b"bukan kepala\r\nMIME-Version"),
        {"": "wadah", "lampiran 1": "tolak damaged"},
    ),
    "bagian dengan kepala rusak.eml": Kind(
        lambda: mail(b"bukan kepala\r\n" + _good("a.xlsx"), _good()),
        {"": "wadah", "lampiran 1": "tolak damaged", "usulan.xlsx": "utuh"},
    ),
    "dua jenis sekaligus.eml": _mail(
        _good("a.xlsx", more="Content-Type: text/plain"), _good(), **{"a.xlsx": "tolak damaged", "usulan.xlsx": "utuh"}
    ),
    # what cannot be taken out, or not from here
    "winmail.eml": _mail(
        part(b"\x78\x9f\x3e\x22" + bytes(60), "winmail.dat", kind="application/ms-tnef"),
        **{"winmail.dat": "tolak tnef"},
    ),
    "winmail.dat": Kind(lambda: b"\x78\x9f\x3e\x22" + bytes(60), {"": "tolak tnef"}),
    "terenkripsi.eml": Kind(
        lambda: mail(whole=part(b"0\x80", "smime.p7m", kind="application/pkcs7-mime")),
        {"": "wadah", "smime.p7m": "tolak sealed"},
    ),
    "uuencode dalam teks.eml": Kind(
        lambda: mail(whole=text("Terlampir.\r\n\r\nbegin 644 usulan.xlsx\r\n#0V%T\r\n`\r\nend\r\n")),
        {"": "wadah", "lampiran 1": "tolak embedded"},
    ),
    "isi di tempat lain.eml": _mail(
        part(b"", "usulan.xlsx", kind="message/external-body; access-type=URL", coding=""),
        **{"usulan.xlsx": "tolak link"},
    ),
    "sepotong surel.eml": _mail(
        part(b"x", kind="message/partial; number=1; total=3", disposition="", coding=""),
        **{"lampiran 1": "tolak damaged"},
    ),
    "arsip rar dalam surel.eml": _mail(part(b"Rar!\x1a\x07\x00", "usulan.rar"), **{"usulan.rar": "lain"}),
    # mails in mails
    "diteruskan.eml": _mail(
        forwarded(mail(_good(), mark="dalam")), **{"surel terlampir": "wadah", "surel terlampir › usulan.xlsx": "utuh"}
    ),
    "diteruskan berkode.eml": _mail(
        part(mail(_good(), mark="dalam"), "asli.eml", kind="message/rfc822"),
        **{"asli.eml": "wadah", "asli.eml › usulan.xlsx": "utuh"},
    ),
    "diteruskan rusak.eml": _mail(
        forwarded(mail(_good(), mark="dalam").replace(b"--dalam", b"--salah"), "asli.eml"),
        **{"asli.eml": "tolak damaged"},
    ),
    "ringkasan milis.eml": Kind(
        lambda: mail(whole=multi(b"\r\n" + mail(whole=_good()), kind="digest")),
        {"": "wadah", "surel terlampir": "wadah", "surel terlampir › usulan.xlsx": "utuh"},
    ),
    "kotak surat.mbox": Kind(
        lambda: mbox(mail(_good()), mail(), mail(_good("b.xlsx"))),
        {
            "": "wadah",
            "surel 1": "wadah",
            "surel 1 › usulan.xlsx": "utuh",
            "surel 2": "wadah",
            "surel 3": "wadah",
            "surel 3 › b.xlsx": "utuh",
        },
    ),
    "kotak surat dengan satu surel": Kind(lambda: mbox(mail(_good())), {"": "wadah", "usulan.xlsx": "utuh"}),
    "From dalam isi.mbox": Kind(
        lambda: mbox(mail(whole=text("Yth.\r\n\r\nFrom Bandung: salam.\r\n")), mail(_good())),
        {"": "wadah", "surel 1": "wadah", "surel 2": "wadah", "surel 2 › usulan.xlsx": "utuh"},
    ),
    # archives
    "arsip.zip": Kind(
        lambda: archive({"a/": b"", "a/usulan.xlsx": GOOD, "a/b/catatan.txt": OTHER}),
        {"": "wadah", "a/usulan.xlsx": "utuh", "a/b/catatan.txt": "lain"},
    ),
    "arsip bernama xlsx.xlsx": Kind(lambda: archive({"usulan.xlsx": GOOD}), {"": "wadah", "usulan.xlsx": "utuh"}),
    "arsip kosong.zip": Kind(lambda: archive({}), {"": "wadah"}),
    "arsip dengan sampah.zip": Kind(
        lambda: archive(
            {"__MACOSX/x": b"x", "Thumbs.db": b"x", ".git/x": b"x", "~$usulan.xlsx": b"x", "usulan.xlsx": GOOD}
        ),
        {
            "": "wadah",
            "__MACOSX/x": "lewat hidden",
            "Thumbs.db": "lewat system",
            ".git/x": "lewat hidden",
            "~$usulan.xlsx": "lewat lock",
            "usulan.xlsx": "utuh",
        },
    ),
    "arsip yang memanjat.zip": Kind(
        lambda: archive({"../../usulan.xlsx": GOOD, "/etc/usulan.xlsx": GOOD, "C:\\a\\..\\usulan.xlsx": GOOD}),
        {"": "wadah", "usulan.xlsx": "utuh", "etc/usulan.xlsx": "utuh", "C:/a/usulan.xlsx": "utuh"},
    ),
    "arsip dengan garis miring Windows.zip": Kind(
        lambda: archive({"a\\": b"", "a\\usulan.xlsx": GOOD}), {"": "wadah", "a/usulan.xlsx": "utuh"}
    ),
    "arsip tanpa tanda UTF-8.zip": Kind(
        lambda: hostile.patched(archive({"usulan – a.xlsx": GOOD}), "usulan", "flags", 0),
        {"": "wadah", "usulan – a.xlsx": "utuh"},
    ),
    "arsip dengan dua nama sama.zip": Kind(
        lambda: archive([("usulan.xlsx", GOOD), ("usulan.xlsx", OTHER)]),
        {"": "wadah", "usulan.xlsx": "utuh", "usulan.xlsx (2)": "lain"},
    ),
    "arsip berkata sandi.zip": Kind(
        lambda: hostile.patched(archive({"usulan.xlsx": GOOD}), "usulan.xlsx", "flags", 1), {"": "tolak encrypted"}
    ),
    "arsip bzip2.zip": Kind(
        lambda: archive({"usulan.xlsx": GOOD}, zipfile.ZIP_BZIP2), {"": "tolak unsafe cara pemampatan"}
    ),
    "arsip terpotong.zip": Kind(lambda: archive({"usulan.xlsx": GOOD})[:-40], {"": "tolak damaged"}),
    "arsip dengan bagian rusak.zip": Kind(
        lambda: hostile.patched(archive({"a.xlsx": GOOD, "usulan.xlsx": GOOD}), "a.xlsx", "crc", 1),
        {"": "wadah", "a.xlsx": "tolak damaged", "usulan.xlsx": "utuh"},
    ),
    "arsip mengembang.zip": Kind(
        lambda: archive({"isi.xlsx": bytes(5 * MIB)}, zipfile.ZIP_DEFLATED),
        {"": f"tolak bomb lebih dari {MAX_RATIO} kali"},
    ),
    "arsip dengan bagian besar.zip": Kind(
        lambda: archive({"isi.xlsx": bytes(MAX_FILE + 1), "usulan.xlsx": GOOD}),
        {"": "wadah", "isi.xlsx": f"tolak large {MAX_FILE // MIB} MiB", "usulan.xlsx": "utuh"},
    ),
    "surel dalam arsip dalam surel.eml": _mail(
        part(archive({"a/surel.eml": mail(part(archive({"usulan.xlsx": GOOD}), "c.zip"))}), "b.zip"),
        **{
            "b.zip": "wadah",
            "b.zip › a/surel.eml": "wadah",
            "b.zip › a/surel.eml › c.zip": "wadah",
            "b.zip › a/surel.eml › c.zip › usulan.xlsx": "utuh",
        },
    ),
    # Outlook
    "Outlook.msg": Kind(lambda: msg(_LETTER), {"": "wadah", "usulan.xlsx": "utuh"}),
    "Outlook lama.msg": Kind(
        lambda: msg(Letter(attachments=_LETTER.attachments, wide=False)), {"": "wadah", "usulan.xlsx": "utuh"}
    ),
    "Outlook tanpa lampiran.msg": Kind(lambda: msg(Letter()), {"": "wadah"}),
    "Outlook dengan surel di dalam.msg": Kind(
        lambda: msg(Letter(attachments=[Attachment("", _LETTER.within()), Attachment("a.eml", mail(_good()))])),
        {
            "": "wadah",
            "surel terlampir": "wadah",
            "surel terlampir › usulan.xlsx": "utuh",
            "a.eml": "wadah",
            "a.eml › usulan.xlsx": "utuh",
        },
    ),
    "Outlook dengan logo.msg": Kind(
        lambda: msg(
            Letter(
                attachments=[
                    Attachment("logo.png", LOGO, kind="image/png", flags=4),
                    Attachment("image002.png", GOOD, kind="image/png", flags=4),
                ]
            )
        ),
        {"": "wadah", "image002.png": "utuh"},
    ),
    "Outlook dengan tautan dan objek.msg": Kind(
        lambda: msg(
            Letter(
                attachments=[
                    Attachment("a.xlsx", method=7),
                    Attachment("gambar", {"CONTENTS": LOGO}, method=6),
                    Attachment("tabel", {"Workbook": b"x"}, method=6),
                    Attachment("c.xlsx"),
                ]
            )
        ),
        {"": "wadah", "a.xlsx": "tolak link", "tabel": "tolak embedded", "c.xlsx": "tolak damaged"},
    ),
    "Outlook dengan lampiran rusak.msg": Kind(
        lambda: _unlinked(msg(_LETTER), "__substg1.0_37010102"), {"": "wadah", "usulan.xlsx": "tolak damaged"}
    ),
    "Outlook terpotong.msg": Kind(lambda: msg(_LETTER)[:1024], {"": "lain"}),
    "Excel lama.xls": Kind(lambda: compound({"Workbook": b"\x09\x08\x10\x00" + bytes(5000)}), {"": "lain"}),
    # without end
    "cukup dalam.zip": Kind(
        lambda: _nested(MAX_DEPTH),
        {"": "wadah", **dict.fromkeys(_layers(MAX_DEPTH), "wadah"), f"{_layers(MAX_DEPTH)[-1]} › usulan.xlsx": "utuh"},
    ),
    "terlalu dalam.zip": Kind(
        lambda: _nested(MAX_DEPTH + 1),
        {
            "": "wadah",
            **dict.fromkeys(_layers(MAX_DEPTH), "wadah"),
            _layers(MAX_DEPTH + 1)[-1]: f"tolak deep {MAX_DEPTH}",
        },
    ),
    "bagian dalam bagian.eml": Kind(lambda: _deep(MAX_LEVELS), {"": "wadah", "usulan.xlsx": "utuh"}),
    "bagian terlalu dalam.eml": Kind(lambda: _deep(MAX_LEVELS + 1), {"": "tolak unsafe susunan terlalu dalam"}),
    "seribu lapis.eml": Kind(lambda: _deep(1000), {"": "tolak unsafe susunan terlalu dalam"}),
    "ribuan bagian.eml": Kind(
        lambda: mail(*[part(b"x", "x")] * (MAX_EFFORT // 10)), {"": "tolak bomb terlalu banyak bagian"}
    ),
    "kepala tanpa akhir.eml": Kind(
        lambda: b"From: a@b.example\r\n" + b"X-Isi: x\r\n" * 30_000 + b"\r\nx", {"": "tolak unsafe kepala surel"}
    ),
    "mengembang bersama.zip": Kind(_swollen, {"": f"tolak bomb lebih dari {MAX_TAKEN // MIB} MiB"}),
}
