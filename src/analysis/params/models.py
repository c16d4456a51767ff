"""The parameters: for each its type, unit, bounds, one sentence, and the evidence its bounds rest
on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from numbers import Integral
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from analysis.municipalities import GROUPS, require_codes


class Rule(NamedTuple):
    """A rule between parameters of one section; ``message`` says of the first what is wrong when it
    does not hold.
    """

    names: tuple[str, ...]
    holds: Callable[..., bool]
    message: str
    remedy: str

    def broken(self, values: Mapping[str, Any]) -> bool:
        """Say whether values by name break the rule; they are valid one by one."""
        return not self.holds(*(values[name] for name in self.names))


MONTH = r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$"  # a month, or a year that stands for its December


class Section(BaseModel):
    """The parameters of one notebook, or of the whole study: flat, strict, never changed once
    read.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    rules: ClassVar[tuple[Rule, ...]] = ()

    @model_validator(mode="after")
    def _keep_rules(self) -> Self:
        broken = [rule for rule in self.rules if rule.broken(dict(self))]
        if broken:
            raise PydanticCustomError(
                "rules",
                "{broken}",
                {"broken": "; ".join(f"{r.names[0]} {r.message}" for r in broken)},
            )
        return self


def parameter(unit: str, sentence: str, evidence: str, **bounds: Any) -> Any:
    """Return the declaration of one parameter, which has no default: ``params.yaml`` alone holds
    values.
    """
    return Field(
        description=sentence, json_schema_extra={"unit": unit, "evidence": evidence}, **bounds
    )


def whole_number(value: Any) -> Any:
    """Return 5 for 5.0 and for NumPy's 5, which are the same number; anything else as it came."""
    if isinstance(value, bool):
        return value
    whole = isinstance(value, Integral) or (isinstance(value, float) and value.is_integer())
    return int(value) if whole else value


def month_text(value: Any) -> Any:
    """Return the year 2022 and a date as the texts that stand for them; anything else as it
    came.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return day_text(value)


def day_text(value: Any) -> Any:
    """Return a date as YYYY-MM-DD, which YAML 1.1 makes of those very characters; anything else as
    it came.
    """
    return value.isoformat() if isinstance(value, date) else value


ResidentsDate = Annotated[
    Literal[
        "2016-01-01",
        "2017-01-01",
        "2018-01-01",
        "2019-01-01",
        "2020-01-01",
        "2021-01-01",
        "2022-01-01",
    ],
    BeforeValidator(day_text),
]
Whole = Annotated[int, BeforeValidator(whole_number)]
Month = Annotated[
    str,
    BeforeValidator(month_text),
    StringConstraints(pattern=MONTH),
    WithJsonSchema(
        {"type": ["string", "integer"], "pattern": MONTH, "minimum": 1900, "maximum": 2099}
    ),
]


def group_of_bodies(value: Any) -> str | list[str]:
    """Return a group's name, or its codes in order; refused: an unknown name, and a list with
    wrong, double or no codes.
    """
    if isinstance(value, str) and value in GROUPS:
        return value
    if not isinstance(value, list | tuple):
        raise PydanticCustomError("choice", "is none of the choices")
    codes = tuple(map(str, value))
    if fault := codes_fault(codes):
        raise PydanticCustomError("codes", "{said}", {"said": f"names {fault}"})
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
GroupOfBodies = Annotated[
    str | list[str],
    PlainValidator(group_of_bodies),
    WithJsonSchema({"anyOf": [{"enum": list(GROUPS), "type": "string"}, CODES]}),
]


class Study(Section):
    """Choices that every chapter sees."""

    group: GroupOfBodies = parameter(
        "text",
        "group of bodies under study, or a list of six-digit codes",
        "The 2022 report is about the 23 special wards (published_figures: wards); other groups"
        " have no published total or target.",
    )
    participants: Literal["all", "report12"] = parameter(
        "text",
        "bodies that pool: the whole group, or the 12 wards named in the report",
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

    rules = (
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


class Environment(Section):
    """01: the state the bodies are in."""

    residents_from: Whole = parameter(
        "year",
        "first count of residents in the trend (1 January)",
        "municipality_indicators has counts of 2016 to 2022.",
        ge=2016,
        le=2022,
    )
    residents_to: Whole = parameter(
        "year",
        "last count of residents in the trend (1 January)",
        "municipality_indicators has counts of 2016 to 2022.",
        ge=2016,
        le=2022,
    )
    mapped_indicator: Literal[
        "residents_change_share",
        "aged_share",
        "daytime_ratio",
        "local_tax_share",
        "expenditure_change_share",
        "staff_per_1000_residents",
        "staff_change_share",
        "expenditure_per_resident_jpy",
    ] = parameter(
        "text",
        "indicator drawn as a map of the wards",
        "Every indicator of body_indicators can be mapped; the choice moves no other number.",
    )

    # Two counts give a line without an interval.
    rules = (
        Rule(
            ("residents_to", "residents_from"),
            lambda last, first: last - first >= 2,
            "leaves fewer than three counts after residents_from",
            "choose years at least two apart",
        ),
    )


class ResidentCost(Section):
    """02: what ICT costs per resident."""

    residents_date: ResidentsDate = parameter(
        "date",
        "count of residents (1 January) behind every figure per resident",
        "municipality_indicators; the report's 9.6 million is the count of 2020 (published_figures:"
        " residents).",
    )
    in_scope_share: float = parameter(
        "share",
        "part of the wards' total that the national survey would count",
        "Not public. At 0.5 the wards cost about what other large bodies do (ict_cost_survey).",
        ge=0.1,
        le=1,
    )
    dispersion_sigma: float = parameter(
        "log point",
        "assumed spread of the wards' costs around the size curve",
        "Not public for any ward; 0.25 puts two wards in three within about 25 % of the curve.",
        ge=0,
        le=1,
    )


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
    platform_life_years: Whole = parameter(
        "year",
        "years over which the costs of joining a core platform are spread",
        "As procurement.asset_life_years; the bounds are judgement.",
        ge=1,
        le=20,
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


class Procurement(Section):
    """04: what buying together saves in a full year."""

    plan_years: Whole = parameter(
        "year",
        "length of the target window",
        "published_figures: saving_5y is over five years.",
        ge=1,
        le=15,
    )
    asset_life_years: Whole = parameter(
        "year",
        "years over which the transition is spread",
        "Joint projects state savings over ten years (S05, M12); a lease lasts five; the bounds are"
        " judgement.",
        ge=1,
        le=20,
    )
    discount_rate: float = parameter(
        "share",
        "discount rate a year",
        "4 % is the rate of Japanese public works; 1 %, 2 % and 3.5 % are compared.",
        ge=0,
        le=0.15,
    )
    joint_price: bool = parameter(
        "yes/no", "wards buy together (price lever)", "procurement_evidence P01 to P15."
    )
    joint_demand: bool = parameter(
        "yes/no", "wards agree on one specification (demand lever)", "procurement_evidence P20."
    )


class Organisation(Section):
    """05: which body, and how the wards share the cost."""

    pooling_exponent: float | None = parameter(
        "index",
        "how the platform's cost adds up over wards; null: the largest ward alone sets it",
        "No data; 2 lets every ward add to it, without a limit the largest alone counts; both are"
        " compared.",
        ge=2,
        le=64,
    )
    verdict_draws_log2: Whole = parameter(
        "index",
        "verdicts on sharing use 2 to this power draws",
        "02 stores 256 draws of each ward.",
        ge=5,
        le=8,
    )
    leaving_tolerance_jpy: float = parameter(
        "JPY/year",
        "gain below which no ward or coalition would leave",
        "Judgement: a million yen a year is below what a decision to leave would cost.",
        ge=0,
        le=1e10,
    )
    weight_floor: float = parameter(
        "share",
        "least weight of each criterion for the legal form",
        "No preferences are known: at 0 every weighting counts.",
        ge=0,
        le=0.15,
    )


class Schedule(Section):
    """06: what must be done by when."""

    deadline_fiscal_year: float = parameter(
        "fiscal_year",
        "target date; 2026.0 is the end of FY2025",
        "published_figures and consolidation_targets: by FY2025.",
        ge=2022.25,
        le=2042,
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
    appraisal_rate: float = parameter(
        "share",
        "discount rate a year of the whole-life value",
        "4 % is the rate of Japanese public works; 3.5 %, 2 % and 1 % stand beside.",
        ge=0,
        le=0.15,
    )
    ramp_months: float = parameter(
        "month",
        "months from a stream's finish to its full saving",
        "No data; old contracts run out within a fiscal year.",
        ge=0,
        le=60,
    )
    spend_growth: float = parameter(
        "share",
        "growth of the wards' spend a year, with and without pooling",
        "None is documented for the wards; 0 is flat in nominal yen.",
        ge=-0.05,
        le=0.15,
    )
    buying_body_share: float = parameter(
        "share",
        "part of the body's running cost that joint buying alone needs",
        "No data; a buying office without platforms, a quarter.",
        ge=0,
        le=1,
    )
    wait_until_fiscal_year: float = parameter(
        "fiscal_year",
        "date until which a waiting decision is put off; 2026.0 is the end of FY2025",
        "digital_initiatives: national date of standardisation, 2026-03-31.",
        ge=2022,
        le=2036,
    )

    rules = (
        Rule(
            ("core_deadline_fiscal_year", "deadline_fiscal_year"),
            lambda core, others: core >= others,
            "is before deadline_fiscal_year",
            "core systems come last: choose a later date",
        ),
    )


class Reallocation(Section):
    """07: whether freed resources become services."""

    circle_years: Whole = parameter(
        "year",
        "years after which the circle is read",
        "Joint projects state their savings over ten years (S05, M12); the bounds are judgement.",
        ge=1,
        le=40,
    )


class Outturn(Section):
    """08: what came of the plan."""

    backcast_until: Month = parameter(
        "date",
        "the back-cast uses evidence published by then; a bare year is its December",
        "The report was published in 2022-03 (published_figures F01 to F07).",
    )


class Findings(Section):
    """09: has no choices of its own."""


class Parameters(Section):
    """All choices of one run: ``study`` and one section per notebook stem."""

    study: Study
    environment: Environment
    resident_cost: ResidentCost
    consolidation: Consolidation
    procurement: Procurement
    organisation: Organisation
    schedule: Schedule
    reallocation: Reallocation
    outturn: Outturn
    findings: Findings

    def section_for(self, stem: str) -> Section:
        """Return the section of a notebook stem; a stem without one is refused with the stems there
        are.
        """
        require_section(stem)
        return getattr(self, stem)

    def flat(self, stem: str) -> dict[str, Any]:
        """Return what one notebook may know, flat by name: the choices of the study, then its
        own.
        """
        return {**self.study.model_dump(), **self.section_for(stem).model_dump()}

    def by_key(self) -> dict[str, Any]:
        """Return every choice by its dotted key, in the order of the sections."""
        return {
            f"{section}.{name}": value
            for section, names in self.model_dump().items()
            for name, value in names.items()
        }


SECTIONS: dict[str, type[Section]] = {
    name: field.annotation for name, field in Parameters.model_fields.items()
}
KEYS: tuple[str, ...] = tuple(
    f"{name}.{key}" for name, section in SECTIONS.items() for key in section.model_fields
)


def require_section(stem: str) -> None:
    """Refuse a notebook stem without a section, with the stems there are."""
    if stem not in SECTIONS:
        raise KeyError(f"no section {stem!r} in the parameters; there are: {', '.join(SECTIONS)}")


def number_text(number: float) -> str:
    """Return a bound as one would write it in the file.

    >>> number_text(0.95), number_text(23), number_text(1e10), number_text(2022.25)
    ('0.95', '23', '1e10', '2022.25')
    """
    return f"{number:g}".replace("e+", "e")


def choices(key: str) -> tuple[str, ...]:
    """Return the texts a parameter may be, or nothing where it is a number or a yes/no.

    >>> choices("study.prior_shape"), choices("study.correlation")
    (('triangular', 'uniform'), ())
    """
    schema = _schema(key)
    named = next((kind for kind in schema.get("anyOf", ()) if "enum" in kind), schema)
    return tuple(named.get("enum", [named["const"]] if "const" in named else []))


def allowed(key: str) -> str:
    """Return what the parameter with this dotted key may be, with its unit.

    >>> allowed("study.correlation"), allowed("study.prior_shape"), allowed("consolidation.core_instances")
    ('share, 0 to 0.95', 'triangular | uniform', 'instance, 1 to 23')
    """
    schema, texts = _schema(key), choices(key)
    if any(kind.get("type") == "array" for kind in schema.get("anyOf", ())):
        texts = (*texts, "[codes]")
    if texts:
        return (
            " | ".join(texts)
            if schema["unit"] == "text"
            else f"{schema['unit']}, {texts[0]} to {texts[-1]}"
        )
    if schema.get("type") == "boolean":
        return "true | false"
    kind = schema if "type" in schema else schema["anyOf"][0]
    span = (
        "YYYY-MM or YYYY"
        if "pattern" in kind
        else f"{number_text(kind['minimum'])} to {number_text(kind['maximum'])}"
    )
    return f"{schema['unit']}, {span}" + (" or null" if "anyOf" in schema else "")


@cache
def _schema(key: str) -> dict[str, Any]:
    section, name = key.split(".")
    return SECTIONS[section].model_json_schema()["properties"][name]
