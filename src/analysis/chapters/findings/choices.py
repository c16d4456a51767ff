"""What a reader may choose in chapter 12: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section


class Findings(Section):
    """09: has no choices of its own."""


CHOICES = Findings
