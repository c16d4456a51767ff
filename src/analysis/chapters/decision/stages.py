"""Chapter 9, stages: buy jointly, then share internal systems, then core systems, each only after
the accounts of the one before have been read.

The first stage shows what buying together saves, the second how much of the joint clouds' saving
carries over to municipalities of this size. Worths are present values at the decision, by draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.decision.formulas import CORE, INTERNAL, Terms, Valued
from analysis.methods.appraisal import discount_factors
from analysis.methods.staged_choice import Stage, bounds, fixed_courses

COURSES = ("stop", "buying", "internal", "core")


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
    kept = kept - agency * flows.cost["body"]
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
    internal -= (share["shared_internal"] - share["buying"]) * spent["body"]
    core = saved[list(CORE)].sum(axis=1) - spent[list(CORE)].sum(axis=1)
    core -= (1 - share["shared_internal"]) * spent["body"]
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


def stage_table(
    programmes: Mapping[str, list[Stage]], weights: NDArray, terms: Terms
) -> pd.DataFrame:
    """Return, as level sums a year, the worth of the best fixed course, of deciding in stages, and
    with perfect information, and what the right to stop adds.

    One row for the whole programme at the central exit cost (``entry`` free), where nothing is
    begun yet, and one per exit cost for core alone, once internal systems are shared (``begun``).
    """
    rows = [_row("free", "central", programmes["central"], weights, terms)]
    rows += [
        _row("begun", exit_cost, stages[-1:], weights, terms)
        for exit_cost, stages in programmes.items()
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def _row(
    entry: str, exit_cost: str, stages: list[Stage], weights: NDArray, terms: Terms
) -> dict[str, object]:
    found = bounds(stages, weights)
    worths = {
        "committed_jpy": found.committed,
        "policy_jpy": found.policy,
        "perfect_jpy": found.perfect,
        "flexibility_jpy": found.flexibility,
    }
    return {
        "entry": entry,
        "exit_cost": exit_cost,
        **{name: worth * terms.level for name, worth in worths.items()},
        "core_share": found.begun[-1],
    }


def course_table(stages: list[Stage], weights: NDArray, terms: Terms) -> pd.DataFrame:
    """Return one row per fixed course: its mean worth as a level sum a year."""
    worths = fixed_courses(stages, weights)
    rows = [
        {"place": place, "course": course, "mean_jpy": worth * terms.level}
        for place, (course, worth) in enumerate(zip(COURSES, worths, strict=True), 1)
    ]
    return pd.DataFrame(rows)
