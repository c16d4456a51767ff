"""The console script `workbook`. Its top level imports nothing heavy; a user's mistake ends with
exit code 2.
"""

# isort: skip in the order in which --help names their commands
from workbook.cli import files, new, results, running, sweeping
from workbook.cli.app import app

__all__ = ["app", "files", "new", "results", "running", "sweeping"]
