"""What a field of a declared table takes, and what it is filled from: a label of a closed list, a
time, a number of some kind, or text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from office_tables.layout import Column
from office_tables.numbers import UNITS, Period, bare_heading, period_of
from workbook.choices.faults import Fault
from workbook.study import study
from workbook.tables.contracts import Contract, Field

KIND_OF_UNIT = {
    "person": "person",
    "resident": "person",
    "share": "share",
    "ratio": "ratio",
    "household": "household",
    "km2": "area",
    "month": "month",
    "hour": "hour",
    "day": "day",
}
TIME_HEADING = re.compile(
    r"(?:年月日|基準日|時点|調査日|調査年|年次|年度|現在|日付|date|year)$|^年$|^時間軸|^time"
)
# kinds whose unit changes the number by a hundred or a thousand: never supposed
MUST_BE_NAMED = ("money", "share")
HEADINGS = {  # further headings of fields, besides their identifier and their titles
    "code": ("団体コード", "市区町村コード", "地方公共団体コード", "コード", "code"),
    "fiscal_year": ("年度", "会計年度", "決算年度", "年度区分"),
    "system_group": ("システム群", "システム区分", "区分", "分類", "systemgroup"),
    "cost_jpy": ("費用", "経費", "金額", "決算額", "ict費用", "ict経費", "cost"),
    "indicator": ("指標", "項目", "表章項目"),
    "period": ("時期", "年月日", "基準日", "時点"),
    "value": ("値", "数値"),
    "unit": ("単位",),
}
WHOLE = "all"  # the label, of a closed list that has it, for all the others together
LABELS = {  # further names of labels, besides their identifier and the glossary's
    "core": ("基幹", "基幹業務", "住民情報系"),
    "internal": ("内部情報", "内部事務系", "内部系"),
    "communication": ("コミュニケーション基盤",),
    "infrastructure": ("インフラストラクチャ", "ネットワーク・インフラ"),
    "data_use": ("データ活用", "データ利活用基盤"),
    WHOLE: ("合計", "総計", "総額", "総数", "計", "total", "sum"),
    "residents": ("人口", "住民基本台帳人口", "住基人口"),
    "expenditure": ("歳出総額", "歳出"),
    "revenue": ("歳入総額", "歳入"),
    "local_tax": ("地方税",),
    "general_administration_staff": ("一般行政部門職員数", "一般行政職員数"),
}
UNIT_OF_KIND = {"money": "JPY", "person": "person", "share": "share", "household": "household"}


@dataclass(frozen=True)
class Wanted:
    """A field as the intake sees it: ``role`` is ``code``, ``label``, ``time``, ``number`` or
    ``text``.
    """

    field: Field
    role: str

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.name

    @property
    def kind(self) -> str:
        """The kind of unit that a number of this field has; ``mixed`` where each row names its
        own.
        """
        unit = self.field.unit
        return (
            "money"
            if unit.startswith("JPY")
            else "mixed"
            if unit == "mixed"
            else KIND_OF_UNIT.get(unit, "plain")
        )

    @property
    def headings(self) -> set[str]:
        """Every heading that means this field."""
        named = (
            self.name,
            self.name.replace("_", ""),
            *self.field.title.values(),
            *HEADINGS.get(self.name, ()),
        )
        return {bare_heading(text) for text in named}

    @cached_property
    def labels(self) -> dict[str, str]:
        """The identifier of each name that a label field's values have."""
        found, terms_of = dict[str, str](), study().glossary
        for value in self.field.limits.get("enum", ()):
            terms = [
                *self.field.labels.get(value, {}).values(),
                *terms_of.get(value, {}).values(),
                *LABELS.get(value, ()),
            ]
            for text in (value, value.replace("_", " "), *terms):
                found[bare_heading(str(text))] = value
        return found

    @property
    def has_whole(self) -> bool:
        """Whether the field's closed list has a label for all the others together."""
        return WHOLE in self.field.limits.get("enum", ())


def wanted_fields(contract: Contract) -> list[Wanted]:
    """Return the fields of a table with their roles."""
    return [Wanted(field, _role(field)) for field in contract.fields]


def _role(field: Field) -> str:
    if field.name == "code":
        return "code"
    if field.unit == "fiscal_year" or field.type == "date" or field.name == "period":
        return "time"
    if "enum" in field.limits:
        return "label"
    return "number" if field.type in ("number", "integer") else "text"


def label_in(text: str, wanted: Wanted, whole: bool) -> str:
    """Return the label that a text names, '' if none; a text that names two is a `ValueError`.

    ``whole`` asks for the text as a whole (a cell); otherwise the label may stand within it (a
    heading).
    """
    bare, labels = bare_heading(text), wanted.labels
    if whole:
        return labels.get(bare, "") or labels.get(bare.removesuffix("システム"), "")
    # a heading calls a column a total by its own words (`Column.total`)
    labels = {name: value for name, value in labels.items() if value != WHOLE}
    if bare in labels:
        return labels[bare]
    within = {name: value for name, value in labels.items() if name in bare}
    longest = {
        value
        for name, value in within.items()
        if not any(name != other and name in other for other in within)
    }
    if len(longest) > 1:
        raise ValueError(f"names {' and '.join(sorted(longest))} at once")
    return next(iter(longest), "")


def time_in(period: Period, wanted: Wanted, says_fiscal: bool) -> str:
    """Return a period in the form that a time field takes; a `ValueError` says why it is none.

    The trap: 令和3年 is the calendar year unless the heading says 年度; the two share nine months.
    """
    if wanted.field.unit == "fiscal_year":
        if period.kind == "day" or (period.kind != "fiscal" and not says_fiscal):
            raise ValueError(
                "does not say that it is a fiscal year: write 年度, or name it with --fill"
            )
        return str(period.year)
    if wanted.field.type == "date":
        if period.kind != "day":
            raise ValueError("is no day")
        return period.day
    return (
        period.day
        if period.kind == "day"
        else f"FY{period.year}"
        if period.kind == "fiscal" or says_fiscal
        else str(period.year)
    )


def constant(text: str, wanted: Wanted) -> str:
    """Return a value given by hand in the form its field takes; a `ValueError` says what is
    allowed.
    """
    if wanted.role == "label":
        label = label_in(text, wanted, whole=True)
        if not label:
            raise ValueError(f"is none of {', '.join(map(str, wanted.field.limits['enum']))}")
        return label
    if wanted.role == "time":
        period = period_of(text)
        if period is None:
            raise ValueError("is no year and no day")
        return time_in(period, wanted, says_fiscal=wanted.field.unit == "fiscal_year")
    if wanted.role == "number" and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError("is no plain number")
    return text


def factor_for(unit: str, kind: str) -> Decimal:
    """Return what a number in ``unit`` is multiplied by for a field of ``kind``; a `ValueError` if
    the kinds differ.
    """
    found, factor = UNITS[unit]
    if found != kind and not (kind == "ratio" and found == "share"):
        raise ValueError(f"counts {found}, the field takes {kind}")
    return factor


@dataclass(frozen=True)
class Hints:
    """What the user settles by hand: columns, units and constants by field, and headings to leave
    out.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    # field -> the field it follows, and how
    follows: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """A column of numbers, and what every number in it is about."""

    wanted: Wanted
    column: Column
    about: Mapping[str, str]


@dataclass
class Assignment:
    """What each field is filled from."""

    by_row: dict[str, Column] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    measures: list[Measure] = field(default_factory=list)
    left_out: list[tuple[Column, str]] = field(default_factory=list)
    # columns that add up the others: checked, then left out
    totals: list[Measure] = field(default_factory=list)
    # place of a total that is kept -> the columns it adds up
    parts: dict[int, list[Measure]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
