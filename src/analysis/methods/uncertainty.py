"""One joint Sobol sequence through the whole study, and what is read from its draws.

Draw 17 is the same possible world in every chapter. Each input owns a dimension of the sequence for
ever (an append-only register) and a scrambling seeded by its own name, so that a new input moves no
other.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator
from scipy.special import betaincinv, ndtr, ndtri
from scipy.stats import qmc

# binary digits of a Sobol point; scrambling makes them 32, and half a digit keeps a draw inside (0,
# 1)
BITS = 30
COMMON_CAUSES = {"effect": "common_effect", "cost": "common_cost", "time": "common_schedule"}
# on the normal scale; the outermost draw, 2**-33, lies at -6.3
NODES = np.linspace(-6.5, 6.5, 4097)
PERCENTILES = (5, 10, 50, 80, 90, 95)


def joint_uniforms(
    register: pd.DataFrame, names: Sequence[str], log2_points: int, replicate: int = 0
) -> pd.DataFrame:
    """Uniform draws of the named inputs, one row per `draw` (2**log2_points of them), one column
    per name.

    `register` has one row per input: `input`, `dimension` (0, 1, 2, …; never reused) and, for one
    that was renamed, its `first_name`, so that a new name moves no draw. Values lie strictly inside
    (0, 1); a longer sequence begins with the shorter one; `replicate` picks another
    scrambling of the same points. Refused: names missing from the register, a name asked for twice,
    inputs or dimensions registered twice, log2_points outside 4..20.
    Trap: a separate one-dimensional sequence per name looks as good column by column, but two such
    columns correlate by up to 0.97. Of ~80 inputs the worst pair has |r| near 0.01 at 2**13 draws,
    but 0.2 at 2**10: do not go so low. Sobol (1967) by direction numbers of Joe & Kuo (2008);
    scrambling of Owen (1995), hashed as in Burley (2020).

    >>> register = pd.DataFrame({"input": ["saving", "price"], "dimension": [0, 1]})
    >>> draws = joint_uniforms(register, ["price", "saving"], log2_points=4)
    >>> draws.shape, draws.index.name
    ((16, 2), 'draw')
    >>> # one draw in each
    >>> [int(sixteenth) for sixteenth in np.sort(16 * draws["price"])] == list(range(16))
    True
    """
    _require_none("names not in the register", sorted(set(names) - set(register["input"])))
    _require_none("names asked for twice", _repeated(names))
    _require_none("inputs registered twice", _repeated(register["input"]))
    _require_none("dimensions registered twice", _repeated(register["dimension"]))
    if not 4 <= log2_points <= 20:
        raise ValueError(
            f"log2_points must lie in 4..20 (16 to 1,048,576 draws), not {log2_points}"
        )
    dimensions = register.set_index("input")["dimension"]
    numbers = _direction_numbers(int(dimensions.max()) + 1, log2_points)
    first = _first_names(register)
    columns = [
        _scrambled_column(numbers[:, dimensions[name]], first[name], replicate) for name in names
    ]
    return pd.DataFrame(
        dict(zip(names, columns, strict=True)), index=pd.RangeIndex(2**log2_points, name="draw")
    )


def correlated(
    uniforms: pd.DataFrame, blocks: Mapping[str, Sequence[str]], correlation: float
) -> pd.DataFrame:
    """Draws in which the members of a block share a common cause; one row per draw, common columns
    dropped.

    `blocks` maps a common column of `uniforms` to its members; `correlation` (0..1) is that of any
    two members on the normal scale (one-factor Gaussian copula: z = sqrt(rho) z_common + sqrt(1 -
    rho) z_own). Marginals stay uniform; at 0 the members' values come back untouched. Refused: a
    correlation outside 0..1, columns that are missing, a name in two blocks. Trap: the correlation
    of the uniforms is a little lower, 6/pi asin(rho/2).

    >>> draws = pd.DataFrame({"common": [0.5, 0.9], "own": [0.2, 0.5]})
    >>> correlated(draws, {"common": ["own"]}, 1.0)["own"].round(12).tolist()
    [0.5, 0.9]
    """
    members = [name for block in blocks.values() for name in block]
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation must lie in 0..1, not {correlation}")
    _require_none(
        "missing columns of uniforms", [n for n in [*blocks, *members] if n not in uniforms]
    )
    _require_none("named by more than one block", _repeated([*blocks, *members]))
    values = {name: uniforms[name].to_numpy() for name in uniforms if name not in blocks}
    if correlation > 0:
        edge = 2.0**-33  # the outermost draw; two such added would round to 1
        for common, block in blocks.items():
            shared = np.sqrt(correlation) * ndtri(uniforms[common].to_numpy())
            for name in block:
                values[name] = np.clip(
                    ndtr(shared + np.sqrt(1 - correlation) * ndtri(values[name])), edge, 1 - edge
                )
    return pd.DataFrame(values, index=uniforms.index)


def tied(uniforms: pd.DataFrame, name: str, to: str, correlation: float) -> pd.DataFrame:
    """Draws in which one column follows another by a correlation on the normal scale; the same
    columns, all but the one untouched.

    z = r z_other + sqrt(1 - r^2) z_own, so that the column stays uniform. This is how cost and
    schedule are drawn together for a joint confidence level (NASA 2015, Cost Estimating Handbook,
    appendix J): with r their chance of both staying below the median is 1/4 + asin(r) / (2 pi).
    Refused: a correlation outside -1..1. Trap: the product of the two chances is the joint one at
    r = 0 alone.

    >>> draws = pd.DataFrame({"cost": [0.9, 0.5], "delay": [0.2, 0.5]})
    >>> tied(draws, "delay", "cost", 1.0)["delay"].round(12).tolist()
    [0.9, 0.5]
    """
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation must lie in -1..1, not {correlation}")
    if correlation == 0:
        return uniforms
    edge = 2.0**-33
    own, other = (ndtri(uniforms[column].to_numpy()) for column in (name, to))
    both = ndtr(correlation * other + np.sqrt(1 - correlation**2) * own)
    return uniforms.assign(**{name: np.clip(both, edge, 1 - edge)})


def quantiles(
    uniforms: pd.DataFrame, low: ArrayLike, central: ArrayLike, high: ArrayLike, shape: str
) -> pd.DataFrame:
    """Values of the inputs at the given uniforms: one row per draw, one column per input, in the
    unit of the bounds.

    `low`, `central`, `high` are Series by input name, or scalars or sequences in the order of the
    columns. `shape` is `triangular` (central = mode), `uniform` (central only checked) or `pert`
    (beta-PERT with weight 4 on the mode; Malcolm et al. 1959). An input with low == high is that
    constant. Refused: an unknown shape, and every input whose bounds are missing or not in the
    order low <= central <= high.
    Trap: `central` of a skewed range is the mode; the mean of triangular (10, 15, 30) is 18.33.

    >>> quantiles(pd.DataFrame({"months": [0.25, 0.8125]}), 10, 15, 30, "triangular")[
    ...     "months"
    ... ].tolist()
    [15.0, 22.5]
    >>> quantiles(pd.DataFrame({"months": [0.25, 0.75]}), 10, 15, 30, "uniform")["months"].tolist()
    [15.0, 25.0]
    """
    if shape not in SHAPES:
        raise ValueError(f"unknown shape {shape!r}; known: {', '.join(SHAPES)}")
    bounds = pd.DataFrame(
        {"low": low, "central": central, "high": high}, index=uniforms.columns, dtype=float
    )
    ordered = (bounds["low"] <= bounds["central"]) & (bounds["central"] <= bounds["high"])
    wrong = bounds[~ordered].itertuples()
    _require_none(
        "bounds not low <= central <= high",
        [f"{b.Index} ({b.low}, {b.central}, {b.high})" for b in wrong],
    )
    of_input = zip(uniforms, bounds.itertuples(index=False), strict=True)
    return pd.DataFrame(
        {name: SHAPES[shape](uniforms[name].to_numpy(), *ends) for name, ends in of_input},
        index=uniforms.index,
    )


def draw_inputs(
    ranges: pd.DataFrame,
    register: pd.DataFrame,
    log2_points: int,
    shape: str,
    correlation: float,
    replicate: int = 0,
) -> pd.DataFrame:
    """Joint draws of uncertain inputs: one row per draw, one column per input, each in the unit of
    its range.

    `ranges` has one row per input: `input`, `block`, `low`, `central`, `high`. Inputs of the blocks
    effect, cost and time share the latent inputs common_effect, common_cost and common_schedule of
    the register; block none is independent. Refused: unknown blocks, and what `joint_uniforms`,
    `correlated` and `quantiles` refuse. Trap: correlated ranges widen the sum, not the parts; show
    results under several correlations and shapes.

    >>> register = pd.DataFrame({"input": ["common_cost", "move"], "dimension": [0, 1]})
    >>> ranges = pd.DataFrame(
    ...     {"input": ["move"], "block": ["cost"], "low": 10.0, "central": 15.0, "high": 30.0}
    ... )
    >>> print(draw_inputs(ranges, register, 13, "triangular", 0.3)["move"].mean().round(2))
    18.33
    """
    return inputs_at(
        ranges,
        joint_uniforms(register, latent_factors(ranges), log2_points, replicate),
        shape,
        correlation,
    )


def latent_factors(ranges: pd.DataFrame) -> list[str]:
    """Return the names of the independent uniforms behind the inputs of `ranges`: each input's own,
    then the common causes used. Refused: an unknown block.

    >>> latent_factors(pd.DataFrame({"input": ["move"], "block": ["none"]}))
    ['move']
    """
    _require_none("unknown blocks", sorted(set(ranges["block"]) - {*COMMON_CAUSES, "none"}))
    return [
        *ranges["input"],
        *(common for block, common in COMMON_CAUSES.items() if (ranges["block"] == block).any()),
    ]


def inputs_at(
    ranges: pd.DataFrame, uniforms: pd.DataFrame, shape: str, correlation: float
) -> pd.DataFrame:
    """Return the values of the inputs of `ranges` at given independent uniforms, whose columns are
    the `latent_factors`: one row a draw, one column an input, in the unit of its range.

    >>> ranges = pd.DataFrame(
    ...     {"input": ["move"], "block": ["none"], "low": [10], "central": [15], "high": [30]}
    ... )
    >>> inputs_at(ranges, pd.DataFrame({"move": [0.0, 0.25]}), "triangular", 0.0)["move"].tolist()
    [10.0, 15.0]
    """
    blocks = {
        COMMON_CAUSES[block]: list(own)
        for block, own in ranges.groupby("block")["input"]
        if block in COMMON_CAUSES
    }
    return quantiles(
        correlated(uniforms, blocks, correlation),
        **ranges.set_index("input")[["low", "central", "high"]],
        shape=shape,
    )


def summary(values: ArrayLike) -> dict[str, float]:
    """Percentiles p05 p10 p50 p80 p90 p95 of draws (one value per draw), in the unit of the values.

    Refused: no value, or values that are not finite (say apart what share is undefined, then
    summarise the rest).

    >>> summary(range(101))
    {'p05': 5.0, 'p10': 10.0, 'p50': 50.0, 'p80': 80.0, 'p90': 90.0, 'p95': 95.0}
    """
    draws = np.asarray(values, dtype=float)
    undefined = int((~np.isfinite(draws)).sum())
    if draws.size == 0 or undefined:
        raise ValueError(f"a summary needs finite values; {undefined} of {draws.size} are not")
    levels = np.quantile(draws, np.divide(PERCENTILES, 100))
    return {f"p{level:02d}": float(value) for level, value in zip(PERCENTILES, levels, strict=True)}


def probability_at_least(values: ArrayLike, threshold: float) -> float:
    """Share of the draws that reach the threshold (same unit), or miss it by less than a billionth
    of it, which is rounding; infinite values count, as in "never finished".

    Refused: no value, or undefined ones. Trap: a comparison counts NaN as "not reached" without a
    word.

    >>> probability_at_least([1, 2, 3, 4], 3)
    0.5
    """
    draws = np.asarray(values, dtype=float)
    undefined = int(np.isnan(draws).sum())
    if draws.size == 0 or undefined:
        raise ValueError(f"a probability needs defined values; {undefined} of {draws.size} are not")
    return float((draws >= threshold - 1e-9 * abs(threshold)).mean())


def scrambling_error(
    statistic: Callable[[int], float], replicates: int = 16
) -> tuple[float, float]:
    """Mean of a statistic over independent scramblings, and the standard error of that mean, in its
    unit.

    `statistic(replicate)` recomputes it from the draws of one replicate. Refused: fewer than two
    replicates. Trap: the standard error within one sequence, s / sqrt(n), is meant for independent
    draws and far too large here; that of **one** scrambling is sqrt(replicates) times the value
    returned (Owen 1997).

    >>> scrambling_error(lambda replicate: [1.0, 3.0][replicate], replicates=2)
    (2.0, 1.0)
    """
    if replicates < 2:
        raise ValueError(f"an error needs at least two scramblings, not {replicates}")
    results = np.array([statistic(replicate) for replicate in range(replicates)])
    return float(results.mean()), float(results.std(ddof=1) / np.sqrt(replicates))


@lru_cache(maxsize=8)
def _direction_numbers(dimensions: int, log2_points: int) -> NDArray[np.uint32]:
    """Sobol's generating integers (log2_points, dimensions): in Gray-code order point 2**(j+1) - 1
    is the j-th.
    """
    sequence = qmc.Sobol(dimensions, scramble=False, bits=BITS)
    numbers = np.empty((log2_points, dimensions), dtype=np.uint32)
    for j in range(log2_points):
        sequence.fast_forward(2 ** (j + 1) - 1 - sequence.num_generated)
        numbers[j] = sequence.random(1)[0] * 2**BITS
    numbers.flags.writeable = False
    return numbers


def _first_names(register: pd.DataFrame) -> dict[str, str]:
    """The names by which the draws of the inputs are scrambled."""
    renamed = register.get("first_name", register["input"])
    return {
        name: first if isinstance(first, str) else name
        for name, first in zip(register["input"], renamed, strict=True)
    }


def _scrambled_column(
    numbers: NDArray[np.uint32], name: str, replicate: int
) -> NDArray[np.float64]:
    """The draws of one input: its Sobol points, each binary digit flipped or not by a hash of the
    digits above it.

    Digits are held in reverse order, because sums and products carry upwards only: there a flip can
    depend on the higher digits alone, which keeps the points evenly spread (constants: Vegdahl
    2021).
    """
    # raw words are the same in every version
    word = np.random.PCG64([crc32(name.encode()), replicate]).random_raw()
    seed = np.uint32(word >> 32)
    points = np.zeros(1, dtype=np.uint32)
    for number in _reversed_digits(numbers << np.uint32(32 - BITS)):
        points = np.concatenate([points, points ^ number])
    points ^= points * np.uint32(0x3D20ADEA)
    points += seed
    points *= (seed >> np.uint32(16)) | np.uint32(1)
    points ^= points * np.uint32(0x05526C56)
    points ^= points * np.uint32(0x53A22864)
    return (_reversed_digits(points) + 0.5) / 2**32


def _reversed_digits(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Each 32-bit word read backwards: swap neighbours, then pairs and fours, at last the order of
    the bytes.
    """
    for step, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F)):
        shift, low = np.uint32(step), np.uint32(mask)
        words = ((words >> shift) & low) | ((words & low) << shift)
    return words.byteswap()


def _triangular(uniform: NDArray, low: float, mode: float, high: float) -> NDArray:
    width = high - low
    passed = uniform * width
    rising = low + np.sqrt(passed * (mode - low))
    falling = high - np.sqrt((1 - uniform) * width * (high - mode))
    return np.where(passed < mode - low, rising, falling)


def _uniform(uniform: NDArray, low: float, central: float, high: float) -> NDArray:
    return low + uniform * (high - low)


def _pert(uniform: NDArray, low: float, mode: float, high: float) -> NDArray:
    width = high - low
    above, below = (4 * (mode - low) / width, 4 * (high - mode) / width) if width else (0.0, 0.0)
    if uniform.size <= NODES.size:
        return low + width * betaincinv(1 + above, 1 + below, uniform)
    return low + width * _read_off(_pert_along_normal(above, below), ndtri(uniform))


@lru_cache(maxsize=256)
def _pert_along_normal(above: float, below: float) -> PchipInterpolator:
    """The inverse costs microseconds a draw; along the normal scale it is smooth, and so read
    between exact nodes.
    """
    return PchipInterpolator(NODES, betaincinv(1 + above, 1 + below, ndtr(NODES)))


def _read_off(curve: PchipInterpolator, normal: NDArray) -> NDArray:
    """The curve at values; its nodes are equally far apart, so that a division finds the piece
    where scipy has to search.
    """
    # the outer pieces go on beyond
    piece = np.clip((normal - NODES[0]) / (NODES[1] - NODES[0]), 0, NODES.size - 2).astype(np.intp)
    beyond = normal - NODES[piece]
    cubic, square, linear, value = (coefficients[piece] for coefficients in curve.c)
    value += linear * beyond
    power = beyond * beyond
    value += square * power
    power *= beyond
    value += cubic * power
    return value


SHAPES = {"triangular": _triangular, "uniform": _uniform, "pert": _pert}


def _repeated(values: Iterable) -> list:
    return [value for value, count in Counter(values).items() if count > 1]


def _require_none(complaint: str, culprits: Sequence) -> None:
    if culprits:
        raise ValueError(f"{complaint}: {', '.join(map(str, culprits))}")
