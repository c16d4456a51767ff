"""Imported last by the fork server: what every first chart and table costs is paid here once, for
all kernels.
"""

from __future__ import annotations

import builtins
import gc
import io
import os

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import ipykernel.debugger  # noqa: F401  a kernel imports it when it is made
import IPython.core.completer  # noqa: F401
import matplotlib_inline.backend_inline  # noqa: F401
import pandas as pd
import pandera.pandas as pa
import seaborn as sns
from matplotlib import rc_context
from matplotlib.figure import Figure

from workbook.running.engine import warm_kernel  # noqa: F401


def rehearse() -> None:
    """Check a table, draw a chart and write both, so that what is loaded at first use is loaded; no
    setting stays changed.
    """
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 3.0, 2.0, 4.0], "g": list("abab")})
    schema = pa.DataFrameSchema(
        {"x": pa.Column("float64", pa.Check.ge(0)), "g": pa.Column("str")}, strict="filter"
    )
    schema.validate(pd.read_csv(io.StringIO(frame.to_csv(index=False))), lazy=True)
    with rc_context():
        sns.set_theme(style="ticks")
        axes = (figure := Figure(layout="constrained")).subplots()
        sns.scatterplot(frame, x="x", y="y", hue="g", ax=axes)
        axes.set_title("cost $x^2$")
        figure.savefig(io.StringIO(), format="svg")


rehearse()
vars(builtins).pop("get_ipython", None)  # see `like_a_kernel`
gc.collect()
gc.freeze()  # no kernel's collector need walk through, and so copy, what is here already
