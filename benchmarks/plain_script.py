"""The whole study as one plain script would run it: the notebooks' code cells, one after another,
in one process.

``python benchmarks/plain_script.py STUDY RUN [--parts]`` runs the notebooks of a study's folder
into the folder RUN. It draws the same figures in both languages and writes the same tables; there
is no kernel, no executed notebook, no key. With ``--parts`` it prints where its seconds go, as
JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()
seconds: dict[str, float] = defaultdict(float)


@contextlib.contextmanager
def counted(part: str) -> Iterator[None]:
    """Add the seconds spent inside to a part."""
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[part] += time.perf_counter() - began


def counting(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose seconds are added to a part."""

    def told(*given: Any, **named: Any) -> Any:
        with counted(part):
            return function(*given, **named)

    return told


def main(study: Path, run: Path, parts: bool) -> None:
    """Run the notebooks in order and print the seconds by part if asked to."""
    os.chdir(study / "notebooks")
    os.environ["WORKBOOK_RUN"] = str(run)
    with counted("imports"):
        from workbook.choices import load_parameters
        from workbook.exhibits import pictures as exhibits
        from workbook.exhibits.declared import exhibits_of
        from workbook.notebook.run_folder import RunFolder
        from workbook.running.copies import beside
        from workbook.study import study as declared
        from workbook.tables.catalog import Catalog
    if parts:
        RunFolder.write_table = counting("writing tables", RunFolder.write_table)
        RunFolder.read_table = counting("reading tables", RunFolder.read_table)
        Catalog.load = counting("reading tables", Catalog.load)
    parameters = load_parameters(study / "params.yaml")

    def draw(stem: str, notebook: Any, lang: str) -> None:
        shown = [
            exhibit
            for exhibit in exhibits_of(stem).values()
            if exhibit.chart and exhibit.slug in notebook._shown
        ]
        for exhibit in shown:
            frames = [RunFolder(run).read_table(table) for table in exhibit.tables]
            exhibits.picture(exhibit, frames, lang, notebook._names, notebook.group)

    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        for step in declared().steps:
            namespace: dict[str, Any] = {"__name__": "__main__"}
            for cell in json.loads(
                (study / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8")
            )["cells"]:
                if cell["cell_type"] == "code":
                    with counted("imports" if cell["id"] == "open-run" else "analysis"):
                        exec(  # noqa: S102  the study's own notebook
                            compile("".join(cell["source"]), f"{step.name}/{cell['id']}", "exec"),
                            namespace,
                        )
                    if "parameters" in cell["metadata"].get("tags", []):
                        namespace |= parameters.flat(step.stem)
            with (
                counted("figures"),
                beside(
                    lambda step=step, names=namespace: draw(step.stem, names["run"], "en"),
                    despite_threads=True,
                ) as other,
            ):
                draw(step.stem, namespace["run"], "ja")
                other()
    if parts:
        inside = sum(seconds[part] for part in ("writing tables", "reading tables"))
        seconds["analysis"] -= inside
        seconds["whole"] = time.perf_counter() - STARTED
        print(json.dumps(seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), "--parts" in sys.argv)
