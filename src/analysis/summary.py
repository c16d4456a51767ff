"""What the report says first: the answer in yen, four numbers, what else holds, what is not known.

Every number is a headline result or a cell of a chapter's table; the words stand in
``notebooks/words/summary.*.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbook.summary import Action, Facts, Row, Sentence, Summary, Tile

NEARLY_ALL = 0.9  # of the draws: a gain that may be promised
NOTHING_NEW = "stay"
STAGES = ("buying", "internal", "core")
# whichever is the study's own, this one reads the same question from other evidence
RIVAL = {
    "joint_cloud": "cross_section",
    "cross_section": "joint_cloud",
    "source_report": "joint_cloud",
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
            tuple(_unknown(facts)),
        )


def _study(facts: Facts) -> Mapping[str, Any]:
    return facts.choices["study"]


def _reading(facts: Facts, reading: str, model: str = "") -> Row | None:
    """Return the row of the run's own baseline and scale model, or of another model."""
    chosen = _study(facts)
    model = model or chosen["scale_model"]
    return facts.row(
        "target_reading", reading=reading, baseline=chosen["baseline"], scale_model=model
    ) or facts.row("target_reading", reading=reading, scale_model=model)


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
        name = Sentence("tile-buying", {"mean": buying["yearly_mean_jpy"]})
        ends = (buying["yearly_p10_jpy"], buying["yearly_p90_jpy"])
        value = buying["yearly_p50_jpy"]
        yield Tile(name, value, "JPY/year", "buying-bridge", "modelled", *ends)


def _advice(facts: Facts) -> Sentence | None:
    """Return which of the options open today is worth most, and what it would be worth under the
    reading of the published result that favours it least; None where none was weighed.
    """
    chosen = facts.row("decision_options", chosen=True)
    if chosen is None:
        return None
    best = {"best": chosen["option"]}
    if chosen["option"] == NOTHING_NEW:
        return Sentence("advice", best, "otherwise")
    read = [row for row in facts.rows("buying_outturn") if row["reading"] != "none"]
    if not read:
        return Sentence("advice", best)
    least = min(row["worth_p50_jpy"] for row in read)
    alike = all(row["option"] == chosen["option"] for row in read)
    return Sentence("advice", best | {"least": least}, "read" if alike else "turns")


def _actions(facts: Facts) -> Iterator[Action]:
    """Yield who should do what by when, as the chapter of the decision has it; none without it.

    Of joint buying, if it is carried out, every step is named, of what comes later the next one.
    """
    steps, lines = facts.rows("decision_steps"), facts.rows("decision_advice")
    for line in lines if steps else ():
        if line["line"] in STAGES:
            own = [step for step in steps if step["stage"] == line["line"]]
            whole = line["line"] == "buying" and line["case"] == "do"
            yield from _of_line(line, own, len(own) if whole else 1)


def _of_line(line: Row, steps: Sequence[Row], named: int) -> Iterator[Action]:
    """Yield the first steps of a line of the advice; the condition stands behind the last of them,
    with the month by which the step after it is due.
    """
    case = "" if line["case"] == "do" else "otherwise"
    values = {"trigger": line["trigger_jpy"], "held": line["accounts_years"]}
    values["then"] = steps[min(named, len(steps) - 1)]["ends"]
    until = Sentence(f"until-{line['line']}", values, case)
    for place, step in enumerate(steps[:named], 1):
        says = place == named and line["trigger_jpy"] is not None
        yield Action(
            {lang: _begun(str(step[f"who_{lang}"])) for lang in ("ja", "en")},
            Sentence(f"action-{line['line']}", _dated(step), case),
            until if says else None,
        )


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _dated(step: Row) -> dict[str, Any]:
    """Return what a step is, its first month, and its last, by whose end it is done."""
    what = {lang: str(step[f"what_{lang}"]) for lang in ("ja", "en")}
    return {"what": what, "starts": step["starts"], "by": step["ends"]}


def _also(facts: Facts) -> Iterator[Sentence]:
    """Yield what else a reader asks first: which assumption to check, whether the report's number
    of platforms holds, the dates, who gains.
    """
    yield from _to_check(facts)
    yield from _platforms(facts)
    if (chance := facts.value("probability_by_fy2025")) is not None:
        yield Sentence("also-dates", {"chance": chance, "end": facts.value("finish_p50")})
    gains = facts.rows("net_gain_map")
    if len(gains) > 1:
        least = min(row["gains_share_low"] for row in gains)
        most = max(row["gains_share_high"] for row in gains)
        ends, sure = {"low": least, "high": most}, least >= NEARLY_ALL
        yield Sentence("also-gains", {"range": ends}, "otherwise" if sure else "")


def _to_check(facts: Facts) -> Iterator[Sentence]:
    """Yield what is worth most to know before choosing: the group of inputs, and of it the input
    that weighs most.
    """
    if learnt := facts.rows("what_to_learn"):
        first = max(learnt, key=_worth_knowing)
        values = {"knowing": first["knowing_jpy"], "input": first["input"]}
        yield Sentence("also-check", values, first["learned"] if values["knowing"] else "otherwise")


def _worth_knowing(row: Row) -> tuple[float, ...]:
    return tuple(row[name] or 0.0 for name in ("knowing_jpy", "alone_jpy", "split_share"))


def _platforms(facts: Facts) -> Iterator[Sentence]:
    """Yield whether the report's number of core platforms holds against what costs least."""
    best = facts.results.get("best_instances_core", {})
    claimed = facts.row("targets", system_group="core")
    if best.get("value") is None or claimed is None:
        return
    ends = {"low": best["low"], "high": best["high"]}
    report = {"low": claimed["target_low"], "high": claimed["target_high"]}
    values = {"best": best["value"], "range": ends, "report": report}
    within = ends["low"] <= report["high"] and report["low"] <= ends["high"]
    one = ends["low"] == ends["high"]
    case = "one" if one else "" if within else "otherwise"
    yield Sentence("also-platforms", values, case)


def _unknown(facts: Facts) -> Iterator[Sentence]:
    """Yield what is not known; of the saving, what a rival reading of the evidence says."""
    yield Sentence("unknown-spend")
    model = RIVAL[_study(facts)["scale_model"]]
    gross, net = (_reading(facts, reading, model) for reading in ("gross", "net"))
    if gross and net:
        values = {"gross": gross["saving_p50_jpy"], "net": net["saving_p50_jpy"], "model": model}
        yield Sentence("unknown-scale", values)
    else:
        yield Sentence("unknown-scale", {}, "otherwise")
    yield from (Sentence(f"unknown-{name}") for name in ("move", "target"))
