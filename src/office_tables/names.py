"""Names of municipalities as they are written: old and variant characters, spacing, prefecture and
county in front.
"""

from __future__ import annotations

import re

from office_tables.local_codes import PREFECTURES
from office_tables.sheet import plain_text
from workbook.study import study

# Old or variant character -> the one in the registered name; only pairs that stand for one another
# in place names.
VARIANTS = str.maketrans(
    "區縣澁澀邊邉濱嶋嶌國學廣圓櫻澤瀧竈鹽檜假驛齋壽惠樂麴曾條榮德巢萬龍藏鷗瀨禮餘靑淸淺豐增祿穗藪籠蘆眞應與莊臺灣薗舘嶽埜冨﨑髙桒靜戶黑步橫",
    "区県渋渋辺辺浜島島国学広円桜沢滝釜塩桧仮駅斎寿恵楽麹曽条栄徳巣万竜蔵鴎瀬礼余青清浅豊増禄穂薮篭芦真応与荘台湾園館岳野富崎高桑静戸黒歩横",
)
KE = str.maketrans("ヶヵがガゖヱェ", "ケカケケケエエ")
SUBTOTAL = re.compile(
    r"(合計|総計|小計|総数|累計|全国|平均|計|郡|島しょ|島嶼|島部|支庁|振興局|部)$"
)
TOTAL_WORDS = re.compile(r"^(合計|総計|総数|計|全国|全国計|全団体計|総合計)$")
MEAN = re.compile(r"平均|中央値|最大|最小|標準偏差")
MUNICIPALITY_NAME = re.compile(r".{1,12}[区市町村]$")
# 中部3市, 26市, 二十三区
LANDS = "|".join(name[:-1] for name in PREFECTURES)
SEVERAL = re.compile(
    r"[0-9]+(?:区|市|町|村|市町村|団体)(?:計|部)?$|"
    rf"^(?:{LANDS})?[二三四五六七八九]?十[一二三四五六七八九]?[区市]$"
)
# Words for municipalities in general. No registered name holds two kinds in a row like 市区 or 町村
# (余市町, 十日町市 and 四日市市 have other pairs), or consists of one of the words in front and the
# bare kind.
KINDS = re.compile(
    r"\D{0,14}(?:市町村|区町村|市区|区市|町村|市郡|郡市|都道府県[区市町村]?|全国[区市町村]?|自治体|団体)"
)
KIND_ALONE = re.compile(
    r"(?:各|全|本|当|同|両|対象|該当|構成|関係|関連|近隣|周辺|隣接|参加|調査|回答|加入|指定|政令|政令指定|中核|特例|施行時特例|一般|県内|都内|府内|道内|国内|"
    r"域内|管内|圏内|大|主要|類似)*(?:[区市町村]|都市)"
)


def bare_name(text: str) -> str:
    """Return a name by which two spellings of one municipality are equal: no spaces, today's
    characters, no remark behind it.

    >>> (
    ...     bare_name("廣　嶋　市"),
    ...     bare_name("濱松市（注１）"),
    ...     bare_name("龍ヶ崎市") == bare_name("竜ケ崎市"),
    ... )
    ('広島市', '浜松市', True)
    """
    name = re.sub(r"\s|[・･]", "", plain_text(text))
    name = re.sub(r"(\*\d*|※\d*|[(\[〔].*[)\]〕]|注\d*)$", "", name)
    return name.translate(VARIANTS).translate(KE)


def without_prefix(name: str) -> tuple[str, str]:
    """Return (prefecture, name) of a bare name, the county in front of a town taken off.

    >>> (
    ...     without_prefix("愛媛県喜多郡内子町"),
    ...     without_prefix("郡山市"),
    ...     without_prefix("京都市"),
    ... )
    (('愛媛県', '内子町'), ('', '郡山市'), ('', '京都市'))
    """
    prefecture = next((p for p in PREFECTURES if name.startswith(p) and len(name) > len(p)), "")
    rest = name.removeprefix(prefecture)
    return prefecture, re.sub(r"^[^市区]+?郡(?=.+[町村]$)", "", rest)


def is_subtotal(name: str) -> bool:
    """Say whether a name stands for several municipalities: a total, a prefecture, a county,
    islands, wards together.

    >>> [
    ...     is_subtotal(name)
    ...     for name in ("合計", "愛媛県計", "喜多郡", "島しょ", "区部", "松山市", "愛媛県")
    ... ]
    [True, True, True, True, True, False, True]
    >>> [
    ...     is_subtotal(name)
    ...     for name in ("中部3市", "26市計", "市部平均", "二十三区", "四万十町", "市区町村計")
    ... ]
    [True, True, True, True, False, True]
    """
    bare = bare_name(name)
    return (
        bare in PREFECTURES
        or bool(SUBTOTAL.search(bare))
        or bool(MEAN.search(bare))
        or bool(SEVERAL.search(_as_a_kind(bare)))
        or bare in ("市部", "町村", *labels_together())
    )


def labels_together() -> tuple[str, ...]:
    """Return what the study's own groups are called in a row that adds up their members."""
    return tuple(group.label for group in study().groups.together())


def _as_a_kind(bare: str) -> str:
    """Return a text in which one of the study's groups is called by the kind of its members alone,
    which ends its label: with the label 山村, 山村 and 山三村 become 村 and 三村.
    """
    for label in labels_together():
        bare = re.sub(rf"{label[:-1]}(?=[二三四五六七八九十\d]*{label[-1]})", "", bare)
    return bare


def is_total_label(name: str) -> bool:
    """Say whether a text calls its row a total or a mean, in whatever column it stands.

    >>> [
    ...     is_total_label(text)
    ...     for text in ("合計", "市部平均", "全国計", "総務部", "松山市", "設計")
    ... ]
    [True, True, True, False, False, False]
    """
    bare = bare_name(name)
    return bool(TOTAL_WORDS.match(bare)) or (
        is_subtotal(bare)
        and bool(re.search(r"(合計|総計|小計|総数|累計|平均|[区市町村国県府道都部郡体]計)$", bare))
    )


def is_kind_of_municipality(name: str) -> bool:
    """Say whether a text, as a heading does, names municipalities in general and no one of them.

    >>> [
    ...     is_kind_of_municipality(text)
    ...     for text in (
    ...         "全国・市区町村",
    ...         "県内市町村",
    ...         "対象区市町村名",
    ...         "市・町村",
    ...         "各区",
    ...         "指定都市",
    ...     )
    ... ]
    [True, True, True, True, True, True]
    >>> [
    ...     is_kind_of_municipality(text)
    ...     for text in (
    ...         "余市町",
    ...         "十日町市",
    ...         "四日市市",
    ...         "玉村町",
    ...         "京都市",
    ...         "大町市",
    ...         "中央区",
    ...         "札幌市北区",
    ...     )
    ... ]
    [False, False, False, False, False, False, False, False]
    """
    bare = (
        re.sub(r"[(\[〔].*|[/,、]", "", bare_name(name))
        .removesuffix("等")
        .removesuffix("別")
        .removesuffix("名")
    )
    return bool(KINDS.fullmatch(bare)) or bool(KIND_ALONE.fullmatch(_as_a_kind(bare)))


def is_municipality_name(name: str) -> bool:
    """Say whether text can be the name of one municipality.

    >>> [is_municipality_name(text) for text in ("内子町", "市区町村", "合計", "費用")]
    [True, False, False, False]
    """
    bare = bare_name(name)
    return (
        bool(MUNICIPALITY_NAME.fullmatch(bare))
        and not is_kind_of_municipality(without_prefix(bare)[1])
        and not re.search(r"\d", bare)
    )
