"""Where a file's rows go: a new local table, in place of one, or beside its rows; all counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from workbook.tables.catalog import Catalog
from workbook.tables.contracts import Contract
from workbook.tables.data_package import TableFault

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


def local_path(catalog: Catalog, table: str) -> Path:
    """Return where a local table lies, whether or not it is there."""
    return catalog.folder / "local" / f"{table}.csv"


def placed(catalog: Catalog, contract: Contract, frame: pd.DataFrame, placing: Placing) -> Placed:
    """Return the local table of a file's rows and those that stay; of two with one key, the file's.

    A `TableFault` says what is wrong with a local table that rows are to be added to.
    """
    new, local = _keys(frame, contract), _local(catalog, contract, placing)
    published = _published(catalog, contract, placing)
    old = _without(local, new, contract) if placing.add else frame.iloc[:0]
    kept = _without(published, new | _keys(old, contract), contract)
    whole = pd.concat([kept, old, frame], ignore_index=True)
    there = _keys(local, contract) | _keys(published, contract)
    stays = set(_rows(pd.concat([kept, old]), contract))
    gone = sum(row not in stays for row in _rows(_without(local, new, contract), contract))
    return Placed(whole, len(frame), len(old), len(kept), len(new & there), gone)


def _local(catalog: Catalog, contract: Contract, placing: Placing) -> pd.DataFrame:
    path = local_path(catalog, contract.name)
    nothing = pd.DataFrame(columns=contract.columns, dtype="str")
    try:
        return _texts(path, contract) if path.exists() else nothing
    except TableFault:
        if placing.add:
            raise
        return nothing  # what cannot be read is replaced all the same


def _published(catalog: Catalog, contract: Contract, placing: Placing) -> pd.DataFrame:
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
