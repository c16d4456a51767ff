"""The choices of a run: what ``params.yaml`` may say, read with every fault named at once."""

from analysis.params.choices import Choices, load_parameters
from analysis.params.composing import text_of
from analysis.params.faults import Fault, ParameterFault
from analysis.params.in_notebook import values_in_notebook
from analysis.params.models import Parameters, Section
from analysis.params.reading import values_of
from analysis.params.with_group import faults_with_group
from analysis.params.writing import commented_yaml, json_schema, resolved_yaml

__all__ = [
    "Choices",
    "Fault",
    "ParameterFault",
    "Parameters",
    "Section",
    "commented_yaml",
    "faults_with_group",
    "json_schema",
    "load_parameters",
    "resolved_yaml",
    "text_of",
    "values_in_notebook",
    "values_of",
]
