"""The readings of the target: in the order of models, each with its median, the claim hollow."""

import pandas as pd
import pytest

from analysis.chapters.procurement import charts
from analysis.theme import COLOURS, MODEL_STYLES
from tests.analysis.seen import clipped, covered, draw_all, written

INK = COLOURS["ink"]
MEDIANS = {"cross_section": -0.3, "joint_cloud": 0.23, "source_report": 1.0}


def readings(spread=0.25, shift=0.0):
    rows = [
        (reading, baseline, model, middle + shift - (0.3 if reading == "net" else 0))
        for model, middle in MEDIANS.items()
        for baseline in ("implied", "mayors_2020")
        for reading in ("gross", "net")
    ]
    table = pd.DataFrame(rows, columns=["reading", "baseline", "scale_model", "target_ratio_p50"])
    middle = table["target_ratio_p50"]
    return table.assign(target_ratio_p10=middle - spread, target_ratio_p90=middle + spread)


CASES = {"run": readings(), "narrow": readings(0.0), "far": readings(0.6, 2.0)}


@pytest.fixture(scope="module", params=CASES)
def figures(request):
    return draw_all(charts, {"plot_readings": ("readings",)}, {"readings": CASES[request.param]})


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_text_is_clipped_or_covers_another(figures, lang):
    figure = figures["plot_readings", lang]
    texts = [
        (text.get_text(), text.get_window_extent())
        for axes in figure.axes
        for text in written(axes)
    ]
    assert clipped(figure, texts) == []
    assert covered(texts) == []


def test_each_reading_carries_its_median_and_what_is_solved_from_the_target_is_hollow():
    table = {"readings": readings()}
    axes = draw_all(charts, {"plot_readings": ("readings",)}, table)["plot_readings", "en"].axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    hollow = [dot.get_markerfacecolor() == "white" for dot in dots]
    assert hollow == [False] * 8 + [True] * 4
    said = [text.get_text() for text in axes.texts]
    # the target's name, then a median for each dot; tempting: P95, which nobody reads off a dot
    assert len(dots) == 12 and {"23%", "−7%", "100%", "70%"} <= set(said)


def test_the_name_of_a_model_is_in_the_colour_of_its_readings():
    table = {"readings": readings()}
    axes = draw_all(charts, {"plot_readings": ("readings",)}, table)["plot_readings", "en"].axes[0]
    heads = [label.get_color() for label in axes.get_yticklabels() if label.get_color() != INK]
    assert heads == [style["color"] for style in MODEL_STYLES.values()]
