"""The table of steps: what each notebook reads, writes and shows, in the order in which they run.

The tests hold every line true; a notebook that loads, reads or writes anything else is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.municipalities import Group
from analysis.notebook.lineage import Source


ALONE = "alone"  # the message that says why one municipality alone lacks something


@dataclass(frozen=True)
class Step:
    """One notebook: input tables, tables of earlier steps, tables it writes, exhibits in order,
    headline results.

    ``table_words`` are how the messages begin that go into its tables, ``reasons`` those that say
    why a result has no value: these alone are part of what makes it stale.
    ``of_one`` names the exhibits, messages, text cells and results that mean something of one
    municipality alone, which pools with nobody: the message `ALONE` says why there is no other
    exhibit or result. Where it is None everything does.
    ``columns`` names those that it takes of a table it ``reads``, where it takes only some.
    ``local_exhibits`` are shown only where a local table is there; they are numbered after the
    others. A step that ``reads_headlines`` follows every earlier one. ``optional`` tables are no
    notebook's: the workbook gathers them from several runs, and the step does without them until
    they are there.
    """

    name: str
    inputs: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    exhibits: tuple[str, ...]
    results: tuple[str, ...] = ()
    local_exhibits: tuple[str, ...] = ()
    reads_headlines: bool = False
    optional: tuple[str, ...] = ()
    columns: tuple[Source, ...] = ()
    table_words: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    of_one: tuple[str, ...] | None = None

    def columns_read(self, table: str) -> tuple[str, ...]:
        """Return the columns that the step takes of a table, none where it takes all."""
        return next((source.columns for source in self.columns if source.table == table), ())

    def tells_of(self, name: str, group: Group) -> bool:
        """Say whether an exhibit, message, text cell or result means something of a group.

        >>> one = Group("chosen", ("131016",))
        >>> step_named("procurement").tells_of("evidence", one), step_named("procurement").tells_of("levers", one)
        (True, False)
        """
        return len(group.codes) > 1 or self.of_one is None or name in self.of_one

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every result table it reads, with the columns that it takes."""
        return tuple(
            Source(table, self.columns_read(table)) for table in (*self.reads, *self.optional)
        )

    @property
    def words_written(self) -> tuple[str, ...]:
        """How the messages begin that go into its tables and results."""
        return (*self.table_words, *self.reasons, *((ALONE,) if self.of_one is not None else ()))

    @property
    def numbered(self) -> tuple[str, ...]:
        """Every exhibit the notebook may show, in the order of its number."""
        return (*self.exhibits, *self.local_exhibits)

    @property
    def stem(self) -> str:
        """The chapter's name in code and parameters."""
        return self.name[3:]

    @property
    def chapter(self) -> int:
        """The chapter's number."""
        return int(self.name[:2])


RESIDENTS_OF_EACH = Source("ward_costs", ("code", "residents"))

STEPS: tuple[Step, ...] = (
    Step(
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
            "body_indicators",
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
    ),
    Step(
        "02_resident_cost",
        inputs=(
            "municipalities",
            "municipality_indicators",
            "municipality_size_distribution_2017",
            "ict_cost_survey",
            "published_figures",
            "participants",
            "ward_cost_points",
            "input_register",
            "ict_cost",
        ),
        reads=(),
        writes=(
            "baselines",
            "national_moments",
            "national_fits",
            "national_curve",
            "scale_envelope",
            "ward_comparison",
            "scope_bridge",
            "ward_costs",
            "ward_cost_draws",
            "power",
            "size_leverage",
            "observed_costs",
            "unevenness",
            "unevenness_parts",
            "lorenz",
            "cost_function",
            "specifications",
            "ward_influence",
        ),
        exhibits=(
            "baselines",
            "national-curve",
            "fits",
            "scope-bridge",
            "ward-costs",
            "unevenness",
            "power",
        ),
        results=(
            "baseline_5y",
            "cost_per_resident",
            "national_cost_without_wards",
            "ward_to_national_ratio",
            "scale_elasticity",
            "least_cost_size",
            "fixed_cost_per_body",
            "observed_elasticity",
            "observed_gini",
        ),
        local_exhibits=("lorenz", "coefficients", "specification-curve", "influence"),
        reasons=("no-total", "no-supplied-cost"),
    ),
    Step(
        "03_consolidation",
        inputs=(
            "municipalities",
            "participants",
            "consolidation_targets",
            "cost_shares",
            "coordination_factors",
            "ict_cost_survey",
            "input_ranges",
            "input_register",
            "tile_layout",
            "ward_systems",
            "platform_costs",
            "parameter_evidence",
            "wide_priors",
            "savings_evidence",
            "procurement_evidence",
            "reference_cases",
            "optimism_bias",
            "supplier_concentration",
            "ward_cost_points",
            "municipal_cost_points",
            "migration_durations",
            "published_figures",
            "legal_forms",
        ),
        reads=("baselines", "scale_envelope", "ward_costs", "ward_likeness"),
        columns=(RESIDENTS_OF_EACH,),
        writes=(
            "targets",
            "pooling_terms",
            "pooling_plan",
            "scale_models",
            "fixed_share_steps",
            "instances",
            "coordination_band",
            "three_or_four_map",
            "pooling_draws",
            "platform_options",
            "platform_members",
            "platforms",
            "grouping_check",
        ),
        exhibits=(
            "whole-picture",
            "targets",
            "scale-models",
            "fixed-share",
            "instances",
            "three-or-four",
            "who-with-whom",
            "forcing-k",
            "grouping-check",
        ),
        results=("pooled_saving_share", "best_instances_core", "transition_cost"),
        of_one=("question", "targets"),
    ),
    Step(
        "04_procurement",
        inputs=(
            "municipalities",
            "published_figures",
            "category_shares",
            "lever_scope",
            "input_ranges",
            "input_register",
            "parameter_evidence",
            "wide_priors",
            "savings_evidence",
            "procurement_evidence",
            "reference_cases",
            "optimism_bias",
            "supplier_concentration",
            "ward_cost_points",
            "municipal_cost_points",
            "migration_durations",
            "legal_forms",
        ),
        reads=("baselines", "pooling_plan", "pooling_terms"),
        writes=(
            "published_target",
            "target_reading",
            "saving_curve",
            "levers",
            "audited_split",
            "sensitivity",
            "switching",
            "variance_shares",
            "widths_if_known",
            "condition_map",
            "condition_today",
            "tail_sensitivity",
            "scrambling_errors",
            "evidence_shares",
            "saving_draws",
        ),
        exhibits=(
            "readings",
            "s-curve",
            "levers",
            "tornado",
            "switching",
            "variance",
            "condition-map",
            "tail",
            "evidence",
        ),
        results=(
            "run_rate_saving",
            "run_rate_saving_share",
            "target_ratio_p50",
            "target_ratio_p95",
            "target_probability",
            "switching_phi",
        ),
        reasons=("no-target", "no-fixed-share"),
        of_one=("question", "evidence"),
    ),
    Step(
        "05_organisation",
        inputs=(
            "body_duties",
            "legal_forms",
            "form_criteria",
            "participants",
            "tile_layout",
            "migration_durations",
            "input_ranges",
            "input_register",
            "parameter_evidence",
            "wide_priors",
            "savings_evidence",
            "procurement_evidence",
            "reference_cases",
            "optimism_bias",
            "supplier_concentration",
            "ward_cost_points",
            "municipal_cost_points",
            "published_figures",
        ),
        reads=(
            "baselines",
            "ward_costs",
            "ward_cost_draws",
            "pooling_draws",
            "pooling_plan",
            "pooling_terms",
            "saving_draws",
        ),
        columns=(RESIDENTS_OF_EACH,),
        writes=(
            "duties",
            "form_scores",
            "form_acceptability",
            "form_flips",
            "cost_shares_by_rule",
            "winners_losers",
            "net_verdicts",
            "temptation",
            "rival_readings",
            "central_verdicts",
            "nucleolus_proof",
            "coordination_test",
            "charge_map",
            "participants_saving",
            "participation",
            "meeting_table",
        ),
        exhibits=(
            "duties",
            "forms",
            "shares",
            "temptation",
            "shares-map",
            "participants",
            "rival-readings",
            "meeting-table",
        ),
        results=(
            "bodies_worse_off_per_resident",
            "most_tempted_excess",
            "largest_shapley_share",
            "participants_only_saving",
        ),
        reasons=("none-named",),
        of_one=("question",),
    ),
    Step(
        "06_schedule",
        inputs=(
            "workplan",
            "input_register",
            "migration_durations",
            "digital_initiatives",
            "input_ranges",
            "category_shares",
            "lever_scope",
            "parameter_evidence",
            "wide_priors",
            "savings_evidence",
            "procurement_evidence",
            "reference_cases",
            "optimism_bias",
            "supplier_concentration",
            "ward_cost_points",
            "municipal_cost_points",
            "published_figures",
            "legal_forms",
        ),
        reads=("pooling_terms", "pooling_plan", "saving_draws"),
        writes=(
            "workplan_timing",
            "plan_dates",
            "stream_finish",
            "finish_curve",
            "merge_bias",
            "duration_evidence",
            "finish_by_assumption",
            "schedule_draws",
            "paths",
            "windows",
            "delay",
            "date_and_money",
            "date_and_money_shares",
            "decisions",
            "evppi",
        ),
        exhibits=(
            "gantt",
            "finish-dates",
            "streams",
            "durations",
            "finish-assumptions",
            "cumulative",
            "windows",
            "joint",
            "decisions",
            "waiting",
        ),
        results=(
            "finish_p50",
            "finish_p80",
            "probability_by_fy2025",
            "gross_saving_from_start",
            "npv_whole_life",
            "payback_year",
            "delay_cost_per_month",
            "joint_confidence",
        ),
        reasons=("no-payback",),
        of_one=("question",),
    ),
    Step(
        "07_reallocation",
        inputs=(
            "municipalities",
            "municipality_indicators",
            "participants",
            "it_staffing",
            "input_ranges",
            "input_register",
        ),
        reads=("pooling_terms", "pooling_plan", "saving_draws", "target_reading"),
        writes=(
            "it_staff",
            "platforms_to_run",
            "hours_stages",
            "money_stages",
            "circle_points",
            "circle_regimes",
            "circle_map",
            "circle_start",
            "circle_conditions",
            "circle_by_assumption",
        ),
        exhibits=(
            "today-and-aim",
            "circle",
            "circle-start",
            "circle-conditions",
            "circle-assumptions",
        ),
        results=("staff_freed", "hours_freed", "circle_multiplier"),
        reasons=("no-multiple",),
        of_one=("question",),
    ),
    Step(
        "08_outturn",
        inputs=(
            "events_since_2022",
            "standardisation_delay",
            "core_system_costs",
            "workplan",
            "category_shares",
            "lever_scope",
            "input_ranges",
            "input_register",
            "parameter_evidence",
            "wide_priors",
            "savings_evidence",
            "procurement_evidence",
            "reference_cases",
            "optimism_bias",
            "supplier_concentration",
            "ward_cost_points",
            "municipal_cost_points",
            "migration_durations",
            "published_figures",
            "legal_forms",
        ),
        reads=(
            "pooling_terms",
            "pooling_plan",
            "saving_draws",
            "published_target",
            "workplan_timing",
            "plan_dates",
        ),
        writes=(
            "timeline",
            "report_deadlines",
            "what_came",
            "late_bodies",
            "both_arms",
            "back_cast_money",
            "back_cast_cost",
            "back_cast_dates",
            "known_ranges",
            "reference_outcomes",
            "reference_classes",
        ),
        exhibits=(
            "outturn",
            "what-came",
            "late-bodies",
            "both-arms",
            "back-cast",
            "known-ranges",
            "reference-classes",
        ),
        results=("backcast_target_ratio", "running_cost_multiple", "bodies_on_time_share"),
        table_words=("came_saving",),
        reasons=("no-target",),
        of_one=(
            "question",
            "outturn",
            "what-came",
            "late-bodies",
            "known-ranges",
            "reference-classes",
            "method",
            "limits",
            "running_cost_multiple",
            "bodies_on_time_share",
        ),
    ),
    Step(
        "09_findings",
        inputs=("municipalities", "tile_layout"),
        reads=(
            "ward_comparison",
            "scale_envelope",
            "scale_models",
            "instances",
            "saving_curve",
            "target_reading",
            "stream_finish",
            "baselines",
            "published_target",
            "variance_shares",
            "widths_if_known",
            "decisions",
            "evppi",
            "winners_losers",
            "temptation",
        ),
        writes=("answers", "distance", "weak_and_heavy", "scenario_comparison", "net_gain_map"),
        exhibits=("answers", "distance", "scenarios", "winners-losers", "weak-and-heavy"),
        reads_headlines=True,
        optional=("scenarios",),
        table_words=("question_", "answer_", "change_", "rivals_", "undefined"),
        of_one=("question", "answers", "checks", "method", "limits"),
    ),
)


def step_named(name: str) -> Step:
    """Return the step of a notebook; an unknown name is refused with the names there are."""
    for step in STEPS:
        if name in (step.name, step.stem):
            return step
    raise KeyError(f"no notebook {name!r}; there are: {', '.join(step.name for step in STEPS)}")


def writer_of(table: str) -> Step:
    """Return the step that writes a result table."""
    for step in STEPS:
        if table in step.writes:
            return step
    raise KeyError(f"no notebook writes a table {table!r}")


def exhibit_number(slug: str) -> str:
    """Return an exhibit's number, chapter and place in the chapter; it does not move with the
    branch taken.
    """
    for step in STEPS:
        if slug in step.numbered:
            return f"{step.chapter}.{step.numbered.index(slug) + 1}"
    raise KeyError(f"no step declares an exhibit {slug!r}")
