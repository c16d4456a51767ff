"""Two checklists of reproducible work, each line with the proof that a machine can look for.

Levels of a reproducible analytical pipeline (NHS England, RAP community of practice: baseline,
silver, gold), and what the data editors of social science journals ask of a replication package
(Vilhuber and others 2022). Their words, and those of the evidence, stand in ``checklists.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from workbook.declarations import entries_of

Texts = dict[str, str]
RAP = "rap"
_DECLARED = entries_of(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
FRAMEWORKS: dict[str, Texts] = _DECLARED["frameworks"]
PARTS: dict[str, Texts] = _DECLARED["parts"]
COMMAS = {"ja": "、", "en": ", "}


@dataclass(frozen=True)
class Line:
    """One line of a checklist: ``part`` is its level or its section, ``proof`` names the evidence;
    '' where no machine can look, and ``people_ja`` and ``people_en`` say what people must do.
    """

    framework: str
    part: str
    identifier: str
    ja: str
    en: str
    proof: str = ""
    people_ja: str = ""
    people_en: str = ""

    @classmethod
    def declared(cls, framework: str, part: str, identifier: str, entry: Texts) -> Line:
        """Return the line of an entry; its proof is called like it unless the entry says else."""
        proof = "" if "people_en" in entry else identifier
        return cls(framework, part, identifier, **{"proof": proof, **entry})


LINES = tuple(
    Line.declared(framework, part, identifier, entry)
    for framework, own in _DECLARED["lines"].items()
    for part, lines in own.items()
    for identifier, entry in lines.items()
)


class Proof(NamedTuple):
    """Whether a machine saw that a line holds, and what it saw, or what is missing."""

    holds: bool
    ja: str
    en: str


def proof(name: str, holds: object, /, **values: Any) -> Proof:
    """Return a proof whose evidence is worded in ``checklists.yaml``.

    >>> proof("readme", True, telling=["README.md"]).en
    'make report and make test are told by: README.md'
    >>> proof("readme", False, telling=[]).ja
    'make report と make test を述べる：なし'
    """
    texts = _DECLARED["evidence"][name]
    said = {
        lang: text.format(**{key: _written(value, lang) for key, value in values.items()})
        for lang, text in texts.items()
    }
    return Proof(bool(holds), **said)


def _written(value: Any, lang: str) -> Any:
    if isinstance(value, list):
        return COMMAS[lang].join(value) or _DECLARED["nothing"][lang]
    return value[lang] if isinstance(value, dict) else value
