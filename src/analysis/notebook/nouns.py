"""The nouns of the group under study: what every text calls it and its bodies, from one table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.municipalities import CHOSEN, SPECIAL_WARDS, WARDS, Group
from analysis.notebook.exhibit_output import LANGUAGES
from analysis.notebook.lineage import entries_of
from analysis.terms import TERMS

if TYPE_CHECKING:
    import pandas as pd

FILE = Path(__file__).with_name("nouns.yaml")
PLAN_TABLES = ("workplan", "body_duties", "consolidation_targets")  # the report's plan, in words
_BARE = re.compile(r"{([A-Za-z_]+)}")
Texts = Mapping[str, str]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return dict(entries_of(FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=64)
def nouns_of(group: Group, lang: str) -> Texts:
    """Return every noun of a group in one language, by the name of its placeholder.

    >>> five = Group("chosen", ("a", "b", "c", "d", "e"), "city")
    >>> nouns_of(five, "en")["the_group"], nouns_of(SPECIAL_WARDS, "ja")["all_municipalities"]
    ('the 5 chosen cities', '23区')
    """
    table = _table()
    aim = table["yardsticks"]["target" if group.published else "cost"]
    one = table["alone"] if len(group.codes) == 1 else {}
    raw = {**table["groups"][group.key], **table["bodies"][group.noun], **aim, **one}
    found = {"n": str(len(group.codes))}
    for name in sorted(raw, key=lambda name: "{" in raw[name][lang].replace("{n}", "")):
        found[name] = _filled(raw[name][lang], found)
    peers = joined([term(key, group, lang) for key in group.others], lang)
    return {name: text for name, text in {**found, "peers": peers}.items() if name != "n"}


def told(text: str, group: Group, lang: str) -> str:
    """Return a text with the nouns of a group in it; every other placeholder stays.

    >>> told("{The_group}: {n} of {all_municipalities}", SPECIAL_WARDS, "en")
    'The special wards: {n} of 23 wards'
    """
    return _filled(text, nouns_of(group, lang)) if "{" in text else text


def _filled(text: str, nouns: Texts) -> str:
    return _BARE.sub(lambda found: _noun(found[1], nouns) or found[0], text)


def _noun(name: str, nouns: Texts) -> str:
    """Return the noun of a placeholder, with a capital where its name has one; blank if it is
    none.
    """
    noun = nouns.get(name[0].lower() + name[1:], "")
    return noun[:1].upper() + noun[1:] if name[0].isupper() else noun


def agreeing(text: str, group: Group, lang: str) -> str:
    """Return a text in which the bodies of the group are singular where there is one.

    >>> agreeing("late in 1 wards, of 21 wards", SPECIAL_WARDS, "en")
    'late in 1 ward, of 21 wards'
    """
    nouns = nouns_of(group, lang)
    many = rf"(?<![\d.,])1 {nouns['municipalities']}\b"
    return re.sub(many, f"1 {nouns['municipality']}", text)


def told_in_all(texts: Texts, group: Group) -> dict[str, str]:
    """Return a text of every language with the nouns of a group in it."""
    return {lang: told(text, group, lang) for lang, text in texts.items()}


def term(key: str, group: Group, lang: str, declared: Mapping[str, Texts] | None = None) -> str:
    """Return a term of the glossary, or of the ``declared`` labels of a column, as it reads for a
    group; a group of bodies is called by its own name.
    """
    if key == CHOSEN or key == group.key != WARDS:
        return nouns_of(group, lang)["group"]
    if key in group.split:
        return _table()["rest"][key][lang]
    return told({**TERMS, **(declared or {})}[key][lang], group, lang)


def glossary(group: Group = SPECIAL_WARDS) -> dict[str, dict[str, str]]:
    """Return every term of the glossary as it reads for a group, by identifier and language."""
    return {key: {lang: term(key, group, lang) for lang in LANGUAGES} for key in TERMS}


def plan_told(frame: pd.DataFrame, group: Group) -> pd.DataFrame:
    """Return a table of the report's plan with the nouns of a group in its texts."""
    columns = [name for name in frame if name.endswith(tuple(f"_{lang}" for lang in LANGUAGES))]
    return frame.assign(
        **{
            name: frame[name].map(
                lambda text, lang=name[-2:]: told(text, group, lang), na_action="ignore"
            )
            for name in columns
        }
    )


def joined(texts: Iterable[str], lang: str) -> str:
    """Return texts as a language lists them."""
    *first, last = texts
    if lang == "ja":
        return "と".join([*first, last])
    return " and ".join(filter(None, (", ".join(first), last)))
