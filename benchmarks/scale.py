"""How time and memory grow: ``python -m benchmarks.scale [--only KIND,KIND] [--at N,N]
[--markdown]``.

``draws``: the study with 2^14 to 2^20 draws. ``members``: groups of 5 to 60 municipalities, made
by hand of those that the study knows. ``points``: samples of 10, 50 and 200 over chapter 4.
``workers``: the same sample on one worker and on two. Each line is one size: seconds of the
processor, seconds by the clock, the most memory of any one step and which it was, and how both grew
from the line before per unit of size: 1.00 is in proportion, less is cheaper. ``--at`` takes some
sizes alone; ``--markdown`` ends with a table of one line for each kind.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed import copy_of_the_study
from benchmarks.sweeps import took

CHAPTER = 4
OVER = "study.discount_rate,study.asset_life_years"
MEMBERS = (5, 23, 25, 26, 60)


@dataclass(frozen=True)
class Size:
    """What one size took."""

    size: int
    clock: float
    processor: float
    peak: float
    heaviest: str

    def line(self, before: Size | None) -> str:
        """Return the size's line, with the growth since the one before."""
        grown = ""
        if before:
            factor = self.size / before.size
            pairs = ((self.processor, before.processor), (self.peak, before.peak))
            growth = (own / other / factor for own, other in pairs)
            grown = "  per unit: time x{:.2f}, memory x{:.2f}".format(*growth)
        return (
            f"{self.size:9}  {self.processor:7.1f} s of the processor {self.clock:7.1f} s"
            f"  {self.peak / 1e6:6.0f} MB ({self.heaviest}){grown}"
        )


HEAD = (
    "| what grows | sizes | seconds of the processor | seconds by the clock | memory of the largest"
    " step |\n|---|---|---|---|---|"
)


def row(kind: str, found: list[Size]) -> str:
    """Return the line of a kind in the table, its sizes in order.

    >>> row("workers", [Size(1, 61.2, 50.0, 4e8, "04"), Size(2, 33.0, 52.4, 4.4e8, "04")])
    '| workers | 1 · 2 | 50 · 52 | 61 · 33 | 400 · 440 MB (04) |'
    """
    sizes = [
        f"2^{one.size.bit_length() - 1}" if kind == "draws" else str(one.size) for one in found
    ]
    processor, clock = (
        " · ".join(f"{getattr(one, name):.0f}" for one in found) for name in ("processor", "clock")
    )
    peaks = " · ".join(f"{one.peak / 1e6:.0f}" for one in found)
    steps = ", ".join(dict.fromkeys(one.heaviest for one in found))
    return f"| {kind} | {' · '.join(sizes)} | {processor} | {clock} | {peaks} MB ({steps}) |"


def spent_in(records: Iterable[tuple[str, dict[str, float]]]) -> tuple[float, str]:
    """Return the most memory that a step took, and which step it was."""
    peaks = [(own.get("peak_bytes", 0.0), step) for step, own in records]
    return max(peaks, default=(0.0, "none"))


def swept(study: Path, size: int, *words: object) -> Size:
    """Return what a sweep took; it draws no pictures."""
    spent = took(study, "-m", "workbook", "sweep", *words)
    records = [
        json.loads(gzip.decompress(path.read_bytes()))
        for path in (study / "runs" / "sweeps" / "tasks").iterdir()
    ]
    peaks = spent_in((record["step"], record["spent"]) for record in records)
    return Size(size, spent.clock, spent.processor, *peaks)


def run_of(study: Path, size: int, setting: str) -> Size:
    """Return what the whole study took with one setting."""
    return swept(study, size, "--grid", setting, "--workers", 1)


def sample_of(study: Path, size: int, points: int, workers: int) -> Size:
    """Return what a sample over one chapter took."""
    words = ("--sample", points, "--over", OVER, "--to", CHAPTER, "--workers", workers)
    return swept(study, size, *words)


def draws(study: Path, at: int) -> Size:
    """Return a run with 2 to the power ``at`` draws."""
    return run_of(study, 2**at, f"study.draws_log2={at}")


def members(study: Path, at: int) -> Size:
    """Return a run of a group made by hand: the first ``at`` municipalities that are known."""
    with (study / "data" / "municipalities.csv").open(encoding="utf-8") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]
    return run_of(study, at, f"study.group=[{','.join(codes[:at])}]")


def points(study: Path, at: int) -> Size:
    """Return a sample of ``at`` points on two workers."""
    return sample_of(study, at, at, 2)


def workers(study: Path, at: int) -> Size:
    """Return a sample of 20 points on ``at`` workers."""
    return sample_of(study, at, 20, at)


KINDS: dict[str, tuple[Callable[[Path, int], Size], tuple[int, ...]]] = {
    "draws": (draws, (14, 15, 16, 17, 18, 19, 20)),
    "members": (members, MEMBERS),
    "points": (points, (10, 50, 200)),
    "workers": (workers, (1, 2)),
}


def asked(option: str) -> list[str]:
    """Return what an option names, nothing where it is not given."""
    return sys.argv[sys.argv.index(option) + 1].split(",") if option in sys.argv else []


def sizes(kind: str) -> Iterator[int]:
    """Yield the sizes of a kind that were asked for."""
    named = {int(one) for one in asked("--at")}
    yield from (one for one in KINDS[kind][1] if not named or one in named)


def main() -> None:
    """Print a line for each size of each kind, every size in a copy of its own."""
    rows = [row(kind, found) for kind in asked("--only") or KINDS if (found := grown(kind))]
    if "--markdown" in sys.argv:
        print("\n".join([HEAD, *rows]))


def grown(kind: str) -> list[Size]:
    """Print a line for each size of a kind that was asked for, and return what they took."""
    print(f"-- {kind}", flush=True)
    all_found: list[Size] = []
    for size in sizes(kind):
        with tempfile.TemporaryDirectory() as name:
            found = KINDS[kind][0](copy_of_the_study(Path(name)), size)
        print(found.line(all_found[-1] if all_found else None), flush=True)
        all_found.append(found)
    return all_found


if __name__ == "__main__":
    main()
