"""Many runs at once on Dask: scenarios, grids and samples, with every shared step run once."""

from analysis.workbook.sweep.cells import Cell, grid_cells, sample_cells, scenario_cells
from analysis.workbook.sweep.dispatch import sweep

__all__ = ["Cell", "grid_cells", "sample_cells", "scenario_cells", "sweep"]
