"""Commands about finished runs: compared, verified, accepted, published, audited."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    run_folder,
    say,
    study_root,
)
from workbook.cli.failures import failure_lines

if TYPE_CHECKING:
    from workbook.comparing import Comparison


Compared = Annotated[str, typer.Argument(metavar="RUN", help="A folder of runs/, or a path.")]


@app.command()
def compare(
    before: Compared,
    after: Annotated[str, typer.Argument(metavar="RUN", help="The one that is held against it.")],
    tolerance: Annotated[
        float, typer.Option(min=0, help="Relative difference up to which numbers count as equal.")
    ] = 1e-9,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON to the terminal and no page.")
    ] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Write Markdown to the terminal and no page.")
    ] = False,
) -> None:
    """Say what moved between two runs. What was changed, which results moved, which claims, texts
    and exhibits differ; exit code 1 says that any do, and nothing else.
    """
    root = study_root()
    folders = run_folder(root, before), run_folder(root, after)
    try:
        found = _compared(root, *folders, tolerance)
        typer.echo(_written(root, found, *folders, as_json, as_markdown), nl=False)
    except (OSError, UnicodeEncodeError, typer.Exit):
        raise
    except KeyboardInterrupt:
        end("interrupted")
    except Exception as fault:  # noqa: BLE001  exit code 1 is taken: it says that they differ
        end(
            f"{_place(root, folders[0])} or {_place(root, folders[1])} is damaged "
            f"({type(fault).__name__}: {fault}): "
            "`workbook run --force` makes the files of a run again"
        )
    raise typer.Exit(0 if found.same else 1)


def _place(root: Path, run: Path) -> Path:
    return run.relative_to(root) if run.is_relative_to(root) else run


def _compared(root: Path, before: Path, after: Path, tolerance: float) -> Comparison:
    from workbook import comparing

    for folder in (before, after):
        _bring_up_to_date(root, folder)
    return comparing.compare(before, after, tolerance)


def _written(
    root: Path, found: Comparison, before: Path, after: Path, as_json: bool, as_markdown: bool
) -> str:
    """Return a comparison in the form that was asked for; for people it is written as pages, too,
    where the second run is one of this study's.
    """
    from workbook import comparing

    if as_json:
        return comparing.as_json(found)
    if as_markdown:
        from workbook.comparing.expected import not_as_reviewed

        return comparing.as_markdown(found, not_as_reviewed(root, after))
    lines = list(comparing.as_lines(found))
    if after.parent == root / "runs":
        from workbook.report.comparison_page import write_pages

        pages = write_pages(found, before, after)
        lines += [f"{lang}: {path.relative_to(root)}" for lang, path in pages.items()]
    return "\n".join(lines) + "\n"


def _bring_up_to_date(root: Path, run: Path) -> None:
    """Give a run's notebooks today's words and pictures, so that what differs comes from the runs.

    One that was run for its numbers alone has none and gets none; one that today's words no longer
    fit stays as it is, and so does one that is kept, or another project's.
    """
    from workbook.running.finished_step import is_illustrated
    from workbook.running.illustrating import illustrate
    from workbook.running.keeping import kept_of
    from workbook.running.lock import locked
    from workbook.staleness.keys import Keys
    from workbook.words.messages import WordsFault

    if run.parent != root / "runs" or kept_of(run) or not is_illustrated(run):
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
def runs() -> None:
    """List the runs. What each changed against the study as it stands, its day, state and size."""
    root = study_root()
    from workbook.running.overview import runs_of

    found = list(runs_of(root))
    if not found:
        typer.echo("no run yet: `workbook run` makes the baseline")
    name = max((len(line.name) for line in found), default=0)
    state = max((len(line.state) for line in found), default=0)
    for line in found:
        first, *more = line.changed or ["as the study stands"]
        size = f"{line.size / 1e6:.1f} MB"
        typer.echo(f"{line.name:{name}}  {line.made}  {line.state:{state}}  {size:>9}  {first}")
        for other in more:
            typer.echo(f"{'':{name + state + 33}}{other}")


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
    _require_may_be_published(folder)
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


def _require_may_be_published(run: Path) -> None:
    """End the command for a run of other notebooks than there are now, and for one that is kept."""
    from workbook.running.belonging import renamed
    from workbook.running.keeping import kept_of

    if gone := renamed(run):
        end(
            f"runs/{run.name} was made before notebooks were renamed or removed "
            f"({', '.join(gone)}): `workbook run` first, with the scenario and settings of this run"
        )
    if kept := kept_of(run):
        end(
            f"runs/{run.name} is kept as runs/{kept} stood: its report, if it had one, is in "
            f"runs/{run.name}/report and is not built again"
        )


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
