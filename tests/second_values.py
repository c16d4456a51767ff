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
from analysis.chapters.findings.quantities import Cell
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
    "after_move": {"ja": ("都の試算",), "en": ("Tokyo's estimate",)},
    "net": {"ja": ("純削減額",), "en": ("net saving",)},
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


def _cell(table: str, column: str, row: Mapping[str, object]) -> Cell:
    return Cell(table, column, row=row)


def _single(level: str, column: str = "net_p50_jpy") -> Cell:
    return _cell("what_if_single", column, {"level": level})


def _arm(level: str) -> Cell:
    return _cell("both_arms", "net_p50_jpy", {"source_id": level})


# where one number stands in the tables of two chapters: on the same draws, by the same statistic
AGAIN: dict[str, tuple[Cell, Cell]] = {
    "net saving, the report's level": (
        _cell("results", "run_rate_saving", {}),
        _arm("report_level"),
    ),
    "net saving, as in the study": (_cell("results", "run_rate_saving", {}), _single("as_study")),
    "net saving, Tokyo's level": (_arm("tokyo"), _single("after_move")),
    "joint buying alone": (
        _cell("buying_outturn", "saving_p50_jpy", {"reading": "none"}),
        _single("buying_only", "gross_p50_jpy"),
    ),
}


def two_values(
    tables: Mapping[str, pd.DataFrame], headlines: pd.DataFrame
) -> dict[str, tuple[float, float]]:
    """Return each quantity that stands in two chapters' tables with two values; one that a run does
    not have in both places is left out.
    """
    found = {
        name: tuple(quantities.value_of(cell, tables, headlines, {}) for cell in cells)
        for name, cells in AGAIN.items()
    }
    return {
        name: values
        for name, values in found.items()
        if None not in values and abs(values[0] - values[1]) > 1e-9 * abs(values[0])
    }


def shown_in(notebook: Path) -> list[dict]:
    """Return slug, case and values of everything that an executed notebook says or shows."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]


def second_values(run: Path) -> dict[str, dict[float, tuple[str, ...]]]:
    """Return, by quantity, each value that is not its headline, with how it differs."""
    tables, headlines = tables_of(run), headlines_of(run)
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


def tables_of(run: Path) -> dict[str, pd.DataFrame]:
    """Return the tables in which a quantity has a value."""
    names = {*quantities.TABLES, "baselines"}
    return {name: pd.read_csv(run / "tables" / f"{name}.csv") for name in names}


def headlines_of(run: Path) -> pd.DataFrame:
    """Return the headline results of a run, by identifier."""
    results = json.loads((run / "results.json").read_text(encoding="utf-8"))
    return pd.DataFrame(results).set_index("id")


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
