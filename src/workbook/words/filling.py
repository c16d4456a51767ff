"""Placeholders filled: a value of a run as each language writes it, a noun as the group under study
is called.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbook import units
from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.study import study
from workbook.words.messages import MAIN, OTHER_GROUP, PLACEHOLDER, TEXT, Words, WordsFault
from workbook.words.nouns import in_language, joined, told

Texts = dict[str, str]
Names = Mapping[str, Mapping[str, str]]
FRAGMENT = re.compile(r"( ?){([a-z_][a-z0-9_]*):words}")


@dataclass(frozen=True)
class Range:
    """An interval that a sentence says as one value: ``{range:JPY}``."""

    low: float
    high: float


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: a number, None for one that is not known, a text, a list, or
    a range as an object.

    >>> plain(Range(1, 2.5)), plain(float("nan")), plain("core"), plain(("core", "price"))
    ({'low': 1, 'high': 2.5}, None, 'core', ['core', 'price'])
    """
    if isinstance(value, Range):
        return {"low": plain(value.low), "high": plain(value.high)}
    if isinstance(value, Mapping):
        return {name: plain(own) for name, own in value.items()}
    if isinstance(value, list | tuple):
        return [plain(own) for own in value]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return None if math.isnan(value) else float(value)
    raise TypeError(
        f"a {type(value).__name__} is no value of a sentence: give a number, a Range, an identifier"
        " or a text"
    )


def texts(
    words: Words,
    slug: str,
    case: str,
    part: str,
    values: Mapping[str, Any],
    names: Names,
    group: Group,
) -> Texts:
    """Return one part of a message, filled, in every language.

    `WordsFault` names message, language and placeholder.
    """
    message, found = words[slug], {}
    for lang in LANGUAGES:
        try:
            parts = message[lang].parts(case)
            if part not in parts:
                raise WordsFault(f"has no {part}")
            text = _with_fragments(parts[part], words, lang, values)
            found[lang] = filled(text, values, lang, names, group)
        except WordsFault as fault:
            file = f"notebooks/words/{words.chapter}.{lang}.md"
            raise WordsFault(f"{file}: {slug}: {fault}") from None
    return found


def _with_fragments(text: str, words: Words, lang: str, values: Mapping[str, Any]) -> str:
    """Return a text with the messages in it that values name (``{name:words}``).

    They are filled later, with the same values.
    """

    def put(found: re.Match[str]) -> str:
        if found[2] not in values:
            raise WordsFault(f"no value for {found[2]}; there are: {', '.join(sorted(values))}")
        slug = values[found[2]]
        return found[1] + words[slug][lang].parts()[TEXT] if slug else ""

    return FRAGMENT.sub(put, text)


def words_of_tables(words: Words, beginnings: tuple[str, ...], group: Group) -> dict[str, Texts]:
    """Return the messages that begin so, by language and slug, their placeholders without units.

    For another group than the whole the case ``other-group`` stands, where there is one.
    """
    found: dict[str, Texts] = {lang: {} for lang in LANGUAGES}
    for lang, messages in words.messages.items():
        for slug, message in messages.items():
            if slug.startswith(beginnings):
                other = OTHER_GROUP in message.cases and not group.is_whole
                text = told(message.parts(OTHER_GROUP if other else MAIN)[TEXT], group, lang)
                found[lang][slug] = PLACEHOLDER.sub(r"{\1}", text)
    return found


def templates(words: Words, slug: str, group: Group) -> dict[str, Texts]:
    """Return every case of a message in every language, its nouns filled and its values not."""
    message = words[slug]
    return {
        case: {lang: told(own.parts(case)[TEXT], group, lang) for lang, own in message.items()}
        for case in next(iter(message.values())).cases
    }


def filled(
    text: str,
    values: Mapping[str, Any],
    lang: str,
    names: Names,
    group: Group | None = None,
) -> str:
    """Return a text with every placeholder filled by the value of its name, in the unit that the
    text gives it.

    >>> (
    ...     filled("{x:share}だ", {"x": {"low": 0.12, "high": 0.2}}, "ja", {}),
    ...     filled("{x:JPY/year}", {"x": 3e9}, "en", {}),
    ... )
    ('12%～20%だ', '3 billion yen a year')
    """
    group = study().groups.whole if group is None else group
    named = told(text, group, lang)
    used = dict(PLACEHOLDER.findall(named))
    if missing := [name for name, unit in used.items() if not unit]:
        raise WordsFault(
            f"no noun of a group is called {', '.join(missing)}; "
            f"there are: {', '.join(sorted(group.nouns(lang)))}"
        )
    if missing := [name for name in used if name not in values]:
        raise WordsFault(
            f"no value for {', '.join(missing)}; there are: {', '.join(sorted(values))}"
        )
    try:
        full = PLACEHOLDER.sub(
            lambda found: written(values[found[1]], found[2], lang, names, group), named
        )
    except KeyError as unknown:
        raise WordsFault(f"nothing is called {unknown}; write it into the glossary") from None
    return group.agreeing(full, lang)


def written(value: Any, unit: str, lang: str, names: Names, group: Group) -> str:
    """Return one value as a language writes it in a unit; what is not known is a dash."""
    if value is None or value == []:
        return units.format_value(None, "count", lang)
    if unit == "text":
        return str(value.get(lang, "") if isinstance(value, Mapping) else value)
    if unit == "terms":
        return joined([in_language(key, group, lang) for key in value], lang)
    if unit == "term":
        return in_language(value, group, lang)
    if unit == "code":
        return names[value][lang]
    if isinstance(value, Mapping):
        return units.format_range(value["low"], value["high"], unit, lang)
    return units.format_value(value, unit, lang)
