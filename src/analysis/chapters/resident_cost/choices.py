"""What a reader may choose in chapter 2: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from workbook.choices.declaring import Section, day_text, parameter

ResidentsDate = Annotated[
    Literal[
        "2016-01-01",
        "2017-01-01",
        "2018-01-01",
        "2019-01-01",
        "2020-01-01",
        "2021-01-01",
        "2022-01-01",
    ],
    BeforeValidator(day_text),
]


class ResidentCost(Section):
    """02: what ICT costs per resident."""

    residents_date: ResidentsDate = parameter(
        "date",
        "count of residents (1 January) behind every figure per resident",
        "municipality_indicators; the report's 9.6 million is the count of 2020 (published_figures:"
        " residents).",
    )
    in_scope_share: float = parameter(
        "share",
        "part of the wards' total that the national survey would count",
        "Not public. At 0.5 the wards cost about what other large municipalities do"
        " (ict_cost_survey).",
        ge=0.1,
        le=1,
    )
    dispersion_sigma: float = parameter(
        "log point",
        "assumed spread of the wards' costs around the size curve",
        "The cost of 21 wards is not public and two are no spread; 0.25 puts two wards in three"
        " within about 25 % of the curve.",
        ge=0,
        le=1,
    )


CHOICES = ResidentCost
