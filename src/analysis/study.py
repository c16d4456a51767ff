"""The study as the workbook sees it: pooled ICT of Tokyo's 23 special wards."""

from __future__ import annotations

from analysis import colouring
from analysis.data_rules import DataRules
from analysis.groups import Groups
from analysis.judged import TABLE as JUDGEMENTS
from analysis.judged import JudgedRanges
from analysis.needs import Needs
from analysis.summary import Summarised
from analysis.weights import Weights
from workbook.study import Study

STUDY = Study(
    package="analysis",
    groups=Groups(),
    data=DataRules(),
    ranges=JudgedRanges("input_ranges", others=("wide_priors",), judgements=JUDGEMENTS),
    weights=Weights(),
    needs=Needs(),
    colours=colouring,
    summary=Summarised(),
)
