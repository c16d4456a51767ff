"""How much memory the largest step takes, held against what was measured."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.methods.coalitions import MOST_PLAYERS
from analysis.needs import MOST_LISTED, Needs
from workbook.choices import Choices, load_parameters
from workbook.running import memory

ROOT = Path(__file__).parents[2]


def with_draws(power):
    return Choices.read(ROOT / "params.yaml").parameters(overrides=[f"study.draws_log2={power}"])


def of_members(power, members):
    return Needs().of_a_step(with_draws(power), SimpleNamespace(codes=("131016",) * members))


def test_too_many_draws_are_refused_by_name(monkeypatch):
    """2^20 draws of 1900 bytes and 250 MB of libraries: 2.2 GB."""
    monkeypatch.setattr(memory, "memory_there", lambda: 2e9)
    (fault,) = memory.memory_faults(ROOT, [with_draws(20)])
    assert fault.startswith(
        "study.draws_log2: with 2^20 draws a step needs about 2.2 GB of memory, and 2.0"
    )


def test_the_study_as_it_stands_fits_to_the_byte(monkeypatch):
    monkeypatch.setattr(memory, "memory_there", lambda: of_members(17, 23).peak_bytes)
    assert not memory.memory_faults(ROOT, [load_parameters(ROOT / "params.yaml")])


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
