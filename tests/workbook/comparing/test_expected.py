"""Accepting results shows what moves, and nothing moves unseen."""

import json

from workbook.comparing import expected


def run_with(folder, **value):
    result = {
        "id": "takings",
        "value": 2e9,
        "low": 1e9,
        "high": 3e9,
        "unit": "JPY/year",
        "standing": "modelled",
        "exhibit": "4.2",
        "chapter": 4,
        "reason": None,
        **value,
    }
    folder.mkdir(exist_ok=True)
    (folder / "results.json").write_text(json.dumps([result]))
    return folder


def test_what_is_accepted_is_expected_from_then_on(tmp_path):
    run = run_with(tmp_path / "a")
    assert expected.accept(tmp_path, run) == ["takings is new: – -> 2 billion yen a year"]
    assert expected.changes(tmp_path, run) == [] == expected.accept(tmp_path, run)


def test_every_part_that_moved_is_told(tmp_path):
    expected.accept(tmp_path, run_with(tmp_path / "a"))
    moved = run_with(tmp_path / "a", value=1.5e9, low=0.5e9, standing="assumed")
    told = expected.changes(tmp_path, moved)
    assert (
        len(told) == 3
        and "-25.0%" in told[0]
        and "low" in told[1]
        and told[2] == "takings, standing: modelled -> assumed"
    )


def test_a_result_that_is_gone_is_told(tmp_path):
    expected.accept(tmp_path, run_with(tmp_path / "a"))
    assert expected.changes(tmp_path, run_with(tmp_path / "a", id="other"))[0] == "takings is gone"
