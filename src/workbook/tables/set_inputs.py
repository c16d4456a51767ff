"""Inputs that a reader sets, held against the evidence's ranges and fixed in the tables that a step
loads; the files stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.choices.faults import Fault, known_instead
from workbook.groups import Group
from workbook.ranges import ENDS, HEAD, SECTION, Chosen
from workbook.steps import Step, writer_of
from workbook.study import study
from workbook.tables.results import result_contracts

if TYPE_CHECKING:
    import pandas as pd

    from workbook.tables.catalog import Catalog

HEADER = 2  # the first row of a table stands in the second line of its file


class Held(NamedTuple):
    """An input held at ``value``; all three in the ``unit`` of its range."""

    value: float
    low: float
    high: float
    unit: str


def ranges_for(catalog: Catalog, group: Group) -> pd.DataFrame:
    """Return the study's table of ranges as a group has it, one row an input."""
    table = study().ranges.table
    return study().groups.adapted(table, as_judged(table, catalog), group, catalog.load)


def as_judged(table: str, catalog: Catalog) -> pd.DataFrame:
    """Return an input table; that of ranges as a researcher's own judgements have it, where there
    are any.
    """
    known, frame = study().ranges, catalog.load(table)
    if table != known.table or not known.judgements or not catalog.has(known.judgements):
        return frame
    return known.judged(frame, catalog.load(known.judgements))


def set_input_faults(
    chosen: Chosen, catalog: Catalog, group: Group, file: str = ""
) -> Iterator[Fault]:
    """Yield a fault for each chosen input that has no range, or whose value lies outside it;
    ``file`` says where it was chosen.
    """
    if not chosen:
        return
    frame, path = ranges_for(catalog, group), catalog.path(study().ranges.table)
    place = {name: number for number, name in enumerate(frame["input"], HEADER)}
    rows, table = frame.set_index("input"), path.relative_to(catalog.folder.parent).as_posix()
    for name, value in chosen.items():
        if name not in rows.index:
            message, remedy = f"is set, and {table} has no such input", known_instead(name, place)
        elif value in ENDS or rows.at[name, "low"] <= value <= rows.at[name, "high"]:
            continue
        else:
            span = f"{rows.at[name, 'low']:.12g} to {rows.at[name, 'high']:.12g}"
            message = f"is outside {span} {rows.at[name, 'unit']} ({table}, row {place[name]})"
            remedy = f"set a value within the range, or {' | '.join(ENDS)}"
        yield Fault(file, message, remedy, key=HEAD + name, value=str(value))


def vain_faults(chosen: Chosen, step: Step, file: str) -> Iterator[Fault]:
    """Yield a fault for each chosen input that a step does not take: it would be set in vain."""
    for name in chosen.keys() - study().ranges.taken(step, chosen).keys():
        takers = [one.name for one in study().steps if study().ranges.taken(one, {name: 0.0})]
        message = f"is set in vain: {step.name} takes no such input"
        remedy = f"set it in {', '.join(takers)}, or in params.yaml"
        yield Fault(file, message, remedy, key=HEAD + name, value=str(chosen[name]))


def held_inputs(chosen: Chosen, catalog: Catalog, group: Group) -> dict[str, Held]:
    """Return the chosen inputs as a run holds them, an end of a range as its value, once
    `set_input_faults` finds nothing in them.
    """
    if not chosen:
        return {}
    rows = ranges_for(catalog, group).set_index("input")
    return {
        name: Held(
            float(rows.at[name, value] if isinstance(value, str) else value),
            float(rows.at[name, "low"]),
            float(rows.at[name, "high"]),
            str(rows.at[name, "unit"]),
        )
        for name, value in chosen.items()
    }


def held_in_run(choices: Mapping[str, Any], catalog: Catalog) -> dict[str, Held]:
    """Return the inputs that a run holds, from its choices by section (`Parameters.model_dump`)."""
    chosen = choices.get(SECTION) or {}
    if not chosen:
        return {}
    return held_inputs(chosen, catalog, study().groups.of(choices["study"], catalog.load))


def reached_by(tables: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return those of some inputs that result tables rest on: a step that takes the input writes
    one of them, or one behind them, from the table of ranges.
    """
    ranges = study().ranges
    behind = [name for name in nearest_first(tables) if name in result_contracts()]
    takers = {writer_of(table) for table in behind if _rests_on(table, ranges.table)}
    return [name for name in names if any(ranges.taken(step, {name: 0.0}) for step in takers)]


def nearest_first(tables: Iterable[str]) -> Iterator[str]:
    """Yield tables and all that they rest on, results and inputs, each once: what stands directly
    behind a table before what stands behind that.
    """
    waiting, seen = list(tables), set[str]()
    while waiting:
        new = [table for table in dict.fromkeys(waiting) if table not in seen]
        yield from new
        seen |= set(new)
        known = (result_contracts()[table] for table in new if table in result_contracts())
        waiting = [source.table for contract in known for source in contract.sources]


def _rests_on(table: str, other: str) -> bool:
    return any(source.table == other for source in result_contracts()[table].sources)


def as_set(table: str, frame: pd.DataFrame, step: Step, at: Mapping[str, Held]) -> pd.DataFrame:
    """Return an input table as a step takes it: where its rows are inputs, those that the step
    declares, and each set one at its value and ``assumed``, whatever its range stands on.
    """
    known = study().ranges
    if table not in (known.table, *known.others):
        return frame
    rows = frame[frame["input"].isin(step.ranges)] if step.ranges else frame
    ours = rows["input"].isin(at.keys())
    if not ours.any():
        return rows
    values = rows["input"].map({name: one.value for name, one in at.items()})
    fixed = {end: rows[end].astype(float).mask(ours, values) for end in ENDS}
    return rows.assign(**fixed, standing=rows["standing"].mask(ours, "assumed"))
