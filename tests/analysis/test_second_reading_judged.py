"""C 9: experts' judgements take the place of assumed ranges, by the door of every own table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import judged
from analysis.chapters.outturn import judgements as tables
from analysis.data_fault import DataFault
from analysis.evidence import EVIDENCE, ranges_known_by
from analysis.groups import Group
from analysis.study import STUDY
from workbook.steps import Source, writer_of
from workbook.tables.catalog import Catalog
from workbook.tables.data_package import DataPackage
from workbook.tables.openness import mode_of_step
from workbook.tables.results import inputs_behind, origins_behind

ROOT = Path(__file__).parents[2]
CATALOG = Catalog(ROOT)
RANGES = CATALOG.load("input_ranges")
FIVE = {
    "A": (0.1, 0.25, 0.35, 0.45, 0.7),
    "B": (0.2, 0.4, 0.5, 0.65, 0.9),
    "C": (0.05, 0.2, 0.3, 0.4, 0.6),
}


def given(rows, name="transfer_size", unit="share", on="2026-10-01", realised=np.nan):
    columns = ["expert", "input", *judged.NUMBERS, "unit", "judged_on", "realised"]
    return pd.DataFrame(
        [(expert, name, *five, unit, on, realised) for expert, five in rows.items()],
        columns=columns,
    )


def seeds(experts, number):
    """Seed questions whose values fall evenly into the quarters of A, and beyond those of all
    others.
    """
    parts = []
    for place in range(number):
        value = 10.0 + (0.5, 1.5, 2.5, 3.5)[place % 4]
        marks = {
            expert: (0, 11, 12, 13, 20) if expert == "A" else (0, 1, 2, 3, 20) for expert in experts
        }
        parts.append(given(marks, f"seed_{place}", realised=value))
    return pd.concat(parts, ignore_index=True)


def faults(frame):
    return list(judged.judgement_faults(frame, RANGES))


def row_of(frame, name="transfer_size"):
    return frame.set_index("input").loc[name]


def test_c9_the_pooled_range_takes_the_place_of_the_assumed_one_and_of_no_other():
    moved = judged.judged_ranges(RANGES, given(FIVE))
    before, after = row_of(RANGES), row_of(moved)
    assert (after["low_before"], after["central_before"], after["high_before"]) == (
        before["low"],
        before["central"],
        before["high"],
    )
    assert 0 <= after["low"] < after["central"] < after["high"] <= 1
    assert (after["low"] + after["central"] + after["high"]) / 3 == pytest.approx(0.405, abs=0.02)
    assert (after["standing"], after["evidence_grade"]) == ("assumed", "D")
    assert "3 experts" in after["reasoning"]
    others = moved["input"] != "transfer_size"
    pd.testing.assert_frame_equal(
        moved.loc[others, RANGES.columns], RANGES[others], check_dtype=False
    )


def test_c9_the_order_of_rows_changes_nothing():
    frame = given(FIVE)
    turned = frame.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        judged.judged_ranges(RANGES, frame), judged.judged_ranges(RANGES, turned)
    )


def test_c9_every_fault_is_named_at_once_with_row_value_and_remedy():
    bad = pd.concat(
        [
            given({"A": FIVE["A"]}, "transfer_sise"),
            given({"A": (0.1, 0.5, 0.4, 0.6, 0.7)}),
            given({"B": (10, 20, 30, 40, 50)}),
            given({"C": (3, 7, 8, 9, 12)}, "transition_core", "1000 JPY/resident"),
            given({"A": FIVE["A"]}, "price_effect", realised=0.1),
        ],
        ignore_index=True,
    )
    said = "\n".join(faults(bad))
    for part in (
        "row 2 (A, transfer_sise): input_ranges has no such input; did you mean transfer_size?",
        "row 3 (A, transfer_size): lower_quartile 0.5 is not below median 0.4",
        "row 4 (B, transfer_size): outside 0 to 1 share: lowest 10",
        "row 5 (C, transition_core): is in 1000 JPY/resident; write it in JPY/resident",
        "row 6 (A, price_effect): realised 0.1: an input of the study has no known value",
        "transfer_size: judged by 2 of at least 3 experts",
        "price_effect: no answer of B, C",
    ):
        assert part in said
    with pytest.raises(DataFault, match="row 3"):
        judged.judged_ranges(RANGES, bad)


def test_c9_one_expert_twice_is_refused_by_the_contract(tmp_path):
    (tmp_path / "data" / "local").mkdir(parents=True)
    package = (ROOT / "data" / "datapackage.json").read_text(encoding="utf-8")
    (tmp_path / "data" / "datapackage.json").write_text(package, encoding="utf-8")
    twice = pd.concat([given(FIVE), given({"A": FIVE["A"]})])
    twice.to_csv(tmp_path / "data" / "local" / "judgements.csv", index=False)
    with pytest.raises(ValueError, match="row 5: A, transfer_size: the same expert and input"):
        Catalog(tmp_path).load("judgements")


def test_c9_few_seed_questions_weigh_nobody_and_enough_of_them_do():
    few = pd.concat([given(FIVE), seeds(FIVE, judged.FEWEST_SEEDS - 1)], ignore_index=True)
    assert set(judged.expert_weights(few).values()) == {1 / 3}
    many = pd.concat([given(FIVE), seeds(FIVE, 12)], ignore_index=True)
    assert not faults(many)
    assert judged.expert_weights(many)["A"] > 0.99
    alone = judged.judged_ranges(RANGES, given(dict.fromkeys("ABC", FIVE["A"])))
    weighted = judged.judged_ranges(RANGES, many)
    assert row_of(weighted)["central"] == pytest.approx(row_of(alone)["central"], abs=0.01)


def test_c9_disagreement_is_shown_expert_by_expert():
    frame = given({**FIVE, "D": (0.3, 0.6, 0.7, 0.8, 0.95)})
    moved = judged.judged_ranges(RANGES, frame)
    (line,) = tables.by_input(frame, moved, "triangular").itertuples()
    assert line.apart  # D's lower quartile lies above C's upper one
    assert line.pool_p10 == pytest.approx(line.drawn_p10, abs=0.05)
    assert line.pool_p90 == pytest.approx(line.drawn_p90, abs=0.05)
    assert tables.by_expert(frame)["weight"].tolist() == [0.25] * 4
    assert not tables.by_input(given(FIVE), moved, "triangular")["apart"].any()


def test_c9_without_judgements_there_is_nothing_to_show():
    assert tables.by_expert(None).empty
    assert tables.by_input(None, RANGES, "triangular").empty


def test_c9_a_back_cast_does_not_know_what_experts_judge_today():
    """Whoever judges in 2026 has seen what came after 2022."""
    behind = {name: CATALOG.load(name) for name in EVIDENCE}
    rest = (CATALOG.load("parameter_evidence"), behind, CATALOG.load("wide_priors"))
    frame = pd.concat([given(FIVE), given(FIVE, "coordination_loss")], ignore_index=True)
    moved = judged.judged_ranges(RANGES, frame)
    plain = ranges_known_by(RANGES, *rest, "2022-03")
    known = ranges_known_by(moved, *rest, "2022-03")
    ends = ["low", "central", "high"]
    pd.testing.assert_frame_equal(known[ends], plain[ends], check_dtype=False)
    later = ranges_known_by(moved, *rest, "2026-10")
    assert row_of(later)["low"] == row_of(moved)["low"]


def test_c9_a_judgement_of_the_wards_agency_is_sized_with_the_group():
    five = dict.fromkeys("ABC", (0.5e9, 1e9, 1.4e9, 2e9, 3e9))
    moved = judged.judged_ranges(RANGES, given(five, "agency_running_cost", "JPY/year"))
    municipalities = CATALOG.load("municipalities")
    group = Group.of("tama26", municipalities)
    share = row_of(group.sized(RANGES, municipalities), "agency_running_cost")["central"] / 1.5e9
    own = row_of(group.sized(moved, municipalities), "agency_running_cost")
    assert own["central"] / row_of(moved, "agency_running_cost")["central"] == pytest.approx(share)
    assert own["high_before"] == pytest.approx(3e9 * share)


def test_c9_the_exhibit_holds_every_input_that_may_be_judged():
    """A chapter that takes some ranges only would leave a judgement of another one unshown."""
    assert writer_of("judged_inputs").ranges == ()


def test_c9_whatever_takes_ranges_is_as_private_as_the_judgements(tmp_path):
    (tmp_path / "data" / "local").mkdir(parents=True)
    package = (ROOT / "data" / "datapackage.json").read_text(encoding="utf-8")
    (tmp_path / "data" / "datapackage.json").write_text(package, encoding="utf-8")
    own = tmp_path / "data" / "local" / "judgements.csv"
    given(FIVE).to_csv(own, index=False)
    own.chmod(0o600)
    modes = {step.stem: mode_of_step(step, DataPackage(tmp_path)) for step in STUDY.steps}
    assert {modes[name] for name in ("consolidation", "reallocation", "outturn")} == {0o600}
    assert modes["environment"] & 0o044


def test_c9_results_that_rest_on_ranges_name_the_judgements_among_their_inputs():
    assert "judgements" in inputs_behind(Source("pooling_draws"), lambda name: True)
    assert "judgements" not in inputs_behind(Source("residents_path"), lambda name: True)
    assert "judgements" not in origins_behind(["pooling_draws"], CATALOG)
