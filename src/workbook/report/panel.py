"""A panel as the template takes it: its controls, and the data that its script looks up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.faults import require_none
from workbook.words.messages import PLACEHOLDER

STUDYS_OWN = "study_"  # begins what is said of the first state: study_net_p50_jpy


@dataclass(frozen=True)
class Choice:
    """A list to choose from: its name, its label, its options by value."""

    name: str
    label: Markup
    options: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True)
class PanelView:
    """A panel of an edition; ``data`` is what its script reads, as JSON that may stand in HTML."""

    levers: tuple[Choice, ...]
    presets: tuple[Markup, ...]
    tiles: tuple[Markup, ...]
    bars_title: Markup
    bars: tuple[Markup, ...]
    members: Choice | None
    data: Markup


def panel_view(payload: dict[str, Any], edition: Edition) -> PanelView | None:
    """Return the panel of an exhibit for an edition, or None where it has none."""
    panel = payload.get("panel")
    if panel is None:
        return None
    chosen = edition.chosen
    levers = tuple(
        Choice(
            lever["name"],
            edition.marked(chosen(lever["title"])),
            tuple((level["name"], edition.marked(chosen(level))) for level in lever["levels"]),
        )
        for lever in panel["levers"]
        if len(lever["levels"]) > 1
    )
    return PanelView(
        levers,
        tuple(edition.marked(chosen(preset["title"])) for preset in panel["presets"]),
        tuple(edition.marked(chosen(tile["title"])) for tile in panel["tiles"]),
        edition.marked(chosen(panel["bars_title"])),
        tuple(edition.marked(chosen(bar["title"])) for bar in panel["bars"]),
        _members(panel["members"], edition),
        _data(panel, payload.get("panel_words", {}), edition),
    )


def _members(members: dict[str, Any] | None, edition: Edition) -> Choice | None:
    if members is None:
        return None
    named = zip(members["codes"], members["names"], strict=True)
    options = tuple((code, edition.marked(edition.chosen(name))) for code, name in named)
    return Choice("member", edition.marked(edition.chosen(members["title"])), options)


def _data(panel: dict[str, Any], words: dict[str, Any], edition: Edition) -> Markup:
    lang, members = edition.lang, panel["members"]
    data = {
        "levers": [
            [lever["name"], [level["name"] for level in lever["levels"]]]
            for lever in panel["levers"]
        ],
        **panel["states"][lang],
        "cases": panel["cases"],
        "tiles": [[tile["value"], tile["low"], tile["high"]] for tile in panel["tiles"]],
        "bars": [bar["name"] for bar in panel["bars"]],
        "presets": [preset["places"] for preset in panel["presets"]],
        "range": edition.word("interval", low="{low}", high="{high}"),
        "words": {
            part: {case: edition.plain(texts[lang]) for case, texts in cases.items()}
            for part, cases in words.items()
        },
        "members": members
        and {
            **{name: members[name] for name in ("by", "values", "shares", "scale", "exact")},
            "money": members["money"][lang],
        },
    }
    _require_filled(data)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _require_filled(data: dict[str, Any]) -> None:
    """Refuse a message with a placeholder that the panel has no column for."""
    of_states = {column["name"] for column in data["columns"]}
    known = {"answer": of_states, "member": {"member", *(data["members"] or {}).get("values", ())}}
    require_none(
        f"a panel's message {part}: no column {name} in its states; there are:"
        f" {', '.join(sorted(known[part]))}"
        for part, cases in data["words"].items()
        for text in cases.values()
        for name, _ in PLACEHOLDER.findall(text)
        if name.removeprefix(STUDYS_OWN) not in known[part]
    )
