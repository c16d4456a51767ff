"""What was known by when: the ranges a forecast may use if it is made from evidence published up to
a month.

Chapters 3 and 4 bind their inputs with it, chapter 8 its back-cast. ``published_on`` is a day, a
month or a year; a bare year counts as its December, and a page without a date as later than any
month. A range that rests on any later row is not trimmed but replaced by its declared wide prior:
whoever set it in 2026 had seen the later row, and cannot unlearn it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.data_fault import DataFault
from analysis.inputs import EVIDENCE
from analysis.judged import as_judged_by

TABLES = EVIDENCE
BOUNDS = ["low", "central", "high"]
INTERNAL = "内部情報系"  # how published commitments call internal systems
PILOTS = "S09"  # the row of savings_evidence that holds the pilots
SURVEY = r"^share of (?P<groups>\d+) groups with a reduction of (?P<level>\d+)% or more$"
UNDATED = "undated"  # sorts behind every month: nobody can say that it was known by any
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")


def month_known(published_on: str) -> str:
    """Return the month by which a text dated by day, month or year was out; a bare year is its
    December. One that is undated is so behind every month.

    >>> month_known("2022"), month_known("2022-03"), month_known("2022-03-31")
    ('2022-12', '2022-03', '2022-03')
    >>> month_known("undated") > month_known("2099")
    True
    """
    if published_on == UNDATED:
        return UNDATED
    if not DATE.fullmatch(published_on):
        raise ValueError(f"{published_on!r} is no year, month or day")
    return published_on[:7] if "-" in published_on else f"{published_on}-12"


def rows_behind(
    parameter_evidence: pd.DataFrame, evidence_tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return every row behind an input with the month it was known: ``input``, ``evidence_id``,
    ``table``, ``known_on``. Rows that were looked at and move no range are behind none.

    ``evidence_tables`` holds the tables of `TABLES` by name. Refused, all named: rows that their
    table does not hold, and rows without ``published_on``.
    """
    dates = pd.concat(
        [
            frame[["evidence_id", "published_on"]].assign(table=name)
            for name, frame in evidence_tables.items()
        ]
    )
    bearing = parameter_evidence[parameter_evidence["moves_range"]]
    rows = bearing[["input", "evidence_id", "table"]].merge(
        dates, how="left", on=["table", "evidence_id"], validate="many_to_one", indicator="found"
    )
    absent = rows.loc[rows["found"] == "left_only", "evidence_id"]
    undated = rows.loc[
        (rows["found"] == "both") & (rows["published_on"].fillna("").str.strip() == ""),
        "evidence_id",
    ]
    if len(absent) or len(undated):
        raise DataFault(
            "parameter_evidence",
            f"evidence that no table holds: {', '.join(absent) or 'none'}; "
            f"without published_on: {', '.join(undated) or 'none'}",
        )
    return rows.assign(known_on=rows["published_on"].map(month_known)).drop(
        columns=["published_on", "found"]
    )


def ranges_known_by(
    ranges: pd.DataFrame,
    parameter_evidence: pd.DataFrame,
    evidence_tables: Mapping[str, pd.DataFrame],
    wide_priors: pd.DataFrame,
    evidence_until: str | None,
) -> pd.DataFrame:
    """Return ``ranges`` as a forecaster could have set them by the month ``evidence_until`` (None:
    as they stand).

    Same rows, order and columns. A range keeps its bounds if all rows behind it were out by then,
    or if none is behind it (a judgement, whose prior is wide already); otherwise the bounds of
    ``wide_priors`` take their place. A judgement of experts made by then stands, whatever rows came
    later; one made after it is put back first. Refused, all named: ranges that need a wide prior
    and have none.
    """
    if evidence_until is None:
        return ranges
    ranges, judged = as_judged_by(ranges, month_known(evidence_until))
    rows = rows_behind(parameter_evidence, evidence_tables)
    later = set(rows.loc[rows["known_on"] > month_known(evidence_until), "input"]) - judged
    later &= set(ranges["input"])
    wide = wide_priors.set_index("input")
    if missing := sorted(later - set(wide.index)):
        raise DataFault("wide_priors", f"no wide prior for {', '.join(missing)}: add rows")
    widened = ranges["input"].isin(later)
    bounds = ranges[BOUNDS].astype(float)
    bounds.loc[widened] = wide.loc[ranges.loc[widened, "input"], BOUNDS].to_numpy(dtype=float)
    return ranges.assign(**bounds)


def durations_known_by(
    workplan: pd.DataFrame,
    migration: pd.DataFrame,
    wide_priors: pd.DataFrame,
    evidence_until: str | None,
) -> pd.DataFrame:
    """Return the work plan with durations as a forecaster could have set them by then (None: as
    they stand).

    A task that rests on any step of ``migration_durations`` of which a row came later has its short
    and long duration multiplied by the wide prior ``task_duration``; its most likely one by the
    prior's centre.
    """
    if evidence_until is None:
        return workplan
    late_rows = migration["published_on"].map(month_known) > month_known(evidence_until)
    late_steps = set(migration.loc[late_rows, "step"])
    rests_on_late = (
        workplan["evidence_steps"]
        .fillna("")
        .str.split(";")
        .map(lambda steps: bool(late_steps & set(steps)))
    )
    factors = wide_priors.set_index("input").loc["task_duration", BOUNDS]
    points = {
        point: workplan[point].astype(float).where(~rests_on_late, workplan[point] * factor)
        for point, factor in zip(("low_months", "mode_months", "high_months"), factors, strict=True)
    }
    return workplan.assign(**points)


def known_ranges(
    ranges: pd.DataFrame,
    known: pd.DataFrame,
    parameter_evidence: pd.DataFrame,
    evidence_tables: Mapping[str, pd.DataFrame],
    evidence_until: str,
) -> pd.DataFrame:
    """Return what each input's range rests on at a month: one row per input that rests on any, in
    the order of ``ranges``.

    ``rows_known`` and ``rows_later`` count its rows, ``latest`` is the last month of all;
    ``widened`` says whether the bounds of ``known`` (from `ranges_known_by`) differ from those of
    ``ranges``. Judgements without rows are left out.
    """
    rows = rows_behind(parameter_evidence, evidence_tables)
    rows["later"] = rows["known_on"] > month_known(evidence_until)
    per_input = rows.groupby("input").agg(
        rows_behind=("later", "size"), rows_later=("later", "sum"), latest=("known_on", "max")
    )
    table = ranges[["input", "unit", *BOUNDS]].join(known[BOUNDS].add_suffix("_known"))
    table = table.join(per_input, on="input", how="inner").reset_index(drop=True)
    widened = (
        table[BOUNDS].to_numpy() != table[[f"{bound}_known" for bound in BOUNDS]].to_numpy()
    ).any(axis=1)
    return table.assign(
        place=range(1, len(table) + 1),
        rows_known=table["rows_behind"] - table["rows_later"],
        widened=widened,
    ).drop(columns="rows_behind")


def category_shares_known_by(
    category_shares: pd.DataFrame, savings_evidence: pd.DataFrame, evidence_until: str | None
) -> pd.DataFrame:
    """Return the shares of cost categories as they could be set by then (None: as they stand); same
    rows and columns.

    The split of core systems is that of the government cloud pilots (row `PILOTS`). Before their
    report was out, each category of core systems has the same share of spend.
    """
    published = savings_evidence.set_index("evidence_id").at[PILOTS, "published_on"]
    if evidence_until is None or month_known(published) <= month_known(evidence_until):
        return category_shares
    core = category_shares["system_group"] == "core"
    return category_shares.assign(central=category_shares["central"].mask(core, 1 / core.sum()))


def groups_at_least(pooling: pd.DataFrame) -> pd.Series:
    """Return what a survey of groups says of how many reached a level, the largest survey first:
    ``groups`` asked, the ``level`` as a share, and the share ``reaching`` it.

    The trap: the level is where the survey drew its line. How many reached a higher one is unknown,
    so that no saving above it can be said not to have been measured.

    >>> metric = "share of 18 groups with a reduction of 30% or more"
    >>> row = {"quantity": ["groups_reaching"], "metric": [metric], "value": [0.5]}
    >>> groups_at_least(pd.DataFrame(row)).to_dict()
    {'groups': 18.0, 'level': 0.3, 'reaching': 0.5}
    """
    asked = pooling[pooling["quantity"] == "groups_reaching"]
    named = asked["metric"].str.extract(SURVEY).astype(float)
    found = named.assign(level=named["level"] / 100, reaching=asked["value"]).dropna()
    return found.sort_values("groups", ascending=False).iloc[0]


def internal_builds(commitments: pd.DataFrame) -> pd.DataFrame:
    """Return the published commitments to build internal systems, one row each."""
    return commitments[commitments["subject_ja"].str.contains(INTERNAL)]
