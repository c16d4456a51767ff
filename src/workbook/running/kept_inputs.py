"""The published input tables as a run read them, kept in its folder: so that two runs can be held
against each other row by row when the tables have changed since.

A researcher's own table (``data/local``) is never copied: whoever hands a run's folder on does not
hand it on with it.
"""

from __future__ import annotations

from pathlib import Path

from workbook.running.manifest import manifest_of
from workbook.tables.data_package import DataPackage
from workbook.whole_files import checksum, mode_behind, write_whole

FOLDER = "inputs"


def kept_input(run: Path, table: str) -> Path:
    """Return where a run keeps a table that it read."""
    return run / FOLDER / f"{table}.csv"


def keep_inputs(package: DataPackage, run: Path) -> None:
    """Keep the tables that a run read, as its manifest names them; a copy of another state goes.

    A table that has changed since it was read, or was taken out, cannot be kept any more.
    """
    read = manifest_of(run).get("inputs", {})
    for name, sha in ((name, sha) for name, sha in read.items() if name in package.resources):
        kept, file = kept_input(run, name), package.path(name)
        own = package.is_local(name)
        if kept.exists() and checksum(kept) == sha and not own:
            continue
        kept.unlink(missing_ok=True)
        if not own and file.exists() and checksum(file) == sha:
            write_whole(kept, file.read_bytes(), mode_behind([file]))
