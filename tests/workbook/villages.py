"""Two made-up groups, for the tests that need another one than the whole; the toy itself has
none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbook.groups import NoGroups

CALLED = {
    "valley": {"ja": "谷の村", "en": "the valley's villages"},
    "hills": {"ja": "丘の村", "en": "the hill villages"},
}


@dataclass(frozen=True)
class Villages:
    """Some villages by their codes."""

    key: str
    codes: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return self.key == "valley"

    @property
    def is_one(self) -> bool:
        return len(self.codes) == 1

    def nouns(self, lang: str) -> Mapping[str, str]:
        village = {"ja": "村", "en": "village"}[lang]
        return {"the_group": CALLED[self.key][lang], "municipality": village}

    def agreeing(self, text: str, lang: str) -> str:
        return text

    def own_name(self, key: str, lang: str) -> str | None:
        return None

    def has_taken_from(self, key: str) -> bool:
        return False


VALLEY, HILLS = Villages("valley", ("1", "2", "3")), Villages("hills", ("4", "5"))


class Groups(NoGroups):
    """Groups that come back from their records; a run names its own by ``codes``."""

    whole = VALLEY

    def of(self, chosen: Mapping[str, Any], load: object) -> Villages:
        return VALLEY

    def of_record(self, record: Mapping[str, Any]) -> Villages:
        return Villages(record["key"], tuple(record["codes"]))
