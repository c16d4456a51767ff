"""Whether two texts are the same, to the byte or as far as their numbers go."""

from __future__ import annotations

import math
import re

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def difference(before: str, after: str, tolerance: float | None = None) -> str | None:
    """Return the first difference of two texts in words, or None; with a relative ``tolerance``
    numbers may differ so much.

    >>> difference("a,1.0\\nb,2.0\\n", "a,1.0\\nb,2.5\\n")
    'line 2: b,2.0 -> b,2.5'
    >>> difference("x 1.0", "x 1.0000000001", 1e-9), difference("x 1.0", "y 1.0", 1e-9)
    (None, 'line 1: x 1.0 -> y 1.0')
    """
    if before == after:
        return None
    old, new = before.splitlines(), after.splitlines()
    for place, (one, other) in enumerate(zip(old, new, strict=False), 1):
        if one != other and not (tolerance and _close(one, other, tolerance)):
            return f"line {place}: {_around(one, other)}"
    return (
        f"{len(old)} lines -> {len(new)} lines"
        if len(old) != len(new)
        else None
        if tolerance
        else "line ends"
    )


def _close(one: str, other: str, tolerance: float) -> bool:
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    pairs = zip(map(float, NUMBER.findall(one)), map(float, NUMBER.findall(other)), strict=True)
    return all(near(a, b, tolerance) for a, b in pairs)


def near(one: float | None, other: float | None, tolerance: float) -> bool:
    """Say whether two values are equal within a relative tolerance; nothing is near nothing only.

    >>> (
    ...     near(1.0, 1.0 + 1e-12, 1e-9),
    ...     near(0.0, 1e-300, 1e-9),
    ...     near(None, 0.0, 1e-9),
    ...     near(None, None, 1e-9),
    ... )
    (True, True, False, True)
    """
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=1e-12)


def _around(one: str, other: str, shown: int = 60) -> str:
    """Return both lines from a little before they part."""
    start = max(
        0,
        next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        - shown // 3,
    )
    return " -> ".join(
        ("…" if start else "") + line[start : start + shown] for line in (one, other)
    )
