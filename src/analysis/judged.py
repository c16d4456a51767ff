"""Judgements of experts in a researcher's own table: what is refused of them, and the ranges that
they give in the place of the assumed ones.

A row with ``realised`` is a seed question, whose answer is known; every other one judges an input.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.data_fault import DataFault
from workbook.ranges import ENDS, Ranges

if TYPE_CHECKING:
    import pandas as pd

TABLE = "judgements"
NUMBERS = ["lowest", "lower_quartile", "median", "upper_quartile", "highest"]
FEWEST_EXPERTS = 3  # two say that they differ, not by how much experts do
FEWEST_SEEDS = 10  # fewer do not part a well calibrated expert from another (Cooke 1991)
FAR = 10  # so many times the widest end is a slip of unit
BEFORE = "_before"  # of the bounds that a judgement took the place of
STATED = ("standing", "evidence_grade", "reasoning", "reasoning_ja")
HEADER = 2  # the first row of a table stands in the second line of its file


class JudgedRanges(Ranges):
    """The ranges of this study, as experts judge them where somebody has asked some."""

    def judged(self, ranges: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
        """Return ranges with those of the judged inputs in their place; see `judged_ranges`."""
        return judged_ranges(ranges, judgements)


def judged_ranges(ranges: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Return ``ranges`` with each judged input at the triangle nearest to its pool, ``assumed`` at
    grade D.

    ``judged_on`` is the last day of its judgements, blank where there are none; ``low_before``,
    ``central_before`` and ``high_before`` are the bounds it had. Refused, all named: what
    `judgement_faults` yields.
    """
    from analysis.methods.judgement import nearest_triangle

    if faults := list(judgement_faults(judgements, ranges)):
        raise DataFault(TABLE, "; ".join(faults))
    pools = pooled(judgements)
    moved = ranges.assign(
        judged_on=None, **{end + BEFORE: ranges[end].astype(float) for end in ENDS}
    ).astype(dict.fromkeys(ENDS, float) | {"judged_on": object})
    for place, row in ranges[ranges["input"].isin(list(pools))].iterrows():
        pool, own = pools[row["input"]], judgements[judgements["input"] == row["input"]]
        moved.loc[place, [*ENDS]] = nearest_triangle(pool, *possible(row))
        before = f"{row['low']:g}, {row['central']:g}, {row['high']:g}"
        moved.loc[place, ["judged_on", *STATED]] = (
            own["judged_on"].max(),
            "assumed",
            "D",
            f"The pooled judgement of {len(own)} experts ({TABLE}); before: {before}.",
            f"専門家{len(own)}人の判断を合わせた幅（{TABLE}）。それまでの幅：{before}。",
        )
    return moved


def as_judged_by(ranges: pd.DataFrame, month: str) -> tuple[pd.DataFrame, set[str]]:
    """Return ranges with the bounds from before each judgement that came after a month (year and
    month), and the inputs whose judgement stands.

    Whoever judges later has seen what came: a back-cast must not know it.
    """
    if "judged_on" not in ranges:
        return ranges, set()
    later = ranges["judged_on"].notna() & (ranges["judged_on"].str[:7] > month)
    back = {end: ranges[end].mask(later, ranges[end + BEFORE]) for end in ENDS}
    return ranges.assign(**back), set(ranges.loc[ranges["judged_on"].notna() & ~later, "input"])


def pooled(judgements: pd.DataFrame) -> dict[str, Any]:
    """Return the pooled distribution of each judged input (`analysis.methods.judgement.Pool`)."""
    from analysis.methods.judgement import linear_pool

    weights = expert_weights(judgements)
    targets = judgements[judgements["realised"].isna()].sort_values(["input", "expert"])
    return {
        str(name): linear_pool(own[NUMBERS], own["expert"].map(weights))
        for name, own in targets.groupby("input")
    }


def expert_weights(judgements: pd.DataFrame) -> dict[str, float]:
    """Return each expert's weight: by performance on the seed questions (Cooke 1991) where there
    are `FEWEST_SEEDS`, else equal; they add up to one.
    """
    from analysis.methods.judgement import performance_weights

    experts = sorted(judgements["expert"].unique())
    seeds = judgements[judgements["realised"].notna()].sort_values(["expert", "input"])
    if not weighs_by_performance(judgements):
        return dict.fromkeys(experts, 1 / len(experts))
    marks = seeds[NUMBERS[1:4]].to_numpy().reshape(len(experts), -1, 3)
    realised = seeds.groupby("input")["realised"].first().to_numpy()
    return dict(zip(experts, performance_weights(marks, realised).tolist(), strict=True))


def weighs_by_performance(judgements: pd.DataFrame) -> bool:
    """Say whether there are seed questions enough to weigh experts by."""
    seeds = judgements.loc[judgements["realised"].notna(), "input"]
    return bool(seeds.nunique() >= FEWEST_SEEDS)


def possible(row: Any) -> tuple[float, float]:
    """Return the least and the most that an input can be, in its unit: a share lies within 0 and 1,
    or -1 and 1 where its range goes below nothing; nothing else is negative, or ten times beyond
    its range.

    >>> possible({"unit": "share", "low": -0.18, "high": 0.22})
    (-1.0, 1.0)
    >>> possible({"unit": "JPY/resident", "low": 3500, "high": 15000})
    (0.0, 150000.0)
    """
    least = -1.0 if row["low"] < 0 else 0.0
    return least, 1.0 if row["unit"] == "share" else float(FAR * row["high"])


# -- what is refused


def judgement_faults(judgements: pd.DataFrame, ranges: pd.DataFrame) -> Iterator[str]:
    """Yield every fault of the judgements, each with its row, its value and its remedy; nothing
    where they can be pooled.
    """
    known = ranges.set_index("input")
    is_seed = judgements["realised"].notna()
    for place, row in judgements.iterrows():
        where = f"row {int(place) + HEADER} ({row['expert']}, {row['input']})"
        check = _seed_faults if is_seed[place] else _target_faults
        yield from (f"{where}: {said}" for said in (*_order_faults(row), *check(row, known)))
    yield from _too_few(judgements[~is_seed & judgements["input"].isin(known.index)])
    yield from _unlike_seeds(judgements[is_seed], sorted(judgements["expert"].unique()))


def _order_faults(row: pd.Series) -> Iterator[str]:
    for lower, upper in pairwise(NUMBERS):
        if not row[lower] < row[upper]:
            yield (
                f"{lower} {row[lower]:g} is not below {upper} {row[upper]:g}; ask the expert again:"
                f" {', '.join(NUMBERS)} must rise"
            )


def _target_faults(row: pd.Series, known: pd.DataFrame) -> Iterator[str]:
    from workbook.choices.faults import known_instead

    if row["input"] not in known.index:
        remedy = known_instead(row["input"], known.index)
        yield f"input_ranges has no such input; {remedy} (a seed question has a realised value)"
        return
    own = known.loc[row["input"]]
    if row["unit"] != own["unit"]:
        yield f"is in {row['unit']}; write it in {own['unit']}"
        return
    least, most = possible(own)
    beyond = [f"{name} {row[name]:g}" for name in NUMBERS if not least <= row[name] <= most]
    if beyond:
        span = f"{least:g} to {most:g} {own['unit']}"
        yield f"outside {span}: {', '.join(beyond)}; is it in the right unit?"


def _seed_faults(row: pd.Series, known: pd.DataFrame) -> Iterator[str]:
    if row["input"] in known.index:
        yield (
            f"realised {row['realised']:g}: an input of the study has no known value; leave it"
            " blank, or give the seed question a name of its own"
        )


def _too_few(targets: pd.DataFrame) -> Iterator[str]:
    for name, experts in targets.groupby("input")["expert"].nunique().items():
        if experts < FEWEST_EXPERTS:
            yield (
                f"{name}: judged by {experts} of at least {FEWEST_EXPERTS} experts; ask more, or"
                " take its rows out"
            )


def _unlike_seeds(seeds: pd.DataFrame, experts: list[str]) -> Iterator[str]:
    for name, rows in seeds.groupby("input"):
        for column in ("realised", "unit"):
            if rows[column].nunique() > 1:
                given = ", ".join(map(str, sorted(rows[column].unique())))
                yield f"{name}: {column} is {given}; a seed question has one"
        if lacking := sorted(set(experts) - set(rows["expert"])):
            yield (
                f"{name}: no answer of {', '.join(lacking)}; every expert answers every seed"
                " question, or it is taken out"
            )
