"""What chapter 1 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "01_harvest",
    inputs=("fields",),
    reads=(),
    writes=("grain",),
    exhibits=("grain-by-field", "fields-in-numbers"),
    results=("grain_sacks",),
)
