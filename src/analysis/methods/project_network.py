"""Project networks: earliest and latest dates, float, criticality and merge bias.

A network is a directed graph whose nodes are tasks and whose edges lead from a task to those that
wait for it. Arrays are draws x tasks, tasks in the network's own order; durations and dates share
one unit.
"""

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

RELATIVE_TOLERANCE = 1e-9  # of the length of the project: float below it is rounding, not slack


def network(
    tasks: Sequence[str], predecessors: Sequence[Sequence[str]], durations: Sequence[float]
) -> nx.DiGraph:
    """The graph of tasks with their durations, after every fault in them has been named.

    One entry per task in all three arguments. Refused, all at once: a task listed twice, a task
    that waits for an unknown one, a duration that is negative or missing, tasks that wait for each
    other.

    >>> sorted(network(["dig", "build"], [[], ["dig"]], [2, 4]).edges)
    [('dig', 'build')]
    """
    if len({len(tasks), len(predecessors), len(durations)}) > 1:
        raise ValueError(
            f"{len(tasks)} tasks, {len(predecessors)} lists of predecessors, {len(durations)}"
            " durations"
        )
    graph = nx.DiGraph()
    for task, duration in zip(tasks, durations, strict=True):
        graph.add_node(task, duration=float(duration))
    waits = [
        (before, task)
        for task, befores in zip(tasks, predecessors, strict=True)
        for before in befores
    ]
    graph.add_edges_from((before, task) for before, task in waits if before in graph)
    _require_sound(graph, tasks, waits, durations)
    return graph


def _require_sound(
    graph: nx.DiGraph,
    tasks: Sequence[str],
    waits: Sequence[tuple[str, str]],
    durations: Sequence[float],
) -> None:
    """Raise one error that names every fault of the network."""
    faults = [
        f"task {task} is listed {times} times"
        for task, times in Counter(tasks).items()
        if times > 1
    ]
    faults += [
        f"task {task} waits for {before}, which is no task"
        for before, task in waits
        if before not in graph
    ]
    faults += [
        f"task {task} lasts {duration}: a duration must be zero or more"
        for task, duration in zip(tasks, durations, strict=True)
        if not (np.isfinite(duration) and duration >= 0)
    ]
    faults += [f"tasks wait for each other: {' -> '.join(cycle)}" for cycle in _cycles(graph)]
    if faults:
        raise ValueError("; ".join(faults))


def _cycles(graph: nx.DiGraph) -> list[list[str]]:
    """One cycle out of every knot of tasks that wait for each other, first task repeated at its
    end.
    """
    if nx.is_directed_acyclic_graph(graph):
        # a view of each task as a knot of its own would take most of the time of a small plan
        return []
    knots = [graph.subgraph(knot) for knot in nx.strongly_connected_components(graph)]
    cycles = []
    for knot in knots:
        if knot.number_of_edges():
            first = next(task for task in graph if task in knot)
            edges = nx.find_cycle(knot, source=first)
            cycles.append([edges[0][0], *(end for _, end in edges)])
    return cycles


def earliest(graph: nx.DiGraph, durations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Earliest start and finish of every task in every draw (forward pass).

    `durations` is draws x tasks; so are both results, counted from the start of the project.
    Refused: another number of tasks, a negative or missing duration. Each task waits for the
    *latest* of its predecessors, so the mean of a finish is not the finish at mean durations (see
    `merge_bias`).

    >>> graph = network(["dig", "order", "build"], [[], [], ["dig", "order"]], [2, 3, 4])
    >>> earliest(graph, [[2, 3, 4], [5, 3, 4]])[1]
    array([[2., 3., 7.],
           [5., 3., 9.]])
    """
    lasting = _require_durations(graph, durations)
    column = {task: position for position, task in enumerate(graph)}
    start, finish = np.zeros_like(lasting), np.empty_like(lasting)
    for task in nx.topological_sort(graph):
        here = column[task]
        for before in graph.predecessors(task):
            np.maximum(start[:, here], finish[:, column[before]], out=start[:, here])
        finish[:, here] = start[:, here] + lasting[:, here]
    return start, finish


def finish_if(
    graph: nx.DiGraph, durations: np.ndarray, finish: np.ndarray, task: str, lasting: np.ndarray
) -> dict[str, np.ndarray]:
    """Earliest finish, one value per draw, of a task that lasts otherwise and of all that wait for
    it, by their names.

    `durations` and their `finish` are as in and from `earliest`; nothing else moves, so nothing
    else is computed again.

    >>> graph = network(["dig", "order", "build"], [[], [], ["dig", "order"]], [2, 3, 4])
    >>> durations = np.array([[2.0, 3.0, 4.0], [5.0, 3.0, 4.0]])
    >>> finish_if(graph, durations, earliest(graph, durations)[1], "dig", np.array([1.0, 1.0]))[
    ...     "build"
    ... ].tolist()
    [7.0, 7.0]
    """
    column = {name: position for position, name in enumerate(graph)}
    later: set[str] = nx.descendants(graph, task) | {task}
    moved: dict[str, np.ndarray] = {}
    for name in nx.topological_sort(graph.subgraph(later)):
        befores = [
            moved[before] if before in moved else finish[:, column[before]]
            for before in graph.predecessors(name)
        ]
        moved[name] = reduce(np.maximum, befores, np.zeros(())) + (
            lasting if name == task else durations[:, column[name]]
        )
    return moved


def _latest(
    graph: nx.DiGraph,
    lasting: np.ndarray,
    finish: np.ndarray,
    ends: Sequence[Any] | np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Latest start and finish of every task that delay no end (backward pass); as from
    `earliest`.
    """
    column = {task: position for position, task in enumerate(graph)}
    late = _end_of_each_task(finish, ends)
    for task in reversed(list(nx.topological_sort(graph))):
        here = column[task]
        for after in graph.successors(task):
            there = column[after]
            np.minimum(late[:, here], late[:, there] - lasting[:, there], out=late[:, here])
    return late - lasting, late


def _end_of_each_task(finish: np.ndarray, ends: Sequence[Any] | np.ndarray | None) -> np.ndarray:
    """When the end that each task belongs to is reached, draws x tasks."""
    names = np.zeros(finish.shape[1]) if ends is None else np.asarray(ends)
    if len(names) != finish.shape[1]:
        raise ValueError(f"{len(names)} ends for {finish.shape[1]} tasks")
    reached = np.empty_like(finish)
    for name in np.unique(names):
        reached[:, names == name] = finish[:, names == name].max(axis=1, keepdims=True)
    return reached


def _require_durations(graph: nx.DiGraph, durations: np.ndarray) -> np.ndarray:
    """Durations as draws x tasks, one column after the other in memory; refused when they cannot
    be.
    """
    lasting = np.asfortranarray(durations, dtype=float)
    if lasting.ndim != 2 or lasting.shape[1] != len(graph):
        raise ValueError(
            f"durations of shape {lasting.shape} for {len(graph)} tasks: draws x tasks is due"
        )
    unsound = ~(np.isfinite(lasting) & (lasting >= 0)).all(axis=0)
    if unsound.any():
        names = ", ".join(task for task, bad in zip(graph, unsound, strict=True) if bad)
        raise ValueError(f"negative or missing durations in draws of {names}")
    return lasting


def timing(graph: nx.DiGraph, ends: Sequence[Any] | np.ndarray | None = None) -> pd.DataFrame:
    """Critical path and float at the durations the network was made with.

    One row per task, in the network's order: `early_start`, `early_finish`, `late_start`,
    `late_finish`, `total_float` (delay that moves no end), `free_float` (delay that moves no other
    task), `critical`. `ends` gives each task the name of the end it must not delay (say, its wave);
    an end is reached when the last of its tasks is finished. Without it the project has one end.
    Source: Kelley and Walker (1959). The trap: with one end only, the first wave of a long
    programme seems to have years of float, because nobody asks when *it* is finished.

    >>> graph = network(["dig", "order", "build"], [[], [], ["dig", "order"]], [2, 3, 4])
    >>> timing(graph, ends=["digging", "house", "house"])["late_start"].tolist()
    [0.0, 0.0, 3.0]
    >>> timing(graph)[["total_float", "critical"]].T.values.tolist()
    [[1.0, 0.0, 0.0], [False, True, True]]
    """
    durations = np.array([[graph.nodes[task]["duration"] for task in graph]])
    start, finish = earliest(graph, durations)
    late_start, late_finish = _latest(graph, durations, finish, ends)
    successor_start = _end_of_each_task(finish, ends)
    column = {task: position for position, task in enumerate(graph)}
    for before, after in graph.edges:
        here = column[before]
        successor_start[0, here] = min(successor_start[0, here], start[0, column[after]])
    columns = {
        "early_start": start,
        "early_finish": finish,
        "late_start": late_start,
        "late_finish": late_finish,
        "total_float": late_start - start,
        "free_float": successor_start - finish,
        "critical": _is_critical(start, late_start, finish),
    }
    return pd.DataFrame(
        {name: values[0] for name, values in columns.items()}, index=pd.Index(graph, name="task")
    )


def critical_chain(graph: nx.DiGraph) -> list[str]:
    """One longest chain of tasks, first to last, at the durations the network was made with.

    Where several are equally long, one of them: variances add up along a chain, never over all
    critical tasks.

    >>> critical_chain(network(["dig", "order", "build"], [[], [], ["dig", "order"]], [2, 3, 4]))
    ['order', 'build']
    """
    finish = timing(graph)["early_finish"]
    chain = [finish.idxmax()]
    while befores := list(graph.predecessors(chain[0])):
        chain.insert(0, max(befores, key=finish.get))
    return chain


def _is_critical(start: np.ndarray, late_start: np.ndarray, finish: np.ndarray) -> np.ndarray:
    """Whether a task has no float, beyond rounding."""
    return late_start - start <= RELATIVE_TOLERANCE * finish.max(axis=1, keepdims=True)


def criticality(
    graph: nx.DiGraph, durations: np.ndarray, ends: Sequence[Any] | np.ndarray | None = None
) -> np.ndarray:
    """Share of draws in which each task is critical, one value per task (Van Slyke 1963).

    Shares do not sum to one: whole chains are critical together. `ends` as in `timing`.

    >>> graph = network(["dig", "order", "build"], [[], [], ["dig", "order"]], [2, 3, 4])
    >>> criticality(graph, [[2, 3, 4], [5, 3, 4]])
    array([0.5, 0.5, 1. ])
    """
    lasting = _require_durations(graph, durations)
    start, finish = earliest(graph, lasting)
    late_start, _ = _latest(graph, lasting, finish, ends)
    return _is_critical(start, late_start, finish).mean(axis=0)


def merge_bias(graph: nx.DiGraph, durations: np.ndarray) -> float:
    """Mean finish over the draws less the finish at mean durations: what plans forget where paths
    meet.

    Never negative (Jensen), zero for a single chain of tasks. Unit as the durations. Source:
    MacCrimmon and Ryavec (1964).

    >>> graph = network(["dig", "order"], [[], []], [2, 2])
    >>> merge_bias(graph, [[1, 3], [3, 1]])
    1.0
    """
    _, finish = earliest(graph, durations)
    _, at_means = earliest(graph, np.mean(durations, axis=0, keepdims=True))
    return float(finish.max(axis=1).mean() - at_means.max())


def pert_mean(low: ArrayLike, mode: ArrayLike, high: ArrayLike) -> np.ndarray:
    """Mean of a PERT-beta duration, (low + 4 mode + high) / 6 (Malcolm et al. 1959).

    >>> pert_mean([6, 4], [9, 4], [18, 10]).tolist()
    [10.0, 5.0]
    """
    _require_ordered(low, mode, high)
    return (np.asarray(low, float) + 4 * np.asarray(mode, float) + np.asarray(high, float)) / 6


def pert_variance(low: ArrayLike, mode: ArrayLike, high: ArrayLike) -> np.ndarray:
    """The textbook's variance of a duration, ((high - low) / 6)^2 (Malcolm et al. 1959).

    A rule of thumb: the beta that is drawn has (mean - low) (high - mean) / 7, which is larger near
    the middle and smaller when the mode lies at a bound.

    >>> pert_variance([6, 4], [9, 4], [18, 10]).tolist()
    [4.0, 1.0]
    """
    _require_ordered(low, mode, high)
    return ((np.asarray(high, float) - np.asarray(low, float)) / 6) ** 2


def _require_ordered(low: ArrayLike, mode: ArrayLike, high: ArrayLike) -> None:
    """Refuse three points that are not in order, naming each."""
    points = np.column_stack(np.broadcast_arrays(*np.atleast_1d(low, mode, high)))
    wrong = points[~((points[:, 0] <= points[:, 1]) & (points[:, 1] <= points[:, 2]))]
    if len(wrong):
        raise ValueError(f"low <= mode <= high does not hold for {wrong.tolist()}")
