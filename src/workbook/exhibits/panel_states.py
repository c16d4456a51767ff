"""What a panel shows, made of the tables of a run: levers, states and presets, every number as its
reader sees it.

Numbers are written here, by `format_value`, and not on the page, so that both editions and all
tables write them alike. A page holds each text once and the place of every state's.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbook.exhibits.panel import Panel, Texts
from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.tables.contracts import Contract
from workbook.units import format_value, money_rules
from workbook.words.filling import Names
from workbook.words.messages import WordsFault
from workbook.words.nouns import in_language, told_in_all

EXACT_TO = 1e4  # yen: what a member's part is worked out from is kept to so much


def panel_payload(
    panel: Panel,
    contracts: Mapping[str, Contract],
    frames: Mapping[str, pd.DataFrame],
    names: Names,
    group: Group,
) -> dict[str, Any]:
    """Return a panel as the report shows it: levers and presets with their texts in every language,
    its states with their numbers written out.

    Refused: states that are not every combination of the levels, in their order.
    """
    states, fields = frames[panel.states], {f.name: f for f in contracts[panel.states].fields}
    levels = {name: [*dict.fromkeys(states[name])] for name in panel.levers}
    _require_whole(panel, states, levels)
    return {
        "levers": [
            {
                "name": name,
                "title": told_in_all(fields[name].title, group),
                "levels": [_level(level, fields[name].labels, group) for level in levels[name]],
            }
            for name in panel.levers
        ],
        "tiles": [
            {"title": told_in_all(t.title, group), "value": t.value, "low": t.low, "high": t.high}
            for t in panel.tiles
        ],
        "bars_title": told_in_all(panel.bars_title, group) if panel.bars_title else None,
        "bars": [
            {"name": name, "title": told_in_all(fields[name].title, group)} for name in panel.bars
        ],
        "presets": [*_presets(panel, states, levels, group)],
        "cases": [*dict.fromkeys(states[panel.case])],
        "states": {lang: _packed(panel, states, fields, lang) for lang in LANGUAGES},
        "members": _members(panel, frames, names, group),
    }


def _require_whole(panel: Panel, states: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> None:
    every = pd.MultiIndex.from_product(levels.values(), names=panel.levers)
    if not every.equals(pd.MultiIndex.from_frame(states[[*panel.levers]])):
        raise WordsFault(
            f"{panel.states}: a panel needs one row for each combination of"
            f" {', '.join(panel.levers)}, the last of them moving first"
        )


def _level(level: str, labels: Mapping[str, Texts], group: Group) -> dict[str, Any]:
    return {"name": level, **{lang: in_language(level, group, lang, labels) for lang in LANGUAGES}}


def _presets(
    panel: Panel, states: pd.DataFrame, levels: Mapping[str, Sequence[str]], group: Group
) -> Iterator[dict[str, Any]]:
    """Yield each preset with the places of its levels; one with a level that this run has not is
    left out.
    """
    for preset in panel.presets:
        if any(level not in levels[name] for name, level in preset.set.items()):
            continue
        chosen = {name: preset.set.get(name, levels[name][0]) for name in panel.levers}
        if preset.best:
            held = (states[[*preset.set]] == pd.Series(preset.set)).all(axis=1)
            chosen = states.loc[states.loc[held, preset.best].idxmax(), [*panel.levers]].to_dict()
        places = [levels[name].index(level) for name, level in chosen.items()]
        yield {"title": told_in_all(preset.title, group), "places": places}


def _packed(
    panel: Panel, states: pd.DataFrame, fields: Mapping[str, Any], lang: str
) -> list[dict[str, Any]]:
    """The columns as a page holds them: every text once, with a number that stands for it, and the
    place of each state's text.
    """
    return [
        _column(name, states[name], fields[name].unit, lang) for name in panel.columns
    ] + [_column(panel.case, states[panel.case], "text", lang)]


def _column(name: str, values: pd.Series, unit: str, lang: str) -> dict[str, Any]:
    written = [format_value(value, unit, lang) for value in values]
    texts = [*dict.fromkeys(written)]
    place = {text: i for i, text in enumerate(texts)}
    at = np.array([place[text] for text in written], dtype="<u1" if len(texts) < 257 else "<u2")
    packed = {"name": name, "texts": texts, "wide": at.itemsize, "at": _base64(at)}
    if unit != "text":
        first = values.to_numpy()[[written.index(text) for text in texts]]
        packed["numbers"] = [float(f"{value:.3g}") for value in first]
    return packed


def _base64(values: np.ndarray) -> str:
    return b64encode(values.tobytes()).decode("ascii")


def _members(
    panel: Panel, frames: Mapping[str, pd.DataFrame], names: Names, group: Group
) -> dict[str, Any] | None:
    """Who can be chosen, each one's share by level of the lever that says who takes part (None of
    one who does not), and what is shared, to ten thousand yen.
    """
    asked = panel.members
    if asked is None:
        return None
    states, table = frames[panel.states], frames[asked.table]
    shares = table.pivot(index="code", columns=asked.by, values="share")
    shares = shares.loc[[*dict.fromkeys(table["code"])], [*dict.fromkeys(states[asked.by])]]
    exact = np.round(states[[*asked.values]].to_numpy() / EXACT_TO).astype("<i4")
    return {
        "title": told_in_all(asked.title, group),
        "by": asked.by,
        "values": [*asked.values],
        "codes": [*shares.index],
        "names": [dict(names.get(code, dict.fromkeys(LANGUAGES, code))) for code in shares.index],
        "shares": shares.astype(object).where(shares.notna(), None).to_numpy().tolist(),
        "scale": EXACT_TO,
        "exact": _base64(exact),
        "money": {lang: money_rules("JPY/year", lang) for lang in LANGUAGES},
    }
