"""The table of steps: what each notebook reads, writes and shows, in the order in which they run.

The tests hold every line true; a notebook that loads, reads or writes anything else is refused.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One notebook: input tables, tables of earlier steps, tables it writes, exhibits in order, headline results."""

    name: str
    inputs: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    exhibits: tuple[str, ...]
    results: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The chapter's name in code and parameters."""
        return self.name[3:]

    @property
    def chapter(self) -> int:
        """The chapter's number."""
        return int(self.name[:2])


STEPS: tuple[Step, ...] = (
    Step("01_environment",
         inputs=("municipalities", "municipality_indicators", "tile_layout", "ward_standardisation_delays",
                 "ward_standardisation_progress", "digital_initiatives", "events_since_2022", "it_staffing"),
         reads=(),
         writes=("residents_path", "residents_trend", "body_indicators", "group_indicators", "ward_positions", "pressures",
                 "staff_per_1000", "late_systems", "ward_lateness", "ward_likeness", "initiatives"),
         exhibits=("residents", "pressures", "staffing", "late-systems", "initiatives"),
         results=("residents_change_a_year", "staff_per_1000_residents", "wards_with_late_systems")),
    Step("02_resident_cost",
         inputs=("municipalities", "municipality_indicators", "municipality_size_distribution_2017", "ict_cost_survey",
                 "published_figures", "participants", "ward_cost_points", "input_register"),
         reads=(),
         writes=("baselines", "national_moments", "national_fits", "national_curve", "scale_envelope", "ward_comparison",
                 "scope_bridge", "ward_costs", "power"),
         exhibits=("baselines", "national-curve", "fits", "scope-bridge", "ward-costs", "power"),
         results=("baseline_5y", "cost_per_resident", "national_cost_without_wards", "ward_to_national_ratio",
                  "scale_elasticity", "least_cost_size", "fixed_cost_per_body")),
    Step("03_consolidation",
         inputs=("municipalities", "participants", "consolidation_targets", "cost_shares", "coordination_factors", "ict_cost_survey",
                 "input_ranges", "input_register"),
         reads=("baselines", "scale_envelope"),
         writes=("targets", "pooling_terms", "pooling_plan", "scale_models", "instances", "coordination_band",
                 "three_or_four_map", "pooling_draws"),
         exhibits=("targets", "scale-models", "instances", "three-or-four"),
         results=("pooled_saving_share", "best_instances_core", "transition_cost")),
    Step("04_procurement",
         inputs=("municipalities", "published_figures", "category_shares", "lever_scope", "input_ranges", "input_register"),
         reads=("baselines", "pooling_plan", "pooling_terms"),
         writes=("published_target", "target_reading", "saving_curve", "levers", "sensitivity", "saving_draws"),
         exhibits=("readings", "s-curve", "levers", "tornado"),
         results=("run_rate_saving", "run_rate_saving_share", "target_ratio_p50", "target_ratio_p95", "target_probability",
                  "switching_phi")),
    Step("06_schedule",
         inputs=("workplan", "input_register", "migration_durations", "digital_initiatives"),
         reads=(),
         writes=("workplan_timing", "plan_dates", "stream_finish", "finish_curve", "merge_bias", "duration_evidence",
                 "finish_by_assumption", "schedule_draws"),
         exhibits=("gantt", "finish-dates", "streams", "durations", "finish-assumptions"),
         results=("finish_p50", "finish_p80", "probability_by_fy2025")),
    Step("09_findings",
         inputs=("municipalities",),
         reads=("ward_comparison", "scale_envelope", "scale_models", "instances", "saving_curve", "target_reading",
                "sensitivity", "stream_finish", "baselines", "published_target"),
         writes=("answers", "distance"),
         exhibits=("answers", "distance")),
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
    """Return an exhibit's number, chapter and place in the chapter; it does not move with the branch taken."""
    for step in STEPS:
        if slug in step.exhibits:
            return f"{step.chapter}.{step.exhibits.index(slug) + 1}"
    raise KeyError(f"no step declares an exhibit {slug!r}")
