"""A made-up run of the toy's second chapter as its kernel left it: two charts, one table, one
sentence, without words and pictures.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from bakery.chapters.bread import formulas
from bakery.study import STUDY

from tests.toy_project import ROOT, TOY
from workbook.notebook.run_folder import RunFolder
from workbook.output import MIME
from workbook.staleness.keys import Keys

SOURCES = ROOT / "src" / "workbook", TOY / "src" / "bakery"
STEP = next(step for step in STUDY.steps if step.stem == "bread")
CHARTED, TABLED = ("takings-by-loss", "takings-by-state"), ("bakeries",)
BREAD = formulas.bread(250, pd.Series({"low": 0.1, "central": 0.2, "high": 0.3}), 60, 400)
TAKINGS = BREAD.set_index("case")["takings_jpy"]
STATES = formulas.bread_states(TAKINGS, 2_500_000)
TABLES = {
    "bread": BREAD,
    "bread_states": STATES,
    "bakery_lines": formulas.bakery_lines(TAKINGS),
}
WORDS = {
    "ja": "## closest\n\n目標の{ratio:share}にとどまる。\n\n",
    "en": "## closest\n\nOnly {ratio:share} of the target.\n\n",
}


def shown_study(folder: Path) -> Path:
    """Write the project and its run ``baseline`` into a folder and return that; the sources in it
    are a copy, to be edited.
    """
    shutil.copytree(TOY / "data", folder / "data")
    for source in SOURCES:
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, folder / "src" / source.name, ignore=left_out)
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
    """Return what knows the state of the folder's sources and declarations, read again."""
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
