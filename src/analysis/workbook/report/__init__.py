"""The published report: a finished run as two self-contained HTML files, one in each language."""

from analysis.workbook.report.faults import ReportFault
from analysis.workbook.report.publish import build

__all__ = ["ReportFault", "build"]
