"""What a reader may choose in chapter 7: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Reallocation(Section):
    """07: whether freed resources become services."""

    circle_years: Whole = parameter(
        "year",
        "years after which the circle is read",
        "Joint projects state their savings over ten years (S05, M12); the bounds are judgement.",
        ge=1,
        le=40,
    )


CHOICES = Reallocation
