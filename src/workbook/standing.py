"""How good a number is: the standings in their order, the strongest first."""

from __future__ import annotations

STANDINGS = ("published", "reported", "supplied", "derived", "modelled", "assumed")


def worst_standing(standings: list[str]) -> str:
    """Return the weakest of several standings: a sum is no better than its worst part.

    >>> worst_standing(["published", "assumed", "derived"])
    'assumed'
    """
    unknown = sorted(set(standings) - set(STANDINGS))
    if unknown or not standings:
        raise ValueError(f"unknown standing {unknown}; one of: {', '.join(STANDINGS)}")
    return max(standings, key=STANDINGS.index)
