"""pyexcel: every file as a book of arrays, put one below the other.

Drops: rules; findings; guard; limited processes; verdicts; masking of child data; links; typed values; summary sheets.
"""

import pyexcel
from _lembar import HEADINGS, files, target

parts: dict[str, list[list[object]]] = {name: [] for name in HEADINGS}
for path in files():
    book = pyexcel.get_book_dict(file_name=str(path))
    for name, row in HEADINGS.items():
        parts[name] += [[path.name, *values] for values in book[name][row + 1 :] if any(values)]
pyexcel.save_book_as(bookdict=parts, dest_file_name=str(target()))
