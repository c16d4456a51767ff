"""What a reader may choose in chapter 5: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Organisation(Section):
    """05: which form the joint agency takes, and how the wards share the cost."""

    pooling_exponent: float | None = parameter(
        "index",
        "how the platform's cost adds up over wards; null: the largest ward alone sets it",
        "No data; 2 lets every ward add to it, without a limit the largest alone counts; both are"
        " compared.",
        ge=2,
        le=64,
    )
    verdict_draws_log2: Whole = parameter(
        "index",
        "verdicts on sharing use 2 to this power draws",
        "02 stores 256 draws of each ward.",
        ge=5,
        le=8,
    )
    leaving_tolerance_jpy: float = parameter(
        "JPY/year",
        "gain below which no ward or coalition would leave",
        "Judgement: a million yen a year is below what a decision to leave would cost.",
        ge=0,
        le=1e10,
    )
    weight_floor: float = parameter(
        "share",
        "least weight of each criterion for the legal form",
        "No preferences are known: at 0 every weighting counts.",
        ge=0,
        le=0.15,
    )


CHOICES = Organisation
