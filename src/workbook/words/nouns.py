"""The nouns of the group under study: what every text calls it and its members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.study import study

_BARE = re.compile(r"{([A-Za-z_]+)}")
Texts = Mapping[str, str]


def told(text: str, group: Group, lang: str) -> str:
    """Return a text with the nouns of a group in it; every other placeholder stays."""
    return filled_with(text, group.nouns(lang)) if "{" in text else text


def filled_with(text: str, nouns: Texts) -> str:
    """Return a text with nouns in place of the placeholders that have their names.

    >>> filled_with("{The_group}: {n} of {all}", {"the_group": "the towns", "all": "9 towns"})
    'The towns: {n} of 9 towns'
    """
    return _BARE.sub(lambda found: _noun(found[1], nouns) or found[0], text)


def _noun(name: str, nouns: Texts) -> str:
    """Return the noun of a placeholder, with a capital where its name has one; blank if it is
    none.
    """
    noun = nouns.get(name[0].lower() + name[1:], "")
    return noun[:1].upper() + noun[1:] if name[0].isupper() else noun


def told_in_all(texts: Texts, group: Group) -> dict[str, str]:
    """Return a text of every language with the nouns of a group in it."""
    return {lang: told(text, group, lang) for lang, text in texts.items()}


def in_language(
    key: str, group: Group, lang: str, declared: Mapping[str, Texts] | None = None
) -> str:
    """Return a term of the glossary, or of the ``declared`` labels of a column, as it reads for a
    group; a term that names the group is its own name.
    """
    own = group.own_name(key, lang)
    texts = {**study().glossary, **(declared or {})}
    return told(texts[key][lang], group, lang) if own is None else own


def glossary(group: Group | None = None) -> dict[str, dict[str, str]]:
    """Return every term of the glossary as it reads for a group, by identifier and language."""
    group = study().groups.whole if group is None else group
    return {
        key: {lang: in_language(key, group, lang) for lang in LANGUAGES} for key in study().glossary
    }


def joined(texts: Iterable[str], lang: str) -> str:
    """Return texts as a language lists them."""
    *first, last = texts
    if lang == "ja":
        return "と".join([*first, last])
    return " and ".join(filter(None, (", ".join(first), last)))
