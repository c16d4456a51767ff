"""A made-up finished run: two small notebooks with both forms of exhibit, hostile names and every
record needed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib_fontja  # noqa: F401  its letters are Japanese, too
import nbformat
import pytest
import yaml
from matplotlib import rc_context
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.toy_project import TOY, with_the_toy
from workbook.exhibits.pictures import svg_of
from workbook.output import MIME
from workbook.report import build
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits
from workbook.report.finished_run import Chapter
from workbook.units import format_value

HOSTILE_NAME = "<script>alert(1)</script>"
FORMULA = "=1+1"
WARDS = {
    "209014": ("水車村", "Millham"),
    "209022": ("丘村", "Hillham"),
    "209031": ("川村", "Brookham"),
    "209049": ("森村", "Woodham"),
    "139998": (HOSTILE_NAME, HOSTILE_NAME),
}
INPUTS = [
    {
        "name": "field_records",
        "title": {"ja": "団体別指標", "en": "Indicators per municipality"},
        "sources": [
            "総務省「住民基本台帳に基づく人口、人口動態及び世帯数」",
            "総務省「市町村別決算状況調」",
            "Valley Office, Statistics of the Valley",
            "総務省「地方公共団体定員管理調査」",
        ],
        "licence": "CC BY 4.0",
        "credit": {"ja": "総務省", "en": "Ministry of Internal Affairs and Communications"},
        "standing": "published",
        "sha256": "0123456789abcdef" * 4,
        "local": False,
        "assumed_rows": 0,
    },
    {
        "name": "mill_scope",
        "title": {"ja": "手段の範囲", "en": "Scope of levers"},
        "sources": ["This study, assumed ranges"],
        "licence": "CC BY 4.0",
        "credit": None,
        "standing": "assumed",
        "sha256": "fedcba9876543210" * 4,
        "local": False,
        "assumed_rows": 12,
    },
]


def column(
    name: str, kind: str, unit: str, ja: str, en: str, labels: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a column of a payload's table."""
    return {
        "name": name,
        "type": kind,
        "unit": unit,
        "title": {"ja": ja, "en": en},
        "labels": labels or {},
    }


def cost_table() -> dict[str, Any]:
    """Return a table of wards with money, shares, a date and a formula in a note."""
    names = {code: {"ja": ja, "en": en} for code, (ja, en) in WARDS.items()}
    rows = [
        [
            code,
            1.2e9 * 3**place,
            0.031 * (place + 1),
            2025.75 + place,
            FORMULA if place == 0 else "-",
        ]
        for place, code in enumerate(WARDS)
    ]
    return {
        "name": "oven_costs",
        "title": {"ja": "団体別の費用", "en": "Costs per ward"},
        "rows": rows,
        "columns": [
            column("code", "string", "text", "団体", "Ward", names),
            column("cost_jpy", "number", "JPY/year", "費用", "Cost"),
            column("saving_share", "number", "share", "削減率", "Saving"),
            column("finish", "number", "fiscal_year", "完了", "Finish"),
            column("note", "string", "text", "備考", "Note"),
        ],
    }


def long_table(rows: int = 75) -> dict[str, Any]:
    """Return a table of more rows than the page shows."""
    return {
        "name": "loaf_curve",
        "title": {"ja": "削減額の分布", "en": "Distribution of the saving"},
        "columns": [
            column("draw", "integer", "draw", "標本", "Draw"),
            column("saving_jpy", "number", "JPY", "削減額", "Saving"),
        ],
        "rows": [[draw, 1e9 * draw if draw else None] for draw in range(rows)],
    }


def answers_table() -> dict[str, Any]:
    """Return a wordy table that exists in both languages side by side."""
    rows = [
        [
            "半分になるか。",
            "Does it halve?",
            "目標の半分という削減は、公表された証拠の範囲では裏付けられない。",
            "A saving of half is not borne out by the published evidence.",
            0.052,
            "modelled",
        ],
        [
            "いつ終わるか。",
            "When does it end?",
            "共同調達は早く始められるが、基幹系の移行は遅れる見込みである。",
            "Buying together can start early; moving the core systems will be late.",
            0.31,
            "derived",
        ],
    ]
    standings = {
        "modelled": {"ja": "推計値", "en": "modelled"},
        "derived": {"ja": "計算値", "en": "derived"},
    }
    return {
        "name": "answers",
        "title": {"ja": "問いと答え", "en": "Questions and answers"},
        "rows": rows,
        "columns": [
            column("question_ja", "string", "text", "問い", ""),
            column("question_en", "string", "text", "", "Question"),
            column("answer_ja", "string", "text", "答え", ""),
            column("answer_en", "string", "text", "", "Answer"),
            column("chance_share", "number", "share", "見込み", "Chance"),
            column("standing", "string", "text", "性格", "Standing", standings),
        ],
    }


LETTERS = ("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize")


@cache
def chart(lang: str) -> str:
    """Return a small bar chart as the notebooks draw it, with hatching, a claim line and a clip
    path.
    """
    # as wide and with letters as large as a phone can show, whatever style another test has set
    with rc_context(dict.fromkeys(LETTERS, 12)):
        figure = Figure(figsize=(4.8, 2.3), layout="constrained")
        axes = figure.subplots()
        axes.barh(range(5), [12, 36, 108, 324, 972], color="#5598c5", hatch="////")
        axes.set_yticks(range(5), [names[lang == "en"] for names in WARDS.values()])
        axes.grid(True, axis="x", linewidth=0.6)
        axes.set_xlabel({"ja": "費用（億円／年）", "en": "Cost (0.1 billion yen a year)"}[lang])
        axes.axvline(500, color="#d55e00")
        claim = {"ja": "報告書の目標", "en": "the report's target"}[lang]
        axes.annotate(claim, (500, 1), xycoords=("data", "axes fraction"), va="top")
        return svg_of(figure)


def exhibit(
    number: str, slug: str, form: str, tables: list[dict[str, Any]], title: dict[str, str]
) -> dict[str, Any]:
    """Return an exhibit's payload, sound in every part."""
    payload = {
        "kind": "exhibit",
        "number": number,
        "slug": slug,
        "anchor": f"exhibit-{slug}",
        "form": form,
        "title": title,
        "subtitle": {
            "ja": "団体別の年間費用（億円、FY2021）。斜線は推計値である。",
            "en": "Annual cost per ward, FY2021. Hatched bars are modelled.",
        },
        "alt": {
            "ja": "五つの団体の費用を示す横棒グラフ。",
            "en": "Horizontal bars of the cost of five wards.",
        },
        "tables": tables,
        "standing": {"value": "modelled", "assumed_inputs": 12},
        "provenance": {
            "notebook": "04_bread",
            "function": "bakery.chapters.bread.charts.plot_costs" if form == "figure" else None,
            "tables": [table["name"] for table in tables],
            "inputs": INPUTS,
            "parameters": {"baseline": "implied", "targets": [3, 4], "note": "<b>bold</b>"},
        },
    }
    if form == "figure":
        payload["svg"] = {lang: chart(lang) for lang in ("ja", "en")}
    return payload


def prose(ja: str, en: str, callout: str | None = None) -> dict[str, Any]:
    """Return the payload of a sentence from the run."""
    return {"kind": "prose", "text": {"ja": ja, "en": en}, "callout": callout}


def pair(ja: str, en: str, cell_id: str) -> list[nbformat.NotebookNode]:
    """Return a pair of markdown cells."""
    return [
        new_markdown_cell(text, metadata={"tags": [lang]}, id=f"{cell_id}-{lang}")
        for lang, text in (("ja", ja), ("en", en))
    ]


def showing(
    cell_id: str, source: str, *payloads: dict[str, Any], printed: str = ""
) -> nbformat.NotebookNode:
    """Return an executed code cell with its private outputs."""
    outputs = [
        new_output("display_data", data={MIME: payload, "text/plain": "shown"})
        for payload in payloads
    ]
    if printed:
        outputs.append(new_output("stream", name="stdout", text=printed))
    return new_code_cell(source, id=cell_id, outputs=outputs)


QUESTION = (
    (
        "# 4 調達 まとめて買うと、目標にどこまで届くか\n\n共同で調達した場合の通年の効果を推計し、"
        "\n目標と比べる。[[costs]]と[[answers]]を参照。"
    ),
    (
        "# 4 Procurement: how far does buying together lead?\n\nWhat buying together saves in a"
        " full year. See [[costs]]."
    ),
)
BIBLIOGRAPHY = """@incollection{shapley1953, author = {Shapley, Lloyd S.},
  title = {A Value for n-Person Games},
  booktitle = {Contributions to the Theory of Games II}, pages = {307--317}, year = {1953}}
@article{littlechild1973, author = {Littlechild, S. C. and Owen, Guillermo},
  title = {A Simple Expression for the {Shapley} Value},
  journal = {Management Science}, volume = {20}, number = {3}, pages = {370--372}, year = {1973}}
@book{gini1912, author = {Gini, Corrado}, title = {Variabilit{\\`a} e mutabilit{\\`a}},
  publisher = {Cuppini}, year = {1912}}
"""
METHOD = (
    (
        "## 方法\n\n$$m = \\frac{1}{1 - g}, \\quad g \\le"
        " 1$$\n\n負担はシャープレイ値で分ける[@littlechild1973; @shapley1953]。\n\n-"
        " 費用の区分ごとに**手段**の効果を掛け合わせる。\n- 重なりは除く。<img src=x"
        " onerror=alert(1)>\n\n| 記号 | 意味 |\n|---|---|\n| r | 効果 |"
    ),
    (
        "## Method\n\n$$m = \\frac{1}{1 - g}$$\n\nShares follow the Shapley value"
        " [@littlechild1973; @shapley1953].\n\n- Effects of the *levers* multiply within each cost"
        " category.\n- `phi` is [explained](https://example.org/phi) elsewhere."
    ),
)


def chapters() -> dict[str, list[nbformat.NotebookNode]]:
    """Return the cells of the two made-up notebooks."""
    injected = new_code_cell(
        '# Parameters\nbaseline = "implied"\n', metadata={"tags": ["injected-parameters"]}
    )
    money = {lang: format_value(30.1e9, "JPY", lang) for lang in ("ja", "en")}
    return {
        "04_bread": [
            *pair(*QUESTION, "question"),
            new_code_cell(
                'baseline = "implied"  # reading',
                metadata={"tags": ["parameters"]},
                id="parameters",
            ),
            injected,
            *pair(*METHOD, "method"),
            showing(
                "compute",
                'costs = run.write("oven_costs", bread.costs(indicators))  # 団体別\nprint(costs)',
                printed="3 rows < 4\n",
            ),
            showing(
                "say-opening",
                'run.say(ja="…", en="…")',
                prose(
                    f"純削減額は{money['ja']}である。[[costs]]が内訳を示す。",
                    f"The net saving is {money['en']}; [[costs]] shows its parts.",
                ),
            ),
            showing(
                "show-costs",
                'run.show("costs", tables=["oven_costs"], figure=charts.plot_costs)',
                exhibit(
                    "4.1",
                    "costs",
                    "figure",
                    [cost_table(), long_table()],
                    {
                        "ja": "費用は団体の規模とともに増える",
                        "en": "Costs rise with the size of a ward & its duties",
                    },
                ),
            ),
            showing(
                "show-detail",
                'run.show("detail", tables=["oven_costs"])',
                exhibit(
                    "4.2",
                    "detail",
                    "table",
                    [cost_table()],
                    {"ja": "団体別の内訳", "en": "The wards one by one"},
                ),
            ),
            *pair(
                "## この章が示さないこと\n\n質の変化は扱わない。",
                "## What this does not show\n\nChanges of quality.",
                "limits",
            ),
        ],
        "12_ledger": [
            *pair(
                "# 9 所見\n\n答えを一頁にまとめる。",
                "# 9 Findings\n\nThe answers on one page.",
                "question",
            ),
            showing(
                "show-answers",
                'run.show("answers", tables=["answers"])',
                prose(
                    f"削減額は{money['ja']}にとどまる。", f"The saving is {money['en']}.", "finding"
                ),
                prose("推計は想定値に左右される。", "The estimate rests on assumptions.", "caveat"),
                exhibit(
                    "9.1",
                    "answers",
                    "table",
                    [answers_table()],
                    {
                        "ja": "報告書の主張は証拠の範囲を超える",
                        "en": "The claim goes beyond the evidence",
                    },
                ),
            ),
        ],
    }


RESULTS = [
    {
        "id": "takings",
        "value": 30.1e9,
        "low": 12e9,
        "high": 55e9,
        "unit": "JPY/year",
        "standing": "modelled",
        "chapter": 4,
        "exhibit": "4.1",
        "reason": None,
    },
    {
        "id": "grain_sacks",
        "value": None,
        "low": None,
        "high": None,
        "unit": "fiscal_year",
        "standing": "modelled",
        "chapter": 4,
        "exhibit": "4.2",
        "reason": {"ja": "期間内に回収しない。", "en": "It never pays back."},
    },
]


def write_data_package(root: Path) -> None:
    """Write a data package of one table of three assumptions, whose owner has a hostile name."""
    (root / "data").mkdir(exist_ok=True)
    package = json.loads((TOY / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["contributors"] = [{"title": HOSTILE_NAME}]
    package["resources"] = [
        resource for resource in package["resources"] if resource["name"] == "assumptions"
    ]
    (root / "data" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    head, row = (TOY / "data" / "assumptions.csv").read_text(encoding="utf-8").splitlines()
    rows = [row.replace("milling_loss", name) for name in ("milling_loss", "mill_field", "takings")]
    lines = "\n".join([head, *rows]) + "\n"
    (root / "data" / "assumptions.csv").write_text(lines, encoding="utf-8")


TERMS = {
    "ja": "## net\n\n**純削減額**\n\n費用を引いた残り。\n\n> 十円から三円を引く。\n",
    "en": "## net\n\n**net saving**\n\nWhat is left.\n\n> Ten yen less three.\n",
}


def write_run(folder: Path, cells: dict[str, list[nbformat.NotebookNode]], **manifest: Any) -> Path:
    """Write a finished run and return its folder."""
    for part in (folder / "notebooks", folder.parents[1] / "docs"):
        part.mkdir(parents=True, exist_ok=True)
    (folder.parents[1] / "docs" / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    write_data_package(folder.parents[1])
    for name, chapter in cells.items():
        nbformat.write(new_notebook(cells=chapter), folder / "notebooks" / f"{name}.ipynb")
    record = {
        "run": "baseline",
        "commit": "4f1c2d3",
        "written_at": "2026-01-01T00:00:00+00:00",
        "python": "3.11.9",
        "packages": {"numpy": "2.4.6", "pandas": "3.1.1"},
        "inputs": {"fields": "ab" * 32},
        "origins": [{**INPUTS[0], "name": "fields", "sha256": "ab" * 32}],
        "local_inputs": [],
        **manifest,
    }
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "results.json").write_text(json.dumps(RESULTS), encoding="utf-8")
    parameters = {"study": {"baseline": "implied"}, "bread": {"targets": [3, 4]}}
    (folder / "params.yaml").write_text(yaml.safe_dump(parameters), encoding="utf-8")
    return folder


def payloads(cells: list[nbformat.NotebookNode]) -> dict[str, dict[str, Any]]:
    """Return the exhibits of a chapter by slug, to be altered in place."""
    return {
        output.data[MIME]["slug"]: output.data[MIME]
        for cell in cells
        for output in cell.get("outputs", [])
        if output.get("data", {}).get(MIME, {}).get("kind") == "exhibit"
    }


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """Return the builders of this file, for tests that make parts of a run of their own."""
    return sys.modules[__name__]


@pytest.fixture(scope="session")
def sound() -> Exhibits:
    """Return the exhibits of the made-up run as an edition knows them."""
    found = [
        (Chapter(name, []), payload)
        for name, cells in chapters().items()
        for payload in payloads(cells).values()
    ]
    return Exhibits(
        tuple(payload for _, payload in found),
        {payload["slug"]: chapter for chapter, payload in found},
    )


@pytest.fixture(scope="session", params=["ja", "en"])
def edition(request: pytest.FixtureRequest, sound: Exhibits) -> Edition:
    """Return each edition in turn."""
    return Edition(request.param, sound)


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the made-up run after ``change(cells)`` has altered it."""

    def write(change: Callable[[dict], object] = lambda cells: None, **manifest: Any) -> Path:
        cells = chapters()
        change(cells)
        return write_run(tmp_path / "runs" / "made-up", cells, **manifest)

    return write


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the report of the made-up run, built once."""
    root = tmp_path_factory.mktemp("report")
    words = root / "notebooks" / "words"
    words.mkdir(parents=True)
    for lang, text in TERMS.items():
        (words / f"terms.{lang}.md").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        with_the_toy(environment)
        return build(write_run(root / "runs" / "made-up", chapters()))
