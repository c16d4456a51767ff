"""One number, one value: what a finished run shows of a quantity's second values, held against
what its sentences say of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import yaml

from analysis.chapters.findings import learning, quantities
from workbook.words.messages import Words

MIME = "application/vnd.analysis.exhibit+json"
LANGS = ("ja", "en")
# words by which a sentence or an exhibit says how a value differs from the headline
SAID = {
    "mean": {"ja": ("平均",), "en": ("mean", "average")},
    "reports_options": {"ja": ("報告書からみた",), "en": ("as the report saw",)},
    "waits": {"ja": ("待",), "en": ("wait",)},
    "years": {"ja": ("{years:year}",), "en": ("{years:year}",)},
    "a_year": {"ja": (":JPY/year}",), "en": (":JPY/year}",)},
    "stored": {"ja": ("保存した抽出",), "en": ("stored draws",)},
    "from_start": {"ja": ("初め",), "en": ("first years", "from the start")},
    "uptake": {"ja": ("参加",), "en": ("uptake",)},
    "one_platform": {"ja": ("運用費",), "en": ("running cost", "one platform")},
    "before_loss": {"ja": ("損失", "運用費"), "en": ("differing rules", "running cost")},
    "after_loss": {"ja": ("損失",), "en": ("reconcile",)},
    "central": {"ja": ("中央の場合",), "en": ("central case",)},
    "of_these_municipalities": {"ja": ("組分け", "組み合わせ"), "en": ("grouping",)},
    "commitment": {"ja": ("約束",), "en": ("commit",)},
    "own_part": {"ja": ("単独", "固有"), "en": ("own",)},
}


def shown_in(notebook: Path) -> list[dict]:
    """Return slug, case and values of everything that an executed notebook says or shows."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]


def second_values(run: Path) -> dict[str, dict[float, tuple[str, ...]]]:
    """Return, by quantity, each value that is not its headline, with how it differs."""
    names = {*quantities.TABLES, "baselines"}
    tables = {name: pd.read_csv(run / "tables" / f"{name}.csv") for name in names}
    results = json.loads((run / "results.json").read_text(encoding="utf-8"))
    headlines = pd.DataFrame(results).set_index("id")
    variance = tables["variance_shares"].dropna(subset=["evidence_grade", "split_share"])
    baselines = tables["baselines"]
    chosen = {
        quantities.BASELINE: baselines.loc[baselines["in_use"], "baseline"].item(),
        quantities.SCALE_MODEL: _scale_model(run),
        quantities.WIDEST: learning.widest(variance)["input"],
    }
    return {
        quantity: {
            value: cell.differs
            for cell in cells
            if (value := quantities.value_of(cell, tables, headlines, chosen)) is not None
        }
        for quantity, cells in quantities.QUANTITIES.items()
    }


def _scale_model(run: Path) -> str:
    chosen = yaml.safe_load((run / "params.yaml").read_text(encoding="utf-8"))
    return str(chosen["study"]["scale_model"])


def unqualified(
    said: dict, words: Words, values: Mapping[str, Mapping[float, tuple[str, ...]]]
) -> list[str]:
    """Return each placeholder of a message that shows a second value of a quantity without saying
    how it differs from the headline, with what is not said.
    """
    message, found = words[said["slug"]], []
    for name, number in said["values"].items():
        for quantity, differs in _quantities_of(number, values):
            for lang in LANGS:
                text = " ".join(message[lang].parts(said["case"]).values())
                missing = [how for how in differs if not any(x in text for x in SAID[how][lang])]
                if missing and f"{{{name}:" in text:
                    found.append(f"{said['slug']} ({lang}): {name} is {quantity}, {missing}")
    return found


def _quantities_of(
    number: object, values: Mapping[str, Mapping[float, tuple[str, ...]]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The quantities of which a number is a second value; small whole numbers may be anything."""
    if isinstance(number, float | int) and not float(number).is_integer():
        for quantity, known in values.items():
            for value, differs in known.items():
                if differs and abs(abs(number) - abs(value)) <= 1e-9 * abs(value):
                    yield quantity, differs
