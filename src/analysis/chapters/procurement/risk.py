"""Chapter 4, risk: what moves the distance to the target, and what would have to be true.

Every function takes ``ratios``: draws or settings in (one row each), the saving as a share of the
target out, one column ``gross`` and one ``net`` of transition and agency. Shares of the target are
1 where the target is met.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import pandas as pd

from analysis.methods.sensitivity import switching_value
from analysis.methods.uncertainty import summary

READINGS = ("gross", "net")
# the one input whose range comes from chapter 2; it has a dimension of its own
POSITION = "fixed_cost_position"
HEAVIEST = 5  # so many inputs are named in the text
WEAK = ("C", "D")  # grades of indirect evidence and of judgement
MAP_FIXED, MAP_CARRIED = np.linspace(0, 1, 26), np.linspace(0, 1, 26)
# how far asset life (years) and spend (times today's) are searched
LONGEST_LIFE, LARGEST_SPEND = 30.0, 10.0
SWITCHING = [
    "reading",
    "input",
    "unit",
    "evidence_grade",
    "low",
    "central",
    "high",
    "switching_value",
    "best_ratio",
    "best_at",
]
Ratios = Callable[[pd.DataFrame], pd.DataFrame]


def ends_of(ranges: pd.DataFrame) -> pd.DataFrame:
    """Return low, central and high of every input, one column each, rows ``low``, ``central``,
    ``high``.
    """
    return (
        ranges.set_index("input")[["low", "central", "high"]]
        .T.astype(float)
        .assign(**{POSITION: [0.0, 0.5, 1.0]})
    )


def one_at_a_time(ends: pd.DataFrame, around: pd.Series) -> pd.DataFrame:
    """Return settings that move one input at a time from ``around`` to its low and its high end.

    One row per setting, indexed by (input, end); the first, (around, around), moves nothing.
    """
    rows = {("around", "around"): around}
    for name in ends:
        rows |= {
            (name, end): around.where(around.index != name, ends.loc[end, name])
            for end in ("low", "high")
        }
    return pd.DataFrame(rows).T.rename_axis(["input", "end"])


def tornado(ratios: Ratios, ranges: pd.DataFrame) -> pd.DataFrame:
    """Return how far each input alone moves the net saving, one row per input, widest first; shares
    of the target.

    ``evidence_grade`` is that of the input's range, blank for the one read from chapter 2.
    """
    ends = ends_of(ranges)
    settings = one_at_a_time(ends, ends.loc["central"])
    table = _at_settings(ratios, settings)["net"].unstack("end")
    swings = table.drop(index="around")[["low", "high"]].rename(
        columns={"low": "ratio_at_low", "high": "ratio_at_high"}
    )
    swings = swings.assign(
        ratio_central=table.loc["around", "around"],
        swing=(table["high"] - table["low"]).abs(),
        evidence_grade=ranges.set_index("input")["evidence_grade"],
    )
    moved = swings[swings["swing"] > 1e-9].sort_values("swing", ascending=False)
    return moved.assign(place=range(1, len(moved) + 1)).rename_axis("input").reset_index()


def weak_among(heaviest: pd.DataFrame) -> int:
    """Return how many of the inputs rest on indirect evidence (C) or on judgement (D)."""
    return int(heaviest["evidence_grade"].isin(WEAK).sum())


def favourable_corner(ratios: Ratios, ranges: pd.DataFrame, rounds: int = 5) -> pd.DataFrame:
    """Return the saving with every input at the end of its range that saves most net, in one row
    (``gross``, ``net``).

    Which end that is can depend on the others (uptake costs while pooling loses and pays when it
    saves): so all inputs go to their better end together, round after round, until none would move.
    """
    ends = ends_of(ranges)
    corner = ends.loc["central"]
    for _ in range(rounds):
        net = (
            _at_settings(ratios, one_at_a_time(ends, corner))["net"]
            .unstack("end")
            .reindex(ends.columns)
        )
        better = ends.loc["high"].where(net["high"] >= net["low"], ends.loc["low"])
        if better.equals(corner):
            break
        corner = better
    return ratios(corner.to_frame().T.reset_index(drop=True))


def switching_candidates(
    ranges: pd.DataFrame, heaviest: pd.DataFrame, fixed_share: pd.Series, asset_life_years: float
) -> pd.DataFrame:
    """Return the inputs to be asked what value would do, with today's range and the widest range
    that can be imagined.

    One row per input: the fixed share phi (its draws' P10, median, P90), the ``heaviest`` of the
    tornado, the life of the assets and the spend of today. A share is searched from 0 to 1, a cost
    or price from nothing to its high end, the claim from where it implies `LARGEST_SPEND`.
    """
    phi = summary(fixed_share)
    known = (
        ranges[ranges["input"].isin(heaviest["input"])]
        .set_index("input")
        .loc[lambda rows: [n for n in heaviest["input"] if n in rows.index]]
    )
    drawn = known.reset_index()[
        ["input", "unit", "evidence_grade", "block", "low", "central", "high"]
    ]
    ceiling = drawn["high"].where((drawn["unit"] != "share") | (drawn["block"] == "cost"), 1.0)
    # the spend is what is to be saved divided by the claim: no claim is no spend at all
    floor = drawn["low"].clip(upper=0.0)
    floor = floor.where(drawn["input"] != "claimed_saving", drawn["central"] / LARGEST_SPEND)
    drawn = drawn.drop(columns="block").assign(floor=floor, ceiling=ceiling)
    chosen = pd.DataFrame(
        [
            {
                "input": "fixed_share",
                "unit": "share",
                "low": phi["p10"],
                "central": phi["p50"],
                "high": phi["p90"],
                "floor": 0.0,
                "ceiling": 1.0,
            },
            {
                "input": "asset_life_years",
                "unit": "year",
                "central": asset_life_years,
                "floor": 1.0,
                "ceiling": LONGEST_LIFE,
            },
            {
                "input": "spend_ratio",
                "unit": "ratio",
                "central": 1.0,
                "floor": 0.0,
                "ceiling": LARGEST_SPEND,
            },
        ]
    )
    return pd.concat([chosen[:1], drawn, chosen[1:]], ignore_index=True).astype(
        {"low": float, "high": float}
    )


def switching_values(
    ratios: Ratios, draws: pd.DataFrame, candidates: pd.DataFrame, corner: pd.DataFrame
) -> pd.DataFrame:
    """Return the value of each input, alone and the same in every draw, at which the median saving
    meets the target.

    One row per reading (gross, net) and candidate: today's range, the value (blank where none
    within ``floor`` to ``ceiling`` does it), the best median on the way and the input's value
    there. Candidates that leave the gross saving where it is (costs) are left out of that reading.
    The last row of a reading has every input at its better end (``corner``).
    """
    rows = []
    for candidate in candidates.itertuples():
        medians = _medians(ratios, draws, candidate.input)
        for reading in READINGS:
            floor, ceiling = medians(np.array([candidate.floor, candidate.ceiling]))[reading]
            if floor == ceiling:
                continue
            found = switching_value(
                partial(_in_reading, medians, reading),
                1.0,
                candidate.floor,
                candidate.ceiling,
                candidate.central,
            )
            rows.append(
                {
                    "reading": reading,
                    "input": candidate.input,
                    "unit": candidate.unit,
                    "evidence_grade": candidate.evidence_grade,
                    "low": candidate.low,
                    "central": candidate.central,
                    "high": candidate.high,
                    "switching_value": found.value,
                    "best_ratio": found.best,
                    "best_at": found.best_at,
                }
            )
    rows += [
        {
            "reading": reading,
            "input": "all_favourable",
            "unit": "share",
            "best_ratio": corner[reading].iloc[0],
        }
        for reading in READINGS
    ]
    table = (
        pd.DataFrame(rows, columns=SWITCHING)
        .sort_values("reading", ascending=False, kind="stable")
        .astype({"switching_value": float})
    )
    return table.assign(place=range(1, len(table) + 1))


def value_that_meets(switching: pd.DataFrame, reading: str, name: str) -> float | None:
    """Return the switching value of one input under one reading, or None where no value does it."""
    values = switching.loc[
        (switching["reading"] == reading) & (switching["input"] == name), "switching_value"
    ].dropna()
    return float(values.iloc[0]) if len(values) else None


def inputs_that_meet(switching: pd.DataFrame, reading: str) -> list[str]:
    """Return the inputs that meet the target alone under one reading, in the table's order."""
    return switching.loc[
        (switching["reading"] == reading) & switching["switching_value"].notna(), "input"
    ].tolist()


def condition_map(ratios: Ratios, draws: pd.DataFrame, steps: int = 21) -> pd.DataFrame:
    """Return the median share of the target for each pair of fixed share and part of it carried
    over to wards.

    One row per pair, ``gross`` and ``net``. The model sees their product only, so the median is
    computed along ``steps`` products from 0 to 1 and read between them (it is all but straight
    there).
    """
    products = np.linspace(0, 1, steps)
    along = _medians(ratios, draws, "fixed_share")(products)
    pairs = pd.MultiIndex.from_product(
        [MAP_FIXED, MAP_CARRIED], names=["fixed_share", "carried_over"]
    ).to_frame(index=False)
    product = pairs["fixed_share"] * pairs["carried_over"]
    return pairs.assign(
        **{f"ratio_{reading}": np.interp(product, products, along[reading]) for reading in READINGS}
    )


def condition_today(fixed_share: pd.Series, draws: pd.DataFrame) -> pd.DataFrame:
    """Return where the evidence on the two conditions lies today: P10, median, P90, one row per
    condition.

    ``fixed_share`` is phi of the joint clouds after it was carried over, one value per draw.
    """
    carried = draws["transfer_technology"] * draws["transfer_size"]
    rows = {"fixed_share": fixed_share / carried, "carried_over": carried}
    return pd.DataFrame(
        [
            {
                "condition": name,
                **{level: summary(values)[level] for level in ("p10", "p50", "p90")},
            }
            for name, values in rows.items()
        ]
    )


def whole_transfer(conditions: pd.DataFrame, today: pd.DataFrame, reading: str) -> float:
    """Return the median share of the target if all of the joint clouds' fixed share of today
    carried over to wards.
    """
    whole = conditions[conditions["carried_over"] == 1.0].sort_values("fixed_share")
    phi = today.set_index("condition").loc["fixed_share", "p50"]
    return float(np.interp(phi, whole["fixed_share"], whole[f"ratio_{reading}"]))


def _at_settings(ratios: Ratios, settings: pd.DataFrame) -> pd.DataFrame:
    return ratios(settings.reset_index(drop=True)).set_axis(settings.index)


def _medians(
    ratios: Ratios, draws: pd.DataFrame, name: str
) -> Callable[[np.ndarray], pd.DataFrame]:
    """The median saving as a function of one input's values, the same in every draw: one row per
    value.
    """

    @cache  # both readings ask for the same values
    def at(value: float) -> np.ndarray:
        return np.median(ratios(draws.assign(**{name: value}))[list(READINGS)], axis=0)

    return lambda values: pd.DataFrame(
        [at(float(value)) for value in values], columns=READINGS, index=pd.Index(values, name=name)
    )


def _in_reading(
    medians: Callable[[np.ndarray], pd.DataFrame], reading: str, values: np.ndarray
) -> np.ndarray:
    return medians(values)[reading].to_numpy()
