"""Commands about finished runs: compared, verified, accepted, published, audited."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from workbook.cli.app import (
    Engine,
    Language,
    RunName,
    app,
    cores,
    end,
    finished_run,
    require_sound,
    say,
    study_root,
)
from workbook.cli.failures import failure_lines


@app.command()
def compare(
    before: RunName,
    after: Annotated[str, typer.Argument(metavar="RUN", help="The one that is held against it.")],
    tolerance: Annotated[
        float, typer.Option(min=0, help="Relative difference up to which numbers count as equal.")
    ] = 1e-9,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON to the terminal and no page.")
    ] = False,
) -> None:
    """Say what moved between two runs. What was changed, which results moved, which exhibits
    differ; exit code 1 if any do.
    """
    root = study_root()
    folders = [finished_run(root, run_id) for run_id in (before, after)]
    from workbook import comparing

    for folder in folders:
        _bring_up_to_date(root, folder)
    try:
        found = comparing.compare(folders[0], folders[1], tolerance)
    except (ValueError, LookupError, TypeError, AttributeError) as fault:  # 1 says: they differ
        end(
            f"runs/{before} or runs/{after} is damaged ({fault}): "
            "`workbook run --force` makes its files again"
        )
    if as_json:
        typer.echo(comparing.as_json(found), nl=False)
    else:
        from workbook.report.comparison_page import write_pages

        pages = write_pages(found, *folders)
        written = [f"{lang}: {path.relative_to(root)}" for lang, path in pages.items()]
        typer.echo("\n".join([*comparing.as_lines(found), *written]))
    raise typer.Exit(0 if found.same else 1)


def _bring_up_to_date(root: Path, run: Path) -> None:
    """Give a run's notebooks today's words and pictures, so that what differs comes from the runs.

    One that was run for its numbers alone has none and gets none; one that today's words no longer
    fit stays as it is.
    """
    from workbook.running.finished_step import is_illustrated
    from workbook.running.illustrating import illustrate
    from workbook.running.lock import locked
    from workbook.staleness.keys import Keys
    from workbook.words.messages import WordsFault

    if not is_illustrated(run):
        return
    try:
        with locked(run, say):
            illustrate(Keys(root), run)
    except WordsFault as faults:
        say(
            f"note: runs/{run.name} is shown as it was drawn, for today's words do not fit it:"
            f" {faults}"
        )


@app.command()
def verify(
    run_id: RunName = "baseline",
    numeric: Annotated[
        bool, typer.Option("--numeric", help="Numbers may differ by 1e-9, as between machines.")
    ] = False,
    engine: Annotated[Engine, typer.Option(help="How kernels start.")] = Engine.warm,
) -> None:
    """Repeat a run from scratch and name each file that differs. Exit code 1 if any does."""
    root = study_root()
    finished_run(root, run_id)
    require_sound(root)
    from workbook.choices import ParameterFault
    from workbook.comparing.verify import verify as differences
    from workbook.running.engine.failure import Failure
    from workbook.running.progress import progress
    from workbook.running.rounds import How
    from workbook.study import study

    try:
        with progress(study().steps) as on_step:
            how = How(True, cores(), engine.value, True, on_step, say)
            found = differences(root, run_id, how=how, numeric=numeric)
    except ParameterFault as faults:
        end(
            str(faults),
            f"that is the record of runs/{run_id}: make the run again, `workbook run --force`",
        )
    except Failure as failure:
        end(*failure_lines(root, failure), code=1)
    if found:
        end(
            *found,
            f"{len(found)} file(s) differ; the second run is in runs/.verify/{run_id}",
            code=1,
        )
    typer.echo(
        f"runs/{run_id}: a run from scratch gives the same {'numbers' if numeric else 'bytes'}"
    )


@app.command()
def accept(run_id: RunName = "baseline") -> None:
    """Take a reviewed run's results as those the tests expect. Shows every headline result that
    moves.
    """
    root = study_root()
    folder = finished_run(root, run_id)
    from workbook.comparing.expected import accept as accepted
    from workbook.comparing.expected import own_tables

    if own := own_tables(folder):
        end(
            f"runs/{run_id} rests on your own figures ({', '.join(own)}), and git keeps the "
            "expected results: take the figures out of data/local and run again"
        )

    typer.echo("\n".join(accepted(root, folder)) or "every headline result is as expected")


@app.command()
def report(
    run_id: RunName = "baseline",
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it, too (needs Chromium).")] = False,
    tables: Annotated[
        bool, typer.Option("--tables", help="Write its tables as a spreadsheet, too.")
    ] = False,
) -> None:
    """Build the report of a run: in each language one HTML file, its annex, and the summary as
    text.
    """
    root = study_root()
    folder = finished_run(root, run_id)
    # a run's tables are a million small objects that stay to the end: a tenth of the time would go
    # into walking through them
    gc.disable()
    from workbook.report import ReportFault, build
    from workbook.running.illustrating import illustrate
    from workbook.running.lock import locked
    from workbook.staleness.keys import Keys

    try:
        with locked(folder, say):  # a run in this folder changes what is drawn here
            illustrate(Keys(root), folder)
        also = [name for name, wanted in (("pdf", pdf), ("tables", tables)) if wanted]
        built = build(folder, root / "notebooks", also=also)
    except ReportFault as faults:
        end(str(faults))
    finally:
        gc.enable()
    for lang, path in built.items():
        typer.echo(f"{lang}: {path}")


@app.command()
def audit(
    run_id: RunName = "baseline",
    as_json: Annotated[bool, typer.Option("--json", help="Write everything as JSON.")] = False,
    lang: Annotated[Language, typer.Option(help="Language of the tables.")] = Language.en,
) -> None:
    """Say how good a run's numbers are. Assumptions with their weights, data, programs of the
    exhibits, checklists with evidence.
    """
    root = study_root()
    folder = finished_run(root, run_id)
    from workbook.audit import books, telling

    found = books.audit(root, folder)
    if as_json:
        typer.echo(telling.as_json(found), nl=False)
    else:
        telling.tell(found, lang.value)
