"""The pages of an exhibit that is read one member at a time, as the template takes them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.units import format_range, format_value


@dataclass(frozen=True)
class PageLine:
    """One line of a page, every cell as its reader sees it."""

    about: Markup
    value: str
    interval: str
    basis: Markup


@dataclass(frozen=True)
class MemberPage:
    """The page of one member: its address, its name, its lines by part."""

    anchor: str
    code: str
    name: Markup
    parts: tuple[tuple[Markup, tuple[PageLine, ...]], ...]


@dataclass(frozen=True)
class MembersView:
    """All pages of an exhibit, in the order of its table, with what stands above and around
    them.
    """

    choose: Markup
    own: Markup
    headers: tuple[Markup, ...]
    pages: tuple[MemberPage, ...]


def members_view(payload: dict[str, Any], edition: Edition) -> MembersView | None:
    """Return the pages of an exhibit for an edition, or None where it has none."""
    declared = payload.get("pages")
    if declared is None:
        return None
    table = _Rows(payload["tables"][0], edition)
    by_member = groupby(table.rows, key=lambda row: row[declared["member"]])
    return MembersView(
        edition.marked(edition.chosen(declared["choose"])),
        edition.marked(edition.chosen(declared["own"])),
        tuple(table.title(name) for name in (declared["line"], "value", declared["basis"])),
        tuple(_page(code, [*rows], declared, table) for code, rows in by_member),
    )


def _page(
    code: str, rows: list[dict[str, Any]], declared: dict[str, Any], table: _Rows
) -> MemberPage:
    by_part = groupby(rows, key=lambda row: row[declared["part"]])
    parts = tuple(
        (table.label(declared["part"], part), tuple(table.line(row, declared) for row in of_part))
        for part, of_part in by_part
    )
    name = table.label(declared["member"], code)
    return MemberPage(f"{declared['anchor']}-{code}", code, name, parts)


class _Rows:
    """The rows of a table by column, and what its columns and their values are called."""

    def __init__(self, table: dict[str, Any], edition: Edition) -> None:
        self.edition = edition
        self.columns = {column["name"]: column for column in table["columns"]}
        self.rows = [dict(zip(self.columns, row, strict=True)) for row in table["rows"]]

    def title(self, column: str) -> Markup:
        return self.edition.marked(self.edition.chosen(self.columns[column]["title"]))

    def label(self, column: str, value: str) -> Markup:
        labels = self.columns[column].get("labels") or {}
        return self.edition.marked(self.edition.chosen(labels.get(value, value)))

    def line(self, row: dict[str, Any], declared: dict[str, Any]) -> PageLine:
        unit, lang = row["unit"], self.edition.lang
        value = format_value(row["value"], unit, lang)
        if row["year"] is not None:
            year = self.edition.word("fiscal_year", year=row["year"])
            value = self.edition.word("of_year", value=value, year=year)
        return PageLine(
            self.label(declared["line"], row[declared["line"]]),
            value,
            format_range(row["low"], row["high"], unit, lang) if row["low"] is not None else "",
            self.label(declared["basis"], row[declared["basis"]]),
        )
