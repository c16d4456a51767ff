"""What the workbook costs over a plain script: ``python benchmarks/speed.py [ROUNDS] [--only
KIND,KIND…] [--ways WAY,WAY…]``.

Every way runs the same study, in a copy of it, from nothing to its tables and figures in both
languages. Rounds are paired: in each one all ways run once (or the plain script and those asked
for), in an order of its own, and a way's ratio is that of its seconds to the plain script's in the
same round. Printed: median, best and worst ratio, the re-runs, the report's share, a sweep on one
and two workers, what an edit of words or looks costs, and where the plain script's time goes.
Kinds: cold, rerun, report, looks, sweep, parts. The machine should do nothing else meanwhile.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from analysis.study import STUDY
from workbook.choices import load_parameters

STEPS = STUDY.steps

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "benchmarks" / "plain_script.py"
PYTHON = sys.executable
BIN = Path(PYTHON).parent
KINDS = ("cold", "rerun", "report", "looks", "sweep", "parts")
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONWARNINGS": "ignore"}


def copy_of_the_study(folder: Path) -> Path:
    """Copy the study, and nothing that a run has made."""
    made = shutil.ignore_patterns(
        ".git",
        ".venv",
        "runs",
        "local",
        "__pycache__",
        ".ipynb_checkpoints",
        ".pytest_cache",
        ".hypothesis",
    )
    return Path(shutil.copytree(ROOT, folder, ignore=made, dirs_exist_ok=True))


def timed(command: list[object], folder: Path, **more: str) -> float:
    """Return the seconds of a command; one that fails ends the benchmark with what it said."""
    began = time.perf_counter()
    ran = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**ENVIRONMENT, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{ran.stdout}\n{ran.stderr}")
    return time.perf_counter() - began


def workbook(folder: Path, *words: object, **more: str) -> float:
    """Return the seconds of a command of the workbook."""
    return timed([PYTHON, "-m", "workbook", *words], folder, **more)


def plain(folder: Path) -> float:
    """One plain script."""
    return timed([PYTHON, SCRIPT, folder, folder / "runs" / "plain"], folder)


def one_by_one(command: Callable[[Path, Path], list[object]]) -> Callable[[Path], float]:
    """Return a way that starts a command for each notebook, after writing its parameters where the
    command reads them.
    """

    def way(folder: Path) -> float:
        run = folder / "runs" / "one_by_one"
        (run / "notebooks").mkdir(parents=True)
        return sum(
            timed(
                command(
                    folder / "notebooks" / f"{step.name}.ipynb",
                    run / "notebooks" / f"{step.name}.ipynb",
                ),
                folder / "notebooks",
                WORKBOOK_RUN=str(run),
            )
            for step in STEPS
        )

    return way


def papermill(source: Path, target: Path) -> list[object]:
    """Return papermill's command for one notebook, with its parameters."""
    chosen = load_parameters(source.parents[1] / "params.yaml").flat(source.stem[3:])
    return [BIN / "papermill", source, target, "--no-progress-bar", "-y", json.dumps(chosen)]


def nbconvert(source: Path, target: Path) -> list[object]:
    """Return nbconvert's command for one notebook; it takes the values that stand in its cell."""
    return [
        BIN / "jupyter",
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        source,
        "--output-dir",
        target.parent,
    ]


WAYS: dict[str, Callable[[Path], float]] = {
    "plain script": plain,
    "workbook run": lambda folder: workbook(folder, "run"),
    "workbook run --jobs 1": lambda folder: workbook(folder, "run", "--jobs", 1),
    "workbook run --jobs 1 --engine stock": lambda folder: workbook(
        folder, "run", "--jobs", 1, "--engine", "stock"
    ),
    "papermill for each notebook": one_by_one(papermill),
    "nbconvert --execute for each notebook": one_by_one(nbconvert),
}


def cold(rounds: int, ways: list[str]) -> None:
    """Print the ratio of each way to the plain script, from nothing."""
    ratios: dict[str, list[float]] = {way: [] for way in ways}
    for place in range(rounds):
        order, took = random.Random(place).sample(ways, len(ways)), {}
        for way in order:
            with tempfile.TemporaryDirectory() as folder:
                took[way] = WAYS[way](copy_of_the_study(Path(folder)))
        for way, own in took.items():
            ratios[way].append(own / took["plain script"])
        print(
            f"round {place + 1}: " + ", ".join(f"{way} {took[way]:.1f} s" for way in ways),
            flush=True,
        )
    for way, own in ratios.items():
        print(
            f"{way:45} median {statistics.median(own):5.2f}  best {min(own):5.2f}  worst"
            f" {max(own):5.2f}"
        )


def rerun(rounds: int, _: list[str]) -> None:
    """Print the seconds of what a researcher does all day: nothing changed, one thing changed,
    asking.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of_the_study(Path(name))
        workbook(folder, "run")
        asked = {"--help": ["--help"], "status": ["status"], "unchanged run": ["run"]}
        for what, words in asked.items():
            taken = (workbook(folder, *words) for _ in range(max(3, rounds)))
            print(f"{what:45} {statistics.median(taken):5.2f} s")
        print(
            f"{'one parameter of procurement: (another run)':45}"
            f" {workbook(folder, 'run', '--set', 'study.discount_rate=0.05'):5.2f} s"
        )


def report(*_: object) -> None:
    """Print what building the report takes as a share of the run."""
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of_the_study(Path(name))
        ran = workbook(folder, "run")
        built = workbook(folder, "report")
        print(f"{'report':45} {built:5.1f} s, {built / ran:.0%} of the run")


EDITS = {  # file, what stands there, what stands there then
    "a sentence": (
        "notebooks/words/04_procurement.en.md",
        "The largest lever is",
        "The lever that does most is",
    ),
    "a colour": ("src/analysis/palette.py", '"ink": "#1a1a1a"', '"ink": "#1b1b1b"'),
}


def looks(rounds: int, _: list[str]) -> None:
    """Print the seconds of the report after an edit of a sentence and of a colour; no notebook may
    run.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of_the_study(Path(name))
        workbook(folder, "run")
        workbook(folder, "report")
        taken = (workbook(folder, "report") for _ in range(max(3, rounds)))
        print(f"{'report, nothing changed':45} {statistics.median(taken):5.2f} s")
        for what, (file, before, after) in EDITS.items():
            path = folder / file
            text = path.read_text(encoding="utf-8")
            if before not in text:
                sys.exit(f"{file} no longer holds {before!r}: choose another edit")
            path.write_text(text.replace(before, after), encoding="utf-8")
            stale = subprocess.run(
                [PYTHON, "-m", "workbook", "status"],
                cwd=folder,
                env=ENVIRONMENT,
                capture_output=True,
                text=True,
                check=True,
            )
            print(
                f"{f'report after {what}':45}"
                f" {workbook(folder, 'report', PYTHONPATH=str(folder / 'src')):5.2f} s,"
                f" {stale.stdout.count('stale')} steps stale"
            )


def sweep(*_: object) -> None:
    """Print a sweep of eight runs over chapter 3 on one worker and on two."""
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as name:
            took = workbook(
                copy_of_the_study(Path(name)),
                "sweep",
                "--grid",
                "consolidation.core_instances=1,2,3,4,5,6,7,8",
                "--to",
                3,
                "--workers",
                workers,
            )
            print(f"{f'sweep of 8 runs to chapter 3, {workers} worker(s)':45} {took:5.1f} s")


def parts(*_: object) -> None:
    """Print where the plain script's seconds go; what else the workbook spends is kernels, executed
    notebooks and keys.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of_the_study(Path(name))
        ran = subprocess.run(
            [PYTHON, str(SCRIPT), str(folder), str(folder / "runs" / "plain"), "--parts"],
            capture_output=True,
            text=True,
            check=True,
            env=ENVIRONMENT,
        )
    spent = json.loads(ran.stdout.splitlines()[-1])
    for part, own in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"{part:45} {own:5.1f} s  {own / spent['whole']:.0%}")


def main(words: list[str]) -> None:
    """Run the kinds asked for."""

    def chosen(option: str, among: Iterable[str]) -> list[str]:
        asked = words[words.index(option) + 1].split(",") if option in words else among
        return [one for one in among if one in asked]

    ways = ["plain script", *(way for way in chosen("--ways", WAYS) if way != "plain script")]
    rounds = next((int(word) for word in words if word.isdigit()), 5)
    for kind in chosen("--only", KINDS):
        print(f"-- {kind}")
        globals()[kind](rounds, ways)


if __name__ == "__main__":
    main(sys.argv[1:])
