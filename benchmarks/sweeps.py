"""What a sweep costs over the work of its steps: ``python -m benchmarks.sweeps [POINTS] [--only
KIND,KIND] [--draws LOG2]``.

``scenarios``: the shipped scenarios by ``workbook scenarios`` and by ``workbook sweep``, both next
to the same finished baseline. ``grid``: POINTS points (200) over chapter 4 on two workers, and the
cells of its notebook as often in one plain process. Printed are seconds, and the processor's
seconds of everything that was started, which other work on the machine moves less. With fewer
``--draws`` the steps do less, and what is not their work weighs more. Linux only.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed import ENVIRONMENT, PYTHON, ROOT, copy_of_the_study
from workbook.choices import load_parameters
from workbook.running.scenarios import shipped, steps_gathered

KINDS = ("scenarios", "grid")
PR_SET_CHILD_SUBREAPER = 36  # orphans of what we start become our children, and are counted
CHAPTER = 4
AXIS = "study.discount_rate"


@dataclass(frozen=True)
class Took:
    """Seconds by the clock and of the processor."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:7.1f} s, {self.processor:7.1f} s of the processor"


def took(folder: Path, *words: object) -> Took:
    """Return what a command took with everything it started; one that fails ends the benchmark."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [PYTHON, *map(str, words)]
    ran = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    clock = time.perf_counter() - began
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    if ran.returncode:
        sys.exit(f"{' '.join(command)}\n{ran.stdout}\n{ran.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(clock, spent)


def with_baseline(folder: Path) -> Path:
    """Copy the study, with as many draws as were asked for, and bring its baseline up to date."""
    study = copy_of_the_study(folder)
    if "--draws" in sys.argv:
        asked = sys.argv[sys.argv.index("--draws") + 1]
        path = study / "params.yaml"
        text = re.sub(r"(?m)^  draws_log2: \d+", f"  draws_log2: {asked}", path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")
    if (ROOT / "runs" / "baseline").exists():
        shutil.copytree(ROOT / "runs" / "baseline", study / "runs" / "baseline")
    took(study, "-m", "workbook", "run")
    return study


def compared(what: str, own: Took, other: str, yardstick: Took) -> None:
    """Print both, and the ratios."""
    print(f"{what:45} {own}\n{other:45} {yardstick}")
    clock, processor = own.clock / yardstick.clock, own.processor / yardstick.processor
    print(f"{'':45} {clock:5.2f} times the clock, {processor:5.2f} times the processor", flush=True)


def scenarios(_: int) -> None:
    """Compare the two ways to run the shipped scenarios."""
    with tempfile.TemporaryDirectory() as name:
        study = with_baseline(Path(name))
        last = str(max(step.chapter for step in steps_gathered()))
        swept = took(study, "-m", "workbook", "sweep", "--scenarios", "all", "--to", last)
        shutil.rmtree(study / "runs" / "sweeps")
        beside = took(study, "-m", "workbook", "scenarios")
        count = len(shipped(study))
    compared(f"sweep of {count} scenarios", swept, "workbook scenarios", beside)


def grid(points: int) -> None:
    """Compare a grid over one chapter with its cells in one plain process."""
    values = [f"{0.01 + 0.1 * place / points:.6f}" for place in range(points)]
    with tempfile.TemporaryDirectory() as name:
        study = with_baseline(Path(name))
        words = ("--grid", f"{AXIS}={','.join(values)}", "--to", CHAPTER, "--workers", 2)
        swept = took(study, "-m", "workbook", "sweep", *words)
        plain = took(study, "-m", "benchmarks.sweeps", "--plain", study, *values)
    compared(f"{points} points on two workers", swept, "their cells in a plain process", plain)


def run_plainly(study: Path, values: list[str]) -> None:
    """Run the cells of the chapter's notebook for each value, one after another, in this
    process.
    """
    os.chdir(study / "notebooks")
    os.environ["WORKBOOK_RUN"] = str(study / "runs" / "baseline")
    os.environ["WORKBOOK_DRAFT"] = str(study / "runs" / "plain")
    (notebook,) = Path().glob(f"{CHAPTER:02}_*.ipynb")
    cells = [
        cell
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    parameters = load_parameters(study / "params.yaml").flat(notebook.stem[3:])
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        for value in values:
            chosen = parameters | {AXIS.partition(".")[2]: float(value)}
            namespace = {"__name__": "__main__"}
            for cell in cells:
                exec("".join(cell["source"]), namespace)  # noqa: S102  the study's own notebook
                if "parameters" in cell["metadata"].get("tags", []):
                    namespace |= chosen


def main(words: list[str]) -> None:
    """Run the kinds asked for."""
    if "--plain" in words:
        run_plainly(Path(words[1]), words[2:])
        return
    asked = words[words.index("--only") + 1].split(",") if "--only" in words else KINDS
    points = int(words[0]) if words and words[0].isdigit() else 200
    for kind in KINDS:
        if kind in asked:
            globals()[kind](points)


if __name__ == "__main__":
    main(sys.argv[1:])
