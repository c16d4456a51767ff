"""docs/words.md, held against the programs it speaks of: its messages are read, its units exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbook.units import UNITS, format_value
from workbook.words.messages import IDENTIFIERS, read_words

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| ([\d.]+) \| (.+) \| (.+) \|$", GUIDE, re.MULTILINE)
EXAMPLES = re.findall(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize(("unit", "value", "ja", "en"), ROWS)
def test_a_value_is_written_as_the_guide_says(unit, value, ja, en):
    assert [format_value(float(value), unit, lang) for lang in ("ja", "en")] == [ja, en]


def test_the_guide_names_every_unit_and_no_other():
    said = re.search(r"Bare numbers.*?The list", GUIDE, re.DOTALL)[0]
    bare = set(re.findall(r"`([^`]+)`", said))
    assert {unit for unit, *_ in ROWS} | bare == UNITS
    assert set(re.findall(r"{\w+:(\w+)}`\s(?:is a|several|the)", GUIDE)) | {"words"} == IDENTIFIERS


def test_its_messages_are_read_with_their_cases(tmp_path):
    file = tmp_path / "words.md"
    file.write_text("\n".join(EXAMPLES), encoding="utf-8")
    messages = read_words(file)
    assert set(messages) == {"on-forcing-k", "closest", "s-curve"}
    assert messages["s-curve"].is_exhibit
    assert set(messages["s-curve"].cases) == {"", "otherwise", "lack"}


def test_every_file_of_words_says_where_the_guide_is():
    files = sorted((ROOT / "notebooks" / "words").glob("*.md"))
    first = [file.read_text(encoding="utf-8").partition("\n")[0] for file in files]
    assert files and all("docs/words.md" in line for line in first)
