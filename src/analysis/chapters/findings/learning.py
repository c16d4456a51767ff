"""Chapter 12, what to learn next: one ranking, by what knowing it would change in the decision.

Nothing is computed here that is not in a chapter's tables: values of knowing are chapter
9's, for the choice among today's options; shares of variance, swings and widths are chapter 4's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

# what makes up chapter 3's fixed share, the one column in which chapter 9 learns the scale effect
BEHIND_SCALE = ("joint_cloud_saving", "transfer_technology", "transfer_size", "claimed_saving")
NO_GROUP = ["everything"]


def group_of_each(learned: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the group through which chapter 9 learns each input, by its name.

    >>> groups = group_of_each({"scale": ("fixed_share",), "price": ("price_effect",)})
    >>> groups["price_effect"], groups["transfer_size"]
    ('price', 'scale')
    """
    groups = {name: group for group, columns in learned.items() for name in columns}
    return groups | dict.fromkeys(BEHIND_SCALE, "scale")


def what_to_learn(
    known: pd.DataFrame,
    variance: pd.DataFrame,
    sensitivity: pd.DataFrame,
    widths: pd.DataFrame,
    alone: pd.DataFrame,
    groups: Mapping[str, str],
) -> pd.DataFrame:
    """Return one row per uncertain input under the group through which the decision learns it, the
    group that is worth most to know first.

    ``knowing_jpy`` is the value of knowing the whole group before choosing (a level sum of yen a
    year, with the error of its estimate), ``alone_jpy`` that of the one input. ``split_share`` is
    the input's share of the variance of the net saving, ``swing`` what it moves alone from one end
    of its range to the other, ``width_if_known`` the interval left if it were known (shares of the
    target; blank where not asked). A group without a graded input has a row of its own. The trap:
    to rank by the variance; what makes the answer wide need not change what is chosen.
    """
    of_groups = ~known["learned"].isin(NO_GROUP)
    known = known.loc[of_groups, ["learned", "knowing_jpy", "knowing_error_jpy"]]
    inputs = variance.dropna(subset=["evidence_grade", "split_share"])
    inputs = inputs[["input", "evidence_grade", "split_share"]].assign(
        learned=inputs["input"].map(groups)
    )
    for table, columns in (
        (alone.rename(columns={"knowing_jpy": "alone_jpy"}), ["input", "alone_jpy"]),
        (sensitivity, ["input", "swing"]),
        (widths, ["input", "width_now", "width_if_known"]),
    ):
        inputs = inputs.merge(table[columns], how="left", on="input")
    ranked = known.merge(inputs, how="outer", on="learned").sort_values(
        ["knowing_jpy", "learned", "alone_jpy", "split_share"],
        ascending=[False, True, False, False],
    )
    return ranked.assign(place=range(1, len(ranked) + 1)).reset_index(drop=True)


def widest(table: pd.DataFrame) -> pd.Series:
    """Return the input with the largest share of the variance; blank where none has any."""
    inputs = table.dropna(subset=["split_share"]).sort_values("split_share", ascending=False)
    return inputs.reset_index(drop=True).reindex([0]).iloc[0]
