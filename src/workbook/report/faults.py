"""What keeps a report from being published."""

from __future__ import annotations

from collections.abc import Iterable


class ReportFault(ValueError):
    """The run cannot be published as it is; the message names every place at fault."""


def require_none(faults: Iterable[str]) -> None:
    """Raise one `ReportFault` that names all faults, one a line; none is silence.

    >>> require_none([])
    >>> require_none(["4.1: no alt text in en", "4.2: no title in ja"])
    Traceback (most recent call last):
    workbook.report.faults.ReportFault: 4.1: no alt text in en
    4.2: no title in ja
    """
    named = list(faults)
    if named:
        raise ReportFault("\n".join(named))
