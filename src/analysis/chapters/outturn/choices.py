"""What a reader may choose in chapter 8: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Month, Section, parameter


class Outturn(Section):
    """08: what came of the plan."""

    backcast_until: Month = parameter(
        "date",
        "the back-cast uses evidence published by then; a bare year is its December",
        "The report was published in 2022-03 (published_figures F01 to F07).",
    )


CHOICES = Outturn
