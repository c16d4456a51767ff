"""Chapter 3's labels in both languages."""

WORDS = {
    "ja": {
        "platforms": "基盤の数",
        "cost_index": "費用指数（現状＝1）",
        "today": "いま：{bodies}団体がそれぞれに", "pooled": "共同化後の基盤（本計算）",
        "with_number": "{chosen}（報告書：{target}）", "without_number": "{chosen}（報告書：数の記載なし）",
        "joint_procurement_bar": "共同調達", "body_bar": "実行組織",
        "key": "{letter}：{lead}の方式、{bodies}区、{ten_thousands}万人", "key_short": "{letter}：{lead}など{bodies}区",
        "fixed_jpy": "基盤の固定費", "rules_jpy": "規則の違い", "price_jpy": "価格の上昇",
        "supplier_change_jpy": "事業者の変更", "contract_timing_jpy": "契約の時期のずれ",
        "alone": "各区が単独の場合の固定費", "least": "最小", "this_run": "本計算", "forcing_axis": "年間費用（{unit}、推計）",
        "loss_axis": "調整損失（全団体を一つにした場合、費用比）",
        "premium_axis": "価格上昇（供給者が1社のとき）",
        "region_one": "1基", "region_two": "2基", "region_three_four": "3～4基", "region_more": "5基以上",
        "assumed": "想定（P10～P90）",
    },
    "en": {
        "platforms": "Number of platforms",
        "cost_index": "Cost index (today = 1)",
        "today": "Today: {bodies} bodies, each its own", "pooled": "Pooled: platforms (this run)",
        "with_number": "{chosen} (report: {target})", "without_number": "{chosen} (report: no number)",
        "joint_procurement_bar": "joint procurement", "body_bar": "implementing body",
        "key": "{letter}: {lead}'s system, {bodies} wards, {millions} million residents", "key_short": "{letter}: {lead}, {bodies} wards",
        "fixed_jpy": "fixed cost of platforms", "rules_jpy": "differing rules", "price_jpy": "dearer supply",
        "supplier_change_jpy": "change of supplier", "contract_timing_jpy": "contracts out of step",
        "alone": "fixed cost if every ward is alone", "least": "least", "this_run": "this run", "forcing_axis": "Cost a year ({unit}, modelled)",
        "loss_axis": "Coordination loss (all on one platform, share of cost)",
        "premium_axis": "Price rise (one supplier left)",
        "region_one": "1", "region_two": "2", "region_three_four": "3 or 4", "region_more": "5 or more",
        "assumed": "assumed, P10 to P90",
    },
}
