"""A comparison as a page in the report's look, one in each language."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup, escape

from workbook import units
from workbook.comparing.comparison import ALL, Comparison
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
        "exhibits_caption": "図、表、文章のいずれかが違う図表",
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
        "no_causes": "計算の前提に違いはない。",
        "results": "主な結果",
        "result": "結果",
        "relative": "変化",
        "no_results": "主な結果はすべて同じである。",
        "came": "新規",
        "went": "廃止",
        "exhibits": "図表",
        "differs": "違うもの",
        "figure": "図",
        "table": "表",
        "text": "文章",
        "only in one": "片方だけにある",
        "all": "すべての図表",
        "no_exhibits": "図表はすべて同じである。",
    },
    "en": {
        "title": "Two runs compared",
        "lead": "From {before} to {after}",
        "causes": "What was changed",
        "causes_caption": "What the two runs rest on and that differs",
        "results_caption": "Headline results whose value or range moved",
        "exhibits_caption": "Exhibits whose figure, table or text differs",
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
        "no_causes": "Nothing the runs rest on differs.",
        "results": "Headline results",
        "result": "Result",
        "relative": "Change",
        "no_results": "Every headline result is the same.",
        "came": "new",
        "went": "gone",
        "exhibits": "Exhibits",
        "differs": "What differs",
        "figure": "figure",
        "table": "table",
        "text": "text",
        "only in one": "in one run only",
        "all": "all exhibits",
        "no_exhibits": "Every exhibit is the same.",
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
    causes = [
        (words["parameter"], key, *map(_written, pair)) for key, pair in found.parameters.items()
    ]
    causes += [
        (words[kind], name, "", "") for kind, names in found.causes.items() for name in names
    ]
    results = [
        (
            _named(m.id, lang),
            *(units.format_value(v, m.unit, lang, 3) for v in (m.before, m.after)),
            "" if m.relative is None else f"{m.relative:+.1%}".replace("-", "\N{MINUS SIGN}"),
        )
        for m in found.moved
    ]
    results += [
        (_named(name, lang), "", "", words[kind])
        for kind, names in (("came", found.came), ("went", found.went))
        for name in names
    ]
    exhibits: list[tuple[str, ...]] = [
        (
            words["all"] if name == ALL else name,
            ("、" if lang == "ja" else ", ").join(words[what] for what in differs),
        )
        for name, differs in found.exhibits.items()
    ]
    parts = (
        ("causes", ("kind", "name", "before", "after"), causes),
        ("results", ("result", "before", "after", "relative"), results),
        ("exhibits", ("name", "differs"), exhibits),
    )
    body = Markup("").join(_part(name, columns, rows, words) for name, columns, rows in parts)
    return page_shell(
        words["title"], lang, body, words["lead"].format(before=found.before, after=found.after)
    )


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
