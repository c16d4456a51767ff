"""`python -m analysis.workbook` is the console script `workbook`."""

from analysis.workbook.cli import app

if __name__ == "__main__":
    app()
