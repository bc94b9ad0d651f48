"""Excel everywhere, through a server: worksheet functions, buttons and a task pane for Excel in the browser, on a Mac,
or on a PC without Python. The only part that uses xlwings Server, under that product's own licence terms."""

from __future__ import annotations

from udfs.server.start import serve

__all__ = ["serve"]
