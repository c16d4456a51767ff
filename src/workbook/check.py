"""Every fault of parameters, data and notebooks, found before a kernel starts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.municipalities import Group
from workbook.choices import faults_with_group
from workbook.notebook.outputs import shows_something
from workbook.staleness.syntax import slugs_shown
from workbook.study import study
from workbook.tables.catalog import Catalog
from workbook.tables.contracts import TableFault
from workbook.tables.origin_record import origin_record
from workbook.tables.results import result_contracts
from workbook.whole_files import checksum, write_whole
from workbook.words.label_faults import label_faults
from workbook.words.spoken import word_faults

if TYPE_CHECKING:
    from workbook.choices import Parameters


def faults_of(root: Path, parameters: Parameters | None = None) -> list[str]:
    """Return one line for each fault of the data package, the tables, the steps, the notebooks and
    a run's group of bodies.
    """
    found = [
        *_package_faults(root),
        *_table_faults(root),
        *_local_cost_faults(root),
        *step_faults(),
        *_notebook_faults(root),
        *word_faults(root),
        *label_faults(),
    ]
    if found:
        return found
    if parameters is None:
        return [*_own_table_faults(Catalog(root))]
    return [*_group_faults(root, parameters)]


def faults_between(root: Path, many: Iterable[Parameters]) -> list[str]:
    """Return what the bodies under study forbid in the choices of several runs, each fault once."""
    alike = {
        repr((one.study.group, one.study.participants, one.consolidation)): one for one in many
    }
    return list(
        dict.fromkeys(fault for one in alike.values() for fault in _group_faults(root, one))
    )


def _group_faults(root: Path, parameters: Parameters) -> Iterator[str]:
    """Yield what the sound tables lack of the bodies under study."""
    try:
        catalog = Catalog(root)
        group = Group.of(parameters.study.group, catalog.load("municipalities"))
    except ValueError as fault:
        yield str(fault)
        return
    report12 = parameters.study.participants == "report12"
    part = catalog.load("participants")["code"] if report12 else group.codes
    yield from _own_table_faults(catalog, part)
    yield from map(str, faults_with_group(parameters.flat("consolidation"), group))
    counted = catalog.load("municipality_indicators")
    bare = [code for code in group.codes if code not in set(counted["code"])]
    if bare:
        yield (
            f"study.group: no row in municipality_indicators for {', '.join(bare)}; write them,"
            " with those of all others, into data/local/municipality_indicators.csv"
        )


def _own_table_faults(catalog: Catalog, taking_part: Collection[str] = ()) -> Iterator[str]:
    """Yield what the chapters would stop at in a researcher's own tables, for the bodies of one run
    where they are known.
    """
    from analysis.chapters.resident_cost.observed_cost import FEWEST_OBSERVED
    from workbook.tables.own_tables import unmet_conditions

    own = [name for name in catalog.resources if catalog.is_local(name) and catalog.has(name)]
    for name in own:
        yield from (
            f"data/local/{name}.csv: {text}"
            for text in unmet_conditions(
                name,
                catalog.load(name),
                catalog.published(name),
                catalog.load("municipalities"),
                set(taking_part),
            )
        )
    if "ict_cost" in own and 0 < len(taking_part) < FEWEST_OBSERVED:
        yield (
            f"data/local/ict_cost.csv: {len(taking_part)} bodies take part, and chapter 2 "
            f"compares observed costs of {FEWEST_OBSERVED} or more: study a larger group, or move "
            "the table away and give its total as study.baseline: own"
        )


def _package_faults(root: Path) -> Iterator[str]:
    package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
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
    declared = {resource["path"] for resource in package["resources"]}
    for path in sorted((root / "data").glob("*.csv")):
        if path.name not in declared:
            yield f"data/{path.name}: not declared in data/datapackage.json"


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


def _local_cost_faults(root: Path) -> Iterator[str]:
    """Yield what no body is, and what is implausible, in a researcher's own costs: one rule,
    written by hand or taken in.

    A unit that was named by hand at intake counts as settled, as long as the table is the one that
    was taken in.
    """
    catalog = Catalog(root)
    if "ict_cost" not in catalog.resources or not catalog.has("ict_cost"):
        return
    from office_tables.plausible import implausible_costs, no_bodies

    try:
        costs, municipalities = catalog.load("ict_cost"), catalog.load("municipalities")
    except TableFault:
        return  # told among the faults of tables
    yield from (f"data/local/ict_cost.csv: {text}" for text in no_bodies(costs["code"]))
    if "cost_jpy" not in unit_settled_by_hand(catalog.path("ict_cost")):
        yield from (
            f"data/local/ict_cost.csv: column cost_jpy: {text} write yen, or take the table in with"
            " `workbook intake FILE --table ict_cost --unit cost_jpy=円`, if it is right"
            for text in implausible_costs(costs, municipalities)
        )


def unit_settled_by_hand(table: Path) -> set[str]:
    """Return the fields of a local table whose unit was named at intake; none once the table has
    been changed by hand.
    """
    try:
        record = origin_record(table)
        return (
            set(record["decided_by_hand"]["units"])
            if record["sha256"] == checksum(table)
            else set()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def step_faults() -> Iterator[str]:
    """Yield what a step reads that no earlier one writes, and tables that rest on what their step
    does not use.
    """
    contracts, written = result_contracts(), set()
    for step in study().steps:
        for table in step.reads:
            if table not in written:
                yield (
                    f"notebook/steps.py: {step.name} reads {table!r}, which no earlier step writes"
                )
        for table in step.writes:
            if table not in contracts:
                yield f"notebook/steps.py: {step.name} writes {table!r}, which has no contract"
                continue
            for source in contracts[table].sources:
                if source.table not in (*step.inputs, *step.reads, *step.optional, *step.writes):
                    yield (
                        f"notebook/tables/{step.stem}.yaml: {table} rests on {source.table!r},"
                        f" which {step.name} does not use"
                    )
                elif (columns := step.columns_read(source.table)) and set(
                    source.columns or ("all",)
                ) - set(columns):
                    yield (
                        f"notebook/tables/{step.stem}.yaml: {table} rests on {source.table!r} with"
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
    path = root / "data" / "datapackage.json"
    package, changed = json.loads(path.read_text(encoding="utf-8")), []
    for resource in package["resources"]:
        table = root / "data" / resource["path"]
        if resource.get("local"):
            continue
        present = {"hash": f"sha256:{checksum(table)}", "bytes": table.stat().st_size}
        if {key: resource.get(key) for key in present} != present:
            resource.update(present)
            changed.append(resource["name"])
    if changed:
        write_whole(path, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    return changed
