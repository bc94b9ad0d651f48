"""The macros of the registry that exist on the server, under the name by which xlwings Server looks for them."""

from udfs.registry import load_macros
from udfs.server.export import missing, scripts

globals().update(scripts(load_macros().values()))
__getattr__ = missing

del load_macros, missing, scripts
