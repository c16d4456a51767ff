"""Chapter 2, resident cost: what ICT costs per resident, how that compares, and whether size
explains it.

Money is nominal yen, a year unless a name says ``5y``; ``code`` is the six-digit local government
code. What two wards publish is in `published_budgets` and
enters nothing here: whatever is said of a single ward is modelled.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.data_fault import DataFault
from analysis.methods import cost_function as curves
from analysis.methods.survey_bands import published_moments, size_nodes
from analysis.methods.uncertainty import joint_uniforms, quantiles

WARDS, TAMA, DESIGNATED = "tokyo23", "tama26", "designated20"
SURVEY_DATE = "2017-01-01"  # the register behind the survey of FY2017
WARD_SIZE = 400_000  # residents, close to the mean ward: where the curves are read
YEARS = 5  # the published totals are over five years
FEWEST_FOR_A_SLOPE = 3  # municipalities: a slope and its error
CENTRAL = ("log_quadratic", "all_municipalities")
# most expensive case: prefectural duties raise their cost to this times the curve
DESIGNATED_FACTOR = 1.3
CLOSE_FIT = 0.05  # a form that misses no moment by more is called close
# where the drawn curve and the search for the cheapest size begin
SMALLEST, GRID_POINTS = 2_000, 36
# both sides of every bend and step, so that none is drawn cut off
CORNERS = (50_000, 100_000, 199_999, 200_000)
LOWEST_SCOPE = 0.1  # the least in_scope_share a run may choose
BASELINES = {"implied": "baseline_5y_implied", "mayors_2020": "baseline_5y_mayors_2020"}
SAMPLES = {
    "report12": (),
    "tokyo23": (WARDS,),
    "with_tama26": (WARDS, TAMA),
    "with_designated20": (WARDS, TAMA, DESIGNATED),
}
CURVE = "national_curve"  # the total of a group for which none is published
# dimension of the first municipality that the register of inputs does not know
FIRST_UNREGISTERED = 1_000
QUANTITIES = {
    "scale_elasticity": ("elasticity", "ratio"),
    "least_cost_size": ("least_cost_size", "person"),
    "fixed_cost": ("fixed_cost_jpy", "JPY/municipality/year"),
}
# the rest is noise
DIGITS = {"max_residual_share": 6, "elasticity": 6, "cost_at_ward_size_jpy": 2, "fixed_cost_jpy": 0}
Fits = dict[tuple[str, str], curves.Fit]


def residents_on(municipalities: pd.DataFrame, indicators: pd.DataFrame, date: str) -> pd.DataFrame:
    """Return every municipality's ``code``, ``group``, ``named_group`` and registered ``residents``
    on a date, by code.

    The groups differ where a hand-made group is under study (`municipalities.Group.marked`).
    Refused: municipalities without a count on that date, all named.
    """
    counts = indicators[
        (indicators["indicator"] == "residents") & (indicators["period"] == date)
    ].set_index("code")
    by_municipality = municipalities[["code", "group"]].assign(
        named_group=municipalities.get("named_group", municipalities["group"]),
        residents=municipalities["code"].map(counts["value"]),
    )
    missing = by_municipality.loc[by_municipality["residents"].isna(), "code"].tolist()
    if missing:
        raise DataFault(
            "municipality_indicators", f"no residents on {date} for {', '.join(missing)}"
        )
    return by_municipality.sort_values("code", ignore_index=True)


def taking_part(
    by_municipality: pd.DataFrame, named: pd.DataFrame, group: str, participants: str
) -> pd.DataFrame:
    """Return the municipalities of a group that take part: ``all``, or ``report12``, those the
    report names.

    ``by_municipality`` as from `residents_on`. Refused: any other choice, and named municipalities
    outside the group.
    """
    members = by_municipality[by_municipality["group"] == group].reset_index(drop=True)
    if participants == "all":
        return members
    strangers = sorted(set(named["code"]) - set(members["code"]))
    if participants != "report12" or strangers:
        raise ValueError(
            f"participants {participants!r} of {group}: all or report12; not in it:"
            f" {strangers or 'none'}"
        )
    return members[members["code"].isin(named["code"])].reset_index(drop=True)


def baselines(
    figures: pd.DataFrame,
    group_residents: float,
    part_residents: float,
    chosen: str,
    own_5y_jpy: float | None = None,
) -> pd.DataFrame:
    """Return the rival totals of the wards side by side, one row each; ``in_use`` marks the run's
    own.

    Each is the total of the whole group, scaled by residents when only a part takes part: cost per
    resident stays. Refused: an unknown choice, ``own`` without its total, a total without ``own``.
    The trap: averaging rivals.
    """
    if chosen not in (*BASELINES, "own"):
        raise ValueError(f"unknown baseline {chosen!r}; known: {', '.join(BASELINES)}, own")
    if (chosen == "own") != (own_5y_jpy is not None):
        raise ValueError("baseline_own_5y_jpy belongs to `baseline: own`, and only there")
    rows = figures.set_index("figure").loc[
        list(BASELINES.values()), ["value", "low", "high", "standing"]
    ]
    rows = rows.set_axis(list(BASELINES), axis="index")
    if own_5y_jpy is not None:
        rows.loc["own"] = [float(own_5y_jpy), np.nan, np.nan, "supplied"]
    scaled = rows[["value", "low", "high"]].astype(float) * (part_residents / group_residents)
    return pd.DataFrame(
        {
            "baseline": rows.index,
            "total_5y_jpy": scaled["value"],
            "low_5y_jpy": scaled["low"],
            "high_5y_jpy": scaled["high"],
            "annual_jpy": scaled["value"] / YEARS,
            "residents": int(part_residents),
            "cost_per_resident_jpy": scaled["value"] / YEARS / part_residents,
            "standing": rows["standing"],
            "in_use": rows.index == chosen,
        }
    ).reset_index(drop=True)


def totals_of_some_wards(
    figures: pd.DataFrame,
    by_municipality: pd.DataFrame,
    part: pd.DataFrame,
    chosen: str,
    own_5y_jpy: float | None = None,
) -> pd.DataFrame:
    """Return the wards' rival totals scaled by residents to some of them, ``part``, as `baselines`
    does for participants.

    ``by_municipality`` as from `residents_on`; ``own_5y_jpy`` is a total of ``part`` itself and is
    not scaled. The trap: this is the mean of all wards times residents, so it says nothing of how
    expensive these wards are.
    """
    wards = by_municipality.loc[by_municipality["named_group"] == WARDS, "residents"].sum()
    some = part["residents"].sum()
    of_all = None if own_5y_jpy is None else own_5y_jpy * wards / some
    return baselines(figures, wards, some, chosen, of_all)


def totals_of_the_wards(figures: pd.DataFrame, by_municipality: pd.DataFrame) -> pd.DataFrame:
    """Return the two published totals of Tokyo's special wards, whichever group is under study: the
    curves need them.
    """
    residents = by_municipality.loc[by_municipality["named_group"] == WARDS, "residents"].sum()
    return baselines(figures, residents, residents, "implied")


def curve_totals(fits: Fits, part: pd.DataFrame, own_5y_jpy: float | None = None) -> pd.DataFrame:
    """Return the totals of a group for which none is published, in the columns of `baselines`.

    T is the sum over municipalities of residents times the central curve's cost per resident at
    their size: modelled. ``low`` and ``high`` are the range over all forms and compositions
    (designated cities more expensive where that is the composition). A total of one's own stands
    next to it and is the one in use. The trap: it says what such municipalities cost on average in
    the nation, in the survey's scope; no figure of these municipalities is in it.
    """
    dearer = np.where(part["named_group"] == DESIGNATED, DESIGNATED_FACTOR, 1.0)
    totals = {
        key: (
            YEARS
            * float(
                (
                    fit.curve(part["residents"])
                    * part["residents"]
                    * (dearer if key[1] == "designated_dearer" else 1)
                ).sum()
            )
        )
        for key, fit in fits.items()
    }
    rows = pd.DataFrame(
        {
            "total_5y_jpy": [totals[CENTRAL]],
            "low_5y_jpy": min(totals.values()),
            "high_5y_jpy": max(totals.values()),
            "standing": "modelled",
        },
        index=[CURVE],
    )
    if own_5y_jpy is not None:
        rows.loc["own"] = [float(own_5y_jpy), np.nan, np.nan, "supplied"]
    people = int(part["residents"].sum())
    return (
        rows.rename_axis("baseline")
        .reset_index()
        .assign(
            annual_jpy=lambda table: table["total_5y_jpy"] / YEARS,
            residents=people,
            cost_per_resident_jpy=lambda table: table["annual_jpy"] / people,
            in_use=lambda table: table.index == len(table) - 1,
        )
    )


def survey_moments(survey: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Return the means and totals of the survey of FY2017 by size of municipality, as
    `survey_bands.published_moments`.
    """
    return published_moments(
        survey, {"mean_cost_per_resident": "mean", "band_total_cost": "total"}, sizes
    )


def _largest_band(
    moments: pd.DataFrame, by_municipality: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame]:
    """The survey's total of the largest municipalities, and those inside it."""
    large = moments[(moments["statistic"] == "total") & np.isinf(moments["residents_below"])].iloc[
        0
    ]
    return large, by_municipality[by_municipality["residents"] >= large["residents_from"]]


def ward_comparison(
    moments: pd.DataFrame,
    by_municipality: pd.DataFrame,
    rivals: pd.DataFrame,
    in_scope_share: float,
    studied: str = WARDS,
) -> pd.DataFrame:
    """Return what the wards cost against the *other* large municipalities, one row per rival
    baseline.

    ``by_municipality`` as from `residents_on` at the survey's date. Wards of at least 200,000
    residents are inside the survey's total, so the others cost (total - c_w R_w) / (R - R_w) per
    resident.
    Refused: baselines under which the wards alone exceed that total. The trap: dividing by the mean
    of all large municipalities, which contains the wards.

    Another group's total is held against the survey only where it is the researcher's own: what is
    read off the curve comes from the survey, and a part of the wards' total says no more than the
    whole. Their ``ratio`` is then missing.
    """
    large, inside = _largest_band(moments, by_municipality[by_municipality["group"] == studied])
    total, residents, ward_residents = (
        large["published"],
        int(large["residents"]),
        int(inside["residents"].sum()),
    )
    # what the curve gives is in the survey's scope
    scope = np.where(rivals["baseline"] == CURVE, 1.0, in_scope_share)
    cost = rivals["cost_per_resident_jpy"] * scope
    observed = (rivals["baseline"] == "own") | (studied == WARDS)
    other = ((total - cost * ward_residents) / (residents - ward_residents)).where(observed)
    if (other <= 0).any():
        raise ValueError(
            "the wards alone would cost more than all large municipalities together under "
            + ", ".join(rivals.loc[other <= 0, "baseline"])
        )
    return pd.DataFrame(
        {
            "baseline": rivals["baseline"],
            "in_scope_share": scope,
            "ward_cost_per_resident_jpy": cost,
            "wards_inside": len(inside),
            "wards_inside_residents": ward_residents,
            "large_municipalities": int(large["municipalities"]),
            "large_residents": residents,
            "large_total_jpy": total,
            "large_cost_per_resident_jpy": large["per_resident"],
            "other_municipalities": int(large["municipalities"]) - len(inside),
            "other_cost_per_resident_jpy": other,
            "ratio": cost / other,
            "in_use": rivals["in_use"],
        }
    )


def scope_bridge(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return both costs per resident as more of the wards' total falls inside the survey's scope,
    per baseline.

    Points: the ``lowest`` share a run may choose, ``level`` where wards and others cost the same,
    the ``run``'s own, ``whole``. Both lines are straight. Level solves s c_w = (T - s c_w R_w) / (R
    - R_w): s = T / (R c_w). The trap: holding the others' cost while the wards' falls; what is
    known is the total of both.
    """
    blocks = []
    for row in comparison.itertuples():
        stated = row.ward_cost_per_resident_jpy / row.in_scope_share
        share = np.array(
            [LOWEST_SCOPE, row.large_cost_per_resident_jpy / stated, row.in_scope_share, 1.0]
        )
        other = (row.large_total_jpy - share * stated * row.wards_inside_residents) / (
            row.large_residents - row.wards_inside_residents
        )
        blocks.append(
            pd.DataFrame(
                {
                    "baseline": row.baseline,
                    "point": ["lowest", "level", "run", "whole"],
                    "in_scope_share": share,
                    "ward_cost_per_resident_jpy": share * stated,
                    "other_cost_per_resident_jpy": other,
                    "ratio": share * stated / other,
                }
            )
        )
    return pd.concat(blocks, ignore_index=True)


def national_fits(
    moments: pd.DataFrame,
    sizes: pd.DataFrame,
    by_municipality: pd.DataFrame,
    rivals: pd.DataFrame,
    in_scope_share: float,
) -> Fits:
    """Return every form fitted to the moments under every composition, by (form, composition).

    Compositions: all municipalities on one curve; the wards inside the largest band off it, at
    their stated cost, per baseline; designated cities more expensive than the curve. Arguments as
    in `ward_comparison`.
    Refused: a baseline that leaves the other large municipalities too little of the survey's total;
    the total then holds more than the survey counts, and the remedy is named.
    """
    nodes, plain = size_nodes(sizes), moments.assign(stated_jpy=0.0)
    large, wards = _largest_band(moments, by_municipality[by_municipality["named_group"] == WARDS])
    cities = by_municipality[by_municipality["named_group"] == DESIGNATED]
    cases = {
        CENTRAL[1]: (nodes, plain),
        "designated_dearer": (_with_municipalities(nodes, cities, DESIGNATED_FACTOR - 1), plain),
    }
    for name, cost in zip(rivals["baseline"], rivals["cost_per_resident_jpy"], strict=True):
        stated = (moments["moment"] == large["moment"]) * (
            cost * in_scope_share * wards["residents"].sum()
        )
        cases[f"without_wards_{name}"] = (
            _with_municipalities(nodes, wards, -1.0),
            moments.assign(stated_jpy=stated),
        )
    try:
        return {
            (form, case): curves.fit_curve(form, *cases[case])
            for form in curves.FORMS
            for case in cases
        }
    except ValueError as fault:
        dearest = rivals["cost_per_resident_jpy"].max() * in_scope_share
        raise ValueError(
            f"at {dearest:,.0f} yen per resident the wards leave the other large municipalities"
            f" too little"
            " of the survey's total: these costs cover more than the survey counts. Lower"
            f" resident_cost.in_scope_share, or supply core and internal systems only ({fault})"
        ) from fault


def _with_municipalities(
    nodes: pd.DataFrame, by_municipality: pd.DataFrame, weight: float
) -> pd.DataFrame:
    """Nodes with each of these municipalities counted ``weight`` times more (-1: taken out)."""
    return pd.concat(
        [nodes, by_municipality[["residents"]].assign(municipalities=weight)], ignore_index=True
    )


def moments_table(fits: Fits, moments: pd.DataFrame) -> pd.DataFrame:
    """Return each published moment against what each fit makes of it; ``residual_share`` = fitted /
    published - 1.
    """
    printed = moments[["moment", "residents_from", "residents_below", "unit", "published"]].assign(
        residents_below=moments["residents_below"].replace(np.inf, np.nan),
        published_per_resident_jpy=moments["per_resident"],
    )
    missed = {
        key: fit.residual_share.round(DIGITS["max_residual_share"]) + 0.0
        for key, fit in fits.items()
    }
    return pd.concat(
        [
            printed.assign(
                form=form,
                composition=case,
                fitted=moments["published"] * (1 + share),
                residual_share=share,
            )
            for (form, case), share in missed.items()
        ],
        ignore_index=True,
    )


def fits_table(fits: Fits, by_municipality: pd.DataFrame) -> pd.DataFrame:
    """Return what each fit says at the size of a ward (400,000 residents), one row per form and
    composition.

    ``least_cost_size`` is missing where cost per resident still falls at the largest municipality.
    The trap: reading a curve at the size of pooled wards to price a merger; no ward is that large.
    """
    return pd.DataFrame(
        [
            {
                "form": form,
                "composition": case,
                "max_residual_share": fit.max_residual_share,
                "elasticity": curves.elasticity(fit.curve, WARD_SIZE),
                "cost_at_ward_size_jpy": float(fit.curve(WARD_SIZE)),
                "least_cost_size": curves.least_cost_size(
                    fit.curve, SMALLEST, by_municipality["residents"].max()
                ),
                "fixed_cost_jpy": fit.fixed_cost_jpy,
            }
            for (form, case), fit in fits.items()
        ]
    ).round(DIGITS)


def curve_table(fits: Fits, by_municipality: pd.DataFrame) -> pd.DataFrame:
    """Return cost per resident along each form, all municipalities on one curve, from 2,000
    residents to the largest municipality.
    """
    grid = np.geomspace(SMALLEST, by_municipality["residents"].max(), GRID_POINTS).round()
    sizes = np.unique([*grid, *CORNERS]).astype(int)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "form": form,
                    "residents": sizes,
                    "cost_per_resident_jpy": fit.curve(sizes).round(2),
                }
            )
            for (form, case), fit in fits.items()
            if case == CENTRAL[1]
        ],
        ignore_index=True,
    )


def scale_envelope(table: pd.DataFrame) -> pd.DataFrame:
    """Return the range of each scale quantity over all fits; ``central`` is one named fit, not a
    mean.

    ``table`` as from `fits_table`. ``close_low`` and ``close_high`` keep fits that miss no moment
    by more than 5 %. Central: the quadratic in logs on all municipalities; for the fixed cost,
    which it lacks, the closest fit that has one. An end is missing where some fit has none. The
    trap: an interval from rounding leaves out the choice of form.
    """
    rows, fixed = [], table["form"].map(lambda form: curves.FORMS[form].fixed is not None)
    for quantity, (column, unit) in QUANTITIES.items():
        having = table[fixed] if column == "fixed_cost_jpy" else table
        plain, close = (
            having[having["composition"] == CENTRAL[1]],
            having[having["max_residual_share"] <= CLOSE_FIT],
        )
        quadratic = plain[plain["form"] == CENTRAL[0]]
        central = (quadratic if len(quadratic) else plain.nsmallest(1, "max_residual_share")).iloc[
            0
        ]
        rows.append(
            {
                "quantity": quantity,
                "unit": unit,
                "central": central[column],
                "central_form": central["form"],
                "low": having[column].min(),
                "high": having[column].max(skipna=False),
                "close_low": close[column].min(),
                "close_high": close[column].max(skipna=False),
            }
        )
    return pd.DataFrame(rows)


def ward_cost_draws(
    part: pd.DataFrame,
    annual_jpy: float,
    envelope: pd.DataFrame,
    sigma: float,
    register: pd.DataFrame,
    draws_log2: int,
    shape: str,
) -> np.ndarray:
    """Return modelled yearly costs, draws x municipalities: C_i = T N_i^eps exp(u_i) / sum_j, in
    the order of ``part``.

    T is ``annual_jpy``, to which every draw adds up; eps is drawn from the envelope; u_i ~ N(0,
    sigma^2), log points.
    """
    names = [f"ward_residual_{code}" for code in part["code"]]
    register = with_all(register, names)
    uniforms = joint_uniforms(register, ["scale_elasticity", *names], draws_log2)
    bounds = envelope.set_index("quantity").loc["scale_elasticity"]
    eps = quantiles(
        uniforms[["scale_elasticity"]], bounds["low"], bounds["central"], bounds["high"], shape
    )
    residuals = sigma * ndtri(uniforms[names].to_numpy())
    return annual_jpy * curves.cost_shares(part["residents"], eps["scale_elasticity"], residuals)


def with_all(register: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the register with a dimension for each name: those it lacks, municipalities outside
    ``data/``, follow in order from 1000.
    """
    lacking = [name for name in names if name not in set(register["input"])]
    more = pd.DataFrame(
        {
            "input": lacking,
            "dimension": range(FIRST_UNREGISTERED, FIRST_UNREGISTERED + len(lacking)),
        }
    )
    return pd.concat([register, more], ignore_index=True) if lacking else register


def ward_costs(part: pd.DataFrame, draws: np.ndarray) -> pd.DataFrame:
    """Return P10, P50 and P90 of each ward's modelled cost, in yen a year and per resident, one row
    per municipality.

    ``draws`` as from `ward_cost_draws`. The traps: medians do not add up to the total, the draws
    do; a regression or an index of unevenness on these numbers only returns the elasticity and the
    sigma put in.
    """
    levels = pd.DataFrame(
        np.quantile(draws, [0.1, 0.5, 0.9], axis=0).T, columns=["p10", "p50", "p90"]
    )
    per_resident = levels.div(part["residents"].to_numpy(float), axis=0)
    return pd.concat(
        [
            part[["code"]],
            part["residents"].astype(int),
            levels.add_prefix("cost_").add_suffix("_jpy"),
            per_resident.add_prefix("cost_per_resident_").add_suffix("_jpy"),
        ],
        axis=1,
    )


def power(
    by_municipality: pd.DataFrame, named: pd.DataFrame, sigma: float, studied: str = WARDS
) -> pd.DataFrame:
    """Return how wide the 95 % interval of the elasticity would be if the costs of more and more
    municipalities were known.

    One row per sample: the 12 wards named in the report, 23 wards, then Tama and designated cities
    added; for another group under study its own municipalities (no row for fewer than three: a
    slope and its error need as many), then all. ``width`` puts all municipalities on one line,
    ``width_own_levels`` gives each kind of municipality its own level. Uses sizes only.
    """
    members = (
        SAMPLES
        if studied == WARDS
        else {"own_group": (studied,), "all_groups": tuple(by_municipality["group"].unique())}
    )
    samples = {
        sample: by_municipality[
            by_municipality["group"].isin(groups)
            if groups
            else by_municipality["code"].isin(named["code"])
        ]
        for sample, groups in members.items()
    }
    return pd.DataFrame(
        [
            {
                "sample": sample,
                "municipalities": len(chosen),
                "sigma": sigma,
                "spread_of_log_residents": float(np.log(chosen["residents"]).std()),
                "width": curves.elasticity_interval_width(chosen["residents"], sigma),
                "width_own_levels": curves.elasticity_interval_width(
                    chosen["residents"], sigma, chosen["group"]
                ),
            }
            for sample, chosen in samples.items()
            if len(chosen) >= FEWEST_FOR_A_SLOPE
        ]
    )
