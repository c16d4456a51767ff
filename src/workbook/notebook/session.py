"""What a living kernel has run of a notebook since it opened its run: which cells, with which code,
on which tables.

A reader in JupyterLab runs cells in any order and edits them, and our modules, in between. What is
noted here lets the next notebook say truly whether the tables it reads are those that this
notebook, run as it stands, would leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.notebook.reloading import LoadedModules
from workbook.staleness.keys import CodeCell, said_by_cell
from workbook.staleness.syntax import code_digest, names_read, names_set

# what every notebook calls its run; asking it for something changes nothing that other cells take
# from it
RUN = "run"
LEAVING = (f"{RUN}.write(", f"{RUN}.result(")
Noted = dict[str, dict[str, Any]]


class Session:
    """The cells that a kernel has run since ``opened``, in their order; ``on_cell`` is called
    after each.
    """

    def __init__(self, shell: Any, on_cell: Callable[[], None]) -> None:
        self._shell, self._on_cell = shell, on_cell
        self._modules, self._at = LoadedModules(), 0
        # by cell, or by its digest where the front end names none
        self.cells: Noted = {}
        self.reloaded: dict[str, int] = {}  # module -> when it was loaded again
        self._touched: dict[str, str] = {}
        self._reported = set[str]()

    def open(self) -> None:
        """Take edited modules, note what ran before, and listen to the kernel from now on instead
        of an earlier session.
        """
        self._modules.refresh()
        self._report_failures()
        for source in dict.fromkeys(self._shell.user_ns.get("In", [])):
            self._note("", source)
        earlier = getattr(self._shell, "_analysis_session", None)
        if earlier is not None:
            earlier.close()
        self._shell._analysis_session = self
        self._shell.events.register("pre_run_cell", self._before)
        self._shell.events.register("post_run_cell", self._after)

    def close(self) -> None:
        """Listen no longer."""
        self._shell.events.unregister("pre_run_cell", self._before)
        self._shell.events.unregister("post_run_cell", self._after)

    def touch(self, table: str, checksum: str) -> None:
        """Note that the running cell has read a table in this state."""
        self._touched[table] = checksum

    def record(self) -> dict[str, Any]:
        """Return what was noted, as plain values (see `behind`)."""
        return {
            "cells": self.cells,
            "reloaded": self.reloaded,
            "failed": sorted(self._modules.failed),
        }

    def _before(self, info: Any) -> None:
        self._touched = {}
        for module in self._modules.refresh():
            self.reloaded[module] = self._at
        self._report_failures()

    def _report_failures(self) -> None:
        for module, fault in self._modules.failed.items():
            if (said := f"{module}: {fault}") not in self._reported:
                self._reported.add(said)
                print(
                    f"WARNING: {module} was edited, but cannot be loaded ({fault}): the code from"
                    " before the edit goes on running"
                )

    def _after(self, result: Any) -> None:
        if result.info is None or result.info.silent:
            return
        name = getattr(result.info, "cell_id", None) or ""
        if result.success:
            self._note(name, result.info.raw_cell)
        else:
            self.cells.pop(name or code_digest(result.info.raw_cell), None)
        self._on_cell()

    def _note(self, name: str, source: str) -> None:
        """Note a cell that came to its end; ``since`` is when it first did what it did now, with
        the tables of now.
        """
        digest = code_digest(source)
        before, self._at = self.cells.get(name or digest), self._at + 1
        same = before and (before["does"], before["touched"]) == (digest, self._touched)
        self.cells[name or digest] = {
            "does": digest,
            "touched": self._touched,
            "at": self._at,
            "since": before["since"] if before and same else self._at,
        }


@dataclass(frozen=True)
class Now:
    """What the cells of a notebook rest on as things stand: its ``cells`` in order, our modules
    behind some imported names, and the state of each table.
    """

    cells: Mapping[str, CodeCell]
    closure: Callable[[Iterable[str]], Iterable[str]]
    tables: Callable[[str], str]


def behind(noted: Noted, reloaded: Mapping[str, int], now: Now) -> list[str]:
    """Return why a notebook's tables are not those that its cells, run in order, would leave; none
    where they are.

    ``noted`` and ``reloaded`` are a session's. Only cells that leave something count, and those
    that they rest on. One is behind where it has not run as it stands, or ran before something that
    it rests on changed: a table it read, a module, or an earlier cell that gives it a name.
    """
    needs = _needs(now.cells)
    count = {
        other for name, cell in now.cells.items() if _leaves(cell) for other in (name, *needs[name])
    }
    ran = {
        name: _run_of(name, cell, noted, now.cells)
        for name, cell in now.cells.items()
        if name in count and not cell.sets_parameters
    }
    found = [f"cell {name} has not run as it stands" for name, run in ran.items() if run is None]
    done = {name: run for name, run in ran.items() if run}
    bound = {
        word: dotted
        for cell in now.cells.values()
        for word, dotted in names_set(cell.source).items()
        if dotted
    }
    for name, run in done.items():
        words = names_read(now.cells[name].source)
        modules = now.closure(
            [dotted for word, dotted in bound.items() if words is None or word in words]
        )
        earlier = {other: done[other] for other in needs[name] if other in done}
        late = [
            *(f"table {own}" for own, state in run["touched"].items() if now.tables(own) != state),
            *(f"module {module}" for module in modules if reloaded.get(module, 0) >= run["at"]),
            *(f"cell {other}" for other, its in earlier.items() if its["since"] > run["at"]),
        ]
        found += [f"cell {name} has not run since {late[0]} changed"] if late else []
    return found


def _run_of(
    name: str, cell: CodeCell, noted: Noted, cells: Mapping[str, CodeCell]
) -> dict[str, Any] | None:
    """Return the latest run of a cell as it stands: noted under its name, or under one that the
    notebook does not know.
    """
    does = said_by_cell(cell)
    own = [
        run
        for key, run in noted.items()
        if run["does"] == does and (key == name or key not in cells)
    ]
    other = noted.get(name)
    latest = max(own, key=lambda run: run["at"], default=None)
    return (
        None
        if latest is None or (other and other["does"] != does and other["at"] > latest["at"])
        else latest
    )


def _leaves(cell: CodeCell) -> bool:
    """Say whether a cell leaves a table or a result; one that is not plain Python may."""
    return names_read(cell.source) is None or any(call in cell.source for call in LEAVING)


def _needs(cells: Mapping[str, CodeCell]) -> dict[str, list[str]]:
    """Return the earlier cells that each cell rests on: those that last gave it a name, and what
    these rest on.
    """
    giver: dict[str, str] = {}
    needs: dict[str, list[str]] = {}
    for name, cell in cells.items():
        read = names_read(cell.source)
        direct = [
            giver[word] for word in (giver if read is None else sorted(read)) if word in giver
        ]
        needs[name] = list(
            dict.fromkeys(other for near in direct for other in (*needs[near], near))
        )
        # what is not plain Python may set any name
        given = giver if read is None else names_set(cell.source)
        giver |= dict.fromkeys(given.keys() - {RUN if RUN in giver else ""}, name)
    return needs
