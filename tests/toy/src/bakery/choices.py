"""The choices that every chapter sees."""

from __future__ import annotations

from workbook.choices.declaring import Rule, Section, parameter


class Study(Section):
    """Choices that every chapter sees."""

    fallow_share: float = parameter(
        "share",
        "part of the land that rests this year",
        "At most all of it; the village rests half.",
        ge=0,
        le=1,
    )


RULES_ACROSS: tuple[Rule, ...] = ()
CHOICES = Study
