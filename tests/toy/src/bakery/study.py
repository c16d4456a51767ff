"""The study as the workbook sees it: no groups, no rules of data, no weights, no palette."""

from __future__ import annotations

from workbook.study import Study

STUDY = Study(package="bakery")
