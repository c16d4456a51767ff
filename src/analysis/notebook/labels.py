"""The labels of the charts: one YAML file a chart module in ``charts/labels``, both languages
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from analysis.charts.words import Words
from analysis.municipalities import SPECIAL_WARDS, Group
from analysis.notebook.lineage import entries_of
from analysis.notebook.nouns import term, told
from analysis.notebook.whole_files import Stamp, stamp_of
from analysis.terms import TERMS

FOLDER = Path(__file__).parents[1] / "charts" / "labels"
Texts = Mapping[str, str]


def labels_file(module: str, folder: Path = FOLDER) -> Path:
    """Return the file that holds the labels of a chart module."""
    return folder / f"{module}.yaml"


def labels_of(module: str, folder: Path = FOLDER) -> dict[str, Texts]:
    """Return a chart module's labels in every language, by key.

    >>> labels_of("procurement")["target"]["en"]
    'target'
    """
    path = labels_file(module, folder)
    return _read(path, stamp_of(path))


@lru_cache(maxsize=64)
def _read(path: Path, stamp: Stamp) -> dict[str, Texts]:
    """Return what a file holds; ``stamp`` has an edited one read again."""
    return dict(entries_of(path.read_text(encoding="utf-8")))


def chart_words(
    module: str, lang: str, names: Mapping[str, Texts] | None = None, group: Group = SPECIAL_WARDS
) -> Words:
    """Return everything the charts of a module may write in one language for a group of bodies."""
    labels = {key: told(text[lang], group, lang) for key, text in labels_of(module).items()}
    terms = {key: term(key, group, lang) for key in TERMS}
    return Words(lang, labels, terms, names or {}, group)
