"""What the user asked for cannot be done: one Indonesian line, no fault of the program. Standard library only."""


class Impossible(Exception):  # noqa: N818 - it is what the user is told
    """Nothing was done; the text says why, and the command line shows it and ends with 2."""
