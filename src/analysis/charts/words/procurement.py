"""Chapter 4's labels in both languages."""

WORDS = {
    "ja": {
        "saving_axis": "5年間の純削減額（{unit}）",
        "probability_axis": "この額以上となる確率",
        "target": "目標",
        "ratio_axis": "目標に対する割合（P10～P90、点は中央値）",
        "median": "中央", "p95": "P95", "probability": "確率",
        "gross_short": "総", "net_short": "純",
        "implied_short": "3,320億円", "mayors_2020_short": "4,000億円", "own_short": "利用者の値", "national_curve_short": "全国曲線",
        "gross": "総削減額", "net": "純削減額", "transition": "移行費（年割り）", "body": "実行組織",
        "lever_axis": "年間の額（{unit}、線はP10～P90）",
        "wards_modelled": "特別区（推計）", "uk_audited": "英国CCS 2015年度（監査）", "pounds": "百万ポンド",
        "frameworks": "枠組契約", "less demand": "需要の削減", "negotiation": "交渉", "unallocated": "内訳不明",
        "low_end": "下限", "high_end": "上限",
        "tornado_axis": "純削減額の目標比（他の想定は中央）",
    },
    "en": {
        "saving_axis": "Net saving over five years ({unit})",
        "probability_axis": "Probability of at least so much",
        "target": "target",
        "ratio_axis": "Share of the target (P10 to P90, dot = median)",
        "median": "P50", "p95": "P95", "probability": "prob.",
        "gross_short": "gross", "net_short": "net",
        "implied_short": "332 bn", "mayors_2020_short": "400 bn", "own_short": "own", "national_curve_short": "curve",
        "gross": "gross saving", "net": "net saving", "transition": "transition a year", "body": "implementing body",
        "lever_axis": "{unit}; line = P10 to P90",
        "wards_modelled": "Special wards (modelled)", "uk_audited": "UK CCS 2015-16 (audited)", "pounds": "million GBP",
        "frameworks": "frameworks", "less demand": "less demand", "negotiation": "negotiation", "unallocated": "unallocated",
        "low_end": "low", "high_end": "high",
        "tornado_axis": "Net saving, share of target (others central)",
    },
}
