"""Chapter 9, stages: buy jointly, then share internal systems, then core systems, each only after
the accounts of the one before have been read.

The first stage shows what buying together saves, the second how much of the joint clouds' saving
carries over to municipalities of this size. Worths are present values at the decision, by draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.decision.formulas import (
    CORE,
    INTERNAL,
    Terms,
    Valued,
    after_accounts,
    valued,
)
from analysis.chapters.decision.worlds import Setting, World, components_of, lean
from analysis.methods.appraisal import discount_factors
from analysis.methods.staged_choice import Stage, bounds, fixed_courses

COURSES = ("stop", "buying", "internal", "core")
WORTHS = ("committed", "policy", "perfect", "flexibility")
SCRAMBLINGS = 8  # other ones, from which the error of one is taken


def leaving_value(
    flows: Any, moving: pd.DataFrame, known: NDArray, terms: Terms, exit_share: float
) -> NDArray:
    """Return what leaving shared internal systems is worth once their accounts are known: the later
    savings, renewals and agency costs fall away, as does what would be left of the assets, and
    leaving costs part of what the move did.

    ``known`` is the decimal fiscal year of the accounts, by draw.
    """
    years = terms.start + np.arange(terms.years)
    later = (years >= known[:, None]) * discount_factors(terms.rate, terms.years)
    agency = terms.agency_shares["shared_internal"] - terms.agency_shares["buying"]
    kept = sum(flows.saving[part] - flows.renewal.get(part, 0.0) for part in INTERNAL)
    kept = kept - agency * flows.cost["agency"]
    left = sum(flows.left_value(part, terms.rate) for part in INTERNAL)
    paid = moving[list(INTERNAL)].sum(axis=1).to_numpy() * exit_share
    return -(kept * later).sum(axis=1) - left - paid * (1 + terms.rate) ** (terms.start - known)


def programme(
    components: Mapping[str, pd.DataFrame],
    staged: Valued,
    signals: Mapping[str, NDArray],
    leaving: NDArray,
    terms: Terms,
) -> list[Stage]:
    """Return the three stages: ``signals`` are the yearly savings of buying and of internal systems
    as their accounts show them; ``staged`` is valued with core after those accounts.
    """
    share, nothing = terms.agency_shares, np.zeros((len(leaving), 1))
    saved, spent = staged.saving, staged.cost
    internal = saved[list(INTERNAL)].sum(axis=1) - spent[list(INTERNAL)].sum(axis=1)
    internal -= (share["shared_internal"] - share["buying"]) * spent["agency"]
    core = saved[list(CORE)].sum(axis=1) - spent[list(CORE)].sum(axis=1)
    core -= (1 - share["shared_internal"]) * spent["agency"]
    bought = signals["buying"][:, None]
    return [
        Stage(bought[:, :0], components[terms.vehicle].sum(axis=1).to_numpy(), nothing),
        Stage(bought, internal.to_numpy(), nothing),
        Stage(
            np.column_stack([bought, signals["internal"]]),
            core.to_numpy(),
            np.column_stack([nothing, leaving]),
        ),
    ]


@dataclass(frozen=True)
class Staged:
    """The stages of one world by the cost of leaving (``low``, ``central``, ``high``), and the
    weights of its draws.
    """

    programmes: Mapping[str, list[Stage]]
    weights: NDArray


def staged(world: World, setting: Setting, exit_shares: Mapping[str, float]) -> Staged:
    """Return the stages in one world; ``exit_shares`` are the costs of leaving as parts of the
    move's.
    """
    terms, less = setting.terms_of(world), lean(world)
    waited = after_accounts(setting.at_renewal(world))
    flows = setting.dated_flows(less, waited, setting.horizon)
    internal = world.worth.saving[list(INTERNAL)].sum(axis=1).to_numpy()
    signals = {"buying": world.buying, "internal": internal}
    components, value = components_of(world, setting), valued(flows, terms.rate)
    known = waited["core_contract"].to_numpy()
    programmes = {
        cost: programme(
            components,
            value,
            signals,
            leaving_value(flows, less.moving, known, terms, share),
            terms,
        )
        for cost, share in exit_shares.items()
    }
    return Staged(programmes, setting.weights_of(world))


def stage_table(own: Staged, again: Sequence[Staged], terms: Terms) -> pd.DataFrame:
    """Return, as level sums a year, the worth of the best fixed course, of deciding in stages, and
    with perfect information, and what the right to stop adds, each with the standard error of one
    scrambling, taken from other ones (``again``).

    One row for the whole programme at the central exit cost (``entry`` free), where nothing is
    begun yet, and one per exit cost for core alone, once internal systems are shared (``begun``).
    """
    table, others = _stages(own, terms), [_stages(one, terms) for one in again]
    for name in WORTHS:
        table[f"{name}_error_jpy"] = _error([other[f"{name}_jpy"] for other in others])
    return table.assign(place=range(1, len(table) + 1))


def _stages(one: Staged, terms: Terms) -> pd.DataFrame:
    free = [("free", "central", one.programmes["central"])]
    begun = [("begun", cost, stages[-1:]) for cost, stages in one.programmes.items()]
    rows = []
    for entry, exit_cost, stages in free + begun:
        found = bounds(stages, one.weights)
        worths = {f"{name}_jpy": getattr(found, name) * terms.level for name in WORTHS}
        row = {"entry": entry, "exit_cost": exit_cost, **worths, "core_share": found.begun[-1]}
        rows.append(row)
    return pd.DataFrame(rows)


def course_table(own: Staged, again: Sequence[Staged], terms: Terms) -> pd.DataFrame:
    """Return one row per fixed course: its mean worth as a level sum a year, and its standard
    error, as in `stage_table`.
    """
    means, *others = (
        np.array(fixed_courses(one.programmes["central"], one.weights)) * terms.level
        for one in (own, *again)
    )
    table = pd.DataFrame({"course": COURSES, "mean_jpy": means, "mean_error_jpy": _error(others)})
    return table.assign(place=range(1, len(table) + 1))


def _error(estimates: Sequence[Any]) -> NDArray:
    """The standard error of one scrambling, from as many others as there are."""
    if len(estimates) < 2:
        raise ValueError(f"an error needs at least two scramblings, not {len(estimates)}")
    return np.std(np.array(estimates, float), axis=0, ddof=1)
