"""What chapter 2 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "02_bread",
    inputs=("assumptions",),
    reads=("grain",),
    writes=("bread",),
    exhibits=("takings-by-loss", "bread-in-numbers"),
    results=("takings",),
)
