"""Builds what people open in Excel: `python -m udfs.build FOLDER` writes Kemitraan.xlsx, .xlsm and .xlam."""
