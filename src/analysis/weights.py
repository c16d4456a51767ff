"""How much each assumption weighs in a run: read from its sensitivity results, never typed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.groups import WARDS
from workbook.units import format_value
from workbook.weights import GRADES, UNMEASURED, Tables, Texts, Weight

if TYPE_CHECKING:
    import pandas as pd

# of the variance of the net saving, of the target, or of the cost of a plan
HEAVY, MIDDLING = 0.10, 0.01
OFTEN, SOMETIMES = 0.5, 0.1  # share of draws in which a task lies on the critical path
NEAR = 2.0  # a verdict that flips within half and double of an equal weight
TABLES = (
    "variance_shares",
    "sensitivity",
    "circle_conditions",
    "workplan_timing",
    "form_flips",
    "grouping_check",
)


# what savings are held against where no target is published
UNPUBLISHED = {
    "ja": ("目標の", "同じ期間の費用の"),
    "en": ("of the target", "of the cost of the same years"),
}
NO_LIMIT = Weight(
    "idle",
    {
        "ja": "この実行では使わない（証拠の期限なし）",
        "en": "takes no part in this run (evidence has no time limit)",
    },
)
OTHER_MODEL = Weight(
    "idle",
    {
        "ja": "この実行では使わない（別の規模モデル）",
        "en": "takes no part in this run (another scale model)",
    },
)


def weight_of(
    table: str, key: Mapping[str, object], tables: Tables, chosen: Mapping[str, Any]
) -> Weight:
    """Return the weight of the assumption that a row of an input table states.

    ``key`` holds the row's key columns, ``chosen`` the run's choices for the study. ``tables`` are
    the result tables named in `TABLES`, as far as the run has them.
    An input of `input_ranges` has the heavier of its share of the variance and its swing in the
    tornado (chapter 4); where neither knows it, whether the circle's verdict turns within its range
    (7). A task weighs by how often it is critical (6), a criterion by whether another form leads
    near an equal weight (5), platform costs and suppliers by the regret of having grouped by the
    wrong ones (3). The shares of spend move together, by the input ``core_share_shift``.

    >>> weight_of(
    ...     "input_ranges",
    ...     {"input": "price_effect"},
    ...     {"sensitivity": [{"input": "price_effect", "swing": 0.2}]},
    ...     {},
    ... ).grade
    'heavy'
    """
    if table == "wide_priors" and not chosen.get("evidence_until"):
        return NO_LIMIT
    if key.get("input") == "claimed_saving" and chosen.get("scale_model") != "source_report":
        return OTHER_MODEL
    weigh = _WEIGHING.get(table)
    weight = (weigh(key, tables) if weigh else None) or UNMEASURED
    return (
        weight
        if chosen.get("group", WARDS) == WARDS
        else Weight(
            weight.grade,
            {lang: weight.measured[lang].replace(*words) for lang, words in UNPUBLISHED.items()},
            weight.amount,
        )
    )


def graded(amount: float, heavy: float = HEAVY, middling: float = MIDDLING) -> str:
    """Return the grade of an amount.

    >>> graded(0.3), graded(-0.05), graded(0.001)
    ('heavy', 'middling', 'light')
    """
    return "heavy" if abs(amount) >= heavy else "middling" if abs(amount) >= middling else "light"


def _of_input(key: Mapping[str, object], tables: Tables) -> Weight | None:
    parts = [part for part in (_variance(key, tables), _swing(key, tables)) if part]
    if not parts:
        return _circle(key, tables)
    return Weight(
        min((part.grade for part in parts), key=GRADES.index),
        {
            "ja": "、".join(part.measured["ja"] for part in parts),
            "en": "; ".join(part.measured["en"] for part in parts),
        },
        max(part.amount for part in parts),
    )


def _variance(key: Mapping[str, object], tables: Tables) -> Weight | None:
    row = _row(tables, "variance_shares", "input", key["input"])
    if row is None:
        return None
    # an estimate of nothing may fall below zero
    share = max(0.0, float(row["share"] if math.isnan(row["split_share"]) else row["split_share"]))
    return Weight(
        graded(share),
        {
            "ja": f"純削減額の分散の{format_value(share, 'share', 'ja')}",
            "en": f"{format_value(share, 'share', 'en')} of the variance of the net saving",
        },
        share,
    )


def _swing(key: Mapping[str, object], tables: Tables) -> Weight | None:
    row = _row(tables, "sensitivity", "input", key["input"])
    if row is None:
        return None
    swing = float(row["swing"])
    return Weight(
        graded(swing),
        {
            lang: text.format(format_value(swing, "share", lang))
            for lang, text in {
                "ja": "単独では目標の{}分を動かす",
                "en": "alone it moves {} of the target",
            }.items()
        },
        swing,
    )


def _circle(key: Mapping[str, object], tables: Tables) -> Weight | None:
    row = _row(tables, "circle_conditions", "input", key["input"])
    if row is None:
        return None
    turns = str(row["within"]).lower() == "true"
    return Weight(
        "heavy" if turns else "light",
        {
            "ja": "幅の中で好循環の成否が変わる" if turns else "幅の中では好循環の成否は変わらない",
            "en": (
                "the circle turns or stalls within its range"
                if turns
                else "the circle's verdict is the same throughout its range"
            ),
        },
        float(turns),
    )


def _of_task(key: Mapping[str, object], tables: Tables) -> Weight | None:
    row = _row(tables, "workplan_timing", "task_id", key["task_id"])
    if row is None:
        return None
    share = float(row["criticality_share"])
    return Weight(
        graded(share, OFTEN, SOMETIMES),
        {
            lang: text.format(format_value(share, "share", lang))
            for lang, text in {
                "ja": "抽出の{}で工期を決める",
                "en": "on the critical path in {} of draws",
            }.items()
        },
        share,
    )


def _of_criterion(key: Mapping[str, object], tables: Tables) -> Weight | None:
    own = _rows(tables, "form_flips", "criterion", key["criterion"])
    if not own:
        return None
    near = {
        row["leader"]
        for row in own
        if row["from_weight"] < row["equal_weight"] * NEAR
        and row["to_weight"] > row["equal_weight"] / NEAR
    }
    grade = (
        "heavy"
        if len(near) > 1
        else "middling"
        if len({row["leader"] for row in own}) > 1
        else "light"
    )
    return Weight(
        grade,
        {
            "heavy": {
                "ja": "重みを半分から2倍の間で変えると首位の形態が変わる",
                "en": "another form leads within half and double of an equal weight",
            },
            "middling": {
                "ja": "重みを大きく変えると首位の形態が変わる",
                "en": "another form leads at a weight far from equal",
            },
            "light": {
                "ja": "どの重みでも首位の形態は同じ",
                "en": "the same form leads at every weight",
            },
        }[grade],
    )


def _of_platform_cost(key: Mapping[str, object], tables: Tables) -> Weight | None:
    return _regret(
        _rows(tables, "grouping_check", "item", key["item"]),
        {
            "ja": "幅の端では組分けの費用を最大{}損なう",
            "en": "at an end of its range the grouping costs up to {} too much",
        },
    )


def _of_suppliers(key: Mapping[str, object], tables: Tables) -> Weight | None:
    return _regret(
        _rows(tables, "grouping_check", "kind", "dealt_anew"),
        {
            "ja": "割り当て直すと組分けの費用を最大{}損なう",
            "en": "dealt anew, they would make the grouping cost up to {} too much",
        },
    )


def _regret(rows: Sequence[Mapping[str, Any]], texts: Texts) -> Weight | None:
    if not rows:
        return None
    regret = max(float(row["regret_share"]) for row in rows)
    return Weight(
        graded(regret),
        {lang: text.format(format_value(regret, "share", lang)) for lang, text in texts.items()},
        regret,
    )


def _of_spend(key: Mapping[str, object], tables: Tables) -> Weight | None:
    moved = _of_input({"input": "core_share_shift"}, tables)
    return moved and Weight(
        moved.grade,
        {
            "ja": f"費用割合の移動として{moved.measured['ja']}",
            "en": f"as a shift of spend, {moved.measured['en']}",
        },
        moved.amount,
    )


def _rows(tables: Tables, name: str, column: str, value: object) -> list[Mapping[str, Any]]:
    return [row for row in tables.get(name, ()) if row[column] == value]


def _row(tables: Tables, name: str, column: str, value: object) -> Mapping[str, Any] | None:
    return next(iter(_rows(tables, name, column, value)), None)


_WEIGHING: dict[str, Callable[[Mapping[str, object], Tables], Weight | None]] = {
    "input_ranges": _of_input,
    "wide_priors": _of_input,
    "workplan": _of_task,
    "form_criteria": _of_criterion,
    "platform_costs": _of_platform_cost,
    "ward_systems": _of_suppliers,
    "cost_shares": _of_spend,
}


class Weights:
    """What the audit asks of this study: how much its assumptions weigh, and what names mean."""

    tables = TABLES
    carriers = "decision_carriers"

    def weight_of(
        self, table: str, key: Mapping[str, object], tables: Tables, chosen: Mapping[str, Any]
    ) -> Weight:
        """Return the weight of the assumption that a row of an input table states (`weight_of`)."""
        return weight_of(table, key, tables, chosen)

    def evidence(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
        """Return the evidence behind each uncertain input, by its identifier."""
        rows = frames.get("parameter_evidence")
        found: dict[str, list[str]] = {}
        for row in [] if rows is None else rows.to_dict("records"):
            found.setdefault(row["input"], []).append(row["evidence_id"])
        return found | _behind_tasks(frames)

    def names(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, Texts]:
        """Return what identifiers mean that only an input table names: the legal forms."""
        forms = frames.get("legal_forms")
        rows = [] if forms is None else forms.to_dict("records")
        return {row["form"]: {"ja": row["name_ja"], "en": row["name_en"]} for row in rows}

    def register(self, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
        """Return the register of uncertain inputs, in which no row is ever changed."""
        return frames.get("input_register")


def _behind_tasks(frames: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Return the real durations behind each task of the work plan, by its identifier."""
    tasks, real = frames.get("workplan"), frames.get("migration_durations")
    if tasks is None or real is None:
        return {}
    cited = tasks.assign(step=tasks["evidence_steps"].str.split(";")).explode("step")
    behind = cited.merge(real, on="step")
    return behind.groupby("task_id", sort=False)["evidence_id"].agg(list).to_dict()
