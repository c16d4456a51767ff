"""How much memory the largest step takes, held against what was measured."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from analysis.needs import A_DRAW_BYTES, LIBRARIES_BYTES, Needs
from workbook.choices import Choices, load_parameters
from workbook.running import memory

ROOT = Path(__file__).parents[2]


def with_draws(power):
    return Choices.read(ROOT / "params.yaml").parameters(overrides=[f"study.draws_log2={power}"])


def test_too_many_draws_are_refused_by_name(monkeypatch):
    """2^20 draws of 1900 bytes and 250 MB of libraries: 2.2 GB."""
    monkeypatch.setattr(memory, "memory_there", lambda: 2e9)
    (fault,) = memory.memory_faults(ROOT, [with_draws(20)])
    assert fault.startswith(
        "study.draws_log2: with 2^20 draws a step needs about 2.2 GB of memory, and 2.0"
    )


def test_the_study_as_it_stands_needs_no_more_than_its_draws(monkeypatch):
    need = LIBRARIES_BYTES + A_DRAW_BYTES * 2**17
    monkeypatch.setattr(memory, "memory_there", lambda: need)
    assert not memory.memory_faults(ROOT, [load_parameters(ROOT / "params.yaml")])


def test_the_largest_step_is_what_was_measured():
    """Most of any step: 2038 MB with 2^20 draws of 23 members, 1750 MB with 2^17 of 60."""
    sixty, wards = SimpleNamespace(codes=("131016",) * 60), SimpleNamespace(codes=("131016",) * 23)
    for power, group, peak, choice in (
        (20, wards, 2.038e9, "study.draws_log2"),
        (17, sixty, 1.750e9, "study.group"),
    ):
        need = Needs().of_a_step(with_draws(power), group)
        assert peak <= need.peak_bytes < 1.2 * peak and need.choice == choice
