"""Which steps of a run are fresh and which are stale, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook.choices import Parameters
from workbook.running.finished_step import Finished, finished
from workbook.staleness.gathered import REMEDY, why_outdated
from workbook.staleness.keys import ABSENT, Keys, Parts, key_of
from workbook.staleness.reasons import reasons
from workbook.steps import Step


@dataclass(frozen=True)
class StepState:
    """A step as it stands now: what it rests on, and why it is stale; no reason means fresh.

    ``waits`` names the stale steps whose tables it reads: whether it must run is known when they
    have run.
    """

    step: Step
    parts: Parts
    reasons: list[str]
    waits: list[str]

    @property
    def fresh(self) -> bool:
        """Say whether the step's results are those a new run would give."""
        return not self.reasons and not self.waits

    @property
    def key(self) -> str:
        """What the step rests on, in sixteen digits."""
        return key_of(self.parts)


def state_of(
    keys: Keys, step: Step, parameters: Parameters, run: Path, force: bool = False
) -> StepState:
    """Return how one step stands, its upstream tables taken as they are; scenarios that are
    outdated count as absent.
    """
    parts, outdated = keys.parts(step, parameters.flat(step.stem), run), []
    if step.optional and (outdated := why_outdated(keys, run)):
        parts["tables"] |= dict.fromkeys(step.optional, ABSENT)  # an outdated table is none
    found = ["asked for by --force"] if force else _reasons(finished(run, step), parts)
    if outdated and found:
        why = "; ".join(outdated)
        found = [f"the scenarios beside it are outdated ({why}): {REMEDY}", *found]
    return StepState(step, parts, found, [])


def _reasons(before: Finished | None, parts: Parts) -> list[str]:
    if before is None:
        return ["not run yet, or not to its end"]
    return reasons(before.parts, parts) or [
        f"{name} is missing or damaged" for name in before.damaged()
    ]


def status(keys: Keys, parameters: Parameters, run: Path) -> list[StepState]:
    """Return how every step stands, in order; what follows a stale step waits for it."""
    found: list[StepState] = []
    for step in keys.steps:
        stale = {other.step.name for other in found if not other.fresh}
        own = state_of(keys, step, parameters, run)
        found.append(
            StepState(
                step,
                own.parts,
                own.reasons,
                [up.name for up in keys.upstream(step) if up.name in stale],
            )
        )
    keys.remembered.save()
    return found
