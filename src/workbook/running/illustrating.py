"""Words and pictures joined to what a run's notebooks left: the notebooks that people open, and
that the report is made of.

A kernel leaves slugs, cases and raw values in ``executed/``; ``notebooks/`` holds the same with
texts, pictures and tables.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbook.exhibits.declared import Exhibit, exhibits_of
from workbook.exhibits.pages import Pages
from workbook.groups import Group
from workbook.output import MIME, outputs_of
from workbook.running.drawing import Drawn
from workbook.running.finished_step import EXECUTED, ILLUSTRATED
from workbook.running.manifest import set_inputs
from workbook.staleness.keys import Keys
from workbook.steps import Step
from workbook.whole_files import mode_behind, write_whole
from workbook.words.binding import bound, group_of, standard
from workbook.words.messages import Words, WordsFault
from workbook.words.nouns import told_in_all
from workbook.words.text_cells import as_read


def illustrate(keys: Keys, run: Path) -> None:
    """Write the notebooks of a run as people open them; pictures and tables are made where they are
    missing or have changed.

    `WordsFault` names every message that cannot be said; then nothing is written.
    """
    left = {
        step: json.loads(path.read_text(encoding="utf-8"))
        for step in keys.steps
        if (path := run / EXECUTED / f"{step.name}.ipynb").exists()
    }
    said = {
        step: [output["data"][MIME] for _, output in outputs_of(notebook)]
        for step, notebook in left.items()
    }
    first: dict[str, Any] = next((payload for own in said.values() for payload in own), {})
    drawn = Drawn(keys, run, group_of(first))
    for step, payloads in said.items():
        for exhibit in (
            _exhibit(step, payload) for payload in payloads if payload["kind"] == "exhibit"
        ):
            drawn.want(exhibit)
    _bind_all(keys.root, said, drawn)
    drawn.make()
    for step, notebook in left.items():
        notebook["cells"] = as_read(notebook["cells"], step.name, drawn.group, keys.root)
        _finish(step, notebook, drawn, run)
    for path in (run / ILLUSTRATED).glob("*.ipynb"):  # a renamed notebook leaves its old one
        if path.stem not in {step.name for step in left}:
            path.unlink()
    keys.remembered.save()


def _exhibit(step: Step, payload: dict[str, Any]) -> Exhibit:
    slug, declared = payload["slug"], exhibits_of(step.stem)
    if slug not in declared:
        raise WordsFault(
            f"chapters/{step.stem}/exhibits.yaml: no exhibit {slug!r}; this run shows it: "
            "`workbook run` first, or declare it there"
        )
    return declared[slug]


def _bind_all(root: Path, said: dict[Step, list[dict[str, Any]]], drawn: Drawn) -> None:
    """Give every payload its words, in its place."""
    faults: list[str] = []
    for step, payloads in ((step, payloads) for step, payloads in said.items() if payloads):
        try:
            words = Words.of(root, step.name)
        except WordsFault as fault:
            faults.append(str(fault))
            continue
        for payload in payloads:
            try:
                full = bound(payload, words, drawn.names)
            except WordsFault as fault:
                faults.append(str(fault))
                continue
            payload.clear()
            payload |= full
    if faults:
        raise WordsFault("\n".join(dict.fromkeys(faults)))


def _finish(step: Step, notebook: dict[str, Any], drawn: Drawn, run: Path) -> None:
    """Add pictures, tables and what any viewer shows, and write the notebook where it changes."""
    lang = os.environ.get("WORKBOOK_LANG", "ja")
    for _, output in outputs_of(notebook):
        payload = output["data"][MIME]
        if payload["kind"] == "exhibit":
            exhibit = _exhibit(step, payload)
            payload["tables"] = drawn.tables(exhibit)
            payload["annex"] = exhibit.annex
            payload["form"] = "figure" if exhibit.chart else "table"
            payload["set_inputs"] = _set_for(exhibit, set_inputs(run))
            if exhibit.chart:
                payload["svg"] = drawn.picture(exhibit)
            if exhibit.panel:
                payload["panel"] = drawn.panel(exhibit)
            if exhibit.pages:
                payload["pages"] = _pages(exhibit.pages, drawn.group)
            if exhibit.cards:
                payload["cards"] = asdict(exhibit.cards)
        output["data"] = {MIME: payload, **standard(payload, lang)}
    path, text = (
        run / ILLUSTRATED / f"{step.name}.ipynb",
        # on one line: Python indents megabytes of pictures and tables ten times as slowly
        json.dumps(notebook, ensure_ascii=False) + "\n",
    )
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text, mode_behind([run / EXECUTED / f"{step.name}.ipynb"]))


def _set_for(exhibit: Exhibit, held: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the inputs that the run holds at a value and that an exhibit rests on."""
    if not held:
        return []
    from workbook.tables.set_inputs import reached_by

    return [{"input": name, **held[name]} for name in reached_by(exhibit.tables, held)]


def _pages(pages: Pages, group: Group) -> dict[str, Any]:
    """Return the contents of an exhibit's pages, in the nouns of the group under study."""
    texts = {"choose": told_in_all(pages.choose, group), "own": told_in_all(pages.own, group)}
    return asdict(pages) | texts
