"""Intake: an office spreadsheet becomes a local table, or is refused with every reason; nothing is guessed silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.notebook.catalog import Catalog
from analysis.notebook.contracts import Contract
from analysis.notebook.data_package import TableFault
from analysis.notebook.whole_files import json_text, write_whole
from analysis.params.faults import Fault, known_instead
from analysis.workbook.intake.assemble import assemble
from analysis.workbook.intake.assignment import Hints
from analysis.workbook.intake.bodies import Register
from analysis.workbook.intake.excel_file import read_excel
from analysis.workbook.intake.fields import wanted_fields
from analysis.workbook.intake.headings import columns_of
from analysis.workbook.intake.layout import find_layout
from analysis.workbook.intake.mapping import map_columns
from analysis.workbook.intake.national_rules import broken_rules, told
from analysis.workbook.intake.plausible import implausible_costs
from analysis.workbook.intake.sheet import IntakeRefusal, Sheet
from analysis.workbook.intake.text_file import ENCODINGS, read_text
from analysis.workbook.intake.understood import Understood, groups_present, record, said
from analysis.workbook.origin_record import origin_path

__all__ = ["Hints", "IntakeRefusal", "Understood", "broken_rules", "read_sheet", "record", "said", "take_in", "told", "understand", "written_table"]

LARGEST_FILE = 64 * 1024 * 1024
TEXTS, EXCELS = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_sheet(path: Path, sheet: str | None = None, encoding: str | None = None) -> tuple[Sheet, bytes]:
    """Return the sheet of a file and the file's bytes; a file that is missing, huge, empty or of another kind is refused."""
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise _refusal(path, "encoding", encoding, "is not read here", f"one of: {', '.join(ENCODINGS)}")
    try:
        size = path.stat().st_size if path.is_file() else -1
        content = path.read_bytes() if 0 <= size <= LARGEST_FILE else b""
    except OSError as fault:
        raise _refusal(path, "", None, f"cannot be read ({fault.strerror})", "name a CSV or Excel file") from None
    if size < 0:
        raise _refusal(path, "", None, "is no file", "name a CSV or Excel file")
    if size > LARGEST_FILE:
        raise _refusal(path, "", None, f"has {size:,} bytes", f"at most {LARGEST_FILE:,} are read: keep one table in it")
    if not content.strip():
        raise _refusal(path, "", None, "is empty", "save the table again")
    if content.startswith(OLD_EXCEL):
        raise _refusal(path, "", None, "is an Excel file of the old kind, or one with a password", "save it as .xlsx without a password, or as CSV")
    if content.startswith(ZIP) or path.suffix.lower() in EXCELS:
        return read_excel(content, path.name, sheet), content
    if path.suffix.lower() not in TEXTS:
        raise _refusal(path, "", None, "is neither CSV nor Excel", f"known endings: {', '.join((*TEXTS, *EXCELS))}")
    return read_text(content, path.name, encoding), content


def _refusal(path: Path, key: str, value: str | None, message: str, remedy: str) -> IntakeRefusal:
    return IntakeRefusal([Fault(path.name, None, key, value, message, remedy)])


def understand(root: Path, path: Path, table: str, hints: Hints = Hints(), sheet: str | None = None, encoding: str | None = None,  # noqa: B008
               accept_totals: bool = False) -> tuple[Understood, bytes]:
    """Return what a file gives for a declared table, and the file's bytes; everything unsettled comes in one `IntakeRefusal`.

    ``root`` holds the data package. The rows keep the table's contract; costs are held against the residents of their bodies.
    """
    catalog = Catalog(root)
    if table not in catalog.resources:
        raise _refusal(path, "--table", table, "is not declared in data/datapackage.json", known_instead(table, catalog.resources))
    contract = Contract.of_input(catalog.resource(table))
    municipalities = catalog.load("municipalities")
    hints = replace(hints, follows=_followers(catalog, contract))
    found, content = read_sheet(path, sheet, encoding)
    if not found.rows:
        raise _refusal(path, "", None, "holds no cells", "save the table again")
    layout = find_layout(found)
    mapping = map_columns(found, layout, columns_of(found, layout), wanted_fields(contract), hints)
    if mapping.faults:
        raise IntakeRefusal(mapping.faults)
    rows = assemble(found, layout, mapping, contract, Register.of(municipalities), hints, accept_totals)
    if rows.faults:
        raise IntakeRefusal(rows.faults)
    typed = _kept_contract(contract, rows.frame, path)
    if table == "ict_cost" and "cost_jpy" not in hints.units and (odd := implausible_costs(typed, municipalities)):
        raise IntakeRefusal(Fault(path.name, None, "cost_jpy", None, text, "name the unit with --unit cost_jpy=千円 (or 円, if it is right)") for text in odd)
    return Understood(table, found, layout, mapping, rows, tuple(groups_present(rows.frame, municipalities))), content


def _followers(catalog: Catalog, contract: Contract) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the unit that each indicator has in the published table, where the table names both."""
    if not {"indicator", "unit"} <= set(contract.columns) or catalog.resource(contract.name).get("local"):
        return {}
    published = _published(catalog, contract.name).groupby("indicator")["unit"].agg(set)
    return {"unit": ("indicator", {name: next(iter(units)) for name, units in published.items() if len(units) == 1})}


def _published(catalog: Catalog, name: str) -> pd.DataFrame:
    """Return the published table, whatever lies in ``data/local``."""
    resource = catalog.resource(name)
    return Contract.of_input(resource).parse(catalog.folder / resource["path"], f"data/{resource['path']}")


def written_table(contract: Contract, frame: pd.DataFrame) -> str:
    """Return the CSV of rows in the order of their key, every number exactly as it was settled."""
    return frame[contract.columns].sort_values(list(contract.key), kind="stable").to_csv(index=False, lineterminator="\n")


def _kept_contract(contract: Contract, frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    try:
        return contract.parse(written_table(contract, frame), path.name)
    except TableFault as fault:
        raise _refusal(path, "", None, f"breaks the contract of {contract.name}: {fault}", "put it right in the file") from None


def take_in(root: Path, path: Path, understood: Understood, content: bytes, hints: Hints, supplied_by: str = "",
            replace_old: bool = False, keep_published: bool = False) -> tuple[Path, dict[str, Any]]:
    """Write the table and its record of origin into ``data/local``; return the table's file and the record.

    With ``keep_published`` the rows of the published table that the file does not give stay. Refused: a local table
    that is there already, unless it may be replaced.
    """
    catalog = Catalog(root)
    contract = Contract.of_input(catalog.resource(understood.table))
    target = root / "data" / "local" / f"{understood.table}.csv"
    if target.exists() and not replace_old:
        raise _refusal(path, "--table", understood.table, f"is there already: data/local/{target.name}", "add --replace to put this file in its place")
    frame = understood.rows.frame
    if keep_published and not catalog.resource(understood.table).get("local"):
        frame = _beside(_published(catalog, understood.table), frame, contract.key)
    text = written_table(contract, frame)
    contract.parse(text, path.name)
    kept = {**record(understood, content, hints, supplied_by, text), "rows_kept_from_published": len(frame) - len(understood.rows.frame)}
    write_whole(target, text)
    write_whole(origin_path(target), json_text(kept))
    for file in (target, origin_path(target)):
        file.chmod(0o600)   # perhaps confidential: for its owner alone
    return target, kept


def _beside(published: pd.DataFrame, frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    new = set(frame[list(key)].astype("str").itertuples(index=False, name=None))
    old = [row not in new for row in published[list(key)].astype("str").itertuples(index=False, name=None)]
    return pd.concat([published[old].astype("str").where(published[old].notna()), frame], ignore_index=True)
