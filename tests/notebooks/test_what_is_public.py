"""No text says that no ward's cost, or staff, is public: two wards publish a budget item, one of
them its staff. What is said of the others names them.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BODY = r"(?:wards?|bod(?:y|ies)|municipalit(?:y|ies)|\{municipalit(?:y|ies)\})"
PUBLIC = r"(?:public|published|known)"
THING = r"(?:ICT |IT |own )*(?:costs?|staff|split|budgets?|figures?)"
FALSE = {
    "en": (
        rf"\bno (?:single )?{BODY}(?:'s)? {THING}(?: is| are|$| per)",
        rf"\bno {BODY} publish",
        rf"\bnot {PUBLIC} (?:for|of) any (?:single )?{BODY}",
        rf"\bnor any {BODY}'s {THING}",
        rf"\bno ICT cost[^.]* of any (?:single )?{BODY}",
        rf"\b(?:no public (?:text|count|figure)\b[^.]*|there is no figure for) "
        rf"(?:of )?any (?:one )?{BODY}",
        r"\bonly a mean is public",
        rf"\bneither the number in each {BODY}\b[^.]*\bpublic",
    ),
    "ja": (
        r"(?<!ほかの)(?<!残る)(?:区|団体|\{municipality\})ごとの(?:ICT)?"
        r"(?:費用|額|数|職員数|供給者)(?:は|も|が)[^。]{0,20}公表されていない",
        r"(?<![かのる])(?:区|\{municipality\})の費用は公表されていない",
        r"(?:区|\{municipality\})の額として伝えられるただ一つ",
        r"各(?:区|\{municipality\})の情報担当職員数は公表資料では確かめられなかった",
    ),
}
# Two wards are named in the same breath: the sentence speaks of the others.
NAMES_THE_OTHERS = re.compile(r"ほかの|残る|二つの区|費目を除き")
EVERYTHING = ("*.md", "docs/*.md", "docs/methods/*.md", "notebooks/words/*.md", "data/*.md")
SOURCES = ("src/analysis/**/*.py", "src/analysis/**/*.yaml", "data/*.csv", "data/datapackage.json")


def texts() -> Iterator[tuple[str, str]]:
    """Every text that a reader meets, but the changelogs and the decisions, which tell of then."""
    for pattern in (*EVERYTHING, *SOURCES, "params.yaml", "params.schema.json"):
        for path in sorted(ROOT.glob(pattern)):
            if not path.name.startswith("CHANGELOG"):
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield path.name, "\n\n".join("".join(cell["source"]) for cell in cells)


def false_sentences(text: str) -> list[str]:
    """Return the sentences that deny what two wards publish."""
    sentences = re.split(r"(?<=[。.])\s*|\n\n", text)
    plain = [re.sub(r"[\s*\"]+", " ", sentence) for sentence in sentences]
    patterns = [re.compile(pattern, re.IGNORECASE) for kind in FALSE.values() for pattern in kind]
    return [
        sentence
        for sentence in plain
        if any(pattern.search(sentence) for pattern in patterns)
        and not NAMES_THE_OTHERS.search(sentence)
    ]


def test_no_text_says_that_no_ward_s_cost_is_public():
    assert {name: found for name, text in texts() if (found := false_sentences(text))} == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "No ward's ICT cost is public: whatever is said of a single ward is modelled.",
        "**No ward's ICT cost is public**: such tables are modelled.",
        "No ward publishes what its ICT costs.",
        "No ward's cost is published.",
        "No {municipality}'s cost is public, so this chapter does not say which would leave.",
        "Not public for any ward; 0.25 puts two wards in three within about 25 %.",
        "Neither their total nor any {municipality}'s cost is published.",
        "We found no public count of any ward's IT staff.",
        "Public texts give no ICT cost, IT staff or contract ends of any single ward.",
        "no ward publishes its split.",
        "No public text names the supplier or the contract end of any ward.",
        "Of information staff only a mean is public; there is no figure for any one municipality.",
        "Of specialists, neither the number in each ward nor the pay is public.",
        "区ごとの費用は公表されていない。",
        "**区ごとのICT費用は公表されていない。**",
        "{municipality}ごとのICT費用は公表されていないため、金額はすべて推計である。",
        "この総額も{municipality}ごとの費用も公表されていない。",
        "区の費用は公表されていないので、どの区が損をするかは示していない。",
        "平均と分かるだけで、団体ごとの数は公表されていない。",
        "各区の情報担当職員数は公表資料では確かめられなかった。",
        "2017年度の{municipality}の額として伝えられるただ一つの例では、何円である。",
    ],
)
def test_the_search_finds_what_used_to_be_said(sentence):
    assert false_sentences(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two wards publish the budget item; the ICT cost of the other 21 is not public.",
        "情報部門の費目の予算を公表しているのは二つの区で、残る21区のICT費用は公表されていない。",
        "No {municipality}'s cost was supplied.",
        "no ward costs or no fixed share in draws 1, 2, 3",
    ],
)
def test_the_search_lets_pass_what_is_true(sentence):
    assert false_sentences(sentence) == []
