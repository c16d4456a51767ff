"""Whether charges lie in the core of a game: what the values of several modules are held
against.
"""

import numpy as np

from analysis.methods.stability import largest_excess


def in_core(costs, charges):
    """Say whether no coalition pays more than on its own, beyond rounding."""
    return largest_excess(costs, charges)[0] <= 1e-9 * np.abs(costs).max()
