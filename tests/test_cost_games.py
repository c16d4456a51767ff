"""The exact cost games take no more time and memory than they may, and print their proofs."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "cost_games.py"


def test_every_nucleolus_is_printed_with_its_proof_and_the_coordination_game_has_an_empty_core():
    games = runpy.run_path(str(BENCHMARK))
    proofs = [games["pooled"](15), games["coordinated"](15)]
    assert all(
        "nucleolus proved (Kohlberg 1971): 15 of 15 players settled" in text for text in proofs
    )
    assert ["least core -" in text for text in proofs] == [True, False]


@pytest.mark.slow
def test_23_wards_take_three_seconds_and_a_gibibyte_for_shapley_and_a_minute_for_each_nucleolus():
    shown = subprocess.run(
        [sys.executable, str(BENCHMARK)], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert (
        "8,388,608 coalitions" in shown.stdout
        and shown.stdout.count("23 of 23 players settled") == 2
    )
