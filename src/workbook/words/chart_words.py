"""The words a chart writes: its labels, the glossary, names of members and numbers, in one
language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook import units
from workbook.groups import Group
from workbook.study import study

MARK = "member-"  # how the names of members' marks begin in a picture


@dataclass(frozen=True)
class Words:
    """Everything a chart may write in one language, as it reads for the group under study.

    ``labels`` are the chart's own, ``terms`` the glossary, ``names`` the members' names by code.
    A key that neither the labels nor the glossary have is refused by name.

    >>> words = Words(
    ...     "en", {"axis": "Municipality"}, {"core": "core"}, {"141003": {"en": "Yokohama"}}
    ... )
    >>> words["axis"], words["core"], words.municipality("141003"), words.value(0.5, "share")
    ('Municipality', 'core', 'Yokohama', '50%')
    """

    lang: str
    labels: Mapping[str, str]
    terms: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    group: Group = field(default_factory=lambda: study().groups.whole)

    def __getitem__(self, key: str) -> str:
        if key in self.labels:
            return self.labels[key]
        if key in self.terms:
            return self.terms[key]
        raise KeyError(
            f"no label {key!r} in {self.lang}: add it to the chart's labels, "
            "the YAML file beside its module, or to the glossary"
        )

    def group_name(self, key: str) -> str:
        """Return the short name of a group (``short_…``), whichever is under study;
        ``rest_…`` of one that has lost members to a hand-made group.
        """
        kind = "rest" if self.group.has_taken_from(key) else "short"
        return self.labels[f"{kind}_{key}"]

    def municipality(self, code: str) -> str:
        """Return the member's name, or its code where no name is known."""
        return self.names.get(code, {}).get(self.lang, code)

    def mark_of(self, code: str) -> str:
        """Return the ``gid`` of a mark that a page sets off where it is the member chosen."""
        return MARK + code

    def value(self, number: float, unit: str, digits: int | None = None) -> str:
        """Return a number with its unit as this language writes it."""
        return units.format_value(number, unit, self.lang, digits)

    def axis(self, unit: str, largest: float | None = None) -> tuple[float, str]:
        """Return the divisor and the label of an axis that shows ``unit``, of money for one that
        goes up to ``largest``.
        """
        return units.axis(unit, self.lang, largest)

    def date(self, text: str) -> str:
        """Return an ISO day or month as this language writes it."""
        return units.written_date(text, self.lang)
