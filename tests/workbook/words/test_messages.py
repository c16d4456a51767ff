"""The words of a chapter: what stands in a file is read as it is meant, and every line at fault is
named at once.
"""

from __future__ import annotations

import re

import pytest

from workbook.words.messages import MAIN, Words, WordsFault, case_of, read_words

EXHIBIT = """## curve

**Half of it by {year:fiscal_year}**

Chance of at least so much,
by {own_group}

> Three curves
> that fall

### otherwise

**The saving is {saving:JPY}**
"""


@pytest.fixture
def words(tmp_path):
    """Write a file of words and return its messages."""

    def read(text, name="01_x.en.md"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_words(path)

    return read


def faults(words, text):
    with pytest.raises(WordsFault) as found:
        words(text)
    return str(found.value).splitlines()


# -- the reader


def test_a_text_keeps_its_paragraphs_and_what_stands_before_the_first_message_is_no_words(words):
    found = words(
        "<!-- chapter 1 -->\nprose\n\n## one\n\nFirst.\n\nSecond, *in italics*.\n\n## two\n\nLast\n"
    )
    assert [(slug, message.cases) for slug, message in found.items()] == [
        ("one", {MAIN: {"text": "First.\n\nSecond, *in italics*."}}),
        ("two", {MAIN: {"text": "Last"}}),
    ]
    assert [message.callout for message in found.values()] == [None, None]


@pytest.mark.parametrize("callout", ["finding", "caveat", "method"])
def test_a_callout_stands_behind_the_slug(words, callout):
    assert words(f"## one · {callout}\n\nText.\n")["one"].callout == callout


def test_every_case_is_a_text_of_its_own(words):
    message = words("## one\n\nYes.\n\n### otherwise\n\nNo.\n\n### other-group\n\nElsewhere.\n")[
        "one"
    ]
    assert [message.parts(case)["text"] for case in ("", "otherwise", "other-group")] == [
        "Yes.",
        "No.",
        "Elsewhere.",
    ]
    with pytest.raises(
        WordsFault, match="one has no case 'half'; there are: '', 'otherwise', 'other-group'"
    ):
        message.parts("half")


def test_a_message_may_have_cases_alone(words):
    message = words("## one\n\n### low\n\nLow.\n\n### high\n\nHigh.\n")["one"]
    assert set(message.cases) == {"low", "high"} and message.parts("high") == {"text": "High."}
    with pytest.raises(WordsFault, match="no case 'without a heading'"):
        message.parts()


def test_an_exhibit_has_title_subtitle_and_alternative_text(words):
    message = words(EXHIBIT)["curve"]
    assert message.is_exhibit and message.parts() == {
        "title": "Half of it by {year:fiscal_year}",
        "subtitle": "Chance of at least so much, by {own_group}",
        "alt": "Three curves that fall",
    }


def test_a_case_of_an_exhibit_words_anew_what_it_names_and_no_more(words):
    parts = words(EXHIBIT)["curve"].parts("otherwise")
    assert (
        parts["title"] == "The saving is {saving:JPY}" and parts["alt"] == "Three curves that fall"
    )


def test_why_an_exhibit_is_lacking_is_a_text_and_takes_nothing_of_the_exhibit(words):
    assert words(f"{EXHIBIT}\n### lack\n\nNobody asked.\n")["curve"].parts("lack") == {
        "text": "Nobody asked."
    }


@pytest.mark.parametrize(
    "text", ["Some **bold** words.", "**Bold** at the start", "**One** and **two**", "a > b"]
)
def test_emphasis_in_a_sentence_makes_no_exhibit(words, text):
    message = words(f"## one\n\n{text}\n")["one"]
    assert not message.is_exhibit and message.parts() == {"text": text}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("費用は\n下がる", "費用は下がる"),  # no blank between Japanese letters
        ("it falls\nby half", "it falls by half"),
        # a Latin letter beside it is a word of its own
        ("費用（GDP\nの分）", "費用（GDP の分）"),
        ("削減は、\n「純額」", "削減は、「純額」"),
        ("２０２３\n年度", "２０２３年度"),
    ],
)
def test_a_wrapped_subtitle_is_one_line_as_its_language_writes_it(words, written, read):
    assert words(f"## one\n\n**題**\n\n{written}\n\n> 図\n")["one"].parts()["subtitle"] == read


def test_a_wrapped_alternative_text_is_one_line_too(words):
    assert (
        words("## one\n\n**題**\n\n副題\n\n> 三本の\n> 曲線\n")["one"].parts()["alt"]
        == "三本の曲線"
    )


def test_a_file_saved_with_a_mark_of_its_byte_order_or_by_windows_is_read_as_any_other(words):
    assert words(b"\xef\xbb\xbf## one\r\n\r\nText.\r\n")["one"].parts() == {"text": "Text."}


def test_every_placeholder_of_any_case_has_its_unit(words):
    assert words(EXHIBIT)["curve"].placeholders() == {
        "year": "fiscal_year",
        "own_group": "",
        "saving": "JPY",
    }


# -- what is at fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "## Two Words\n\nText.\n",
            "line 1: 'Two Words' is no slug; use small letters, digits and hyphens",
        ),
        (
            "## one · warning\n\nText.\n",
            "line 1: unknown callout 'warning'; write one of finding, caveat, method",
        ),
        (
            "\n## one\n\nText.\n\n## one\n\nAgain.\n",
            "line 6: one stands twice; keep one of the two",
        ),
        (
            "## one\n\nA.\n\n### half\n\nB.\n\n### half\n\nC.\n",
            "line 9: the case 'half' of one is there twice",
        ),
        (
            "## one\n\nA.\n\n### half\n\n### other\n\nC.\n",
            "line 5: the case 'half' of one is empty",
        ),
        ("## one\n\nA.\n\n### Not Half\n\nB.\n", "line 5: the case 'Not Half' of one is no name"),
        ("## one\n\n## two\n\nB.\n", "line 1: one has no text"),
        (
            "## one\n\nA {Saving:JPY}.\n",
            "line 1: one: '{Saving:JPY}' is no placeholder; write {name:unit}",
        ),
        ("## one\n\nA {saving.\n", "line 1: one: '{saving.' is no placeholder; write {name:unit}"),
        (
            "## one\n\nA } and {}.\n\n### half\n\n{0}\n",
            "line 1: one: '}' is no placeholder; write {name:unit}",
        ),
        (
            "## one\n\nA {x:yen} of it.\n",
            "line 1: one: x has an unknown unit 'yen'; they are listed in workbook/units.py",
        ),
        (
            "## one\n\nA {x:JPY} of {x:share}.\n",
            "line 1: one: x has two units in one text, JPY and share; give the second another name",
        ),
    ],
)
def test_a_line_at_fault_is_named_with_what_to_write(words, text, said):
    assert f"01_x.en.md: {said}" in faults(words, text)


def test_all_faults_are_named_at_once(words):
    found = faults(words, "## A\n\n{x\n\n## b · tip\n\nText.\n\n## b\n\nText.\n\n### c\n")
    assert [
        re.search("is no slug|is no placeholder|unknown callout|stands twice|is empty", fault)[0]
        for fault in found
    ] == ["is no slug", "is no placeholder", "unknown callout", "is empty", "stands twice"]


def test_a_file_that_is_no_utf_8_or_is_missing_is_named(words, tmp_path):
    assert faults(words, b"## one\n\n" + "税".encode("cp932")) == [
        "01_x.en.md: byte 9 is not UTF-8; save the file as UTF-8"
    ]
    with pytest.raises(
        WordsFault, match="05_x.ja.md: is missing; write the chapter's messages into it"
    ):
        read_words(tmp_path / "05_x.ja.md")


# -- both languages


@pytest.fixture
def chapter(tmp_path):
    """Write a chapter's words and read them in both languages."""

    def read(ja, en):
        (tmp_path / "notebooks" / "words").mkdir(parents=True, exist_ok=True)
        for lang, text in (("ja", ja), ("en", en)):
            if text is not None:
                (tmp_path / "notebooks" / "words" / f"01_x.{lang}.md").write_text(
                    text, encoding="utf-8"
                )
        return Words.of(tmp_path, "01_x")

    return read


def test_faults_of_both_languages_are_named_at_once(chapter):
    with pytest.raises(
        WordsFault, match=r"(?s)01_x\.ja\.md: is missing.*01_x\.en\.md: line 1: one has no text"
    ):
        chapter(None, "## one\n")


def test_a_message_missing_in_one_language_names_the_file_to_write_it_into(chapter):
    words = chapter("## one\n\n一\n", "## one\n\nOne\n\n## two\n\nTwo\n")
    assert {lang: message.parts()["text"] for lang, message in words["one"].items()} == {
        "ja": "一",
        "en": "One",
    }
    with pytest.raises(
        WordsFault, match=r"^notebooks/words/01_x\.ja\.md: no message 'two'; write it there$"
    ):
        words["two"]


@pytest.mark.parametrize(
    ("ja", "en", "said"),
    [
        ("## one\n\n一\n", "## one\n\nOne\n", []),
        ("## one\n\n一\n\n## two\n\n二\n", "## one\n\nOne\n", ["two: in one language only"]),
        ("## one · finding\n\n一\n", "## one\n\nOne\n", ["one: callout finding and None"]),
        (
            "## one\n\n一\n",
            "## one\n\nOne\n\n### half\n\nHalf\n",
            ["one: a case in one language only: half"],
        ),
        (
            "## one\n\n### half\n\n半\n",
            "## one\n\nOne\n\n### half\n\nHalf\n",
            ["one: a case in one language only: the main text"],
        ),
        (
            "## one\n\n**題**\n\n> 図\n",
            "## one\n\n**T**\n\nsub\n\n> alt\n",
            ["one: main text: subtitle in one language only"],
        ),
        ("## one\n\n{x:JPY}\n", "## one\n\n{x:share} {y:JPY}\n", ["one: placeholders differ: y"]),
        # a noun may be a pronoun
        ("## one\n\n{own_group}は{x:JPY}\n", "## one\n\nthey {x:JPY} of {peers}\n", []),
    ],
)
def test_what_only_one_language_has_is_told(chapter, ja, en, said):
    assert list(chapter(ja, en).disagreements()) == said


# -- which case is said


def message(words, *cases):
    texts = "".join(f"### {case}\n\n{case}\n\n" if case else "main\n\n" for case in cases)
    return {"en": words(f"## one\n\n{texts}")["one"]}


PLAIN, CLAIM, WORDED, OPEN = (
    ("",),
    ("", "otherwise"),
    ("", "half", "none"),
    ("half", "none", "otherwise"),
)


@pytest.mark.parametrize(
    ("cases", "asked", "said"),
    [
        (PLAIN, {}, ""),
        (CLAIM, {"holds": True}, ""),
        (CLAIM, {"holds": False}, "otherwise"),
        (WORDED, {"case": {"half": True, "none": True}}, "half"),  # the first that holds
        (WORDED, {"case": {"half": False, "none": True}}, "none"),
        (WORDED, {"case": {"half": False, "none": False}}, ""),
        (OPEN, {"case": {"half": False, "none": False}}, "otherwise"),  # the claims do not hold
        (OPEN, {"case": {"half": True}}, "half"),
        ((*CLAIM, "half"), {"holds": True, "case": {"half": True}}, "half"),
        ((*CLAIM, "half"), {"holds": False, "case": {"half": True}}, "half"),
        ((*CLAIM, "half"), {"holds": False, "case": {"half": False}}, "otherwise"),
        # tempting: otherwise, because no case holds
        ((*CLAIM, "half"), {"holds": True, "case": {"half": False}}, ""),
    ],
)
def test_the_case_that_is_said_is_the_first_that_holds(words, cases, asked, said):
    assert case_of(message(words, *cases), **asked) == said


@pytest.mark.parametrize(
    ("cases", "asked", "refused"),
    [
        (CLAIM, {}, "one: a claim with another wording needs `holds` or `case`"),
        (OPEN, {}, "needs `holds` or `case`"),
        # even while it holds
        (
            PLAIN,
            {"holds": True},
            "one: no text for the case otherwise; write it under ### otherwise",
        ),
        (
            PLAIN,
            {"case": {"half": False}},
            "one: no text for the case half; write it under ### half",
        ),
        (WORDED, {"case": {"half": True, "third": False}}, "no text for the case third"),
        (
            ("half", "none"),
            {"case": {"half": False, "none": False}},
            "one: no case holds, and there is no text without a heading",
        ),
        (("half", "none"), {}, "one: no case holds, and there is no text without a heading"),
    ],
)
def test_a_claim_without_another_wording_and_a_wording_without_condition_are_refused(
    words, cases, asked, refused
):
    with pytest.raises(WordsFault, match=re.escape(refused)):
        case_of(message(words, *cases), **asked)
