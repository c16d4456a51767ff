"""Commands that write files of the study: generated cells, checksums, a researcher's own table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbook.cli.app import Scenario, app, end, parameters_of, study_root

if TYPE_CHECKING:
    from office_tables.intake import Hints, Placing, Understood
    from workbook.running.proofreading import Reading


@app.command()
def sync(scenario: Scenario = "baseline") -> None:
    """Write what is generated from the parameters. The notebooks' cells, and parts of params.yaml
    and its schema.
    """
    root = study_root()
    parameters, _ = parameters_of(root, scenario, [])
    from workbook.notebook import sync as cells

    changed = [
        *cells.sync_choices(root / "params.yaml"),
        *cells.sync(root / "notebooks", parameters),
    ]
    typer.echo(
        "\n".join(f"written: {name}" for name in changed) or "everything generated is up to date"
    )


@app.command()
def catalogue() -> None:
    """Renew the data package's checksums after a reviewed change. They stand in
    data/datapackage.json.
    """
    root = study_root()
    from workbook.check import renew_checksums

    changed = renew_checksums(root)
    typer.echo("\n".join(f"renewed: {name}" for name in changed) or "every checksum is up to date")


@app.command()
def overdue(
    on: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="The day to ask for.", show_default="today")
    ] = "",
) -> None:
    """List the tables that should have been looked at again. Their months stand in
    data/reviews.yaml; exit code 1 if any is over.
    """
    from datetime import date

    from workbook.tables.reviews import overdue as late

    root = study_root()
    try:
        found = late(root, date.fromisoformat(on) if on else date.today())
    except ValueError as fault:
        end(str(fault))
    lines = (f"data/{one.table}.csv: by {one.by}; look for {one.look_for}" for one in found)
    typer.echo("\n".join(lines) or "no table is overdue")
    raise typer.Exit(1 if found else 0)


Chapter = Annotated[
    str,
    typer.Argument(
        help="A chapter, by its notebook's name with or without the number; all of them without"
        " one.",
        show_default=False,
    ),
]
Read = Annotated[
    list[str],
    typer.Option(
        "--read",
        help="Note that this message was read in both languages; may be repeated; `all` for"
        " every one.",
    ),
]
Changed = Annotated[
    bool, typer.Option("--changed", help="Only what changed in one language alone, or is new.")
]
NeverShown = Annotated[
    bool, typer.Option("--never-shown", help="Only what has a wording that no run has shown.")
]


@app.command()
def words(
    chapter: Chapter = "",
    read: Read = [],  # noqa: B006
    changed: Changed = False,
    never_shown: NeverShown = False,
) -> None:
    """Show the words in both languages side by side. Marks what changed in one only, and wordings
    that no run has shown.
    """
    root = study_root()
    from workbook.running import proofreading

    found = _readings(root, chapter)
    if unknown := set(read) - {"all", *(reading.slug for reading in found)}:
        end(f"no message {', '.join(sorted(unknown))}" + (f" in {chapter}" if chapter else ""))
    if read:
        noted = proofreading.mark_read(
            root, (own for own in found if "all" in read or own.slug in read)
        )
        typer.echo(f"read together: {len(noted)}")
        return
    shown = [
        own
        for own in found
        if (not changed or own.changed_alone or own.new) and (not never_shown or own.never_shown)
    ]
    typer.echo(
        "\n".join(line for own in shown for line in proofreading.lines_of(own))
        or ("every wording was shown" if never_shown else "nothing changed in one language alone")
    )


def _readings(root: Path, chapter: str) -> list[Reading]:
    """Return the messages of a chapter, or of all; words that cannot be read end the command."""
    from workbook.running.proofreading import readings
    from workbook.steps import step_named
    from workbook.study import study
    from workbook.words.messages import WordsFault

    try:
        return list(readings(root, [step_named(chapter)] if chapter else study().steps))
    except (WordsFault, KeyError) as fault:
        end(str(fault.args[0]))


Office = Annotated[Path, typer.Argument(help="A CSV or Excel file.")]
Table = Annotated[str, typer.Option(help="A table of data/datapackage.json.", show_default=False)]
Sheet = Annotated[str | None, typer.Option(help="Sheet of a workbook that has several.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding, where the bytes do not tell it.")]
Supplier = Annotated[str, typer.Option(help="Who supplied the file, for the record of origin.")]


def _repeated(name: str, said: str) -> Any:
    return typer.Option(name, help=f"{said}; may be repeated.")


def _flag(name: str, said: str) -> Any:
    return typer.Option(name, help=said)


AcceptTotals = Annotated[
    bool, _flag("--accept-totals", "Take the municipalities though a total in the file differs.")
]
KeepPublished = Annotated[
    bool, _flag("--keep-published", "Keep the published rows that the file does not give.")
]
Add = Annotated[bool, _flag("--add", "Put the file's rows beside those of an earlier one.")]
Incomplete = Annotated[bool, _flag("--incomplete", "Take a part: other files follow with --add.")]
Replace = Annotated[bool, _flag("--replace", "Put this file in the place of an earlier one.")]
Look = Annotated[bool, _flag("--look", "Show what is understood; write nothing.")]
RulesAlone = Annotated[
    bool,
    _flag("--rules", "Only say which national rules for machine-readable tables the file breaks."),
]


@app.command()
def intake(
    file: Office,
    table: Table = "",
    sheet: Sheet = None,
    encoding: Encoding = None,
    columns: Annotated[list[str], _repeated("--column", "FIELD=HEADING or column letter")] = [],  # noqa: B006
    units: Annotated[list[str], _repeated("--unit", "FIELD=unit, for example cost_jpy=千円")] = [],  # noqa: B006
    fill: Annotated[list[str], _repeated("--fill", "FIELD=value for every row")] = [],  # noqa: B006
    leave_out: Annotated[list[str], _repeated("--leave-out", "A heading not to read")] = [],  # noqa: B006
    supplied_by: Supplier = "",
    accept_totals: AcceptTotals = False,
    keep_published: KeepPublished = False,
    add: Add = False,
    incomplete: Incomplete = False,
    replace: Replace = False,
    look: Look = False,
    rules: RulesAlone = False,
) -> None:
    """Read an office spreadsheet into data/local/TABLE.csv. Shows what is understood; a record of
    origin is written with it.
    """
    root = study_root()
    if rules:
        typer.echo("\n".join(_rules_broken(file, sheet, encoding)))
        return
    if not table:
        end(
            "say which table of data/datapackage.json the file fills: --table NAME; or --rules to"
            " look at the file alone"
        )
    from office_tables import intake as office

    hints = office.Hints(
        _pairs("--column", columns),
        _pairs("--unit", units),
        _pairs("--fill", fill),
        tuple(leave_out),
    )
    placing = office.Placing(keep_published, add, replace, incomplete)
    with _refusals_said():
        understood, content = office.understand(
            root, file, table, hints, sheet, encoding, accept_totals
        )
    typer.echo("\n".join(office.said(understood)))
    if look:
        _look_ahead(root, file, understood, placing)
    else:
        _take_in(root, file, understood, content, hints, supplied_by, placing)


@contextmanager
def _refusals_said() -> Iterator[None]:
    """End the command where the intake refuses, with the national rules that the sheet breaks."""
    from office_tables import intake as office

    try:
        yield
    except office.IntakeRefusal as refusal:
        rules_broken = office.lines_of(office.broken_rules(refusal.sheet)) if refusal.sheet else []
        end(str(refusal), *rules_broken, "nothing was written")


def _take_in(
    root: Path,
    file: Path,
    understood: Understood,
    content: bytes,
    hints: Hints,
    supplied_by: str,
    placing: Placing,
) -> None:
    """Write the table and its record of origin, and say what the study remarks on it."""
    from office_tables import intake as office
    from workbook.study import study
    from workbook.tables.catalog import Catalog

    with _refusals_said():
        written, placed = office.take_in(
            root, file, understood, content, hints, supplied_by, placing
        )
    lines = (
        *placed.said(understood.table),
        f"written: {written.relative_to(root)}, and its record of origin",
    )
    typer.echo("\n".join(lines) + " beside it; git ignores both")
    for remark in study().data.remarks(Catalog(root)):
        typer.echo(f"note: {remark}")


def _look_ahead(root: Path, file: Path, understood: Understood, placing: Placing) -> None:
    """Say what would be written, and what would be refused then: a look ahead refuses nothing."""
    from office_tables import intake as office

    try:
        placed, unmet = office.place(root, file, understood, placing)
    except office.IntakeRefusal as refusal:
        typer.echo(f"to be settled before it is taken in: {refusal}")
        return
    for line in placed.said(understood.table):
        typer.echo(line)
    if not placing.incomplete:
        for fault in unmet:
            typer.echo(f"to be settled before it is taken in: {fault}")


def _rules_broken(file: Path, sheet: str | None, encoding: str | None) -> list[str]:
    """Return which national rules a file breaks; what cannot be read at all is refused."""
    from office_tables import intake as office

    try:
        return office.lines_of(office.broken_rules(office.read_sheet(file, sheet, encoding)[0]))
    except office.IntakeRefusal as refusal:
        end(str(refusal))


def _pairs(option: str, texts: list[str]) -> dict[str, str]:
    bad = [text for text in texts if "=" not in text.strip("=")]
    if bad:
        end(*(f"{option} {text}: has no =; write {option} field=value" for text in bad))
    return dict(text.split("=", 1) for text in texts)
