"""A notebook's code as HTML: coloured by kind of token, the Japanese in it marked as Japanese."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup, escape
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Number, String

from analysis.workbook.report.edition import has_japanese

_KINDS = ((Comment, "code-comment"), (Keyword, "code-keyword"), (String, "code-string"), (Number, "code-number"))
_LEXER = PythonLexer(stripnl=False, ensurenl=False)


@cache   # both languages show the same code
def highlighted(source: str) -> Markup:
    """Return Python as the inside of a ``<pre>``."""
    return Markup().join(_token(kind, value) for kind, value in _LEXER.get_tokens(source.rstrip()))


def plain_output(text: str) -> Markup:
    """Return what a cell printed as the inside of a ``<pre>``."""
    return _token(None, text.rstrip())


def _token(kind: object, value: str) -> Markup:
    name = next((name for family, name in _KINDS if kind is not None and kind in family), None)
    attributes = (Markup(' class="{}"').format(name) if name else Markup()) + (
        Markup(' lang="ja"') if has_japanese(value) else Markup())
    return Markup("<span{}>{}</span>").format(attributes, value) if attributes else escape(value)
