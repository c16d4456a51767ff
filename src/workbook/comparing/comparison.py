"""What differs between two finished runs, from causes to consequences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.choices import values_of
from workbook.comparing.input_rows import RowChange, row_changes
from workbook.comparing.shown import Shown, Text, chapter_of, shown_by
from workbook.running.manifest import manifest_of
from workbook.sameness import near
from workbook.tables.step_records import results_in

ALL = "all"  # in the place of an exhibit: one of the runs shows none
# the parts of steps' keys, without what follows from them
CAUSES = ("inputs", "modules", "cells", "declarations")
SYNTAX = ("modules", "cells")  # known by a syntax tree, whose text differs between Pythons
PARTS = ("value", "low", "high")  # of a headline result
Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Moved:
    """A headline result in both runs; ``change`` is after minus before, None where either is
    undefined.
    """

    id: str
    unit: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """After minus before."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def relative(self) -> float | None:
        """The change as a share of the value before, None where that is nothing."""
        return self.change / abs(self.before) if self.change is not None and self.before else None

    @property
    def turned(self) -> bool:
        """Say whether the sign is another one, as where a saving became a loss."""
        return self.before is not None and self.after is not None and self.before * self.after < 0


@dataclass(frozen=True)
class Said:
    """A text that differs: where it stands, and what each run says there; None is nothing."""

    place: str
    before: Text | None
    after: Text | None

    @property
    def flipped(self) -> bool:
        """Say whether it is the claim that differs and not the figures or the wording in it."""
        return bool(self.before and self.after and self.before.case != self.after.case)


@dataclass(frozen=True)
class Comparison:
    """Two runs: choices, inputs, code and libraries that differ; results that moved, came or went;
    exhibits and texts that differ.

    ``causes`` holds names by kind, ``parameters`` and ``packages`` pairs of values by name,
    ``python`` both versions where they differ, ``rows`` what changed in an input table,
    ``exhibits`` what differs of each by number and slug (``figure``, ``table``, ``text``, ``new``,
    ``gone``), ``warnings`` what only the second run warns of.
    """

    before: str
    after: str
    parameters: dict[str, Pair]
    causes: dict[str, list[str]]
    moved: list[Moved]
    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    exhibits: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[RowChange]] = field(default_factory=dict)
    packages: dict[str, Pair] = field(default_factory=dict)
    python: Pair | None = None
    texts: list[Said] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Say whether a reader of both reports reads the same results and sentences and sees the
        same exhibits.
        """
        consequences = (self.moved, self.came, self.went, self.exhibits, self.texts, self.warnings)
        return not any(consequences)

    @property
    def flipped(self) -> list[Said]:
        """The claims that hold in one run and not in the other."""
        return [said for said in self.texts if said.flipped]


def compare(before: Path, after: Path, tolerance: float = 1e-9) -> Comparison:
    """Return what differs between two run folders; numbers count as equal within a relative
    ``tolerance``.
    """
    was, now = results_in(before), results_in(after)
    old, new = shown_by(before), shown_by(after)
    causes = _causes(before, after)
    rows = {table: row_changes(before, after, table) for table in causes.get("inputs", ())}
    return Comparison(
        *_names(before, after),
        _parameters(before, after),
        causes,
        list(_moved(was, now, tolerance)),
        [name for name in now if name not in was],
        [name for name in was if name not in now],
        dict(_exhibits(old, new, tolerance)),
        {table: found for table, found in rows.items() if found},
        _packages(before, after),
        _python(before, after),
        list(_texts(old, new)),
        list(_warnings(old, new)),
    )


def _moved(was: dict[str, Any], now: dict[str, Any], tolerance: float) -> Iterator[Moved]:
    """Yield the results whose value or range is another one."""
    for name in now:
        one, other = was.get(name), now[name]
        if one and not all(near(one[part], other[part], tolerance) for part in PARTS):
            yield Moved(name, other["unit"], one["value"], other["value"])


def _names(before: Path, after: Path) -> tuple[str, str]:
    """Return what the runs are called: by their commits, too, where they have one name."""
    if before.name != after.name:
        return before.name, after.name
    commits = [str(manifest_of(run).get("commit") or "unknown") for run in (before, after)]
    short = [commit[:12] + ("+changes" if "+" in commit else "") for commit in commits]
    return f"{before.name} ({short[0]})", f"{after.name} ({short[1]})"


def _python(before: Path, after: Path) -> Pair | None:
    old, new = (manifest_of(run).get("python") for run in (before, after))
    return (old, new) if old and new and old != new else None


def _parameters(before: Path, after: Path) -> dict[str, tuple[Any, Any]]:
    read = [
        values_of((run / "params.yaml").read_text(encoding="utf-8"), f"runs/{run.name}/params.yaml")
        for run in (before, after)
    ]
    old, new = (
        {
            f"{section}.{name}": value
            for section, own in sections.items()
            for name, value in own.items()
        }
        for sections in read
    )
    return _pairs(old, new)


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Pair]:
    return {
        key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)
    }


def _causes(before: Path, after: Path) -> dict[str, list[str]]:
    """Return by kind the names of what the runs rest on and that differs; cells carry their
    chapter's name.

    A table or module that another step, too, reads now is not a difference: what it holds is. Nor
    is what a chapter rests on that only one of the runs has: its exhibits say that they are new or
    gone. Between two minor versions of Python nothing can be said of code: its syntax trees are
    written otherwise.
    """
    versions = [str(manifest_of(run).get("python")).split(".")[:2] for run in (before, after)]
    found = {
        kind: sorted(_pairs(*_rest_on(before, after, kind)))
        for kind in CAUSES
        if versions[0] == versions[1] or kind not in SYNTAX
    }
    return {kind: names for kind, names in found.items() if names}


def _packages(before: Path, after: Path) -> dict[str, Pair]:
    return dict(sorted(_pairs(*_rest_on(before, after, "packages")).items()))


def _rest_on(before: Path, after: Path, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the chapters of both runs rest on in each of them, by name."""
    old, new = _marks(before), _marks(after)
    both = [chapter for chapter in old if chapter in new]
    read = (
        {
            f"{chapter}: {name}" if kind == "cells" else name: digest
            for chapter in both
            for name, digest in marks[chapter].get(kind, {}).items()
        }
        for marks in (old, new)
    )
    return next(read), next(read)


def _marks(run: Path) -> dict[str, dict[str, Any]]:
    """Return what each chapter of a run rests on, by its name without the number."""
    return {
        chapter_of(path.stem): json.loads(path.read_text(encoding="utf-8"))["rests_on"]
        for path in sorted((run / "keys").glob("[0-9]*.json"))
    }


def _exhibits(old: Shown, new: Shown, tolerance: float) -> Iterator[tuple[str, list[str]]]:
    was, now = old.exhibits, new.exhibits
    if bool(was) != bool(now):  # a scenario is run for its numbers alone
        yield ALL, ["only in one"]
        return
    for slug in {**was, **now}:
        shown = now.get(slug) or was[slug]
        if slug in was and slug in now:
            differs = _differs(was[slug], now[slug], tolerance)
        else:
            differs = ["new" if slug in now else "gone"]
        if differs:
            yield f"{shown['number']} {slug}", differs


def _texts(old: Shown, new: Shown) -> Iterator[Said]:
    """Yield the texts that differ; between two runs of which one has no words, the cases."""
    worded = any(text.text for text in old.texts.values()) == any(
        text.text for text in new.texts.values()
    )
    for place in {**old.texts, **new.texts}:
        one, other = old.texts.get(place), new.texts.get(place)
        said = Said(place, one, other)
        if said.flipped or (worded and _reads_otherwise(one, other)):
            yield said


def _reads_otherwise(one: Text | None, other: Text | None) -> bool:
    """Say whether two texts differ; those of an exhibit that came or went are named with it."""
    if one and other:
        return one.text != other.text
    return any(text is not None and not text.of_exhibit for text in (one, other))


def _warnings(old: Shown, new: Shown) -> Iterator[str]:
    """Yield what only the second run warns of: caveats, exhibits that it lacks, words of Python."""
    for place, text in new.texts.items():
        if text.warns and not (place in old.texts and old.texts[place].warns):
            yield f"{place}: {text.text['en']}" if text.text else place
    yield from dict.fromkeys(line for line in new.warnings if line not in old.warnings)


def _differs(old: dict[str, Any], new: dict[str, Any], tolerance: float) -> list[str]:
    found = ["figure"] if old.get("svg") != new.get("svg") else []
    before, after = ([table["rows"] for table in shown["tables"]] for shown in (old, new))
    if not _same_rows(before, after, tolerance):
        found.append("table")
    return found + (
        ["text"] if any(old[part] != new[part] for part in ("title", "subtitle", "alt")) else []
    )


def _same_rows(old: Any, new: Any, tolerance: float) -> bool:
    """Compare nested lists; numbers within the tolerance, everything else exactly."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(
            _same_rows(a, b, tolerance) for a, b in zip(old, new, strict=True)
        )
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new)):
        return near(old, new, tolerance)
    return old == new
