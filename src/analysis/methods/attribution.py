"""Whose saving is it? Levers that act on the same yen save less together than apart; each order of
counting them gives other shares. The Shapley average over all orders adds up exactly and favours
none.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

ROWS_AT_ONCE = 4096  # draws held in the processor's cache together
UNALLOCATED = "unallocated"


def lever_attribution(costs: ArrayLike, effects: Mapping[str, ArrayLike]) -> pd.DataFrame:
    """Saving by lever: one row per `draw`, one column per lever, in the unit of the costs.

    `costs` (cells,) or (draws, cells), a cell being a system group and a cost category; an effect
    is effectiveness x uptake x additionality x scope, a share -1..1 that broadcasts to (draws,
    cells): (draws, 1) for one per draw. A row sums to its total saving, the sum over cells of cost
    x (1 - prod(1 - e)). Refused: no lever, levers with values outside -1..1, shapes that do not
    broadcast, costs that are not finite.
    Trap: counted one after the other, the lever that comes first takes the most. Source: Owen
    (1972), the Shapley share as an integral, here e_i times the mean over t in 0..1 of the product
    over the other levers of (1 - t e_j): a polynomial, which Gauss-Legendre points integrate
    exactly.

    >>> # 10 or 8; 20 or 18
    >>> lever_attribution([100.0], {"price": 0.1, "demand": 0.2}).round(9).to_dict("records")
    [{'price': 9.0, 'demand': 19.0}]
    """
    _require_shares(effects)
    if not np.isfinite(costs).all():
        raise ValueError("costs must be finite")
    arrays = np.broadcast_arrays(
        np.atleast_2d(np.asarray(costs, float)), *(np.asarray(e, float) for e in effects.values())
    )
    if arrays[0].ndim > 2:
        raise ValueError(
            f"costs and effects must broadcast to (draws, cells), not to {arrays[0].shape}"
        )
    draws = len(arrays[0])
    blocks = [slice(start, start + ROWS_AT_ONCE) for start in range(0, draws, ROWS_AT_ONCE)]
    shares = np.vstack([_owen_shares([array[block] for array in arrays]) for block in blocks])
    return pd.DataFrame(shares, columns=list(effects), index=pd.RangeIndex(draws, name="draw"))


def waterfall(contributions: Mapping[str, float], total: float) -> pd.DataFrame:
    """Steps of a waterfall: one row per lever in the order given, then `unallocated`; all in the
    unit of the total.

    Columns `lever`, `amount`, `before`, `after`; the last `after` is the total, `unallocated` is
    what no lever explains (negative when they explain too much; a rounding error counts as 0).
    Refused: no lever, a lever called `unallocated`, amounts that are not finite. Trap: scaling the
    levers to the total hides that two accounts differ.

    >>> # UK CCS, million GBP
    >>> steps = waterfall({"frameworks": 311, "less demand": 114, "negotiation": 92}, total=521)
    >>> steps.loc[3, ["lever", "before", "amount"]].to_dict()
    {'lever': 'unallocated', 'before': 517.0, 'amount': 4.0}
    """
    amounts = pd.Series(dict(contributions), dtype=float)
    undefined = [
        lever for lever, amount in {**amounts, "total": total}.items() if not np.isfinite(amount)
    ]
    if undefined:
        raise ValueError(f"amounts that are not finite: {_listed(undefined)}")
    if amounts.empty or UNALLOCATED in amounts:
        raise ValueError(f"a waterfall needs levers, none of them called {UNALLOCATED!r}")
    rest = total - amounts.sum()
    amounts[UNALLOCATED] = rest if abs(rest) > 1e-9 * amounts.abs().sum() else 0.0
    after = amounts.cumsum()
    steps = pd.DataFrame({"amount": amounts, "before": after - amounts, "after": after})
    return steps.rename_axis("lever").reset_index()


def _owen_shares(arrays: Sequence[NDArray]) -> NDArray:
    """Shares (draws, levers) of a block of draws from its costs and effects, each (draws,
    cells).
    """
    costs, *effects = arrays
    points, weights = np.polynomial.legendre.leggauss((len(effects) + 1) // 2)
    shares = np.zeros((len(costs), len(effects)))
    for t, weight in zip((points + 1) / 2, weights / 2, strict=True):
        kept = [1 - t * effect for effect in effects]  # above 0, for t < 1
        spend = weight * costs * np.prod(kept, axis=0)
        for i, (effect, own) in enumerate(zip(effects, kept, strict=True)):
            shares[:, i] += np.einsum("dc,dc->d", spend / own, effect)
    return shares


def _require_shares(effects: Mapping[str, ArrayLike]) -> None:
    if not effects:
        raise ValueError("no lever given")
    wrong = [
        f"{lever} ({_worst(effect):.12g})"
        for lever, effect in effects.items()
        if not abs(_worst(effect)) <= 1
    ]
    if wrong:
        raise ValueError(f"effects outside -1..1, as shares: {_listed(wrong)}")


def _worst(effect: ArrayLike) -> float:
    """The value farthest from nought; NaN counts as the farthest, as minimum and maximum hand it
    on.
    """
    values = np.asarray(effect, dtype=float)
    lowest, highest = values.min(), values.max()
    return float(highest if highest >= -lowest else lowest)


def _listed(culprits: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, culprits)))
