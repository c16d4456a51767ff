"""What a panel shows, from the tables of a run: levers, states and presets, every number as its
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
from workbook.tables.contracts import Contract, Field
from workbook.units import format_value, money_rules
from workbook.words.filling import Names
from workbook.words.messages import WordsFault
from workbook.words.nouns import in_language, told_in_all

LARGEST = 2**31 - 1


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
    sizes = [len(named) for named in levels.values()]
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
        "states": {lang: _packed(panel, states, fields, sizes, lang) for lang in LANGUAGES},
        "members": _members(panel, frames, fields, names, group),
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
    panel: Panel,
    states: pd.DataFrame,
    fields: Mapping[str, Field],
    sizes: Sequence[int],
    lang: str,
) -> dict[str, Any]:
    """The states as a page holds them: every text once, with a number that stands for it (nought
    for a case), and for each column the places of its states' texts, the case's column last.
    """
    known: dict[str, float] = {}
    shown = [*((name, _unit(panel, fields[name])) for name in panel.columns), (panel.case, "text")]
    columns = []
    for name, unit in shown:
        written = [format_value(value, unit, lang) for value in states[name]]
        numbers = states[name] if unit != "text" else [0] * len(states)
        for text, number in zip(written, numbers, strict=True):
            known.setdefault(text, float(f"{number:.3g}"))
        columns.append((name, written))
    place = {text: i for i, text in enumerate(known)}
    return {
        "texts": [*known],
        "numbers": [*map(_short, known.values())],
        "columns": [
            _column(name, [place[text] for text in written], sizes) for name, written in columns
        ],
    }


def _unit(panel: Panel, field: Field) -> str:
    return panel.units.get(field.unit, field.unit)


def _column(name: str, places: Sequence[int], sizes: Sequence[int]) -> dict[str, Any]:
    """One column's places, for the levers alone that move it; ``steps`` says how far each does."""
    at = np.reshape(places, sizes)
    moving = [axis for axis, size in enumerate(sizes) if (at != at.take([0], axis)).any()]
    steps = [
        int(np.prod([sizes[other] for other in moving if other > axis])) if axis in moving else 0
        for axis in range(len(sizes))
    ]
    kept = at[tuple(slice(None) if axis in moving else 0 for axis in range(len(sizes)))]
    return {"name": name, "steps": steps, "at": _base64(np.asarray(kept).astype("<u2"))}


def _short(number: float) -> float | int:
    """A number in as few letters as JSON can say it."""
    return int(number) if number == int(number) else number


def _base64(values: np.ndarray) -> str:
    return b64encode(values.tobytes()).decode("ascii")


def _members(
    panel: Panel,
    frames: Mapping[str, pd.DataFrame],
    fields: Mapping[str, Field],
    names: Names,
    group: Group,
) -> dict[str, Any] | None:
    """Who can be chosen, each one's share by level of the lever that says who takes part (None of
    one who does not), and what is shared, in whole numbers of ``scale``.
    """
    asked = panel.members
    if asked is None:
        return None
    states, table = frames[panel.states], frames[asked.table]
    shares = table.pivot(index="code", columns=asked.by, values="share")
    codes, levels = dict.fromkeys(table["code"]), dict.fromkeys(states[asked.by])
    shares = shares.reindex(index=[*codes], columns=[*levels])
    shared = states[[*asked.values]].to_numpy(float)
    unit = _unit(panel, fields[asked.values[0]])
    scale = float(np.abs(shared).max(initial=0.0)) / LARGEST or 1.0
    return {
        "title": told_in_all(asked.title, group),
        "by": asked.by,
        "values": [*asked.values],
        "codes": [*shares.index],
        "names": [dict(names.get(code, dict.fromkeys(LANGUAGES, code))) for code in shares.index],
        "shares": shares.astype(object).where(shares.notna(), None).to_numpy().tolist(),
        "scale": scale,
        "exact": _base64(np.round(shared / scale).astype("<i4")),
        "money": {lang: money_rules(unit, lang) for lang in LANGUAGES},
    }
