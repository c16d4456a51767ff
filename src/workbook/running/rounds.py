"""The steps of one run on their way: passed over, copied, or executed side by side where nothing is
passed on between them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbook.choices import Parameters
from workbook.running.copies import may_be_copied
from workbook.running.engine import fork_server
from workbook.running.engine.failure import Failure
from workbook.running.finished_step import (
    EXECUTED,
    copy,
    draft_of,
    drop_draft,
    failed_notebook,
    finish,
    reusable,
)
from workbook.running.manifest import step_records, write_manifest
from workbook.running.status import StepState, state_of
from workbook.staleness.gathered import take_away
from workbook.staleness.keys import ABSENT, Keys, key_of
from workbook.steps import Step
from workbook.tables.openness import mode_of_step
from workbook.tables.step_records import write_results
from workbook.whole_files import write_whole

# step; fresh, running, executed, reused or failed; why it is stale
Listener = Callable[[Step, str, list[str]], None]


@dataclass(frozen=True)
class How:
    """How stale steps are run: all of them, how many side by side, in which kernel, and who
    listens.

    Without ``exhibits`` the run is for its numbers alone: no picture is drawn until one is looked
    at.
    """

    force: bool = False
    jobs: int = 1
    engine: str = "warm"
    exhibits: bool = True
    on_step: Listener = lambda step, state, reasons: None
    on_lock: Callable[[str], None] = lambda text: None


@dataclass
class Round:
    """One run's steps on their way: waiting for others, running, or done."""

    keys: Keys
    parameters: Parameters
    run_folder: Path
    how: How
    waiting: list[Step]
    running: dict[Future[dict[str, float]], StepState] = field(default_factory=dict)
    engine: str = ""

    def go(self) -> None:
        """Bring every waiting step up to date; a failure is raised when what else was running has
        come to its end.
        """
        failures: list[BaseException] = []
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(self.how.jobs))
            stack.callback(self._stop)  # before the pool waits for its threads
            while self.running or (self.waiting and not failures):
                if not failures:
                    self._start_what_can(pool)
                done, _ = wait(self.running, return_when=FIRST_COMPLETED)
                failures += [fault for future in done if (fault := self._settle(future))]
        if failures:
            raise failures[0]

    def _stop(self) -> None:
        """End the kernels of an interrupted run; after a run that came to its end there are
        none.
        """
        if self.running:
            fork_server.end_all()

    def _start_what_can(self, pool: ThreadPoolExecutor) -> None:
        """Pass over what is fresh, copy what another run has, and start as many of the other steps
        as may run at once.
        """
        for step in tuple(self.waiting):
            ahead = {
                *(found.step for found in self.running.values()),
                *self.waiting[: self.waiting.index(step)],
            }
            if len(self.running) == self.how.jobs:
                return
            if ahead & set(self.keys.upstream(step)):
                continue
            self.waiting.remove(step)
            found = state_of(self.keys, step, self.parameters, self.run_folder, self.how.force)
            if any(found.parts["tables"][table] == ABSENT for table in step.optional):
                take_away(self.run_folder)
            if found.fresh:
                self.how.on_step(step, "fresh", [])
            elif not self._reused(found):
                self.how.on_step(step, "running", found.reasons)
                self.running[pool.submit(self._execute, found, self._chosen_engine(found))] = found

    def _reused(self, found: StepState) -> bool:
        """Copy a step from another run, if one has it."""
        other = (
            None
            if self.how.force
            else reusable(self.keys.root, self.run_folder, found.step, found.parts)
        )
        if not (other and copy(other, self.run_folder)):
            return False
        self._note(found, "reused", **{"from": other.run.name})
        return True

    def _execute(self, found: StepState, engine: str) -> dict[str, float]:
        """Execute a step's notebook, in a thread of its own, and return the seconds and the memory
        it took.
        """
        # slow to import: only a step that runs needs it
        from workbook.running.engine.execution import execute, nbformat

        began, name, spent = time.perf_counter(), f"{found.step.name}.ipynb", {}
        draft = draft_of(self.run_folder, found.step)
        mode = mode_of_step(found.step, self.keys.package, self.run_folder)
        try:
            executed = execute(
                self.keys.root / "notebooks" / name,
                self.parameters.flat(found.step.stem),
                engine,
                self._variables(draft),
                spent=spent,
            )
        except Failure as failure:
            so_far = nbformat.writes(failure.so_far) + "\n"
            write_whole(failed_notebook(self.run_folder, found.step), so_far, mode)
            raise
        write_whole(draft / EXECUTED / name, nbformat.writes(executed) + "\n", mode)
        return {"seconds": round(time.perf_counter() - began, 3), **spent}

    def _variables(self, draft: Path) -> dict[str, str]:
        """Return what a kernel finds in its environment: the run's folder, and where to write."""
        return {"WORKBOOK_RUN": str(self.run_folder), "WORKBOOK_DRAFT": str(draft)}

    def _settle(self, future: Future[dict[str, float]]) -> BaseException | None:
        """Mark a step that came to its end as finished, and note how it went."""
        found = self.running.pop(future)
        if fault := future.exception():
            drop_draft(self.run_folder, found.step)
            self._note(found, "failed")
            return fault
        now = self.keys.read_again().parts(
            found.step, self.parameters.flat(found.step.stem), self.run_folder
        )
        # What changed while the step ran may have been read before or after: then what
        # the result rests on is not known.
        finish(self.run_folder, found.step, found.parts if key_of(now) == found.key else None)
        self._note(found, "executed", **future.result())
        return None

    def _note(self, found: StepState, state: str, **more: Any) -> None:
        """Write what became of a step into the manifest, renew the headline results, and tell
        the listener.
        """
        records = {
            **step_records(self.run_folder),
            found.step.name: {
                "status": state,
                "reasons": found.reasons,
                "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
                **more,
            },
        }
        write_results(self.run_folder, self.keys.steps)
        write_manifest(self.keys.root, self.run_folder, self.keys.steps, records)
        self.how.on_step(
            found.step, state, [f"as in runs/{more['from']}"] if "from" in more else found.reasons
        )

    def _chosen_engine(self, found: StepState) -> str:
        """Return the engine, made ready when the first step needs it; the stock one where kernels
        cannot be forked.
        """
        if not self.engine:
            self.engine = ready_engine(self.how.engine, self.keys.libraries([found.parts]))
        return self.engine


def ready_engine(engine: str, libraries: list[str]) -> str:
    """Return the engine that can be had, and start the process its kernels are forked from unless
    it runs.
    """
    if engine == "warm" and may_be_copied() and fork_server.there_is_one():
        fork_server.warm_up(libraries)
        return "warm"
    return "stock"
