"""The appendix: headline results, data used and parameters of a run, as rows for the template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis.units import format_value
from analysis.workbook.report.edition import Edition
from analysis.workbook.report.exhibit_view import Origin, Standing, origin_view, standing_view, written
from analysis.workbook.report.finished_run import FinishedRun


@dataclass(frozen=True)
class ResultRow:
    """One headline result with its interval; ``value`` gives the reason where the result is undefined."""

    identifier: str
    value: Markup
    undefined: bool
    interval: str
    standing: Standing
    link: Markup


def result_rows(run: FinishedRun, edition: Edition) -> list[ResultRow]:
    """Return the headline results in the order of the chapters."""
    return [_result_row(result, edition) for result in run.results]


def _result_row(result: dict[str, Any], edition: Edition) -> ResultRow:
    written_value, low, high = (format_value(result.get(part), result["unit"], edition.lang)
                                for part in ("value", "low", "high"))
    undefined = result["value"] is None
    value = edition.marked(written_value)
    if undefined:
        value = edition.linked(edition.chosen(result.get("reason")) or "–")
    exhibit = edition.exhibits.by_name(str(result.get("exhibit") or ""))
    link = Markup('<a href="#{}">{}</a>').format(exhibit["anchor"], exhibit["number"]) if exhibit else Markup("–")
    return ResultRow(result["id"], value, undefined, _interval(low, high, edition),
                     standing_view(result["standing"], edition), link)


def _interval(low: str, high: str, edition: Edition) -> str:
    """Return an interval that names its unit once, where both ends share it."""
    if low == high == "–":
        return low
    ends = [re.fullmatch(r"(-?[\d,.]+)(\D*)", end) for end in (low, high)]
    if all(ends) and ends[0][2] == ends[1][2]:
        low = ends[0][1]
    return edition.word("to", low=low, high=high)


def data_rows(run: FinishedRun, edition: Edition) -> list[Origin]:
    """Return every input table of the run by name: those behind an exhibit with their origin, the rest by checksum."""
    known = {name: {"name": name, "sha256": checksum} for name, checksum in run.manifest.get("inputs", {}).items()}
    for payload in edition.exhibits.payloads:
        known.update({entry["name"]: entry for entry in payload["provenance"]["inputs"]})
    return [origin_view(known[name], edition) for name in sorted(known)]


def local_tables(run: FinishedRun, edition: Edition) -> list[str]:
    """Return the names of local tables that the run used; where there are any, the report is not for publication."""
    shown = {entry["name"] for payload in edition.exhibits.payloads
             for entry in payload["provenance"]["inputs"] if entry.get("local")}
    return sorted(shown | set(run.manifest.get("local_inputs", [])))


def parameter_rows(parameters: dict[str, Any], edition: Edition) -> list[tuple[str, Markup]]:
    """Return the run's parameters as (section.name, value)."""
    return [(name, edition.marked(written(value))) for name, value in _flat(parameters)]


def _flat(parameters: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in parameters.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
