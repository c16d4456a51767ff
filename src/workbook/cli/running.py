"""Commands that check and run the study and its scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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


@app.command()
def run(
    scenario: Scenario = "baseline",
    settings: Settings = [],  # noqa: B006  typer reads the default
    first: Annotated[
        int,
        typer.Option("--from", help="First chapter to bring up to date.", show_default="the first"),
    ] = 1,
    last: Annotated[
        int, typer.Option("--to", help="Last chapter to bring up to date.", show_default="the last")
    ] = 99,
    force: Annotated[bool, typer.Option("--force", help="Run what is fresh, too.")] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Notebooks that may run side by side.", show_default="number of cores"
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="How kernels start: forked from a warm process, or started.")
    ] = Engine.warm,
    keep: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="First keep the run as it stands, as runs/NAME, to compare with.",
            show_default=False,
        ),
    ] = "",
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
    from workbook.notebook.git_filter import unfiltered_note
    from workbook.running import status as staleness
    from workbook.running.belonging import renamed
    from workbook.running.finished_step import is_illustrated
    from workbook.staleness.keys import Keys
    from workbook.words.messages import WordsFault

    if keep:
        _keep_first(root, root / "runs" / run_id, keep)
    steps = _steps_wanted(root / "runs" / run_id, first, last)
    keys = Keys(root)
    if note := unfiltered_note(keys.package):
        say(note)
    stale = [
        found
        for found in staleness.status(keys, parameters, root / "runs" / run_id)
        if found.step in steps and (force or not found.fresh)
    ]
    folder = root / "runs" / run_id
    if not stale and not renamed(folder) and is_illustrated(folder):
        typer.echo(f"nothing to run, all is fresh: runs/{run_id}")
        return
    from workbook.running import pipeline
    from workbook.running.progress import progress
    from workbook.running.rounds import How, ready_engine

    # imports while we check
    chosen = ready_engine(engine.value, keys.libraries([found.parts for found in stale]))
    require_sound(root, parameters)
    require_memory(root, [parameters])
    try:
        with progress(steps) as on_step:
            how = How(force, jobs or cores(), chosen, True, on_step, say)
            pipeline.run_study(root, parameters, run_id, steps, how, keys)
    except pipeline.Failure as failure:
        end(
            *failure_lines(root, failure),
            f"runs/{run_id} keeps what other notebooks wrote and what "
            f"this one had left before; how far it came is in runs/{run_id}/failed/. Go on with "
            "`workbook run`",
            code=1,
        )
    except WordsFault as faults:
        end(
            str(faults),
            f"runs/{run_id} holds every number, and no notebook or picture was written: "
            "mend the words, then `workbook report`",
        )
    typer.echo(f"finished: runs/{run_id}")


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
def scenarios(
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Scenarios that may run side by side.", show_default="number of cores"
        ),
    ] = None,
) -> None:
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
    from workbook.running import pipeline, progress
    from workbook.running import status as staleness
    from workbook.staleness.keys import Keys

    stale = [
        found.step.name
        for found in staleness.status(Keys(root), parameters, folder)
        if found.step in shipped.steps_gathered() and not found.fresh
    ]
    if stale:
        end(
            f"runs/baseline is older than the study ({', '.join(stale)}), and the scenarios stand "
            "beside it: `workbook run` first"
        )
    try:
        with progress.count("scenarios") as on_task:
            how = pipeline.How(jobs=jobs or cores(), on_lock=say)
            path = shipped.scenario_table(root, how, on_task)
    except pipeline.Failure as failure:
        end(*failure_lines(root, failure), "the table of scenarios was not written", code=1)
    typer.echo(f"written: {path.relative_to(root)}")
