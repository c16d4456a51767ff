"""Markdown as safe HTML: raw HTML is shown as text, headings sink below the page's own,
``[[slug]]`` becomes a link, TeX a formula.
"""

from __future__ import annotations

import re
from re import Match

from markupsafe import Markup
from mistune import HTMLRenderer, InlineParser, InlineState
from mistune import Markdown as Parser
from mistune.plugins.math import math
from mistune.plugins.table import table

from workbook.report.bibliography import CITATION, keys_in
from workbook.report.edition import Edition
from workbook.report.faults import ReportFault
from workbook.report.formula import mathml

_SOFT_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")
_SLUG = r"\[\[(?P<slug>[^\[\]\n]+)\]\]"


def render_markdown(source: str, edition: Edition, title_id: str | None = None) -> Markup:
    """Return markdown as HTML of an edition; ``title_id`` names its first heading of level one.

    Headings sink by one level, since the page has one h1 of its own. An image is refused: the page
    fetches nothing.
    """
    parser = Parser(
        renderer=_Renderer(edition, title_id),
        inline=InlineParser(),
        plugins=[table, math, _cross_references],
    )
    return Markup(parser(source))


def chapter_title(source: str) -> str | None:
    """Return the text of the first heading of level one, if there is one.

    >>> chapter_title("# 4 Procurement\\n\\nWhat does it save?")
    '4 Procurement'
    """
    heading = re.search(r"^# +(.+?) *#*$", source, flags=re.MULTILINE)
    return heading[1] if heading else None


def _cross_references(parser: Parser) -> None:
    def parse(inline: InlineParser, match: Match[str], state: InlineState) -> int:
        state.append_token({"type": "cross_reference", "raw": match["slug"]})
        return match.end()

    def parse_citation(inline: InlineParser, match: Match[str], state: InlineState) -> int:
        state.append_token({"type": "citation", "raw": match[0]})
        return match.end()

    parser.inline.register("cross_reference", _SLUG, parse, before="link")
    parser.inline.register("citation", CITATION.pattern, parse_citation, before="link")


class _Renderer(HTMLRenderer):
    def __init__(self, edition: Edition, title_id: str | None) -> None:
        super().__init__(escape=True)
        self.edition, self.title_id = edition, title_id

    def text(self, text: str) -> str:
        return str(self.edition.marked(text)) if self.edition.lang == "en" else super().text(text)

    def cross_reference(self, slug: str) -> str:
        return str(self.edition.link(slug))

    def citation(self, cited: str) -> str:
        return str(self.edition.citation(list(keys_in(cited))))

    def inline_math(self, tex: str) -> str:
        return str(mathml(tex, display=False))

    def block_math(self, tex: str) -> str:
        return (
            '<div class="formula" tabindex="0" role="group"'
            f' aria-label="{self.edition.word("formula")}">{mathml(tex, display=True)}</div>\n'
        )

    def heading(self, text: str, level: int, **attributes: object) -> str:
        named = f' id="{self.title_id}"' if level == 1 and self.title_id else ""
        if named:
            self.title_id = None
        return f"<h{level + 1}{named}>{text}</h{level + 1}>\n"

    def paragraph(self, text: str) -> str:
        return super().paragraph(_SOFT_BREAK.sub("", text))

    def block_text(self, text: str) -> str:
        return super().block_text(_SOFT_BREAK.sub("", text))

    def table(self, text: str) -> str:
        name = self.edition.word("table")
        return (
            f'<div class="table-region" role="group" aria-label="{name}"'
            f' tabindex="0"><table>\n{text}</table></div>\n'
        )

    def image(self, text: str, url: str, title: str | None = None) -> str:
        raise ReportFault(
            f"an image in markdown ({url}): show it with run.show, so that it has words and a"
            " source"
        )
