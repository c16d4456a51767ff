"""The choices of a run: what ``params.yaml`` may say, read with every fault named at once."""

from workbook.choices.choices import Choices, load_parameters
from workbook.choices.composing import text_of
from workbook.choices.declaring import Parameters, Section
from workbook.choices.faults import Fault, ParameterFault
from workbook.choices.in_notebook import values_in_notebook
from workbook.choices.reading import values_of
from workbook.choices.writing import commented_yaml, json_schema, resolved_yaml

__all__ = [
    "Choices",
    "Fault",
    "ParameterFault",
    "Parameters",
    "Section",
    "commented_yaml",
    "json_schema",
    "load_parameters",
    "resolved_yaml",
    "text_of",
    "values_in_notebook",
    "values_of",
]
