"""What a run names as carriers of an exhibit stands there, and nothing that weighs elsewhere."""

from __future__ import annotations

import dataclasses

from workbook.audit.assumptions import Assumption
from workbook.groups import NoGroups
from workbook.report.carried import MOST_NAMED, carriers, with_reason_once
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits
from workbook.report.inputs import Inputs, InputTable

PAYLOADS = tuple(
    {
        "slug": slug,
        "provenance": {"tables": [], "inputs": [{"name": "winds", "standing": "assumed"}]},
    }
    for slug in ("named", "other")
)
WIND = Assumption(
    *("winds", {}, "gust", {"ja": "突風", "en": "gust"}, 1, {"ja": "3", "en": "3"}),
    *({"ja": "1～5", "en": "1 to 5"}, "D", "heavy", 1.0, {}, {}, {"en": "A judgement."}, ()),
)
CALM = dataclasses.replace(WIND, item="calm", name={"ja": "凪", "en": "calm"}, amount=2.0)


def table(name, key, columns, **row):
    fields = tuple({"name": column} for column in columns)
    return InputTable(name, {"ja": name, "en": name}, fields, (key,), (row,))


REPORTS = table(
    *("reports", "evidence_id", ("evidence_id", "value")),
    evidence_id="P13",
    label_en="a log book",
    value="2000",
    unit="JPY",
    standing="reported",
    caveat="one ship",
    source="Log of 1890",
)
STEPS = table(
    *("steps", "step", ("step", "what_en")),
    step="sail",
    what_en="set sail",
    standing="assumed",
    reasoning="In the morning.",
)
INPUTS = Inputs({"reports": REPORTS, "steps": STEPS}, {})


def shown(slug, *rows):
    edition = Edition("en", Exhibits((), {}), group=NoGroups().whole)
    named = [{"exhibit": "named", "table": table, "item": item} for table, item in rows]
    return carriers(PAYLOADS, (WIND, CALM), named, {}, INPUTS, edition)[slug]


def test_a_named_row_stands_as_the_log_or_its_table_has_it_in_the_order_given():
    rows = shown("named", ("reports", "P13"), ("winds", "gust"), ("steps", "sail"))
    # tempting: calm, which weighs most in the log, and answers another question
    assert [str(row.name) for row in rows] == [
        '<a href="#input-reports-1">a log book</a>',
        "gust",
        '<a href="#input-steps-1">set sail</a>',
    ]
    assert rows[0].value == "2,000 yen" and rows[0].reason == "one ship"
    assert '<a href="#input-reports-1">P13</a>, Log of 1890' in rows[0].documents
    assert rows[1].reason == '<span lang="en">A judgement.</span>' or "judgement" in rows[1].reason
    assert rows[2].reason == "In the morning." and rows[2].value == ""


def test_a_row_that_no_table_holds_is_left_out_and_the_rest_has_a_limit():
    assert [str(row.name) for row in shown("named", ("winds", "gust"), ("gone", "x"))] == ["gust"]
    assert len(shown("named", *[("winds", "gust")] * 9)) == MOST_NAMED


def test_what_the_run_names_nothing_for_is_carried_by_the_log_s_weights():
    assert [str(row.name) for row in shown("other", ("winds", "gust"))] == ["calm", "gust"]


def test_a_reason_is_written_out_once_and_led_to_after_that():
    edition = Edition("en", Exhibits((), {}), group=NoGroups().whole)
    (gust,), given = shown("named", ("winds", "gust")), {}
    assert with_reason_once(gust, "takings-by-loss", given, edition) == gust
    again = with_reason_once(gust, "bread-in-numbers", given, edition)
    assert "A judgement." not in again.reason
    assert '<a href="#from-takings-by-loss">' in again.reason
    assert dataclasses.replace(again, reason=gust.reason) == gust
    # tempting: to lead an exhibit that names the input twice to itself
    assert with_reason_once(gust, "takings-by-loss", given, edition) == gust


def test_carriers_without_a_reason_lead_nowhere():
    edition = Edition("en", Exhibits((), {}), group=NoGroups().whole)
    (bare,) = (dataclasses.replace(row, reason="") for row in shown("named", ("winds", "gust")))
    given = {}
    assert with_reason_once(bare, "takings-by-loss", given, edition) == bare
    assert with_reason_once(bare, "bread-in-numbers", given, edition) == bare
