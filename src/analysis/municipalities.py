"""Local government codes with their check digit, and the group of bodies under study: its members,
its names, its tiles.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # whoever only checks codes waits for no library

# the group that the report is about; a hand-made list of codes
WARDS, CHOSEN = "tokyo23", "chosen"
# 23 special wards, 26 Tama cities, 20 designated cities
GROUPS = (WARDS, "tama26", "designated20")
SIZED_INPUTS = ("body_running_cost",)  # assumed in yen for the wards as a whole
LAID_OUT = (WARDS, "tama26")  # the groups that `tile_layout` holds
# tiles of a row that a phone shows with their names
MOST_COLUMNS = 6
FIRST_WARD, LAST_WARD = "13101", "13123"  # Tokyo's special wards in JIS X 0402
_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five_digits: str) -> str:
    """Return the sixth digit that belongs to the first five of a local government code.

    The first five are prefecture (JIS X 0401) and municipality (JIS X 0402); the check digit is
    (11 - weighted sum mod 11) mod 10 with the weights 6, 5, 4, 3, 2. Refused: anything but five
    ASCII digits. The trap: the remainders 0 and 10 both give 1, so the digit catches most slips of
    the pen, not all.

    >>> check_digit("13101")  # Chiyoda: 6 + 15 + 4 + 0 + 2 = 27, 27 mod 11 = 5, 11 - 5 = 6
    '6'
    """
    if not re.fullmatch("[0-9]{5}", five_digits):
        raise ValueError(f"the check digit belongs to five digits, not to {five_digits!r}")
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, five_digits, strict=True))
    return str((11 - weighted % 11) % 10)


def require_codes(codes: Iterable[str]) -> list[str]:
    """Return the codes as a list if each is a six-digit text with the right check digit.

    Otherwise a `ValueError` names every culprit and the code that was probably meant. The trap: a
    spreadsheet that reads codes as numbers drops the leading zero of Hokkaido to Tochigi, and a JIS
    code has no check digit at all.

    >>> require_codes(["131016", "011002"])
    ['131016', '011002']
    >>> require_codes(["131016", "131017", "13101"])
    Traceback (most recent call last):
    ValueError: not a local government code: '131017' (should be 131016); '13101' (five digits: 131016 with its check digit)
    """
    checked = list(codes)
    faults = [f"{code!r} ({fault})" for code in checked if (fault := _fault(code))]
    if faults:
        raise ValueError("not a local government code: " + "; ".join(faults))
    return checked


def _fault(code: object) -> str | None:
    """Say what is wrong with a code and what was probably meant; None if it is right."""
    if not isinstance(code, str):
        return f"a {type(code).__name__}, not text"
    if re.fullmatch("[0-9]{6}", code):
        right = check_digit(code[:5])
        return None if code[5] == right else f"should be {code[:5]}{right}"
    if not re.fullmatch("[0-9]{5}", code):
        return "not six digits"
    meant, padded = [f"{code}{check_digit(code)} with its check digit"], f"0{code}"
    if check_digit(padded[:5]) == padded[5]:
        meant.insert(0, f"{padded} with its leading zero")
    return "five digits: " + " or ".join(meant)


def require_known(chosen: str | Sequence[str], municipalities: pd.DataFrame) -> None:
    """Refuse a group whose bodies ``municipalities`` does not hold: one message names them all,
    with the nearest known.

    >>> import pandas as pd
    >>> require_known(["131016", "142018"], pd.DataFrame({"code": ["131016", "141003"], "name_ja": ["千代田区", "横浜市"]}))
    Traceback (most recent call last):
    ValueError: study.group: no row in municipalities for 142018 (nearest there: 141003 横浜市); write the rows of such bodies, \
with those of all others, into data/local/municipalities.csv and data/local/municipality_indicators.csv
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
            " such bodies, with those of all others, into data/local/municipalities.csv and"
            " data/local/municipality_indicators.csv"
        )


def _nearest(code: str, names: Mapping[str, str]) -> str:
    # codes of a prefecture stand together
    near = min(names, key=lambda known: abs(int(known) - int(code)))
    return f" (nearest there: {near} {names[near]})"


@dataclass(frozen=True)
class Group:
    """The bodies under study: the group's ``key`` in tables, its ``codes`` in order, and the
    ``noun`` of one of its bodies.

    What texts call the group and its bodies stands in ``notebook/nouns.yaml``.
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

        Refused: a name that no body carries, with those there are, and what `require_known`
        refuses.

        >>> import pandas as pd
        >>> bodies = pd.DataFrame({"code": ["131024", "132012", "131016"], "group": ["tokyo23", "tama26", "tokyo23"],
        ...                        "name_ja": ["中央区", "八王子市", "千代田区"]})
        >>> Group.of("tokyo23", bodies).codes, Group.of(["131016", "132012"], bodies)
        (('131016', '131024'), Group(key='chosen', codes=('131016', '132012'), noun='municipality', split=('tokyo23',), gone=('tama26',)))
        """
        require_known(chosen, municipalities)
        named = {
            key: tuple(sorted(codes)) for key, codes in municipalities.groupby("group")["code"]
        }
        if isinstance(chosen, str) and chosen not in named:
            raise ValueError(f"no body in group {chosen!r}; there are: {', '.join(sorted(named))}")
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
    def published(self) -> bool:
        """Say whether a total, a target and a report exist for the group: they do for all special
        wards together.
        """
        return self.key == WARDS

    @property
    def part_of_the_wards(self) -> bool:
        """Say whether the bodies are some of Tokyo's special wards, not all: then the wards'
        published total is scaled.

        >>> Group("chosen", ("131016", "131024")).part_of_the_wards
        True
        >>> Group("chosen", ("131016", "132012")).part_of_the_wards   # with a city
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
        """Say whether a map of its bodies is laid out; else their tiles stand on a grid by code."""
        return self.key in LAID_OUT

    def marked(self, municipalities: pd.DataFrame) -> pd.DataFrame:
        """Return the table of bodies with those of a hand-made group marked so in ``group``;
        ``named_group`` keeps what they are.
        """
        chosen = municipalities["code"].isin(self.codes) & (self.key == CHOSEN)
        return municipalities.assign(
            group=municipalities["group"].mask(chosen, CHOSEN), named_group=municipalities["group"]
        )

    def sized(self, ranges: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
        """Return ranges of inputs (``input``, ``low``, ``central``, ``high``) with those of the
        wards' own body sized for this group.

        Its running cost is assumed in yen for a body of the special wards; another group's body is
        taken to cost in proportion to residents (census of 2020). The trap: a body for nine million
        residents, paid by five cities.
        """
        if self.key == WARDS:
            return ranges
        people, wards = municipalities["census_population"], municipalities["group"] == WARDS
        share = people[municipalities["code"].isin(self.codes)].sum() / people[wards].sum()
        bounds = ranges[["low", "central", "high"]].astype(float)
        return ranges.assign(**bounds.mul(share).where(ranges["input"].isin(SIZED_INPUTS), bounds))

    def tiles(self, layout: pd.DataFrame) -> pd.DataFrame:
        """Return where each body's tile lies (code, column, row): as laid out for its group, else
        on a grid by code.
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
