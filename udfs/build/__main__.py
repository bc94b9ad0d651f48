"""`python -m udfs.build FOLDER` (`make workbook`): the empty master, the same with buttons, and the add-in.

All are dated by the edition of the guideline, so that building again gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from udfs.build.ship import ship

if __name__ == "__main__":
    ship(Path(sys.argv[1] if len(sys.argv) > 1 else "workbook"))
