"""What a reader may choose in chapter 11: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section


class WardPages(Section):
    """11: has no choices of its own."""


CHOICES = WardPages
