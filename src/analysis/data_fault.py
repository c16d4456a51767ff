"""A calculation that a table stops: which table it is, and what of it."""

from __future__ import annotations


class DataFault(ValueError):
    """A table holds what a calculation cannot go on with; ``said`` names the rows and, where it can
    be known, the remedy.

    >>> print(DataFault("ict_cost", "no cost given for 131041 data_use"))
    ict_cost: no cost given for 131041 data_use
    """

    def __init__(self, table: str, said: str) -> None:
        super().__init__(f"{table}: {said}")
        self.table = table
