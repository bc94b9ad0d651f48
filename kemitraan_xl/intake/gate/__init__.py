"""What a workbook may be before anything parses it: its zip, its parts, the size of its sheets."""
