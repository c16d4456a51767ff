"""What a reader may choose in chapter 4: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section, parameter


class Procurement(Section):
    """04: what buying together saves in a full year."""

    joint_price: bool = parameter(
        "yes/no", "wards buy together (price lever)", "procurement_evidence P01 to P15."
    )
    joint_demand: bool = parameter(
        "yes/no", "wards agree on one specification (demand lever)", "procurement_evidence P20."
    )


CHOICES = Procurement
