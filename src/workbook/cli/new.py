"""Commands that begin something new: the files of a chapter, the lines of an exhibit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from workbook.cli.app import app, end, parameters_of, study_root

new = typer.Typer(
    help="Write the stubs of a chapter or an exhibit.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(new, name="new")
Name = Annotated[str, typer.Argument(help="Small letters, digits and _.", show_default=False)]


@new.command()
def chapter(name: Name) -> None:
    """Write the files of a new chapter, the last one. They are sound and run as they are."""
    root = study_root()
    parameters, _ = parameters_of(root, "baseline", [])
    from workbook.stubs import Refused
    from workbook.stubs.chapter import new_chapter

    try:
        _tell(root, new_chapter(root, name, parameters))
    except Refused as fault:
        end(str(fault))
    typer.echo("next: `workbook sync`, for the schema of the parameters, then `workbook check`")


@new.command()
def exhibit(
    chapter: Annotated[
        str, typer.Argument(help="A chapter, with or without its number.", show_default=False)
    ],
    name: Name,
) -> None:
    """Add an exhibit to a chapter: its first table, until a chart is named in exhibits.yaml."""
    root = study_root()
    from workbook.steps import step_named
    from workbook.stubs import Refused
    from workbook.stubs.exhibit import new_exhibit

    try:
        _tell(root, new_exhibit(root, step_named(chapter), name))
    except (Refused, KeyError) as fault:
        end(str(fault.args[0]))


def _tell(root: Path, written: Iterable[Path]) -> None:
    for path in written:
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        typer.echo(f"written: {shown.as_posix()}")
