"""Which distributions stand behind imported names, and their versions, read from the names of
installed folders.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_NEEDS = re.compile(r"^Requires-Dist: *([A-Za-z0-9._-]+)(?![^\n]*extra *==)", re.MULTILINE)


def versions_behind(modules: Iterable[str]) -> dict[str, str]:
    """Return the version of every installed distribution behind some top-level modules and of all
    it requires.

    What is not installed as a distribution (a loose file) is left out.

    >>> sorted({"numpy", "pandas", "scipy"} & set(versions_behind(["pandas"])))
    ['numpy', 'pandas']
    """
    installed, waiting, found = _installed(), [_providing(module) for module in modules], {}
    while waiting:
        name = waiting.pop()
        if name in installed and name not in found:
            version, folder = installed[name]
            found[name] = version
            waiting += _required(folder)
    return dict(sorted(found.items()))


def normalised(name: str) -> str:
    """Return a distribution's name as indexes compare it.

    >>> normalised("matplotlib_fontja"), normalised("SALib")
    ('matplotlib-fontja', 'salib')
    """
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _installed() -> dict[str, tuple[str, Path]]:
    """Return version and metadata folder of every distribution on the path; the first one found is
    the one imported.
    """
    found: dict[str, tuple[str, Path]] = {}
    for place in map(Path, sys.path):
        for folder in sorted(place.glob("*.dist-info")) if place.is_dir() else ():
            name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
            found.setdefault(normalised(name), (version, folder))
    return found


def _providing(module: str) -> str:
    """Return the distribution that a module comes from: the one of its name, or the one that lists
    it.
    """
    own = normalised(module)
    return own if own in _installed() else _listed().get(module, own)


@cache
def _listed() -> dict[str, str]:
    return {
        line: name
        for name, (_, folder) in _installed().items()
        for line in _lines(folder / "top_level.txt")
    }


def _lines(path: Path) -> Iterator[str]:
    yield from path.read_text(encoding="utf-8").split() if path.is_file() else ()


@cache
def _required(folder: Path) -> tuple[str, ...]:
    metadata = folder / "METADATA"
    text = metadata.read_text(encoding="utf-8", errors="replace") if metadata.is_file() else ""
    return tuple(map(normalised, _NEEDS.findall(text.partition("\n\n")[0])))
