"""Which column fills which field: by what the user named, by its heading, or by the labels and
years in its heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from office_tables.fields import (
    TIME_HEADING,
    UNIT_OF_KIND,
    WHOLE,
    Assignment,
    Hints,
    Measure,
    Wanted,
    constant,
    label_in,
    time_in,
)
from office_tables.identity import CODE_HEADING
from office_tables.layout import Column, Layout
from office_tables.local_codes import digits, has_check_digit
from office_tables.numbers import EVERY_YEAR, UNITS, Period, bare_heading, period_of, periods_in
from office_tables.sheet import Cell, Sheet, letters
from workbook.choices.faults import Fault, shown


class HeadingLabels:
    """The headings of one sheet, read for the fields that a table wants."""

    def __init__(self, sheet: Sheet, layout: Layout, wanted: list[Wanted], hints: Hints) -> None:
        self.sheet, self.layout, self.wanted, self.hints = (
            sheet,
            layout,
            {w.name: w for w in wanted},
            hints,
        )
        self.titles = " ".join(layout.titles)
        self.result = Assignment()

    def fault(self, message: str, remedy: str, heading: str = "", value: str | None = None) -> None:
        """Note what cannot be settled."""
        self.result.faults.append(
            Fault(self.sheet.file, message, remedy, key=shown(heading), value=value)
        )

    def label_of(self, column: Column, wanted: Wanted, quiet: bool = False) -> str:
        """Return the one label of a field that a heading names; '' where it names none, or
        several.
        """
        found = set()
        for text in column.path:
            try:
                found.add(label_in(text, wanted, whole=False))
            except ValueError as why:
                if not quiet:
                    self.fault(
                        str(why),
                        f"name one: --leave-out, or --fill {wanted.name}=VALUE",
                        column.heading,
                    )
                return ""
        found.discard("")
        if len(found) > 1 and not quiet:
            self.fault(
                f"names {' and '.join(sorted(found))} at once",
                f"leave it out, or --fill {wanted.name}=VALUE",
                column.heading,
            )
        return found.pop() if len(found) == 1 else ""

    def about(self, column: Column, number: Wanted) -> dict[str, str]:
        """Return the labels and times that a column's heading settles."""
        about: dict[str, str] = {}
        for wanted in self.wanted.values():
            if (
                wanted.name in self.result.constants
                or wanted.name in self.result.by_row
                or wanted.name in self.hints.columns
            ):
                continue
            if (
                wanted.role == "label"
                and wanted.name != "unit"
                and (label := self.label_of(column, wanted))
            ):
                about[wanted.name] = label
            periods = [self._on_its_day(period) for period in column.periods]
            if (
                wanted.role == "time"
                and periods
                and (time := self.time_of(periods, wanted, column.heading))
            ):
                about[wanted.name] = time
        return about

    def _on_its_day(self, period: Period) -> Period:
        """Return a calendar year of a heading with the day that the title names for it, or for
        every year.
        """
        if period.kind not in ("year", "bare"):
            return period
        days = {
            found.day
            for found in periods_in(self.titles)
            if found.kind == "day" and found.year == period.year
        }
        if every := EVERY_YEAR.search(self.titles):
            days.add(f"{period.year}-{int(every[1]):02d}-{int(every[2]):02d}")
        return Period("day", period.year, days.pop()) if len(days) == 1 else period

    def time_of(
        self, periods: tuple[Period, ...] | list[Period], wanted: Wanted, where: str
    ) -> str:
        """Return the one time that a text names, in the form of its field; several, or another
        kind, are a fault.
        """
        if len(periods) > 1:
            self.fault(f"names {len(periods)} times", f"name one: --fill {wanted.name}=…", where)
            return ""
        try:
            return time_in(
                periods[0],
                wanted,
                says_fiscal="年度" in where
                or ("年度" in self.titles and wanted.field.unit == "fiscal_year"),
            )
        except ValueError as why:
            self.fault(str(why), f"--fill {wanted.name}=…", where)
            return ""


OTHER_QUANTITY = re.compile(
    r"増減|増加|減少|率|比|割合|順位|構成|転入|転出|出生|死亡|前年|差|平均|外国人|日本人|65歳|高齢|昼間|密度|一人当|1人当|当たり"
)
BESIDE = re.compile(r"人口|世帯|面積|職員|備考|摘要|連番|通番|^no\.?$|^番号$|注記")


def map_columns(
    sheet: Sheet, layout: Layout, columns: list[Column], wanted: list[Wanted], hints: Hints
) -> Assignment:
    """Return what fills each field. What cannot be settled stands in ``faults``."""
    return _Mapper(sheet, layout, columns, wanted, hints).mapped()


def _all(cells: list[Cell], holds: Callable[[Cell], bool]) -> bool:
    """Say whether a column's cells, the blank ones aside, are all of a kind; the first that is not
    decides.
    """
    return all(cell.blank or holds(cell) for cell in cells) and any(not c.blank for c in cells)


class _Mapper(HeadingLabels):
    def __init__(
        self,
        sheet: Sheet,
        layout: Layout,
        columns: list[Column],
        wanted: list[Wanted],
        hints: Hints,
    ) -> None:
        super().__init__(sheet, layout, wanted, hints)
        self.free = [column for column in columns if column.place not in layout.identity]
        self.identity = {
            column.place: column for column in columns if column.place in layout.identity
        }

    def mapped(self) -> Assignment:
        self._take_hints()
        self._take_identity()
        numbers = [
            w
            for w in self.wanted.values()
            if w.role == "number" and w.name not in self.result.constants
        ]
        self._take_headings()
        if len(numbers) == 1:
            self._take_wide(numbers[0])
        else:
            self.result.left_out += [
                (column, "no field of the table has this heading") for column in self.free
            ]
        self._take_titles()
        self._name_what_is_missing()
        return self.result

    # -- what the user settled

    def _take_hints(self) -> None:
        for option, given in (
            ("--column", self.hints.columns),
            ("--unit", self.hints.units),
            ("--fill", self.hints.fill),
        ):
            for name in given:
                if name not in self.wanted:
                    self.fault(
                        "is no field of the table",
                        f"fields: {', '.join(self.wanted)}",
                        f"{option} {name}",
                    )
        for name, unit in self.hints.units.items():
            if unit not in UNITS:
                self.fault(
                    "is no unit known here", f"known: {', '.join(UNITS)}", f"--unit {name}", unit
                )
        for name, text in self.hints.fill.items():
            if name in self.wanted:
                try:
                    self.result.constants[name] = constant(text, self.wanted[name])
                except ValueError as why:
                    self.fault(str(why), "write a value the field takes", f"--fill {name}", text)
        for heading in self.hints.leave_out:
            for column in self._called(heading, "--leave-out", several=True):
                self._use(column)
                self.result.left_out.append((column, "left out by hand"))
        for name, heading in self.hints.columns.items():
            # the column of municipalities was found before
            if name in self.wanted and self.wanted[name].role != "code":
                for column in self._called(heading, "--column", several=False):
                    self._assign(self.wanted[name], column)

    def _called(self, heading: str, option: str, several: bool) -> list[Column]:
        # a unit alone, such as 団体, heads a column as well
        bare = bare_heading(heading) or heading
        found = (
            [c for c in self.free if heading.upper() == letters(c.place + 1)]
            or [
                c
                for c in self.free
                if bare in (c.heading, bare_heading(c.heading), "".join(c.bare), *c.bare[-1:])
            ]
            or [c for c in self.free if bare in "".join(c.bare)]
        )
        if not found or (len(found) > 1 and not several):
            there = ", ".join(f"{letters(c.place + 1)} {c.heading}" for c in found or self.free)
            self.fault(
                "names several columns" if found else "names no column",
                f"columns: {there}",
                option,
                heading,
            )
            return []
        return found

    def _use(self, column: Column) -> None:
        self.free.remove(column)

    def _assign(self, wanted: Wanted, column: Column) -> None:
        self._use(column)
        if wanted.role == "number":
            self.result.measures.append(Measure(wanted, column, self.about(column, wanted)))
        else:
            self.result.by_row[wanted.name] = column

    # -- what the sheet says

    def _take_identity(self) -> None:
        for name, place in (
            ("name_ja", self.layout.who.name),
            ("prefecture_ja", self.layout.who.prefecture),
        ):
            if name in self.wanted and place in self.identity and name not in self.result.constants:
                self.result.by_row.setdefault(name, self.identity[place])

    def _settled(self) -> set[str]:
        return {
            *self.result.by_row,
            *self.result.constants,
            *(m.wanted.name for m in self.result.measures),
        }

    def _take_headings(self) -> None:
        """Give each field the one column whose heading is the field's; two such columns are a
        fault.
        """
        for wanted in self.wanted.values():
            if wanted.name in self._settled() or wanted.role == "code":
                continue
            found = [
                c
                for c in self.free
                if c.bare and (c.bare[-1] in wanted.headings or "".join(c.bare) in wanted.headings)
            ]
            if not found and wanted.role == "time":
                found = [c for c in self.free if self._tells_time(c, wanted)]
            if wanted.role == "number" and self._alone(wanted):
                found = [c for c in found if not self._labelled(c)]
            if len(found) == 1:
                self._assign(wanted, found[0])
            elif found and not (wanted.role == "number" and self._alone(wanted)):
                self.fault(
                    f"{len(found)} columns are headed like the field {wanted.name}",
                    f"name one: --column {wanted.name}=HEADING",
                    ", ".join(c.heading for c in found),
                )

    def _tells_time(self, column: Column, wanted: Wanted) -> bool:
        """Say whether a column is headed like times and holds nothing else: of days, a fiscal year
        takes none.
        """
        kinds = {"fiscal", "year", "bare"} | (
            set() if wanted.field.unit == "fiscal_year" else {"day"}
        )
        cells = [self.sheet.rows[i][column.place] for i in self.layout.rows]
        return (
            bool(column.bare)
            and bool(TIME_HEADING.search(column.bare[-1]))
            and _all(cells, lambda cell: getattr(period_of(cell.text), "kind", "") in kinds)
        )

    def _alone(self, wanted: Wanted) -> bool:
        return sum(w.role == "number" for w in self.wanted.values()) == 1

    def _labelled(self, column: Column) -> bool:
        labels = [w for w in self.wanted.values() if w.role == "label"]
        return bool(column.periods) or any(self.label_of(column, w, quiet=True) for w in labels)

    # -- a wide table: one column for each label or year

    def _take_wide(self, number: Wanted) -> None:
        # one column was named, or is headed like the field
        if any(m.wanted.name == number.name for m in self.result.measures):
            self.result.left_out += [
                (column, "another column holds the numbers") for column in self.free
            ]
            return
        for column in self.free:
            reason = self._no_measure(column, number)
            if reason:
                self.result.left_out.append((column, reason))
                continue
            measure = Measure(number, column, self.about(column, number))
            lacking = self._labels_lacking(measure)
            if lacking and column.total:
                self.result.totals.append(measure)
            elif lacking and any(BESIDE.search(text) for text in column.bare):
                self.result.left_out.append((column, "another quantity"))
            elif lacking:
                self.fault(
                    f"is a column of numbers whose {lacking[0]} is not clear",
                    f"--leave-out '{column.heading}', or name it in the heading"
                    f"{self._if_a_total(lacking[0])}",
                    column.heading,
                )
            else:
                self.result.measures.append(measure)
        if whole := next((w for w in self.wanted.values() if w.has_whole), None):
            self._keep_lone_totals(whole)
        self._sift_siblings()

    def _labels_lacking(self, measure: Measure) -> list[str]:
        """Return the closed lists of which nothing says what a column is about."""
        known = {*measure.about, *self._settled(), "unit"}
        return [w.name for w in self.wanted.values() if w.role == "label" and w.name not in known]

    def _if_a_total(self, name: str) -> str:
        """Return how to say that numbers are totals over a closed list, where it has a label for
        them.
        """
        wanted = self.wanted[name]
        return f"; --fill {name}={WHOLE} if it is the total of them all" * wanted.has_whole

    def _keep_lone_totals(self, whole: Wanted) -> None:
        """Take a total as a figure of its own where no column has its parts: each year's, of all
        labels together. The trap: next to years, a total without one adds the years up.
        """
        times = {w.name for w in self.wanted.values() if w.role == "time"}
        columns = [*self.result.measures, *self.result.totals]
        by_time = any(times & measure.about.keys() for measure in columns)
        over_years = [
            m for m in columns if m.column.total and by_time and not times & m.about.keys()
        ]
        parts = [m for m in self.result.measures if m not in over_years]
        self.result.measures, self.result.totals = parts, over_years
        for total in (m for m in columns if m not in parts and m not in over_years):
            alone = not any(m.about.items() >= total.about.items() for m in parts)
            if alone and self._labels_lacking(total) == [whole.name]:
                about = {**total.about, whole.name: WHOLE}
                self.result.measures = [*self.result.measures, replace(total, about=about)]
            else:
                self.result.totals = [*self.result.totals, total]

    def _no_measure(self, column: Column, number: Wanted) -> str:
        cells = [self.sheet.rows[i][column.place] for i in self.layout.rows]
        if not any(re.search(r"\d", cell.text) for cell in cells):
            return "no numbers in it"
        if any(CODE_HEADING.search(text) for text in column.bare):
            return "a code, no figure"
        if _all(
            cells,
            lambda cell: bool(digits(cell.text)) and has_check_digit(digits(cell.text).zfill(6)),
        ):
            return "codes of municipalities, another column says whose the row is"
        if _all(
            cells,
            lambda cell: cell.number is None and getattr(period_of(cell.text), "kind", "") == "day",
        ):
            return "days"
        if any(OTHER_QUANTITY.search(text) for text in column.bare):
            return "a derived or another quantity"
        for wanted in (
            w
            for w in self.wanted.values()
            if w.role == "label" and w.name != "unit" and w.name in self.result.constants
        ):
            named = self.label_of(column, wanted, quiet=True)
            if named != self.result.constants[wanted.name] and (
                named or any(BESIDE.search(text) for text in column.bare)
            ):
                return (
                    f"about {named or 'another quantity'}, not about"
                    f" {self.result.constants[wanted.name]}"
                )
        kinds = {UNITS[unit][0] for unit in column.units}
        if kinds and number.kind not in ("mixed", "plain") and number.kind not in kinds:
            return f"counts {' and '.join(sorted(kinds))}, the field takes {number.kind}"
        return ""

    def _sift_siblings(self) -> None:
        """Of columns that are about the same, keep the one that is called their total; without one,
        that is a fault.
        """
        groups: dict[tuple, list[Measure]] = {}
        for measure in self.result.measures:
            groups.setdefault((measure.wanted.name, *sorted(measure.about.items())), []).append(
                measure
            )
        for same in groups.values():
            totals = [m for m in same if m.column.total]
            if len(same) > 1 and len(totals) == 1:
                self.result.measures = [
                    m for m in self.result.measures if m not in same or m in totals
                ]
                parts = self.result.parts[totals[0].column.place] = [
                    m for m in same if m not in totals
                ]
                self.result.left_out += [
                    (m.column, f"a part of {totals[0].column.heading}") for m in parts
                ]
            elif len(same) > 1:
                self.fault(
                    f"{len(same)} columns are about the same",
                    f"name one: --column {same[0].wanted.name}=HEADING",
                    ", ".join(m.column.heading for m in same),
                )

    # -- what is the same for the whole table

    def _take_titles(self) -> None:
        for wanted in self.wanted.values():
            open_ = [m for m in self.result.measures if wanted.name not in m.about]
            if wanted.name in self._settled() or not open_:
                continue
            if wanted.role == "time":
                self._take_time(wanted)
            elif (
                wanted.role == "label"
                and wanted.name == "unit"
                and (unit := self._unit_label(open_))
            ):
                self.result.constants["unit"] = unit

    def _take_time(self, wanted: Wanted) -> None:
        """Give every row the one time of the title; a fiscal year may stand in the sheet's name
        alone. The trap: a sheet that was copied for the next year with last year's title.
        """
        found, where, of_name = periods_in(self.titles), "title", list[Period]()
        if wanted.field.unit == "fiscal_year":
            found = [p for p in found if p.kind == "fiscal"] or found
            of_name = [p for p in periods_in(self.sheet.name) if p.kind != "day"]
        if not found and len(of_name) == 1:
            found, where = of_name, "name of the sheet"
        told = self.titles if where == "title" else self.sheet.name
        if len(found) != 1 or not (time := self.time_of(found, wanted, told)):
            return
        if len(of_name) == 1 and of_name[0].year != found[0].year:
            self.fault(
                f"names another year than the title, {time}",
                f"put one of them right, or name the year with --fill {wanted.name}=…",
                "sheet",
                shown(self.sheet.name),
            )
        self.result.constants[wanted.name] = time
        self.result.notes.append(f"{wanted.name} = {time}, from the {where}")

    def _unit_label(self, measures: list[Measure]) -> str:
        kinds = {UNITS[unit][0] for measure in measures for unit in measure.column.units}
        return UNIT_OF_KIND.get(kinds.pop(), "") if len(kinds) == 1 else ""

    def _name_what_is_missing(self) -> None:
        for wanted in self.wanted.values():
            everywhere = bool(self.result.measures) and all(
                wanted.name in m.about for m in self.result.measures
            )
            if (
                wanted.role == "code"
                or everywhere
                or wanted.name in self._settled()
                or wanted.name in self.hints.follows
            ):
                continue
            if wanted.field.nullable:
                self.result.notes.append(f"{wanted.name} stays blank: no column is headed like it")
            elif not self.result.faults or wanted.role != "number":
                self.fault(
                    f"nothing fills the field {wanted.name} ({wanted.field.title['ja']})",
                    f"name its column with --column {wanted.name}=HEADING, or its value with --fill"
                    f" {wanted.name}=VALUE{self._if_a_total(wanted.name)}",
                )
