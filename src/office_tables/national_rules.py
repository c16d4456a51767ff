"""The national rules for machine-readable statistical tables, and which of them a sheet breaks.

総務省「統計表における機械判読可能なデータの表記方法の統一ルール」（2020）: fifteen points, in words
of our own. Only what a machine can see is held; whether an abbreviated item name is understood, for
one, a reader must say.
"""

from __future__ import annotations

from dataclasses import dataclass

from office_tables.rule_looks import LOOKS
from office_tables.sheet import Sheet
from office_tables.sheet_parts import SheetParts

SHOWN_PLACES = 6
RULES = {
    "1-1": ("ファイル形式はExcelかCSV", "the file is Excel or CSV"),
    "1-2": ("1セル1データ", "one datum in a cell"),
    "1-3": ("数値は数値属性、文字を含めない", "numbers are numbers, without characters"),
    "1-4": ("セルを結合しない", "no merged cells"),
    "1-5": ("空白や改行で体裁を整えない", "no spaces or line breaks for looks"),
    "1-6": ("項目名を省略しない", "no item name left out"),
    "1-7": ("数式は数値に直す", "values in place of formulas"),
    "1-8": ("図形などを使わない", "no drawn objects"),
    "1-9": ("単位を記す", "units are named"),
    "1-10": ("機種依存文字を使わない", "no platform-dependent characters"),
    "1-11": (
        "時間は西暦かコード、和暦には西暦を添える",
        "years are Western or codes; an era year has the Western one beside it",
    ),
    "1-12": ("地域コードか地域名を記す", "area codes or full area names"),
    "1-13": ("数値の列の記号は秘匿Xと***に限る", "in columns of numbers no marks but X and ***"),
    "2-1": ("データを分断しない", "no blank row or column inside the table"),
    "2-2": ("1シートに1表", "one table on a sheet"),
}


@dataclass(frozen=True)
class Broken:
    """A rule that a sheet breaks, and where: places as a spreadsheet names them."""

    rule: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        ja, en = RULES[self.rule]
        more = (
            f" and {len(self.places) - SHOWN_PLACES} more"
            if len(self.places) > SHOWN_PLACES
            else ""
        )
        return f"{self.rule} {ja} ({en}): {', '.join(self.places[:SHOWN_PLACES])}{more}"


def broken_rules(sheet: Sheet) -> list[Broken]:
    """Return the rules that a sheet breaks, in their order; every place is named.

    A sheet that holds no municipality is checked too: then the first row with a figure begins the
    table.
    """
    parts = SheetParts(sheet)
    found = {rule: tuple(dict.fromkeys(look(parts))) for rule, look in LOOKS.items()}
    return [Broken(rule, found[rule]) for rule in RULES if found[rule]]


def told(broken: list[Broken]) -> list[str]:
    """Return what is said of them, a line a rule."""
    if not broken:
        return [
            f"national rules for machine-readable tables (2020): none of {len(RULES)} is broken, as"
            " far as a machine can see"
        ]
    return [
        f"national rules for machine-readable tables (2020): {len(broken)} of {len(RULES)} broken",
        *(f"rule {rule}" for rule in broken),
    ]
