"""The worksheet functions of the registry, under the name by which xlwings Server looks for them."""

from udfs.registry import load_functions
from udfs.server.export import functions, missing

globals().update(functions(load_functions().values()))
__getattr__ = missing

del functions, load_functions, missing
