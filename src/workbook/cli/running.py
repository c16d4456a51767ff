"""Commands that check and run the study and its scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbook.cli.app import (
    Engine,
    Scenario,
    Settings,
    app,
    cores,
    end,
    finished_run,
    parameters_of,
    require_memory,
    require_sound,
    say,
    study_root,
)
from workbook.cli.failures import failure_lines

if TYPE_CHECKING:
    from workbook.choices import Parameters
    from workbook.running.rounds import How
    from workbook.running.status import StepState
    from workbook.staleness.keys import Keys
    from workbook.steps import Step


@app.command()
def check() -> None:
    """Find every fault of parameters, data and notebooks."""
    import os

    root = study_root()
    parameters, _ = parameters_of(root, "baseline", [])
    from workbook.check import faults_of, stored_outputs
    from workbook.notebook import sync
    from workbook.study import study
    from workbook.tables.catalog import Catalog

    faults = [*faults_of(root, parameters), *stored_outputs(root), *_scenario_faults(root)]
    edited = sync.out_of_date(root / "notebooks", parameters)
    for name in edited:
        typer.echo(
            f"note: notebooks/{name}: its parameters cell differs from params.yaml (`workbook sync`"
            " writes it again)"
        )
    if faults or (edited and os.environ.get("CI")):
        end(*faults, f"{len(faults) or len(edited)} fault(s)")
    for remark in study().data.remarks(Catalog(root)):
        typer.echo(f"note: {remark}")
    typer.echo("parameters, data package, tables and notebooks are sound")


def _scenario_faults(root: Path) -> Iterator[str]:
    """Yield what a scenario sets of the inputs that cannot be."""
    from workbook.check import faults_of_inputs
    from workbook.choices import Choices

    choices = Choices.read(root / "params.yaml")
    for name in choices.scenarios:
        for fault in faults_of_inputs(root, choices.parameters(name)):
            yield f"params.yaml: scenarios.{name}: {fault}"


First = Annotated[
    int, typer.Option("--from", help="First chapter to bring up to date.", show_default="the first")
]
Last = Annotated[
    int, typer.Option("--to", help="Last chapter to bring up to date.", show_default="the last")
]
Force = Annotated[bool, typer.Option("--force", help="Run what is fresh, too.")]
Keep = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="First keep the run as it stands, as runs/NAME, to compare with.",
        show_default=False,
    ),
]
KernelEngine = Annotated[
    Engine, typer.Option(help="How kernels start: forked from a warm process, or started.")
]


def _jobs(what: str) -> Any:
    return typer.Option(
        min=1, help=f"{what} that may run side by side.", show_default="number of cores"
    )


@app.command()
def run(
    scenario: Scenario = "baseline",
    settings: Settings = [],  # noqa: B006  typer reads the default
    first: First = 1,
    last: Last = 99,
    force: Force = False,
    jobs: Annotated[int | None, _jobs("Notebooks")] = None,
    engine: KernelEngine = Engine.warm,
    keep: Keep = "",
) -> None:
    """Run every notebook that is stale, headless, into runs/<id>.

    Without options this is the baseline, all chapters, in runs/baseline. Notebooks run side by
    side, as many as there are cores, each after those whose tables it reads. What is fresh is
    passed over; a chapter that another run has finished with the same choices, data and code is
    copied.
    With --scenario or --set the run has a folder of its own, which is named at the end; chapters
    ahead of --from that it lacks are copied from a run that has them, or run.
    """
    root = study_root()
    parameters, run_id = parameters_of(root, scenario, settings)
    from workbook.staleness.keys import Keys

    folder = root / "runs" / run_id
    if keep:
        _keep_first(root, folder, keep)
    steps = _steps_wanted(folder, first, last)
    keys = Keys(root)
    _note_unfiltered(keys)
    stale = _stale(keys, parameters, folder, steps, force)
    if not stale and _shows_all(folder):
        typer.echo(f"nothing to run, all is fresh: runs/{run_id}")
        return
    from workbook.running.rounds import How, ready_engine

    # imports while we check
    chosen = ready_engine(engine.value, keys.libraries([found.parts for found in stale]))
    require_sound(root, parameters)
    require_memory(root, [parameters])
    how = How(force, jobs or cores(), chosen, on_lock=say)
    _bring_up_to_date(keys, parameters, folder, steps, how)
    typer.echo(f"finished: runs/{run_id}")


def _note_unfiltered(keys: Keys) -> None:
    """Note that git would store what the notebooks of this clone show, where it would."""
    from workbook.notebook.git_filter import unfiltered_note

    if note := unfiltered_note(keys.package):
        say(note)


def _stale(
    keys: Keys, parameters: Parameters, run: Path, steps: tuple[Step, ...], force: bool
) -> list[StepState]:
    """Return the states of the steps that are to run."""
    from workbook.running.status import status as states_of

    return [
        found
        for found in states_of(keys, parameters, run)
        if found.step in steps and (force or not found.fresh)
    ]


def _shows_all(run: Path) -> bool:
    """Say whether a run has words and pictures for every notebook there is, and for no other."""
    from workbook.running.belonging import renamed
    from workbook.running.finished_step import is_illustrated

    return not renamed(run) and is_illustrated(run)


def _bring_up_to_date(
    keys: Keys, parameters: Parameters, run: Path, steps: tuple[Step, ...], how: How
) -> None:
    """Run what is stale and show how far it is; what a notebook or its words lack ends the
    command.
    """
    from workbook.running import pipeline
    from workbook.running.progress import progress
    from workbook.words.messages import WordsFault

    try:
        with progress(steps) as on_step:
            shown = replace(how, on_step=on_step)
            pipeline.run_study(keys.root, parameters, run.name, steps, shown, keys)
    except pipeline.Failure as failure:
        end(
            *failure_lines(keys.root, failure),
            f"runs/{run.name} keeps what other notebooks wrote and what "
            f"this one had left before; how far it came is in runs/{run.name}/failed/. Go on with "
            "`workbook run`",
            code=1,
        )
    except WordsFault as faults:
        end(
            str(faults),
            f"runs/{run.name} holds every number, and no notebook or picture was written: "
            "mend the words, then `workbook report`",
        )


def _keep_first(root: Path, run: Path, name: str) -> None:
    """Keep the run as it stands; the command ends where it cannot be kept under that name."""
    from workbook.running.keeping import CannotKeep, keep

    try:
        kept = keep(root, run, name, say)
    except CannotKeep as fault:
        end(str(fault))
    typer.echo(
        f"kept: {kept.relative_to(root)}; after this run: `workbook compare {name} {run.name}`"
    )


def _steps_wanted(run: Path, first: int, last: int) -> tuple[Step, ...]:
    """Return the steps from one chapter to another, and the earlier ones that a run lacks."""
    from workbook.running.finished_step import finished
    from workbook.study import study

    return tuple(
        step
        for step in study().steps
        if step.chapter <= last and (first <= step.chapter or not finished(run, step))
    )


@app.command()
def status(scenario: Scenario = "baseline", settings: Settings = []) -> None:  # noqa: B006  typer reads the default
    """Say of each notebook whether it is fresh or stale, and why."""
    root = study_root()
    parameters, run_id = parameters_of(root, scenario, settings)
    from workbook.running.status import status as states_of
    from workbook.staleness.keys import Keys

    for found in states_of(Keys(root), parameters, root / "runs" / run_id):
        why = [*found.reasons, *(["reads from " + ", ".join(found.waits)] if found.waits else [])]
        state = "fresh" if found.fresh else "stale" if found.reasons else "waits"
        typer.echo(f"{found.step.name:20}{state}" + (f"  {why[0]}" if why else ""))
        for more in why[1:]:
            typer.echo(f"{'':27}{more}")


@app.command()
def scenarios(jobs: Annotated[int | None, _jobs("Scenarios")] = None) -> None:
    """Run the shipped scenarios next to the finished baseline. Their results go into its folder,
    for the findings.
    """
    root = study_root()
    from workbook.running import scenarios as shipped

    if not shipped.are_read():
        end(
            "no chapter of this study reads the table of scenarios: `workbook sweep --scenarios"
            " all` puts their results into a table of its own"
        )
    folder = finished_run(root, "baseline")
    parameters, _ = parameters_of(root, "baseline", [])
    require_sound(root)
    _require_fresh_baseline(root, parameters, folder)
    from workbook.running import pipeline, progress

    try:
        with progress.count("scenarios") as on_task:
            how = pipeline.How(jobs=jobs or cores(), on_lock=say)
            path = shipped.scenario_table(root, how, on_task)
    except pipeline.Failure as failure:
        end(*failure_lines(root, failure), "the table of scenarios was not written", code=1)
    typer.echo(f"written: {path.relative_to(root)}")


def _require_fresh_baseline(root: Path, parameters: Parameters, folder: Path) -> None:
    """End the command where a step that scenarios are gathered from is older than the study."""
    from workbook.running.scenarios import steps_gathered
    from workbook.running.status import status as states_of
    from workbook.staleness.keys import Keys

    stale = [
        found.step.name
        for found in states_of(Keys(root), parameters, folder)
        if found.step in steps_gathered() and not found.fresh
    ]
    if stale:
        end(
            f"runs/baseline is older than the study ({', '.join(stale)}), and the scenarios stand "
            "beside it: `workbook run` first"
        )
