"""Chapter 12, one number, one value: every quantity that the chapters give more than once, its
headline, and where a second value stands.

A headline is a median of all draws with P10 and P90, and is said as it is. Every other value says
how it differs; a test over a finished run holds the sentences to it. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from workbook.units import format_value

LANGUAGES = ("ja", "en")
MARKS = {"ja": "、", "en": "; "}  # between the ways in which a value differs
RESULTS = "results"  # stands for the headline results in the place of a table
BASELINE, SCALE_MODEL, WIDEST = "@baseline", "@scale_model", "@widest"  # as the run has them
OWN = {"baseline": BASELINE, "scale_model": SCALE_MODEL}


@dataclass(frozen=True)
class Cell:
    """Where a value stands: a column of the one row of a table that ``row`` names, its unit, the
    chapter that shows it, and how it ``differs`` from the headline (none: it is the headline).
    """

    table: str
    column: str
    unit: str = ""
    chapter: int = 0
    row: Mapping[str, object] = field(default_factory=dict)
    differs: tuple[str, ...] = ()


def _result(name: str, *differs: str) -> Cell:
    return Cell(RESULTS, name, differs=differs)


def _lever(step: str, *differs: str) -> Cell:
    return Cell("levers", "mean_jpy", "JPY/year", 4, {"step": step}, ("mean", *differs))


def _window(window: str, *differs: str) -> Cell:
    return Cell("windows", "p50_jpy", "JPY", 6, {"window": window}, differs)


def _option(option: str, column: str, *differs: str) -> Cell:
    return Cell("decisions", column, "JPY", 6, {"option": option}, differs)


def _today(column: str, unit: str, *differs: str) -> Cell:
    return Cell("decision_options", column, unit, 9, {"chosen": True}, differs)


def _reading(reading: str, *differs: str) -> Cell:
    row = {"reading": reading, **OWN}
    return Cell("target_reading", "saving_p50_jpy", "JPY", 4, row, differs)


def _together(level: str, *differs: str) -> Cell:
    row = {"level": level}
    return Cell("coordination_test", "saving_jpy", "JPY/year", 5, row, differs)


# the first of each is the headline
QUANTITIES: dict[str, tuple[Cell, ...]] = {
    "plan_value": (
        _result("npv_whole_life"),
        _option("core_chosen", "npv_mean_jpy", "mean"),
        _option("wait", "npv_p50_jpy", "waits"),
    ),
    "decision": (_result("decision_value"), _today("yearly_mean_jpy", "JPY/year", "mean")),
    "margin": (_result("decision_margin"),),
    "flip_weight": (_result("decision_flip_weight"),),
    "buying_value": (
        Cell("decision_advice", "yearly_p50_jpy", "JPY/year", 9, {"line": "buying"}),
        _option("buying_only", "npv_p50_jpy", "reports_options"),
        _option("buying_only", "npv_mean_jpy", "mean", "reports_options"),
    ),
    "buying_saving": (
        Cell("buying_outturn", "saving_p50_jpy", "JPY/year", 9, {"reading": "none"}),
        Cell("what_if_single", "net_p50_jpy", "JPY/year", 10, {"level": "buying_only"}, ("net",)),
    ),
    "net_saving": (
        _result("run_rate_saving"),
        _reading("net", "years"),
        _lever("net"),
        _window("run_rate_net", "years", "stored"),
        Cell("both_arms", "net_p50_jpy", "JPY/year", 8, {"source_id": "tokyo"}, ("after_move",)),
        Cell("money_stages", "p50", "JPY/year", 7, {"stage": "freed"}, ("stored",)),
    ),
    "gross_saving": (
        _reading("gross"),
        _lever("gross", "a_year"),
        _window("run_rate_gross", "stored"),
        _result("gross_saving_from_start", "from_start"),
    ),
    "pooling": (
        _result("pooled_saving_share"),
        _lever("instances", "uptake"),
        Cell(
            "participants_saving",
            "saving_p50_jpy",
            "JPY/year",
            5,
            {"wards_in": "all_wards"},
            ("one_platform", "before_loss"),
        ),
        _together("none", "central", "one_platform", "before_loss"),
        _together("p50", "central", "one_platform", "after_loss"),
    ),
    "core_platforms": (
        _result("best_instances_core"),
        Cell(
            "platform_options",
            "platforms",
            "instance",
            3,
            {"best": True},
            ("of_these_municipalities",),
        ),
    ),
    "transition": (
        _result("transition_cost"),
        _lever("transition", "a_year"),
        _window("commitment", "commitment"),
    ),
    "widest_share": (
        Cell("variance_shares", "split_share", "share", 4, {"input": WIDEST}),
        Cell("variance_shares", "share", "share", 4, {"input": WIDEST}, ("own_part",)),
    ),
}
TABLES = tuple(
    dict.fromkeys(
        cell.table for cells in QUANTITIES.values() for cell in cells if cell.table != RESULTS
    )
)


def value_of(
    cell: Cell,
    tables: Mapping[str, pd.DataFrame],
    headlines: pd.DataFrame,
    chosen: Mapping[str, object],
) -> float | None:
    """Return the value that stands in a cell, none where the run has no such row or no value;
    refused: more than one row. ``chosen`` says what the run has for ``@…``.
    """
    if cell.table == RESULTS:
        value = headlines.at[cell.column, "value"]
    else:
        rows = tables[cell.table]
        for column, wanted in cell.row.items():
            rows = rows[rows[column] == chosen.get(str(wanted), wanted)]
        if len(rows) > 1:
            raise ValueError(f"{cell.table}: {len(rows)} rows where {dict(cell.row)}")
        value = rows[cell.column].iloc[0] if len(rows) else None
    return None if value is None or pd.isna(value) else float(value)


def correspondences(
    tables: Mapping[str, pd.DataFrame],
    headlines: pd.DataFrame,
    chosen: Mapping[str, object],
    words: Mapping[str, Mapping[str, str]],
) -> pd.DataFrame:
    """Return one row per quantity and value, the headline first: what it is, the value as it is
    written, the chapter that shows it, and how it differs from the headline, in both languages.

    ``words`` holds ``quantity_…`` and ``differs_…``. Values that the run does not have are left
    out.
    """
    rows = []
    for quantity, cells in QUANTITIES.items():
        for cell in cells:
            value = value_of(cell, tables, headlines, chosen)
            if value is not None:
                rows.append(_row(quantity, cell, value, headlines, words))
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def _row(
    quantity: str,
    cell: Cell,
    value: float,
    headlines: pd.DataFrame,
    words: Mapping[str, Mapping[str, str]],
) -> dict[str, object]:
    of_results = cell.table == RESULTS
    unit = headlines.at[cell.column, "unit"] if of_results else cell.unit
    row: dict[str, object] = {
        "headline": not cell.differs,
        "chapter": int(headlines.at[cell.column, "chapter"]) if of_results else cell.chapter,
    }
    for lang in LANGUAGES:
        differs = MARKS[lang].join(words[lang][f"differs_{how}"] for how in cell.differs)
        row |= {
            f"quantity_{lang}": words[lang][f"quantity_{quantity}"],
            f"value_{lang}": format_value(value, unit, lang),
            f"differs_{lang}": differs or words[lang]["differs_not"],
        }
    return row
