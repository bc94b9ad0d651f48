"""What else may carry a table: old, binary and open formats, and plain text, each made the same plain workbook."""
