"""Look at a finished run as a reader would, and say every fault: ``python -m
tests.end_to_end.check_report runs/baseline``.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from analysis.study import STUDY
from workbook.steps import Step

STEPS = STUDY.steps

# each report with the annex behind it
ANNEXES = {"index.html": "annex.ja.html", "en.html": "annex.en.html"}
PAGES = (*ANNEXES, *ANNEXES.values())
# bytes; a report is sent by mail, an annex is looked up
LARGEST_REPORT, LARGEST_ANNEX = 2_000_000, 6_000_000
MIME = "application/vnd.analysis.exhibit+json"
FIELDS = {
    "id",
    "value",
    "low",
    "high",
    "interval",
    "unit",
    "standing",
    "chapter",
    "exhibit",
    "reason",
}
# What the sources print, with the rounding they print it in: (table, column, key column, key,
# lowest, highest).
BANDS = (
    ("published_target", "value", "figure", "saving_5y", 165.5e9, 166.5e9),
    ("baselines", "residents", "baseline", "implied", 9.55e6, 9.65e6),
    ("baselines", "total_5y_jpy", "baseline", "implied", 301.8e9, 400e9),
    ("baselines", "total_5y_jpy", "baseline", "mayors_2020", 301.8e9, 400e9),
)
RESULT_BANDS = {"baseline_5y": (301.8e9, 400e9)}
EMBEDDED = re.compile(r"#|data:")
CSS_REFERENCE = re.compile(r"""url\(\s*['"]?(?P<target>[^'")]*)""", re.IGNORECASE)


def faults_of(run: Path, steps: tuple[Step, ...] = STEPS) -> list[str]:
    """Return every fault of a finished run and its report, one line each; an empty list means fit
    to be published.
    """
    checks: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: notebook_faults(run, steps),
        lambda: result_faults(run, steps),
        lambda: band_faults(run),
        lambda: page_faults(run, steps),
    )
    faults = []
    for check in checks:
        try:
            faults.extend(check())
        # an unreadable part is a fault, and hides no other
        except (OSError, ValueError, KeyError, TypeError) as error:
            faults.append(f"{type(error).__name__}: {error}")
    return faults


def notebook_faults(run: Path, steps: tuple[Step, ...]) -> Iterator[str]:
    """Yield steps without a notebook, cells that raised or never ran, what has no words or
    picture.
    """
    if not steps:
        yield "notebook/steps.py: no step is declared"
    for step in steps:
        path = run / "notebooks" / f"{step.name}.ipynb"
        if not path.is_file():
            yield f"{path}: is missing"
            continue
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            for output in cell["outputs"]:
                if output["output_type"] == "error":
                    yield (
                        f"{path.name}: cell {cell.get('id')} raised {output['ename']}:"
                        f" {output['evalue']}"
                    )
                payload = output.get("data", {}).get(MIME)
                yield from (
                    f"{path.name}: cell {cell.get('id')} shows no {part}"
                    for part in parts_missing(payload or {})
                )
            if "".join(cell["source"]).strip() and cell["execution_count"] is None:
                yield f"{path.name}: cell {cell.get('id')} did not run"


def parts_missing(payload: dict[str, Any]) -> Iterator[str]:
    """Yield what a sentence or an exhibit lacks of its words, or of its picture, in either
    language.
    """
    texts = {"prose": ("text",), "exhibit": ("title", "subtitle", "alt")}.get(
        payload.get("kind", ""), ()
    )
    picture = ("svg",) if payload.get("form") == "figure" else ()
    yield from (
        f"{part} in {lang}"
        for part in (*texts, *picture)
        for lang in ("ja", "en")
        if not payload.get(part, {}).get(lang)
    )
    if payload.get("kind") == "exhibit" and not payload.get("tables"):
        yield "table"


def result_faults(run: Path, steps: tuple[Step, ...]) -> Iterator[str]:
    """Yield headline results that are missing, not finite, null without a reason, or outside their
    interval or band.
    """
    results: list[dict[str, Any]] = json.loads((run / "results.json").read_text(encoding="utf-8"))
    by_id = {result["id"]: result for result in results}
    if len(by_id) != len(results):
        yield "results.json: an id is there twice"
    for name in (name for step in steps for name in step.results if name not in by_id):
        yield f"results.json: {name} is declared and missing"
    for name, result in by_id.items():
        if set(result) != FIELDS:
            yield f"results.json: {name} has the fields {sorted(result)}, not {sorted(FIELDS)}"
            continue
        numbers = [result[part] for part in ("value", "low", "high") if result[part] is not None]
        if not all(isinstance(x, int | float) and math.isfinite(x) for x in numbers):
            yield f"results.json: {name} holds a number that is not finite: {numbers}"
        elif result["value"] is None and not all(
            (result["reason"] or {}).get(lang) for lang in ("ja", "en")
        ):
            yield f"results.json: {name} is null without a reason in ja and en"
        elif (
            numbers
            and result["low"] is not None
            and result["high"] is not None
            and result["low"] > result["high"]
        ):
            yield f"results.json: {name} has its low above its high"
    for name, (lowest, highest) in RESULT_BANDS.items():
        if name in by_id and not lowest <= (by_id[name]["value"] or 0) <= highest:
            yield (
                f"results.json: {name} = {by_id[name]['value']} is outside the published {lowest:g}"
                f" to {highest:g}"
            )


def band_faults(run: Path) -> Iterator[str]:
    """Yield totals of the run's tables that do not agree with what the sources print."""
    for table, column, key_column, key, lowest, highest in BANDS:
        path = run / "tables" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            values = [
                float(row[column]) for row in csv.DictReader(stream) if row[key_column] == key
            ]
        if len(values) != 1 or not lowest <= values[0] <= highest:
            yield (
                f"{path.name}: {column} of {key} is {values or 'missing'}, published: {lowest:g} to"
                f" {highest:g}"
            )


class Page(HTMLParser):
    """The ids of a page and every reference that would leave it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.leaving: list[str] = []
        self._in_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids, references and styles of one element."""
        given = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        self.ids |= {given["id"]} if "id" in given else set()
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        for name in (
            "src",
            "srcset",
            "poster",
            "data",
            "action",
            *(["href", "xlink:href"] if tag not in ("a", "area") else []),
        ):
            if name in given and not EMBEDDED.match(given[name].strip()):
                self.leaving.append(f"<{tag} {name}={given[name][:60]!r}>")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.leaving.append("<meta http-equiv=refresh>")
        self._require_embedded(given.get("style", ""))

    def handle_data(self, data: str) -> None:
        """Look into style sheets; other text may name addresses freely."""
        if self._in_style:
            self._require_embedded(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        self._in_style = self._in_style and tag != "style"

    def _require_embedded(self, css: str) -> None:
        self.leaving += [
            f"url({m['target'][:60]})"
            for m in CSS_REFERENCE.finditer(css)
            if not EMBEDDED.match(m["target"])
        ]
        self.leaving += ["@import"] if "@import" in css.lower() else []


def page_faults(run: Path, steps: tuple[Step, ...]) -> Iterator[str]:
    """Yield files that are missing or too large, exhibits that neither file of a language has,
    links that lead nowhere, and references that would leave the files.
    """
    paths = {name: run / "report" / name for name in PAGES}
    yield from (f"report/{name}: is missing" for name, path in paths.items() if not path.is_file())
    there = {name: path for name, path in paths.items() if path.is_file()}
    pages = {name: Page(path.read_text(encoding="utf-8")) for name, path in there.items()}
    for name, page in pages.items():
        size, most = (
            there[name].stat().st_size,
            LARGEST_REPORT if name in ANNEXES else LARGEST_ANNEX,
        )
        if size >= most:
            yield (
                f"report/{name}: has {size} bytes, {most} is the most an office network should"
                " carry"
            )
        for reference in dict.fromkeys(page.leaving):
            yield f"report/{name}: reaches outside the page: {reference}"
        yield from (f"report/{name}: {fault}" for fault in link_faults(name, page, pages))
    for name, annex in ANNEXES.items():
        if {name, annex} <= set(pages):
            shown = pages[name].ids | pages[annex].ids
            yield from (
                f"report/{name}: the exhibit {slug} is missing here and in the annex"
                for step in steps
                for slug in step.exhibits
                if f"exhibit-{slug}" not in shown
            )


def link_faults(name: str, page: Page, pages: dict[str, Page]) -> Iterator[str]:
    """Yield the links of a page that lead to no id, or to no file of the report."""
    for link in dict.fromkeys(page.links):
        file, _, anchor = link.partition("#")
        if link.startswith(("http:", "https:", "data:")) or file.endswith((".pdf", ".xlsx")):
            continue
        target = pages.get(file or name)
        if target is None or (anchor and anchor not in target.ids):
            yield f"the link {link} leads nowhere"


def browser_faults(run: Path) -> Iterator[str]:
    """Yield what is wrong with the pages in a real browser; without one that is itself a fault
    where CI is set.
    """
    from tests.end_to_end import looks

    if not looks.CHROMIUM:
        print(
            "no Chromium found (set CHROMIUM): the report was NOT looked at in a browser",
            file=sys.stderr,
        )
        yield from ["no browser to look at the report with"] if os.environ.get("CI") else []
        return
    # a browser of its own for each page: one at a time they take minutes
    with ProcessPoolExecutor(len(PAGES)) as side_by_side:
        for found in side_by_side.map(faults_seen, [run / "report" / name for name in PAGES]):
            yield from found


def faults_seen(page: Path) -> list[str]:
    """Return what is wrong with one page in a real browser."""
    from playwright.sync_api import sync_playwright

    from tests.end_to_end import looks

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=looks.CHROMIUM, args=looks.ARGUMENTS)
        faults = [f"report/{page.name}: {fault}" for fault in looks.faults_of_page(browser, page)]
        browser.close()
    return faults


def main(arguments: list[str]) -> int:
    """Print every fault; the exit code is 1 when there is one, 2 when no run was named."""
    if len(arguments) != 1:
        print("usage: python -m tests.end_to_end.check_report runs/RUN", file=sys.stderr)
        return 2
    run = Path(arguments[0])
    faults = faults_of(run)
    if all((run / "report" / name).is_file() for name in PAGES):
        faults += browser_faults(run)
    for fault in faults:
        print(f"fault: {fault}", file=sys.stderr)
    exhibits = sum(len(step.exhibits) for step in STEPS)
    print(
        f"{run}: {len(faults)} fault(s)"
        if faults
        else (
            f"{run}: {len(STEPS)} notebooks and {exhibits} exhibits in {len(ANNEXES)} languages are"
            " sound"
        )
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
