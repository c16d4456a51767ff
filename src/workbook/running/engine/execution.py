"""One notebook executed by papermill, and what is kept of it: the same bytes for the same study."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_event_loop

from workbook.running.engine.failure import Failure
from workbook.running.engine.lean_papermill import NotebookNode, nbformat, papermill
from workbook.running.engine.stock import StockEngine
from workbook.running.engine.warm import WarmEngine
from workbook.system_faults import refusal

INJECTED = "injected-parameters"
# tied to the start of a line: linear on lines of megabytes
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\n])", re.MULTILINE)


def execute(
    source: Path,
    parameters: Mapping[str, Any],
    engine: str = "stock",
    variables: Mapping[str, str] | None = None,
    **options: Any,
) -> NotebookNode:
    """Return a notebook executed in its own folder, without times and random ids.

    ``variables`` are added to the environment of the kernel, which is otherwise this process's.
    What the kernel took is noted in ``spent``, where it is given (`spent_by`). A cell that raises,
    a kernel that dies and a cell that outlasts ``execution_timeout`` end with `Failure`, which
    carries the notebook as far as it came.
    """
    # a stock kernel otherwise warns of its debugger
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    seen: list[NotebookNode] = []
    settings = {
        "resources": {"metadata": {"path": str(source.parent)}},
        "record_timing": False,
        "variables": variables or {},
        **options,
    }
    try:
        executed = papermill.execute_notebook(
            nbformat.read(source, as_version=4),
            None,
            parameters=dict(parameters),
            engine_name=engine,
            kernel_name="python3",
            progress_bar=False,
            extra_arguments=["--log-level=CRITICAL"],
            seen=seen,
            **settings,
        )
    except Exception as fault:  # noqa: BLE001  whatever a cell or its kernel raises
        raise _failure(source.stem, seen, fault) from (
            None if isinstance(fault, papermill.PapermillExecutionError) else fault
        )
    finally:
        ensure_event_loop().close()  # nbclient leaves one behind in every thread
    return settled(executed)


def _failure(name: str, seen: list[NotebookNode], fault: Exception) -> Failure:
    """Return what happened as a reader can use it.

    Without a notebook, or where the operating system says no, the fault is no cell's: it is raised.
    """
    if not seen:
        raise fault
    in_cell = isinstance(fault, papermill.PapermillExecutionError)
    said = f"{fault.ename}: {fault.evalue}" if in_cell else f"{type(fault).__name__}: {fault}"
    if no := refusal(fault, said if in_cell else ""):
        raise no from None
    return Failure(name, _cell_at_fault(seen[0]), said.strip(), settled(seen[0]))


def _cell_at_fault(notebook: NotebookNode) -> str:
    """Return the id of the cell that raised, or of the last one that was begun."""
    begun = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("papermill", {}).get("start_time")
    ]
    failed = [cell.id for cell in begun if cell.metadata.papermill.get("exception")]
    return (failed or [cell.id for cell in begun] or ["(none: the kernel did not start)"])[-1]


def settled(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook without what differs between two equal runs: times, a random id,
    how output was cut.
    """
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
    notebook.metadata.pop("papermill", None)
    return notebook


def _merged(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return a cell's outputs with each stream in one piece, standard output before standard error
    where both meet.

    nbclient's ``coalesce_streams`` does the same, but takes hours on one line of five million
    characters.
    """
    kept: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type == "stream" and output.name in streams:
            streams[output.name].text += output.text
            continue
        if output.output_type == "stream":
            streams[output.name] = output
        kept.append(output)
    for output in streams.values():
        output.text = _OVERWRITTEN.sub("", output.text)
    for place in range(len(kept) - 1):
        if [(output.output_type, output.get("name")) for output in kept[place : place + 2]] == [
            ("stream", "stderr"),
            ("stream", "stdout"),
        ]:
            kept[place : place + 2] = kept[place + 1], kept[place]
    return kept


papermill.engines.papermill_engines.register("stock", StockEngine)
papermill.engines.papermill_engines.register("warm", WarmEngine)
