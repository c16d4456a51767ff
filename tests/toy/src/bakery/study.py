"""The study as the workbook sees it: no groups, no rules of data, no weights, no palette; its
report begins with a summary.
"""

from __future__ import annotations

from bakery.summary import Summarised
from workbook.study import Study

STUDY = Study(package="bakery", summary=Summarised())
