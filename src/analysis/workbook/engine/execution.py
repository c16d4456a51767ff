"""One notebook executed by papermill, and what is kept of it: the same bytes for the same study."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.workbook.engine.failure import Failure
from analysis.workbook.engine.lean_papermill import NotebookNode, nbformat, papermill
from analysis.workbook.engine.stock import StockEngine

INJECTED = "injected-parameters"


def execute(source: Path, parameters: Mapping[str, Any], engine: str = "stock", **options: Any) -> NotebookNode:
    """Return a notebook executed in its own folder, without times and random ids.

    A cell that raises, a kernel that dies and a cell that outlasts ``execution_timeout`` end with `Failure`, which
    carries the notebook as far as it came.
    """
    seen: list[NotebookNode] = []
    settings = {"resources": {"metadata": {"path": str(source.parent)}}, "coalesce_streams": True, **options}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")   # of the libraries' own house-keeping; what a cell warns of stands in its output
            executed = papermill.execute_notebook(
                nbformat.read(source, as_version=4), None, parameters=dict(parameters), engine_name=engine, kernel_name="python3",
                progress_bar=False, extra_arguments=["--log-level=ERROR"], seen=seen, **settings)
    except Exception as fault:
        raise _failure(source.stem, seen, fault) from (None if isinstance(fault, papermill.PapermillExecutionError) else fault)
    return settled(executed)


def _failure(name: str, seen: list[NotebookNode], fault: Exception) -> Failure:
    """Return what happened as a reader can use it; without a notebook the fault is not a cell's."""
    if not seen:
        raise fault
    told = f"{fault.ename}: {fault.evalue}" if isinstance(fault, papermill.PapermillExecutionError) else f"{type(fault).__name__}: {fault}"
    return Failure(name, _cell_at_fault(seen[0]), told.strip(), settled(seen[0]))


def _cell_at_fault(notebook: NotebookNode) -> str:
    raised = [cell.id for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    begun = [cell.id for cell in notebook.cells if cell.cell_type == "code" and cell.metadata.get("papermill", {}).get("start_time")]
    return (raised or begun or ["(none: the kernel did not start)"])[-1]


def settled(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook without what differs between two equal runs: papermill's times and random cell id."""
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
    notebook.metadata.pop("papermill", None)
    return notebook


ENGINES = ("warm", "stock")
papermill.engines.papermill_engines.register("stock", StockEngine)
