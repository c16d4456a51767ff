"""The study as the workbook sees it: pooled ICT of Tokyo's 23 special wards."""

from __future__ import annotations

from analysis.terms import TERMS
from workbook.study import Study

STUDY = Study(package="analysis", glossary=TERMS)
