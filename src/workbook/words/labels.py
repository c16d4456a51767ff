"""The labels of the charts: next to each chart module of a chapter, in a YAML file of its name,
both languages together.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from workbook.declarations import entries_of
from workbook.groups import Group
from workbook.study import study
from workbook.whole_files import Stamp, stamp_of
from workbook.words.chart_words import Words
from workbook.words.nouns import in_language, told

Texts = Mapping[str, str]


def labels_file(module: str, chapters: Path | None = None) -> Path:
    """Return the file that holds the labels of a chart module, named below the chapters."""
    return (chapters or study().chapters).joinpath(*module.split(".")).with_suffix(".yaml")


def labels_of(module: str, chapters: Path | None = None) -> dict[str, Texts]:
    """Return the labels of a chart module in every language, by key.

    >>> labels_of("procurement.charts")["target"]["en"]
    'target'
    """
    path = labels_file(module, chapters)
    return _read(path, stamp_of(path))


@lru_cache(maxsize=64)
def _read(path: Path, stamp: Stamp) -> dict[str, Texts]:
    """Return what a file holds; ``stamp`` has an edited one read again."""
    return dict(entries_of(path.read_text(encoding="utf-8")))


def chart_words(
    module: str,
    lang: str,
    names: Mapping[str, Texts] | None = None,
    group: Group | None = None,
) -> Words:
    """Return everything the charts of a module may write in one language for a group."""
    group = study().groups.whole if group is None else group
    labels = {key: told(text[lang], group, lang) for key, text in labels_of(module).items()}
    terms = {key: in_language(key, group, lang) for key in study().glossary}
    return Words(lang, labels, terms, names or {}, group)
