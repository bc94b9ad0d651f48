"""The worksheet functions: each a thin skin over a rule of `validation` or `kemitraan_xl`; see `udfs.registry`."""

from udfs.functions import bacaan, isian, masa, penilaian, periksa, risiko, tahap

__all__ = ["bacaan", "isian", "masa", "penilaian", "periksa", "risiko", "tahap"]
