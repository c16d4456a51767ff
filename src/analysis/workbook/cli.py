"""The console script `workbook`. Its top level imports nothing heavy; a user's mistake ends with exit code 2."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.workbook.params import Parameters

app = typer.Typer(help="Run, check and publish the study of pooled ICT for Tokyo's 23 special wards.",
                  no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
Scenario = Annotated[str, typer.Option(help="A scenario of params.yaml.")]
Settings = Annotated[list[str], typer.Option("--set", help="section.name=value; may be repeated.")]
MISTAKE = 2


class Engine(str, Enum):
    """How a notebook's kernel comes to life."""

    warm = "warm"
    stock = "stock"


class Language(str, Enum):
    """A language of the report."""

    ja = "ja"
    en = "en"


def _root() -> Path:
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "params.yaml").exists() and (folder / "notebooks").is_dir():
            return folder
    _end("no study here: run `workbook` inside the folder that holds params.yaml and notebooks/")
    raise AssertionError


def _end(*messages: str, code: int = MISTAKE) -> None:
    for message in messages:
        typer.echo(message, err=True)
    raise typer.Exit(code)


def _parameters(root: Path, scenario: str, settings: list[str]) -> tuple[Parameters, str]:
    from analysis.workbook import params

    try:
        chosen = params.load_parameters(root / "params.yaml", scenario, tuple(settings))
        return chosen, params.run_id(root / "params.yaml", scenario, tuple(settings))
    except params.ParameterFault as faults:
        _end(str(faults))
        raise


@app.command()
def check() -> None:
    """Find every fault of parameters, data and notebooks before a kernel starts."""
    import os

    root = _root()
    parameters, _ = _parameters(root, "baseline", [])
    from analysis.workbook import sync
    from analysis.workbook.check import faults_of

    faults, edited = faults_of(root, parameters), sync.out_of_date(root / "notebooks", parameters)
    for name in edited:
        typer.echo(f"note: notebooks/{name}: its parameters cell differs from params.yaml (`workbook sync` writes it anew)")
    if faults or (edited and os.environ.get("CI")):
        _end(*faults, f"{len(faults) or len(edited)} fault(s)")
    typer.echo("parameters, data package, tables and notebooks are sound")


@app.command()
def run(scenario: Scenario = "baseline", settings: Settings = [],  # noqa: B006  typer reads the default
        first: Annotated[int, typer.Option("--from", help="First chapter to bring up to date.")] = 1,
        last: Annotated[int, typer.Option("--to", help="Last chapter to bring up to date.")] = 99,
        force: Annotated[bool, typer.Option("--force", help="Run what is fresh, too.")] = False,
        jobs: Annotated[int | None, typer.Option(min=1, help="Notebooks that may run side by side.", show_default="number of cores")] = None,
        engine: Annotated[Engine, typer.Option(help="How kernels start: forked from a warm process, or anew.")] = Engine.warm) -> None:
    """Run the notebooks that are stale, in sequence, headless, into runs/<id>."""
    root = _root()
    parameters, run_id = _parameters(root, scenario, settings)
    from analysis.notebook.keys import Keys
    from analysis.notebook.steps import STEPS
    from analysis.workbook import pipeline, staleness

    steps = tuple(step for step in STEPS if first <= step.chapter <= last)
    keys = Keys(root)
    stale = [found for found in staleness.status(keys, parameters, root / "runs" / run_id) if found.step in steps and (force or not found.fresh)]
    if not stale:
        typer.echo(f"nothing to run, all is fresh: runs/{run_id}")
        return
    from analysis.workbook.progress import progress
    from analysis.workbook.rounds import How, ready_engine

    chosen = ready_engine(engine.value, keys.libraries([found.parts for found in stale]))   # imports while we check
    _require_sound(root, parameters)
    try:
        with progress(steps) as on_step:
            pipeline.run_study(root, parameters, run_id, steps, How(force, jobs or _cores(), chosen, True, on_step, _say_waiting), keys)
    except pipeline.Failure as failure:
        _end(f"failed: {failure}", f"what other notebooks wrote is kept in runs/{run_id}; mend the cell and go on with `workbook run`", code=1)
    typer.echo(f"finished: runs/{run_id}")


def _require_sound(root: Path, parameters: Parameters | None = None) -> None:
    from analysis.workbook.check import faults_of

    if faults := faults_of(root, parameters):
        _end(*faults, f"{len(faults)} fault(s); nothing was run")


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _say_waiting(holder: str) -> None:
    typer.echo(f"another run is at work in this folder ({holder}); waiting for it", err=True)


@app.command()
def status(scenario: Scenario = "baseline", settings: Settings = []) -> None:  # noqa: B006  typer reads the default
    """Say of each notebook whether its results are fresh or stale, and why."""
    root = _root()
    parameters, run_id = _parameters(root, scenario, settings)
    from analysis.notebook.keys import Keys
    from analysis.workbook.staleness import status as standings

    for found in standings(Keys(root), parameters, root / "runs" / run_id):
        why = [*found.reasons, *(["reads from " + ", ".join(found.waits)] if found.waits else [])]
        state = "fresh" if found.fresh else "stale" if found.reasons else "waits"
        typer.echo(f"{found.step.name:20}{state}" + (f"  {why[0]}" if why else ""))
        for more in why[1:]:
            typer.echo(f"{'':27}{more}")


@app.command()
def sweep(grid: Annotated[list[str], typer.Option(metavar="section.name=a,b,c", help="An axis of a grid; may be repeated.")] = [],  # noqa: B006
          scenarios: Annotated[str, typer.Option(metavar="A,B|all", help="Scenarios of params.yaml, held against the baseline.")] = "",
          sample: Annotated[int, typer.Option(min=0, help="So many points of a Latin hypercube over the bounds of --over.")] = 0,
          over: Annotated[str, typer.Option(metavar="section.name,…", help="The parameters that --sample draws.")] = "",
          last: Annotated[int, typer.Option("--to", help="Last chapter whose results are wanted.")] = 99,
          scheduler: Annotated[str, typer.Option(metavar="ADDRESS", help="An existing Dask scheduler; else workers are started here.")] = "",
          workers: Annotated[int | None, typer.Option(min=1, help="Workers started here.", show_default="number of cores")] = None,
          send_local: Annotated[bool, typer.Option("--send-local", help="Let your own tables (data/local) leave this machine.")] = False) -> None:
    """Run many choices at once and write their headline results as one tidy table; shared chapters run once."""
    root = _root()
    if sum(map(bool, (grid, scenarios, sample))) != 1 or bool(sample) != bool(over):
        _end("say what to vary: --grid section.name=a,b,c (may be repeated), or --scenarios A,B|all, or --sample N --over section.name,…")
    _parameters(root, "baseline", [])
    _require_sound(root)
    from analysis.notebook.steps import STEPS
    from analysis.notebook.whole_files import digest_of
    from analysis.workbook import params, sweep as sweeping

    path = root / "params.yaml"
    try:
        cells = (sweeping.grid_cells(path, grid) if grid else sweeping.scenario_cells(path, scenarios) if scenarios
                 else sweeping.sample_cells(path, sample, [key.strip() for key in over.split(",")]))
    except params.ParameterFault as faults:
        _end(str(faults))
    kind = "grid" if grid else "scenarios" if scenarios else "sample"
    name = f"{kind}-{digest_of([[cell.name, cell.changes] for cell in cells])[:6]}"
    from analysis.workbook.progress import count

    with count(f"{len(cells)} runs") as on_task:
        try:
            outcome = sweeping.sweep(root, name, cells, tuple(step for step in STEPS if step.chapter <= last), scheduler=scheduler,
                                     workers=workers or _cores(), send_local=send_local, on_task=on_task)
        except OSError as fault:
            _end(f"no scheduler answers at {scheduler}: {fault}" if scheduler else f"no worker could be started: {fault}")
    typer.echo(f"{len(cells)} runs: {len(outcome.ran)} steps run, {len(outcome.kept)} kept from before: {outcome.table.relative_to(root)}")
    if outcome.failed:
        _end(*(f"failed: {told}" for told in outcome.failed.values()), "the other runs are in the table", code=1)


@app.command()
def scenarios(jobs: Annotated[int | None, typer.Option(min=1, help="Scenarios that may run side by side.", show_default="number of cores")] = None) -> None:
    """Run the shipped scenarios beside the finished baseline and write their results into its folder, for the findings."""
    root = _root()
    _finished(root, "baseline")
    _parameters(root, "baseline", [])
    _require_sound(root)
    from analysis.workbook import pipeline, progress, scenarios as shipped

    try:
        with progress.count("scenarios") as told:
            path = shipped.scenario_table(root, pipeline.How(jobs=jobs or _cores(), on_wait=_say_waiting), told)
    except pipeline.Failure as failure:
        _end(f"failed: {failure}", "the table of scenarios was not written", code=1)
    typer.echo(f"written: {path.relative_to(root)}")


def _finished(root: Path, run_id: str) -> Path:
    folder = root / "runs" / run_id
    if not (folder / "manifest.json").exists():
        _end(f"runs/{run_id} holds no finished run: `workbook run` makes one")
    return folder


@app.command()
def compare(before: Annotated[str, typer.Argument(metavar="RUN", help="A folder of runs/.")],
            after: Annotated[str, typer.Argument(metavar="RUN", help="The one that is held against it.")],
            tolerance: Annotated[float, typer.Option(min=0, help="Relative difference up to which numbers count as equal.")] = 1e-9,
            as_json: Annotated[bool, typer.Option("--json", help="Write JSON to the terminal and no page.")] = False) -> None:
    """Say what two runs were changed in, which results moved and which exhibits differ; exit code 1 if any do."""
    root = _root()
    folders = [_finished(root, run_id) for run_id in (before, after)]
    from analysis.workbook import compare as comparing

    found = comparing.compare(*folders, tolerance)
    if as_json:
        typer.echo(comparing.as_json(found), nl=False)
    else:
        from analysis.workbook.compare.page import write_pages

        typer.echo("\n".join(comparing.as_lines(found)))
        for lang, path in write_pages(found, folders[1]).items():
            typer.echo(f"{lang}: {path.relative_to(root)}")
    raise typer.Exit(0 if found.same else 1)


@app.command()
def verify(run_id: Annotated[str, typer.Argument(metavar="RUN", help="A folder of runs/.")] = "baseline",
           numeric: Annotated[bool, typer.Option("--numeric", help="Numbers may differ by 1e-9, as between machines.")] = False,
           engine: Annotated[Engine, typer.Option(help="How kernels start.")] = Engine.warm) -> None:
    """Run a finished run again from scratch and name every file that differs; exit code 1 if any does."""
    root = _root()
    _finished(root, run_id)
    _require_sound(root)
    from analysis.notebook.steps import STEPS
    from analysis.workbook.engine.failure import Failure
    from analysis.workbook.progress import progress
    from analysis.workbook.rounds import How
    from analysis.workbook.verify import verify as differences

    try:
        with progress(STEPS) as on_step:
            found = differences(root, run_id, how=How(True, _cores(), engine.value, True, on_step, _say_waiting), numeric=numeric)
    except Failure as failure:
        _end(f"failed: {failure}", code=1)
    if found:
        _end(*found, f"{len(found)} file(s) differ; the second run is in runs/.verify/{run_id}", code=1)
    typer.echo(f"runs/{run_id}: a run from scratch gives the same {'numbers' if numeric else 'bytes'}")


@app.command()
def accept(run_id: Annotated[str, typer.Argument(metavar="RUN", help="A folder of runs/.")] = "baseline") -> None:
    """Take a reviewed run's headline results as those the tests expect; shows every one that moves."""
    root = _root()
    folder = _finished(root, run_id)
    from analysis.workbook.expected import accept as accepted

    typer.echo("\n".join(accepted(root, folder)) or "every headline result is as expected")


@app.command()
def report(run_id: Annotated[str, typer.Argument(metavar="RUN", help="A folder of runs/.")] = "baseline") -> None:
    """Build the report of a finished run, one HTML file in each language."""
    root = _root()
    folder = _finished(root, run_id)
    from analysis.workbook.report import ReportFault, build

    try:
        built = build(folder, root / "notebooks")
    except ReportFault as faults:
        _end(str(faults))
    for lang, path in built.items():
        typer.echo(f"{lang}: {path}")


@app.command()
def audit(run_id: Annotated[str, typer.Argument(metavar="RUN", help="A folder of runs/.")] = "baseline",
          as_json: Annotated[bool, typer.Option("--json", help="Write everything as JSON.")] = False,
          lang: Annotated[Language, typer.Option(help="Language of the tables.")] = Language.en) -> None:
    """Say how good a run's numbers are: assumptions with their weights, data, programs of the exhibits, checklists with evidence."""
    root = _root()
    folder = _finished(root, run_id)
    from analysis.workbook.audit import books, telling

    found = books.audit(root, folder)
    if as_json:
        typer.echo(telling.as_json(found), nl=False)
    else:
        telling.tell(found, lang.value)


@app.command()
def sync(scenario: Scenario = "baseline") -> None:
    """Write the notebooks' parameter cells, and the generated parts of params.yaml and its schema."""
    root = _root()
    parameters, _ = _parameters(root, scenario, [])
    from analysis.workbook import sync as cells

    changed = [*cells.sync_choices(root / "params.yaml"), *cells.sync(root / "notebooks", parameters)]
    typer.echo("\n".join(f"written: {name}" for name in changed) or "everything generated is up to date")


@app.command()
def catalogue() -> None:
    """Renew the checksums in data/datapackage.json after a reviewed change of a table."""
    root = _root()
    from analysis.workbook.check import renew_checksums

    changed = renew_checksums(root)
    typer.echo("\n".join(f"renewed: {name}" for name in changed) or "every checksum is up to date")


@app.command()
def intake(file: Annotated[Path, typer.Argument(help="A CSV or Excel file.")],
           table: Annotated[str, typer.Option(help="A table of data/datapackage.json, for example ict_cost.", show_default=False)] = "",
           sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook that has several.")] = None,
           encoding: Annotated[str | None, typer.Option(help="Encoding, where the bytes do not tell it.")] = None,
           columns: Annotated[list[str], typer.Option("--column", help="FIELD=HEADING or column letter; may be repeated.")] = [],  # noqa: B006
           units: Annotated[list[str], typer.Option("--unit", help="FIELD=unit, for example cost_jpy=千円; may be repeated.")] = [],  # noqa: B006
           fill: Annotated[list[str], typer.Option("--fill", help="FIELD=value for every row; may be repeated.")] = [],  # noqa: B006
           leave_out: Annotated[list[str], typer.Option("--leave-out", help="A heading not to read; may be repeated.")] = [],  # noqa: B006
           supplied_by: Annotated[str, typer.Option(help="Who supplied the file, for the record of origin.")] = "",
           accept_totals: Annotated[bool, typer.Option("--accept-totals", help="Take the bodies though a total in the file differs.")] = False,
           keep_published: Annotated[bool, typer.Option("--keep-published", help="Keep the published rows that the file does not give.")] = False,
           replace: Annotated[bool, typer.Option("--replace", help="Put this file in the place of an earlier one.")] = False,
           look: Annotated[bool, typer.Option("--look", help="Show what is understood; write nothing.")] = False,
           rules: Annotated[bool, typer.Option("--rules", help="Only say which national rules for machine-readable tables the file breaks.")] = False) -> None:
    """Read an office spreadsheet, show what was understood, write data/local/TABLE.csv with its record of origin."""
    root = _root()
    from analysis.workbook import intake as office

    if rules:
        typer.echo("\n".join(_rules_broken(file, sheet, encoding, quietly=False)))
        return
    if not table:
        _end("say which table the file fills: --table NAME, for example --table ict_cost; or --rules to look at the file alone")
    hints = office.Hints(_pairs("--column", columns), _pairs("--unit", units), _pairs("--fill", fill), tuple(leave_out))
    try:
        understood, content = office.understand(root, file, table, hints, sheet, encoding, accept_totals)
        for line in office.said(understood):
            typer.echo(line)
        if look:
            return
        written, _ = office.take_in(root, file, understood, content, hints, supplied_by, replace, keep_published)
    except office.IntakeRefusal as refusal:
        _end(str(refusal), *_rules_broken(file, sheet, encoding), "nothing was written")
    typer.echo(f"written: {written.relative_to(root)}, and its record of origin beside it; git ignores both")


def _rules_broken(file: Path, sheet: str | None, encoding: str | None, quietly: bool = True) -> list[str]:
    """Return which national rules a file breaks; what cannot be read at all is refused, unless it has been already."""
    from analysis.workbook import intake as office

    try:
        return office.told(office.broken_rules(office.read_sheet(file, sheet, encoding)[0]))
    except office.IntakeRefusal as refusal:
        if not quietly:
            _end(str(refusal))
        return []


def _pairs(option: str, texts: list[str]) -> dict[str, str]:
    bad = [text for text in texts if "=" not in text.strip("=")]
    if bad:
        _end(*(f"{option} {text}: has no =; write {option} field=value" for text in bad))
    return dict(text.split("=", 1) for text in texts)
