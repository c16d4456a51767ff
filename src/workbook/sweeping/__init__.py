"""Many runs at once on Dask: scenarios, grids and samples, with every shared step run once."""

from workbook.sweeping.dispatch import Outcome, Where, sweep
from workbook.sweeping.scheduler import NoScheduler, Tls
from workbook.sweeping.variants import Variant, grid_variants, sample_variants, scenario_variants

__all__ = [
    "NoScheduler",
    "Outcome",
    "Tls",
    "Variant",
    "Where",
    "grid_variants",
    "sample_variants",
    "scenario_variants",
    "sweep",
]
