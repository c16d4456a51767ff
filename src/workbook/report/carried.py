"""What carries an exhibit: of the inputs that it rests on the few that weigh most, each with its
value, its reason and its documents; then every table it rests on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.exhibit_view import Standing, standing_view
from workbook.report.inputs import Inputs
from workbook.study import study
from workbook.summary import Row
from workbook.units import format_value
from workbook.weights import GRADES

if TYPE_CHECKING:
    from workbook.audit.assumptions import Assumption

MOST = 6  # so many inputs are named; the annex has them all
MOST_JUDGED = 4
MOST_NAMED = 7  # where the run itself names what carries an exhibit
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
    named: Sequence[Row],
    retrieved: Mapping[str, Markup],
    inputs: Inputs,
    edition: Edition,
) -> Bearing:
    """Return what carries each exhibit: the rows that the run names for it, else judgements by
    their weight in the run and then the tables that somebody published.
    """
    return {
        payload["slug"]: [*_named(payload["slug"], log, named, inputs, edition)][:MOST_NAMED]
        or [
            *_judged(payload, log, inputs, edition),
            *_published(payload, retrieved, inputs, edition),
        ][:MOST]
        for payload in payloads
    }


def with_reason_once(entry: Carrier, slug: str, given: dict[str, str], edition: Edition) -> Carrier:
    """Return a carrier as an exhibit shows it: a reason that another exhibit gives is led to.

    ``given`` holds the exhibit that writes each reason out, and learns of this one.
    """
    first = given.setdefault(entry.reason, slug) if entry.reason else slug
    if first == slug:
        return entry
    link = Markup('<a href="#from-{}">{}</a>').format(first, edition.reference(first))
    return replace(entry, reason=Markup(edition.word("reason_at", exhibit=link)))


def _named(
    slug: str,
    log: tuple[Assumption, ...],
    named: Sequence[Row],
    inputs: Inputs,
    edition: Edition,
) -> Iterator[Carrier]:
    """Yield the rows of input tables that a run names as carriers of an exhibit: as the log has
    them, what is no judgement of one row as its table does.
    """
    judged = {(entry.table, entry.item): entry for entry in log if entry.rows == 1}
    places = [(str(row["table"]), str(row["item"])) for row in named if row["exhibit"] == slug]
    for table, item in places:
        entry = judged.get((table, item))
        if entry and not _of_texts(table, inputs):
            yield _of_judgement(entry, inputs, edition)
        elif (table, item) in inputs.anchors:
            yield _of_row(table, item, inputs, edition)


def _of_texts(table: str, inputs: Inputs) -> bool:
    """Say whether a table states texts, which the log takes together, and no ranges."""
    fields = inputs.tables[table].fields if table in inputs.tables else ()
    return bool(fields) and not any(field["name"] == "central" for field in fields)


def _of_row(table: str, item: str, inputs: Inputs, edition: Edition) -> Carrier:
    lang, held = edition.lang, inputs.tables[table]
    row = next(row for row in held.rows if held.item(row) == item)
    names = (row.get(f"{part}_{lang}") for part in ("name", "label", "what"))
    unit, value = row.get("unit", ""), row.get("value", "")
    code = item if item in inputs.evidence else ""
    given = {"ja": row.get("reasoning_ja"), "en": row.get("reasoning") or row.get("caveat")}
    reasons = {language: text for language, text in given.items() if text}
    return Carrier(
        inputs.named_row(next(filter(None, names), item), table, item, edition),
        edition.marked(format_value(float(value), unit, lang) if value else ""),
        standing_view(row["standing"], edition),
        inputs.reasoning(reasons, edition),
        inputs.cited(", ".join(filter(None, (code, row.get("source")))), edition),
        Markup(),
    )


def _judged(
    payload: Mapping[str, Any], log: tuple[Assumption, ...], inputs: Inputs, edition: Edition
) -> Iterator[Carrier]:
    for entry in bearing_on(payload["provenance"], log)[:MOST_JUDGED]:
        yield _of_judgement(entry, inputs, edition)


def _of_judgement(entry: Assumption, inputs: Inputs, edition: Edition) -> Carrier:
    lang = edition.lang
    codes = (Markup(" ") if lang == "en" else Markup("、")).join(
        inputs.cited(code, edition) for code in entry.evidence
    )
    return Carrier(
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
