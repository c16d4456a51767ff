"""Chapter 9, joint buying held against the one result that is published of it.

The joint buyer's own figure (procurement_evidence P13) is cumulative, for the metropolis and its
municipalities together, and has no counterfactual. Each reading of what it covers gives a yearly
result of the group under study and what the draws would have led one to expect; draws are weighted
by how well the two agree. Money is yen a year in constant prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.decision.formulas import best_option
from analysis.data_fault import DataFault
from analysis.evidence import month_known
from analysis.methods import calibration

PUBLISHED = "P13"
READINGS = ("none", "additional", "gross", "half")
SERVED = ("tokyo23", "tama26")  # groups of municipalities that the joint buyer serves
OVERRUN = ("R10", 0.5)  # the class of reference_cases that counts overruns above half
INPUTS = ("price_effect", "uptake_price", "additionality_price", "outturn_running_share")
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
HALF = 0.5


@dataclass(frozen=True)
class Outturn:
    """The published result a year as far as it is the group's, and the draws it speaks of.

    ``buying`` is what joint buying saves once all of it runs, yen a year by draw; ``additionality``
    the part of it that would not have come anyway, ``running_share`` the part that ran already,
    both by draw.
    """

    observed_jpy: float
    buying: NDArray
    additionality: NDArray
    running_share: NDArray
    log_sd: float
    served: bool

    def over(self, buying: pd.Series, additionality: pd.Series, running: pd.Series) -> Outturn:
        """Return the same result held against other draws, one value per draw each."""
        drawn = (buying.to_numpy(), additionality.to_numpy(), running.to_numpy())
        return replace(
            self, **dict(zip(("buying", "additionality", "running_share"), drawn, strict=True))
        )

    def expected(self, reading: str) -> NDArray:
        """Return what each draw leads one to expect of the figure under a reading, yen a year."""
        ran = self.buying * self.running_share
        return ran / self.additionality if reading == "gross" else ran

    def observed(self, reading: str) -> float:
        """Return the group's part of the published figure under a reading, yen a year."""
        return self.observed_jpy * (HALF if reading == "half" else 1.0)

    def speaks(self, reading: str) -> bool:
        """Whether anything is learnt: the buyer serves the group, and some draw buys jointly."""
        return bool(self.served and reading != "none" and (self.buying > 0).any())

    def weights(self, reading: str) -> NDArray:
        """Return the weight of each draw under a reading; they sum to one."""
        if not self.speaks(reading):
            return np.full(len(self.buying), 1 / len(self.buying))
        likelihood = calibration.log_ratio_likelihood(
            self.expected(reading), self.observed(reading), self.log_sd
        )
        return calibration.importance_weights(likelihood)


def served(municipalities: pd.DataFrame, codes: tuple[str, ...]) -> bool:
    """Say whether the joint buyer serves all municipalities of these codes."""
    return set(codes) <= set(_of_tokyo(municipalities)["code"])


def shown_by(evidence: pd.DataFrame, decided: str | int) -> bool:
    """Say whether the joint buyer had published its result by the month of the decision: what has
    shown nothing yet can neither be widened nor learnt from.

    >>> rows = pd.DataFrame({"evidence_id": ["P13"], "published_on": ["2025"]})
    >>> shown_by(rows, "2026-04"), shown_by(rows, "2022-04")
    (True, False)
    """
    published = evidence.set_index("evidence_id").at[PUBLISHED, "published_on"]
    return month_known(str(published)) <= month_known(str(decided))


def observed_a_year(
    evidence: pd.DataFrame,
    municipalities: pd.DataFrame,
    residents: pd.Series,
    codes: tuple[str, ...],
    terms: pd.Series,
) -> float:
    """Return the group's part of the published figure in yen a year, by residents.

    ``residents`` by code are those of one date. The thirteen towns and villages, under one in a
    hundred of the residents, are in no table and get nothing. Refused: evidence without the figure.
    """
    figure = evidence.set_index("evidence_id")
    if PUBLISHED not in figure.index:
        raise DataFault("procurement_evidence", f"no row {PUBLISHED}, the joint buyer's result")
    part = residents.reindex(list(codes)).sum()
    part = part / residents.reindex(_of_tokyo(municipalities)["code"]).sum()
    yearly = float(figure.at[PUBLISHED, "value"]) / terms["outturn_years"]
    return float(yearly * (1 - terms["outturn_metropolis_share"]) * min(part, 1.0))


def overrun_shares(cases: pd.DataFrame, uplift: NDArray, weights: NDArray) -> dict[str, float]:
    """Return how often a budget is overrun by more than half, in the draws (``own``) and in the
    published class of projects (``published``). Refused: reference cases without that class.
    """
    row, level = OVERRUN
    published = cases.set_index("evidence_id")
    if row not in published.index:
        raise DataFault("reference_cases", f"no row {row}, the overruns of IT projects")
    return {
        "own": float(weights @ (uplift > level)),
        "published": float(published.at[row, "actual"]),
    }


def latest_residents(indicators: pd.DataFrame) -> pd.Series:
    """Return the residents of each municipality, by code, at the latest count of all."""
    counts = indicators[indicators["indicator"] == "residents"]
    return counts[counts["period"] == counts["period"].max()].set_index("code")["value"]


def _of_tokyo(municipalities: pd.DataFrame) -> pd.DataFrame:
    return municipalities[municipalities["code"].str.startswith("13")]


def readings_table(outturn: Outturn, own: str, yearly: pd.DataFrame, advised: str) -> pd.DataFrame:
    """Return one row per reading of the figure: the result a year, joint buying's full saving given
    it (P10, median, P90, yen a year), how many equal draws are left, the option with the highest
    mean, and what the ``advised`` one is worth (mean and median).

    ``yearly`` is what each option is worth by draw, a level sum a year. The first row, ``none``, is
    the prior.
    """
    rows = []
    for reading in READINGS if outturn.speaks("additional") else READINGS[:1]:
        weights = outturn.weights(reading)
        learns = reading != "none"
        rows.append(
            {
                "reading": reading,
                "own": reading == own or not outturn.speaks("additional"),
                "observed_jpy": outturn.observed(reading) if learns else np.nan,
                **_levels("expected", outturn.expected(reading), weights),
                **_levels("saving", outturn.buying, weights),
                "effective_draws": calibration.effective_sample_size(weights),
                **_worth(yearly, advised, weights),
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def _worth(yearly: pd.DataFrame, advised: str, weights: NDArray) -> dict[str, object]:
    worth = yearly[advised].to_numpy()
    return {
        "option": best_option(yearly, weights),
        "worth_mean_jpy": float(calibration.weighted_mean(worth, weights)),
        "worth_p50_jpy": float(calibration.weighted_quantiles(worth, weights, [0.5])[0]),
    }


def favour(readings: pd.DataFrame) -> tuple[bool, bool, float]:
    """Return whether the run's reading of the published figure is the one most in favour of the
    advised option, whether every reading chooses the same option, and the lowest median of what it
    is worth, yen a year.

    ``readings`` as in `readings_table`; without the figure there is no reading: its row is left
    out.
    """
    read = readings[readings["reading"] != "none"]
    used = read.loc[read["own"], "worth_p50_jpy"]
    return (
        bool(len(used) and used.iloc[0] >= read["worth_p50_jpy"].max()),
        bool(read["option"].nunique() <= 1),
        float(read["worth_p50_jpy"].min()),
    )


def on_all_draws(readings: pd.DataFrame, whole: Outturn) -> pd.DataFrame:
    """Return `readings_table` with what is expected and saved over all of the study's draws, which
    ``whole`` holds, so that joint buying's saving without the figure is that of chapter 4.

    How many equal draws are left stays that of the draws on which the options are valued.
    """
    rows = [
        _levels("expected", whole.expected(reading), weights)
        | _levels("saving", whole.buying, weights)
        for reading in readings["reading"]
        for weights in [whole.weights(reading)]
    ]
    return readings.assign(**pd.DataFrame(rows, index=readings.index))


def _levels(name: str, values: NDArray, weights: NDArray) -> dict[str, float]:
    found = calibration.weighted_quantiles(values, weights, list(LEVELS.values()))
    return {f"{name}_{level}_jpy": value for level, value in zip(LEVELS, found, strict=True)}


def inputs_table(draws: Mapping[str, NDArray], weights: NDArray) -> pd.DataFrame:
    """Return one row per input that joint buying rests on: P10, median and P90 before and after the
    published result, as shares.
    """
    flat, rows = np.ones_like(weights), list[dict[str, object]]()
    for name in INPUTS:
        row: dict[str, object] = {"place": len(rows) + 1, "input": name}
        for when, by in (("prior", flat), ("posterior", weights)):
            found = calibration.weighted_quantiles(draws[name], by, list(LEVELS.values()))
            row |= {f"{when}_{level}": v for level, v in zip(LEVELS, found, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows)
