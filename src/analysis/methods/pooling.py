"""What n municipalities save by running on k shared platforms, as a share of their spend: one
formula, read both ways.

saving(k) = phi (1 - 1/m) - kappa ((m - 1)/(n - 1))**gamma - prem max(1/k - 1/k0, 0), with m = n/k
members a platform. phi is the share of spend that is fixed (paid once a platform), kappa the share
lost to the diversity of rules when all are on one, prem the rise of prices when one supplier
remains and k0 the number of suppliers today. All arguments are numbers or NumPy arrays that
broadcast (draws, groups, …); shares are 0-1 of the spend today.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# a solved share may pass 1 (then the claim cannot be met); 36 for 36 % may not pass
LARGEST_FIXED_SHARE = 2.0
SHOWN = 10  # so many refused values are named


def members(instances: ArrayLike, municipalities: ArrayLike) -> NDArray:
    """Mean number of municipalities on a platform, m = n/k; shape by broadcasting; whole numbers
    are not required.

    Refused: fewer than one municipality, instances outside 1..municipalities.

    >>> members([1, 4, 23], 23).tolist()
    [23.0, 5.75, 1.0]
    """
    _require_within("municipalities", municipalities, 1, np.inf)
    _require_within("instances", instances, 1, municipalities)
    return np.true_divide(municipalities, instances)


def coordination_loss(
    members: ArrayLike, municipalities: ArrayLike, kappa: ArrayLike, gamma: ArrayLike
) -> NDArray:
    """Share of spend lost to agreeing on common rules, kappa ((m - 1)/(n - 1))**gamma.

    Nothing for a municipality alone, kappa when all share one platform, straight between at gamma
    1.
    Refused: members outside 1..municipalities, kappa outside 0..1, gamma below 0.
    Trap: the largest possible group is all n municipalities, so kappa of 12 participants is not
    that of 23 wards.

    >>> (
    ...     float(coordination_loss(12, 23, kappa=0.08, gamma=1)),
    ...     float(coordination_loss(12, 23, kappa=0.08, gamma=2)),
    ... )
    (0.04, 0.02)
    """
    _require_within("municipalities", municipalities, 1, np.inf)
    _require_within("members", members, 1, municipalities)
    _require_within("kappa", kappa, 0, 1)
    _require_within("gamma", gamma, 0, np.inf)
    others = np.maximum(np.subtract(municipalities, 1), 1)  # who is alone differs from nobody
    return np.asarray(kappa) * (np.subtract(members, 1) / others) ** np.asarray(gamma)


def premium(
    instances: ArrayLike, municipalities: ArrayLike, suppliers_today: ArrayLike, prem: ArrayLike
) -> NDArray:
    """Rise of prices when fewer suppliers remain, as a share of spend: prem max(1/k - 1/k0, 0),
    nothing at k = n.

    A municipality alone pays its stand-alone cost, whoever else buys. Refused: instances outside
    1..municipalities, fewer than one supplier, prem outside 0..1. Trap: without the floor at 0,
    more platforms than suppliers today look like a gain, as if pooling made new suppliers.

    >>> premium([1, 2, 8, 23], 23, suppliers_today=4, prem=0.08).round(4).tolist()
    [0.06, 0.02, 0.0, 0.0]
    """
    _require_within("suppliers_today", suppliers_today, 1, np.inf)
    _require_within("prem", prem, 0, 1)
    alone = members(instances, municipalities) == 1
    return np.where(alone, 0.0, np.asarray(prem) * _lost_competition(instances, suppliers_today))


def saving_share(
    instances: ArrayLike,
    municipalities: ArrayLike,
    phi: ArrayLike,
    kappa: ArrayLike,
    gamma: ArrayLike,
    prem: ArrayLike = 0.0,
    suppliers_today: ArrayLike | None = None,
    loss_municipalities: ArrayLike | None = None,
) -> NDArray:
    """Saving of n municipalities on k platforms, net of coordination and premium, as a share of the
    spend pooled. ``kappa`` is what ``loss_municipalities`` lose on one platform (all n where it is
    not given).

    Negative where pooling costs more than it saves; 0 at k = n. A phi above 1 is let through,
    because a solved phi above 1 is a result: the claim behind it cannot be met. Refused: what the
    parts refuse, phi outside 0..2, a premium without `suppliers_today`. Trap: phi alone is not the
    saving; even one platform keeps 1/n of it.

    >>> # .36 (1 - 4/23) - .08 (4.75/22)
    >>> round(float(saving_share(4, 23, phi=0.36, kappa=0.08, gamma=1)), 4)
    0.2801
    """
    _require_within("phi", phi, 0, LARGEST_FIXED_SHARE)
    m = members(instances, municipalities)
    lost = coordination_loss(
        m, municipalities if loss_municipalities is None else loss_municipalities, kappa, gamma
    )
    net = np.asarray(phi) * (1 - 1 / m) - lost
    return np.asarray(net - _premium_if_any(instances, municipalities, prem, suppliers_today))


def fixed_share(
    net_saving: ArrayLike,
    members: ArrayLike,
    municipalities: ArrayLike,
    kappa: ArrayLike,
    gamma: ArrayLike,
) -> NDArray:
    """The phi behind an observed saving net of coordination: phi (1 - 1/m) - coordination =
    net_saving.

    For the joint clouds: 30 % net in groups of 6.1 members (on average), scale of diversity that of
    the n municipalities. Refused: one member or less (a municipality alone shows no phi),
    net_saving outside -1..1, what coordination refuses. Trap: dividing the net saving by (1 - 1/m)
    forgets the coordination that the groups had already paid.

    >>> # .30 / (5.1/6.1)
    >>> round(float(fixed_share(0.30, members=6.1, municipalities=23, kappa=0, gamma=1)), 4)
    0.3588
    """
    _require_within("net_saving", net_saving, -1, 1)
    _require_more_than_one("members", members)
    gross = np.asarray(net_saving) + coordination_loss(members, municipalities, kappa, gamma)
    return gross / (1 - np.true_divide(1, members))


def fixed_share_of_claim(
    claimed: ArrayLike,
    weights: ArrayLike,
    instances: ArrayLike,
    municipalities: ArrayLike,
    kappa: ArrayLike = 0.0,
    gamma: ArrayLike = 1.0,
    prem: ArrayLike = 0.0,
    suppliers_today: ArrayLike | None = None,
    loss_municipalities: ArrayLike | None = None,
) -> NDArray:
    """The one phi at which the spend-weighted saving over groups equals a claim, net of
    coordination and premium. ``kappa`` is what ``loss_municipalities`` lose on one platform (all n
    where it is not given).

    `weights` (…, groups) are spend shares that sum to 1; the arguments after it broadcast to that
    shape, so that one value per draw is (draws, 1). Returns (…), the shape of `claimed`; above 1
    means that the claim cannot be met. Refused: weights below 0 or not summing to 1 (a group left
    alone has instances = municipalities), no group pooled at all. Trap: the mean number of
    instances is not enough; 1 - k/n is weighted by spend, not by group.

    >>> # .5 / .625
    >>> round(
    ...     float(
    ...         fixed_share_of_claim(0.5, weights=[0.5, 0.5], instances=[1, 2], municipalities=4)
    ...     ),
    ...     4,
    ... )
    0.8
    """
    _require_within("claimed", claimed, -1, 1)
    _require_within("weights", weights, 0, 1)
    _require_within("sum of weights", np.sum(weights, axis=-1), 1 - 1e-6, 1 + 1e-6)
    m = members(instances, municipalities)
    differing = coordination_loss(
        m, municipalities if loss_municipalities is None else loss_municipalities, kappa, gamma
    )
    lost = differing + _premium_if_any(instances, municipalities, prem, suppliers_today)
    share = np.asarray(weights)
    pooled = np.sum(share * (1 - 1 / m), axis=-1)
    _require_within("spend-weighted 1 - k/n", pooled, 1e-12, 1)
    return (np.asarray(claimed) + np.sum(share * lost, axis=-1)) / pooled


def cross_section_share(
    fixed_cost_jpy: ArrayLike, municipalities: ArrayLike, total_jpy: ArrayLike
) -> NDArray:
    """The phi that a cost curve over municipalities implies: n times the fixed cost of a
    municipality, over the spend of all.

    Both costs in yen **a year**. Refused: fewer than one municipality, costs below 0, a total of 0,
    fixed costs above the total. Trap: a five-year total makes phi five times too small.

    >>> round(float(cross_section_share(35e6, 23, 66.4e9)), 4)
    0.0121
    """
    _require_within("municipalities", municipalities, 1, np.inf)
    _require_within("total_jpy", total_jpy, 1, np.inf)
    _require_within("fixed_cost_jpy", fixed_cost_jpy, 0, np.true_divide(total_jpy, municipalities))
    return np.asarray(municipalities) * np.asarray(fixed_cost_jpy) / np.asarray(total_jpy)


def coordination_band(
    phi: ArrayLike,
    municipalities: ArrayLike,
    low: int = 3,
    high: int = 4,
    prem: ArrayLike = 0.0,
    suppliers_today: ArrayLike = 1,
) -> tuple[NDArray, NDArray]:
    """Bounds of kappa n/(n - 1) between which low..high platforms are best, next to a given
    supplier premium.

    Each number of platforms is compared with its neighbour (gamma 1): without a premium the bounds
    are low (low - 1) phi/n and high (high + 1) phi/n. Below the band fewer platforms are better,
    above it more; up to ``high`` municipalities there are no more to go to and the upper bound is
    infinite.
    Refused: phi outside 0..2, not 1 <= low <= high, fewer municipalities than ``low``. Trap: the
    square-root rule alone gives low**2, high**2.

    >>> [round(float(bound), 3) for bound in coordination_band(0.36, 23)]
    [0.094, 0.313]
    """
    _require_within("phi", phi, 0, LARGEST_FIXED_SHARE)
    _require_within("high", high, low, np.inf)
    _require_within("low", low, 1, np.minimum(high, municipalities))
    bounds = []
    for fewer, more in ((low - 1, low), (high, high + 1)):
        spared = (
            _lost_competition(fewer, suppliers_today) - _lost_competition(more, suppliers_today)
            if fewer
            else 0.0
        )
        bounds.append(
            fewer * more * (np.true_divide(phi, municipalities) - np.asarray(prem) * spared)
        )
    return bounds[0], np.where(np.less_equal(municipalities, high), np.inf, bounds[1])


def _lost_competition(instances: ArrayLike, suppliers_today: ArrayLike) -> NDArray:
    return np.maximum(np.true_divide(1, instances) - np.true_divide(1, suppliers_today), 0)


def _premium_if_any(
    instances: ArrayLike,
    municipalities: ArrayLike,
    prem: ArrayLike,
    suppliers_today: ArrayLike | None,
) -> NDArray | float:
    if suppliers_today is not None:
        return premium(instances, municipalities, suppliers_today, prem)
    if np.any(np.asarray(prem) != 0):
        raise ValueError(
            "a premium needs suppliers_today, the number of suppliers it is measured from"
        )
    return 0.0


def _require_more_than_one(name: str, values: ArrayLike) -> None:
    _require_within(name, values, np.nextafter(1, 2), np.inf)


def _require_within(name: str, values: ArrayLike, low: ArrayLike, high: ArrayLike) -> None:
    """Raise with the values (each once, the first ten) that do not lie in low..high; NaN never
    does.
    """
    array = np.asarray(values, dtype=float)
    outside = ~((array >= low) & (array <= high))
    if np.any(outside):
        culprits = np.unique(np.broadcast_to(array, outside.shape)[outside])[:SHOWN]
        raise ValueError(
            f"{name} outside {_bounds(low)}..{_bounds(high)}:"
            f" {', '.join(f'{v:.12g}' for v in culprits)}"
        )


def _bounds(values: ArrayLike) -> str:
    lowest, highest = np.min(values), np.max(values)
    return f"{lowest:.12g}" if lowest == highest else f"({lowest:.12g} to {highest:.12g})"
