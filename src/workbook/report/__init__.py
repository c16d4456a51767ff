"""The published report: a finished run as two self-contained HTML files, one in each language."""

from workbook.report.faults import ReportFault
from workbook.report.publish import build

__all__ = ["ReportFault", "build"]
