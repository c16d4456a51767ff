"""What a machine can see of a run and of how it is started: commands, steps, logs, exhibits,
continuous integration.
"""

from __future__ import annotations

import re

import yaml

from workbook.audit.checklists import Proof, proof
from workbook.audit.study_files import StudyFiles
from workbook.citation import citation_of, name_of
from workbook.study import study


def version_control(files: StudyFiles) -> Proof:
    """Say from which commit the run was made, and whether files differed from it."""
    commit, plus, _ = str(files.manifest.get("commit") or "unknown").partition("+")
    name = "version_control-changed" if plus else "version_control"
    return proof(name, commit != "unknown" and not plus, commit=commit[:12])


def readme(files: StudyFiles) -> Proof:
    """Say whether the README, in both languages, gives the commands to run and test."""
    telling = [
        name
        for name in ("README.md", "README.ja.md")
        if all(command in files.text(name) for command in ("make report", "make test"))
    ]
    return proof("readme", len(telling) == 2, telling=telling)


def set_up(files: StudyFiles) -> Proof:
    """Say whether one command sets up what it needs and runs the study."""
    known = set(re.findall(r"^(\w[\w-]*):", files.text("Makefile"), re.MULTILINE))
    targets = sorted(known & {"report", "test", "lab"})
    return proof("set_up", {"report", "test"} <= set(targets), targets=targets)


def automatic(files: StudyFiles) -> Proof:
    """Say how many notebooks the run executed, or took over whole, without a hand."""
    records = files.manifest.get("steps", {}).values()
    done = sum(record.get("status") in ("executed", "reused", "fresh") for record in records)
    steps = len(study().steps)
    return proof("automatic", done == steps, done=done, steps=steps)


def logs(files: StudyFiles) -> Proof:
    """Say whether the manifest holds of each step its status, reasons and seconds."""
    steps = files.manifest.get("steps", {})
    kept = sum({"status", "reasons"} <= set(step) for step in steps.values())
    return proof("logs", steps and kept == len(steps), kept=kept)


def exhibits(files: StudyFiles) -> Proof:
    """Say whether each declared exhibit was shown by a named cell and rests on named tables."""
    shown = {program.slug: program for program in files.programs}
    declared = [slug for step in study().steps for slug in step.exhibits]
    missing = [slug for slug in declared if slug not in shown]
    loose = [slug for slug, program in shown.items() if not program.cell or not program.tables]
    holds = shown and not missing and not loose
    return proof("exhibits", holds, shown=len(shown), missing=len(missing))


def order(files: StudyFiles) -> Proof:
    """Say whether every step reads only what earlier ones write."""
    from workbook.check import step_faults

    faults = len(list(step_faults()))
    return proof("order", not faults, steps=len(study().steps), faults=faults)


def ci(files: StudyFiles) -> Proof:
    """Say whether a workflow runs the tests and the whole study."""
    script = files.text(".ci/run")
    running = [name for name, text in _workflows(files) if ".ci/run" in text or "make test" in text]
    whole = "make test" in script and "make report" in script
    return proof("ci", running and whole, running=running)


def _workflows(files: StudyFiles) -> list[tuple[str, str]]:
    paths = sorted((files.root / ".github" / "workflows").glob("*.yml"))
    return [(path.name, path.read_text(encoding="utf-8")) for path in paths]


def triggered(files: StudyFiles) -> Proof:
    """Say which events start a workflow."""
    events: set[str] = set()
    for _, text in _workflows(files):
        declared = yaml.safe_load(text)
        on = declared.get("on", declared.get(True)) or {}  # YAML 1.1 reads the bare word as true
        events |= set(on if isinstance(on, (dict, list)) else [on])
    name = "triggered" if events else "triggered-nothing"
    return proof(name, events & {"push", "schedule"}, events=sorted(events))


def title(files: StudyFiles) -> Proof:
    """Say what CITATION.cff names."""
    citation = citation_of(files.root)
    people = [name_of(author) for author in citation.get("authors", [])]
    named = citation.get("title")
    nobody = {"ja": "作成者なし", "en": "nobody"}
    return proof(
        "title",
        named and people,
        title=[named] if named else [],
        people=people or nobody,
    )


def runtime(files: StudyFiles) -> Proof:
    """Say whether the README states how long the study takes."""
    return _stated("runtime", files, r"whole study took \d+(?:\.\d+)? (?:s|seconds|minutes)\b")


def storage(files: StudyFiles) -> Proof:
    """Say whether the README states the disk space needed."""
    return _stated("storage", files, r"\d+(?:\.\d+)? (?:MB|GB) of disk")


def memory(files: StudyFiles) -> Proof:
    """Say whether the README states memory and processors."""
    return _stated("memory", files, r"\d+(?:\.\d+)? (?:MB|GB) of memory")


def _stated(name: str, files: StudyFiles, pattern: str) -> Proof:
    found = re.search(pattern, files.text("README.md"))
    nothing = {"ja": "なし", "en": "nothing"}
    return proof(name, found, said=found.group() if found else nothing)
