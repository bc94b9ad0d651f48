"""Imported by a process that limited ones are forked from: what each of them needs is there before it begins."""

from kemitraan_xl.intake import work
from validation.contract import lists, tables

__all__ = ["work"]

tables()
lists()
