"""From the cells of a workbook to tables, with the address of every value."""
