"""A notebook's code as HTML: coloured by kind of token, the Japanese in it marked as Japanese."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup, escape
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Number, String

from workbook.report.edition import has_japanese

_KINDS = (
    (Comment, "code-comment"),
    (Keyword, "code-keyword"),
    (String, "code-string"),
    (Number, "code-number"),
)
_LEXER = PythonLexer(stripnl=False, ensurenl=False)


def highlighted(source: str) -> Markup:
    """Return Python as the inside of a ``<pre>``."""
    return Markup(
        "".join(
            _token(_class_of(kind), value) for kind, value in _LEXER.get_tokens(source.rstrip())
        )
    )


def plain_output(text: str) -> Markup:
    """Return what a cell printed as the inside of a ``<pre>``."""
    return Markup(_token("", text.rstrip()))


@cache
def _class_of(kind: object) -> str:
    return next((f' class="{name}"' for family, name in _KINDS if kind in family), "")


def _token(attributes: str, value: str) -> str:
    attributes += ' lang="ja"' if has_japanese(value) else ""
    return f"<span{attributes}>{escape(value)}</span>" if attributes else str(escape(value))
