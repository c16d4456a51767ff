"""What chapter 2 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "02_bread",
    inputs=("assumptions",),
    reads=("grain",),
    writes=("bread", "bread_states", "bakery_lines"),
    exhibits=(
        "takings-by-loss",
        "bread-in-numbers",
        "bread-what-if",
        "bakeries",
        "takings-by-state",
    ),
    results=("takings",),
)
