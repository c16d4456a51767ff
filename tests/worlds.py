"""A study under other choices, or with a table of the reader's own, run here and undrawn: what each
chapter says in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.consolidation import platform_groups
from analysis.study import STUDY
from tests.end_to_end.conftest import copy_of_the_study
from workbook.choices import load_parameters
from workbook.notebook import run as notebook_run
from workbook.output import MIME

FEW_DRAWS = ("study.draws_log2=12", "study.stored_draws_log2=10")
# more numbers of platforms, and more deals of the placeholder, add seconds and no sentence
FEW_PLATFORMS = {"MOST_PLATFORMS": 4, "DEALS": range(1, 3)}


@dataclass(frozen=True)
class World:
    """A scenario, what is chosen on top of it, tables of the reader's own, and the last chapter."""

    choices: tuple[str, ...] = ()
    scenario: str = "baseline"
    tables: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = field(default_factory=dict)
    last: int = 12

    def said(self, folder: Path) -> dict[str, dict[str, str]]:
        """Return the case of each message by chapter and slug, and leave the run in ``folder``."""
        copy_of_the_study(folder)
        for name, changed in self.tables.items():
            own_table(folder, name, changed)
        chosen = (*FEW_DRAWS, *self.choices)
        parameters = load_parameters(folder / "params.yaml", self.scenario, chosen)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("WORKBOOK_RUN", str(folder / "run"))
            for name, value in FEW_PLATFORMS.items():
                patch.setattr(platform_groups, name, value)
            return {
                step.name: chapter(folder, step.name, parameters.flat(step.stem), patch)
                for step in STUDY.steps[: self.last]
            }


def own_table(folder: Path, name: str, changed: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Put a changed copy of a published table where a reader's own tables lie."""
    published = folder / "data" / f"{name}.csv"
    rows = pd.read_csv(published, dtype=str) if published.exists() else pd.DataFrame()
    local = folder / "data" / "local"
    local.mkdir(exist_ok=True)
    changed(rows).to_csv(local / f"{name}.csv", index=False)
    os.chmod(local / f"{name}.csv", 0o600)


def chapter(folder: Path, name: str, parameters: dict, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Run a notebook's code cells here and return the case of each message that it says."""
    said: list[dict] = []
    patch.setattr(notebook_run, "display", lambda bundle, raw: said.append(bundle[MIME]))
    namespace: dict = {}
    notebook = json.loads((folder / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            code = compile("".join(cell["source"]), f"{name}: {cell['id']}", "exec")
            exec(code, namespace)  # noqa: S102  the study's own notebook
            namespace |= parameters if "parameters" in cell["metadata"].get("tags", []) else {}
    return {one["slug"]: one["case"] for one in said}
