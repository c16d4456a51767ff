"""Many runs at once on Dask: scenarios, grids and samples, with every shared step run once."""

from analysis.workbook.sweep.cells import Cell, grid_cells, sample_cells, scenario_cells
from analysis.workbook.sweep.dispatch import sweep
from analysis.workbook.sweep.scheduler import NoScheduler

__all__ = ["Cell", "NoScheduler", "grid_cells", "sample_cells", "scenario_cells", "sweep"]
