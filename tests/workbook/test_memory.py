"""What does not fit into memory is refused before it runs, by the choice that makes it large."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bakery.study import STUDY

from tests.toy_project import TOY
from workbook.choices import load_parameters
from workbook.needs import Need
from workbook.running import memory

GIGABYTE = 1e9


class OfLoaves:
    """A loaf takes ten million bytes."""

    def of_a_step(self, parameters, group):
        loaves = parameters.by_key()["bread.loaves_per_sack"]
        return Need(1e7 * loaves, "bread.loaves_per_sack", f"{loaves} loaves")


@pytest.fixture(autouse=True)
def with_needs(monkeypatch):
    needy = replace(STUDY, needs=OfLoaves())
    monkeypatch.setattr(memory, "study", lambda: needy)


def with_loaves(count):
    return load_parameters(TOY / "params.yaml", overrides=[f"bread.loaves_per_sack={count}"])


def test_what_is_too_large_is_refused_by_name_once_for_all_runs_alike(monkeypatch):
    monkeypatch.setattr(memory, "memory_there", lambda: 1.5 * GIGABYTE)
    (fault,) = memory.memory_faults(TOY, [with_loaves(200), with_loaves(60), with_loaves(200)])
    assert fault.startswith(
        "bread.loaves_per_sack: with 200 loaves a step needs about 2.0 GB of memory, and 1.5"
    )


def test_what_fits_to_the_byte_is_not_spoken_of(monkeypatch):
    monkeypatch.setattr(memory, "memory_there", lambda: 1e7 * 60)
    assert not memory.memory_faults(TOY, [with_loaves(60)])


@pytest.mark.parametrize(("said", "least"), [("1000000\n", 1e6), ("max\n", 1e8), (None, 1e8)])
def test_the_limit_of_a_container_counts(tmp_path, monkeypatch, said, least):
    """Tempting: the machine's memory alone, of which a container may have a hundredth."""
    monkeypatch.setattr(memory, "LIMIT", tmp_path / "memory.max")
    if said:
        memory.LIMIT.write_text(said)
    assert memory.memory_there() >= least and (memory.memory_there() == 1e6) == (least == 1e6)
