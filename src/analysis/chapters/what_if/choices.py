"""What a reader may choose in chapter 10: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class WhatIf(Section):
    """10: what the plan would save if a few things were otherwise."""

    state_draws_log2: Whole = parameter(
        "index",
        "each state that moves more than one lever uses 2 to this power draws",
        "At 2 to the 11th the median of the study's own state is within a tenth of a billion yen of"
        " that of all draws.",
        ge=8,
        le=17,
    )


CHOICES = WhatIf
