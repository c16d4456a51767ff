"""Chapter 2, what the next ward's books are worth: how far each answer narrows when items of wards
are known, by conditioning the joint draws of `ward_model`.

Nobody knows what an unopened book says. Its item is taken from draws that already agree with the
open ones, several in turn, and the widths are averaged.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.resident_cost.ward_model import JointCosts
from analysis.methods.attribution import ROWS_AT_ONCE
from analysis.methods.dispersion import INDICES

ENDS = (0.1, 0.9)
# the draws whose items stand in for books that nobody has opened
STAND_INS = 3
# a book that leaves more of a width than this narrows nothing that the draws could tell from chance
NOTHING = 0.98
UNITS = {
    "item_level": "JPY/resident/year",
    "total": "JPY/year",
    "slope": "index",
    "unevenness": "index",
    "single_ward": "share",
}


def answers_of(joint: JointCosts, residents: NDArray) -> dict[str, NDArray]:
    """Return what the draws answer, one value a draw: the wards' mean item per resident, their
    total, the slope of log cost on log residents, the Gini coefficient of cost per resident; and
    ``single_ward``, each ward's cost per resident, draws x wards.
    """
    total, per_resident = joint.cost.sum(axis=1), joint.cost / residents
    size = np.log(residents) - np.log(residents).mean()
    blocks = np.array_split(per_resident, -(-len(per_resident) // ROWS_AT_ONCE))
    return {
        "item_level": total / joint.scope[:, 0] / residents.sum(),
        "total": total,
        "slope": np.log(joint.cost) @ size / (size @ size),
        "unevenness": np.concatenate([INDICES["gini"](block, residents) for block in blocks]),
        "single_ward": per_resident,
    }


def widths(joint: JointCosts, residents: NDArray, opened: NDArray) -> dict[str, float]:
    """Return the width from P10 to P90 of each answer; of ``single_ward`` the median over the wards
    that are not ``opened`` (over all where every ward is) of that width over the ward's median.
    """
    closed = np.setdiff1d(np.arange(len(residents)), opened)
    answers = answers_of(joint, residents)
    chosen = answers["single_ward"][:, closed if len(closed) else opened]
    low, middle, high = np.quantile(chosen, (ENDS[0], 0.5, ENDS[1]), axis=0)
    found = {
        name: float(np.ptp(np.quantile(values, ENDS)))
        for name, values in answers.items()
        if name != "single_ward"
    }
    return found | {"single_ward": float(np.median((high - low) / middle))}


def expected_widths(
    now: JointCosts,
    prior: JointCosts,
    items: Mapping[int, float],
    more: NDArray,
    residents: NDArray,
) -> pd.Series:
    """Return the widths to expect once the books of the wards ``more`` are open, too.

    ``prior`` are the draws before any book, ``items`` what the open ones say by place, ``now`` the
    draws given these.
    """
    places = np.array([*items, *more], int)
    known = np.array(list(items.values()), float)
    each = [
        widths(prior.given(places, [*known, *now.item[draw, more]]), residents, places)
        for draw in range(STAND_INS)
    ]
    return pd.DataFrame(each).mean()


def books_worth(
    prior: JointCosts, opened: pd.DataFrame, part: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how far each answer narrows, and what each further ward's books would do to it.

    ``prior`` as from `ward_model.WardModel.draws`, ``opened`` as from `ward_model.open_items`. The
    first table has one row per answer: P10 and P90 without any book and with the open ones, and the
    part of the width that is left with those, with one more (the ward that narrows it most, its
    code where it narrows anything), and with all. The second has one row per answer and ward whose
    books are closed: the part of today's width that its books would leave. No rows where no book is
    open or none is closed. The trap: to read a difference of a hundredth as a gain; the draws
    scatter as much.
    """
    residents = part["residents"].to_numpy(float)
    items = dict(zip(opened["place"], opened["amount_jpy"], strict=True))
    closed = np.setdiff1d(np.arange(len(part)), opened["place"])
    if not items or not len(closed):
        return _nothing()
    known = opened["place"].to_numpy()
    now = prior.given(known, opened["amount_jpy"])
    before = pd.Series(widths(prior, residents, np.array([], int)))
    today = pd.Series(widths(now, residents, known))
    each = pd.DataFrame(
        {
            place: expected_widths(now, prior, items, np.array([place]), residents)
            for place in closed
        }
    )
    everyone = expected_widths(now, prior, items, closed, residents)
    codes = part["code"].to_numpy()
    best = each.idxmin(axis=1)[list(UNITS)].to_numpy(int)
    gained = (each.min(axis=1) <= NOTHING * today)[list(UNITS)].to_numpy(bool)
    summary = pd.DataFrame(
        {
            "answer": list(UNITS),
            "unit": UNITS.values(),
            **_ends(prior, residents, "prior"),
            **_ends(now, residents, "now"),
            "left_open": (today / before)[list(UNITS)],
            "left_next": (each.min(axis=1) / before)[list(UNITS)],
            "next_code": np.where(gained, codes[best], None),
            "left_all": (everyone / before)[list(UNITS)],
        }
    )
    return summary.reset_index(drop=True), _by_ward(each.div(today, axis=0), codes)


def _ends(joint: JointCosts, residents: NDArray, stem: str) -> dict[str, list[float]]:
    """P10 and P90 of each answer; none of a single ward, which is another one in each column."""
    answers = answers_of(joint, residents)
    ends = [
        np.quantile(answers[name], ENDS) if name != "single_ward" else (np.nan, np.nan)
        for name in UNITS
    ]
    return {f"{stem}_low": [low for low, _ in ends], f"{stem}_high": [high for _, high in ends]}


def _by_ward(left: pd.DataFrame, codes: NDArray) -> pd.DataFrame:
    rows = left.rename_axis("answer").reset_index().melt("answer", var_name="place")
    return pd.DataFrame(
        {
            "code": codes[rows["place"].astype(int)],
            "answer": rows["answer"],
            "left": rows["value"],
        }
    )


def _nothing() -> tuple[pd.DataFrame, pd.DataFrame]:
    ends = ["prior_low", "prior_high", "now_low", "now_high"]
    columns = ["answer", "unit", *ends, "left_open", "left_next", "next_code", "left_all"]
    return pd.DataFrame(columns=columns), pd.DataFrame(columns=["code", "answer", "left"])
