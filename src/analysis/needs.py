"""How much memory the study's largest step takes (`benchmarks/scale.py` measures it)."""

from __future__ import annotations

from analysis.groups import Group
from workbook.choices import Parameters
from workbook.needs import Need

LIBRARIES_BYTES = 250e6
A_DRAW_BYTES = 1900.0  # chapters 4 and 10, at 2^14 and 2^17 draws
A_DRAW_OF_A_MEMBER_BYTES = 75.0  # chapter 2: 23 members at 2^14, 2^17 and 2^20 draws, 60 at 2^17
# chapter 5 lists every coalition of a group of so many (`coalitions.MOST_PLAYERS`), of more none
MOST_LISTED = 25
A_COALITION_BYTES = 37.0  # 556 MB of 23 members, 1308 MB of 25


class Needs:
    """The study's answer to the workbook's question."""

    def of_a_step(self, parameters: Parameters, group: Group) -> Need:
        """Return what the largest step takes: libraries, and arrays as long as the draws, in
        chapter 2 for each member; or, in chapter 5, as long as the list of all coalitions.
        """
        power, members = parameters.by_key()["study.draws_log2"], len(group.codes)
        a_draw = max(A_DRAW_BYTES, A_DRAW_OF_A_MEMBER_BYTES * members)
        by_draws = a_draw * 2.0**power
        listed = A_COALITION_BYTES * 2.0**members if members <= MOST_LISTED else 0.0
        if listed > by_draws:
            return Need(LIBRARIES_BYTES + listed, "study.group", f"{members} members")
        return Need(LIBRARIES_BYTES + by_draws, "study.draws_log2", f"2^{power} draws")
