"""Modules edited while a kernel lives: they are loaded again, and those that import them after
them.

IPython's autoreload leaves a constant that another module has imported by name as it was, and says
nothing of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from IPython.extensions.autoreload import superreload

from workbook.staleness.syntax import Sources, source_folders
from workbook.whole_files import Stamp, checksum, stamp_of

BEGAN = time.time_ns()  # an own module written later may have been imported before it was


class LoadedModules:
    """Our modules in this process, by the state of the file that each was loaded from."""

    def __init__(self, folder: Path | None = None, began: int = BEGAN) -> None:
        self._folder, self._loaded = folder, dict[str, tuple[Stamp, str]]()
        self._ours = set(source_folders() if folder is None else (folder,))
        # modules that run on as they were, with what their edit raised
        self.failed: dict[str, str] = {}
        for name, path in self._files().items():
            stamp = stamp_of(path)
            self._loaded[name] = stamp, "" if stamp[1] > began else checksum(path)

    def _files(self) -> dict[str, Path]:
        loaded = {
            name: getattr(module, "__file__", None) for name, module in [*sys.modules.items()]
        }
        return {
            name: Path(file)
            for name, file in loaded.items()
            if file and self._ours & {*Path(file).parents} and Path(file).is_file()
        }

    def refresh(self) -> list[str]:
        """Load again what was edited since it was loaded, with all that imports it; return the
        names of both.
        """
        edited = [name for name, path in self._files().items() if self._is_edited(name, path)]
        if not edited:
            return []
        reloaded = _with_importers(edited, self._folder)
        for name in reloaded:
            self._load(name)
        return reloaded

    def _is_edited(self, name: str, path: Path) -> bool:
        """Say whether a module's file holds something else than was loaded; one that is new here
        was loaded just now.
        """
        stamp = stamp_of(path)
        before, content = self._loaded.get(name, (None, None))
        if stamp == before and content:
            return False
        now = checksum(path)
        self._loaded[name] = stamp, now
        return content is not None and now != content

    def _load(self, name: str) -> None:
        try:
            superreload(sys.modules[name])
            self.failed.pop(name, None)
        # whatever a module raises while it is edited: it runs on as it was
        except Exception as fault:  # noqa: BLE001
            self.failed[name] = f"{type(fault).__name__}: {fault}"


def _with_importers(edited: list[str], folder: Path | None) -> list[str]:
    """Return modules with all loaded ones of ours that import them, each after what it imports."""
    needs = _needs(Sources(folder))
    wanted, found = list(edited), set[str]()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += [other for other, imported in needs.items() if name in imported]
    return [name for name in _in_order(needs) if name in found]


def _needs(sources: Sources) -> dict[str, frozenset[str]]:
    loaded = {name for name in [*sys.modules] if sources.is_ours(name)}
    of = cache(sources.imports)
    return {name: frozenset(of(name)) & loaded for name in sorted(loaded)}


def _in_order(needs: Mapping[str, frozenset[str]]) -> list[str]:
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError:  # modules that import each other have no order
        return list(needs)
