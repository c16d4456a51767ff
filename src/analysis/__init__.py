"""The analysis of pooled ICT for Tokyo's 23 special wards, from vocabulary to workbook."""

import os

# Linear algebra in one thread, set before numpy is there: its sums are then the same on any number
# of cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
