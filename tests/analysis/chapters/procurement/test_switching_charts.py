"""What each input alone would have to be, drawn against the target."""

import pandas as pd
import pytest

from analysis.chapters.procurement.switching_charts import plot_switching
from tests.analysis.seen import written_anywhere
from workbook.words.labels import chart_words

COLUMNS = ["reading", "input", "unit", "central", "switching_value", "best_ratio"]
ROWS = [
    ["net", "fixed_share", "share", 0.14, 0.87, 1.19],
    ["net", "transition_core", "JPY/resident", 8000, None, 0.09],
    ["net", "all_favourable", "share", None, None, 1.58],
    ["gross", "fixed_share", "share", 0.14, 0.65, 1.54],
]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_net_readings_are_drawn_and_a_value_that_nobody_can_reach_is_none(lang):
    words = chart_words("procurement.switching_charts", lang, {})
    figure = plot_switching(pd.DataFrame(ROWS, columns=COLUMNS), words)
    said = [text.get_text() for text in written_anywhere(figure)]
    # tempting: the gross reading's 65 %, which meets another target
    assert "87%" in said and "65%" not in said
    # of every input at its better end there is no one value to need
    assert said.count(words["no_value"]) == 1 and said.count("–") == 2
    assert [bar.get_width() for bar in figure.axes[0].patches] == pytest.approx([119, 9, 158])
