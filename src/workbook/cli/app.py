"""What every command needs: the study's folder, its parameters, a finished run, and how a command
ends.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.core import TyperGroup

from workbook.running.caches import keep_caches_in
from workbook.study import NoStudy
from workbook.system_faults import sentence_of

if TYPE_CHECKING:
    from workbook.choices import Parameters


class Commands(TyperGroup):
    """The commands: the system's no, the terminal's, no study, or words at fault end each with one
    message.
    """

    def invoke(self, ctx: typer.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader of our output has closed it
            raise
        except (OSError, UnicodeEncodeError) as fault:
            end(sentence_of(fault))
        except NoStudy as fault:
            end(str(fault))
        except ValueError as fault:
            from workbook.words.messages import WordsFault

            if not isinstance(fault, WordsFault):
                raise
            end(str(fault))


PURPOSE = "Run, check and publish the study of this folder."
# Help is written without rich, whose pages take as long to import as all the rest of a command.
app = typer.Typer(
    cls=Commands,
    help=PURPOSE,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Scenario = Annotated[str, typer.Option(help="A scenario of params.yaml.")]
Settings = Annotated[list[str], typer.Option("--set", help="section.name=value; may be repeated.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="A folder of runs/.")]
MISTAKE = 2
RECORDS = ("manifest.json", "params.yaml", "results.json")  # a finished run has them all


class Engine(StrEnum):
    """How a notebook's kernel comes to life."""

    warm = "warm"
    stock = "stock"


class Language(StrEnum):
    """A language of the report."""

    ja = "ja"
    en = "en"


def study_root() -> Path:
    """Return the folder of the study that the command was called in; elsewhere the command ends."""
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "params.yaml").exists() and (folder / "notebooks").is_dir():
            keep_caches_in(folder / "runs" / ".caches")
            return folder
    return end(
        "no study here: run `workbook` inside the folder that holds params.yaml and notebooks/"
    )


def end(*messages: str, code: int = MISTAKE) -> NoReturn:
    """End the command with what is wrong, on the error stream."""
    for message in messages:
        typer.echo(message, err=True)
    raise typer.Exit(code)


def parameters_of(root: Path, scenario: str, settings: list[str]) -> tuple[Parameters, str]:
    """Return the parameters of a scenario with its settings, and the name of their run; faults end
    the command.
    """
    from workbook import choices as params

    try:
        choices = params.Choices.read(root / "params.yaml")
        chosen, run_id = choices.parameters(scenario, settings), choices.run_id(scenario, settings)
    except params.ParameterFault as faults:
        end(str(faults))
    if chosen.inputs:  # their ranges stand in a table, which takes long to read
        from workbook.check import faults_of_inputs

        if outside := faults_of_inputs(root, chosen):
            end(str(params.ParameterFault(outside)))
    return chosen, run_id


def finished_run(root: Path, run_id: str) -> Path:
    """Return the folder of a finished run; the command ends where there is none, or where its steps
    are of several runs.
    """
    folder = root / "runs" / run_id
    if not (folder / "manifest.json").exists():
        end(f"runs/{run_id} holds no finished run: `workbook run` makes one")
    if (folder / "params.yaml").exists():
        from workbook import choices as params

        try:
            params.values_of(params.text_of(folder / "params.yaml"), f"runs/{run_id}/params.yaml")
        except params.ParameterFault as faults:
            end(
                str(faults),
                f"that is the record of runs/{run_id}: make the run again, `workbook run --force`",
            )
    from workbook.running.belonging import failed, strangers

    if found := strangers(folder):
        end(
            *found,
            f"runs/{run_id} holds steps of several runs, and a reader could not tell them "
            "apart: `workbook run` first, with the scenario and settings of this run",
        )
    for name in failed(folder):
        typer.echo(
            f"note: {name} failed when it last ran; what stands in runs/{run_id} is from before",
            err=True,
        )
    return folder


def run_folder(root: Path, named: str) -> Path:
    """Return the folder of a finished run by its name or, elsewhere than in runs/, by its path."""
    folder = Path(named)
    if folder.name == named and ((root / "runs" / named).is_dir() or not folder.is_dir()):
        return finished_run(root, named)
    folder = folder.resolve()
    if folder.parent == root / "runs":
        return finished_run(root, folder.name)
    lacking = [name for name in RECORDS if not (folder / name).is_file()]
    if lacking:
        end(f"{named} holds no finished run: {', '.join(lacking)} is missing")
    return folder


def require_sound(root: Path, parameters: Parameters | None = None) -> None:
    """End the command, all faults named, unless the study's tables and notebooks are sound."""
    from workbook.check import faults_of

    if faults := faults_of(root, parameters):
        end(*faults, f"{len(faults)} fault(s); nothing was run")


def require_memory(root: Path, many: Collection[Parameters]) -> None:
    """End the command where a step of one of some runs would not fit into this machine's
    memory.
    """
    from workbook.running.memory import memory_faults

    if faults := memory_faults(root, many):
        end(*faults, f"{len(faults)} fault(s); nothing was run")


def cores() -> int:
    """Return how many cores this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def say(text: str) -> None:
    """Say something of a run on its way, on the error stream."""
    typer.echo(text, err=True)
