"""Chapter 1 on the national standardisation of core systems: who is late with which business, and
who is alike.

``delays`` is ``ward_standardisation_delays``: one row per ward and standardised business (and the
shared functions) with whether it is expected to finish late. ``code`` is the six-digit local
government code.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from analysis.data_fault import DataFault
from analysis.methods.likeness import cluster_order, cluster_tree, matching_share
from workbook.units import decimal_fiscal_year

BUSINESSES = {
    "住民基本台帳": "Resident register",
    "印鑑登録": "Seal registration",
    "戸籍": "Family register",
    "戸籍の附票": "Family register supplement",
    "選挙人名簿管理": "Electoral roll",
    "個人住民税": "Individual inhabitant tax",
    "法人住民税": "Corporate inhabitant tax",
    "固定資産税": "Fixed asset tax",
    "軽自動車税": "Light vehicle tax",
    "就学": "School enrolment",
    "国民年金": "National pension",
    "国民健康保険": "National health insurance",
    "後期高齢者医療": "Medical care from age 75",
    "介護保険": "Long-term care insurance",
    "障害者福祉": "Disability welfare",
    "生活保護": "Public assistance",
    "健康管理": "Health administration",
    "児童手当": "Child allowance",
    "児童扶養手当": "Child-rearing allowance",
    "子ども・子育て支援": "Childcare support",
    "共通機能": "Shared functions",
}


def of_municipalities(delays: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the rows of some municipalities; none where one of them has no row: half a comparison
    would read as a whole one.
    """
    own = delays[delays["code"].isin(codes)].reset_index(drop=True)
    return own if set(codes) <= set(own["code"]) else own.iloc[:0]


def late_systems(delays: pd.DataFrame) -> pd.DataFrame:
    """Return which standardised businesses each ward expects to finish late, with places along both
    margins.

    One row per ward and business, in ``delays`` (``ward_standardisation_delays``) and returned.
    Positions from 1 set like wards, and like businesses, side by side; an inapplicable business has
    none. Refused: a business without an English name, and a ward without a row for a business, all
    named.
    """
    if delays.empty:
        return pd.DataFrame(
            columns=[
                "code",
                "business_ja",
                "business_en",
                "late",
                "applicable",
                "ward_position",
                "business_position",
            ]
        )
    states = _late_states(delays)
    wards, businesses = (
        pd.Series(range(1, len(rows) + 1), rows.index[cluster_order(rows)])
        for rows in (states, states.T)
    )
    return pd.DataFrame(
        {
            "code": delays["code"],
            "business_ja": delays["business_ja"],
            "business_en": delays["business_ja"].map(BUSINESSES),
            "late": delays["delayed"],
            "applicable": delays["applicable"],
            "ward_position": delays["code"].map(wards),
            "business_position": delays["business_ja"].map(businesses).astype("Int64"),
        }
    )


def ward_lateness(delays: pd.DataFrame, progress: pd.DataFrame) -> pd.DataFrame:
    """Return each ward's number of late businesses, against the agency's own total and the progress
    of its steps.

    One row per ward of ``delays``. The trap: ``progress_share`` is the mean share of procedure
    steps done, not of systems in service.
    """
    if delays.empty:
        return pd.DataFrame(columns=["code", "late_businesses", "published_late", "progress_share"])
    late = _late_states(delays).sum(axis=1)
    seen = progress.set_index("code").reindex(late.index)  # the agency's table holds every ward
    return pd.DataFrame(
        {
            "late_businesses": late,
            "published_late": seen["delayed_systems"],
            "progress_share": seen["step_progress"],
        }
    ).reset_index(names="code")


def ward_likeness(delays: pd.DataFrame) -> pd.DataFrame:
    """Return, for each pair of wards, the share of applicable businesses in which both are late or
    both are in time.

    One row per unordered pair, ``code`` before ``other_code``; ``both_late`` counts the businesses
    late in both.
    """
    if delays.empty:
        return pd.DataFrame(columns=["code", "other_code", "likeness_share", "both_late"])
    states = _late_states(delays)
    likeness, both = matching_share(states), states.to_numpy() @ states.to_numpy().T
    pairs = [
        (states.index[i], states.index[j], likeness[i, j], both[i, j])
        for i, j in combinations(range(len(states)), 2)
    ]
    return pd.DataFrame(pairs, columns=["code", "other_code", "likeness_share", "both_late"])


def likeness_tree(delays: pd.DataFrame) -> pd.DataFrame:
    """Return how the wards join by likeness in lateness, one row per join, as
    `likeness.cluster_tree` gives it.

    ``left`` and ``right`` are positions along the wards' order of `late_systems`, from 1.
    """
    if delays.empty:
        return pd.DataFrame(
            columns=[
                "left",
                "right",
                "left_share",
                "right_share",
                "likeness_share",
                "municipalities",
            ]
        )
    tree = cluster_tree(_late_states(delays))
    return tree.assign(left=tree["left"] + 1, right=tree["right"] + 1)


def national_delay(
    history: pd.DataFrame, lateness: pd.DataFrame, studied: str = "tokyo23"
) -> pd.DataFrame:
    """Return the share of municipalities with late systems at each date, for the nation and, at the
    last date, for the wards.

    ``history`` is ``standardisation_delay``, ``lateness`` as from `ward_lateness`. The trap:
    prefectures and all municipalities are in the national count (1,788); it is municipalities with
    any late system, not systems.
    """
    nation = pd.DataFrame(
        {
            "scope": "nation",
            "as_of": history["as_of"],
            "late_municipalities": history["municipalities_with_delayed_systems"],
            "municipalities": history["municipalities"],
        }
    )
    wards = pd.DataFrame(
        {
            "scope": studied,
            "as_of": [nation["as_of"].max()],
            "late_municipalities": [int((lateness["late_businesses"] > 0).sum())],
            "municipalities": [len(lateness)],
        }
    )
    table = pd.concat([nation, wards], ignore_index=True) if len(lateness) else nation
    dates = pd.to_datetime(table["as_of"]).dt.date
    return table.assign(
        fiscal_year=dates.map(decimal_fiscal_year),
        late_share=table["late_municipalities"] / table["municipalities"],
    )


def _late_states(delays: pd.DataFrame) -> pd.DataFrame:
    applicable = delays[delays["applicable"] == "yes"]
    states = applicable.pivot(index="code", columns="business_ja", values="delayed")
    unnamed = sorted(set(delays["business_ja"]) - set(BUSINESSES))
    gaps = [
        f"{code} {business}"
        for code, row in states.iterrows()
        for business in row.index[row.isna()]
    ]
    if unnamed or gaps:
        raise DataFault(
            "ward_standardisation_delays",
            f"businesses without an English name: {unnamed}; wards without a row: {gaps}",
        )
    return states.astype(int)
