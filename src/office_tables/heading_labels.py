"""What the headings of a sheet say of the numbers under them: labels and times, and the faults of
those that say too much.
"""

from __future__ import annotations

from office_tables.assignment import Assignment, Hints
from office_tables.fields import Wanted, label_in, time_in
from office_tables.headings import Column
from office_tables.layout import Layout
from office_tables.sheet import Sheet
from office_tables.years import EVERY_YEAR, Period, periods_in
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
            Fault(self.sheet.file, None, shown(heading), value, message, remedy)
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
