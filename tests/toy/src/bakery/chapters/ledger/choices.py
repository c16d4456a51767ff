"""What a reader may choose in chapter 3."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Ledger(Section):
    """03: the ledger."""

    flour_jpy: Whole = parameter(
        "JPY", "what a year of baking costs", "The baker's bills.", ge=0, le=10_000_000
    )


CHOICES = Ledger
