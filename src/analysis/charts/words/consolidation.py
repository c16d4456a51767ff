"""Chapter 3's labels in both languages."""

WORDS = {
    "ja": {
        "platforms": "基盤の数",
        "cost_index": "費用指数（現状＝1）",
        "panel_core": "基幹系", "panel_internal": "内部情報系", "panel_infrastructure": "インフラ",
        "loss_axis": "調整損失（全団体を一つにした場合、費用比）",
        "premium_axis": "価格上昇（供給者が1社のとき）",
        "region_one": "1基", "region_two": "2基", "region_three_four": "3～4基", "region_more": "5基以上",
        "assumed": "想定（P10～P90）",
    },
    "en": {
        "platforms": "Number of platforms",
        "cost_index": "Cost index (today = 1)",
        "panel_core": "Core", "panel_internal": "Internal", "panel_infrastructure": "Infrastructure",
        "loss_axis": "Coordination loss (all on one platform, share of cost)",
        "premium_axis": "Price rise (one supplier left)",
        "region_one": "1", "region_two": "2", "region_three_four": "3 or 4", "region_more": "5 or more",
        "assumed": "assumed, P10 to P90",
    },
}
