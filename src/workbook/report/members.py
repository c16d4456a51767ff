"""The pages of an exhibit that is read one member at a time, as the template takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.units import format_range, format_value
from workbook.words.filling import filled


@dataclass(frozen=True)
class PageLine:
    """One line of a page, every cell as its reader sees it."""

    about: Markup
    value: str
    interval: str
    basis: Markup


@dataclass(frozen=True)
class MemberPage:
    """The page of one member: its address, its name, what it begins with, each under a heading, and
    its lines by part.
    """

    anchor: str
    code: str
    name: Markup
    says: tuple[tuple[Markup, Markup], ...]
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
    said = _said_of_members(payload, declared, edition)
    by_member = groupby(table.rows, key=lambda row: row[declared["member"]])
    return MembersView(
        edition.marked(edition.chosen(declared["choose"])),
        edition.marked(edition.chosen(declared["own"])),
        tuple(table.title(name) for name in (declared["line"], "value", declared["basis"])),
        tuple(
            _page(code, [*rows], declared, table, said.get(code, ())) for code, rows in by_member
        ),
    )


def _said_of_members(
    payload: dict[str, Any], declared: dict[str, Any], edition: Edition
) -> dict[str, tuple[tuple[Markup, Markup], ...]]:
    """Return what each page begins with: every message whose case its row names, filled from that
    row.
    """
    messages = payload.get("page_words", {})
    named = [table for table in payload["tables"] if table["name"] == declared.get("says")]
    if not (messages and named):
        return {}
    table = _Rows(named[0], edition)
    return {
        row[declared["member"]]: tuple(table.said(row, messages, declared["member"]))
        for row in table.rows
    }


def _page(
    code: str,
    rows: list[dict[str, Any]],
    declared: dict[str, Any],
    table: _Rows,
    said: tuple[tuple[Markup, Markup], ...],
) -> MemberPage:
    by_part = groupby(rows, key=lambda row: row[declared["part"]])
    parts = tuple(
        (table.label(declared["part"], part), tuple(table.lines([*of_part], declared)))
        for part, of_part in by_part
    )
    name = table.label(declared["member"], code)
    return MemberPage(f"{declared['anchor']}-{code}", code, name, said, parts)


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

    def said(
        self, row: dict[str, Any], messages: Mapping[str, Any], member: str
    ) -> Iterator[tuple[Markup, Markup]]:
        """Yield a row's messages, each under the title of the column that holds its case."""
        lang, names = self.edition.lang, self.columns[member]["labels"]
        values = values_of(row, lang)
        for column in (name for name in self.columns if name in messages):
            if row[column]:
                text = messages[column][row[column]][lang]
                full = filled(text, values, lang, names, self.edition.group)
                yield self.title(column), self.edition.linked(full)

    def lines(self, rows: list[dict[str, Any]], declared: dict[str, Any]) -> Iterator[PageLine]:
        """Yield the lines of a part; the first of neighbours that one exhibit shows leads to it."""
        before = None
        for row in rows:
            shown_in = declared.get("shown_in", {}).get(row[declared["basis"]])
            yield self.line(row, declared, shown_in if shown_in != before else None)
            before = shown_in

    def line(self, row: dict[str, Any], declared: dict[str, Any], shown_in: str | None) -> PageLine:
        unit, lang = row["unit"], self.edition.lang
        value = format_value(row["value"], unit, lang)
        if row["year"] is not None:
            year = self.edition.word("fiscal_year", year=row["year"])
            value = self.edition.word("of_year", value=value, year=year)
        return PageLine(
            self.label(declared["line"], row[declared["line"]]),
            value,
            format_range(row["low"], row["high"], unit, lang) if row["low"] is not None else "",
            self.basis(self.label(declared["basis"], row[declared["basis"]]), shown_in),
        )

    def basis(self, text: Markup, shown_in: str | None) -> Markup:
        """Return what a line rests on, with a link to the exhibit that shows it, if any."""
        link = Markup(" {}").format(self.edition.link(shown_in)) if shown_in else Markup()
        return text + link


def values_of(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return what fills the messages of a row: its columns, two ends as one range, and of a text
    that of a language.

    >>> values_of({"a_low_jpy": 1, "a_high_jpy": 2, "who_ja": "市", "who_en": "city"}, "en")
    {'a_low_jpy': 1, 'a_high_jpy': 2, 'who': 'city', 'a_range_jpy': {'low': 1, 'high': 2}}
    """
    ending = f"_{lang}"
    values = {
        name.removesuffix(ending): value
        for name, value in row.items()
        if name.endswith(ending) or not name.endswith(("_ja", "_en"))
    }
    ranges = {
        name.replace("_low", "_range"): {"low": low, "high": row[name.replace("_low", "_high")]}
        for name, low in row.items()
        if "_low" in name and name.replace("_low", "_high") in row
    }
    return values | ranges
