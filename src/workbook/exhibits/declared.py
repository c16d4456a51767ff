"""The exhibits of each chapter as its ``exhibits.yaml`` declares them: the tables that each is
drawn from, and its chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbook.declarations import entries_of
from workbook.exhibits.cards import Cards
from workbook.exhibits.pages import Pages
from workbook.exhibits.panel import Panel
from workbook.study import study
from workbook.whole_files import Stamp, digest_of, stamp_of

FILE = "exhibits.yaml"


@dataclass(frozen=True)
class Exhibit:
    """An exhibit's tables in the order in which its chart takes them; without a chart the first of
    them is the exhibit.

    ``chart`` names a function of the chapter's folder: ``charts.plot_saving_curve``. An exhibit of
    the ``annex`` stands in the report's second file, under the number it has anyway. A ``panel``
    stands above its table where the page has a script; with ``pages`` the first table is read one
    member at a time, with ``cards`` one question at a time.

    >>> curve = Exhibit("s-curve", ("saving_curve",), "charts.plot_saving_curve", "procurement")
    >>> curve.module.partition(".")[2], curve.plot
    ('chapters.procurement.charts', 'plot_saving_curve')
    """

    slug: str
    tables: tuple[str, ...]
    chart: str | None = None
    stem: str = ""
    annex: bool = False
    panel: Panel | None = None
    pages: Pages | None = None
    cards: Cards | None = None

    @property
    def module(self) -> str:
        """The module of its chart."""
        return self.function.rpartition(".")[0]

    @property
    def charts(self) -> str:
        """The module of its chart as its labels are asked for: below the chapters."""
        return f"{self.stem}.{str(self.chart).split('.')[0]}"

    @property
    def plot(self) -> str:
        """The function in that module."""
        return self.function.rpartition(".")[2]

    @property
    def function(self) -> str:
        """The dotted name of its chart; blank where its table is the exhibit."""
        return f"{study().package}.chapters.{self.stem}.{self.chart}" if self.chart else ""


def exhibits_of(stem: str, chapters: Path | None = None) -> dict[str, Exhibit]:
    """Return a chapter's exhibits by slug, none where it declares none.

    >>> exhibits_of("procurement")["s-curve"].chart
    'charts.plot_saving_curve'
    """
    path = (chapters or study().chapters) / stem / FILE
    return _declared(path, stamp_of(path)) if path.exists() else {}


@lru_cache(maxsize=64)
def _declared(path: Path, stamp: Stamp) -> dict[str, Exhibit]:
    """Return what a file declares; ``stamp`` has an edited one read again."""
    entries = dict(entries_of(path.read_text(encoding="utf-8")))
    return {
        slug: Exhibit(
            slug,
            tuple(entry["tables"]),
            entry.get("chart"),
            path.parent.name,
            bool(entry.get("annex")),
            Panel.declared(entry.get("panel")),
            Pages.declared(entry.get("pages")),
            Cards.declared(entry.get("cards")),
        )
        for slug, entry in entries.items()
    }


def tables_digest(stem: str, chapters: Path | None = None) -> str:
    """Return what stands for the tables behind a chapter's exhibits: their standing and sources
    follow them, a chart does not count.
    """
    return digest_of(
        {slug: exhibit.tables for slug, exhibit in exhibits_of(stem, chapters).items()}
    )
