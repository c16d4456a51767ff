"""What the bakery's report says first."""

from __future__ import annotations

from workbook.summary import Facts, Sentence, Summary, Tile


class Summarised:
    """The summary of a run of the bakery."""

    def of(self, facts: Facts) -> Summary | None:
        """Return the summary, None where no bread was baked."""
        central = facts.row("bread", case="central")
        if central is None:
            return None
        takings = facts.results["takings"]
        values = {"loaves": central["loaves"], "takings": takings["value"]}
        tile = Tile(
            Sentence("tile-takings"),
            takings["value"],
            "JPY",
            "takings-by-loss",
            takings["standing"],
            facts.row("bread", case="high")["takings_jpy"],
            facts.row("bread", case="low")["takings_jpy"],
            "cases",
        )
        unknown = (Sentence("unknown-loss", {"from": "<the mill>"}),)
        return Summary(Sentence("answer", values), (tile,), "takings-by-loss", unknown=unknown)
