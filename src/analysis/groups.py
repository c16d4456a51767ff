"""Who is studied: the group of municipalities that the choices name, what texts call it, and what
the tables hold of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from office_tables.local_codes import check_digit, require_codes
from workbook.choices.faults import Fault
from workbook.choices.reading import COMMAND_LINE, Entry
from workbook.declarations import entries_of
from workbook.groups import Together
from workbook.words.nouns import filled_with, in_language, joined, told

if TYPE_CHECKING:
    import pandas as pd  # whoever only checks codes waits for no library

    from workbook.choices import Parameters
    from workbook.tables.catalog import Catalog

# the group that the report is about; a hand-made list of codes
WARDS, CHOSEN = "tokyo23", "chosen"
# 23 special wards, 26 Tama cities, 20 designated cities
GROUPS = (WARDS, "tama26", "designated20")
SIZED_INPUTS = ("agency_running_cost",)  # assumed in yen for the wards as a whole
LAID_OUT = (WARDS, "tama26")  # the groups that `tile_layout` holds
# tiles of a row that a phone shows with their names
MOST_COLUMNS = 6
FIRST_WARD, LAST_WARD = "13101", "13123"  # Tokyo's special wards in JIS X 0402
PLAN_TABLES = ("workplan", "agency_duties", "consolidation_targets")  # the report's plan, in words
NOUNS = Path(__file__).with_name("nouns.yaml")
Load = Callable[[str], "pd.DataFrame"]


def require_known(chosen: str | Sequence[str], municipalities: pd.DataFrame) -> None:
    """Refuse a group with members that the table ``municipalities`` does not hold: one message
    names them all, with the nearest known.

    >>> import pandas as pd
    >>> known = pd.DataFrame({"code": ["131016", "141003"], "name_ja": ["千代田区", "横浜市"]})
    >>> require_known(["131016", "142018"], known)  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
    ValueError: study.group: no row in municipalities for 142018 (nearest there: 141003 横浜市);
        write the rows of such municipalities, with those of all others, into
        data/local/municipalities.csv and data/local/municipality_indicators.csv
    """
    if isinstance(chosen, str):
        return
    names = dict(zip(municipalities["code"], municipalities["name_ja"], strict=True))
    unknown = [
        f"{code}{_nearest(code, names)}" for code in require_codes(chosen) if code not in names
    ]
    if unknown:
        raise ValueError(
            f"study.group: no row in municipalities for {', '.join(unknown)}; write the rows of"
            " such municipalities, with those of all others, into data/local/municipalities.csv and"
            " data/local/municipality_indicators.csv"
        )


def _nearest(code: str, names: Mapping[str, str]) -> str:
    # codes of a prefecture stand together
    near = min(names, key=lambda known: abs(int(known) - int(code)))
    return f" (nearest there: {near} {names[near]})"


@dataclass(frozen=True)
class Group:
    """The municipalities under study: the group's ``key`` in tables, its ``codes`` in order, and
    the ``noun`` of one of its municipalities.

    What texts call the group and its municipalities stands in ``nouns.yaml``.
    """

    key: str
    codes: tuple[str, ...]
    noun: str = "ward"
    # named groups that have lost some, not all, of their members to a hand-made one
    split: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()  # those that have lost all of them

    @classmethod
    def of(cls, chosen: str | Sequence[str], municipalities: pd.DataFrame) -> Group:
        """Return a named group, or that of a list of codes; a list that is a named group is that
        group.

        Refused: a name that no municipality carries, with those there are, and what `require_known`
        refuses.

        >>> import pandas as pd
        >>> municipalities = pd.DataFrame(
        ...     {
        ...         "code": ["131024", "132012", "131016"],
        ...         "group": ["tokyo23", "tama26", "tokyo23"],
        ...         "name_ja": ["中央区", "八王子市", "千代田区"],
        ...     }
        ... )
        >>> Group.of("tokyo23", municipalities).codes
        ('131016', '131024')
        >>> Group.of(["131016", "132012"], municipalities)  # doctest: +NORMALIZE_WHITESPACE
        Group(key='chosen', codes=('131016', '132012'), noun='municipality', split=('tokyo23',),
              gone=('tama26',))
        """
        require_known(chosen, municipalities)
        named = {
            key: tuple(sorted(codes)) for key, codes in municipalities.groupby("group")["code"]
        }
        if isinstance(chosen, str) and chosen not in named:
            raise ValueError(
                f"no municipality in group {chosen!r}; there are: {', '.join(sorted(named))}"
            )
        codes = named[chosen] if isinstance(chosen, str) else tuple(sorted(chosen))
        require_codes(codes)
        key = next((key for key in GROUPS if named.get(key) == codes), CHOSEN)
        ends = set(municipalities.set_index("code").loc[list(codes), "name_ja"].str[-1])
        noun = (
            {"区": "ward", "市": "city"}.get(ends.pop(), "municipality")
            if len(ends) == 1
            else "municipality"
        )
        met = {name for name in GROUPS if key == CHOSEN and set(named.get(name, ())) & set(codes)}
        gone = {name for name in met if set(named[name]) <= set(codes)}
        return cls(key, codes, noun, tuple(sorted(met - gone)), tuple(sorted(gone)))

    @property
    def is_whole(self) -> bool:
        """Say whether it is the group that the report is about: texts need no other wording."""
        return self.published

    @property
    def published(self) -> bool:
        """Say whether a total, a target and a report exist for the group: they do for all special
        wards together.
        """
        return self.key == WARDS

    @property
    def part_of_the_wards(self) -> bool:
        """Say whether the municipalities are some of Tokyo's special wards, not all: then the
        wards' published total is scaled.

        >>> Group("chosen", ("131016", "131024")).part_of_the_wards
        True
        >>> Group("chosen", ("131016", "132012")).part_of_the_wards  # with a city
        False
        """
        wards = all(FIRST_WARD <= code[:5] <= LAST_WARD for code in self.codes)
        return wards and not self.published

    @property
    def others(self) -> tuple[str, ...]:
        """The groups it is compared with."""
        return tuple(key for key in GROUPS if key != self.key and key not in self.gone)

    @property
    def laid_out(self) -> bool:
        """Say whether a map of its municipalities is laid out; else their tiles stand on a grid by
        code.
        """
        return self.key in LAID_OUT

    @property
    def is_one(self) -> bool:
        """Say whether it is one municipality alone, which pools with nobody."""
        return len(self.codes) == 1

    def nouns(self, lang: str) -> Mapping[str, str]:
        """Return every noun of the group in one language, by the name of its placeholder.

        >>> five = Group("chosen", ("a", "b", "c", "d", "e"), "city")
        >>> five.nouns("en")["the_group"], SPECIAL_WARDS.nouns("ja")["all_municipalities"]
        ('the 5 chosen cities', '23区')
        """
        return _nouns_of(self, lang)

    def agreeing(self, text: str, lang: str) -> str:
        """Return a text in which the municipalities are singular where there is one.

        >>> SPECIAL_WARDS.agreeing("late in 1 wards, of 21 wards", "en")
        'late in 1 ward, of 21 wards'
        """
        nouns = self.nouns(lang)
        many = rf"(?<![\d.,])1 {nouns['municipalities']}\b"
        return re.sub(many, f"1 {nouns['municipality']}", text)

    def own_name(self, key: str, lang: str) -> str | None:
        """Return what the group is called where a term names it, or what is left of a group that
        has lost members to it; None for every other term.
        """
        if key == CHOSEN or key == self.key != WARDS:
            return self.nouns(lang)["group"]
        return _table()["rest"][key][lang] if key in self.split else None

    def has_taken_from(self, key: str) -> bool:
        """Say whether a named group has lost some of its members to this one."""
        return key != CHOSEN and key in self.split

    def marked(self, municipalities: pd.DataFrame) -> pd.DataFrame:
        """Return the table of municipalities with those of a hand-made group marked so in
        ``group``; ``named_group`` keeps what they are.
        """
        chosen = municipalities["code"].isin(self.codes) & (self.key == CHOSEN)
        return municipalities.assign(
            group=municipalities["group"].mask(chosen, CHOSEN), named_group=municipalities["group"]
        )

    def sized(self, ranges: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
        """Return ranges of inputs (``input``, ``low``, ``central``, ``high``) with those of the
        wards' own joint agency sized for this group.

        Its running cost is assumed in yen for a joint agency of the special wards; another group's
        is taken to cost in proportion to residents (census of 2020). The trap: an agency for nine
        million residents, paid by five cities.
        """
        if self.key == WARDS:
            return ranges
        people, wards = municipalities["census_population"], municipalities["group"] == WARDS
        share = people[municipalities["code"].isin(self.codes)].sum() / people[wards].sum()
        # a judged range keeps the bounds that it had, as low_before and so on
        own = [name for name in ranges if name.split("_")[0] in ("low", "central", "high")]
        bounds = ranges[own].astype(float)
        return ranges.assign(**bounds.mul(share).where(ranges["input"].isin(SIZED_INPUTS), bounds))

    def tiles(self, layout: pd.DataFrame) -> pd.DataFrame:
        """Return where each municipality's tile lies (code, column, row): as laid out for its
        group, else on a grid by code.
        """
        own = layout[layout["code"].isin(self.codes)]
        if self.key != CHOSEN and len(own) == len(self.codes):
            return own.reset_index(drop=True)
        import pandas as pd

        columns = min(MOST_COLUMNS, math.ceil(math.sqrt(len(self.codes))))
        return pd.DataFrame(
            [
                (code, place % columns + 1, place // columns + 1)
                for place, code in enumerate(self.codes)
            ],
            columns=["code", "column", "row"],
        )


SPECIAL_WARDS = Group(
    WARDS,
    tuple(
        code + check_digit(code) for code in map(str, range(int(FIRST_WARD), int(LAST_WARD) + 1))
    ),
)


class Groups:
    """What the workbook asks of the groups of this study."""

    whole = SPECIAL_WARDS
    names_table = "municipalities"
    # who is studied, and whether a researcher's own total is in use
    choices = frozenset({"group", "baseline"})

    def of(self, chosen: Mapping[str, Any], load: Load) -> Group:
        """Return the group that the choices of the study name."""
        return Group.of(chosen.get("group", WARDS), load("municipalities"))

    def of_record(self, record: Mapping[str, Any]) -> Group:
        """Return the group that a record of it (`dataclasses.asdict`, through JSON) stands for."""
        return Group(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in record.items()
            }
        )

    def adapted(self, table: str, frame: pd.DataFrame, group: Group, load: Load) -> pd.DataFrame:
        """Return an input table as a group has it: municipalities, tiles and assumed yen."""
        match table:
            case "municipalities":
                return group.marked(frame)
            case "tile_layout":
                return group.tiles(frame)
            case "participants" if not group.published:
                return frame.iloc[:0]  # the municipalities that the report names are special wards
            case name if name in PLAN_TABLES:  # the report's plan, carried over to this group
                return _plan_told(frame, group)
            case "input_ranges" | "wide_priors":
                return group.sized(frame, load("municipalities"))
        return frame

    def tables_in_words(self) -> tuple[str, ...]:
        """Return the input tables whose texts hold nouns of the group."""
        return PLAN_TABLES

    def modelled_tables(
        self, group: Group, chosen: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> frozenset[str]:
        """Return the result tables that are a model's output for this group, though arithmetic for
        the special wards: a total from the national curve.
        """
        own_total = "ict_cost" in inputs or chosen["baseline"] == "own"
        stated = group.published or group.part_of_the_wards or own_total
        return frozenset() if stated else frozenset({"baselines"})

    def choice_faults(
        self, chosen: Mapping[str, Any], group: Group, file: str = ""
    ) -> Iterator[Fault]:
        """Yield what cannot be chosen for a group of municipalities.

        ``chosen`` holds choices by their bare names, ``file`` says where they stand.

        >>> three = Group("chosen", ("1", "2", "3"))
        >>> chosen = {"core_instances": 4, "data_use_instances": 1}
        >>> print(*Groups().choice_faults(chosen, three))  # doctest: +NORMALIZE_WHITESPACE
        consolidation.core_instances: 4 platforms are more than the 3 municipalities of study.group;
        \
choose at most 3
        """
        municipalities = len(group.codes)
        if chosen.get("participants") == "report12" and group.key != WARDS:
            yield Fault(
                file,
                f"means special wards, and study.group is {chosen['group']}",
                "choose all",
                key="study.participants",
                value="report12",
            )
        yield from (
            Fault(
                file,
                f"platforms are more than the {municipalities} municipalities of study.group",
                f"choose at most {municipalities}",
                key=f"consolidation.{name}",
                value=str(number),
            )
            for name, number in chosen.items()
            if name.endswith("_instances") and number > municipalities
        )

    def fitted(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """Return the entries with no more platforms than municipalities in a group given by its
        codes.

        The file's four core platforms are at most four. A number that the command line sets stays
        as it is: what cannot be is refused (`choice_faults`), not put right behind its writer's
        back.
        """
        group = entries.get("study.group")
        most = len(group.value) if group and isinstance(group.value, list) else math.inf
        return {
            key: replace(entry, value=most) if _is_above(entry, most) else entry
            for key, entry in entries.items()
        }

    def together(self) -> tuple[Together, ...]:
        """Return the row in which offices' tables add up Tokyo's special wards."""
        return (Together("13100", "特別区", "the special wards together", FIRST_WARD, LAST_WARD),)

    def tells_apart(self, scenario: Parameters, baseline: Parameters, catalog: Catalog) -> bool:
        """Say whether a scenario is more than a choice between figures of the wards that do not
        count here.

        For another group than the wards nobody takes part by name. Outside the wards the rival
        totals give way to the national curve, everywhere to costs that a researcher has supplied: a
        scenario that changes nothing else is the baseline again.
        """
        supplied = catalog.has("ict_cost")
        if baseline.study.group == WARDS and not supplied:
            return True
        group = self.of(baseline.study.model_dump(), catalog.load)
        rivals = not supplied and (group.published or group.part_of_the_wards)
        same_total = {} if rivals else {"baseline": baseline.study.baseline}
        neutral = scenario.study.model_copy(update=same_total)
        named = scenario.study.participants == "report12" and not group.published
        return not named and scenario.model_copy(update={"study": neutral}) != baseline


def _is_above(entry: Entry, most: float) -> bool:
    of_the_file = entry.key.endswith("_instances") and entry.file != COMMAND_LINE
    return of_the_file and type(entry.value) is int and 1 <= most < entry.value


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return dict(entries_of(NOUNS.read_text(encoding="utf-8")))


@lru_cache(maxsize=64)
def _nouns_of(group: Group, lang: str) -> Mapping[str, str]:
    table = _table()
    aim = table["yardsticks"]["target" if group.published else "cost"]
    one = table["alone"] if group.is_one else {}
    raw = {**table["groups"][group.key], **table["municipalities"][group.noun], **aim, **one}
    found = {"n": str(len(group.codes))}
    for name in sorted(raw, key=lambda name: "{" in raw[name][lang].replace("{n}", "")):
        found[name] = filled_with(raw[name][lang], found)
    peers = joined([in_language(key, group, lang) for key in group.others], lang)
    return {name: text for name, text in {**found, "peers": peers}.items() if name != "n"}


def _plan_told(frame: pd.DataFrame, group: Group) -> pd.DataFrame:
    """Return a table of the report's plan with the nouns of a group in its texts."""
    texts = {name: name[-2:] for name in frame if name.endswith(("_ja", "_en"))}
    return frame.assign(
        **{
            name: frame[name].map(
                lambda text, lang=lang: told(text, group, lang), na_action="ignore"
            )
            for name, lang in texts.items()
        }
    )
