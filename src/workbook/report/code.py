"""A notebook's code as HTML: coloured by kind of token, the Japanese in it marked as Japanese."""

from __future__ import annotations

import re
from keyword import kwlist

from markupsafe import Markup, escape

from workbook.report.edition import has_japanese

_TOKENS = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>(?:\b[rbfu]{1,2})?(?:
        \"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3}
        | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'))
    |(?P<number>\b\d[\d_.]*(?:e[+-]?\d+)?)"""
    rf"|(?P<keyword>\b(?:{'|'.join(kwlist)})\b)",
    re.VERBOSE | re.DOTALL,
)


def highlighted(source: str) -> Markup:
    """Return Python as the inside of a ``<pre>``; code that ran needs no full parser.

    >>> print(highlighted('x = 1  # "one"'))
    x = <span class="code-number">1</span>  <span class="code-comment"># &#34;one&#34;</span>
    """
    source, parts, at = source.rstrip(), [], 0
    for found in _TOKENS.finditer(source):
        kind = f' class="code-{found.lastgroup}"'
        parts += [_token("", source[at : found.start()]), _token(kind, found[0])]
        at = found.end()
    return Markup("".join([*parts, _token("", source[at:])]))


def plain_output(text: str) -> Markup:
    """Return what a cell printed as the inside of a ``<pre>``."""
    return Markup(_token("", text.rstrip()))


def _token(attributes: str, value: str) -> str:
    attributes += ' lang="ja"' if has_japanese(value) else ""
    return f"<span{attributes}>{escape(value)}</span>" if attributes else str(escape(value))
