"""Words joined to what a notebook left: the texts of a message in every language, as the report and
JupyterLab show them.
"""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from workbook import units
from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.steps import exhibit_number
from workbook.study import study
from workbook.words.filling import Names, Texts, templates, texts
from workbook.words.messages import ALT, SUBTITLE, TEXT, TITLE, Words
from workbook.words.nouns import in_language

CROSS_REFERENCE = re.compile(r"\[\[([^\[\]\n]+)\]\]")
_CODE = re.compile(r"[A-Z]\d{2,3}", re.ASCII)  # of a row of evidence
NO_EXHIBIT = {"ja": "図表{number}はない。{reason}", "en": "There is no exhibit {number}. {reason}"}
# of one municipality alone the reason is that of its results: no sentence by itself
NONE_OF_ONE = {
    "ja": "図表{number}はない。{reason}。",
    "en": "There is no exhibit {number}: {reason}.",
}
CALLOUT_NAMES = {
    "finding": {"ja": "要点", "en": "Finding"},
    "caveat": {"ja": "注意", "en": "Caveat"},
    "method": {"ja": "計算", "en": "Method"},
}
SET_BY_READER = {
    "ja": "利用者が固定した入力：{input}を{value}とした（根拠による幅は{low}から{high}）。",
    "en": "Set by the reader: {input} is held at {value} (evidence: {low} to {high}).",
}
EXHIBIT, SOURCE = {"ja": "図表", "en": "Exhibit"}, {"ja": "資料", "en": "Source"}


def group_of(payload: Mapping[str, Any]) -> Group:
    """Return the group that a payload was made for: the whole where it names none."""
    groups, record = study().groups, payload.get("group")
    return groups.of_record(record) if record else groups.whole


def bound(payload: Mapping[str, Any], words: Words, names: Names) -> dict[str, Any]:
    """Return what a notebook left (slug, case, raw values) with its words; an exhibit is still
    without picture and tables.
    """
    group, slug, values = group_of(payload), payload["slug"], payload["values"]
    told = {"group": payload["group"]} if payload.get("group") else {}
    if payload["kind"] == "lack":
        number, why = exhibit_number(slug), payload.get("why", slug)
        reason = texts(words, why, payload["case"], TEXT, values, names, group)
        said = NO_EXHIBIT if why == slug else NONE_OF_ONE
        text = {lang: said[lang].format(number=number, reason=reason[lang]) for lang in LANGUAGES}
        return {"kind": "prose", "text": text, "callout": "caveat", **told}
    if payload["kind"] == "prose":
        text = texts(words, slug, payload["case"], TEXT, values, names, group)
        return {"kind": "prose", "text": text, "callout": words[slug]["en"].callout, **told}
    parts = {
        part: texts(words, slug, payload["case"], part, values, names, group)
        for part in (TITLE, SUBTITLE, ALT)
    }
    return {
        "kind": "exhibit",
        "number": exhibit_number(slug),
        "slug": slug,
        "anchor": f"exhibit-{slug}",
        "form": payload["form"],
        **parts,
        **_words_to_fill(payload, words, group),
        "standing": payload["standing"],
        "provenance": payload["provenance"],
        "set_inputs": payload.get("set_inputs", []),
        **told,
    }


def _words_to_fill(
    payload: Mapping[str, Any], words: Words, group: Group
) -> dict[str, dict[str, dict[str, Texts]]]:
    """Return the messages that a panel or pages fill, by what they say and case, in every language;
    their placeholders are left to them.
    """
    return {
        kind: {part: templates(words, slug, group) for part, slug in payload[kind].items()}
        for kind in ("panel_words", "page_words")
        if payload.get(kind)
    }


def standard(payload: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Return what any viewer of notebooks shows of a bound payload in one language: Markdown, HTML,
    text.
    """
    if payload["kind"] == "prose":
        text = referring(payload["text"][lang], lang)
        return {
            "text/markdown": (
                _callout(text, payload["callout"], lang) if payload["callout"] else text
            ),
            "text/plain": text,
        }
    return {
        "text/html": _figure(payload, lang),
        "text/plain": f"{EXHIBIT[lang]} {payload['number']} {payload[TITLE][lang]}",
    }


def html_table(table: Mapping[str, Any], lang: str) -> str:
    """Return a table of the report's (`table_payload`) as plain HTML for the reader of a
    notebook.
    """
    columns = [
        column
        for column in table["columns"]
        if not column["hidden"] and not column["name"].endswith({"ja": "_en", "en": "_ja"}[lang])
    ]
    places = [table["columns"].index(column) for column in columns]
    head = "".join(f"<th>{html.escape(column['title'][lang])}</th>" for column in columns)
    rows = (
        "".join(
            f"<td>{html.escape(_cell(row[place], column, lang))}</td>"
            for place, column in zip(places, columns, strict=True)
        )
        for row in table["rows"]
    )
    rest = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rest}</tbody></table>"


def folded_table(table: Mapping[str, Any], rows: int, lang: str) -> str:
    """Return a table's first rows as HTML that opens at a click; ``rows`` is how many it has in
    all.
    """
    size = {"ja": f"全{rows:,}行", "en": f"{rows:,} rows"}[lang]
    name = f"{html.escape(table['title'][lang])} <code>{html.escape(table['name'])}</code>, {size}"
    return f"<details><summary>{name}</summary>{html_table(table, lang)}</details>"


def _cell(value: Any, column: Mapping[str, Any], lang: str) -> str:
    label = column["labels"].get(str(value), {}).get(lang)
    return label if label is not None else units.format_value(value, column["unit"], lang)


def _callout(text: str, callout: str, lang: str) -> str:
    return "\n".join(
        f"> {line}".rstrip()
        for line in (f"**{CALLOUT_NAMES[callout][lang]}**", "", *text.splitlines())
    )


def _figure(payload: Mapping[str, Any], lang: str) -> str:
    """Return an exhibit as HTML that needs no script and no trust: the picture is an image with its
    alternative text.
    """
    shown = (
        html_table(payload["tables"][0], lang)
        if payload["form"] == "table"
        else _image(payload["svg"][lang], payload[ALT][lang])
    )
    sources = list(
        dict.fromkeys(
            source[lang] for entry in payload["provenance"]["inputs"] for source in entry["sources"]
        )
    )
    standing = study().glossary[payload["standing"]["value"]][lang]
    held = "".join(
        f"<br>{html.escape(text)}"
        for text in said_of_set_inputs(payload.get("set_inputs", []), group_of(payload), lang)
    )
    return (
        f"<p><strong>{EXHIBIT[lang]} {payload['number']}　{_plain(payload[TITLE], lang)}</strong>"
        f"<br>{_plain(payload[SUBTITLE], lang)}</p>{shown}"
        f"<p><small>{html.escape(standing)}　{SOURCE[lang]}:"
        f" {html.escape('; '.join(sources))}{held}</small></p>"
    )


def said_of_set_inputs(held: Iterable[Mapping[str, Any]], group: Group, lang: str) -> list[str]:
    """Return a sentence for each input that the reader of a run has set, with the range that the
    evidence gives it.
    """
    return [_said_of(one, group, lang) for one in held]


def _said_of(one: Mapping[str, Any], group: Group, lang: str) -> str:
    name, known = one["input"], study().glossary
    value, low, high = (
        units.format_value(one[end], one["unit"], lang) for end in ("value", "low", "high")
    )
    called = in_language(name, group, lang) if name in known else name
    return SET_BY_READER[lang].format(input=called, value=value, low=low, high=high)


def referring(text: str, lang: str) -> str:
    """Return a text with its cross-references written out.

    >>> referring("see [[s-curve]], after [[S12]]", "en")
    'see exhibit 4.2, after S12'
    """
    named = {"ja": "図表 {}", "en": "exhibit {}"}[lang]

    def put(found: re.Match[str]) -> str:
        return found[1] if is_code(found[1]) else named.format(exhibit_number(found[1]))

    return CROSS_REFERENCE.sub(put, text)


def is_code(slug: str) -> bool:
    """Say whether a cross-reference names a row of evidence, not an exhibit.

    >>> is_code("S12"), is_code("s-curve")
    (True, False)
    """
    return bool(_CODE.fullmatch(slug))


def _plain(texts_: Mapping[str, str], lang: str) -> str:
    return html.escape(referring(texts_[lang], lang))


def _image(svg: str, alt: str) -> str:
    return (
        f'<img alt="{html.escape(alt)}"'
        f' src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
    )
