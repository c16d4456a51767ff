"""The results of a sweep's tasks on this machine: a sweep that was broken off goes on from here."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

from workbook.whole_files import OPEN, write_whole

KEPT_SECONDS = 30 * 24 * 3600


class Store:
    """One compressed file a task, by the task's id; only what came to its end is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, task: str) -> Path:
        return self.folder / f"{task}.json.gz"

    def read(self, task: str) -> dict[str, str] | None:
        """Return the files that a task left, or None where it has not run or its file is
        damaged.
        """
        try:
            record: dict[str, Any] = json.loads(gzip.decompress(self._path(task).read_bytes()))
        except (OSError, EOFError, ValueError):
            return None
        return record["files"]

    def has(self, task: str) -> bool:
        """Say whether a task has come to its end."""
        return self._path(task).exists() and self.read(task) is not None

    def keep(self, task: str, files: dict[str, str], mode: int = OPEN) -> None:
        """Keep what a task left, in a file of that mode."""
        text = json.dumps({"files": files}, ensure_ascii=False)
        write_whole(self._path(task), gzip.compress(text.encode("utf-8"), 5, mtime=0), mode)

    def forget_old(self) -> None:
        """Remove what no sweep has written for a month."""
        for path in self.folder.glob("*.json.gz"):
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink(missing_ok=True)
