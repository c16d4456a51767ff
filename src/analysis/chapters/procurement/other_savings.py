"""Chapter 4, evidence: what others saved by pooling and by buying together, and how well each
figure is known.

Four kinds are kept apart: a ``claim`` (said by those who saved, or set as an aim), ``ex_ante``
(worked out beforehand), ``ex_post`` (counted or audited afterwards) and ``study`` (measured by a
third party).
"""

from __future__ import annotations

import re

import pandas as pd

from analysis.methods.attribution import waterfall

KINDS = {
    "official claim": "claim",
    "self-reported": "claim",
    "target": "claim",
    "ex-ante": "ex_ante",
    "forecast": "ex_ante",
    "estimate": "ex_ante",
    "ex-post": "ex_post",
    "ex-post survey": "ex_post",
    "audited": "ex_post",
    "reported": "ex_post",
    "study": "study",
    "survey": "study",
}
MEASURED = ("ex_post", "study")
COLUMNS = [
    "evidence_id",
    "label_ja",
    "label_en",
    "quantity",
    "kind",
    "value",
    "low",
    "high",
    "standing",
    "published_on",
]
LOCAL = "P13"  # the joint buying that serves the wards
ACCOUNT = r"^saving 2015-16, by (?P<account>lever|customer): (?P<part>.+)$"


def evidence_shares(
    procurement: pd.DataFrame, pooling: pd.DataFrame, published: pd.DataFrame
) -> pd.DataFrame:
    """Return every figure of the two evidence tables that is a share, one row each, by kind; a
    saving is positive.

    ``quantity`` says what the share is of: only ``saving`` may be set against the report's own
    half, which is the first row (``claimed``). A change of cost (negative where cost falls) is
    turned into a saving. Refused: kinds of evidence that belong to none of the four.
    """
    rows = pd.concat([procurement, pooling])
    rows = rows[rows["unit"] == "share"]
    unknown = sorted(set(rows["kind"]) - set(KINDS))
    if unknown:
        raise ValueError(f"kinds of evidence without a place: {', '.join(unknown)}")
    turned = rows["quantity"] == "change"
    ends = rows[["value", "low", "high"]].where(~turned, -rows[["value", "high", "low"]].to_numpy())
    shares = rows.assign(
        **ends, kind=rows["kind"].map(KINDS), quantity=rows["quantity"].where(~turned, "saving")
    )
    claimed = published[published["figure"] == "saving_share_5y"].assign(
        label_ja="報告書", label_en="The report", quantity="claimed", kind="claim"
    )
    return pd.concat([claimed, shares], ignore_index=True)[COLUMNS]


def largest_measured_saving(shares: pd.DataFrame) -> pd.Series:
    """Return the row of `evidence_shares` with the largest saving that was counted afterwards or
    measured by a study: its ``value``, a share, and by language the ``label`` of what it was
    measured on.
    """
    measured = shares[(shares["quantity"] == "saving") & shares["kind"].isin(MEASURED)]
    row = measured.loc[measured["value"].idxmax()]
    label = {lang: row[f"label_{lang}"] for lang in ("ja", "en")}
    return pd.Series({**row, "label": label}, dtype=object)


def local_outturn(procurement: pd.DataFrame) -> pd.Series:
    """Return what the joint buying that serves the wards reports of itself: ``value`` in yen, so
    far, and ``members``, the municipalities besides Tokyo that it is said for.

    >>> row = {
    ...     "evidence_id": ["P13"],
    ...     "value": [2.3e9],
    ...     "caveat": ["cumulative, 62 municipalities"],
    ... }
    >>> local_outturn(pd.DataFrame(row)).to_dict()
    {'value': 2300000000.0, 'members': 62}
    """
    row = procurement.set_index("evidence_id").loc[LOCAL]
    (members,) = re.findall(r"(\d+) municipalities", row["caveat"])
    return pd.Series({"value": row["value"], "members": int(members)}, dtype=object)


def audited_split(procurement: pd.DataFrame) -> pd.DataFrame:
    """Return the one saving that an auditor split twice, by customer and by lever: one row per
    step, million GBP.

    The two accounts differ; the total is the customers' and what the levers leave open is a step of
    its own, ``unallocated`` (UK National Audit Office, HC 786, 2017).
    """
    named = procurement["metric"].str.extract(ACCOUNT)
    rows = procurement.join(named).dropna(subset=["account"]).sort_values("value", ascending=False)
    total = rows.loc[rows["account"] == "customer", "value"].sum()
    accounts = []
    for account in ("customer", "lever"):
        parts = rows[rows["account"] == account].set_index("part")["value"]
        accounts.append(
            waterfall(parts, total).rename(columns={"lever": "part"}).assign(account=account)
        )
    table = pd.concat(accounts, ignore_index=True)
    return table.assign(place=range(1, len(table) + 1))
