"""What a reader may choose in chapter 1: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from typing import Literal

from workbook.choices.declaring import Rule, Section, Whole, parameter


class Environment(Section):
    """01: the state the municipalities are in."""

    residents_from: Whole = parameter(
        "year",
        "first count of residents in the trend (1 January)",
        "municipality_indicators has counts of 2016 to 2022.",
        ge=2016,
        le=2022,
    )
    residents_to: Whole = parameter(
        "year",
        "last count of residents in the trend (1 January)",
        "municipality_indicators has counts of 2016 to 2022.",
        ge=2016,
        le=2022,
    )
    mapped_indicator: Literal[
        "residents_change_share",
        "aged_share",
        "daytime_ratio",
        "local_tax_share",
        "expenditure_change_share",
        "staff_per_1000_residents",
        "staff_change_share",
        "expenditure_per_resident_jpy",
    ] = parameter(
        "text",
        "indicator drawn as a map of the wards",
        "Every indicator of municipal_indicators can be mapped; the choice moves no other number.",
    )

    # Two counts give a line without an interval.
    rules = (
        Rule(
            ("residents_to", "residents_from"),
            lambda last, first: last - first >= 2,
            "leaves fewer than three counts after residents_from",
            "choose years at least two apart",
        ),
    )


CHOICES = Environment
