"""A made-up run of chapter 4 as its kernel left it: two charts, one table, one sentence, without
words and pictures.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from workbook.notebook.run_folder import RunFolder
from workbook.output import MIME
from workbook.staleness.keys import Keys
from workbook.steps import step_named

ROOT = Path(__file__).parents[2]
STEP = step_named("procurement")
CHARTED, TABLED = ("s-curve", "tail"), ("option-levers",)
MODELS = ("cross_section", "joint_cloud", "source_report")
CURVE = pd.DataFrame(
    [
        {"scale_model": model, "probability": p, "saving_jpy": 1e11 * (1 - p) * place}
        for place, model in enumerate(MODELS, 1)
        for p in (0.0, 0.5, 1.0)
    ]
)
TARGET = pd.DataFrame(
    [{"figure": "saving_5y", "value": 1.66e11, "low": 1.655e11, "high": 1.665e11}]
)
TAIL = pd.DataFrame(
    [
        {
            "prior_shape": "triangular",
            "correlation": 0.3,
            "reading": reading,
            "target_ratio_p50": 0.1,
            "target_ratio_p95": 0.3,
            "probability": 0.0,
        }
        for reading in ("gross", "net")
    ]
)
LEVERS = pd.DataFrame(
    [
        {
            "option": "buying_only",
            "instances": False,
            "price": True,
            "demand": True,
            "joint_suppliers": 9,
            "agency": True,
        }
    ]
)
TABLES = {
    "saving_curve": CURVE,
    "published_target": TARGET,
    "tail_sensitivity": TAIL,
    "option_levers": LEVERS,
}
WORDS = {
    "ja": "## closest\n\n目標の{ratio:share}にとどまる。\n\n",
    "en": "## closest\n\nOnly {ratio:share} of the target.\n\n",
}


def shown_study(folder: Path) -> Path:
    """Write the project and its run ``baseline`` into a folder and return that; the sources in it
    are a copy, to be edited.
    """
    (folder / "data").mkdir()
    for name in ("datapackage.json", "municipalities.csv"):
        shutil.copy(ROOT / "data" / name, folder / "data")
    shutil.copytree(
        ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    (folder / "notebooks" / "words").mkdir(parents=True)
    for lang, said in WORDS.items():
        exhibits = "".join(
            f"## {slug}\n\n**{slug} {lang} {{ratio:share}}**\n\nsub {slug}\n\n> alt {slug}\n\n"
            for slug in (*CHARTED, *TABLED)
        )
        words_of(folder, lang).write_text(said + exhibits, encoding="utf-8")
    for name, frame in TABLES.items():
        RunFolder(folder / "runs" / "baseline").write_table(name, frame)
    leave(folder, *CHARTED, *TABLED)
    return folder


def words_of(folder: Path, lang: str) -> Path:
    """Return the file of the chapter's words."""
    return folder / "notebooks" / "words" / f"{STEP.name}.{lang}.md"


def keys_of(folder: Path) -> Keys:
    """Return what knows the state of the folder's sources and declarations, read anew."""
    return Keys(folder, (STEP,), folder / "src")


def leave(folder: Path, *slugs: str, **more: object) -> None:
    """Leave the notebook of a kernel that said one sentence and showed these exhibits; ``more``
    stands in every payload.
    """
    payloads = [{"kind": "prose", "slug": "closest", "case": "", "values": {"ratio": 0.25}}]
    payloads += [
        {
            "kind": "exhibit",
            "slug": slug,
            "case": "",
            "values": {"ratio": 0.5},
            "form": "figure" if slug in CHARTED else "table",
            "standing": {"value": "modelled", "assumed_inputs": 0},
            "provenance": {"inputs": []},
        }
        for slug in slugs
    ]
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{place}",
            "source": [],
            "execution_count": 1,
            "metadata": {},
            "outputs": [
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {MIME: payload | more, "text/plain": "slug"},
                }
            ],
        }
        for place, payload in enumerate(payloads)
    ]
    path = folder / "runs" / "baseline" / "executed" / f"{STEP.name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Edit a file; an edit that changes nothing would prove nothing."""
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")


def files_of(folder: Path, kind: str) -> dict[str, bytes]:
    """Return every file of one folder of the run by name."""
    return {
        path.name: path.read_bytes() for path in (folder / "runs" / "baseline" / kind).glob("*")
    }


def shown(folder: Path) -> list[dict]:
    """Return what the notebook that people open shows, output by output."""
    notebook = json.loads(
        (folder / "runs" / "baseline" / "notebooks" / f"{STEP.name}.ipynb").read_text(
            encoding="utf-8"
        )
    )
    return [output["data"] for cell in notebook["cells"] for output in cell["outputs"]]
