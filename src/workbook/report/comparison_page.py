"""A comparison as a page in the report's look, one in each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from markupsafe import Markup, escape

from workbook import units
from workbook.comparing.comparison import ALL, Comparison
from workbook.comparing.telling import SHOWN, change_in_words
from workbook.report.shell import page_shell
from workbook.tables.openness import mode_of_run
from workbook.whole_files import write_together
from workbook.words.nouns import glossary

PAGES = {"ja": "compare.html", "en": "compare.en.html"}
WORDS = {
    "ja": {
        "title": "二つの計算の比較",
        "lead": "{before} から {after} へ",
        "causes": "変えたもの",
        "causes_caption": "計算の前提のうち、二つの計算で違うもの",
        "results_caption": "値または幅が変わった主な結果",
        "exhibits_caption": "図、表、文章のいずれかが違う図表、新しい図表、なくなった図表",
        "kind": "種類",
        "name": "名称",
        "before": "変更前",
        "after": "変更後",
        "parameter": "設定値",
        "inputs": "元データ",
        "modules": "プログラム",
        "cells": "セル",
        "declarations": "表の定義",
        "packages": "ライブラリ",
        "python": "Python",
        "row": "元データの行",
        "no_causes": "計算の前提に違いはない。",
        "results": "主な結果",
        "result": "結果",
        "relative": "変化",
        "no_results": "主な結果はすべて同じである。",
        "new": "新規",
        "gone": "廃止",
        "exhibits": "図表",
        "differs": "違うもの",
        "figure": "図",
        "table": "表",
        "text": "文章",
        "only in one": "片方だけにある",
        "all": "すべての図表",
        "no_exhibits": "図表はすべて同じである。",
        "texts": "文章",
        "texts_caption": "書き換わった文章",
        "place": "場所",
        "was": "変更前",
        "now": "変更後",
        "no_texts": "文章はすべて同じである。",
        "warnings": "新しい注意",
        "warnings_caption": "変更後の計算だけが示す注意",
        "warning": "内容",
        "no_warnings": "新しい注意はない。",
    },
    "en": {
        "title": "Two runs compared",
        "lead": "From {before} to {after}",
        "causes": "What was changed",
        "causes_caption": "What the two runs rest on and that differs",
        "results_caption": "Headline results whose value or range moved",
        "exhibits_caption": "Exhibits that are new or gone, or whose figure, table or text differs",
        "kind": "Kind",
        "name": "Name",
        "before": "Before",
        "after": "After",
        "parameter": "Parameter",
        "inputs": "Input table",
        "modules": "Module",
        "cells": "Cell",
        "declarations": "Declaration of a table",
        "packages": "Package",
        "python": "Python",
        "row": "Row of an input table",
        "no_causes": "Nothing the runs rest on differs.",
        "results": "Headline results",
        "result": "Result",
        "relative": "Change",
        "no_results": "Every headline result is the same.",
        "new": "new",
        "gone": "gone",
        "exhibits": "Exhibits",
        "differs": "What differs",
        "figure": "figure",
        "table": "table",
        "text": "text",
        "only in one": "in one run only",
        "all": "all exhibits",
        "no_exhibits": "Every exhibit is the same.",
        "texts": "Sentences",
        "texts_caption": "Sentences that read differently",
        "place": "Place",
        "was": "Before",
        "now": "After",
        "no_texts": "Every sentence is the same.",
        "warnings": "New warnings",
        "warnings_caption": "What only the second run warns of",
        "warning": "Warning",
        "no_warnings": "No warning is new.",
    },
}
NUMERIC = {"before", "after", "relative"}


def write_pages(found: Comparison, before: Path, after: Path) -> dict[str, Path]:
    """Write a comparison's pages into the folder of the run ``after``; return them by language."""
    paths = {lang: after / name for lang, name in PAGES.items()}
    pages = {path: page_of(found, lang) for lang, path in paths.items()}
    write_together(pages, mode_of_run(before) & mode_of_run(after))
    return paths


def page_of(found: Comparison, lang: str) -> str:
    """Return the page of a comparison in one language; what comes from runs is escaped."""
    words = WORDS[lang]
    parts: tuple[tuple[str, tuple[str, ...], list[tuple[str, ...]]], ...] = (
        ("causes", ("kind", "name", "before", "after"), list(_causes(found, words))),
        ("results", ("result", "before", "after", "relative"), list(_results(found, words, lang))),
        ("texts", ("place", "was", "now"), list(_texts(found, lang))),
        ("warnings", ("warning",), [(warning,) for warning in found.warnings]),
        ("exhibits", ("name", "differs"), list(_exhibits(found, words, lang))),
    )
    body = Markup("").join(_part(name, columns, rows, words) for name, columns, rows in parts)
    return page_shell(
        words["title"], lang, body, words["lead"].format(before=found.before, after=found.after)
    )


def _causes(found: Comparison, words: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for key, pair in found.parameters.items():
        yield words["parameter"], key, *map(_written, pair)
    for kind, names in found.causes.items():
        for name in names:
            yield words[kind], name, "", ""
            for row in found.rows.get(name, ())[:SHOWN] if kind == "inputs" else ():
                place = ", ".join(filter(None, (name, row.row, row.column)))
                yield words["row"], place, _written(row.before), _written(row.after)
    if found.python:
        yield words["python"], "", *found.python
    for name, pair in found.packages.items():
        yield words["packages"], name, *map(_written, pair)


def _results(found: Comparison, words: dict[str, str], lang: str) -> Iterator[tuple[str, ...]]:
    for m in found.moved:
        values = (units.format_value(v, m.unit, lang, 3) for v in (m.before, m.after))
        change = change_in_words(m, lang).replace("-", "\N{MINUS SIGN}")
        yield _named(m.id, lang), *values, change
    for state, names in (("new", found.came), ("gone", found.went)):
        yield from ((_named(name, lang), "", "", words[state]) for name in names)


def _texts(found: Comparison, lang: str) -> Iterator[tuple[str, ...]]:
    """Yield the texts that differ in the page's language; the other one has a page of its own."""
    for said in found.texts:
        old, new = (text.text.get(lang) if text else None for text in (said.before, said.after))
        if old != new:
            yield said.place, _written(old), _written(new)


def _exhibits(found: Comparison, words: dict[str, str], lang: str) -> Iterator[tuple[str, ...]]:
    for name, differs in found.exhibits.items():
        comma = "、" if lang == "ja" else ", "
        shown = words["all"] if name == ALL else name
        yield shown, comma.join(words[what] for what in differs)


def _named(result: str, lang: str) -> Markup:
    term = glossary().get(result, {}).get(lang)
    return Markup("{}<br><code>{}</code>").format(term, result) if term else escape(result)


def _written(value: object) -> str:
    return "–" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _part(
    name: str, columns: tuple[str, ...], rows: list[tuple[str, ...]], words: dict[str, str]
) -> Markup:
    heading = Markup('<h2 id="{}">{}</h2>').format(name, words[name])
    if not rows:
        return heading + Markup("<p>{}</p>").format(words[f"no_{name}"])
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_class(column), words[column])
        for column in columns
    )
    body = Markup("").join(Markup("<tr>{}</tr>").format(_cells(columns, row)) for row in rows)
    return heading + Markup(
        '<div class="table-region" tabindex="0" role="region"'
        ' aria-labelledby="{0}"><table><caption>{1}</caption>'
        "<thead><tr>{2}</tr></thead><tbody>{3}</tbody></table></div>"
    ).format(name, words[f"{name}_caption"], head, body)


def _cells(columns: tuple[str, ...], row: Iterable[str]) -> Markup:
    first, *rest = zip(columns, row, strict=True)
    named = Markup('<th scope="row">{}</th>').format(first[1])
    return named + Markup("").join(
        Markup("<td{}>{}</td>").format(_class(column), value) for column, value in rest
    )


def _class(column: str) -> Markup:
    return Markup(' class="number worded"') if column in NUMERIC else Markup("")
