"""The console script `workbook`. Its top level imports nothing heavy; a user's mistake ends with
exit code 2.
"""

from analysis.workbook.cli.app import app

# isort: skip in the order in which --help names their commands
from analysis.workbook.cli import running, results, files

__all__ = ["app", "files", "results", "running"]
