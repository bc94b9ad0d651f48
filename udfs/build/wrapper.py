"""The VBA function for each worksheet function, written by xlwings' own generator from what is registered.

`python -m udfs.build.wrapper` prints the module. It runs in a process of its own, because xlwings' desktop code needs
Windows or a stand-in for it, which should not be left behind in a process that does other work.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Final

NAME: Final = "xlwings_udfs"

_REGISTERED: Final = "udfs.classic"

#: Two of its workings depend on these: with a licence key it looks for code in the workbook, on a server it has none.
_OF_XLWINGS: Final = ("XLWINGS_LICENSE_KEY", "XLWINGS_ON_SERVER")

#: Excel's number for the group "user defined" in its list of functions.
_GROUP: Final = r" \n14"


def wrapper() -> str:
    """The module that "Import Functions" of xlwings would put into the add-in, with each function's description."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_XLWINGS}
    made = subprocess.run(
        [sys.executable, "-m", __name__],
        capture_output=True,
        encoding="utf-8",
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[2],
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"xlwings did not write the functions:\n{made.stderr}")
    return made.stdout


class _Addin:
    """What xlwings' import needs of the add-in open in Excel: it takes the module in and notes the descriptions."""

    Name = "Kemitraan.xlam"

    def __init__(self) -> None:
        self.text = ""
        self.descriptions: dict[str, str] = {}
        self.VBProject = self.VBComponents = self.Application = self
        self.Version = "16.0"

    def __call__(self, name: str) -> str:
        return name

    def Remove(self, name: str) -> None:  # noqa: N802 - Excel's name
        """No earlier module is there to remove."""

    def Import(self, path: str) -> None:  # noqa: N802 - Excel's name
        self.text = Path(path).read_text(encoding="utf-8")

    def MacroOptions(self, macro: str, *, Description: str, **_: Any) -> None:  # noqa: N802, N803 - Excel's names
        self.descriptions[macro.rpartition("!")[2]] = Description


def _described(text: str, descriptions: Mapping[str, str]) -> str:
    """The module with the lines in which VBA keeps what the function wizard shows."""
    for function, description in descriptions.items():
        (head,) = re.findall(rf"^Function {function}\(.*\)$", text, re.MULTILINE)
        plain = description.replace("–", "-").replace('"', '""')
        lines = (
            head,
            f'Attribute {function}.VB_Description = "{plain}"',
            f'Attribute {function}.VB_ProcData.VB_Invoke_Func = "{_GROUP}"',
        )
        text = text.replace(head, "\n".join(lines))
    return text


def _generate() -> str:
    from udfs.build import stub

    if sys.platform != "win32":
        stub.install()
    from xlwings import udfs as generator

    generator.get_udf_module(_REGISTERED, None)  # once loaded, it is not looked for in the workbook
    addin = _Addin()
    with redirect_stdout(StringIO()):
        generator.import_udfs(_REGISTERED, addin)
    return _described(addin.text, addin.descriptions)


if __name__ == "__main__":
    sys.stdout.write(_generate())
