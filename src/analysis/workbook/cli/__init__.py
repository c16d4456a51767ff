"""The console script `workbook`. Its top level imports nothing heavy; a user's mistake ends with exit code 2."""

from analysis.workbook.cli.app import app
from analysis.workbook.cli import running, results, files   # isort: skip  in the order in which --help names their commands

__all__ = ["app", "files", "results", "running"]
