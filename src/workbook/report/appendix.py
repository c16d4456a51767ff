"""The appendix: headline results, data used and parameters of a run, as rows for the template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.exhibit_view import Origin, Standing, origin_view, standing_view, written
from workbook.report.finished_run import FinishedRun
from workbook.report.markdown import render_markdown
from workbook.units import format_range, format_value
from workbook.words.nouns import glossary

CHANGE_LOG = "CHANGELOG.md"  # in English; CHANGELOG.ja.md stands next to it


@dataclass(frozen=True)
class ResultRow:
    """One headline result with its interval; ``value`` gives the reason where the result is
    undefined.
    """

    identifier: str
    name: Markup
    value: Markup
    undefined: bool
    interval: str
    standing: Standing
    link: Markup


def result_rows(run: FinishedRun, edition: Edition) -> list[ResultRow]:
    """Return the headline results in the order of the chapters."""
    return [_result_row(result, edition) for result in run.results]


def _result_row(result: dict[str, Any], edition: Edition) -> ResultRow:
    written_value = format_value(result["value"], result["unit"], edition.lang)
    interval = format_range(result["low"], result["high"], result["unit"], edition.lang)
    if kind := result.get("interval"):
        interval += edition.word("of_what", kind=edition.term(f"interval_{kind}"))
    undefined = result["value"] is None
    value = edition.marked(written_value)
    if undefined:
        value = edition.linked(edition.chosen(result.get("reason")) or "–")
    exhibit = edition.exhibits.by_name(str(result.get("exhibit") or ""))
    link = (
        Markup('<a href="#{}">{}</a>').format(exhibit["anchor"], exhibit["number"])
        if exhibit
        else Markup("–")
    )
    return ResultRow(
        result["id"],
        edition.marked(edition.term(result["id"])),
        value,
        undefined,
        interval,
        standing_view(result["standing"], edition),
        link,
    )


def data_rows(run: FinishedRun, edition: Edition) -> list[Origin]:
    """Return the origin of every input table of the run, by name."""
    known = {entry["name"]: entry for entry in run.manifest.get("origins", [])}
    for payload in edition.exhibits.payloads:
        known.update({entry["name"]: entry for entry in payload["provenance"]["inputs"]})
    return [origin_view(known[name], edition) for name in sorted(known)]


def local_tables(run: FinishedRun, edition: Edition) -> list[str]:
    """Return the names of local tables that the run used; where there are any, the report is not
    for publication.
    """
    shown = {
        entry["name"]
        for payload in edition.exhibits.payloads
        for entry in payload["provenance"]["inputs"]
        if entry.get("local")
    }
    return sorted(shown | set(run.manifest.get("local_inputs", [])))


def change_log(run: FinishedRun, edition: Edition) -> Markup:
    """Return the study's change log, in this language where it keeps one; blank where it keeps
    none.
    """
    english = run.folder.parents[1] / CHANGE_LOG
    translated = english.with_suffix(f".{edition.lang}.md")
    path, lang = (translated, edition.lang) if translated.is_file() else (english, "en")
    if not path.is_file():
        return Markup()
    _, _, entries = path.read_text(encoding="utf-8").partition("\n## ")
    body = render_markdown(re.sub(r"(?m)^##", "###", f"## {entries}"), edition)
    return Markup('<div class="changes" lang="{}">\n{}</div>').format(lang, body)


def parameter_rows(parameters: dict[str, Any], edition: Edition) -> list[tuple[str, Markup]]:
    """Return the run's parameters as (section.name, value)."""
    return [(name, edition.marked(written(value))) for name, value in _flat(parameters)]


def _flat(parameters: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in parameters.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def term_rows(edition: Edition) -> list[tuple[str, str, str]]:
    """Return the glossary as (this language's term, the other's, identifier), sorted by
    identifier.
    """
    terms = glossary(edition.group)
    return [(terms[name][edition.lang], terms[name][edition.other], name) for name in sorted(terms)]
