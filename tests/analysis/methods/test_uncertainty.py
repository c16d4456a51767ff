"""The joint Sobol sequence: each draw keeps its meaning, each column its evenness, no two columns a
false likeness.
"""

from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import beta, qmc, triang

from analysis.methods import uncertainty as unc

steady = settings(deadline=None)  # a busy machine is no failure
NAMES = [f"input_{number:02d}" for number in range(80)]
REGISTER = pd.DataFrame({"input": NAMES, "dimension": range(80)})
COMMONS = list(unc.COMMON_CAUSES.values())


def largest_correlation(columns):
    return np.abs(np.corrcoef(columns, rowvar=False) - np.eye(columns.shape[1])).max()


def boxes(pair, across, along):
    """How many points fall in each of across x along equal boxes, sorted."""
    return np.sort(
        np.histogram2d(*pair.T, bins=(across, along), range=[(0, 1), (0, 1)])[0], axis=None
    )


# --- the sequence


def test_adding_an_input_moves_no_other_draw():
    wider = pd.concat([REGISTER, pd.DataFrame({"input": ["newcomer"], "dimension": [140]})])
    before = unc.joint_uniforms(REGISTER, NAMES, 10)
    after = unc.joint_uniforms(wider, ["newcomer", *reversed(NAMES)], 10)
    pd.testing.assert_frame_equal(after[NAMES], before)


@pytest.mark.parametrize("replicate", [0, 3])
def test_a_longer_sequence_begins_with_the_shorter_one(replicate):
    names = NAMES[::9]
    stored = unc.joint_uniforms(REGISTER, names, 13, replicate)
    full = unc.joint_uniforms(REGISTER, names, 17, replicate)
    pd.testing.assert_frame_equal(full.head(2**13), stored)


@steady
@given(dimension=st.integers(0, 79), log2_points=st.integers(4, 12), replicate=st.integers(0, 99))
def test_each_dyadic_interval_holds_its_one_draw(dimension, log2_points, replicate):
    draws = unc.joint_uniforms(REGISTER, [NAMES[dimension]], log2_points, replicate)[
        NAMES[dimension]
    ]
    assert sorted(np.floor(draws * 2**log2_points)) == list(range(2**log2_points))
    assert 0 < draws.min() and draws.max() < 1


@pytest.mark.parametrize("dimensions", [(0, 1), (3, 4), (20, 57), (40, 41), (0, 79)])
@pytest.mark.parametrize("shape", [(4, 256), (32, 32), (128, 8)])
def test_scrambling_keeps_the_boxes_of_the_sobol_sequence_of_scipy(dimensions, shape):
    plain = qmc.Sobol(80, scramble=False).random_base2(10)[:, dimensions]
    scrambled = unc.joint_uniforms(REGISTER, [NAMES[d] for d in dimensions], 10).to_numpy()
    np.testing.assert_array_equal(boxes(scrambled, *shape), boxes(plain, *shape))


@pytest.mark.parametrize("replicate", [0, 1, 2])
def test_no_two_of_eighty_inputs_correlate_by_accident(replicate):
    assert largest_correlation(unc.joint_uniforms(REGISTER, NAMES, 13, replicate)) < 0.02


def test_a_one_dimensional_sequence_per_name_correlates_by_accident():
    # tempting and wrong: every column is even on its own, but it is always the same sequence
    columns = [qmc.Sobol(1, rng=crc32(name.encode())).random_base2(13)[:, 0] for name in NAMES]
    assert largest_correlation(np.column_stack(columns)) > 0.5


def test_replicates_are_different_draws():
    first, second = (
        unc.joint_uniforms(REGISTER, NAMES[:1], 13, replicate)[NAMES[0]] for replicate in (0, 1)
    )
    assert (first != second).mean() > 0.99


def test_two_names_on_one_dimension_are_scrambled_apart():
    frost, hail = (
        unc.joint_uniforms(pd.DataFrame({"input": [name], "dimension": 3}), [name], 13)[name]
        for name in ("frost", "hail")
    )
    assert (frost != hail).mean() > 0.99


def test_first_draw_is_a_draw_like_any_other_not_the_corner():
    # tempting and wrong: an unscrambled sequence starts with every input at its lowest
    first = unc.joint_uniforms(REGISTER, NAMES, 4).iloc[0]
    assert first.mean() == pytest.approx(0.5, abs=0.1) and first.std() == pytest.approx(
        12**-0.5, abs=0.05
    )


def test_a_draw_is_the_middle_of_its_cell_so_neither_zero_nor_one():
    draws = unc.joint_uniforms(REGISTER, NAMES[:3], 8)
    assert (draws * 2**32 % 1 == 0.5).all(axis=None)


def test_integral_converges_faster_than_plain_random_numbers():
    def integral(uniforms):  # of the product of 6 x_i (1 - x_i) over five inputs: exactly 1
        return np.prod(6 * uniforms * (1 - uniforms), axis=1).mean()

    def squared_error(estimates):
        return np.mean((np.array(estimates) - 1) ** 2) ** 0.5

    rng = np.random.default_rng(1)
    sobol = squared_error(
        [integral(unc.joint_uniforms(REGISTER, NAMES[5:10], 12, r).to_numpy()) for r in range(16)]
    )
    plain = squared_error([integral(rng.random((2**12, 5))) for _ in range(16)])
    assert sobol < plain / 3


def test_unknown_names_are_all_refused_by_name():
    with pytest.raises(ValueError, match="not in the register: frost, hail"):
        unc.joint_uniforms(REGISTER, ["hail", NAMES[0], "frost"], 8)


@pytest.mark.parametrize(
    ("register", "names", "complaint"),
    [
        (
            {"input": ["a", "b", "c", "d"], "dimension": [5, 5, 7, 7]},
            ["a"],
            "dimensions registered twice: 5, 7",
        ),
        ({"input": ["a", "a", "b"], "dimension": [0, 1, 2]}, ["b"], "inputs registered twice: a"),
        ({"input": ["a", "b"], "dimension": [0, 1]}, ["b", "a", "b"], "asked for twice: b"),
    ],
)
def test_nothing_owns_two_dimensions_or_shares_one(register, names, complaint):
    with pytest.raises(ValueError, match=complaint):
        unc.joint_uniforms(pd.DataFrame(register), names, 8)


@pytest.mark.parametrize("log2_points", [3, 21])
def test_too_few_and_too_many_draws_are_refused(log2_points):
    with pytest.raises(ValueError, match=f"not {log2_points}"):
        unc.joint_uniforms(REGISTER, NAMES[:1], log2_points)


# --- correlation


@steady
@given(correlation=st.floats(0.05, 0.95), replicate=st.integers(0, 9))
def test_members_of_a_block_correlate_as_asked_and_stay_uniform(correlation, replicate):
    uniforms = unc.joint_uniforms(REGISTER, NAMES[:4], 13, replicate)
    common, *members = NAMES[:3]
    linked = unc.correlated(uniforms, {common: members}, correlation)
    assert abs(np.corrcoef(ndtri(linked[members]), rowvar=False)[0, 1] - correlation) < 0.02
    levels = np.arange(0.05, 1, 0.05)
    assert np.abs(linked[members].quantile(levels).to_numpy() - levels[:, None]).max() < 0.01
    pd.testing.assert_series_equal(linked[NAMES[3]], uniforms[NAMES[3]])  # outside the block


def test_without_correlation_the_draws_come_back_untouched():
    uniforms = unc.joint_uniforms(REGISTER, NAMES[:4], 10)
    pd.testing.assert_frame_equal(
        unc.correlated(uniforms, {NAMES[0]: NAMES[1:3]}, 0), uniforms[NAMES[1:4]]
    )


def test_two_outermost_draws_together_still_lie_inside():
    outermost = 1 - 2.0**-33
    uniforms = pd.DataFrame(
        {"common": [outermost, 1 - outermost], "own": [outermost, 1 - outermost]}
    )
    linked = unc.correlated(uniforms, {"common": ["own"]}, 0.5)["own"]
    assert 0 < linked.min() and linked.max() < 1


def test_dropping_the_shared_cause_is_not_sharing_it():
    # tempting and wrong: averaging the uniforms themselves correlates them, but squeezes them to
    # the middle
    uniforms = unc.joint_uniforms(REGISTER, NAMES[:2], 13)
    averaged = uniforms.mean(axis=1)
    linked = unc.correlated(uniforms, {NAMES[0]: [NAMES[1]]}, 0.5)[NAMES[1]]
    assert averaged.var() == pytest.approx(1 / 24, rel=0.01)
    assert linked.var() == pytest.approx(1 / 12, rel=0.01)


@pytest.mark.parametrize(
    ("blocks", "correlation", "complaint"),
    [
        ({"a": ["b"]}, 1.1, "not 1.1"),
        ({"a": ["frost"], "hail": ["b"]}, 0.3, "missing columns of uniforms: hail, frost"),
        ({"a": ["b", "c"], "d": ["b", "c"]}, 0.3, "more than one block: b, c"),
    ],
)
def test_impossible_blocks_are_refused(blocks, correlation, complaint):
    uniforms = pd.DataFrame(0.5, index=[0], columns=list("abcd"))
    with pytest.raises(ValueError, match=complaint):
        unc.correlated(uniforms, blocks, correlation)


# --- shapes


def one_input(shape, low=10, central=15, high=30):
    uniforms = unc.joint_uniforms(REGISTER, NAMES[:1], 13)
    return uniforms[NAMES[0]], unc.quantiles(uniforms, low, central, high, shape)[NAMES[0]]


def test_triangular_10_15_30_has_mean_18_33_and_variance_18_06():
    _, values = one_input("triangular")
    assert values.mean() == pytest.approx(18.3333, abs=1e-3)
    assert values.var(ddof=0) == pytest.approx(18.0556, abs=1e-2)


def test_mode_of_a_skewed_range_is_not_its_mean():
    # tempting and wrong: to read `central` 15 as the expected value
    assert one_input("triangular")[1].mean() > 18 and one_input("pert")[1].mean() > 16


def test_uniform_shape_ignores_where_the_mode_lies():
    uniforms, values = one_input("uniform", central=12)
    np.testing.assert_allclose(values, 10 + 20 * uniforms)
    assert values.var(ddof=0) == pytest.approx(20**2 / 12, rel=1e-4)


@pytest.mark.parametrize(
    ("shape", "oracle"),
    [
        ("triangular", triang(0.25, loc=10, scale=20)),
        (
            "pert",
            beta(2, 4, loc=10, scale=20),
        ),  # weight 4 on the mode: 1 + 4 x 5/20 and 1 + 4 x 15/20
    ],
)
def test_shapes_agree_with_the_distributions_of_scipy(shape, oracle):
    uniforms, values = one_input(shape)
    np.testing.assert_allclose(values, oracle.ppf(uniforms), rtol=1e-9)


@steady
@given(
    points=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted),
    shape=st.sampled_from(list(unc.SHAPES)),
)
def test_values_rise_with_the_uniform_and_stay_in_the_range(points, shape):
    low, central, high = points
    uniforms = pd.DataFrame({"x": np.linspace(0.001, 0.999, 50)})
    values = unc.quantiles(uniforms, low, central, high, shape)["x"]
    tolerance = 1e-9 * max(1, abs(low), abs(high))
    assert low - tolerance <= values.min() and values.max() <= high + tolerance
    assert values.diff().dropna().min() >= -tolerance


@pytest.mark.parametrize("shape", unc.SHAPES)
def test_a_range_of_one_value_is_that_value(shape):
    assert set(one_input(shape, 7, 7, 7)[1]) == {7.0}


@pytest.mark.parametrize("shape", unc.SHAPES)
def test_mode_may_lie_on_either_end(shape):
    for central in (10, 30):
        assert one_input(shape, 10, central, 30)[1].between(10, 30).all()


def test_bounds_go_with_the_name_not_with_the_place():
    uniforms = pd.DataFrame({"near": [0.5], "far": [0.5]})
    low = pd.Series({"far": 100.0, "near": 0.0})
    values = unc.quantiles(uniforms, low, low + 1, low + 2, "uniform")
    assert values.iloc[0].to_dict() == {"near": 1.0, "far": 101.0}


def test_every_disordered_or_missing_range_is_named():
    uniforms = pd.DataFrame(0.5, index=[0], columns=["fine", "mode_low", "mode_high", "blank"])
    low, central = (
        pd.Series([0, 2, 0, np.nan], uniforms.columns),
        pd.Series([1, 1, 4, 1], uniforms.columns),
    )
    with pytest.raises(ValueError) as refusal:
        unc.quantiles(uniforms, low, central, 3, "triangular")
    assert all(
        name in str(refusal.value) for name in ("mode_low (2.0, 1.0, 3.0)", "mode_high", "blank")
    )
    assert "fine" not in str(refusal.value)


def test_an_unknown_shape_is_refused_with_those_known():
    with pytest.raises(ValueError, match="'normal'; known: triangular, uniform, pert"):
        one_input("normal")


# --- draws of a study

STUDY_REGISTER = pd.DataFrame(
    {"input": [*COMMONS, "saving", "price", "move", "size"], "dimension": range(7)}
)
RANGES = pd.DataFrame(
    {
        "input": ["size", "saving", "price", "move"],
        "block": ["none", "effect", "effect", "cost"],
        "low": [0.2, 0.1, 0.0, 3000.0],
        "central": [0.5, 0.2, 0.1, 5500.0],
        "high": [1.0, 0.3, 0.2, 9000.0],
    }
)


def test_only_inputs_of_one_block_move_together():
    draws = unc.draw_inputs(RANGES, STUDY_REGISTER, 13, "triangular", 0.5)
    correlation = draws.corr()
    assert list(draws.columns) == ["size", "saving", "price", "move"]
    assert correlation.loc["saving", "price"] == pytest.approx(0.5, abs=0.03)
    assert correlation.loc["move", ["saving", "price", "size"]].abs().max() < 0.02


def test_draws_without_correlation_are_the_quantiles_of_the_sequence():
    draws = unc.draw_inputs(RANGES, STUDY_REGISTER, 8, "uniform", 0.0, replicate=2)
    uniforms = unc.joint_uniforms(STUDY_REGISTER, ["move"], 8, replicate=2)["move"]
    np.testing.assert_allclose(draws["move"], 3000 + 6000 * uniforms)


def test_correlation_widens_the_sum_and_leaves_the_parts():
    apart, together = (
        unc.draw_inputs(RANGES, STUDY_REGISTER, 13, "triangular", rho) for rho in (0.0, 0.5)
    )
    np.testing.assert_allclose(together.std(), apart.std(), rtol=0.01)
    assert (
        together[["saving", "price"]].sum(axis=1).std()
        > 1.15 * apart[["saving", "price"]].sum(axis=1).std()
    )


def test_unknown_blocks_are_all_named():
    with pytest.raises(ValueError, match="unknown blocks: luck, weather"):
        unc.draw_inputs(
            RANGES.assign(block=["none", "weather", "luck", "cost"]),
            STUDY_REGISTER,
            8,
            "uniform",
            0.0,
        )


# --- what is read from draws


def test_undefined_draws_are_counted_not_skipped():
    # tempting and wrong: NaN >= 3 is False, so "not reached"
    with pytest.raises(ValueError, match="1 of 3"):
        unc.probability_at_least([1.0, np.nan, 4.0], 3)
    with pytest.raises(ValueError, match="2 of 3"):
        unc.summary([1.0, np.nan, np.inf])
    with pytest.raises(ValueError, match="0 of 0"):
        unc.summary([])


def test_a_date_never_reached_counts_as_late():
    assert unc.probability_at_least([2024.0, 2027.0, np.inf, np.inf], 2026.0) == 0.75


@steady
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50), st.floats(-1e3, 1e3))
def test_percentiles_are_ordered_and_move_with_the_values(values, shift):
    levels = unc.summary(values)
    moved = unc.summary(np.array(values) + shift)
    assert list(levels) == ["p05", "p10", "p50", "p80", "p90", "p95"]
    assert list(levels.values()) == sorted(levels.values())
    assert list(moved.values()) == pytest.approx(
        [level + shift for level in levels.values()], rel=1e-9, abs=1e-5
    )


def test_scrambling_error_covers_the_true_mean():
    def mean_of_triangular(replicate):
        ranges = RANGES.assign(low=10.0, central=15.0, high=30.0)
        return unc.draw_inputs(ranges, STUDY_REGISTER, 8, "triangular", 0.3, replicate)[
            "price"
        ].mean()

    mean, error = unc.scrambling_error(mean_of_triangular)
    # far below the standard deviation over the root of 2**8 draws
    assert 0 < error < 4.25 / 16 / 10
    assert abs(mean - 55 / 3) < 4 * error


def test_scrambling_error_of_1_1_3_3_by_hand():
    # deviations 1: variance 4/3, over 4 replicates 1/3
    assert unc.scrambling_error(
        lambda replicate: [1.0, 1.0, 3.0, 3.0][replicate], 4
    ) == pytest.approx((2, 3**-0.5))


def test_a_value_on_the_threshold_reaches_it():
    assert unc.probability_at_least([0.1, 0.2, 0.3, 0.4], 0.3) == 0.5


def test_one_scrambling_shows_no_error():
    with pytest.raises(ValueError, match="not 1"):
        unc.scrambling_error(lambda replicate: 0.0, replicates=1)


@pytest.mark.parametrize(
    ("low", "mode", "high"), [(9, 12, 16), (0, 0, 10), (0, 10, 10), (10, 15, 30)]
)
def test_pert_read_between_nodes_is_the_exact_inverse_to_eight_digits(low, mode, high):
    draws = np.concatenate([[2.0**-33, 1 - 2.0**-33], np.linspace(1e-7, 1 - 1e-7, 20_001)])
    many = unc.quantiles(pd.DataFrame({"months": draws}), low, mode, high, "pert")["months"]
    few = [
        unc.quantiles(pd.DataFrame({"months": part}), low, mode, high, "pert")["months"]
        for part in np.array_split(draws, 8)
    ]
    assert np.abs(many.to_numpy() - pd.concat(few).to_numpy()).max() < 1e-8 * (high - low)


def test_a_pert_draw_beyond_the_outermost_node_stays_by_its_end():
    # of a sample that is none of the study's
    draws = pd.DataFrame({"months": [1e-12, *np.linspace(0.1, 0.9, 5_000), 1 - 1e-12]})
    months = unc.quantiles(draws, 10, 12, 20, "pert")["months"]
    assert (
        months.is_monotonic_increasing
        and 9.9 < months.iloc[0] < 10.1
        and 18 < months.iloc[-1] < 20.1
    )


def test_a_renamed_input_keeps_its_draws_and_a_new_one_of_that_name_has_others():
    """Tempting: to rename a row of the register, by which every draw of it moves."""
    old = pd.DataFrame({"input": ["a", "b"], "dimension": [0, 1]})
    new = old.assign(input=["a", "c"], first_name=[None, "b"])
    before, after = unc.joint_uniforms(old, ["a", "b"], 5), unc.joint_uniforms(new, ["a", "c"], 5)
    assert (before["a"] == after["a"]).all() and (before["b"] == after["c"]).all()
    plain = unc.joint_uniforms(new.drop(columns="first_name"), ["c"], 5)
    assert (plain["c"] != after["c"]).any()
