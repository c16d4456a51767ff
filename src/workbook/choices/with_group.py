"""Rules between a run's choices and the bodies they are made for, which no file of choices shows
alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.municipalities import WARDS, Group
from workbook.choices.faults import Fault


def faults_with_group(chosen: Mapping[str, Any], group: Group, file: str = "") -> Iterator[Fault]:
    """Yield what cannot be chosen for a group of bodies.

    ``chosen`` holds choices by their bare names, ``file`` says where they stand.

    >>> three = Group("chosen", ("1", "2", "3"))
    >>> print(*faults_with_group({"core_instances": 4, "data_use_instances": 1}, three))
    consolidation.core_instances: 4 platforms are more than the 3 bodies of study.group; choose at most 3
    """
    bodies = len(group.codes)
    if chosen.get("participants") == "report12" and group.key != WARDS:
        yield Fault(
            file,
            None,
            "study.participants",
            "report12",
            f"means special wards, and study.group is {chosen['group']}",
            "choose all",
        )
    yield from (
        Fault(
            file,
            None,
            f"consolidation.{name}",
            str(number),
            f"platforms are more than the {bodies} bodies of study.group",
            f"choose at most {bodies}",
        )
        for name, number in chosen.items()
        if name.endswith("_instances") and number > bodies
    )
