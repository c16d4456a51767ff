"""A panel says of every state what its table says, in any language, and nothing that it has not."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbook.exhibits.panel import Panel
from workbook.exhibits.panel_states import panel_payload
from workbook.groups import NoGroups
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits
from workbook.report.faults import ReportFault
from workbook.report.panel import panel_view
from workbook.tables.contracts import Contract
from workbook.units import format_value
from workbook.words.messages import WordsFault

ENTRY = {
    "states": "tried",
    "levers": ["mill", "price"],
    "case": "verdict",
    "units": {"JPY/year": "JPY"},
    "tiles": [{"title": {"ja": "売上げ", "en": "Takings"}, "value": "takings_jpy"}],
    "bars": ["takings_jpy", "rent_jpy"],
    "bars_title": {"ja": "内訳", "en": "Parts"},
    "presets": [
        {"title": {"ja": "最良", "en": "Best"}, "set": {}, "best": "takings_jpy"},
        {"title": {"ja": "安値", "en": "Cheap"}, "set": {"price": "cheap"}},
        {"title": {"ja": "ない", "en": "Not here"}, "set": {"price": "dear"}},
    ],
    "members": {
        "title": {"ja": "店", "en": "Shop"},
        "table": "parts",
        "by": "mill",
        "values": ["takings_jpy"],
    },
}
LEVELS = {"ja": "水準", "en": "level"}
CONTRACT = Contract.of_result(
    {
        "name": "tried",
        "title": {"ja": "表", "en": "Table"},
        "description": "One row per state.",
        "how": "model",
        "from": [],
        "key": ["place"],
        "fields": [
            {"name": "place", "type": "integer", "unit": "index", "title": LEVELS},
            *(
                {
                    "name": name,
                    "type": "string",
                    "unit": "text",
                    "title": {"ja": name, "en": name},
                    "labels": {level: {"ja": level, "en": level} for level in levels},
                }
                for name, levels in (
                    ("mill", ["as_study", "fine", "coarse"]),
                    ("price", ["as_study", "cheap"]),
                )
            ),
            *(
                {"name": name, "type": "number", "unit": "JPY/year", "title": LEVELS}
                for name in ("takings_jpy", "rent_jpy")
            ),
            {"name": "verdict", "type": "string", "unit": "text", "title": LEVELS},
        ],
    }
)
WHOLE = NoGroups().whole


def tried() -> pd.DataFrame:
    takings = [1.234e9, -6.17e8, 2.5e6, 1.25e6, 4e9, 166.4e9]
    return pd.DataFrame(
        {
            "mill": np.repeat(["as_study", "fine", "coarse"], 2),
            "price": ["as_study", "cheap"] * 3,
            "takings_jpy": takings,
            "rent_jpy": np.repeat([-1e6, -2e6, -3e6], 2),  # the price does not move it
            "verdict": ["gains" if yen > 0 else "loses" for yen in takings],
        }
    )


def payload(states: pd.DataFrame, **changes):
    parts = pd.DataFrame({"mill": ["as_study"], "code": ["a"], "share": [0.25]})
    panel = Panel.declared(ENTRY | changes)
    frames = {"tried": states, "parts": parts}
    return panel_payload(panel, {"tried": CONTRACT}, frames, {}, WHOLE)


def looked_up(packed, name: str, places: list[int], sizes: tuple[int, ...]) -> str:
    """What a page shows of a state, found as its script does."""
    column = next(column for column in packed["columns"] if column["name"] == name)
    at = np.frombuffer(base64.b64decode(column["at"]), dtype="<u2")
    return packed["texts"][at[np.dot(places, column["steps"])]]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_state_reads_as_its_table_would_be_written(lang):
    states = tried()
    packed = payload(states)["states"][lang]
    for row, state in enumerate(states.to_dict("records")):
        places = [row // 2, row % 2]
        for name in ("takings_jpy", "rent_jpy"):
            said = looked_up(packed, name, places, (3, 2))
            assert said == format_value(state[name], "JPY", lang)
        assert looked_up(packed, "verdict", places, (3, 2)) == state["verdict"]


def test_a_column_is_kept_for_the_levers_alone_that_move_it():
    columns = {c["name"]: c for c in payload(tried())["states"]["en"]["columns"]}
    assert columns["rent_jpy"]["steps"] == [1, 0] and columns["takings_jpy"]["steps"] == [2, 1]


def test_presets_are_places_and_one_that_this_run_has_not_is_left_out():
    assert [preset["places"] for preset in payload(tried())["presets"]] == [[2, 1], [0, 1]]


def test_whose_share_is_not_known_takes_no_part():
    members = payload(tried())["members"]
    assert members["shares"] == [[0.25, None, None]]
    exact = np.frombuffer(base64.b64decode(members["exact"]), dtype="<i4") * members["scale"]
    assert np.allclose(exact, tried()["takings_jpy"], atol=100)


@pytest.mark.parametrize(
    "wrong", [tried().iloc[:-1], tried().sort_values("price"), tried().iloc[[0] * 6]]
)
def test_states_that_are_not_every_combination_in_order_are_refused(wrong):
    with pytest.raises(WordsFault, match="one row for each combination of mill, price"):
        payload(wrong.reset_index(drop=True))


def an_edition(lang: str = "en") -> Edition:
    return Edition(lang, Exhibits((), {}), group=WHOLE)


def shown(text: str) -> dict[str, object]:
    words = {"answer": {"gains": {"ja": text, "en": text}, "loses": {"ja": text, "en": text}}}
    return {"panel": payload(tried()), "panel_words": words}


def test_a_message_with_a_placeholder_that_no_column_fills_is_refused():
    with pytest.raises(ReportFault, match="no column profit_jpy in its states; there are: rent"):
        panel_view(shown("{profit_jpy:JPY}"), an_edition())
    assert panel_view(shown("{study_takings_jpy:JPY}"), an_edition())


def test_what_the_script_reads_cannot_end_its_element():
    view = panel_view(shown("</script><b>{takings_jpy:JPY}"), an_edition())
    assert view is not None and "<" not in view.data
    assert json.loads(view.data)["words"]["answer"]["gains"].startswith("</script>")


def test_a_lever_with_one_level_is_not_offered():
    one = tried().iloc[::2].reset_index(drop=True)
    view = panel_view({**shown("x"), "panel": payload(one)}, an_edition())
    assert view is not None and [lever.name for lever in view.levers] == ["mill"]


def test_an_exhibit_without_a_panel_has_none():
    assert Panel.declared(None) is None and panel_view({"form": "table"}, an_edition()) is None
    assert replace(Panel.declared(ENTRY), members=None).tables == ("tried",)
