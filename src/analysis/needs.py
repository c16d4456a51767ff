"""How much memory the study's largest step takes (`benchmarks/scale.py` measures it)."""

from __future__ import annotations

from analysis.groups import Group
from workbook.choices import Parameters
from workbook.needs import Need

LIBRARIES_BYTES = 250e6
A_DRAW_BYTES = 1900.0  # chapters 2, 4 and 10 at 2^14 and 2^17 draws of the 23 special wards


class Needs:
    """The study's answer to the workbook's question."""

    def of_a_step(self, parameters: Parameters, group: Group) -> Need:
        """Return what the largest step takes: libraries, and arrays as long as the draws.

        The members of a group hardly count: what is kept of each is drawn in a subset.
        """
        draws = 2.0 ** parameters.by_key()["study.draws_log2"]
        return Need(LIBRARIES_BYTES + A_DRAW_BYTES * draws, "study.draws_log2")
