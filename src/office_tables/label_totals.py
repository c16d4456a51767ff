"""Totals over a closed list in a long table: rows whose label stands for all the others together.

Where the others are there, a total is proof and left out; alone, it is a figure of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from office_tables.fields import WHOLE
from office_tables.values import RowValues
from workbook.choices.faults import Fault
from workbook.tables.contracts import Contract

Records = list[dict[str, object]]


def without_label_totals(
    records: Records, contract: Contract, values: RowValues
) -> tuple[Records, list[str], list[Fault]]:
    """Return the records without the totals whose parts are there, what is to be said of those, and
    the totals that are not the sum of their parts, within what rounding explains.
    """
    label = next((w.name for w in values.wanted.values() if w.has_whole), "")
    number = next((m.wanted.name for m in values.mapping.measures), "")
    if not label or not number:
        return records, [], []
    about = [name for name in contract.key if name != label]
    kept, faults = list[dict[str, object]](), list[Fault]()
    for who, own in _by(about, records):
        parts = [record for record in own if record.get(label) != WHOLE]
        kept += parts or own
        if parts:
            totals = [record for record in own if record.get(label) == WHOLE]
            faults += _wrong(who, totals, parts, number, values)
    left = len(records) - len(kept)
    said = f"{left} totals over {label} are left out: their parts are there, and add up to them"
    return kept, [said] if left else [], faults


def _by(about: list[str], records: Records) -> Iterator[tuple[str, Records]]:
    """Yield the records that differ in their label alone, and what they are about."""
    found = defaultdict[tuple[str, ...], Records](list)
    for record in records:
        found[tuple(str(record.get(name)) for name in about)].append(record)
    yield from ((" ".join(key), own) for key, own in found.items())


def _wrong(
    who: str, totals: Records, parts: Records, number: str, values: RowValues
) -> Iterator[Fault]:
    adds = sum((cast(Decimal, part[number]) for part in parts), Decimal(0))
    half = max(scale.factor for scale in values.scales) / 2  # of what the numbers are counted in
    for total in totals:
        says = cast(Decimal, total[number])
        if abs(says - adds) > half * (len(parts) + 1):
            yield values.sheet.fault(
                None,
                f"gives {who} a total of {says:,f}, but its parts add up to {adds:,f}",
                "a part may be missing, or a number wrong; put it right, or delete the total's row",
            )
