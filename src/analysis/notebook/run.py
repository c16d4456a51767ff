"""The run a notebook works in: its inputs, tables, exhibits, prose and headline results."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from analysis.municipalities import Group
from analysis.notebook import exhibits
from analysis.notebook.age import rests_on_now, why_old
from analysis.notebook.catalog import Catalog
from analysis.notebook.contracts import TableFault
from analysis.notebook.exhibit_output import MIME
from analysis.notebook.exhibits import Texts
from analysis.notebook.gathered import REMEDY, why_outdated
from analysis.notebook.keys import Keys, cells_of, input_digest, parameters_read, table_digest
from analysis.notebook.lineage import Source
from analysis.notebook.results import origins_behind, result_contracts, standing_of
from analysis.notebook.run_folder import RunFolder
from analysis.notebook.session import Session
from analysis.notebook.steps import STEPS, Step, exhibit_number, step_named, writer_of
from analysis.params import Fault, ParameterFault, faults_with_group, load_parameters, values_in_notebook
from analysis.terms import worst_standing
from analysis.units import require_unit


def open_run(name: str, namespace: MutableMapping[str, Any]) -> Run:
    """Open the run that a notebook works in and return it.

    A headless run names its folder in the environment (``WORKBOOK_RUN``), and where its files
    wait until all of them are there (``WORKBOOK_DRAFT``); otherwise it is ``runs/interactive``
    of the project that holds the working folder. The parameters are the notebook's own names, whoever set them; they are held
    against their types, bounds and rules (see `values_in_notebook`), and what came of that is what the names hold afterwards:
    5 for 5.0. What the run notes of them are those that its cells read.
    """
    root = _project_root()
    headless = os.environ.get("WORKBOOK_RUN")
    step, draft = step_named(name), os.environ.get("WORKBOOK_DRAFT")
    folder = (RunFolder(Path(headless), Path(draft) if draft else None, step.writes) if headless
              else RunFolder(root / "runs" / "interactive"))
    chosen = values_in_notebook(f"notebooks/{step.name}.ipynb", step.stem, namespace)
    namespace.update(chosen)
    if not headless:
        result_contracts.cache_clear()   # declarations may have been edited while the kernel lives
    run = Run(root, folder, step, chosen, interactive=not headless, names=namespace)
    run.listen()
    return run


def _is_still(now: object, opened: object) -> bool:
    return isinstance(now, bool | int | float | str | list | None) and now == opened   # whatever else may not say whether it is equal


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
    raise FileNotFoundError("no project here: start the notebook inside the folder that holds params.yaml and data/")


class Run:
    """One notebook's part of a run: inputs, tables, exhibits, prose and headline results."""

    def __init__(self, root: Path, folder: RunFolder, step: Step, parameters: dict[str, Any], interactive: bool,
                 names: Mapping[str, Any]) -> None:
        self.step, self.parameters = step, _read_by(root, step, parameters)
        self._chosen, self._names_now = parameters, names
        self._catalog, self._folder = Catalog(root), folder
        self._baseline = RunFolder(root / "runs" / "baseline") if interactive else None
        self._results: dict[str, dict[str, Any]] = {}   # by id: a cell that runs again replaces what it recorded
        self._shown: dict[str, str] = {}   # slug -> standing
        self._root, self._looked_at = root, set[str]()
        self._session: Session | None = None
        self._lang = os.environ.get("WORKBOOK_LANG", "ja")
        if unfit := list(faults_with_group(parameters, self.group, f"notebooks/{step.name}.ipynb")):
            raise ParameterFault(unfit)
        self._leave()

    def listen(self) -> None:
        """Note from now on what an interactive kernel runs, so that the next notebook can say whether these tables are old."""
        if self._baseline and (shell := get_ipython()):
            self._session = Session(shell, self._leave)
            self._session.open()
            self._leave()

    # -- tables ---------------------------------------------------------------------------------------------------

    def has(self, table: str) -> bool:
        """Say whether an input table is there (a local-only one may not be)."""
        return self._catalog.has(table)

    def load(self, table: str) -> pd.DataFrame:
        """Return an input table that this step declares: bodies, tiles and assumed yen as the group under study has them."""
        self._require_declared(table, self.step.inputs, "inputs")
        loaded = self._catalog.load(table)
        if self._session:
            self._session.touch(table, input_digest(self._catalog, table))
        match table:
            case "municipalities":
                return self.group.marked(loaded)
            case "tile_layout":
                return self.group.tiles(loaded)
            case "participants" if not self.group.published:
                return loaded.iloc[:0]   # the bodies that the report names are special wards
            case "workplan" | "body_duties" | "consolidation_targets":   # the report's plan, carried over to this group
                return loaded.assign(**{name: loaded[name].map(lambda text, lang=name[-2:]: self.group.retold(text, lang), na_action="ignore")
                                        for name in loaded if name.endswith(("_ja", "_en"))})
            case "input_ranges" | "wide_priors":
                return self.group.sized(loaded, self._catalog.load("municipalities"))
        return loaded

    @cached_property
    def group(self) -> Group:
        """The bodies under study."""
        return Group.of(self.parameters["group"], self._catalog.load("municipalities"))

    def read(self, table: str) -> pd.DataFrame:
        """Return a result table of an earlier step, the columns of it that this step declares.

        Interactively it is the baseline's where this run has none yet.
        """
        self._require_declared(table, self.step.reads, "reads")
        folder = self._folder_of(table)
        if folder is not self._folder:
            print(f"{table}: read from runs/baseline, because runs/interactive does not hold it yet")
        if self._baseline and folder.table_path(table).exists():
            self._say_if_old(folder, writer_of(table))
        columns = self.step.columns_read(table)
        if self._session:
            self._session.touch(table, table_digest(folder.table_path(table), columns))
        return folder.read_table(table)[[*columns]] if columns else folder.read_table(table)

    def _folder_of(self, table: str) -> RunFolder:
        """This run's folder; the baseline's where, interactively, only that one holds the table."""
        own = self._folder.table_path(table).exists()
        return self._baseline if self._baseline and not own and self._baseline.table_path(table).exists() else self._folder

    def _say_if_old(self, folder: RunFolder, writer: Step) -> None:
        """Say of each step whose tables are read that they are older than the project, and why: once for each reason."""
        said = self._why_old(folder, writer)
        if said and said not in self._looked_at:
            self._looked_at.add(said)
            print(f"WARNING: {said}")

    def _why_old(self, folder: RunFolder, writer: Step) -> str:
        try:
            chosen = load_parameters(self._root / "params.yaml").model_dump()
        except ParameterFault as half_saved:
            return f"whether the tables of {writer.name} are older than the project is not known: {half_saved}"
        shared = {name: self._chosen[name] for name in chosen["study"]}
        found = why_old(self._root, folder.path, writer, shared, chosen[writer.stem], lambda table: self._folder_of(table).table_path(table))
        return (f"the tables of {writer.name} in runs/{folder.path.name} are older than the project ({'; '.join(found)}); "
                f"run notebooks/{writer.name}.ipynb again") if found else ""

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
            raise TableFault(f"{self.step.name} does not declare `reads_headlines`: add it to notebook/steps.py")
        rows = []
        for step in STEPS[:STEPS.index(self.step)]:
            record = self._folder.record(step.name)
            if not record.get("results") and self._baseline:
                record = self._baseline.record(step.name)
            rows += record.get("results", [])
        return pd.DataFrame(rows).astype({"value": float, "low": float, "high": float}).set_index("id")

    def write(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Write a result table that this step declares; returns it as a later reader will get it."""
        self._require_declared(table, self.step.writes, "writes")
        return self._folder.write_table(table, frame)

    def _require_as_opened(self) -> None:
        """Refuse parameters that a cell has changed after `open_run` held them against their bounds."""
        file = f"notebooks/{self.step.name}.ipynb"
        changed = [Fault(file, None, name, repr(self._names_now.get(name)), "was set after `open_run`", "run the cell that opens the run again")
                   for name, value in self._chosen.items() if not _is_still(self._names_now.get(name), value)]
        if changed:
            raise ParameterFault(changed)

    def _require_declared(self, table: str, declared: tuple[str, ...], kind: str) -> None:
        self._require_as_opened()
        if table not in declared:
            raise TableFault(f"{self.step.name} does not declare {table!r} among its {kind}: add it to notebook/steps.py")

    # -- what the reader sees ----------------------------------------------------------------------------------------

    @cached_property
    def _names(self) -> exhibits.Names:
        bodies = self._catalog.load("municipalities")
        return {code: {"ja": ja, "en": en} for code, ja, en in bodies[["code", "name_ja", "name_en"]].itertuples(index=False)}

    def retold(self, words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        """Return a chapter's words as the group under study reads them, for texts that go into a table."""
        return {lang: {key: self.group.retold(own.get(f"{key}_other_group", text) if not self.group.published else text, lang)
                       for key, text in own.items()} for lang, own in words.items()}

    def say(self, ja: str, en: str, values: Mapping[str, tuple[Any, ...]] | None = None, *, holds: bool | None = None,
            otherwise: Texts | None = None, descriptive: bool = False, callout: str | None = None) -> None:
        """Show prose whose numbers come from the run; a claim carries its condition.

        ``callout`` sets it apart as a ``finding``, a ``caveat`` or a ``method`` (how it was computed or checked).
        """
        if callout not in (None, "finding", "caveat", "method"):
            raise ValueError(f"unknown callout {callout!r}: finding, caveat or method")
        texts = exhibits.claimed("say", {"ja": ja, "en": en}, holds, otherwise, descriptive)
        texts = exhibits.filled(texts, values or {}, self._names, self.group)
        self._display({"kind": "prose", "text": texts, "callout": callout}, {"text/markdown": texts[self._lang]}, texts[self._lang])

    def show(self, slug: str, tables: list[str], figure: Callable[..., Figure] | None = None, *, title: Texts,
             subtitle: Texts, alt: Texts, values: Mapping[str, tuple[Any, ...]] | None = None, holds: bool | None = None,
             otherwise: Texts | None = None, descriptive: bool = False) -> None:
        """Show an exhibit, drawn from tables this run holds, in both languages at once.

        Without ``figure`` the first table is the exhibit. The title says the point and carries its condition.
        """
        number, standing = self._numbered(slug), self._standing(tables)
        self._shown[slug] = standing["value"]
        title = exhibits.claimed(f"{slug}: title", title, holds, otherwise, descriptive)
        texts = {"title": title, "subtitle": exhibits.require_texts(f"{slug}: subtitle", subtitle),
                 "alt": exhibits.require_texts(f"{slug}: alt", alt)}
        texts = {part: exhibits.filled(text, values or {}, self._names, self.group) for part, text in texts.items()}
        if os.environ.get("WORKBOOK_EXHIBITS") == "no":   # a run for its numbers alone: a sweep, a scenario
            return
        frames = [self._folder.read_table(table) for table in tables]
        shown = [exhibits.table_payload(result_contracts()[t], f, self._names, self.group) for place, (t, f) in enumerate(zip(tables, frames, strict=True))
                 if len(f) or not place]   # behind an exhibit, a table without rows says nothing
        payload = {"kind": "exhibit", "number": number, "slug": slug, "anchor": f"exhibit-{slug}",
                   "form": "figure" if figure else "table", **texts, "tables": shown,
                   "standing": standing, "provenance": self._provenance(tables, figure)}
        if figure:
            payload["svg"] = exhibits.drawn(figure, frames, self._names, self.group)
            standard = {"image/svg+xml": payload["svg"][self._lang]}
        else:
            standard = {"text/html": exhibits.html_table(shown[0], self._lang)}
        self._display(payload, standard, texts["title"][self._lang])

    def lack(self, slug: str, tables: list[str], *, ja: str, en: str) -> None:
        """Say in an exhibit's place why this run cannot show it; its results are then null with the same reason.

        ``tables`` are those it would have been drawn from.
        """
        number = self._numbered(slug)
        self._shown[slug] = self._standing(tables)["value"]
        reason = exhibits.filled(exhibits.require_texts(f"{slug}: reason", {"ja": ja, "en": en}), {}, self._names, self.group)
        texts = {"ja": f"図表{number}はない。{reason['ja']}", "en": f"There is no exhibit {number}. {reason['en']}"}
        self._display({"kind": "prose", "text": texts, "callout": "caveat"}, {"text/markdown": texts[self._lang]}, texts[self._lang])

    def _numbered(self, slug: str) -> str:
        self._require_as_opened()
        if slug not in self.step.numbered:
            raise ValueError(f"{self.step.name} does not declare an exhibit {slug!r}: add it to notebook/steps.py")
        return exhibit_number(slug)

    def _standing(self, tables: list[str]) -> dict[str, Any]:
        origins = origins_behind(tables, self._catalog)
        own_total = "ict_cost" in origins or self.parameters["baseline"] == "own"
        stated = self.group.published or self.group.part_of_the_wards or own_total
        modelled = frozenset() if stated else frozenset({"baselines"})   # by the national curve
        value = worst_standing([standing_of(Source(table), origins, modelled) for table in tables])
        return {"value": value, "assumed_inputs": sum(origin.assumed_rows for origin in origins.values())}

    def _provenance(self, tables: list[str], figure: Callable[..., Figure] | None) -> dict[str, Any]:
        origins = origins_behind(tables, self._catalog)
        return {"notebook": self.step.name, "function": f"{figure.__module__}.{figure.__name__}" if figure else None,
                "tables": tables, "inputs": [asdict(origin) for origin in origins.values()], "parameters": self.parameters}

    def _display(self, payload: dict[str, Any], standard: dict[str, str], text: str) -> None:
        told = {} if self.group.published else {"group": asdict(self.group)}   # the report's own words follow the group, too
        display({MIME: payload | told, **standard, "text/plain": text}, raw=True)

    # -- headline results ----------------------------------------------------------------------------------------------

    def result(self, result_id: str, value: float | None, unit: str, exhibit: str, low: float | None = None,
               high: float | None = None, reason: Texts | None = None) -> None:
        """Record a headline result: one scalar with its interval; an undefined one is null with a reason."""
        self._require_declared(result_id, self.step.results, "results")
        numbers = [None if x is None or pd.isna(x) else float(f"{x:.12g}") for x in (value, low, high)]
        if numbers[0] is None:
            exhibits.require_texts(f"{result_id}: a result without a value needs a reason", reason)
        if exhibit not in self._shown:
            raise ValueError(f"{result_id}: show its exhibit {exhibit!r} before recording the result")
        self._results[result_id] = {"id": result_id, "value": numbers[0], "low": numbers[1], "high": numbers[2],
                              "unit": require_unit(unit), "standing": self._shown[exhibit], "chapter": self.step.chapter,
                              "exhibit": exhibit_number(exhibit),
                              "reason": exhibits.filled(reason, {}, self._names, self.group) if numbers[0] is None else None}
        self._leave()

    def _leave(self) -> None:
        origins = origins_behind(list(self.step.inputs), self._catalog)
        self._folder.write_record(self.step.name, {
            "results": [*self._results.values()], "parameters": self.parameters,
            "inputs": {name: origin.sha256 for name, origin in origins.items()},
            "local_inputs": [name for name, origin in origins.items() if origin.local], **self._rests_on()})

    def _rests_on(self) -> dict[str, Any]:
        """Return what an interactive run rests on so far; a headless one is marked by the workbook when it has come to its end."""
        if not self._baseline:
            return {}
        parts = rests_on_now(self._root, self._folder.path, self.step, self._chosen)
        return {"rests_on": parts} | ({"session": self._session.record()} if self._session else {})
