"""What a user reads when a notebook failed: the table and its rows where data stopped it, else the
cell.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.running.engine.failure import Failure

DATA_FAULTS = ("DataFault", "TableFault")  # of a calculation, of a table's contract


def failure_lines(root: Path, failure: Failure) -> list[str]:
    """Return what failed, where, and what to mend."""
    place = f"notebooks/{failure.notebook}.ipynb, cell {failure.cell}"
    kind, _, said = failure.error.partition(": ")
    if kind in DATA_FAULTS:
        return [
            f"failed: {_with_file(root, said)}",
            f"(found by {place}); mend the table: `workbook check` names what else is wrong",
        ]
    own = _own_tables_read(root, failure.notebook)
    if own:
        return [
            f"failed: {failure}",
            "mend the cell or, if it is as it came, your own tables that "
            f"this chapter reads: {', '.join(own)}",
        ]
    return [f"failed: {failure}", "mend the cell"]


def _with_file(root: Path, said: str) -> str:
    """Put the file in the place of a table's name at the front."""
    from workbook.tables.data_package import DataPackage

    package, (name, _, rest) = DataPackage(root), said.partition(": ")
    if name not in package.resources:
        return f"data/{said}" if said.startswith("local/") else said
    return f"{package.path(name).relative_to(root).as_posix()}: {rest}"


def _own_tables_read(root: Path, notebook: str) -> list[str]:
    from workbook.study import study
    from workbook.tables.data_package import DataPackage

    package = DataPackage(root)
    inputs = next((step.inputs for step in study().steps if step.name == notebook), ())
    read = sorted(study().ranges.with_judgements(inputs))
    return [
        f"data/local/{name}.csv" for name in read if package.is_local(name) and package.has(name)
    ]
