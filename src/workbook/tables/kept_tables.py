"""Tables that this process has read and checked, kept as long as their files stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from workbook.whole_files import Stamp, stamp_of


class KeptTables:
    """A table is read and checked once for each state of its file; every caller gets a copy of its
    own.
    """

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[Stamp, pd.DataFrame]] = {}

    def read(self, path: Path, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return the table of a file, by ``read`` if the file is new here or has changed."""
        stamp = stamp_of(path)
        if self._kept.get(path, (None,))[0] != stamp:
            self._kept[path] = stamp, read()
        return self._kept[path][1].copy()

    def keep(self, path: Path, frame: pd.DataFrame) -> None:
        """Keep what a file that was just written holds, as its reader would get it."""
        self._kept[path] = stamp_of(path), frame.copy()
