"""How much memory the study's largest step takes (`benchmarks/scale.py` measures it)."""

from __future__ import annotations

from analysis.groups import Group
from workbook.choices import Parameters
from workbook.needs import Need

LIBRARIES_BYTES = 250e6
A_DRAW_BYTES = 1900.0  # chapters 4 and 10, at 2^14 and 2^17 draws
A_DRAW_OF_A_MEMBER_BYTES = 75.0  # chapter 2: 23 members at 2^14, 2^17 and 2^20 draws, 60 at 2^17


class Needs:
    """The study's answer to the workbook's question."""

    def of_a_step(self, parameters: Parameters, group: Group) -> Need:
        """Return what the largest step takes: libraries, and arrays as long as the draws, in
        chapter 2 for each member.
        """
        draws = 2.0 ** parameters.by_key()["study.draws_log2"]
        a_draw = max(A_DRAW_BYTES, A_DRAW_OF_A_MEMBER_BYTES * len(group.codes))
        return Need(LIBRARIES_BYTES + a_draw * draws, "study.draws_log2")
