"""The charts of the decision: both languages, whoever is chosen, nothing written off the page."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.decision import charts
from analysis.chapters.decision.formulas import OPTIONS
from analysis.theme import COLOURS
from tests.analysis.seen import draw_all, facts

WANTED = {
    "plot_options": ("options", "stretches"),
    "plot_calendar": ("steps",),
    "plot_outturn": ("readings", "inputs"),
    "plot_stages": ("stages", "courses"),
    "plot_wards": ("wards",),
}


def band(name, middle, spread):
    ends = {"p10": -spread, "p50": 0.0, "p90": spread}
    return {f"{name}_{end}_jpy": np.asarray(middle) + shift for end, shift in ends.items()}


def tables(chosen="widened", weights=(0.0, 0.02, 0.5, 1.0), served=True):
    options = [option for option in OPTIONS if served or option != "widened"]
    calendar = facts("decision_calendar")
    starts = np.linspace(2026.3, 2036.0, len(calendar))
    steps = calendar.assign(starts=starts, ends=starts + 0.3, due=calendar["stage"] == "buying")
    readings = ["none", "additional", "gross", "half"] if served else ["none"]
    codes = ["131016", "131024", "131121"]
    return {
        "options": pd.DataFrame({"option": options, "positive_share": 0.5}).assign(
            chosen=[option == chosen for option in options],
            **band("yearly", np.linspace(1e9, -4e9, len(options)), 1e9),
        ),
        "stretches": pd.DataFrame(
            {"from_weight": weights[:-1], "to_weight": weights[1:], "option": OPTIONS[1:4]}
        ),
        "steps": steps,
        "readings": pd.DataFrame(
            {"reading": readings, "own": [r == readings[-1] for r in readings]}
        ).assign(observed_jpy=8e8, effective_draws=4000.0, **band("saving", 2e9, 1e9)),
        "inputs": pd.DataFrame(),
        "stages": pd.DataFrame(
            {
                "entry": ["free", "begun", "begun", "begun"],
                "exit_cost": ["central", "low", "central", "high"],
                "committed_jpy": [1e9, 0, 0, 0],
                "policy_jpy": [1e9, 2e8, 1e8, 5e7],
                "perfect_jpy": [1.2e9, 3e8, 1.5e8, 7e7],
                "policy_error_jpy": [1e7, 2e6, 2e6, 1e6],
            }
        ),
        "courses": pd.DataFrame(
            {"course": ["stop", "buying", "internal", "core"], "mean_jpy": [0, 1e9, -1e8, -2e9]}
        ).assign(mean_error_jpy=1e7),
        "wards": pd.DataFrame({"code": codes, "after_hours_jpy": [-1e6, 1e7, 2e7]}).assign(
            gain_driver_low_jpy=[3e6, 2e7, 8e7],
            gain_driver_high_jpy=[5e6, 2e7, 1e8],
            **band("gain", [4e6, 2e7, 9e7], 1e6),
        ),
    }


def test_both_bounds_and_the_error_of_what_stages_are_worth_are_shown(drawn):
    above, below = drawn["plot_stages", "en"].axes
    written = [text.get_text() for text in (*above.texts, *below.texts)]
    # tempting: the lower bound alone
    assert "decide by the accounts: 1 billion yen to 1.2 billion yen" in written
    assert "can stop (exit cost middle): 100 million yen to 150 million yen" in written
    errors = [line for axes in (above, below) for line in axes.collections]
    assert len(errors) == 7  # buying, + internal, + core, staged; three exit costs


@pytest.fixture(scope="module")
def drawn():
    return draw_all(charts, WANTED, tables())


def test_no_text_leaves_the_page_to_the_right(drawn):
    for (chart, lang), figure in drawn.items():
        texts = [text for axes in figure.axes for text in axes.texts if text.get_text()]
        for text in texts:
            right = text.get_window_extent().x1
            assert right <= figure.bbox.x1 + 2, (chart, lang, text.get_text())


def test_only_the_chosen_option_is_written_in_blue(drawn):
    for lang in ("ja", "en"):
        axes = drawn["plot_options", lang].axes[0]
        blue = [text.get_text() for text in axes.texts if text.get_color() == COLOURS["pooled"]]
        assert len(blue) == 2  # its name and how often it pays


def test_the_largest_gain_is_on_top(drawn):
    names = [tick.get_text() for tick in drawn["plot_wards", "en"].axes[0].get_yticklabels()]
    assert names == ["Setagaya", "Chuo", "Chiyoda"]


@pytest.mark.parametrize("chosen", ["stay", "report_plan"])
def test_charts_draw_whoever_is_chosen_and_where_nobody_is_served(chosen):
    assert len(draw_all(charts, WANTED, tables(chosen, served=False))) == 2 * len(WANTED)
