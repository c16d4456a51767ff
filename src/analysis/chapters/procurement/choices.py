"""What a reader may choose in chapter 4: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Procurement(Section):
    """04: what buying together saves in a full year."""

    joint_price: bool = parameter(
        "yes/no", "wards buy together (price lever)", "procurement_evidence P01 to P15."
    )
    joint_demand: bool = parameter(
        "yes/no", "wards agree on one specification (demand lever)", "procurement_evidence P20."
    )
    joint_suppliers: Whole = parameter(
        "count",
        "supplier families that joint contracts leave in each system group",
        "A joint tender has one winner, a framework several: C06 drew four bidders, C04 and C05"
        " mostly one. Two is judgement; 1 and suppliers_today are its ends.",
        ge=1,
        le=23,
    )


CHOICES = Procurement
