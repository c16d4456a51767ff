"""Every fault of parameters, data and notebooks, found before a kernel starts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.notebook.outputs import shows_something
from workbook.output import LANGUAGES
from workbook.staleness.syntax import slugs_shown
from workbook.steps import Step
from workbook.study import study
from workbook.summary import WORDS as SUMMARY
from workbook.tables.catalog import Catalog
from workbook.tables.data_package import DataPackage, TableFault
from workbook.tables.results import result_contracts
from workbook.tables.reviews import review_faults
from workbook.tables.set_inputs import set_input_faults
from workbook.whole_files import checksum, write_whole
from workbook.words.definitions import definition_faults
from workbook.words.label_faults import label_faults
from workbook.words.messages import Words, WordsFault, words_file
from workbook.words.spoken import word_faults

if TYPE_CHECKING:
    from workbook.choices import Fault, Parameters


def faults_of(root: Path, parameters: Parameters | None = None) -> list[str]:
    """Return one line for each fault of the data package, the tables, the steps, the notebooks and
    a run's group.
    """
    found = [
        *_package_faults(root),
        *review_faults(root),
        *_table_faults(root),
        *study().data.table_faults(Catalog(root)),
        *step_faults(),
        *_notebook_faults(root),
        *word_faults(root),
        *_summary_faults(root),
        *definition_faults(root),
        *label_faults(),
    ]
    if found:
        return found
    return [*study().data.own_table_faults(Catalog(root), parameters)]


def faults_between(root: Path, many: Collection[Parameters]) -> list[str]:
    """Return what the group under study forbids in the choices of several runs, each fault once."""
    rules, catalog = study().data, Catalog(root)
    alike = {rules.same_faults(one): one for one in many}
    found = (fault for one in alike.values() for fault in rules.own_table_faults(catalog, one))
    outside = (str(fault) for one in many for fault in faults_of_inputs(root, one))
    return list(dict.fromkeys([*found, *outside]))


def faults_of_inputs(root: Path, parameters: Parameters) -> list[Fault]:
    """Return a fault for each input that a run would set, and that has no range or lies outside
    it.
    """
    if not parameters.inputs:
        return []
    catalog = Catalog(root)
    group = study().groups.of(parameters.study.model_dump(), catalog.load)
    return list(set_input_faults(parameters.inputs, catalog, group))


def _package_faults(root: Path) -> Iterator[str]:
    resources = DataPackage(root).package["resources"]
    for resource in resources:
        name = resource["name"]
        if not resource.get("standing"):
            yield f"data/datapackage.json: {name} has no standing"
        if not resource.get("local") and not all(
            s.get("title", "").strip() for s in resource.get("sources", [])
        ):
            yield f"data/datapackage.json: {name} has a blank source"
        if not resource.get("sources") and not resource.get("local"):
            yield f"data/datapackage.json: {name} has no source"
        for field in resource["schema"]["fields"]:
            if not field.get("unit"):
                yield f"data/datapackage.json: {name}.{field['name']} has no unit"
    declared = {resource["path"] for resource in resources}
    for path in sorted((root / "data").glob("*.csv")):
        if path.name not in declared:
            yield f"data/{path.name}: not declared in data/datapackage.json"


def _summary_faults(root: Path) -> Iterator[str]:
    """Yield what one language's summary says and the other's does not; a study may have none."""
    if not any(words_file(root, SUMMARY, lang).is_file() for lang in LANGUAGES):
        return
    try:
        faults = list(Words.of(root, SUMMARY).disagreements())
    except WordsFault as fault:
        yield from str(fault).splitlines()
        return
    yield from (f"notebooks/words/{SUMMARY}: {fault}" for fault in faults)


def _table_faults(root: Path) -> Iterator[str]:
    catalog = Catalog(root)
    for name, resource in catalog.resources.items():
        if resource.get("local") and not catalog.has(name):
            continue
        try:
            frame = catalog.load(name)
        except (TableFault, ValueError, UnicodeDecodeError) as fault:
            yield str(fault)
            continue
        for column in {"source", "standing", "unit", "published_on", "reasoning"} & set(
            frame.columns
        ):
            blank = frame.index[
                frame[column].isna() | (frame[column].astype("str").str.strip() == "")
            ]
            for row in blank:
                yield f"data/{name}.csv: row {row + 2}: blank {column}"


def _declared(step: Step) -> str:
    return f"chapters/{step.stem}/chapter.py"


def step_faults() -> Iterator[str]:
    """Yield what a step reads that no earlier one writes, and tables that rest on what their step
    does not use.
    """
    contracts, written = result_contracts(), set()
    for step in study().steps:
        for table in step.reads:
            if table not in written:
                yield (
                    f"{_declared(step)}: {step.name} reads {table!r}, which no earlier step writes"
                )
        for table in step.writes:
            if table not in contracts:
                yield f"{_declared(step)}: {step.name} writes {table!r}, which has no contract"
                continue
            for source in contracts[table].sources:
                if source.table not in (*step.inputs, *step.reads, *step.optional, *step.writes):
                    yield (
                        f"chapters/{step.stem}/tables.yaml: {table} rests on {source.table!r},"
                        f" which {step.name} does not use"
                    )
                elif (columns := step.columns_read(source.table)) and set(
                    source.columns or ("all",)
                ) - set(columns):
                    yield (
                        f"chapters/{step.stem}/tables.yaml: {table} rests on {source.table!r} with"
                        f" more columns than {step.name} reads of it ({', '.join(columns)}): name"
                        f" them, {{{source.table}: [{', '.join(columns)}]}}"
                    )
        written |= set(step.writes)


def _notebook_faults(root: Path) -> Iterator[str]:
    for step in study().steps:
        path = root / "notebooks" / f"{step.name}.ipynb"
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError) as fault:
            yield f"notebooks/{path.name}: cannot be read ({fault})"
            continue
        tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
        if len(tagged) != 1:
            yield (
                f"notebooks/{path.name}: {len(tagged)} cells are tagged `parameters`, there must"
                " be one"
            )
        shown = Counter(
            slug
            for cell in cells
            if cell["cell_type"] == "code"
            for slug in slugs_shown("".join(cell["source"]))
        )
        yield from (
            f"notebooks/{path.name}: {count} cells show the exhibit {slug!r}, the last of them"
            " would stand for all; keep one"
            for slug, count in shown.items()
            if count > 1
        )


def stored_outputs(root: Path) -> Iterator[str]:
    """Yield the notebooks whose outputs git has stored, or would: this clone has no filter.

    A researcher's notebook may hold outputs wherever git leaves them out.
    """
    from workbook.notebook.git_filter import SET_UP, notebooks_of, staged_text, unfiltered

    open_door = unfiltered(root)
    for name in notebooks_of(root):
        if shows_something(staged_text(root, name)):
            yield f"{name}: git holds its outputs: `{SET_UP}`, then `git add --renormalize {name}`"
        elif open_door and _shows_something(root / name):
            yield f"{name}: holds outputs that git would store: `{SET_UP}` makes it leave them out"


def _shows_something(notebook: Path) -> bool:
    return notebook.is_file() and shows_something(notebook.read_bytes().decode("utf-8", "replace"))


def renew_checksums(root: Path) -> list[str]:
    """Write each table's present checksum and size into the data package; returns the tables that
    had changed.
    """
    package, changed = DataPackage(root).package, []
    for resource in package["resources"]:
        table = root / "data" / resource["path"]
        if resource.get("local"):
            continue
        present = {"hash": f"sha256:{checksum(table)}", "bytes": table.stat().st_size}
        if {key: resource.get(key) for key in present} != present:
            resource.update(present)
            changed.append(resource["name"])
    if changed:
        path = root / "data" / "datapackage.json"
        write_whole(path, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    return changed
