"""Imported last by the fork server: what every first chart and table costs is paid here once, for all kernels."""

from __future__ import annotations

import gc
import io
import os

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import ipykernel.debugger  # noqa: F401  a kernel imports it when it is made
import IPython.core.completer  # noqa: F401
import matplotlib_fontja  # noqa: F401
import matplotlib_inline.backend_inline  # noqa: F401
import pandas as pd
import pandera.pandas as pa
import seaborn as sns
from matplotlib import rcParams
from matplotlib.figure import Figure

from analysis.workbook.engine import warm_kernel  # noqa: F401


def rehearse() -> None:
    """Draw a chart with Japanese and English text, check a table, and write both; settings are put back."""
    before = dict(rcParams)
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 3.0, 2.0, 4.0], "g": list("abab")})
    schema = pa.DataFrameSchema({"x": pa.Column("float64", pa.Check.ge(0)), "g": pa.Column("str")}, strict="filter")
    schema.validate(pd.read_csv(io.StringIO(frame.to_csv(index=False))), lazy=True)
    sns.set_theme(style="ticks", font="IPAexGothic")
    axes = (figure := Figure(layout="constrained")).subplots()
    sns.scatterplot(frame, x="x", y="y", hue="g", ax=axes)
    axes.set_title("費用 $x^2$ cost")
    figure.savefig(io.StringIO(), format="svg")
    rcParams.update(before)


rehearse()
gc.collect()
gc.freeze()   # what is here already need not be looked at, and copied, by every kernel's collector
