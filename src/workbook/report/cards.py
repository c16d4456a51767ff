"""The cards of an exhibit that is read one question at a time, as the template takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.units import format_value

# where a quantity of this unit says that nothing changes, else nought; an index may lie anywhere
NOTHING = {"ratio": 1.0, "index": None, "level": None}
MARGIN = 0.04  # of the bar, on both sides


@dataclass(frozen=True)
class RangeBar:
    """A result within its range, in per cent of the bar's width; ``nothing`` marks no change, where
    the unit says where that is.
    """

    start: float
    width: float
    value: float
    nothing: float | None


@dataclass(frozen=True)
class Card:
    """One question with its answer, as its reader sees them; blank where it says nothing."""

    question: Markup
    figure: str
    bar: RangeBar | None
    interval: Markup
    answer: Markup
    rivals: Markup
    change: Markup
    link: Markup


@dataclass(frozen=True)
class CardsView:
    """All cards of an exhibit, and what their lines are called."""

    rivals: Markup
    change: Markup
    cards: tuple[Card, ...]


def cards_view(payload: dict[str, Any], edition: Edition) -> CardsView | None:
    """Return the cards of an exhibit for an edition, or None where it has none."""
    declared = payload.get("cards")
    if declared is None:
        return None
    columns = {column["name"]: column for column in payload["tables"][0]["columns"]}
    rows = [dict(zip(columns, row, strict=True)) for row in payload["tables"][0]["rows"]]
    titles = {
        name: edition.marked(edition.chosen(columns[f"{declared[name]}_{edition.lang}"]["title"]))
        for name in ("rivals", "change")
    }
    cards = tuple(_card(row, declared, edition) for row in rows)
    return CardsView(titles["rivals"], titles["change"], cards)


def _card(row: Mapping[str, Any], declared: Mapping[str, str], edition: Edition) -> Card:
    def text(name: str) -> Markup:
        said = row[f"{declared[name]}_{edition.lang}"]
        return edition.marked("" if said in (None, "–") else said)

    result = edition.exhibits.results.get(row[declared["result"]], {})
    value = result.get("value")
    return Card(
        text("question"),
        "" if value is None else format_value(value, result["unit"], edition.lang),
        range_bar(result),
        text("interval"),
        text("answer"),
        text("rivals"),
        text("change"),
        _link(str(row[declared["exhibit"]]), edition),
    )


def _link(number: str, edition: Edition) -> Markup:
    held = edition.exhibits.by_name(number)
    return (
        edition.link(held["slug"])
        if held
        else edition.marked(edition.word("exhibit", number=number))
    )


def range_bar(result: Mapping[str, Any]) -> RangeBar | None:
    """Return a result's range, drawn from where nothing changes; None where it has none.

    >>> range_bar({"value": 0.0, "low": -1.0, "high": 1.0, "unit": "share"})
    RangeBar(start=4.0, width=92.0, value=50.0, nothing=50.0)
    """
    value, low, high = (result.get(name) for name in ("value", "low", "high"))
    if value is None or low is None or high is None or low == high:
        return None
    nothing = NOTHING.get(result["unit"], 0.0)
    ends = [end for end in (low, high, nothing) if end is not None]
    first, last = min(ends), max(ends)

    def place(number: float) -> float:
        return round(100 * (MARGIN + (1 - 2 * MARGIN) * (number - first) / (last - first)), 1)

    width = round(place(high) - place(low), 1)
    return RangeBar(place(low), width, place(value), None if nothing is None else place(nothing))
