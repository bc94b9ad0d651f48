"""What a workbook may carry besides cells. None of it is ever run or followed. Standard library only."""

from __future__ import annotations

from functools import lru_cache

#: By a text in part names or content types.
FEATURES = {
    "macros": b"vbaproject",
    "macro_sheets": b"macrosheet",
    "external_links": b"externallink",
    "embedded_objects": b"/embeddings/",
    "activex": b"activex",
    "connections": b"/connections.",
    "query_tables": b"querytable",
    "pivot_caches": b"pivotcache",
    "comments": b"comments",
    "threaded_comments": b"threadedcomment",
}

_ALIKE = 32  #: lists of parts a process remembers


@lru_cache(_ALIKE)
def features_of(listed: bytes) -> frozenset[str]:
    """Keys of FEATURES, from the names of all parts and the content types."""
    listed = listed.lower()
    return frozenset(name for name, text in FEATURES.items() if text in listed)
