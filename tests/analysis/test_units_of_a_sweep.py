"""The units of what a sweep may turn: those of parameters and of the inputs' ranges."""

from pathlib import Path

from workbook.sweeping.typed import units_of

ROOT = Path(__file__).parents[2]


def test_the_units_of_parameters_and_inputs_are_those_that_are_declared():
    keys = ("study.plan_years", "study.group", "inputs.transfer_size")
    assert units_of(ROOT, keys) == {
        "study.plan_years": "year",
        "study.group": "text",
        "inputs.transfer_size": "share",
    }
