"""What was worked out of bytes, kept by their checksum so that an unchanged study is not read
twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook.whole_files import json_text, write_whole


class Remembered:
    """Values worked out of bytes and kept by the bytes' checksum; a cache that cannot be read or
    written is done without.

    ``maker`` stands for the code that works them out: what other code has left is ignored.
    """

    def __init__(self, path: Path | None, maker: str = "") -> None:
        self.path, self.maker, self._changed = path, maker, False
        self._used: dict[str, Any] = {}

    @cached_property
    def _known(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
            return kept["values"] if kept["maker"] == self.maker else {}
        except (OSError, ValueError, TypeError, KeyError):
            return {}

    def of(self, key: str, work_out: Callable[[], Any]) -> Any:
        """Return the value kept under ``key``, worked out where there is none yet; ``key`` names
        all it depends on.
        """
        if key not in self._used:
            self._changed |= key not in self._known
            self._used[key] = self._known[key] if key in self._known else work_out()
        return self._used[key]

    def save(self) -> None:
        """Keep what was used, and only that, if anything is new."""
        if self.path and self._changed:
            try:
                write_whole(self.path, json_text({"maker": self.maker, "values": self._used}))
            except OSError:
                return
            self._changed = False
