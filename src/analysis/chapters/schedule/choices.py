"""What a reader may choose in chapter 6: type, unit, bounds, and the evidence they rest on."""

from __future__ import annotations

from workbook.choices.declaring import Section, Whole, parameter


class Schedule(Section):
    """06: what must be done by when."""

    cost_delay_correlation: float = parameter(
        "share",
        "correlation of what all costs and what all durations have in common",
        "No local data; NASA (2015, Cost Estimating Handbook, appendix J) draws cost and schedule"
        " together; 0 and 0.9 stand beside.",
        ge=0,
        le=0.95,
    )
    allowed_years: float = parameter(
        "year",
        "years from the start until all but core systems are due; 4 as the report allows",
        "published_figures and consolidation_targets: by FY2025, four years after the report.",
        ge=0.25,
        le=20,
    )
    core_deadline_fiscal_year: float = parameter(
        "fiscal_year",
        "date for core systems; 2031.0 is the end of FY2030",
        "events_since_2022: national window for systems that are hard to move.",
        ge=2022.25,
        le=2042,
    )
    duration_factor: float = parameter(
        "ratio",
        "multiplies every duration of the work plan",
        "migration_durations ground the durations; the factor asks what if.",
        ge=0.25,
        le=4,
    )
    common_cause: float = parameter(
        "share",
        "part of the spread of durations that all tasks share",
        "No data; above 0.95 all tasks are one.",
        ge=0,
        le=0.95,
    )
    appraisal_years: Whole = parameter(
        "year",
        "years over which the plan is appraised, from its start",
        "Joint projects state savings over ten years (S05, M12), and the work plan needs about"
        " eight before all of it runs.",
        ge=6,
        le=40,
    )
    renewal_share: float = parameter(
        "share",
        "price of renewing what a move bought, once its life is over, as a part of the move's",
        "No data; 1 is what chapter 4 charges, whose annuity goes on while the platform runs.",
        ge=0,
        le=1,
    )
    ramp_months: float = parameter(
        "month",
        "months from a stream's finish to its full saving",
        "No data; old contracts run out within a fiscal year.",
        ge=0,
        le=60,
    )
    cost_growth: float = parameter(
        "share",
        "growth of all costs a year in constant prices: spend, moves and agency, with and without"
        " pooling",
        "0 is growth with prices in general; two wards' budgets grew by more, for more services"
        " (observed_ict_budgets).",
        ge=-0.05,
        le=0.15,
    )
    running_cost_multiple: float = parameter(
        "ratio",
        "running cost of core systems as a multiple of the baseline's, pooled or not",
        "savings_evidence: 1.6 in Tokyo (S12), 2.3 in core cities (S11), 1.08 in the pilots (S09);"
        " 1 is the report's level, from which the other chapters start.",
        ge=0.5,
        le=4,
    )
    buying_agency_share: float = parameter(
        "share",
        "part of the agency's running cost that joint buying alone needs",
        "No data; a buying office without platforms, a quarter.",
        ge=0,
        le=1,
    )
    wait_until_fiscal_year: float = parameter(
        "fiscal_year",
        "date until which a waiting decision is put off; 2031.0 is the end of FY2030",
        "events_since_2022: national window for systems that are hard to move, to FY2030; seen from"
        " 2022, the national date of standardisation (digital_initiatives, 2026-03-31).",
        ge=2022.25,
        le=2042,
    )


CHOICES = Schedule
