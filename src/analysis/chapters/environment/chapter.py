"""What chapter 1 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "01_environment",
    inputs=(
        "municipalities",
        "municipality_indicators",
        "tile_layout",
        "ward_standardisation_delays",
        "ward_standardisation_progress",
        "standardisation_delay",
        "digital_initiatives",
        "events_since_2022",
        "it_staffing",
    ),
    reads=(),
    writes=(
        "residents_path",
        "residents_trend",
        "municipal_indicators",
        "group_indicators",
        "expenditure_path",
        "ward_positions",
        "pressures",
        "ward_map",
        "staff_per_1000",
        "late_systems",
        "ward_lateness",
        "ward_likeness",
        "likeness_tree",
        "national_delay",
        "initiatives",
    ),
    exhibits=(
        "residents",
        "pressures",
        "expenditure-path",
        "ward-map",
        "staffing",
        "late-systems",
        "likeness",
        "national-delay",
        "initiatives",
    ),
    results=("residents_change_a_year", "staff_per_1000_residents", "wards_with_late_systems"),
    reasons=("no-list-of-late-systems",),
)
