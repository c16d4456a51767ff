"""The project network against a textbook, against NetworkX, and against the ways such plans go
wrong.
"""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from analysis.methods import project_network as pn

# Reliable Construction Co. (Hillier and Lieberman, Introduction to Operations Research, PERT/CPM
# chapter): task: predecessors, optimistic, most likely, pessimistic weeks
RELIABLE = {
    "A": ("", 1, 2, 3),
    "B": ("A", 2, 3.5, 8),
    "C": ("B", 6, 9, 18),
    "D": ("C", 4, 5.5, 10),
    "E": ("C", 1, 4.5, 5),
    "F": ("E", 4, 4, 10),
    "G": ("D", 5, 6.5, 11),
    "H": ("EG", 5, 8, 17),
    "I": ("C", 3, 7.5, 9),
    "J": ("FI", 3, 9, 9),
    "K": ("J", 4, 4, 4),
    "L": ("J", 1, 5.5, 7),
    "M": ("H", 1, 2, 3),
    "N": ("KL", 5, 5.5, 9),
}


def reliable_network():
    low, mode, high = np.array([points[1:] for points in RELIABLE.values()]).T
    return pn.network(
        list(RELIABLE),
        [list(points[0]) for points in RELIABLE.values()],
        pn.pert_mean(low, mode, high),
    )


@st.composite
def projects(draw, tasks=6):
    """Tasks t0, t1, …, each waiting for some of those before it, and four draws of durations."""
    names = [f"t{i}" for i in range(tasks)]
    waits = [[names[j] for j in range(i) if draw(st.booleans())] for i in range(tasks)]
    lasting = draw(
        st.lists(st.lists(st.floats(0, 50), min_size=tasks, max_size=tasks), min_size=4, max_size=4)
    )
    return names, waits, np.array(lasting)


# --- hand arithmetic and published examples


def test_reliable_construction_takes_44_weeks_along_the_textbook_path():
    timing = pn.timing(reliable_network())
    assert timing["early_finish"].max() == 44
    assert "".join(timing.index[timing["critical"]]) == "ABCEFJLN"
    assert timing["total_float"].drop(list("ABCEFJLN")).to_dict() == {
        "D": 4,
        "G": 4,
        "H": 4,
        "I": 2,
        "K": 1,
        "M": 4,
    }


def test_reliable_construction_variance_and_chance_of_47_weeks():
    chain = pn.critical_chain(reliable_network())
    assert "".join(chain) == "ABCEFJLN"
    path = [RELIABLE[task][1:] for task in chain]
    variance = pn.pert_variance(*np.array(path).T).sum()
    assert variance == pytest.approx(9)
    assert norm.cdf((47 - 44) / variance**0.5) == pytest.approx(0.8413, abs=5e-5)


def test_two_equal_tasks_meet_half_a_unit_late():
    # E max of two independent N(10, 1) is 10 + 1/sqrt(pi) = 10.56419 (Clark 1961)
    grid = norm.ppf((np.arange(2000) + 0.5) / 2000, 10, 1)
    durations = np.column_stack([np.repeat(grid, 2000), np.tile(grid, 2000)])
    graph = pn.network(["one", "other"], [[], []], [10, 10])
    assert 10 + pn.merge_bias(graph, durations) == pytest.approx(10.56419, abs=2e-4)


def test_free_float_moves_no_other_task_while_total_float_moves_no_end():
    # a (1) -> b (2) -> d, c (6) -> d (1): a may slip 3 without moving d, but moves b at once
    timing = pn.timing(pn.network("abcd", ["", "a", "", "bc"], [1, 2, 6, 1]))
    assert timing["total_float"].to_dict() == {"a": 3, "b": 3, "c": 0, "d": 0}
    assert timing["free_float"].to_dict() == {"a": 0, "b": 3, "c": 0, "d": 0}


def test_criticality_counts_the_draws_in_which_a_task_rules():
    graph = pn.network(["short", "long"], [[], []], [1, 2])
    assert pn.criticality(graph, [[1, 2], [3, 2], [2, 2], [0, 1]]).tolist() == [0.5, 0.75]


# --- the tempting wrong answers


def test_adding_mean_durations_along_the_path_is_too_early():
    # tempting: finish = sum of means on the critical path. Two paths of (1 or 3) meet after 2 + a
    # half.
    graph = pn.network(["one", "other", "after"], [[], [], ["one", "other"]], [2, 2, 1])
    durations = np.array([[1, 1, 1], [1, 3, 1], [3, 1, 1], [3, 3, 1]])
    tempting = durations.mean(axis=0)[[0, 2]].sum()
    assert tempting == 3
    assert pn.earliest(graph, durations)[1].max(axis=1).mean() == 3.5
    assert pn.merge_bias(graph, durations) == 0.5


def test_one_end_for_all_gives_the_first_wave_a_float_it_does_not_have():
    # tempting: float against the end of the whole programme, though wave 1 has its own deadline
    graph = pn.network(["first", "second"], [[], []], [4, 10])
    assert pn.timing(graph)["total_float"].to_dict() == {"first": 6, "second": 0}
    assert pn.timing(graph, ends=["wave 1", "wave 2"])["total_float"].to_dict() == {
        "first": 0,
        "second": 0,
    }


def test_variances_add_along_one_chain_not_over_all_critical_tasks():
    # tempting: two equally long chains give four critical tasks; either chain has two
    graph = pn.network("abcd", ["", "", "a", "b"], [1, 2, 2, 1])
    assert pn.timing(graph)["critical"].sum() == 4
    assert len(pn.critical_chain(graph)) == 2


def test_rounding_is_not_float():
    graph = pn.network("abc", ["", "a", "b"], [0.1, 0.2, 0.3])
    assert pn.timing(graph)["critical"].all()


# --- refusals name every culprit


def test_every_fault_of_a_network_is_named_at_once():
    with pytest.raises(ValueError) as refusal:
        pn.network(
            ["a", "b", "c", "d", "d", "e"],
            [["c"], ["a"], ["b"], ["x"], ["e"], ["e", "y"]],
            [1, -2, 1, np.nan, 1, 1],
        )
    said = str(refusal.value)
    assert "task d is listed 2 times" in said
    assert "task d waits for x" in said and "task e waits for y" in said
    assert "task b lasts -2" in said and "task d lasts nan" in said
    assert "a -> b -> c -> a" in said and "e -> e" in said


def test_durations_of_another_shape_or_sign_are_refused_by_task():
    graph = pn.network(["dig", "build"], [[], ["dig"]], [1, 1])
    with pytest.raises(ValueError, match=r"\(2,\) for 2 tasks"):
        pn.earliest(graph, [1, 2])
    with pytest.raises(ValueError, match="draws of dig, build"):
        pn.earliest(graph, [[-1, 1], [1, np.inf]])
    with pytest.raises(ValueError, match="1 ends for 2 tasks"):
        pn.criticality(graph, [[1, 1]], ends=["only"])


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError, match="2 tasks, 1 lists of predecessors, 3 durations"):
        pn.network(["a", "b"], [[]], [1, 2, 3])


def test_three_points_out_of_order_are_named():
    with pytest.raises(ValueError, match=r"\[3\.0, 2\.0, 4\.0\].*\[1\.0, 5\.0, 4\.0\]"):
        pn.pert_mean([1.0, 3.0, 1.0], [2.0, 2.0, 5.0], [3.0, 4.0, 4.0])


# --- invariances and identities


@given(projects(), st.integers(0, 5), st.floats(0, 30))
def test_more_delay_never_makes_a_finish_earlier(project, which, delay):
    names, waits, durations = project
    graph = pn.network(names, waits, durations[0])
    longer = durations.copy()
    longer[:, which] += delay
    assert (pn.earliest(graph, longer)[1] >= pn.earliest(graph, durations)[1]).all()


@given(projects(), st.integers(0, 5), st.floats(0, 50))
def test_what_waits_for_a_changed_task_finishes_as_if_all_were_planned_anew_and_nothing_else_moves(
    project, which, lasting
):
    names, waits, durations = project
    graph = pn.network(names, waits, durations[0])
    changed = durations.copy()
    changed[:, which] = lasting
    finish, anew = pn.earliest(graph, durations)[1], pn.earliest(graph, changed)[1]
    moved = pn.finish_if(graph, durations, finish, names[which], changed[:, which])
    assert set(moved) == {names[which], *nx.descendants(graph, names[which])}
    assert all(
        (moved.get(name, finish[:, at]) == anew[:, at]).all() for at, name in enumerate(names)
    )


@given(projects(), st.permutations(range(6)))
def test_relabelling_and_reordering_tasks_changes_nothing(project, order):
    names, waits, durations = project
    graph = pn.network(names, waits, durations[0])
    other = {name: f"x{i}" for i, name in enumerate(names)}
    renamed = pn.network(
        [other[names[i]] for i in order],
        [[other[n] for n in waits[i]] for i in order],
        durations[0][order],
    )
    assert (
        pn.earliest(renamed, durations[:, order])[1] == pn.earliest(graph, durations)[1][:, order]
    ).all()
    assert (
        pn.criticality(renamed, durations[:, order]) == pn.criticality(graph, durations)[order]
    ).all()


@given(projects())
def test_finish_equals_the_longest_path_networkx_finds(project):
    names, waits, durations = project
    graph = pn.network(names, waits, durations[0])
    weighted = nx.DiGraph()
    for before, after in graph.edges:
        weighted.add_edge(before, after, weight=durations[0][names.index(before)])
    for position, name in enumerate(names):
        weighted.add_edge(name, "end", weight=durations[0][position])
    assert pn.earliest(graph, durations)[1][0].max() == pytest.approx(
        nx.dag_longest_path_length(weighted)
    )


@given(projects())
def test_nothing_starts_later_than_it_may_and_every_draw_has_a_critical_task(project):
    names, waits, durations = project
    graph = pn.network(names, waits, durations[0])
    assert (pn.timing(graph)["total_float"] >= -1e-9).all()
    assert pn.criticality(graph, durations).sum() >= 1


@given(projects())
def test_merge_bias_is_never_negative_and_a_chain_has_none(project):
    names, waits, durations = project
    assert pn.merge_bias(pn.network(names, waits, durations[0]), durations) >= -1e-9
    chain = pn.network(names, [[]] + [[name] for name in names[:-1]], durations[0])
    assert pn.merge_bias(chain, durations) == pytest.approx(0, abs=1e-9)
