"""The results of a sweep's tasks on this machine: a sweep that was broken off goes on from here."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook.whole_files import OPEN, write_whole

KEPT_SECONDS = 30 * 24 * 3600
ENDING = ".json.gz"
NOTHING: Mapping[str, float] = {}


class Store:
    """One compressed file a task, by the task's id; only what came to its end is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, task: str) -> Path:
        return self.folder / f"{task}{ENDING}"

    def record(self, task: str) -> dict[str, Any]:
        """Return all that is kept of a task; nothing where it has not run or its file is
        damaged.
        """
        try:
            record: dict[str, Any] = json.loads(gzip.decompress(self._path(task).read_bytes()))
        except (OSError, EOFError, ValueError):
            return {}
        return record if "files" in record else {}

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield all that is kept of every task, of other sweeps, too."""
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            if record := self.record(path.name.removesuffix(ENDING)):
                yield record

    def read(self, task: str) -> dict[str, str] | None:
        """Return the files that a task left, or None where there are none."""
        return self.record(task).get("files")

    def keep(
        self,
        task: str,
        files: dict[str, str],
        mode: int = OPEN,
        step: str = "",
        spent: Mapping[str, float] = NOTHING,
    ) -> None:
        """Keep what a task of a step left, and the seconds and bytes it took, in a file of that
        mode.
        """
        record = {"step": step, "spent": dict(spent), "files": files}
        text = json.dumps(record, ensure_ascii=False).encode("utf-8")
        write_whole(self._path(task), gzip.compress(text, 5, mtime=0), mode)

    def forget_old(self) -> None:
        """Remove what no sweep has written for a month."""
        for path in self.folder.glob(f"*{ENDING}"):
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink(missing_ok=True)
