"""The command that runs many choices at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook.cli.app import (
    app,
    cores,
    end,
    parameters_of,
    require_memory,
    require_sound,
    study_root,
)

if TYPE_CHECKING:
    from workbook.steps import Step
    from workbook.sweeping import Outcome, Variant, Where

RUNS_NAMED = 3  # on the line of a failure; the others stand in failed.csv


Grid = Annotated[
    list[str],
    typer.Option(metavar="section.name=a,b,c", help="An axis of a grid; may be repeated."),
]
Scenarios = Annotated[
    str,
    typer.Option(metavar="A,B|all", help="Scenarios of params.yaml, held against the baseline."),
]
Sample = Annotated[
    int,
    typer.Option(
        min=0,
        help="So many points that fill the space of --over; more of them keep those before.",
    ),
]
Over = Annotated[
    str,
    typer.Option(
        metavar="section.name,…",
        help="What --sample draws: parameters over their bounds, inputs.NAME over the range of"
        " the evidence, inputs for all of these.",
    ),
]
Last = Annotated[
    int,
    typer.Option("--to", help="Last chapter whose results are wanted.", show_default="the last"),
]
Scheduler = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS", help="An existing Dask scheduler; else workers are started here."
    ),
]
Authority = Annotated[
    Path | None, typer.Option(help="Certificate of the authority behind a tls:// scheduler.")
]
Certificate = Annotated[Path | None, typer.Option(help="Our own certificate for it.")]
Key = Annotated[Path | None, typer.Option(help="The key of that certificate.")]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Workers started here.", show_default="number of cores"),
]
SendLocal = Annotated[
    bool,
    typer.Option("--send-local", help="Let your own tables (data/local) leave this machine."),
]
WithSummary = Annotated[
    bool, typer.Option("--summary", help="Say, and draw, which parameter moves which result.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Run nothing; say what would run, its time and memory.")
]


@dataclass(frozen=True)
class _Asked:
    """What is varied, in one of three ways."""

    grid: list[str]
    scenarios: str
    sample: int
    over: str

    @property
    def kind(self) -> str:
        return "grid" if self.grid else "scenarios" if self.scenarios else "sample"


@app.command()
def sweep(
    grid: Grid = [],  # noqa: B006  typer reads the default
    scenarios: Scenarios = "",
    sample: Sample = 0,
    over: Over = "",
    last: Last = 99,
    scheduler: Scheduler = "",
    tls_ca: Authority = None,
    tls_cert: Certificate = None,
    tls_key: Key = None,
    workers: Workers = None,
    send_local: SendLocal = False,
    summary: WithSummary = False,
    dry_run: DryRun = False,
) -> None:
    """Run many choices at once. Their headline results become one tidy table, as CSV, and as
    Parquet too where pyarrow is installed; chapters that they share run once, and what is finished
    is taken from where it is.
    """
    root, asked = study_root(), _Asked(grid, scenarios, sample, over)
    _require_one_way(asked, summary)
    variants = _sound_variants(root, asked, elsewhere=bool(scheduler))
    from workbook.sweeping import Tls, Where

    tls = Tls(tls_ca, tls_cert, tls_key)
    where = Where(scheduler, workers or cores(), send_local, tls)
    if dry_run:
        _say_cost(root, variants, last, where)
        return
    outcome = _swept(root, _name(asked.kind, variants), variants, last, where)
    if summary:
        _say_summary(root, outcome, sampled=bool(sample))
    if outcome.failed:
        end(*_failures(outcome), f"the others are in {_short(root, outcome.table)}", code=1)


def _require_one_way(asked: _Asked, summary: bool) -> None:
    """End the command unless it says in one way what is varied, and a summary can be made of it."""
    ways = (asked.grid, asked.scenarios, asked.sample)
    if sum(map(bool, ways)) != 1 or bool(asked.sample) != bool(asked.over):
        end(
            "say what to vary: --grid section.name=a,b,c (may be repeated), or --scenarios A,B|all,"
            " or --sample N --over section.name,…"
        )
    if summary and asked.scenarios:
        end(
            "--summary takes a grid or a sample: a scenario changes several parameters at once, and"
            " what each does by itself cannot be told"
        )


def _name(kind: str, variants: list[Variant]) -> str:
    """Return the folder of a sweep; a longer sample of the same parameters takes the place of the
    shorter one.
    """
    from workbook.whole_files import digest_of

    told = variants[:1] if kind == "sample" else variants
    return f"{kind}-{digest_of([[variant.name, variant.changes] for variant in told])[:6]}"


def _swept(root: Path, name: str, variants: list[Variant], last: int, where: Where) -> Outcome:
    """Run a sweep, say what became of it, and return that."""
    from workbook import sweeping
    from workbook.running.progress import count

    try:
        with count(f"{len(variants)} runs") as on_task:
            outcome = sweeping.sweep(root, name, variants, _steps(last), where, on_task)
    except sweeping.NoScheduler as fault:
        end(str(fault))
    steps = "1 step" if len(outcome.ran) == 1 else f"{len(outcome.ran)} steps"
    typer.echo(
        f"{len(variants)} runs: {steps} run, {len(outcome.kept)} kept from before:"
        f" {_short(root, outcome.table)}"
    )
    return outcome


def _steps(last: int) -> tuple[Step, ...]:
    from workbook.study import study

    return tuple(step for step in study().steps if step.chapter <= last)


def _short(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _failures(outcome: Outcome) -> list[str]:
    """Return a line for each failure, with the runs that lack results because of it."""
    lines = []
    for why, runs in outcome.failed.items():
        more = f" and {len(runs) - RUNS_NAMED} more" if len(runs) > RUNS_NAMED else ""
        lines.append(f"failed: {'; '.join(runs[:RUNS_NAMED])}{more}: {why}")
    return lines


def _say_cost(root: Path, variants: list[Variant], last: int, where: Where) -> None:
    """Say what a sweep would run, and what that took before."""
    from workbook.sweeping.costs import cost_lines

    for line in cost_lines(root, variants, _steps(last), where):
        typer.echo(line)


def _say_summary(root: Path, outcome: Outcome, sampled: bool) -> None:
    """Say which parameter moves which result most, and where the picture of it is."""
    from workbook.sweeping.moves import summarised

    lines, made = summarised(outcome.table, sampled)
    for line in lines:
        typer.echo(line)
    for path in made:
        typer.echo(f"written: {_short(root, path)}")


def _sound_variants(root: Path, asked: _Asked, elsewhere: bool) -> list[Variant]:
    """Return the runs that a sweep is asked for; where one may not be run, or does not fit into
    this machine's memory unless it runs ``elsewhere``, the command ends.
    """
    from workbook.check import faults_between
    from workbook.choices import ParameterFault

    parameters_of(root, "baseline", [])
    require_sound(root)
    try:
        variants = _variants(root / "params.yaml", asked)
    except ParameterFault as faults:
        end(str(faults))
    if unsound := faults_between(root, [variant.parameters for variant in variants]):
        end(*unsound, f"{len(unsound)} fault(s); nothing was run")
    if not elsewhere:
        require_memory(root, [variant.parameters for variant in variants])
    return variants


def _variants(path: Path, asked: _Asked) -> list[Variant]:
    from workbook import sweeping

    if asked.grid:
        return sweeping.grid_variants(path, asked.grid)
    if asked.scenarios:
        return sweeping.scenario_variants(path, asked.scenarios)
    keys = [key.strip() for key in asked.over.split(",")]
    return sweeping.sample_variants(path, asked.sample, keys)
