"""What a machine can see of a run and of how it is started: commands, steps, logs, exhibits,
continuous integration.
"""

from __future__ import annotations

import re

import yaml

from workbook.audit.study_files import Proof, StudyFiles
from workbook.study import study


def version_control(files: StudyFiles) -> Proof:
    """Say from which commit the run was made, and whether files differed from it."""
    commit, plus, _ = str(files.manifest.get("commit") or "unknown").partition("+")
    known = commit != "unknown"
    text = {
        "ja": f"実行は版 {commit[:12]} による" + ("が、ファイルに変更があった" if plus else ""),
        "en": f"the run was made from {commit[:12]}" + (", with changed files" if plus else ""),
    }
    return Proof(known and not plus, text["ja"], text["en"])


def readme(files: StudyFiles) -> Proof:
    """Say whether the README, in both languages, gives the commands to set up, run and test."""
    telling = [
        name
        for name in ("README.md", "README.ja.md")
        if all(command in files.text(name) for command in ("make report", "make test"))
    ]
    return Proof(
        len(telling) == 2,
        f"make report と make test を述べる：{'、'.join(telling) or 'なし'}",
        f"make report and make test are told by: {', '.join(telling) or 'none'}",
    )


def set_up(files: StudyFiles) -> Proof:
    """Say whether one command sets up what it needs and runs the study."""
    targets = set(re.findall(r"^(\w[\w-]*):", files.text("Makefile"), re.MULTILINE)) & {
        "report",
        "test",
        "lab",
    }
    return Proof(
        {"report", "test"} <= targets,
        f"make {'、'.join(sorted(targets)) or 'なし'}：環境も準備する",
        f"make {', '.join(sorted(targets)) or 'none'}: each sets up its environment",
    )


def automatic(files: StudyFiles) -> Proof:
    """Say how many notebooks the run executed, or took over whole, without a hand."""
    done = [
        name
        for name, step in files.manifest.get("steps", {}).items()
        if step.get("status") in ("executed", "reused", "fresh")
    ]
    return Proof(
        len(done) == len(study().steps),
        f"{len(study().steps)}本のうち{len(done)}本のノートブックを一つの命令で実行した。手作業はない",
        f"{len(done)} of {len(study().steps)} notebooks ran headless by one command;"
        " no step is done by hand",
    )


def logs(files: StudyFiles) -> Proof:
    """Say whether the manifest tells of each step its status, reasons and seconds."""
    steps = files.manifest.get("steps", {})
    told = [name for name, step in steps.items() if {"status", "reasons"} <= set(step)]
    return Proof(
        bool(steps) and len(told) == len(steps),
        f"manifest.jsonが{len(told)}段階の状態、理由、時間を残す",
        f"manifest.json keeps status, reasons and time of {len(told)} steps",
    )


def exhibits(files: StudyFiles) -> Proof:
    """Say whether each declared exhibit was shown by a named cell and rests on named tables."""
    shown = {program.slug: program for program in files.programs}
    declared = [slug for step in study().steps for slug in step.exhibits]
    missing = [slug for slug in declared if slug not in shown]
    loose = [slug for slug, program in shown.items() if not program.cell or not program.tables]
    return Proof(
        bool(shown) and not missing and not loose,
        f"図表{len(shown)}点すべてにセルと表がある（欠け{len(missing)}点）",
        f"{len(shown)} exhibits, each with its cell and tables ({len(missing)} declared ones"
        " missing)",
    )


def order(files: StudyFiles) -> Proof:
    """Say whether every step reads only what earlier ones write."""
    from workbook.check import step_faults

    faults = list(step_faults())
    return Proof(
        not faults,
        f"各章のchapter.pyが{len(study().steps)}段階の読み書きを宣言し、矛盾は{len(faults)}件",
        f"each chapter's chapter.py declares what {len(study().steps)} steps read and write;"
        f" {len(faults)} contradictions",
    )


def ci(files: StudyFiles) -> Proof:
    """Say whether a workflow runs the tests and the whole study."""
    workflows = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted((files.root / ".github" / "workflows").glob("*.yml"))
    }
    script = files.text(".ci/run")
    running = [name for name, text in workflows.items() if ".ci/run" in text or "make test" in text]
    whole = "make test" in script and "make report" in script
    return Proof(
        bool(running) and whole,
        f"{'、'.join(running) or 'なし'}が試験と全体の実行を行う",
        f"{', '.join(running) or 'none'} runs the tests and the whole study",
    )


def triggered(files: StudyFiles) -> Proof:
    """Say which events start a workflow."""
    events: set[str] = set()
    for path in sorted((files.root / ".github" / "workflows").glob("*.yml")):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        on = declared.get("on", declared.get(True)) or {}  # YAML 1.1 reads the bare word as true
        events |= set(on if isinstance(on, (dict, list)) else [on])
    return Proof(
        bool(events & {"push", "schedule"}),
        f"きっかけ：{'、'.join(sorted(events)) or 'なし'}",
        f"started by: {', '.join(sorted(events)) or 'nothing'}",
    )


def title(files: StudyFiles) -> Proof:
    """Say what CITATION.cff names."""
    citation = yaml.safe_load(files.text("CITATION.cff")) or {}
    people = [
        author.get("name")
        or " ".join(filter(None, (author.get("given-names"), author.get("family-names"))))
        for author in citation.get("authors", [])
    ]
    return Proof(
        bool(citation.get("title") and people),
        f"CITATION.cff：{citation.get('title', 'なし')}／{'、'.join(people) or '作成者なし'}",
        f"CITATION.cff: {citation.get('title', 'none')}, by {', '.join(people) or 'nobody'}",
    )


def runtime(files: StudyFiles) -> Proof:
    """Say whether the README states how long the study takes."""
    return _stated(
        files,
        r"whole study took \d+(?:\.\d+)? (?:s|seconds|minutes)\b",
        "所要時間",
        "the running time",
    )


def storage(files: StudyFiles) -> Proof:
    """Say whether the README states the disk space needed."""
    return _stated(files, r"\d+(?:\.\d+)? (?:MB|GB) of disk", "必要な容量", "the disk space")


def memory(files: StudyFiles) -> Proof:
    """Say whether the README states memory and processors."""
    return _stated(files, r"\d+(?:\.\d+)? (?:MB|GB) of memory", "必要な記憶", "the memory")


def _stated(files: StudyFiles, pattern: str, ja: str, en: str) -> Proof:
    found = re.search(pattern, files.text("README.md"))
    said = found.group() if found else ""
    return Proof(
        bool(found),
        f"READMEの記載：{said or 'なし'}（{ja}）",
        f"README on {en}: {said or 'nothing'}",
    )
