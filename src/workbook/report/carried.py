"""What carries an exhibit: of the inputs that it rests on the few that weigh most, each with its
value, its reason and its documents; then every table it rests on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.exhibit_view import Standing, standing_view
from workbook.report.inputs import Inputs
from workbook.study import study
from workbook.weights import GRADES

if TYPE_CHECKING:
    from workbook.audit.assumptions import Assumption

MOST = 6  # so many inputs are named; the annex has them all
MOST_JUDGED = 4
MARK = "<!-- carried by: {} -->"
Bearing = dict[str, list["Carrier"]]  # by slug


@dataclass(frozen=True)
class Carrier:
    """An input that carries an exhibit: its name, its value with its range, how good it is, and
    what it is taken from.
    """

    name: Markup
    value: Markup
    standing: Standing
    reason: Markup
    documents: Markup
    retrieved: Markup


def carriers(
    payloads: tuple[Mapping[str, Any], ...],
    log: tuple[Assumption, ...],
    retrieved: Mapping[str, Markup],
    inputs: Inputs,
    edition: Edition,
) -> Bearing:
    """Return what carries each exhibit: judgements by their weight in the run, then the tables that
    somebody published.
    """
    return {
        payload["slug"]: [
            *_judged(payload, log, inputs, edition),
            *_published(payload, retrieved, inputs, edition),
        ][:MOST]
        for payload in payloads
    }


def _judged(
    payload: Mapping[str, Any], log: tuple[Assumption, ...], inputs: Inputs, edition: Edition
) -> Iterator[Carrier]:
    for entry in bearing_on(payload["provenance"], log)[:MOST_JUDGED]:
        lang = edition.lang
        codes = (Markup(" ") if lang == "en" else Markup("、")).join(
            inputs.cited(code, edition) for code in entry.evidence
        )
        yield Carrier(
            inputs.named_row(entry.name[lang], entry.table, entry.item, edition),
            edition.marked(f"{entry.value[lang]}{edition.word('of', exhibit=entry.range[lang])}"),
            standing_view("assumed", edition),
            inputs.reasoning(entry.reasoning, edition),
            codes,
            Markup(),
        )


def bearing_on(provenance: Mapping[str, Any], log: tuple[Assumption, ...]) -> list[Assumption]:
    """Return the assumptions that an exhibit rests on, the weightiest first: of a table of ranges
    only the inputs that a step behind the exhibit takes, and the light ones only where there are
    no others. Tables take turns, for what is measured in one cannot be compared with another.
    """
    from workbook.tables.set_inputs import reached_by

    ranges, named = study().ranges, {entry["name"] for entry in provenance["inputs"]}
    taken = set(reached_by(provenance["tables"], [entry.item for entry in log]))
    bearing = [
        entry
        for entry in log
        if entry.table in named
        and entry.weight != "idle"
        and (entry.table not in (ranges.table, *ranges.others) or entry.item in taken)
    ]
    heavy = [entry for entry in bearing if entry.weight in ("heavy", "middling")]
    turns = Counter[str]()
    ordered = []
    for entry in sorted(heavy or bearing, key=lambda entry: -entry.amount):
        ordered.append((GRADES.index(entry.weight), turns[entry.table], entry))
        turns[entry.table] += 1
    return [entry for *_, entry in sorted(ordered, key=itemgetter(0, 1))]


def _published(
    payload: Mapping[str, Any], retrieved: Mapping[str, Markup], inputs: Inputs, edition: Edition
) -> Iterator[Carrier]:
    from workbook.tables.set_inputs import nearest_first

    near = list(nearest_first(payload["provenance"]["tables"]))
    place = {name: number for number, name in enumerate(near)}
    inputs_of = payload["provenance"]["inputs"]
    for entry in sorted(inputs_of, key=lambda entry: place.get(entry["name"], len(place))):
        if entry.get("standing") == "assumed" or not inputs.taken_in(entry["name"]):
            continue
        title = edition.chosen(entry.get("title")) or entry["name"]
        sources = [edition.source(source) for source in entry.get("sources", ())]
        yield Carrier(
            inputs.named_table(title, entry["name"], edition),
            Markup(),
            standing_view(entry["standing"], edition),
            Markup(),
            Markup(edition.word("and")).join(inputs.cited(text, edition) for text in sources[:2]),
            retrieved.get(entry["name"], Markup()),
        )
