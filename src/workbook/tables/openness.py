"""How open the files of a run are: none more so than the researcher's own table it rests on."""

from __future__ import annotations

from pathlib import Path

from workbook.steps import Step
from workbook.study import study
from workbook.tables.data_package import DataPackage
from workbook.whole_files import mode_behind


def mode_of_step(step: Step, package: DataPackage, *runs: Path) -> int:
    """Return the mode of what a step writes: of its strictest local input, or table of ``runs``.

    Steps are taken whole: what each of their tables rests on is declared, but not enforced.
    """
    # every exhibit writes the names of the group's members
    named = study().ranges.with_judgements([study().groups.names_table, *step.inputs])
    inputs = named & set(package.resources)
    local = [package.path(name) for name in inputs if package.is_local(name)]
    names = (*step.reads, *step.optional)
    read = [run / "tables" / f"{name}.csv" for run in runs for name in names]
    if step.reads_headlines:
        records = [record for run in runs for record in (run / "steps").glob("*.json")]
        read += [record for record in records if record.stem < step.name]
    return mode_behind([*local, *read])


def mode_of_run(run: Path) -> int:
    """Return the mode of what is made from a run as a whole: that of the strictest of its steps."""
    return mode_behind(
        [*run.glob("steps/*.json"), *run.glob("executed/*.ipynb"), *run.glob("notebooks/*.ipynb")]
    )
