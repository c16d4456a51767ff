"""How a run reports while it goes on: one line a step with its time and reason, a moving one on a
terminal.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from workbook.running.rounds import Listener
from workbook.steps import Step

SHOWN = 2  # so many reasons stand on a step's line


@contextmanager
def progress(steps: tuple[Step, ...], console: Console | None = None) -> Iterator[Listener]:
    """Yield the listener to which a run reports; nothing else may write to the terminal then."""
    console = console or Console(stderr=True, force_terminal=None if sys.stderr.isatty() else False)
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[state]:9}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[why]}", markup=False),
    )
    with Progress(*columns, console=console) as bar:
        tasks = {
            step: bar.add_task(f"{step.name:20}", total=1, start=False, state="waiting", why="")
            for step in steps
        }
        yield lambda step, state, reasons: _show(bar, tasks[step], state, reasons)


@contextmanager
def count(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """Yield the listener to which a sweep reports: how many of how many are done, which step ended
    last, how many end in a minute, and how long the others will take at that rate.
    """
    console = Console(stderr=True, force_terminal=None if sys.stderr.isatty() else False)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
        console=console,
    ) as bar:
        task, began = bar.add_task(what, total=None, last=""), time.monotonic()
        at_first: list[int] = []  # what was there already says nothing of the rate

        def on_task(done: int, total: int, step: str) -> None:
            at_first[:] = at_first or [done - 1]
            last = step + pace(done - at_first[0], total - done, time.monotonic() - began)
            bar.update(task, completed=done, total=total, last=last)
            if not console.is_terminal:
                console.print(f"{done} of {total}: {last}", highlight=False)

        yield on_task


def pace(done: int, left: int, seconds: float) -> str:
    """Return how many of something end in a minute, and how long those that are left will take.

    >>> pace(30, 60, 600)
    ', 3 a minute, 0:20:00 left'
    >>> pace(30, 0, 600)
    ', 3 a minute'
    """
    rest = f", {timedelta(seconds=round(left * seconds / done))} left" if left else ""
    return f", {60 * done / max(seconds, 0.001):.3g} a minute{rest}"


def _show(bar: Progress, task: TaskID, state: str, reasons: list[str]) -> None:
    if state == "running":
        bar.start_task(task)
    bar.update(task, state=state, why=_why(reasons), completed=0 if state == "running" else 1)


def _lines(console: Console) -> Listener:
    """Return a listener that writes a line when a step starts and one when it ends, and none of
    what is fresh.
    """
    began: dict[str, float] = {}

    def on_step(step: Step, state: str, reasons: list[str]) -> None:
        if state == "running":
            began[step.name] = time.perf_counter()
            console.print(
                f"{step.name:20}running: {_why(reasons)}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        elif state != "fresh":
            took = (
                f" in {time.perf_counter() - began[step.name]:.1f} s"
                if step.name in began
                else f": {_why(reasons)}"
            )
            console.print(
                f"{step.name:20}{state}{took}", highlight=False, markup=False, soft_wrap=True
            )

    return on_step


def _why(reasons: list[str]) -> str:
    more = f"; and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
    return "; ".join(reasons[:SHOWN]) + more
