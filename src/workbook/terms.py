"""The terms of the workbook itself, which no study needs to write: how good a number is, and the
two answers of a yes/no.
"""

from __future__ import annotations

TERMS: dict[str, dict[str, str]] = {
    # standing of a number
    "published": {"ja": "公表値", "en": "published"},
    "reported": {"ja": "報道・引用値", "en": "reported"},
    "supplied": {"ja": "提供値", "en": "supplied"},
    "derived": {"ja": "計算値", "en": "derived"},
    "modelled": {"ja": "推計値", "en": "modelled"},
    "assumed": {"ja": "想定値", "en": "assumed"},
    # everyday values
    "yes": {"ja": "はい", "en": "yes"},
    "no": {"ja": "いいえ", "en": "no"},
}
