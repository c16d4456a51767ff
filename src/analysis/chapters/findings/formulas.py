"""Chapter 12: the answers on one page. Nothing is computed here that is not in a chapter's results
or tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from workbook.terms import TERMS
from workbook.units import format_range, format_value

LANGUAGES = ("ja", "en")
# question, and the headline result that answers it; its sentence may name any other result
QUESTIONS = (
    ("cost_level", "ward_to_national_ratio"),
    ("size", "scale_elasticity"),
    ("pooling", "pooled_saving_share"),
    ("target", "target_ratio_p50"),
    ("pays", "npv_whole_life"),
    ("sharing", "municipalities_worse_off_per_resident"),
    ("schedule", "probability_by_fy2025"),
    ("outturn", "running_cost_multiple"),
)
# below which an answer is worded the other way; below nothing it may have a wording of its own
OTHER_SIDE = {"cost_level": 1.0, "target": 1.0, "schedule": 0.5}
BASELINE_YEARS = 5  # the columns `…_5y_jpy` of `baselines`
RIVAL_MODELS = ("cross_section", "joint_cloud", "source_report")
# columns of the comparison with P10, median and P90: results of the scenarios; and those of chapter
# 5 with the median alone
COMPARED = {
    "target_ratio": "target_ratio_p50",
    "npv": "npv_whole_life",
    "worse_off": "municipalities_worse_off_per_resident",
}
SHARING = {
    "most_tempted_excess_jpy": "most_tempted_excess",
    "largest_shapley_share": "largest_shapley_share",
    "participants_only_saving_jpy": "participants_only_saving",
}
Words = Mapping[str, Mapping[str, str]]


def answers(
    headlines: pd.DataFrame,
    rivals: Mapping[str, Mapping[str, str]],
    words: Words,
    sides: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return one row per question with its answer, interval, rivals, standing, and what would
    change it, in both languages.

    ``headlines`` are the earlier chapters' results indexed by id; every number is written from
    there. ``rivals`` as from `rival_answers`; ``sides`` says with which ending an answer is worded
    that its own number does not choose (`sharing_side`). ``words`` holds, per language,
    ``question_…``, ``answer_…`` (with ``{result_id}``) and ``change_…``. Refused: a result that a
    sentence names and no chapter recorded, all named.
    """
    missing = sorted(_named_results(words) - set(headlines.index))
    if missing:
        raise ValueError(f"no chapter recorded {', '.join(missing)}")
    rows = []
    for place, (question, result) in enumerate(QUESTIONS, 1):
        head = headlines.loc[result]
        row = {
            "place": place,
            "standing": head["standing"],
            "exhibit": head["exhibit"],
            "result_id": result,
        }
        for lang in LANGUAGES:
            own = words[lang]
            row |= {
                f"question_{lang}": own[f"question_{question}"],
                f"change_{lang}": own[f"change_{question}"],
                f"answer_{lang}": _answer(
                    own, question + (sides or {}).get(question, ""), head, headlines, lang
                ),
                f"interval_{lang}": _interval(head, lang),
                f"rivals_{lang}": "–"
                if pd.isna(head["value"])
                else rivals.get(question, {}).get(lang, "–"),
            }
        rows.append(row)
    return pd.DataFrame(rows)


def _interval(head: pd.Series, lang: str) -> str:
    """Return an interval with what it is of: two rivals are no percentiles."""
    written = format_range(head["low"], head["high"], head["unit"], lang)
    if pd.isna(head["low"]):
        return written
    kind = TERMS[f"interval_{head['interval']}"][lang]
    return f"{written}（{kind}）" if lang == "ja" else f"{written} ({kind})"


def _named_results(words: Words) -> set[str]:
    sentences = [own[key] for own in words.values() for key in own if key.startswith("answer_")]
    return {result for _, result in QUESTIONS} | {
        name for text in sentences for name in re.findall(r"{(\w+)}", text)
    }


def _answer(
    own: Mapping[str, str], question: str, head: pd.Series, headlines: pd.DataFrame, lang: str
) -> str:
    if pd.isna(head["value"]):
        return own["undefined"].format(reason=head["reason"][lang])
    return own[f"answer_{question}{_side(own, question, head['value'])}"].format(
        **{
            name: format_value(row["value"], row["unit"], lang)
            for name, row in headlines.iterrows()
        }
    )


def _side(own: Mapping[str, str], question: str, value: float) -> str:
    """Return how the wording of an answer ends: "saves minus two" is no sentence, and what meets a
    third of a target does not meet it.
    """
    if value < 0 and f"answer_{question}_below_zero" in own:
        return "_below_zero"
    return "_below" if value < OTHER_SIDE.get(question, -np.inf) else ""


def sharing_side(tempted: pd.DataFrame) -> str:
    """Return how the answer on sharing is worded: by own cost where fewer draws have someone who
    would gain by leaving than by residents, of running cost alone.
    """
    as_run = tempted[tempted["variant"] == "as_run"].set_index("rule")["coalition_leaves_share"]
    return "" if as_run["own_cost"] < as_run["residents"] else "_residents"


def rival_answers(
    models: pd.DataFrame,
    readings: pd.DataFrame,
    wards: pd.DataFrame,
    tempted: pd.DataFrame,
    scale_model: str,
    baseline: str,
    words: Words,
) -> dict[str, dict[str, str]]:
    """Return, for the questions on which evidence is contested, what the rival readings answer, in
    both languages.

    Numbers are the medians of ``scale_models`` and ``target_reading``, the ratios of
    ``ward_comparison`` and, by sharing rule, the share of draws of ``temptation`` in which some
    wards would do better apart.
    """
    others = [model for model in RIVAL_MODELS if model != scale_model]
    pooled = models.set_index("scale_model")["pooled_saving_share_p50"]
    own = readings[(readings["baseline"] == baseline) & (readings["reading"] == "net")].set_index(
        "scale_model"
    )["target_ratio_p50"]
    ratios = wards.loc[~wards["in_use"]].set_index("baseline")["ratio"]
    return {
        "pooling": _side_by_side(pooled[others], "share", words),
        "target": _side_by_side(own[others], "share", words),
        "cost_level": _side_by_side(ratios, "ratio", words),
        "sharing": _wards_that_leave(tempted, words),
    }


def _wards_that_leave(tempted: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the shares of draws in which somebody gains by leaving, without and with the loss from
    differing rules: without it the game is concave, and the Shapley value keeps everybody in by
    theorem, which is no finding.
    """
    texts: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
    for variant, ending in (("as_run", "leaves"), ("with_coordination", "leaves_with_loss")):
        shares = tempted[tempted["variant"] == variant].set_index("rule")["coalition_leaves_share"]
        for lang, own in texts.items():
            own |= {
                f"{rule}_{ending}": format_value(x, "share", lang) for rule, x in shares.items()
            }
    return {lang: words[lang]["rivals_sharing"].format(**texts[lang]) for lang in LANGUAGES}


def _side_by_side(values: pd.Series, unit: str, words: Words) -> dict[str, str]:
    return {
        lang: ("、" if lang == "ja" else ", ").join(
            f"{words[lang][f'rival_{name}']} {format_value(value, unit, lang)}"
            for name, value in values.items()
        )
        or "–"
        for lang in LANGUAGES
    }


def of_this_answer(scenarios: pd.DataFrame | None, headlines: pd.DataFrame) -> pd.DataFrame | None:
    """Return the gathered scenarios if the baseline they were run alongside has these headline
    results, else None.

    The trap: scenarios of last week's assumption, or of public costs, next to an answer of today or
    of one's own.
    """
    if scenarios is None:
        return None
    rows = scenarios[scenarios["scenario"] == "baseline"].set_index("result_id")
    own = headlines[["value", "low", "high"]]
    if set(rows.index) != set(own.index):
        return None
    then = rows.loc[own.index, ["p50", "p10", "p90"]]
    return scenarios if np.isclose(then, own, rtol=1e-9, atol=0, equal_nan=True).all() else None


def scenario_comparison(
    scenarios: pd.DataFrame | None, headlines: pd.DataFrame, aimed: bool = True
) -> pd.DataFrame:
    """Return the scenarios side by side, one row each, the baseline first; this run alone while
    there are none.

    Columns: P10, median and P90 of the net share of the target, of the whole-life value and of the
    municipalities that sharing by residents leaves worse off; the probability of being in time and
    the medians of `SHARING`. ``scenarios`` is the gathered table, one row per scenario and result.
    Without a target (not ``aimed``) the net saving is a share of cost.
    """
    compared = COMPARED if aimed else {**COMPARED, "target_ratio": "run_rate_saving_share"}
    if scenarios is None:
        own = (
            headlines.rename(columns={"low": "p10", "value": "p50", "high": "p90"})
            .rename_axis("result_id")
            .reset_index()
        )
        scenarios = own.assign(scenario="this_run")
    table = scenarios.set_index(["scenario", "result_id"])
    rows = []
    for place, scenario in enumerate(dict.fromkeys(scenarios["scenario"]), 1):
        found = table.loc[scenario]
        row = {
            "place": place,
            "scenario": scenario,
            "in_time_share": found.loc["probability_by_fy2025", "p50"],
        }
        row |= {column: found.loc[result, "p50"] for column, result in SHARING.items()}
        for name, result in compared.items():
            money = "_jpy" if name == "npv" else ""
            row |= {
                f"{name}_{level}{money}": found.loc[result, level]
                for level in ("p10", "p50", "p90")
            }
        rows.append(row)
    return pd.DataFrame(rows).astype(
        {column: float for column in rows[0] if column not in ("place", "scenario")}
    )


def net_gain_map(gains: pd.DataFrame, layout: pd.DataFrame, rule: str = "shapley") -> pd.DataFrame:
    """Return each ward's net gain per resident under one sharing rule, with its tile, by code."""
    own = (
        gains[gains["rule"] == rule]
        .merge(layout[["code", "column", "row"]], on="code", validate="one_to_one")
        .sort_values("code")
    )
    columns = [f"gain_per_resident_{level}_jpy" for level in ("p10", "p50", "p90")]
    shares = ["gains_share", "gains_share_low", "gains_share_high"]
    return own[["code", "column", "row", *columns, *shares]].reset_index(drop=True)


def distance(
    readings: pd.DataFrame, baselines: pd.DataFrame, target: pd.DataFrame, baseline: str, years: int
) -> pd.DataFrame:
    """Return what stands on one scale of yen over the plan's years: baselines, target and the rival
    models' savings.

    One row per mark with its kind, identifier, reading, low, median and high; savings are at the
    run's own baseline. Readings and target are on the plan's ``years`` already, baselines are put
    on them here.
    """
    longer = years / BASELINE_YEARS
    whole = pd.DataFrame(
        {
            "kind": "baseline",
            "name": baselines["baseline"],
            "reading": "total",
            "low_jpy": baselines["low_5y_jpy"].fillna(baselines["total_5y_jpy"]) * longer,
            "value_jpy": baselines["total_5y_jpy"] * longer,
            "high_jpy": baselines["high_5y_jpy"].fillna(baselines["total_5y_jpy"]) * longer,
        }
    )
    goal = pd.DataFrame(
        {
            "kind": "target",
            "name": "target",
            "reading": "total",
            "low_jpy": target["low"],
            "value_jpy": target["value"],
            "high_jpy": target["high"],
        }
    )
    own = readings[readings["baseline"] == baseline]
    savings = pd.DataFrame(
        {
            "kind": "saving",
            "name": own["scale_model"],
            "reading": own["reading"],
            "low_jpy": own["saving_p10_jpy"],
            "value_jpy": own["saving_p50_jpy"],
            "high_jpy": own["saving_p90_jpy"],
        }
    )
    table = pd.concat([whole, goal, savings], ignore_index=True)
    return table.assign(place=range(1, len(table) + 1))


def origin_of_the_total(baseline: str) -> str:
    """Return how the total of a group without a published one came about: curve, own or scaled."""
    return {"national_curve": "curve", "own": "own"}.get(baseline, "scaled")


def gross_ratio(readings: pd.DataFrame, baseline: str, scale_model: str) -> float:
    """Return the median gross saving as a share of the target, under one baseline and scale
    model.
    """
    rows = readings[
        (readings["reading"] == "gross")
        & (readings["baseline"] == baseline)
        & (readings["scale_model"] == scale_model)
    ]
    return float(rows["target_ratio_p50"].iloc[0])


def evidence_falls_short(marks: pd.DataFrame) -> bool:
    """Say whether even the upper end of every saving read from evidence lies below the target; no
    where there is none.
    """
    target = marks.loc[marks["kind"] == "target", "value_jpy"]
    evidence = marks[(marks["kind"] == "saving") & (marks["name"] != "source_report")]
    return bool(len(target) and (evidence["high_jpy"] < target.iloc[0]).all())
