"""Chapter 11: what the study means for each municipality, as the sentences above its page say it.

Every function returns one row per municipality, indexed by code, with the columns that one sentence
takes and, ending in ``_case``, which wording of it holds; a municipality of which it says nothing
is left out. Every number is a cell of an earlier chapter's table. Money is nominal yen; moments are
decimal fiscal years (2027.0 is April 2027).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis import evidence
from analysis.chapters.ward_pages.formulas import taken_up

MONTH = 1 / 12  # of a fiscal year: a year's last month begins one before the next year
STAY = "stay"
RULE = "shapley"
WORTH_SAYING = 0.05  # of an interval: what the books of one municipality take off everybody's
EVERYBODYS = ("slope", "item_level", "unevenness")  # answers of chapter 2 that books narrow


def answers(
    codes: Iterable[str], of_several: Iterable[pd.DataFrame], of_each: Iterable[pd.DataFrame]
) -> pd.DataFrame:
    """Return one row per municipality, in the order of ``codes``, with the columns of all parts.

    ``of_several`` mean nothing for one municipality alone, which shares with nobody.
    """
    in_order = [*codes]
    said = [part if len(in_order) > 1 else part.iloc[:0] for part in of_several]
    each = pd.concat([part.reindex(in_order) for part in (*said, *of_each)], axis=1)
    return each.rename_axis("code").reset_index()


def worth(wards: pd.DataFrame, options: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """Return what the best option of chapter 9 is worth to each municipality, a year.

    Where nothing is better than leaving things as they are, ``wards`` is of the next best option.
    A municipality that takes no part has no row in it and is ``outside``.
    """
    acts = options[options["option"] != STAY]
    stays = not acts["chosen"].any()
    own = wards.set_index("code").rename(columns=_levels("gain"))
    gains, left = own["gain_p50_jpy"] > 0, own["after_hours_jpy"] >= 0
    case = np.select([stays, ~gains, ~left], [STAY, "loses", "hours"], "gains")
    columns = ["gain_p50_jpy", "gain_low_jpy", "gain_high_jpy", "gains_share", "after_hours_jpy"]
    option = acts.loc[acts["yearly_mean_jpy"].idxmax(), "option"]
    table = own[columns].assign(option=option, worth_case=case).reindex(codes)
    return table.fillna({"worth_case": "outside"})


def first(calendar: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """Return the first step that falls due, the vote on it and the contract, alike for all that
    take part.
    """
    due = calendar[calendar["due"]].sort_values("place")
    vote = _first(due[due["step_id"].str.endswith("_vote")])
    contract = _first(due[due["step_id"].str.endswith("_contract")])
    said: dict[str, object] = {"first_case": "nothing" if due.empty else "step"}
    said |= _step("first", _first(due)) | _step("vote", vote)
    said |= {"contract_from": contract["starts"]}
    said |= {f"buyer_{lang}": contract[f"who_{lang}"] for lang in ("ja", "en")}
    return pd.DataFrame(said, index=[*codes])


def _first(rows: pd.DataFrame) -> pd.Series:
    """Return the first row, a blank one where there is none."""
    return rows.iloc[0] if len(rows) else pd.Series(np.nan, index=rows.columns, dtype=object)


def _step(name: str, step: pd.Series) -> dict[str, object]:
    texts = {
        f"{name}_{part}_{lang}": step[f"{part}_{lang}"]
        for part in ("who", "what")
        for lang in ("ja", "en")
    }
    return texts | {f"{name}_by": step["ends"]}


def own_work(lateness: pd.DataFrame, commitments: pd.DataFrame) -> pd.DataFrame:
    """Return what a municipality has in hand already: until when it builds internal systems of its
    own, and how many administrative functions it expects to be late with in standardisation.
    """
    late = lateness.set_index("code")["late_businesses"]
    builds = evidence.internal_builds(commitments)
    until = builds.groupby("code")["to_year"].max() + 1 - MONTH
    table = pd.DataFrame({"late": late, "bound_until": until})
    known, bound, behind = table["late"].notna(), table["bound_until"].notna(), table["late"] > 0
    cases = {"bound_late": bound & behind, "bound": bound, "late": behind, "in_time": known}
    return table.assign(own_case=np.select([*cases.values()], [*cases], ""))


def whole(winners: pd.DataFrame, rules: Iterable[str]) -> pd.DataFrame:
    """Return what a municipality gains or loses a year if everything is pooled as the report plans,
    by the Shapley value, once all is paid, and in which shares of the draws it gains under
    ``rules``.
    """
    of_pages = winners[winners["rule"].isin([*rules])].groupby("code")["gains_share"]
    own = winners[winners["rule"] == RULE].set_index("code").rename(columns=_levels("gain"))
    gains = own["gain_p50_jpy"] > 0
    return pd.DataFrame(
        {
            "whole_case": np.where(gains, "gains", "loses"),
            "whole_size_jpy": own["gain_p50_jpy"].abs(),
            "whole_low_jpy": own["gain_low_jpy"],
            "whole_high_jpy": own["gain_high_jpy"],
            "whole_share": own["gains_share"],
            "rules_low_share": of_pages.min(),
            "rules_high_share": of_pages.max(),
        }
    )


def books(narrowing: pd.DataFrame) -> pd.DataFrame:
    """Return the figure that would narrow a municipality's own answer most, and by which part."""
    most = narrowing[(narrowing["place"] == 1) & (narrowing["narrowing"] > 0)].set_index("code")
    return most[["figure", "narrowing"]].set_axis(["books_case", "narrowing"], axis=1)


def books_for_all(next_books: pd.DataFrame) -> pd.DataFrame:
    """Return which answer about all municipalities one's books would narrow most, and by which
    part; those that would narrow none by `WORTH_SAYING` are left out, and so are open books.
    """
    asked = next_books[next_books["answer"].isin(EVERYBODYS)]
    taken = asked.assign(for_all=1 - asked["left"]).sort_values("for_all", ascending=False)
    most = taken[taken["for_all"] >= WORTH_SAYING].groupby("code").first()
    return most.rename(columns={"answer": "for_all_case"})[["for_all_case", "for_all"]]


def published(
    costs: pd.DataFrame,
    budgets: pd.DataFrame,
    scopes: pd.DataFrame,
    supplied: pd.DataFrame,
    total_jpy: float,
) -> pd.DataFrame:
    """Return the latest published item with its scope beside the modelled cost, and the item of
    the year in which the model takes it up (``then``).

    A cost that the reader supplied is no model's. Without an item of some municipality the total is
    shared by residents alone.
    """
    own = costs.set_index("code")
    named = [f"{what}_{lang}" for what in ("holds", "without") for lang in ("ja", "en")]
    latest = budgets.sort_values("fiscal_year").groupby("code").last()
    then = taken_up(costs, budgets)
    table = pd.DataFrame(
        {
            "item_jpy": latest["amount_jpy"],
            "item_year": latest["fiscal_year"],
            "then_jpy": then["amount_jpy"],
            "then_year": then["fiscal_year"],
        },
        index=own.index,
    ).join(scopes.set_index("code")[named])
    table = table.assign(
        growth=table["item_jpy"] / table["then_jpy"],
        modelled_jpy=own["cost_p50_jpy"],
        total_jpy=total_jpy,
    )
    has, met = table["item_jpy"].notna(), table["then_jpy"].notna()
    conditions = [own.index.isin(supplied["code"]), met, has, met.any()]
    cases = ["supplied", "item", "item_apart", "none"]
    return table.assign(published_case=np.select(conditions, cases, "none_by_residents"))


def _levels(name: str) -> dict[str, str]:
    return {f"{name}_p10_jpy": f"{name}_low_jpy", f"{name}_p90_jpy": f"{name}_high_jpy"}
