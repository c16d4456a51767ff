"""What a reader may choose in chapter 1."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Harvest(Section):
    """01: the harvest."""

    sacks_per_km2: Whole = parameter(
        "count", "sacks that a square kilometre gives", "The miller's count.", ge=1, le=10_000
    )


CHOICES = Harvest
