"""The assumptions log: every judgement in the tables with its value, range, evidence grade, weight
in the run and owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbook.ranges import SECTION
from workbook.study import study
from workbook.tables.catalog import titles
from workbook.units import format_range, format_value
from workbook.weights import SET, Tables, Texts, Weight

ASSUMED = "assumed"
# other names of low, central, high
POINTS = {"low_months": "low", "mode_months": "central", "high_months": "high", "acts": "central"}
NOT_GRADED = "–"
SHOWN_ORDER = ("heavy", "middling", "unmeasured", "light", "idle")
ALIKE = ("low", "central", "high", "unit", "evidence_grade", "reasoning")
NOT_STATED = (
    "standing",
    "evidence_grade",
    "evidence_id",
    "reasoning",
    "reasoning_ja",
    "source",
    "unit",
    "published_on",
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Assumption:
    """One judgement; where several rows of a table say the same with the same reasons, ``rows``
    counts them. ``reasoning`` has the languages in which the table gives it: English always.
    """

    table: str
    table_title: Texts
    item: str
    name: Texts
    rows: int
    value: Texts
    range: Texts
    evidence_grade: str
    weight: str
    amount: float
    measured: Texts
    owner: Texts
    reasoning: Texts
    evidence: tuple[str, ...]


def assumptions_of(
    frames: Mapping[str, pd.DataFrame],
    resources: Mapping[str, dict[str, Any]],
    results: Tables,
    chosen: Mapping[str, Any],
    owners: Mapping[str, Texts],
    names: Mapping[str, Texts],
) -> list[Assumption]:
    """Return the log: what is heavy and weakly evidenced first, then in the order of the package.

    ``frames`` are the input tables by name, ``results`` the run's sensitivity tables as records,
    ``chosen`` its choices for the study, ``names`` what identifiers mean. Every row of a table that
    stands as assumed is counted in exactly one entry.
    """
    evidence = study().weights.evidence(frames)
    log: list[Assumption] = []
    for name, resource in resources.items():
        frame = frames.get(name)
        rows = (
            [row for row in frame.to_dict("records") if row["standing"] == ASSUMED]
            if frame is not None and "standing" in frame
            else []
        )
        log += _of_table(
            resource,
            [_renamed(row) for row in rows],
            results,
            chosen,
            owners[name],
            evidence,
            names,
        )
    return sorted(
        log,
        key=lambda entry: (SHOWN_ORDER.index(entry.weight), "DCBA–".index(entry.evidence_grade)),
    )


def _renamed(row: Row) -> Row:
    # NaN differs from itself
    return {
        POINTS.get(column, column): None if value != value else value
        for column, value in row.items()
    }


def _of_table(
    resource: dict[str, Any],
    rows: list[Row],
    results: Tables,
    chosen: Mapping[str, Any],
    owner: Texts,
    evidence: Mapping[str, list[str]],
    names: Mapping[str, Texts],
) -> Iterator[Assumption]:
    key = resource["schema"]["primaryKey"]
    key = [key] if isinstance(key, str) else key
    name = resource["name"]
    weighed = [
        (row, _weight(name, {part: row[part] for part in key}, results, chosen)) for row in rows
    ]
    for same in _alike(weighed, key):
        first, weight = same[0]
        item = " · ".join(str(first[name]) for name in key)
        yield Assumption(
            resource["name"],
            titles(resource),
            item,
            _name(first, key, len(same), names),
            len(same),
            _value(first) if _numbered(first) else _texts([row for row, _ in same], key),
            _range(first),
            str(first.get("evidence_grade") or NOT_GRADED),
            weight.grade,
            weight.amount,
            weight.measured,
            owner,
            _reasoning(first),
            tuple(evidence.get(item, ())),
        )


def _weight(
    table: str, key: Mapping[str, object], results: Tables, chosen: Mapping[str, Any]
) -> Weight:
    """Return the weight of a row: none where the reader has set the input instead."""
    ranges = study().ranges
    is_set = table in (ranges.table, *ranges.others) and key.get("input") in chosen.get(SECTION, {})
    return SET if is_set else study().weights.weight_of(table, key, results, chosen)


def _reasoning(row: Row) -> Texts:
    given = {"en": row.get("reasoning"), "ja": row.get("reasoning_ja")}
    return {lang: str(text) for lang, text in given.items() if text}


def _numbered(row: Row) -> bool:
    return "low" in row or "central" in row


def _alike(weighed: list[tuple[Row, Weight]], key: list[str]) -> Iterable[list[tuple[Row, Weight]]]:
    """Return the rows that say the same with the same reasons, in the order of the table; texts are
    taken together by grade.
    """
    groups: dict[tuple[Any, ...], list[tuple[Row, Weight]]] = {}
    for row, weight in weighed:
        columns = (*ALIKE, key[0]) if _numbered(row) else ("evidence_grade",)
        groups.setdefault((weight.grade, *(row.get(name) for name in columns)), []).append(
            (row, weight)
        )
    return groups.values()


def _name(row: Row, key: list[str], rows: int, names: Mapping[str, Texts]) -> Texts:
    more = {
        "ja": f" ほか{rows - 1}行" if rows > 1 else "",
        "en": f" and {rows - 1} more rows" if rows > 1 else "",
    }
    return {
        lang: (
            row.get(f"name_{lang}")
            or " · ".join(names.get(str(row[name]), {}).get(lang, str(row[name])) for name in key)
        )
        + more[lang]
        for lang in ("ja", "en")
    }


def _value(row: Row) -> Texts:
    if row.get("central") is None:
        return {"ja": "幅から抽出", "en": "drawn from its range"}
    return {lang: format_value(row["central"], row["unit"], lang) for lang in ("ja", "en")}


def _range(row: Row) -> Texts:
    if "low" not in row:
        return (
            {"ja": "幅なし（構造）", "en": "none: structural"}
            if _numbered(row)
            else {"ja": "幅なし（文章）", "en": "none: texts"}
        )
    return {lang: format_range(row["low"], row["high"], row["unit"], lang) for lang in ("ja", "en")}


def _texts(rows: list[Row], key: list[str]) -> Texts:
    """Return what rows without numbers of their own state: the few short values of each column, or
    that they are texts.
    """
    spans = []
    for column in rows[0]:
        values = sorted({str(row[column]) for row in rows if row[column] is not None})
        if (
            column not in (*key, *NOT_STATED)
            and not column.startswith("name_")
            and 1 < len(values) <= 8
            and all(len(value) <= 12 for value in values)
        ):
            spans.append(f"{column}: {', '.join(values)}")
    return {"ja": " · ".join(spans) or "表の文章", "en": " · ".join(spans) or "texts of the table"}
