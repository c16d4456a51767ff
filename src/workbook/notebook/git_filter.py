"""Whether git would store what notebooks show: each clone sets up the filter that takes it out."""

from __future__ import annotations

import subprocess
from pathlib import Path

from workbook.tables.data_package import DataPackage

SET_UP = "make filter"
NOTEBOOKS = "*.ipynb"


def unfiltered(root: Path) -> bool:
    """Say whether git keeps this folder and is not bound to filter its notebooks."""
    said = _git(root, "check-attr", "filter", "--", "notebooks/any.ipynb")
    driver = said.rpartition(": ")[2].strip()
    if not driver:  # no git, or no repository
        return False
    bound = _git(root, "config", "--bool", f"filter.{driver}.required").strip() == "true"
    return not (bound and _git(root, "config", f"filter.{driver}.clean"))


def unfiltered_note(package: DataPackage) -> str | None:
    """Return the sentence for a run on own tables whose git would store what notebooks show."""
    own = any(package.is_local(name) and package.has(name) for name in package.resources)
    if not (own and unfiltered(package.folder.parent)):
        return None
    return (
        "note: data/local is in use, and git would store what notebooks show of it: "
        f"`{SET_UP}` makes it leave outputs out"
    )


def notebooks_of(root: Path) -> list[str]:
    """Return the notebooks that git stores, or would store, by their path; none outside git."""
    kinds = "--cached", "--others", "--exclude-standard"
    return _git(root, "ls-files", "-z", *kinds, "--", NOTEBOOKS).split("\0")[:-1]


def staged_text(root: Path, notebook: str) -> str:
    """Return a notebook as it is staged or committed, nothing where it is not."""
    return _git(root, "show", f":./{notebook}")


def _git(root: Path, *words: str) -> str:
    """Return what git answers; nothing where it is not installed, or says no."""
    try:
        answer = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.decode("utf-8", "replace")
