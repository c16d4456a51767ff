"""The run a notebook works in: its inputs, tables, exhibits, prose and headline results."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.display import display

from workbook.choices import (
    Fault,
    ParameterFault,
    load_parameters,
    values_in_notebook,
)
from workbook.exhibits.declared import Exhibit, exhibits_of
from workbook.groups import Group
from workbook.notebook.age import rests_on_now, why_old
from workbook.notebook.git_filter import unfiltered_note
from workbook.notebook.run_folder import RunFolder
from workbook.notebook.session import Session
from workbook.output import MIME
from workbook.ranges import SECTION, Chosen, from_keys
from workbook.staleness.gathered import REMEDY, why_outdated
from workbook.staleness.keys import Keys, cells_of, input_digest, parameters_read, table_digest
from workbook.standing import worst_standing
from workbook.steps import ALONE, Source, Step, exhibit_number, step_named, writer_of
from workbook.study import study
from workbook.tables.catalog import Catalog
from workbook.tables.data_package import TableFault
from workbook.tables.openness import mode_of_step
from workbook.tables.results import (
    origins_behind,
    refresh_declarations,
    result_contracts,
    standing_of,
)
from workbook.tables.set_inputs import (
    as_judged,
    as_set,
    held_inputs,
    reached_by,
    set_input_faults,
    vain_faults,
)
from workbook.units import require_unit
from workbook.words.binding import bound, folded_table, standard
from workbook.words.filling import Names, Texts, plain, texts, words_of_tables
from workbook.words.messages import LACK, MAIN, TEXT, Words, case_of

ROWS_SHOWN = 10  # of a table where it is made


def open_run(name: str, namespace: MutableMapping[str, Any]) -> Run:
    """Open the run that a notebook works in and return it.

    A headless run names its folder in the environment (``WORKBOOK_RUN``), and where its files
    wait until all of them are there (``WORKBOOK_DRAFT``); otherwise it is ``runs/interactive``
    of the project that holds the working folder. The parameters are the notebook's own names,
    however they were set; they are held against their types, bounds and rules (see
    `values_in_notebook`), and what came of that is what the names hold afterwards: 5 for 5.0. What
    the run notes of them are those that its cells read.
    """
    root = _project_root()
    headless = os.environ.get("WORKBOOK_RUN")
    step, draft = step_named(name), os.environ.get("WORKBOOK_DRAFT")
    folder = (
        RunFolder(Path(headless), Path(draft) if draft else None, step.writes)
        if headless
        else RunFolder(root / "runs" / "interactive")
    )
    chosen = values_in_notebook(f"notebooks/{step.name}.ipynb", step.stem, namespace)
    namespace.update(chosen)
    if not headless:
        refresh_declarations()  # they may have been edited while the kernel lives
    run = Run(root, folder, step, chosen, interactive=not headless, names=namespace)
    run.listen()
    return run


def _is_still(now: object, opened: object) -> bool:
    # whatever else may not say whether it is equal
    return isinstance(now, bool | int | float | str | list | dict | None) and now == opened


def _read_by(root: Path, step: Step, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters that the notebook's cells read; all of them where it is not in its place."""
    try:
        return parameters_read(cells_of(root, step), parameters)
    except FileNotFoundError:
        return parameters


def _project_root() -> Path:
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "datapackage.json").exists():
            return folder
    raise FileNotFoundError(
        "no project here: start the notebook inside the folder that holds params.yaml and data/"
    )


class Run:
    """One notebook's part of a run: inputs, tables, exhibits, prose and headline results."""

    def __init__(
        self,
        root: Path,
        folder: RunFolder,
        step: Step,
        parameters: dict[str, Any],
        interactive: bool,
        names: Mapping[str, Any],
    ) -> None:
        self.step, self.parameters = step, _read_by(root, step, parameters)
        self._chosen, self._names_now = parameters, names
        self._catalog, self._folder = Catalog(root), folder
        self._baseline = RunFolder(root / "runs" / "baseline") if interactive else None
        # by id: a cell that runs again replaces what it recorded
        self._results: dict[str, dict[str, Any]] = {}
        self._shown: dict[str, str] = {}  # slug -> standing
        self._root, self._looked_at = root, set[str]()
        self._session: Session | None = None
        self._lang = os.environ.get("WORKBOOK_LANG", "ja")
        if unfit := list(self._unfit(f"notebooks/{step.name}.ipynb")):
            raise ParameterFault(unfit)
        self._held = held_inputs(self._set, self._catalog, self.group)
        self._leave()
        if interactive and (note := unfiltered_note(self._catalog)):
            print(note)

    @property
    def _set(self) -> Chosen:
        """The inputs that are set, as they were chosen."""
        return self._chosen.get(SECTION, {})

    def _unfit(self, file: str) -> Iterator[Fault]:
        """Yield what of the choices cannot be for the group under study, its tables and this
        step.
        """
        yield from study().groups.choice_faults(self._chosen, self.group, file)
        outside = list(set_input_faults(self._set, self._catalog, self.group, file))
        yield from outside or vain_faults(self._set, self.step, file)

    def listen(self) -> None:
        """Note from now on what an interactive kernel runs, so that the next notebook can say
        whether these tables are old.
        """
        if self._baseline and (shell := get_ipython()):
            self._session = Session(shell, self._leave)
            self._session.open()
            self._leave()

    # -- tables

    def has(self, table: str) -> bool:
        """Say whether an input table is there (a local-only one may not be)."""
        return self._catalog.has(table)

    def load(self, table: str) -> pd.DataFrame:
        """Return an input table that this step declares, as the group under study has it and with
        the inputs that are set at their values.
        """
        self._require_declared(table, self.step.inputs, "inputs")
        loaded = as_judged(table, self._catalog)
        if self._session:
            for name in study().ranges.with_judgements([table]):
                self._session.touch(name, input_digest(self._catalog, name))
        adapted = study().groups.adapted(table, loaded, self.group, self._catalog.load)
        return as_set(table, adapted, self.step, self._held)

    @cached_property
    def group(self) -> Group:
        """Who is studied."""
        return study().groups.of(self._chosen, self._catalog.load)

    def read(self, table: str) -> pd.DataFrame:
        """Return a result table of an earlier step, the columns of it that this step declares.

        Interactively it is the baseline's where this run has none yet.
        """
        self._require_declared(table, self.step.reads, "reads")
        folder = self._folder_of(table)
        if folder is not self._folder:
            print(
                f"{table}: read from runs/baseline, because runs/interactive does not hold it yet"
            )
        if self._baseline and folder.table_path(table).exists():
            self._say_if_old(folder, writer_of(table))
        columns = self.step.columns_read(table)
        if self._session:
            self._session.touch(table, table_digest(folder.table_path(table), columns))
        return folder.read_table(table)[[*columns]] if columns else folder.read_table(table)

    def _folder_of(self, table: str) -> RunFolder:
        """This run's folder; the baseline's where, interactively, only that one holds the table."""
        own = self._folder.table_path(table).exists()
        return (
            self._baseline
            if self._baseline and not own and self._baseline.table_path(table).exists()
            else self._folder
        )

    def _say_if_old(self, folder: RunFolder, writer: Step) -> None:
        """Say of each step whose tables are read that they are older than the project, and why:
        once for each reason.
        """
        said = self._why_old(folder, writer)
        if said and said not in self._looked_at:
            self._looked_at.add(said)
            print(f"WARNING: {said}")

    def _why_old(self, folder: RunFolder, writer: Step) -> str:
        try:
            committed = load_parameters(self._root / "params.yaml")
        except ParameterFault as half_saved:
            return (
                f"whether the tables of {writer.name} are older than the project is not known:"
                f" {half_saved}"
            )
        of_all = (*committed.study.model_dump(), SECTION)
        shared = {name: self._chosen[name] for name in of_all if name in self._chosen}
        own = committed.section_for(writer.stem).model_dump()
        found = why_old(
            self._root,
            folder.path,
            writer,
            self.step,
            shared,
            own | committed.set_inputs(writer.stem),
            lambda table: self._folder_of(table).table_path(table),
        )
        return (
            f"the tables of {writer.name} in runs/{folder.path.name} are older than the project"
            f" ({'; '.join(found)}); run notebooks/{writer.name}.ipynb again"
            if found
            else ""
        )

    def read_if_there(self, table: str) -> pd.DataFrame | None:
        """Return a table that the workbook gathers from several runs, or None until it has;
        interactively, one that is outdated is none.
        """
        self._require_declared(table, self.step.optional, "optional tables")
        folder = self._folder_of(table)
        # a headless run has seen to it before its kernels start
        if self._baseline and (outdated := why_outdated(Keys(self._root), folder.path)):
            why = "; ".join(outdated)
            print(f"{table}: left out, for it is older than the project ({why}); {REMEDY}")
            return None
        return folder.read_table(table) if folder.table_path(table).exists() else None

    def headlines(self) -> pd.DataFrame:
        """Return the headline results of the earlier steps, one row each, indexed by result id.

        Interactively, a step that this run has not made yet is read from the baseline.
        """
        if not self.step.reads_headlines:
            raise TableFault(
                f"{self.step.name} does not declare `reads_headlines`: add it to its chapter.py"
            )
        rows = []
        for step in study().steps[: study().steps.index(self.step)]:
            record = self._folder.record(step.name)
            if not record.get("results") and self._baseline:
                record = self._baseline.record(step.name)
            rows += record.get("results", [])
        return (
            pd.DataFrame(rows).astype({"value": float, "low": float, "high": float}).set_index("id")
        )

    def write(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Write a result table that this step declares; returns it as a later reader will get it.

        A reader who sits here sees its first rows where it is made.
        """
        self._require_declared(table, self.step.writes, "writes")
        written = self._folder.write_table(table, frame, self._mode())
        if self._baseline:
            self._show_table(table, written)
        return written

    def _show_table(self, table: str, frame: pd.DataFrame) -> None:
        from workbook.exhibits.pictures import table_payload  # as in `_as_read`

        payload = table_payload(
            result_contracts()[table], frame.head(ROWS_SHOWN), self._names, self.group
        )
        shown = folded_table(payload, len(frame), self._lang)
        display({"text/html": shown, "text/plain": f"{table}: {len(frame)} rows"}, raw=True)

    def _require_as_opened(self) -> None:
        """Refuse parameters that a cell has changed after `open_run` held them against their
        bounds.
        """
        file = f"notebooks/{self.step.name}.ipynb"
        changed = [
            Fault(
                file,
                "was set after `open_run`",
                "run the cell that opens the run again",
                key=name,
                value=repr(self._names_now.get(name)),
            )
            for name, value in self._chosen.items()
            if not _is_still(self._names_now.get(name), value)
        ]
        if changed:
            raise ParameterFault(changed)

    def _require_declared(self, table: str, declared: tuple[str, ...], kind: str) -> None:
        self._require_as_opened()
        if table not in declared:
            raise TableFault(
                f"{self.step.name} does not declare {table!r} among its {kind}: add it to"
                " its chapter.py"
            )

    # -- what the reader sees

    @cached_property
    def _names(self) -> Names:
        table = study().groups.names_table
        if not table:
            return {}
        municipalities = self._catalog.load(table)
        return {
            code: {"ja": ja, "en": en}
            for code, ja, en in municipalities[["code", "name_ja", "name_en"]].itertuples(
                index=False
            )
        }

    @property
    def _words(self) -> Words:
        """The chapter's words as they stand: a sentence that was edited shows when its cell runs
        again.
        """
        return Words.of(self._root, self.step.name)

    def say(
        self,
        slug: str,
        *,
        holds: bool | None = None,
        case: Mapping[str, bool] | None = None,
        **values: Any,
    ) -> None:
        """Show a message of the chapter's words, its numbers from the run: bare numbers, a `Range`,
        identifiers.

        A claim carries its condition: where it does not hold, or none of the conditions of ``case``
        does, the message's other wording is shown. What is not yet known is None and shows as a
        dash. Of one municipality alone only what is `Step.of_one` is said.
        """
        if not self.step.tells_of(slug, self.group):
            return
        self._display(
            {
                "kind": "prose",
                "slug": slug,
                "case": case_of(self._words[slug], holds, case),
                "values": plain(values),
            }
        )

    def show(
        self,
        slug: str,
        *,
        holds: bool | None = None,
        case: Mapping[str, bool] | None = None,
        panel: Mapping[str, str] | None = None,
        pages: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        """Show an exhibit, drawn from tables this run holds, with its words; conditions and values
        as for `say`.

        Its tables and its chart are declared in the chapter's ``exhibits.yaml``; without a chart
        the first table is the exhibit. ``panel`` names the messages that its panel fills: the
        ``answer``, with a case for each verdict, and what one ``member`` has of it; ``pages`` those
        that its pages begin with, by the column of their cases. For one municipality alone all are
        lacking that are not `Step.of_one`.
        """
        self._require_number(slug)
        if not self.step.tells_of(slug, self.group):
            self._lack(slug, ALONE, {})
            return
        exhibit, words = self._exhibit(slug), self._words[slug]
        standing = self._standing(exhibit.tables)
        self._shown[slug] = standing["value"]
        self._display(
            {
                "kind": "exhibit",
                "slug": slug,
                "case": case_of(words, holds, case),
                "values": plain(values),
                "form": "figure" if exhibit.chart else "table",
                **({"panel_words": dict(panel)} if panel else {}),
                **({"page_words": dict(pages)} if pages else {}),
                "standing": standing,
                "provenance": self._provenance(exhibit),
                **self._set_for(exhibit),
            }
        )

    def lack(self, slug: str, **values: Any) -> None:
        """Say in an exhibit's place why this run cannot show it (its case `lack`); its results are
        then null with a reason.
        """
        self._require_number(slug)
        self._lack(slug, slug, values)

    def _lack(self, slug: str, why: str, values: Mapping[str, Any]) -> None:
        self._shown[slug] = self._standing(self._exhibit(slug).tables)["value"]
        case = {"case": LACK} if why == slug else {"case": MAIN, "why": why}
        self._display({"kind": "lack", "slug": slug, **case, "values": plain(values)})

    def table_words(self) -> dict[str, Texts]:
        """Return the messages that go into this step's tables (`Step.table_words`), by language and
        slug.
        """
        return words_of_tables(self._words, self.step.table_words, self.group)

    def _exhibit(self, slug: str) -> Exhibit:
        try:
            return exhibits_of(self.step.stem)[slug]
        except KeyError:
            raise TableFault(
                f"{self.step.name}: no tables are declared for the exhibit {slug!r}: add it to"
                f" chapters/{self.step.stem}/exhibits.yaml"
            ) from None

    def _require_number(self, slug: str) -> None:
        self._require_as_opened()
        if slug not in self.step.numbered:
            raise ValueError(
                f"{self.step.name} does not declare an exhibit {slug!r}: add it to its chapter.py"
            )

    def _standing(self, tables: Sequence[str]) -> dict[str, Any]:
        origins = origins_behind(tables, self._catalog)
        modelled = study().groups.modelled_tables(self.group, self._chosen, origins)
        value = worst_standing([standing_of(Source(table), origins, modelled) for table in tables])
        return {
            "value": value,
            "assumed_inputs": sum(origin.assumed_rows for origin in origins.values()),
        }

    def _provenance(self, exhibit: Exhibit) -> dict[str, Any]:
        origins = origins_behind(exhibit.tables, self._catalog)
        return {
            "notebook": self.step.name,
            "function": exhibit.function or None,
            "tables": [*exhibit.tables],
            "inputs": [asdict(origin) for origin in origins.values()],
            "parameters": self.parameters,
        }

    def _set_for(self, exhibit: Exhibit) -> dict[str, Any]:
        """Return the set inputs that an exhibit rests on, as an interactive reader has set them in
        this notebook and those before it; a headless run's stand in its choices.
        """
        if not self._baseline:
            return {}
        earlier = study().steps[: study().steps.index(self.step)]
        records = [self._folder.record(step.name).get("parameters", {}) for step in earlier]
        chosen = {name: value for one in records for name, value in from_keys(one).items()}
        held = held_inputs(chosen | self._set, self._catalog, self.group)
        names = reached_by(exhibit.tables, held)
        said = [{"input": name, **held[name]._asdict()} for name in names]
        return {"set_inputs": said} if said else {}

    def _display(self, left: dict[str, Any]) -> None:
        """Show what was said as slug, case and raw values; a reader who sits here sees it with its
        words at once.

        A headless run leaves words and pictures until it is shown: a changed sentence then changes
        no run.
        """
        # the report's own words follow the group, too
        group = {} if self.group.is_whole else {"group": asdict(self.group)}
        payload = {**left, **group}
        shown = (
            self._as_read(payload)
            if self._baseline
            else {"text/plain": f"{payload['kind']} {payload['slug']}"}
        )
        display({MIME: payload, **shown}, raw=True)

    def _as_read(self, payload: dict[str, Any]) -> dict[str, str]:
        full, lang = bound(payload, self._words, self._names), self._lang
        if full["kind"] == "prose":
            return standard(full, lang)
        # a headless run draws nothing and waits for nothing that does
        from workbook.exhibits import pictures as exhibits

        exhibit = self._exhibit(payload["slug"])
        frames = [self._folder.read_table(table) for table in exhibit.tables]
        if exhibit.chart:
            full["svg"] = {lang: exhibits.picture(exhibit, frames, lang, self._names, self.group)}
        else:
            full["tables"] = [
                exhibits.table_payload(
                    result_contracts()[exhibit.tables[0]], frames[0], self._names, self.group
                )
            ]
        return standard(full, lang)

    # -- headline results

    def result(
        self,
        result_id: str,
        value: float | None,
        unit: str,
        exhibit: str,
        low: float | None = None,
        high: float | None = None,
        reason: str | None = None,
        interval: str | None = None,
    ) -> None:
        """Record a headline result: one scalar with its interval; an undefined one is null, with
        the message that says why. What the interval is of stands in `Step.intervals`, or
        is given where it depends on the run.

        That message stands among the step's ``reasons``, for it goes into the record. For one
        municipality alone only those that are `Step.of_one` have a value.
        """
        self._require_declared(result_id, self.step.results, "results")
        alone = not self.step.tells_of(result_id, self.group)
        given = (None, None, None) if alone else (value, low, high)
        value, low, high = (None if x is None or pd.isna(x) else float(f"{x:.12g}") for x in given)
        if reason:
            self._require_declared(reason, self.step.reasons, "reasons")
        self._require_shown(result_id, exhibit)
        self._results[result_id] = {
            "id": result_id,
            "value": value,
            "low": low,
            "high": high,
            "interval": None if low is None else interval or self.step.interval_of(result_id),
            "unit": require_unit(unit),
            "standing": self._shown[exhibit],
            "chapter": self.step.chapter,
            "exhibit": exhibit_number(exhibit),
            "reason": self._why_none(result_id, ALONE if alone else reason, value),
        }
        self._leave()

    def _require_shown(self, result_id: str, exhibit: str) -> None:
        if exhibit not in self._shown:
            raise ValueError(
                f"{result_id}: show its exhibit {exhibit!r} before recording the result"
            )

    def _why_none(self, result_id: str, reason: str | None, value: float | None) -> Texts | None:
        """Return the message that says why a result has no value, None where it has one."""
        if value is not None:
            return None
        if not reason:
            raise ValueError(
                f"{result_id}: a result without a value needs a reason, the slug of a message"
            )
        return texts(self._words, reason, MAIN, TEXT, {}, self._names, self.group)

    def _leave(self) -> None:
        origins = origins_behind(list(self.step.inputs), self._catalog)
        self._folder.write_record(
            self.step.name,
            {
                "results": [*self._results.values()],
                "parameters": self.parameters,
                "inputs": {name: origin.sha256 for name, origin in origins.items()},
                "local_inputs": [name for name, origin in origins.items() if origin.local],
                **self._rests_on(),
            },
            self._mode(),
        )

    def _rests_on(self) -> dict[str, Any]:
        """Return what an interactive run rests on so far; a headless one is marked by the workbook
        when it has come to its end.
        """
        if not self._baseline:
            return {}
        parts = rests_on_now(Keys(self._root), self._folder.path, self.step, self._chosen)
        return {"rests_on": parts} | ({"session": self._session.record()} if self._session else {})

    def _mode(self) -> int:
        """How open what this notebook writes may be; what it reads may have come since."""
        runs = [folder.path for folder in (self._folder, self._baseline) if folder]
        return mode_of_step(self.step, self._catalog, *runs)
