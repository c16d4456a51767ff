"""Many runs at once on Dask: scenarios, grids and samples, with every shared step run once."""

from workbook.sweeping.cells import Cell, grid_cells, sample_cells, scenario_cells
from workbook.sweeping.dispatch import sweep
from workbook.sweeping.scheduler import NoScheduler

__all__ = ["Cell", "NoScheduler", "grid_cells", "sample_cells", "scenario_cells", "sweep"]
