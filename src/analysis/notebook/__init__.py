"""What a notebook sees of the workbook: `open_run`, and the run it returns."""

from analysis.notebook.run import Run, open_run

__all__ = ["Run", "open_run"]
