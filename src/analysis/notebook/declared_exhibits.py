"""The exhibits of each chapter as declared in ``notebook/shown``: the tables that each is drawn
from, and its chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.notebook.whole_files import Stamp, stamp_of
from analysis.notebook.lineage import entries_of
from analysis.notebook.whole_files import digest_of

FOLDER = Path(__file__).with_name("shown")


@dataclass(frozen=True)
class Exhibit:
    """An exhibit's tables in the order in which its chart takes them; without a chart the first of
    them is the exhibit.
    """

    slug: str
    tables: tuple[str, ...]
    chart: str | None = None  # module and function in `analysis.charts`


def exhibits_of(stem: str, folder: Path = FOLDER) -> dict[str, Exhibit]:
    """Return a chapter's exhibits by slug, none where it declares none.

    >>> exhibits_of("procurement")["s-curve"].chart
    'procurement.plot_saving_curve'
    """
    path = folder / f"{stem}.yaml"
    return _declared(path, stamp_of(path)) if path.exists() else {}


@lru_cache(maxsize=64)
def _declared(path: Path, stamp: Stamp) -> dict[str, Exhibit]:
    """Return what a file declares; ``stamp`` has an edited one read again."""
    entries = dict(entries_of(path.read_text(encoding="utf-8")))
    return {
        slug: Exhibit(slug, tuple(entry["tables"]), entry.get("chart"))
        for slug, entry in entries.items()
    }


def tables_digest(stem: str, folder: Path = FOLDER) -> str:
    """Return what stands for the tables behind a chapter's exhibits: their standing and sources
    follow them, a chart does not count.
    """
    return digest_of({slug: exhibit.tables for slug, exhibit in exhibits_of(stem, folder).items()})
