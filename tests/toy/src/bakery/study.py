"""The study as the workbook sees it: no rules of data, no ranges, no weights; it has a palette,
knows whom offices add up, and its report begins with a summary.
"""

from __future__ import annotations

from bakery import palette
from bakery.groups import Groups
from bakery.summary import Summarised
from workbook.study import Study

STUDY = Study(package="bakery", groups=Groups(), colours=palette, summary=Summarised())
