"""Chapter 5, first half: what the joint agency must do, and which legal form can do it.

Forms that cannot contract or employ are out before anything is weighed. The others are scored from
0 (worst) to 10 (best) by our reading of the articles named, as ranges; scores and weights are
sampled together (SMAA-2). Nothing here is legal advice: each article is for a lawyer to verify.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault
from analysis.methods import decision

KNOCK_OUTS = ["contracts_in_own_name", "own_staff"]
RANKS = 3  # ranks told apart; the rest are "lower"
DECISIVE = 0.6  # share of the samples that one form must be ahead in, or the two are tied
SAMPLES, SAMPLES_SEED = 20_000, 5
NAMES = ["name_ja", "name_en"]
MARKS = {"ja": "・", "en": ", "}  # between names of a list


def duties(agency_duties: pd.DataFrame) -> pd.DataFrame:
    """Return the duties and requirements in the report's order with what each asks of a legal form,
    one row each.
    """
    return agency_duties[["place", "kind", *NAMES, "asks_ja", "asks_en"]]


def form_scores(forms: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the range of each form on each criterion with the article to verify, one row each."""
    columns = ["form", "criterion", "low", "high", "article_ja", "article_en"]
    return criteria[columns].merge(forms[["form", *NAMES]], on="form", validate="many_to_one")


def form_acceptability(
    forms: pd.DataFrame, criteria: pd.DataFrame, weight_floor: float
) -> pd.DataFrame:
    """Return one row per form: what it lacks, or in which share of the samples it comes first,
    second, third, lower.

    No weighting is preferred, as long as each criterion has ``weight_floor``. Two forms are tied
    where neither is ahead of the other in more than `DECISIVE` of the samples. In the order of the
    share of first ranks, forms knocked out last. Refused: forms that can do the work but have no
    full set of scores, all named. The trap: a list of ranks without ties; a tenth of a point is no
    difference in law.
    """
    low, high = _bounds(forms, criteria)
    values = decision.overall_values(
        *decision.sampled_together(low, high, SAMPLES, SAMPLES_SEED, weight_floor)
    )
    shares = pd.DataFrame(decision.rank_acceptability(values), low.index).reindex(
        columns=range(max(RANKS, len(low))), fill_value=0
    )
    told_apart = {f"rank_{rank}_share": shares[rank - 1] for rank in range(1, RANKS + 1)}
    # a sum may round above
    shares = pd.DataFrame(told_apart | {"lower_share": shares.iloc[:, RANKS:].sum(axis=1)}).clip(
        upper=1
    )
    alike = decision.tied(values, DECISIVE)
    ties = pd.DataFrame(
        {f"tied_{lang}": [_joined(forms, low.index[row], lang) for row in alike] for lang in MARKS},
        low.index,
    )
    missing = _lacking(forms).map(";".join).replace("", None)
    table = forms[["form", *NAMES, "precedent"]].assign(
        in_report=forms["in_report"] == "yes", lacks=forms["form"].map(missing)
    )
    table = table.join(shares, on="form").join(ties, on="form")
    table = table.sort_values(
        "rank_1_share", ascending=False, kind="stable", na_position="last", ignore_index=True
    )
    return table.assign(place=range(1, len(table) + 1))


def form_flips(forms: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return which form leads at which weight of each criterion, the others weighing the same among
    themselves.

    One row per criterion and stretch of weights (``from_weight`` to ``to_weight``, 0 to 1), scores
    at the middle of their ranges; forms that lead together are joined. ``equal_weight`` is where
    all weigh the same. The trap: reading the length of a stretch as a probability.
    """
    low, high = _bounds(forms, criteria)
    middle, equal, rows = (low + high) / 2, 1 / low.shape[1], []
    for place, criterion in enumerate(middle, 1):
        weights = np.full(len(middle.columns), equal)
        for start, stop, leaders in decision.leaders_by_weight(middle, weights, place - 1):
            leading = middle.index[list(leaders)]
            rows.append(
                {
                    "place": place,
                    "criterion": criterion,
                    "from_weight": start,
                    "to_weight": stop,
                    "leader": ";".join(leading),
                    "equal_weight": equal,
                }
                | {f"leader_{lang}": _joined(forms, leading, lang) for lang in MARKS}
            )
    return pd.DataFrame(rows)


def _lacking(forms: pd.DataFrame) -> pd.Series:
    """What each form lacks of contracting and employing, a tuple by identifier of the form."""
    return decision.lacking(forms.set_index("form")[KNOCK_OUTS] == "yes")


def _bounds(forms: pd.DataFrame, criteria: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Low and high scores, form x criterion in the order of the table, of the forms that lack
    nothing.
    """
    lacks = _lacking(forms)
    able, order = lacks.index[lacks.map(len) == 0], pd.unique(criteria["criterion"])
    low, high = (
        criteria.pivot(index="form", columns="criterion", values=end).reindex(
            index=able, columns=order
        )
        for end in ("low", "high")
    )
    unscored = low.index[low.isna().any(axis=1)].tolist()
    if unscored:
        raise DataFault("form_criteria", f"no full set of scores for {', '.join(unscored)}")
    return low, high


def _joined(forms: pd.DataFrame, chosen: pd.Index, lang: str) -> str | None:
    """Names of some forms in one language, missing where there is none."""
    return MARKS[lang].join(forms.set_index("form").loc[chosen, f"name_{lang}"]) or None
