"""pandas with openpyxl, in and out: the script that most people would write.

Drops: rules; findings; guard; limited processes; verdicts; masking of child data; links; typed values; summary sheets.
"""

from _panda import read, stack, write

write(stack(read("openpyxl")), "openpyxl")
