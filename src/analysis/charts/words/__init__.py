"""The words a chart writes: chapter labels, the glossary, names of bodies and numbers, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis import units
from analysis.municipalities import CHOSEN, SPECIAL_WARDS, Group
from analysis.terms import TERMS


@dataclass(frozen=True)
class Words:
    """Everything a chart may write in one language.

    ``chapter`` holds the chapter's labels by language, ``names`` the bodies' names by code and language; labels are
    written for the special wards and retold for another ``group``.
    A key that neither the chapter nor the glossary has is refused by name.

    >>> words = Words("en", {"ja": {"axis": "団体"}, "en": {"axis": "Body"}}, {"131130": {"ja": "渋谷区", "en": "Shibuya"}})
    >>> words["axis"], words["core"], words.municipality("131130"), words.value(0.5, "share")
    ('Body', 'core', 'Shibuya', '50%')
    """

    lang: str
    chapter: Mapping[str, Mapping[str, str]]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    group: Group = SPECIAL_WARDS

    def __getitem__(self, key: str) -> str:
        own = self.chapter[self.lang]
        if key in own:
            return self.group.retold(own[key], self.lang)
        if key in TERMS:
            return self.group.term(TERMS, key, self.lang)
        raise KeyError(f"no word for {key!r} in {self.lang}: add it to the chapter's words or to the glossary")

    def group_name(self, key: str) -> str:
        """Return the chapter's short name of a group of bodies, whichever is under study (``short_…``, or ``rest_…`` of one
        that has lost members to a hand-made group)."""
        own = self.chapter[self.lang]
        return own["short_chosen"] if key == CHOSEN else own[f"rest_{key}" if key in self.group.split else f"short_{key}"]

    def municipality(self, code: str) -> str:
        """Return the body's name, or its code where no name is known."""
        return self.names.get(code, {}).get(self.lang, code)

    def value(self, number: float, unit: str, digits: int | None = None) -> str:
        """Return a number with its unit as this language writes it."""
        return units.format_value(number, unit, self.lang, digits)

    def axis(self, unit: str) -> tuple[float, str]:
        """Return the divisor and the label of an axis that shows ``unit``."""
        return units.axis(unit, self.lang)
