"""Intake: an office spreadsheet becomes a local table, or is refused with every reason; nothing is
guessed silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from office_tables.assemble import assemble
from office_tables.excel_file import read_excel
from office_tables.fields import Hints, wanted_fields
from office_tables.identity import filled_down, find_identity
from office_tables.layout import columns_of, find_layout
from office_tables.mapping import map_columns
from office_tables.municipalities import Register
from office_tables.national_rules import broken_rules, lines_of
from office_tables.sheet import IntakeRefusal, Sheet, refusal
from office_tables.text_file import ENCODINGS, read_text
from office_tables.understood import Understood, groups_present, record, said
from workbook.choices.faults import Fault, known_instead, shown
from workbook.study import study
from workbook.tables.catalog import Catalog
from workbook.tables.contracts import Contract
from workbook.tables.data_package import TableFault
from workbook.tables.origin_record import origin_path, origin_record
from workbook.whole_files import PRIVATE, checksum, json_text, write_together

__all__ = [
    "Hints",
    "IntakeRefusal",
    "Placed",
    "Placing",
    "Understood",
    "broken_rules",
    "lines_of",
    "place",
    "read_sheet",
    "record",
    "said",
    "take_in",
    "understand",
    "written_table",
]

LARGEST_FILE = 64 * 1024 * 1024
TEXTS, EXCELS = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


Keys = set[tuple[str, ...]]


@dataclass(frozen=True)
class Placing:
    """What the user decided: which rows of the local table and of the published one stay."""

    keep_published: bool = False
    add: bool = False
    replace: bool = False
    incomplete: bool = False  # more files follow: what the chapters need may be missing


@dataclass(frozen=True)
class Placed:
    """The rows of the table to be written, as text, and how many came from where or went."""

    frame: pd.DataFrame
    from_file: int
    from_local: int = 0
    from_published: int = 0
    replaced: int = 0  # old rows whose place the file's take
    gone: int = 0  # earlier local rows that the new table lacks or has otherwise

    def said(self, table: str) -> Iterator[str]:
        """Yield how the rows of the local table come together, where any are not the file's."""
        if self.from_local or self.from_published or self.replaced or self.gone:
            yield (
                f"data/local/{table}.csv: {len(self.frame):,} rows: {self.from_file:,} of this "
                f"file, {self.from_local:,} kept of the local table, {self.from_published:,} "
                f"kept of the published one; {self.replaced:,} old rows give way to this file's"
            )
        if self.gone:
            yield (
                f"gone: {self.gone:,} rows of the earlier data/local/{table}.csv are not in the "
                "new one; --add in place of --replace puts this file beside them"
            )


def read_sheet(
    path: Path, sheet: str | None = None, encoding: str | None = None
) -> tuple[Sheet, bytes]:
    """Return the sheet of a file and the file's bytes, as `read_sheets`."""
    (found,), content = read_sheets(path, sheet, encoding)
    return found, content


def read_sheets(
    path: Path, sheet: str | None = None, encoding: str | None = None, by_year: bool = False
) -> tuple[list[Sheet], bytes]:
    """Return the sheet of a file, or with ``by_year`` its sheets of one year each
    (`excel_file.read_excel`), and the file's bytes; a file that is missing, huge, empty or of
    another kind is refused.
    """
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise refusal(
            path.name,
            "is not read here",
            f"one of: {', '.join(ENCODINGS)}",
            key="encoding",
            value=encoding,
        )
    try:
        size = path.stat().st_size if path.is_file() else -1
        content = path.read_bytes() if 0 <= size <= LARGEST_FILE else b""
    except OSError as fault:
        raise refusal(
            path.name, f"cannot be read ({fault.strerror})", "name a CSV or Excel file"
        ) from None
    if size < 0:
        raise refusal(path.name, "is no file", "name a CSV or Excel file")
    if size > LARGEST_FILE:
        raise refusal(
            path.name,
            f"has {size:,} bytes",
            f"at most {LARGEST_FILE:,} are read: keep one table in it",
        )
    if not content.strip():
        raise refusal(path.name, "is empty", "save the table again")
    if content.startswith(OLD_EXCEL):
        raise refusal(
            path.name,
            "is an Excel file of the old kind, or one with a password",
            "save it as .xlsx without a password, or as CSV",
        )
    if content.startswith(ZIP) or path.suffix.lower() in EXCELS:
        return read_excel(content, path.name, sheet, by_year), content
    if path.suffix.lower() not in TEXTS:
        raise refusal(
            path.name, "is neither CSV nor Excel", f"known endings: {', '.join((*TEXTS, *EXCELS))}"
        )
    return [read_text(content, path.name, encoding)], content


def _refusal(path: Path, key: str, value: str | None, message: str, remedy: str) -> IntakeRefusal:
    return refusal(path.name, message, remedy, key=key, value=value)


def understand(
    root: Path,
    path: Path,
    table: str,
    hints: Hints = Hints(),
    sheet: str | None = None,
    encoding: str | None = None,
    accept_totals: bool = False,
) -> tuple[Understood, bytes]:
    """Return what a file gives for a declared table, and the file's bytes; everything unsettled
    comes in one `IntakeRefusal`.

    ``root`` holds the data package. The rows keep the table's contract; costs are held against the
    residents of their municipalities. Of a workbook with a sheet for each year all are read, each
    by itself, where the table has a fiscal year; the others are `Understood.further`.
    """
    catalog = Catalog(root)
    if table not in catalog.resources:
        raise refusal(
            path.name,
            "is not declared in data/datapackage.json",
            known_instead(table, catalog.resources),
            key="--table",
            value=table,
        )
    contract = Contract.of_input(catalog.resource(table))
    years = [w.name for w in wanted_fields(contract) if w.field.unit == "fiscal_year"]
    found, content = read_sheets(path, sheet, encoding, by_year=bool(years))
    try:
        if len(found) == 1:
            (only,) = found
            return _understood(only, path, table, catalog, contract, hints, accept_totals), content
        _require_own_years(path, years, hints)
        parts = _each(
            found,
            lambda one: _understood(one, path, table, catalog, contract, hints, accept_totals),
        )
        whole = replace(parts[0], further=tuple(parts[1:]))
        _kept_contract(contract, whole.frame, path)
        return whole, content
    except IntakeRefusal as fault:
        fault.sheet = found[0]  # a caller that reports more of the file need not read it again
        raise


def _each(sheets: list[Sheet], read: Callable[[Sheet], Understood]) -> list[Understood]:
    """Return what each sheet gives; the faults of all come at once, each with its sheet."""
    parts, faults = [], list[Fault]()
    for sheet in sheets:
        try:
            parts.append(read(sheet))
        except IntakeRefusal as refused:
            named = f"{sheet.file}, sheet {shown(sheet.name)}"
            faults += [replace(fault, file=named) for fault in refused.faults]
    if faults:
        raise IntakeRefusal(faults)
    return parts


def _require_own_years(path: Path, years: list[str], hints: Hints) -> None:
    """Refuse one year given by hand for sheets of several."""
    if given := [name for name in years if name in hints.fill]:
        raise refusal(
            path.name,
            "would put every sheet of the workbook into one year",
            "leave it out, or take one sheet with --sheet",
            key=f"--fill {given[0]}",
            value=hints.fill[given[0]],
        )


def _understood(
    found: Sheet,
    path: Path,
    table: str,
    catalog: Catalog,
    contract: Contract,
    hints: Hints,
    accept_totals: bool,
) -> Understood:
    if not found.rows:
        raise refusal(path.name, "holds no cells", "save the table again")
    who = find_identity(found, hints.columns.get("code", ""), hints.leave_out)
    found = filled_down(found, who)
    layout = find_layout(found, who)
    municipalities = catalog.load(study().groups.names_table)
    hints = replace(hints, follows=_followers(catalog, contract))
    mapping = map_columns(found, layout, columns_of(found, layout), wanted_fields(contract), hints)
    if mapping.faults:
        raise IntakeRefusal(mapping.faults)
    rows = assemble(
        found, layout, mapping, contract, Register.of(municipalities), hints, accept_totals
    )
    if rows.faults:
        raise IntakeRefusal(rows.faults)
    typed = _kept_contract(contract, rows.frame, path)
    if odd := list(study().data.implausible(table, typed, catalog.load, hints.units)):
        remedy = "name the unit with --unit {}=千円 (or 円, if it is right)"
        raise IntakeRefusal(
            Fault(path.name, text, remedy.format(field), key=field) for field, text in odd
        )
    return Understood(
        table, found, layout, mapping, rows, tuple(groups_present(rows.frame, municipalities))
    )


def _followers(catalog: Catalog, contract: Contract) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the unit that each indicator has in the published table, where the table names
    both.
    """
    if not {"indicator", "unit"} <= set(contract.columns) or catalog.resource(contract.name).get(
        "local"
    ):
        return {}
    published = _published(catalog, contract.name).groupby("indicator")["unit"].agg(set)
    return {
        "unit": (
            "indicator",
            {name: next(iter(units)) for name, units in published.items() if len(units) == 1},
        )
    }


def _published(catalog: Catalog, name: str) -> pd.DataFrame:
    """Return the published table, whatever lies in ``data/local``."""
    resource = catalog.resource(name)
    return Contract.of_input(resource).parse(
        catalog.folder / resource["path"], f"data/{resource['path']}"
    )


def written_table(contract: Contract, frame: pd.DataFrame) -> str:
    """Return the CSV of rows in the order of their key, every number exactly as it was settled."""
    return (
        frame[contract.columns]
        .sort_values(list(contract.key), kind="stable")
        .to_csv(index=False, lineterminator="\n")
    )


def _kept_contract(contract: Contract, frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    try:
        return contract.parse(written_table(contract, frame), path.name)
    except TableFault as fault:
        raise refusal(
            path.name,
            f"breaks the contract of {contract.name}: {fault}",
            "put it right in the file",
        ) from None


def place(
    root: Path, path: Path, understood: Understood, placing: Placing
) -> tuple[Placed, list[Fault]]:
    """Return the local table that a file would make, and what the chapters ask of it that it does
    not meet.

    Refused: a local table that is there already, unless the file is added to it or takes its place.
    """
    catalog, table = Catalog(root), understood.table
    contract = Contract.of_input(catalog.resource(table))
    _require_room(path, local_path(catalog, table), table, placing)
    try:
        whole = placed(catalog, contract, understood.frame, placing)
    except TableFault as fault:
        raise refusal(
            path.name,
            f"finds a local table that is not sound: {fault}",
            "put it right first, or use --replace",
            key="--add",
        ) from None
    published = None if catalog.resource(table).get("local") else _published(catalog, table)
    typed = contract.parse(written_table(contract, whole.frame), path.name)
    cells = ", ".join(understood.cells_missing[:6])
    where = f" (without a number: {cells})" if cells else ""
    remedy = "or, if another file follows, add --incomplete"
    return whole, [
        Fault(path.name, f"{text}{where}", remedy, key=table)
        for text in study().data.unmet(table, typed, published, catalog.load)
    ]


def _require_room(path: Path, target: Path, table: str, placing: Placing) -> None:
    """Refuse a file for a local table that is there already, unless it is said which rows stay."""
    if placing.add and placing.replace:
        raise refusal(
            path.name,
            "contradicts --replace",
            "choose one: the rows of the earlier file stay, or they give way",
            key="--add",
        )
    if target.exists() and not (placing.add or placing.replace):
        raise refusal(
            path.name,
            f"is there already: data/local/{target.name}",
            "add --add to put this file's rows beside its rows, or --replace to put them in their"
            " place",
            key="--table",
            value=table,
        )


def take_in(
    root: Path,
    path: Path,
    understood: Understood,
    content: bytes,
    hints: Hints,
    supplied_by: str = "",
    placing: Placing = Placing(),
) -> tuple[Path, Placed]:
    """Write the table and its record of origin into ``data/local``; return the table's file and
    what it holds.

    Refused, and nothing written: what `place` refuses, and a table at which a run would stop,
    unless more files follow.
    """
    whole, unmet = place(root, path, understood, placing)
    if unmet and not placing.incomplete:
        raise IntakeRefusal(unmet)
    catalog = Catalog(root)
    contract, target = (
        Contract.of_input(catalog.resource(understood.table)),
        local_path(catalog, understood.table),
    )
    text = written_table(contract, whole.frame)
    kept = {**record(understood, content, hints, supplied_by, text), **_rows_placed(whole)}
    if placing.add:
        _remember(kept, target)
    # perhaps confidential
    write_together({origin_path(target): json_text(kept), target: text}, PRIVATE)
    return target, whole


def _rows_placed(whole: Placed) -> dict[str, int]:
    return {
        "rows_kept_from_local": whole.from_local,
        "rows_kept_from_published": whole.from_published,
        "rows_replaced": whole.replaced,
        "rows_gone": whole.gone,
    }


def _remember(kept: dict[str, Any], target: Path) -> None:
    """Put the record of the file whose rows stay into the new one; the units it settled by hand
    stay settled.
    """
    try:
        earlier = origin_record(target)
        units = earlier["decided_by_hand"]["units"] if earlier["sha256"] == checksum(target) else {}
    except (OSError, ValueError, KeyError, TypeError):
        earlier, units = None, {}  # written by hand
    kept["added_to"] = earlier
    kept["decided_by_hand"]["units"] = {**units, **kept["decided_by_hand"]["units"]}


def local_path(catalog: Catalog, table: str) -> Path:
    """Return where a local table lies, whether or not it is there."""
    return catalog.folder / "local" / f"{table}.csv"


def placed(catalog: Catalog, contract: Contract, frame: pd.DataFrame, placing: Placing) -> Placed:
    """Return the local table of a file's rows and those that stay; of two with one key, the file's.

    A `TableFault` says what is wrong with a local table that rows are to be added to.
    """
    new, local = _keys(frame, contract), _local_rows(catalog, contract, placing)
    published = _published_rows(catalog, contract, placing)
    old = _without(local, new, contract) if placing.add else frame.iloc[:0]
    kept = _without(published, new | _keys(old, contract), contract)
    whole = pd.concat([kept, old, frame], ignore_index=True)
    there = _keys(local, contract) | _keys(published, contract)
    stays = set(_rows(pd.concat([kept, old]), contract))
    gone = sum(row not in stays for row in _rows(_without(local, new, contract), contract))
    return Placed(whole, len(frame), len(old), len(kept), len(new & there), gone)


def _local_rows(catalog: Catalog, contract: Contract, placing: Placing) -> pd.DataFrame:
    path = local_path(catalog, contract.name)
    nothing = pd.DataFrame(columns=contract.columns, dtype="str")
    try:
        return _texts(path, contract) if path.exists() else nothing
    except TableFault:
        if placing.add:
            raise
        return nothing  # what cannot be read is replaced all the same


def _published_rows(catalog: Catalog, contract: Contract, placing: Placing) -> pd.DataFrame:
    resource = catalog.resource(contract.name)
    if not placing.keep_published or resource.get("local"):
        return pd.DataFrame(columns=contract.columns, dtype="str")
    return _texts(catalog.folder / resource["path"], contract)


def _texts(path: Path, contract: Contract) -> pd.DataFrame:
    """Return a table's rows as they are written, its contract held; its key in plain form."""
    typed = contract.parse(path, f"{path.parent.name}/{path.name}")
    written = pd.read_csv(
        path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
    )
    return written.assign(**{name: typed[name].astype("str") for name in contract.key})


def _rows(frame: pd.DataFrame, contract: Contract) -> Iterator[tuple[str, ...]]:
    return frame[contract.columns].itertuples(index=False, name=None)


def _keys(frame: pd.DataFrame, contract: Contract) -> Keys:
    return set(frame[list(contract.key)].astype("str").itertuples(index=False, name=None))


def _without(frame: pd.DataFrame, keys: Keys, contract: Contract) -> pd.DataFrame:
    own = frame[list(contract.key)].astype("str").itertuples(index=False, name=None)
    stays = [row not in keys for row in own]
    return frame.loc[np.array(stays, dtype=bool)]  # a list, if empty, would choose no column
