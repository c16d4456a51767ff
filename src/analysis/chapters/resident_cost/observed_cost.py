"""Chapter 2 when a researcher supplies the wards' costs: how uneven they are, and whether size
explains them.

``supplied`` is the researcher's table (code, fiscal_year, system_group, cost_jpy), or None: every
function that takes it then returns its table without rows. Money is nominal yen of one fiscal year;
``code`` is the local government code.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault
from analysis.methods.attribution import ROWS_AT_ONCE
from analysis.methods.cost_regression import (
    SIZE,
    CostFunction,
    WildBootstrap,
    design,
    fit_cost_function,
    influence,
    leverage,
)
from analysis.methods.dispersion import INDICES, between_within, lorenz_curve
from analysis.methods.quantile_regression import quantile_coefficients, resampled_interval
from analysis.plausible_costs import differing_costs

GROUPS = ("core", "internal", "communication", "online_counter", "infrastructure", "data_use")
WHOLE = "all"  # the system group of a total over all six
CONTROLS = ("log_density", "log_daytime_ratio")
QUARTILES = {"q25": 0.25, "q50": 0.5, "q75": 0.75}
MODELS = {
    "size_only": ((), False),
    "controls": (CONTROLS, False),
    "controls_squared": (CONTROLS, True),
}
# municipalities: five terms, three degrees of freedom, and one that is left out
FEWEST_OBSERVED = 9
FEWEST_FOR_CONTROLS = 5  # municipalities: size, two controls and a constant leave nothing over
LEAST_OF_A_KIND = 3  # municipalities of a kind below which it has no level of its own to estimate
# the model of the headline, the quartiles and the influence: named before any cost is seen
CENTRAL = "controls"
OBSERVED_COLUMNS = [
    "code",
    "kind",
    "named",
    "fiscal_year",
    "residents",
    "density",
    "daytime_ratio",
    "cost_jpy",
    "cost_per_resident_jpy",
]
STORED_DRAWS = 256  # draws of each ward that later chapters share out


def observed_municipalities(
    supplied: pd.DataFrame | None,
    municipalities: pd.DataFrame,
    by_municipality: pd.DataFrame,
    part: pd.DataFrame,
    named: pd.DataFrame,
) -> pd.DataFrame:
    """Return the supplied cost of every municipality in the latest fiscal year that holds all
    municipalities taking part, by code.

    ``by_municipality`` and ``part`` have code and residents (`resident_cost.residents_on`);
    ``named`` the codes that the report names. One row per supplied municipality of that year:
    density in residents per km2 of habitable area, the daytime ratio (missing where none is
    published), cost in yen.
    Refused, all named: unknown codes, municipalities that no year holds together, and
    municipalities that give neither all six system groups nor their total, or both. The traps: a
    blank group makes a ward look cheap (one that spends nothing on a group says 0), and a total
    next to its groups counts them twice.
    """
    if supplied is None:
        return pd.DataFrame(columns=OBSERVED_COLUMNS)
    year = _latest_year(supplied, set(municipalities["code"]), part)
    cells = by_system_group(supplied[supplied["fiscal_year"] == year])
    _require_whole(year, cells)
    facts, people = (
        municipalities.set_index("code").loc[cells.index],
        by_municipality.set_index("code").loc[cells.index, "residents"],
    )
    return pd.DataFrame(
        {
            "kind": facts["group"],
            "named": cells.index.isin(named["code"]),
            "fiscal_year": year,
            "residents": people.astype(int),
            "density": people / facts["habitable_area_km2"],
            "daytime_ratio": facts["daytime_population_ratio"],
            "cost_jpy": cells.sum(axis=1),
            "cost_per_resident_jpy": cells.sum(axis=1) / people,
        }
    ).reset_index(names="code")[OBSERVED_COLUMNS]


def years_left_out(supplied: pd.DataFrame | None, observed: pd.DataFrame) -> list[str]:
    """Return the fiscal years of the supplied costs that are not the one of ``observed``, in order;
    none where nothing was supplied.
    """
    if supplied is None:
        return []
    return [str(year) for year in sorted(set(supplied["fiscal_year"]) - {*observed["fiscal_year"]})]


def by_system_group(costs: pd.DataFrame) -> pd.DataFrame:
    """Return the supplied costs of one year, one row per code: a column for each of `GROUPS` and
    one for their total, `WHOLE`; missing where nothing is given.
    """
    cells = costs.pivot(index="code", columns="system_group", values="cost_jpy")
    return cells.reindex(columns=[*GROUPS, WHOLE])


def without_total(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the groups of the municipalities, as from `by_system_group`, that give no total: each
    of them must give every group.
    """
    return cells.loc[cells[WHOLE].isna(), list(GROUPS)]


def given_twice(cells: pd.DataFrame) -> list[str]:
    """Return the codes, of rows as from `by_system_group`, that give a total and groups of it."""
    twice = cells[WHOLE].notna() & cells[list(GROUPS)].notna().any(axis=1)
    return cells.index[twice].tolist()


def _require_whole(year: int, cells: pd.DataFrame) -> None:
    gaps = [
        f"{code} {', '.join(row.index[row.isna()])}"
        for code, row in without_total(cells).iterrows()
        if row.isna().any()
    ]
    free, twice = cells.index[cells.sum(axis=1) == 0].tolist(), given_twice(cells)
    if gaps or free or twice:
        raise DataFault(
            "ict_cost",
            f"fiscal year {year}: no cost given for {'; '.join(gaps) or 'none'} (write 0 "
            f"where a municipality has none); no cost at all: {', '.join(free) or 'none'}; both"
            f" system groups and their total: {', '.join(twice) or 'none'}",
        )


def _latest_year(supplied: pd.DataFrame, known: set[str], part: pd.DataFrame) -> int:
    unknown = sorted(set(supplied["code"]) - known)
    if unknown:
        raise DataFault("ict_cost", f"unknown municipalities {', '.join(unknown)}")
    held = supplied.groupby("fiscal_year")["code"].agg(set)
    whole = [year for year, codes in held.items() if codes >= set(part["code"])]
    if not whole:
        fullest = (
            held.map(lambda codes: len(codes & set(part["code"])))
            .sort_index(ascending=False)
            .idxmax()
        )
        raise DataFault(
            "ict_cost",
            f"no fiscal year holds every municipality taking part; {fullest} lacks "
            f"{', '.join(sorted(set(part['code']) - held[fullest]))}",
        )
    return int(max(whole))


def group_total_jpy(
    observed: pd.DataFrame,
    part: pd.DataFrame,
    group_residents: float,
    years: int,
    typed_jpy: float | None,
) -> float | None:
    """Return the researcher's own total over ``years``: of the supplied costs, or as typed, or
    None.

    Supplied costs of those taking part stand for the whole group by residents. Refused: both a file
    and a typed total.
    """
    if observed.empty:
        return typed_jpy
    if typed_jpy is not None:
        raise ValueError(
            "two totals of your own: data/local/ict_cost.csv and baseline_own_5y_jpy; keep one"
        )
    taking_part = observed[observed["code"].isin(part["code"])]
    return float(years * taking_part["cost_jpy"].sum() * group_residents / part["residents"].sum())


def ward_costs(observed: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """Return the observed costs in the columns of `resident_cost.ward_costs`: P10, P50 and P90 are
    the cost itself.
    """
    rows = observed[observed["code"].isin(part["code"])].reset_index(drop=True)
    levels = ("p10", "p50", "p90")
    return pd.concat(
        [
            rows[["code", "residents"]],
            pd.DataFrame({f"cost_{level}_jpy": rows["cost_jpy"] for level in levels}),
            pd.DataFrame(
                {
                    f"cost_per_resident_{level}_jpy": rows["cost_per_resident_jpy"]
                    for level in levels
                }
            ),
        ],
        axis=1,
    )


def against_published(observed: pd.DataFrame, budgets: pd.DataFrame) -> pd.DataFrame:
    """Return the observed municipalities whose supplied cost differs from the item that they
    published of the same year, as `plausible_costs.differing_costs`.
    """
    return differing_costs(observed, budgets)


def unevenness(part: pd.DataFrame, costs: np.ndarray) -> pd.DataFrame:
    """Return each index of unevenness over the residents of ``part``, one row per index: P10, P50
    and P90 over draws.

    ``costs`` is draws x municipalities in the order of ``part``; one row of observed costs gives
    three equal numbers. No row for one ward, which is uneven with nobody. The trap: on modelled
    costs the indices return the spread that was assumed.
    """
    if len(part) == 1:
        return pd.DataFrame(columns=["index", "p10", "p50", "p90"])
    residents = part["residents"].to_numpy(float)
    blocks = np.array_split(costs / residents, -(-len(costs) // ROWS_AT_ONCE))
    values = {
        name: np.quantile(
            np.concatenate([index(block, residents) for block in blocks]), [0.1, 0.5, 0.9]
        )
        for name, index in INDICES.items()
    }
    return pd.DataFrame(values, index=["p10", "p50", "p90"]).T.reset_index(names="index")


def unevenness_parts(wards: pd.DataFrame) -> pd.DataFrame:
    """Return Theil's T and L over the residents of the wards, between and within the named wards
    and the others.

    ``wards`` are rows of `observed_municipalities`; no row where there are none, or where all or
    none of them are named.
    """
    if wards["named"].nunique() < 2:
        return pd.DataFrame(columns=["index", "total", "between", "within"])
    return between_within(
        wards["cost_per_resident_jpy"], wards["residents"], wards["named"].astype(str)
    )


def lorenz(wards: pd.DataFrame) -> pd.DataFrame:
    """Return the Lorenz curve of the wards' cost over their residents, one row per ward from the
    cheapest.
    """
    if wards.empty:
        return pd.DataFrame(columns=["place", "code", "residents_share", "cost_share"])
    curve = lorenz_curve(wards["cost_per_resident_jpy"], wards["residents"])
    return curve.assign(
        place=range(1, len(curve) + 1), code=wards["code"].to_numpy()[curve["position"]]
    ).drop(columns="position")


def samples(observed: pd.DataFrame, part: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the samples that the cost function is fitted to: the wards taking part, and all
    municipalities with a daytime ratio.

    The second is there only where other municipalities were supplied; each kind of at least three
    municipalities then has its own level.
    """
    if observed.empty:
        return {}
    wards = observed[observed["code"].isin(part["code"])].reset_index(drop=True)
    wider = observed[observed["daytime_ratio"].notna()]
    wider = wider[wider.groupby("kind")["code"].transform("size") >= LEAST_OF_A_KIND].reset_index(
        drop=True
    )
    return {"wards": wards} | ({"all": wider} if len(wider) > len(wards) else {})


def regressors(sample: pd.DataFrame, controls: tuple[str, ...], squared: bool) -> pd.DataFrame:
    """Return the regressors of a cost function for a sample: size, the controls asked for, own
    levels of kinds.

    Controls are centred logs, so that the constant is the cost of a municipality that is average in
    everything.
    """
    logs = pd.DataFrame(
        {
            "log_density": np.log(sample["density"]),
            "log_daytime_ratio": np.log(sample["daytime_ratio"]),
        }
    )
    centred = (logs - logs.mean())[list(controls)]
    kinds = sample["kind"].value_counts().index[1:]
    levels = {f"level_{kind}": (sample["kind"] == kind).astype(float) for kind in kinds}
    return design(sample["residents"], centred.assign(**levels), squared)


def cost_function(groups: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the coefficients of every model with their 95 % intervals, one row per sample, model,
    term and method.

    Methods: ``hc3``; ``wild``, for the elasticity only, an end missing where nothing is rejected;
    ``q25`` to ``q75``, the elasticity among cheap, middling and expensive municipalities.
    ``p_value_one`` tests an elasticity of one. The trap: reading a quartile of 23 municipalities as
    a finding.
    """
    rows = []
    for sample, by_municipality in groups.items():
        for model, (controls, squared) in MODELS.items():
            matrix = regressors(by_municipality, controls, squared)
            fit = fit_cost_function(by_municipality["cost_jpy"], matrix)
            rows += [{"sample": sample, "model": model, **row} for row in _coefficients(fit)]
        rows += [{"sample": sample, "model": CENTRAL, **row} for row in _quartiles(by_municipality)]
    columns = [
        "sample",
        "model",
        "term",
        "method",
        "municipalities",
        "estimate",
        "low",
        "high",
        "p_value_one",
    ]
    return pd.DataFrame(rows, columns=columns)


def central_elasticity(table: pd.DataFrame) -> pd.Series:
    """Return ``estimate``, ``low`` and ``high`` of the wards' elasticity by the central model, wild
    bootstrap; missing without costs.
    """
    keys = table["sample"].eq("wards") & table["model"].eq(CENTRAL) & table["method"].eq("wild")
    columns = ["estimate", "low", "high"]
    return table.loc[keys, columns].iloc[0] if keys.any() else pd.Series(np.nan, columns)


def _coefficients(fit: CostFunction) -> list[dict]:
    rows = []
    for term in fit.terms:
        low, high = fit.interval(term)
        rows.append(
            {
                "term": term,
                "method": "hc3",
                "municipalities": len(fit.outcome),
                "estimate": fit.estimates[term],
                "low": low,
                "high": high,
                "p_value_one": fit.p_value(term, 1.0) if term == SIZE else np.nan,
            }
        )
    bootstrap = WildBootstrap(fit, SIZE)
    low, high = (end if np.isfinite(end) else np.nan for end in bootstrap.interval())
    return [
        *rows,
        {
            "term": SIZE,
            "method": "wild",
            "municipalities": len(fit.outcome),
            "estimate": fit.estimates[SIZE],
            "low": low,
            "high": high,
            "p_value_one": bootstrap.p_value(1.0),
        },
    ]


def _quartiles(by_municipality: pd.DataFrame) -> list[dict]:
    matrix, outcome, rows = (
        regressors(by_municipality, *MODELS[CENTRAL]),
        np.log(by_municipality["cost_jpy"]),
        [],
    )
    for method, level in QUARTILES.items():
        low, high = resampled_interval(outcome, matrix, level, SIZE)
        rows.append(
            {
                "term": SIZE,
                "method": method,
                "municipalities": len(by_municipality),
                "low": low,
                "high": high,
                "p_value_one": np.nan,
                "estimate": quantile_coefficients(outcome, matrix, level)[SIZE],
            }
        )
    return rows


def specifications(groups: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the elasticity under every defensible choice, one row per specification, lowest first,
    with HC3 intervals.

    Choices: sample, controls, square of size, weight of a municipality (one, or its residents), and
    whether the municipality with the greatest leverage is left out. The trap: picking from this
    list after having seen it (Simonsohn et al. 2020).
    """
    rows = []
    for sample, by_municipality in groups.items():
        alone = influence(
            fit_cost_function(
                by_municipality["cost_jpy"], regressors(by_municipality, *MODELS[CENTRAL])
            )
        )["leverage"].idxmax()
        for density, daytime, squared, weighted, kept in product([False, True], repeat=5):
            chosen = (
                by_municipality
                if kept
                else by_municipality.drop(index=alone).reset_index(drop=True)
            )
            controls = tuple(
                name for name, used in zip(CONTROLS, (density, daytime), strict=True) if used
            )
            fit = fit_cost_function(
                chosen["cost_jpy"],
                regressors(chosen, controls, squared),
                chosen["residents"] if weighted else None,
            )
            low, high = fit.interval(SIZE)
            rows.append(
                {
                    "sample": sample,
                    "density": density,
                    "daytime": daytime,
                    "squared": squared,
                    "weighted": weighted,
                    "all_municipalities": kept,
                    "municipalities": len(chosen),
                    "elasticity": fit.estimates[SIZE],
                    "low": low,
                    "high": high,
                }
            )
    columns = [
        "place",
        "sample",
        "density",
        "daytime",
        "squared",
        "weighted",
        "all_municipalities",
        "municipalities",
        "elasticity",
        "low",
        "high",
    ]
    table = pd.DataFrame(rows, columns=columns[1:]).sort_values("elasticity", ignore_index=True)
    return table.assign(place=np.arange(1, len(table) + 1))[columns]


def ward_influence(groups: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what each ward does to the elasticity of the central model, one row per ward."""
    columns = ["code", "leverage", "cook_distance", "elasticity_without"]
    if not groups:
        return pd.DataFrame(columns=columns)
    wards = groups["wards"]
    effect = influence(fit_cost_function(wards["cost_jpy"], regressors(wards, *MODELS[CENTRAL])))
    return effect.rename(columns={"estimate_without": "elasticity_without"}).assign(
        code=wards["code"]
    )[columns]


def size_leverage(part: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Return each ward's leverage on the central cost function, one row per ward; known before any
    cost is.

    Leverage follows from size, density and daytime ratio alone. ``size_only`` is that on a line of
    cost over size; it stands for both where a municipality has no daytime ratio or there are too
    few for the controls.
    """
    facts = municipalities.set_index("code").loc[part["code"]].reset_index()
    wards = pd.DataFrame(
        {
            "code": part["code"].to_numpy(),
            "kind": facts["group"],
            "residents": part["residents"].to_numpy(),
            "density": part["residents"].to_numpy() / facts["habitable_area_km2"],
            "daytime_ratio": facts["daytime_population_ratio"],
        }
    )
    rich = wards["daytime_ratio"].notna().all() and len(wards) > FEWEST_FOR_CONTROLS
    models = {"size_only": "size_only", CENTRAL: CENTRAL if rich else "size_only"}
    known = {model: leverage(regressors(wards, *MODELS[used])) for model, used in models.items()}
    return pd.DataFrame(
        {"code": wards["code"], "size_only": known["size_only"], "leverage": known[CENTRAL]}
    )


def stored_draws(part: pd.DataFrame, shared: np.ndarray) -> pd.DataFrame:
    """Return the wards' yearly costs in the first draws, one row per draw and ward; observed costs
    are the same in each.

    ``shared`` is (draws, wards) in the order of ``part``, or one row of observed costs.
    """
    drawn = np.broadcast_to(shared[:STORED_DRAWS], (STORED_DRAWS, len(part)))
    table = pd.DataFrame(drawn, columns=part["code"].to_numpy()).rename_axis("draw").reset_index()
    return table.melt("draw", var_name="code", value_name="cost_jpy")
