"""The product's reader on one file with the limits on sizes lifted: what reading would take, were it not refused.

    python lembar.py FOLDER

The folder holds one proposal.
"""

import sys
from pathlib import Path

from kemitraan_xl.intake.reading.reader import read_bytes

LIFTED = {"MAX_AREA", "MAX_FILE", "MAX_INFLATED", "MAX_RATIO", "MAX_READ", "MAX_TAGS", "MAX_TEXT"}


def main() -> None:
    """See above."""
    for module in [module for name, module in sys.modules.items() if name.startswith("kemitraan_xl.intake")]:
        for limit in LIFTED & vars(module).keys():
            setattr(module, limit, 1 << 40)
    (path,) = Path(sys.argv[1]).iterdir()
    reading = read_bytes(path.read_bytes())
    assert not reading.refusal, reading.refusal
    print(len(reading.tables["rencana_kerja"].rows), "rows")


if __name__ == "__main__":
    main()
