"""What a reader may choose in chapter 2."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Bread(Section):
    """02: the bread."""

    loaves_per_sack: Whole = parameter(
        "count", "loaves made of a sack of flour", "The baker's count.", ge=1, le=200
    )
    price_jpy: Whole = parameter("JPY", "price of a loaf", "What the village pays.", ge=50, le=2000)


CHOICES = Bread
