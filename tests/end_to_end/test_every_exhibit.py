"""Every exhibit of a whole run, drawn again from its own tables: nothing clipped, nothing written
over something else.
"""

from __future__ import annotations

from importlib import import_module
from itertools import combinations

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.study import STUDY
from tests.analysis.seen import names_of_municipalities, written_anywhere
from tests.end_to_end.conftest import outputs_of
from workbook.exhibits.declared import exhibits_of
from workbook.words.labels import chart_words

STEPS = STUDY.steps

pytestmark = pytest.mark.slow


def figures_of(study, step):
    """Slug, language and figure of every drawn exhibit of a chapter."""
    run = study / "runs" / "baseline"
    for output in outputs_of(run / "notebooks" / f"{step.name}.ipynb"):
        function = output.get("provenance", {}).get("function")
        if function:
            module, name = function.rsplit(".", 1)
            charts = import_module(module)
            tables = [
                pd.read_csv(
                    run / "tables" / f"{table['name']}.csv", dtype={"code": str, "other_code": str}
                )
                for table in output["tables"]
            ]
            for lang in ("ja", "en"):
                yield (
                    output["slug"],
                    lang,
                    getattr(charts, name)(
                        *tables,
                        chart_words(
                            module.removeprefix("analysis.chapters."),
                            lang,
                            names_of_municipalities(),
                        ),
                    ),
                )


def texts_of(figure):
    """Every text that a reader sees, with its box in pixels."""
    FigureCanvasAgg(figure).draw()
    return [(text.get_text(), text.get_window_extent()) for text in written_anywhere(figure)]


DRAWING = [step for step in STEPS if any(one.chart for one in exhibits_of(step.stem).values())]


@pytest.mark.parametrize("step", DRAWING, ids=lambda step: step.name)
def test_no_text_of_a_chapter_is_clipped_or_covers_another(study, step):
    faults, drawn = [], 0
    for slug, lang, figure in figures_of(study, step):
        drawn += 1
        texts, page = texts_of(figure), figure.bbox
        faults += [
            f"{slug} {lang}: {text!r} is clipped"
            for text, box in texts
            if min(box.x0, box.y0) < -2 or box.x1 > page.width + 2 or box.y1 > page.height + 2
        ]
        # a box holds the line's full height: two may touch, not run into each other
        faults += [
            f"{slug} {lang}: {one!r} and {two!r} cover each other"
            for (one, a), (two, b) in combinations(texts, 2)
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 3 and min(a.y1, b.y1) - max(a.y0, b.y0) > 4.5
        ]
    assert faults == [] and drawn >= 2
