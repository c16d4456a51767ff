"""Whom the bakery's village is counted with in an office's tables."""

from __future__ import annotations

from workbook.groups import NoGroups, Together


class Groups(NoGroups):
    """One village, and what tables call the hill villages together."""

    def together(self) -> tuple[Together, ...]:
        """Return the row in which an office adds up the hill villages."""
        return (Together("20900", "山村", "the hill villages together", "20901", "20909"),)
