"""What every page of ours is: one self-contained HTML file with our style and typeface, that
fetches nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from workbook.report.faults import require_none
from workbook.report.font import FAMILY, font_face
from workbook.report.words import WORDS

STYLES = ("style.css", "panel.css", "members.css", "cards.css", "terms.css", "search.css")
SCRIPTS = ("script.js", "panel.js", "members.js", "search.js", "terms.js")
_FACE = "/* the typeface goes here */"
_FILE = re.compile(r'"data:text/csv[^"]*"')  # what a page carries without showing it


def page_shell(title: str, lang: str, body: Markup, lead: str = "") -> str:
    """Return a page in the report's look, without a script: a heading of level one, a line under
    it, and ``body``.

    ``body`` is safe HTML whose headings begin at level two; tables may use the classes of the
    report's (``table-region`` around them, ``number`` and ``short`` on cells). Refused as in the
    report: glyphs the typeface lacks, ids used twice, links into nowhere, skipped headings.

    >>> page = page_shell(
    ...     "二つの実行の比較", "ja", Markup("<h2>設定値</h2><p>{}</p>").format("<script>")
    ... )
    >>> "<p>&lt;script&gt;</p>" in page, page.count("<script")
    (True, 0)
    """
    words = WORDS[lang]
    context = {
        "lang": lang,
        "title": title,
        "lead": lead,
        "body": body,
        "word": words.__getitem__,
        **dress(""),
    }
    page = templates().get_template("plain.html.j2").render(context)
    return with_typeface([page])[0]


@cache  # a template is compiled once for both languages
def templates() -> Environment:
    """Return the environment of our templates; what they say of an edition comes with each
    rendering.
    """
    environment = Environment(
        loader=PackageLoader("workbook.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(zip=zip, css_text=css_text)
    return environment


def dress(script: str, own_style: str = "") -> dict[str, Any]:
    """Return what the template ``shell.html.j2`` needs of style, script and policy; a part of the
    page may bring a style of its own.
    """
    style = "\n".join(map(_packaged, STYLES)).replace("REPORT_FONT", f'"{FAMILY}"') + own_style
    return {
        "policy": content_security_policy(script),
        "script": Markup(script),
        "style": Markup(style),
        "face": Markup(_FACE),
    }


def css_text(text: str) -> Markup:
    r"""Return a text as the inside of a string of a style sheet, in which nothing can end it.

    >>> css_text('a"b</style>')
    Markup('a\\22 b\\3c \\2f style\\3e ')
    """
    return Markup(
        "".join(
            letter
            if letter.isalnum() or letter in " -.,:;" or ord(letter) > 0x7F
            else f"\\{ord(letter):x} "
            for letter in text
        )
    )


def packaged_script() -> str:
    """Return the report's script."""
    return "\n".join(map(_packaged, SCRIPTS))


def _packaged(name: str) -> str:
    return files("workbook.report").joinpath("template", name).read_text(encoding="utf-8")


def content_security_policy(script: str) -> str:
    """Return a policy under which the page fetches nothing and runs one script, known by its hash,
    or none.

    >>> content_security_policy("1").rpartition("; ")[2]
    "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"
    """
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    allowed = f"'sha256-{digest}'" if script else "'none'"
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri"
        f" 'none'; form-action 'none'; script-src {allowed}"
    )


def with_typeface(pages: list[str]) -> list[str]:
    """Return pages with the typeface in them, cut down once to the characters of all; an unsound
    page is refused.
    """
    require_none(fault for page in pages for fault in _faults(page))
    face = font_face("".join(sorted(set().union(*map(_characters, pages)))))
    return [page.replace(_FACE, face, 1) for page in pages]


def _characters(page: str) -> set[str]:
    """Return the characters that a reader may see, escaped ones too; only these are unescaped, not
    megabytes of page.
    """
    shown = _FILE.sub("", page)
    return set(shown).union(*map(html.unescape, set(re.findall(r"&[^;\s]+;", shown))))


def _faults(page: str) -> Iterator[str]:
    """Yield what would make the page unsound for those who navigate by ids and headings."""
    ids = Counter(re.findall(r'\sid="([^"]*)"', page))
    yield from (
        f"the id {name!r} stands {count} times in the page"
        for name, count in ids.items()
        if count > 1
    )
    yield from (
        f"a link to #{name}, which is nowhere in the page"
        for name in sorted(set(re.findall(r'<a [^>]*href="#([^"]*)"', page)) - set(ids))
    )
    headings = [
        (int(level), text)
        for level, text in re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", page, flags=re.DOTALL)
    ]
    if sum(level == 1 for level, _ in headings) != 1:
        yield "the page must have one heading of level one"
    for (before, _), (level, text) in itertools.pairwise(headings):
        if level > before + 1:
            yield f"the heading {Markup(text).striptags()!r} skips a level"
