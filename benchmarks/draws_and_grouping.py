"""How long chapters 3 and 4 take where they compute most: ``python benchmarks/draws_and_grouping.py
[RUN]``.

Printed: the best of five for 2^17 correlated draws of both chapters' model (draws, fixed shares of
all scale models, levers, transition, net saving), the error of its percentiles over scramblings,
and the grouping of the wards on 1 to 6 platforms with its proven bound, each beside the seconds it
may take; slower than that is exit code 1. RUN is a finished run (runs/baseline if not said); its
parameters are those of params.yaml.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from analysis import evidence
from analysis.chapters.consolidation import formulas as consolidation
from analysis.chapters.consolidation import platform_groups
from analysis.chapters.procurement import formulas as procurement
from analysis.chapters.procurement import spread as procurement_spread
from analysis.methods.grouping import Limits
from workbook.choices import load_parameters

ROOT = Path(__file__).parents[1]
RUN = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "runs" / "baseline"
ROUNDS = 5
MOST_SECONDS = {"draws": 2.0, "grouping": 30.0}


def table(folder: Path, name: str) -> pd.DataFrame:
    """Return one CSV of the data or of the run, with codes as text."""
    return pd.read_csv(folder / f"{name}.csv", dtype={"code": str, "other_code": str})


def seconds(work) -> tuple[float, object]:
    """Return the shortest of five rounds in seconds, and what the work made."""
    taken = []
    for _ in range(ROUNDS):
        start = perf_counter()
        made = work()
        taken.append(perf_counter() - start)
    return min(taken), made


chosen = load_parameters(ROOT / "params.yaml")
study, buying, pooling = chosen.study, chosen.procurement, chosen.consolidation
facts, tables = ROOT / "data", RUN / "tables"
plan = consolidation.Pooling.of_tables(
    table(tables, "pooling_terms"), table(tables, "pooling_plan")
)
behind = {name: table(facts, name) for name in evidence.TABLES}
ranges = evidence.ranges_known_by(
    table(facts, "input_ranges"),
    table(facts, "parameter_evidence"),
    behind,
    table(facts, "wide_priors"),
    study.evidence_until,
)
ranges = ranges[ranges["input"].isin([*consolidation.INPUTS, *procurement.INPUTS])]
shares = evidence.category_shares_known_by(
    table(facts, "category_shares"), behind["savings_evidence"], study.evidence_until
)
purchase = procurement.Purchase.of_tables(
    shares,
    table(facts, "lever_scope"),
    study.plan_years,
    study.asset_life_years,
    study.discount_rate,
    buying.joint_price,
    buying.joint_demand,
)
register = table(facts, "input_register")
sampled = (consolidation.joint_draws, ranges, register)


def whole_model() -> dict[str, pd.DataFrame]:
    """Return what the study simulates from the draws up to the plan's finish."""
    draws = consolidation.joint_draws(
        ranges, register, study.draws_log2, study.prior_shape, study.correlation
    )
    return procurement.savings_by_model(
        plan, purchase, draws, study.scale_model, consolidation.SCALE_MODELS
    )


taken, savings = seconds(whole_model)
held = [taken <= MOST_SECONDS["draws"]]
print(
    f"2^{study.draws_log2} draws of chapters 3 and 4, {len(savings)} scale models: {taken:.2f} s,"
    f" at most {MOST_SECONDS['draws']}"
)
ratios = procurement.Distance(
    plan,
    purchase,
    study.scale_model,
    procurement.published_target(table(facts, "published_figures"), study.plan_years)["value"].iloc[
        0
    ],
).ratios
print(
    procurement_spread.scrambling_errors(
        ratios,
        *sampled,
        procurement_spread.fewer_draws(study.draws_log2),
        study.prior_shape,
        study.correlation,
    ).to_string(index=False)
)

wards = platform_groups.wards_with_systems(
    table(tables, "ward_costs"), table(facts, "ward_systems")
)
draws = consolidation.joint_draws(
    ranges, register, study.stored_draws_log2, study.prior_shape, study.correlation
)
core_jpy = (
    plan.annual_jpy
    * table(tables, "pooling_terms").set_index("system_group")["spend_share"]["core"]
)
costs = platform_groups.platform_costs(
    wards,
    platform_groups.rule_distance(wards["code"], table(tables, "ward_likeness")),
    core_jpy,
    table(facts, "platform_costs"),
    plan.fixed_shares(draws)[study.scale_model].median(),
    draws,
    pooling.suppliers_today,
    study.asset_life_years,
)
limits, total = (
    Limits(
        pooling.platform_capacity_residents,
        pooling.platform_imbalance,
        pooling.supplier_concentration,
    ),
    0.0,
)
for k in range(1, 7):
    taken, grouping = seconds(partial(costs.grouped, k, limits))
    total += taken
    print(
        f"{len(wards)} wards on {k} platforms: {taken:.2f} s, {grouping.cost / 1e6:,.1f} million"
        f" yen a year, proven within {grouping.gap:.1e}"
    )
print(f"1 to 6 platforms together: {total:.2f} s, at most {MOST_SECONDS['grouping']}")
held.append(total <= MOST_SECONDS["grouping"])
sys.exit(not all(held))
