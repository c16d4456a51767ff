"""The choices that every chapter sees, and the group of municipalities that they name."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from analysis.groups import GROUPS
from office_tables.local_codes import require_codes
from workbook.choices.declaring import Month, Rule, Section, Whole, parameter, refused
from workbook.units import month_begins

CODES_REMEDY = "write six-digit codes as in data/municipalities.csv, in [ ]"


def group_of_municipalities(value: Any) -> str | list[str]:
    """Return a group's name, or its codes in order; refused: an unknown name, and a list with
    wrong, double or no codes.
    """
    if isinstance(value, str) and value in GROUPS:
        return value
    if not isinstance(value, list | tuple):
        raise PydanticCustomError("choice", "is none of the choices")
    codes = tuple(map(str, value))
    if fault := codes_fault(codes):
        raise refused(f"names {fault}", CODES_REMEDY)
    return sorted(codes)


@lru_cache(maxsize=4)  # every scenario has the same group
def codes_fault(codes: tuple[str, ...]) -> str | None:
    """Return what is wrong with the codes of a group; None where nothing is."""
    try:
        require_codes(codes)
    except ValueError as fault:
        return f"what is {fault}"
    twice = sorted(code for code, times in Counter(codes).items() if times > 1)
    if twice:
        return f"{', '.join(twice)} twice"
    return None if codes else "nobody"


CODE = {"type": ["string", "integer"], "pattern": "^[0-9]{6}$"}
CODES = {"type": "array", "items": CODE, "minItems": 1}
GroupOfMunicipalities = Annotated[
    str | list[str],
    PlainValidator(group_of_municipalities),
    WithJsonSchema({"anyOf": [{"enum": list(GROUPS), "type": "string"}, CODES]}),
]


class Study(Section):
    """Choices that every chapter sees."""

    group: GroupOfMunicipalities = parameter(
        "text",
        "group of municipalities under study, or a list of six-digit codes",
        "The 2022 report is about the 23 special wards (published_figures: wards); other groups"
        " have no published total or target.",
    )
    participants: Literal["all", "report12"] = parameter(
        "text",
        "municipalities that pool: the whole group, or the 12 wards named in the report",
        "participants lists the twelve and their roles.",
    )
    baseline: Literal["implied", "mayors_2020", "own"] = parameter(
        "text",
        "5-year cost without pooling: 332 bn, 400 bn or your own",
        "published_figures: baseline_5y_implied (1,660 / 0.5) and baseline_5y_mayors_2020"
        " contradict each other, so both are kept.",
    )
    baseline_own_5y_jpy: float | None = parameter(
        "JPY",
        "your own baseline over 5 years, only with baseline: own",
        "Bounds are a thirtieth and six times the implied 332 bn: wide, but they catch yen given in"
        " thousands.",
        ge=1e10,
        le=2e12,
    )
    plan_years: Whole = parameter(
        "year",
        "years over which savings and the target are counted",
        "published_figures: saving_5y is over five years; for other years the target is put on the"
        " same years (docs/decisions 0017).",
        ge=1,
        le=15,
    )
    scale_model: Literal["cross_section", "joint_cloud", "source_report"] = parameter(
        "text",
        "rival reading of what pooling saves",
        "ict_cost_survey; savings_evidence S01 to S03; published_figures: saving_share_5y.",
    )
    prior_shape: Literal["triangular", "uniform"] = parameter(
        "text",
        "shape of every assumed range",
        "No data choose the shape; results are shown under both.",
    )
    correlation: float = parameter(
        "share",
        "common part of the spread within a block of related inputs",
        "No data; 0, 0.3 and 0.5 are compared. Above 0.95 a block is one input.",
        ge=0,
        le=0.95,
    )
    draws_log2: Whole = parameter(
        "index",
        "results use 2 to this power points",
        "Below 2^10 scramblings differ visibly; above 2^20 memory ends.",
        ge=10,
        le=20,
    )
    stored_draws_log2: Whole = parameter(
        "index",
        "tables keep 2 to this power draws",
        "A subset of the points; P90 needs some hundreds of draws.",
        ge=8,
        le=20,
    )
    evidence_until: Month | None = parameter(
        "date",
        "forecast inputs rest on evidence published by then; a bare year is its December",
        "published_on of the evidence tables; ranges that rest on later rows take their wide prior"
        " (wide_priors).",
    )
    decision_date: Month = parameter(
        "date",
        "month from which the plan could start; what was spent before it is sunk",
        "From 2022-04, the month after the report (published_figures F01 to F07), to the end of"
        " FY2029: the national window for systems that are hard to move closes a year later"
        " (events_since_2022). The study's own is the first April after its tables were last"
        " retrieved (data package). A bare year is its December.",
    )

    asset_life_years: Whole = parameter(
        "year",
        "years that what a transition buys lasts, in every chapter",
        "Joint projects state savings over ten years (S05, M12); a lease lasts five; the bounds are"
        " judgement.",
        ge=1,
        le=20,
    )
    discount_rate: float = parameter(
        "share",
        "real discount rate a year, in every chapter",
        "4 % is the rate of Japanese public works; 1 %, 2 % and 3.5 % are compared.",
        ge=0,
        le=0.15,
    )

    rules = (
        Rule(
            ("decision_date",),
            lambda month: "2022-04" <= f"{month}-12"[:7] <= "2030-03",
            "is before 2022-04 or after 2030-03",
            "write a month between them, as 2027-04",
        ),
        Rule(
            ("baseline_own_5y_jpy", "baseline"),
            lambda own, baseline: baseline != "own" or own is not None,
            "is missing, though baseline is own",
            "write your 5-year cost in yen",
        ),
        Rule(
            ("baseline_own_5y_jpy", "baseline"),
            lambda own, baseline: baseline == "own" or own is None,
            "is given, though baseline is not own",
            "write null, or choose baseline: own",
        ),
        Rule(
            ("stored_draws_log2", "draws_log2"),
            lambda stored, made: stored <= made,
            "is above draws_log2",
            "store at most as many draws as are made",
        ),
    )


# between parameters of two sections, by their dotted keys
RULES_ACROSS: tuple[Rule, ...] = (
    Rule(
        ("study.plan_years", "schedule.appraisal_years"),
        lambda counted, appraised: counted <= appraised,
        "is above schedule.appraisal_years",
        "count savings over fewer years, or appraise the plan over more",
    ),
    Rule(
        ("schedule.wait_until_fiscal_year", "study.decision_date"),
        lambda waited, decided: waited > month_begins(decided),
        "is not after study.decision_date",
        "waiting ends after the decision: choose a later date",
    ),
    Rule(
        ("schedule.core_deadline_fiscal_year", "schedule.allowed_years", "study.decision_date"),
        lambda core, allowed, decided: core >= month_begins(decided) + allowed,
        "is before all but core systems are due (study.decision_date and schedule.allowed_years)",
        "core systems come last: choose a later date",
    ),
)
CHOICES = Study
