"""What the report says first: the answer in yen, four numbers, what else holds, what is not known.

Every number is a headline result or a cell of a chapter's table; the words stand in
``notebooks/words/summary.*.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbook.summary import Action, Facts, Row, Sentence, Summary, Tile

NEARLY_ALL = 0.9  # of the draws: a gain that may be promised
NOTHING_NEW = "stay"
MONTH = 1 / 12  # of a fiscal year: the last month of a step ends where the next begins
# the steps of each line of the advice that the first screen names
STEPS_OF = {
    "buying": ("buying_list", "buying_vote"),
    "internal": ("internal_rules",),
    "core": ("core_review",),
}


class Summarised:
    """The summary of a run of this study."""

    def of(self, facts: Facts) -> Summary | None:
        """Return the summary, None where the run ended before chapter 4."""
        gross, net = _reading(facts, "gross"), _reading(facts, "net")
        if gross is None or net is None:
            return None
        return Summary(
            _answer(facts, gross, net),
            tuple(_tiles(facts, gross, net)),
            "target-to-net",
            ("decision", "what_if"),
            _advice(facts),
            tuple(_actions(facts)),
            tuple(_also(facts)),
            tuple(Sentence(f"unknown-{name}") for name in ("spend", "scale", "move", "target")),
        )


def _study(facts: Facts) -> Mapping[str, Any]:
    return facts.choices["study"]


def _reading(facts: Facts, reading: str) -> Row | None:
    chosen = _study(facts)
    return facts.row(
        "target_reading",
        reading=reading,
        baseline=chosen["baseline"],
        scale_model=chosen["scale_model"],
    ) or facts.row("target_reading", reading=reading, scale_model=chosen["scale_model"])


def _target(facts: Facts) -> Row | None:
    return facts.row("published_target", figure="saving_5y")


def _answer(facts: Facts, gross: Row, net: Row) -> Sentence:
    """Return the answer: with a target or without, and whether anything is left once all is
    paid.
    """
    target, left = _target(facts), net["saving_p50_jpy"]
    values = {
        "years": _study(facts)["plan_years"],
        "gross": gross["saving_p50_jpy"],
        "net": abs(left),
        "low": net["saving_p10_jpy"],
        "high": net["saving_p90_jpy"],
    }
    sign = "gain" if left > 0 else "loss"
    if target is None:
        return Sentence("answer", values, f"no-target-{sign}")
    short = target["value"] > gross["saving_p90_jpy"]
    values["target"] = target["value"]
    return Sentence("answer", values, f"{'short' if short else 'within'}-{sign}")


def _tiles(facts: Facts, gross: Row, net: Row) -> Iterator[Tile]:
    years = {"years": _study(facts)["plan_years"]}
    if target := _target(facts):
        yield Tile(
            Sentence("tile-target", years),
            target["value"],
            "JPY",
            "readings",
            "published",
            target["low"],
            target["high"],
            "wording",
        )
    elif cost := facts.results.get("baseline_5y"):
        interval = str(cost.get("interval") or "draws")
        ends = (cost["low"], cost["high"])
        name = Sentence("tile-cost", years)
        yield Tile(name, cost["value"], "JPY", "baselines", cost["standing"], *ends, interval)
    for part, row in (("before", gross), ("after", net)):
        value, ends = row["saving_p50_jpy"], (row["saving_p10_jpy"], row["saving_p90_jpy"])
        yield Tile(Sentence(f"tile-{part}", years), value, "JPY", "readings", "modelled", *ends)
    if buying := facts.row("decision_advice", line="buying"):
        value, name = buying["yearly_p50_jpy"], Sentence("tile-buying")
        ends = (buying["yearly_p10_jpy"], buying["yearly_p90_jpy"])
        yield Tile(name, value, "JPY/year", "today-options", "modelled", *ends)


def _advice(facts: Facts) -> Sentence | None:
    """Return which of the options open today is worth most, None where none was weighed."""
    chosen = facts.row("decision_options", chosen=True)
    if chosen is None:
        return None
    case = "otherwise" if chosen["option"] == NOTHING_NEW else ""
    return Sentence("advice", {"best": chosen["option"]}, case)


def _actions(facts: Facts) -> Iterator[Action]:
    """Yield who should do what by when, as the chapter of the decision has it; none without it."""
    steps = {row["step_id"]: row for row in facts.rows("decision_steps")}
    lines = {row["line"]: row for row in facts.rows("decision_advice")}
    for line, names in STEPS_OF.items() if steps and lines else ():
        case, trigger = lines[line]["case"], lines[line]["trigger_jpy"]
        for place, name in enumerate(names[: len(names) if case == "do" else 1], 1):
            is_last = place == len(names) or case != "do"
            condition = Sentence(f"until-{line}", {"trigger": trigger}, _case(case))
            yield Action(
                {lang: _begun(str(steps[name][f"who_{lang}"])) for lang in ("ja", "en")},
                Sentence(f"action-{line}", _dated(steps[name]), _case(case)),
                condition if is_last and trigger is not None else None,
            )


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _case(case: str) -> str:
    return "" if case == "do" else "otherwise"


def _dated(step: Row) -> dict[str, Any]:
    """Return what a step is and its first and last month."""
    what = {lang: str(step[f"what_{lang}"]) for lang in ("ja", "en")}
    return {"what": what, "starts": step["starts"], "by": step["ends"] - MONTH}


def _also(facts: Facts) -> Iterator[Sentence]:
    """Yield what else a reader asks first: the number of platforms, the dates, who gains."""
    best = facts.results.get("best_instances_core", {})
    if best.get("value") is not None:
        ends = {"low": best["low"], "high": best["high"]}
        case = "otherwise" if best["low"] == best["high"] else ""
        yield Sentence("also-platforms", {"best": best["value"], "range": ends}, case)
    if (chance := facts.value("probability_by_fy2025")) is not None:
        yield Sentence("also-dates", {"chance": chance, "end": facts.value("finish_p50")})
    gains = facts.rows("net_gain_map")
    if len(gains) > 1:
        least = min(row["gains_share_low"] for row in gains)
        most = max(row["gains_share_high"] for row in gains)
        ends, sure = {"low": least, "high": most}, least >= NEARLY_ALL
        yield Sentence("also-gains", {"range": ends}, "otherwise" if sure else "")
