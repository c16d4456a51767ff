"""What a reader may choose in chapter 9: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from typing import Literal

from workbook.choices.declaring import Section, parameter


class Decision(Section):
    """9: what to decide from today."""

    outturn_reading: Literal["additional", "gross", "half", "none"] = parameter(
        "text",
        "what the joint buyer's published result (P13) is taken to cover: additional savings, those"
        " before additionality, municipalities' half of it, or nothing that is learnt from",
        "procurement_evidence P13: one cumulative figure without scope or counterfactual; exhibit"
        " 9.3 shows all four readings.",
    )


CHOICES = Decision
