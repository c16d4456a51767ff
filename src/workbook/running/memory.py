"""Whether a run fits into this machine's memory: asked before it starts, so that no kernel dies of
it.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from workbook.choices import Parameters
from workbook.study import study
from workbook.tables.catalog import Catalog

LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container; "max" where it has none
GIGABYTE = 1e9


def memory_there() -> float:
    """Return the bytes of memory that this process may use at most; without end where the system
    does not say.
    """
    try:
        machine = float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return float("inf")
    try:
        return min(machine, float(LIMIT.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return machine


def memory_faults(root: Path, many: Collection[Parameters]) -> list[str]:
    """Return a line for each choice of some runs with which a single step would need more memory
    than there is.
    """
    catalog, there = Catalog(root), memory_there()
    found: dict[str, None] = {}
    for parameters in many:
        group = study().groups.of(parameters.study.model_dump(), catalog.load)
        need = study().needs.of_a_step(parameters, group)
        if need.peak_bytes > there:
            needed = need.peak_bytes / GIGABYTE
            found[
                f"{need.choice}: with {need.chosen} a step needs about {needed:.1f} GB of memory,"
                f" and {there / GIGABYTE:.1f} GB are there: choose less, or a machine with more"
                " (`workbook sweep --scheduler`)"
            ] = None
    return list(found)
