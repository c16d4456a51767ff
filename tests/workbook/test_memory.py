"""What does not fit into memory is refused before it runs, by the choice that makes it large."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from analysis.methods.coalitions import MOST_PLAYERS
from analysis.needs import MOST_LISTED, Needs
from tests.workbook.tiny_study import ROOT
from workbook.choices import Choices, load_parameters
from workbook.running import memory

PARAMETERS = load_parameters(ROOT / "params.yaml")


def with_draws(power):
    return Choices.read(ROOT / "params.yaml").parameters(overrides=[f"study.draws_log2={power}"])


def test_too_many_draws_are_refused_by_name_once_for_all_runs_alike(monkeypatch):
    """2^20 draws of 1900 bytes and 250 MB of libraries: 2.2 GB."""
    monkeypatch.setattr(memory, "memory_there", lambda: 2e9)
    (fault,) = memory.memory_faults(ROOT, [with_draws(20), with_draws(17), with_draws(20)])
    assert fault.startswith(
        "study.draws_log2: with 2^20 draws a step needs about 2.2 GB of memory, and 2.0"
    )


def test_what_fits_is_not_spoken_of(monkeypatch):
    need = Needs().of_a_step(PARAMETERS, SimpleNamespace(codes=("131016",) * 23)).peak_bytes
    monkeypatch.setattr(memory, "memory_there", lambda: need)
    assert not memory.memory_faults(ROOT, [PARAMETERS])


def of_members(power, members):
    return Needs().of_a_step(with_draws(power), SimpleNamespace(codes=("131016",) * members))


@pytest.mark.parametrize(
    ("power", "members", "peak", "choice"),
    [
        (20, 23, 2.038e9, "study.draws_log2"),
        (17, 60, 0.802e9, "study.draws_log2"),  # chapter 2
        (17, 23, 0.556e9, "study.group"),  # chapter 5, 8 million coalitions
    ],
)
def test_the_largest_step_is_what_was_measured(power, members, peak, choice):
    need = of_members(power, members)
    assert peak <= need.peak_bytes < 1.3 * peak and need.choice == choice


def test_a_group_whose_coalitions_are_all_listed_needs_more_than_a_larger_one():
    """25 members list 34 million coalitions, 26 none: their orders of joining are sampled."""
    assert MOST_LISTED == MOST_PLAYERS
    of_coalitions = [of_members(17, members).peak_bytes for members in (24, 25, 26)]
    assert 1.3e9 < of_coalitions[1] > 1.4 * of_coalitions[0] > 1.4 * of_coalitions[2]


@pytest.mark.parametrize(("said", "least"), [("1000000\n", 1e6), ("max\n", 1e8), (None, 1e8)])
def test_the_limit_of_a_container_counts(tmp_path, monkeypatch, said, least):
    """Tempting: the machine's memory alone, of which a container may have a hundredth."""
    monkeypatch.setattr(memory, "LIMIT", tmp_path / "memory.max")
    if said:
        memory.LIMIT.write_text(said)
    assert memory.memory_there() >= least and (memory.memory_there() == 1e6) == (least == 1e6)
