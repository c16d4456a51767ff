"""The exact cost games take no more time and memory than they may, and print their proofs."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "cost_games.py"


def ran(*words):
    return subprocess.run([sys.executable, str(BENCHMARK), *words], capture_output=True, text=True, check=False)


def test_every_nucleolus_is_printed_with_its_proof_and_the_coordination_game_has_an_empty_core():
    lines = {line.split("  ")[0]: line for line in ran("15").stdout.splitlines()}
    proofs = [lines["nucleolus"], lines["nucleolus, core empty"]]
    assert all("nucleolus proved (Kohlberg 1971): 15 of 15 players settled" in line for line in proofs)
    assert ["least core -" in line for line in proofs] == [True, False]


@pytest.mark.slow
def test_23_wards_take_three_seconds_and_a_gibibyte_for_shapley_and_a_minute_for_each_nucleolus():
    shown = ran()
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "8,388,608 coalitions" in shown.stdout and shown.stdout.count("23 of 23 players settled") == 2
