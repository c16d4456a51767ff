"""What is wrong with a researcher's choices, said so that it can be put right without reading
code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Fault:
    """One fault: where it stands, what was written there, what is wrong, and what to write instead.

    ``line`` counts from 1 and is None where no line is to blame; ``value`` is the text as written,
    None where none was.

    >>> where = {"line": 7, "key": "study.correlation", "value": "1.5"}
    >>> print(Fault("params.yaml", "is not 0 to 0.95", "write a share", **where))
    params.yaml:7: study.correlation: 1.5 is not 0 to 0.95; write a share
    """

    file: str
    message: str
    remedy: str
    line: int | None = field(default=None, kw_only=True)
    key: str = field(default="", kw_only=True)
    value: str | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        said = self.message if self.value is None else f"{shown(self.value)} {self.message}"
        return printable(
            ": ".join(filter(None, (place, shown(self.key), f"{said}; {self.remedy}")))
        )


class ParameterFault(Exception):
    """Every fault found in the choices of a run; nothing was run and nothing was written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line or 0))
        super().__init__("\n".join(map(str, self.faults)))

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback: the faults are in the choices, not in
        the code.
        """
        return [f"{type(self).__name__}:", *map(str, self.faults)]


def shown(text: str) -> str:
    """Return text as one printable line of at most sixty characters, whatever a file held.

    >>> shown("a\\nb"), len(shown("x" * 1000))
    ('a\\\\nb', 60)
    """
    line = printable(text[: SHOWN_CHARACTERS + 1])
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def printable(text: str) -> str:
    """Return text without characters that steer a terminal: each of them written out.

    >>> len(printable("a" + chr(0x9B) + "b")), printable("港区")
    (6, '港区')
    """
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


def known_instead(written: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest known one, or all of them where none is
    near.

    >>> (
    ...     known_instead("corelation", ["correlation", "group"]),
    ...     known_instead("zzz", ["correlation", "group"]),
    ... )
    ('did you mean correlation?', 'known here: correlation, group')
    """
    known = list(known)
    nearest = get_close_matches(written[:SHOWN_CHARACTERS], known, n=1)
    if nearest:
        return f"did you mean {nearest[0]}?"
    return f"known here: {', '.join(known)}" if known else "nothing is known here: take it out"
