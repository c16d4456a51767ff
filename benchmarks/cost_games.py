"""What the exact cost games of chapter 5 take: ``python benchmarks/cost_games.py [WARDS]``.

Each game is built and solved in a process of its own, 23 wards unless told otherwise, on made costs
of the spread that chapter 2 has. Printed: seconds of the solution by the clock and of the
processor, the process's peak memory and, for a nucleolus, its proof over all 2^n coalitions and the
least core's excess (above 0: the core is empty). `nothing` has the libraries alone. Limits hold for
the processor's seconds: what else the machine does meanwhile is not the game's.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable

import numpy as np

from analysis.methods.cooperative_game import shapley_value
from analysis.methods.kohlberg import kohlberg_proof
from analysis.methods.nucleolus import prenucleolus
from analysis.methods.pooling_game import pooled_costs
from analysis.methods.stability import largest_excess

# seconds, MiB
LIMITS = {
    "shapley": (3.0, 1024.0),
    "nucleolus": (60.0, np.inf),
    "nucleolus, core empty": (60.0, np.inf),
}
COORDINATION = {"kappa": 0.065, "gamma": 1.5}  # middle of the ranges


def now() -> tuple[float, float]:
    """Return the clock's seconds and the processor's."""
    return time.perf_counter(), time.process_time()


def spent(began: tuple[float, float]) -> str:
    """Return the seconds since by the clock and of the processor."""
    return " ".join(f"{end - start:.2f}" for start, end in zip(began, now(), strict=True))


def own_costs(wards: int) -> np.ndarray:
    """Return made own costs, yen a year."""
    return np.random.default_rng(5).lognormal(sigma=0.7, size=wards) * 2.3e9


def shapley(wards: int) -> str:
    """Solve the Shapley value and say whether it keeps all in."""
    costs = pooled_costs(own_costs(wards), phi=0.17, p=2, agency_cost=1.6e9)
    began = now()
    charges = shapley_value(costs)
    return (
        f"{spent(began)}\tlargest excess over {len(costs):,} coalitions"
        f" {largest_excess(costs, charges)[0] / 1e6:,.1f} million yen"
    )


def proved(costs: np.ndarray) -> str:
    """Solve the nucleolus and return its seconds, proof included, the least core's excess and the
    proof as printed.
    """
    began = now()
    answer = prenucleolus(costs)
    took = spent(began)
    again = kohlberg_proof(costs, answer.charges)  # from charges and costs alone
    return f"{took}\tleast core {answer.levels[0] / 1e6:+,.2f} million yen; {again}"


def pooled(wards: int) -> str:
    """Return the nucleolus of the wards' game: its core is not empty, by a theorem."""
    return proved(pooled_costs(own_costs(wards), phi=0.17, p=2, agency_cost=1.6e9))


def coordinated(wards: int) -> str:
    """Return the nucleolus of the game with coordination: all together are dearer than two halves,
    and the core is empty.
    """
    return proved(pooled_costs(own_costs(wards), phi=0.17, p=2, agency_cost=1.6e9, **COORDINATION))


def nothing(wards: int) -> str:
    """Build nothing: what the libraries take."""
    return "0 0\tthe libraries alone"


GAMES = {
    "nothing": nothing,
    "shapley": shapley,
    "nucleolus": pooled,
    "nucleolus, core empty": coordinated,
}


def measured(solve: Callable[[int], str], wards: int) -> tuple[float, float, float, str]:
    """Return seconds by the clock and of the processor, peak MiB and what a game's own process has
    to say.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        text = pool.apply(solve, (wards,))
        peak = pool.apply(peak_mib)
    took, said = text.split("\t")
    clock, processor = map(float, took.split())
    return clock, processor, peak, said


def peak_mib() -> float:
    """Return the peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )


def main(words: list[str]) -> int:
    """Print a line a game; the exit code says whether one took more than it may."""
    wards, within = int(words[0]) if words else 23, True
    for name, solve in GAMES.items():
        clock, processor, mib, said = measured(solve, wards)
        most_seconds, most_mib = LIMITS.get(name, (np.inf, np.inf))
        within &= processor <= most_seconds and mib <= most_mib
        print(
            f"{name:22} {clock:6.2f} s {processor:6.2f} s of processor {mib:5.0f} MiB  {said}",
            flush=True,
        )
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
