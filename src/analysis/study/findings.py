"""Chapter 9: the answers on one page. Nothing is computed here that is not in a chapter's results or tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.units import format_range, format_value

LANGUAGES = ("ja", "en")
# question, the headline result that answers it, and the result beside it that the answer is read with
QUESTIONS = (
    ("cost_level", "ward_to_national_ratio", "national_cost_without_wards"),
    ("size", "scale_elasticity", "fixed_cost_per_body"),
    ("pooling", "pooled_saving_share", "best_instances_core"),
    ("saving", "run_rate_saving", "transition_cost"),
    ("target", "target_ratio_p50", "target_ratio_p95"),
    ("condition", "switching_phi", "pooled_saving_share"),
    ("schedule", "probability_by_fy2025", "finish_p50"),
)


def answers(headlines: pd.DataFrame, words: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Return one row per question with its answer, interval, standing, and what would change it, in both languages.

    ``headlines`` are the earlier chapters' results indexed by id; every number is written from there. ``words`` holds,
    per language, ``question_…``, ``answer_…`` (with ``{value}`` and ``{beside}``) and ``change_…``. Refused: a result
    that no chapter recorded, all named.
    """
    missing = sorted({result for _, *pair in QUESTIONS for result in pair} - set(headlines.index))
    if missing:
        raise ValueError(f"no chapter recorded {', '.join(missing)}")
    rows = []
    for place, (question, result, beside) in enumerate(QUESTIONS, 1):
        head = headlines.loc[result]
        row = {"place": place, "standing": head["standing"], "exhibit": head["exhibit"], "result_id": result}
        for lang in LANGUAGES:
            own = words[lang]
            row |= {f"question_{lang}": own[f"question_{question}"], f"change_{lang}": own[f"change_{question}"],
                    f"answer_{lang}": _answer(own, question, head, headlines.loc[beside], lang),
                    f"interval_{lang}": format_range(head["low"], head["high"], head["unit"], lang)}
        rows.append(row)
    return pd.DataFrame(rows)


def _answer(own: Mapping[str, str], question: str, head: pd.Series, beside: pd.Series, lang: str) -> str:
    if pd.isna(head["value"]):
        return own["undefined"].format(reason=head["reason"][lang])
    written = {name: format_value(row["value"], row["unit"], lang) for name, row in (("value", head), ("beside", beside))}
    below_zero = f"answer_{question}_below_zero"   # "saves minus two" is no sentence
    return own[below_zero if head["value"] < 0 and below_zero in own else f"answer_{question}"].format(**written)


def distance(readings: pd.DataFrame, baselines: pd.DataFrame, target: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return what stands on one scale of yen over five years: baselines, target and the rival models' savings.

    One row per mark with its kind, identifier, reading, low, median and high; savings are at the run's own baseline.
    """
    whole = pd.DataFrame({"kind": "baseline", "name": baselines["baseline"], "reading": "total",
                          "low_jpy": baselines["low_5y_jpy"].fillna(baselines["total_5y_jpy"]), "value_jpy": baselines["total_5y_jpy"],
                          "high_jpy": baselines["high_5y_jpy"].fillna(baselines["total_5y_jpy"])})
    goal = pd.DataFrame({"kind": "target", "name": "target", "reading": "total", "low_jpy": target["low"],
                         "value_jpy": target["value"], "high_jpy": target["high"]})
    own = readings[readings["baseline"] == baseline]
    savings = pd.DataFrame({"kind": "saving", "name": own["scale_model"], "reading": own["reading"], "low_jpy": own["saving_p10_jpy"],
                            "value_jpy": own["saving_p50_jpy"], "high_jpy": own["saving_p90_jpy"]})
    table = pd.concat([whole, goal, savings], ignore_index=True)
    return table.assign(place=range(1, len(table) + 1))


def gross_ratio(readings: pd.DataFrame, baseline: str, scale_model: str) -> float:
    """Return the median gross saving as a share of the target, under one baseline and scale model."""
    rows = readings[(readings["reading"] == "gross") & (readings["baseline"] == baseline) & (readings["scale_model"] == scale_model)]
    return float(rows["target_ratio_p50"].iloc[0])


def evidence_falls_short(marks: pd.DataFrame) -> bool:
    """Say whether even the upper end of every saving read from evidence lies below the target."""
    target = marks.loc[marks["kind"] == "target", "value_jpy"].iloc[0]
    evidence = marks[(marks["kind"] == "saving") & (marks["name"] != "source_report")]
    return bool((evidence["high_jpy"] < target).all())
