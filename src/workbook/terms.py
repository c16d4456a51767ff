"""The terms of the workbook itself, which no study needs to write: how good a number is, of what an
interval is one, and the two answers of a yes/no.
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
    # what an interval is of
    "interval_draws": {"ja": "P10～P90", "en": "P10 to P90"},
    "interval_rivals": {"ja": "対立する読み方", "en": "rival readings"},
    "interval_variants": {"ja": "想定を変えた計算", "en": "other assumptions"},
    "interval_forms": {"ja": "関数形と構成", "en": "forms and compositions"},
    "interval_cases": {"ja": "事例", "en": "cases"},
    "interval_sampling": {"ja": "95％信頼区間", "en": "95% confidence interval"},
    "interval_wording": {"ja": "原典の表現", "en": "the source's wording"},
    # everyday values
    "yes": {"ja": "はい", "en": "yes"},
    "no": {"ja": "いいえ", "en": "no"},
}
INTERVALS = tuple(name.removeprefix("interval_") for name in TERMS if name.startswith("interval_"))
