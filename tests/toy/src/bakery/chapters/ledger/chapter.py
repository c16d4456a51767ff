"""What chapter 3 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "03_ledger",
    inputs=(),
    reads=("bread",),
    writes=("ledger",),
    exhibits=("ledger",),
    reads_headlines=True,
    optional=("scenarios",),
)
