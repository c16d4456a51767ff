"""What chapter 9 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "09_findings",
    inputs=("municipalities", "tile_layout"),
    reads=(
        "ward_comparison",
        "scale_envelope",
        "scale_models",
        "instances",
        "saving_curve",
        "target_reading",
        "stream_finish",
        "baselines",
        "published_target",
        "variance_shares",
        "sensitivity",
        "widths_if_known",
        "decisions",
        "evppi",
        "winners_losers",
        "temptation",
        "levers",
        "windows",
        "money_stages",
        "participants_saving",
        "coordination_test",
        "platform_options",
    ),
    writes=(
        "answers",
        "distance",
        "what_to_learn",
        "scenario_comparison",
        "net_gain_map",
        "correspondences",
    ),
    exhibits=(
        "answers",
        "distance",
        "scenarios",
        "winners-losers",
        "what-to-learn",
        "correspondences",
    ),
    reads_headlines=True,
    optional=("scenarios",),
    table_words=(
        "question_",
        "answer_",
        "change_",
        "rival_",
        "rivals_",
        "undefined",
        "quantity_",
        "differs_",
    ),
    of_one=("question", "answers", "checks", "method", "limits"),
)
