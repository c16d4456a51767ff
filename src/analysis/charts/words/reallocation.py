"""The words of chapter 7's charts."""

WORDS = {
    "ja": {
        "panel_platforms": "動かす基盤の数（全システム群）",
        "panel_hours": "情報担当職員の時間（時間／年）",
        "panel_money": "ICTの費用（{unit}）",
        "today": "いま", "after": "集約後", "freed": "浮く分",
        "redeployed": "政策・サービスへ", "redeployed_later": "同（好循環の後）",
        "gain_axis": "浮いた1単位が1年にさらに浮かせる割合（%）",
        "decay_axis": "それまでの成果が1年に失われる割合（%）",
        "turns": "回り続ける",
        "key_forwards": "● お金が浮く抽出 {share}", "key_backwards": "× お金が足りず逆に回る抽出 {share}",
    },
    "en": {
        "panel_platforms": "Platforms to run, all system groups",
        "panel_hours": "Hours of IT staff a year",
        "panel_money": "ICT cost ({unit})",
        "today": "today", "after": "pooled", "freed": "freed",
        "redeployed": "to services", "redeployed_later": "later, circle run",
        "gain_axis": "A freed unit frees so much more in a year (%)",
        "decay_axis": "Part of earlier gains lost in a year (%)",
        "turns": "keeps turning",
        "key_forwards": "● money is freed: {share} of draws", "key_backwards": "× shortfall, turns backwards: {share}",
    },
}
