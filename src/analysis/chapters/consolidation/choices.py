"""What a reader may choose in chapter 3: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Consolidation(Section):
    """03: how many platforms each group of systems is pooled into."""

    core_instances: Whole = parameter(
        "instance",
        "platforms for core systems; at most one for each of a few chosen municipalities",
        "consolidation_targets: 3 to 4.",
        ge=1,
        le=23,
    )
    internal_instances: Whole = parameter(
        "instance", "platforms for internal systems", "consolidation_targets: 1.", ge=1, le=23
    )
    communication_instances: Whole = parameter(
        "instance",
        "platforms for communication",
        "consolidation_targets: 1, as internal systems.",
        ge=1,
        le=23,
    )
    online_counter_instances: Whole = parameter(
        "instance",
        "platforms for the online counter",
        "consolidation_targets: merge, no number given.",
        ge=1,
        le=23,
    )
    infrastructure_instances: Whole = parameter(
        "instance", "platforms for infrastructure", "consolidation_targets: 1.", ge=1, le=23
    )
    data_use_instances: Whole = parameter(
        "instance",
        "platforms for data use",
        "consolidation_targets: pool knowledge, no number given.",
        ge=1,
        le=23,
    )
    suppliers_today: Whole = parameter(
        "count",
        "supplier families that the wards have today",
        "Not public; supplier_concentration: about four large vendors at the national level.",
        ge=1,
        le=23,
    )
    platform_capacity_residents: float | None = parameter(
        "resident",
        "most residents on one core platform; null: no limit",
        "No public limit; the largest designated city has 3.8 million residents (municipalities).",
        ge=9e5,
        le=1.5e7,
    )
    platform_imbalance: float | None = parameter(
        "share",
        "how far a core platform may be from an equal share of the residents; null: no limit",
        "Judgement: half to one and a half times, so that none is too small to keep its own staff.",
        ge=0,
        le=22,
    )
    supplier_concentration: float | None = parameter(
        "share",
        "most residents that one supplier family may serve in core systems; null: no limit",
        "Judgement: above three fifths one supplier sets the price.",
        ge=0.2,
        le=1,
    )


CHOICES = Consolidation
