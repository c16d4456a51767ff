"""A finished run kept as it stands, under a name of its own, to hold later ones against it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from workbook.choices import Choices
from workbook.running.kept_inputs import keep_inputs
from workbook.running.lock import locked
from workbook.running.manifest import manifest_of
from workbook.tables.data_package import DataPackage
from workbook.whole_files import json_text, mode_behind, write_whole

# what a run needs for its own next steps and no reader looks at
PASSING = shutil.ignore_patterns(".*", "drawn", "failed")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class CannotKeep(ValueError):
    """A run cannot be kept under a name; the message says why and what to do."""


def kept_of(run: Path) -> str:
    """Return which run a folder is kept of, blank where it is a run of its own."""
    return str(manifest_of(run).get("kept_of", ""))


def require_name(root: Path, run: Path, name: str) -> None:
    """Refuse, as `CannotKeep`, a name that a run has or could have, or a run that is not there."""
    folder = root / "runs" / name
    scenarios = {"baseline", *Choices.read(root / "params.yaml").scenarios}
    if not NAME.fullmatch(name):
        raise CannotKeep(f"--keep {name}: a name has letters, digits, - and _ only")
    if name in scenarios or any(re.fullmatch(f"{own}-[0-9a-f]{{6}}", name) for own in scenarios):
        raise CannotKeep(f"--keep {name}: a run of that name is a scenario's: choose another name")
    if folder.exists() and not kept_of(folder):
        raise CannotKeep(f"--keep {name}: runs/{name} is a run of its own: choose another name")
    if not (run / "manifest.json").exists():
        raise CannotKeep(
            f"--keep {name}: runs/{run.name} holds no finished run that could be kept: "
            "`workbook run` first"
        )


def keep(root: Path, run: Path, name: str, tell: Callable[[str], None]) -> Path:
    """Copy a finished run to ``runs/<name>`` and return that folder; one kept before goes.

    The copy says whose it is. Nothing is drawn or run in it again: it shows the words and figures
    that stood when it was kept.
    """
    require_name(root, run, name)
    kept, half = root / "runs" / name, root / "runs" / f".{name}.half"
    shutil.rmtree(half, ignore_errors=True)
    with locked(run, tell):
        keep_inputs(DataPackage(root), run)
        shutil.copytree(run, half, ignore=PASSING)
    manifest = half / "manifest.json"
    record = json_text(manifest_of(half) | {"kept_of": run.name})
    write_whole(manifest, record, mode_behind([manifest]))
    shutil.rmtree(kept, ignore_errors=True)
    half.rename(kept)
    return kept
