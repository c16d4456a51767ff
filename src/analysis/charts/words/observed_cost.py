"""What the charts of supplied ward costs write, in Japanese and in English."""

WORDS = {
    "ja": {
        "residents_reached": "人口の累積割合（%、一人当たり費用の低い区から）",
        "cost_reached": "費用の累積割合（%）",
        "all_alike": "全区が同じ\n一人当たり費用", "gini": "ジニ係数 {gini}", "between": "報告書の12区と他の区の差が\n占める割合（タイルT）{share}", "cheapest": "最も低い {name}", "dearest": "最も高い {name}",
        "elasticity": "弾力性", "control": "係数（対数）",
        "size_only": "人口のみ", "controls": "＋密度・昼夜間比", "controls_squared": "＋人口の二次",
        "wild": "（再標本化）", "q25": "低い側の区（25%）", "q50": "中央の区（50%）", "q75": "高い側の区（75%）",
        "log_density": "人口密度", "log_daytime_ratio": "昼夜間人口比",
        "one": "1＝規模の効果なし", "zero": "0＝影響なし",
        "density": "密度を入れる", "daytime": "昼夜間比を入れる", "squared": "人口の二次", "weighted": "人口で重み付け",
        "all_bodies": "{name}を含む", "all": "区以外も含む", "specifications": "式の選び方（弾力性の小さい順）",
        "without": "除いたときの弾力性", "cook": "クックの距離", "leverage": "てこ比", "full": "全区 {elasticity}",
    },
    "en": {
        "residents_reached": "Residents reached (%), cheapest wards first",
        "cost_reached": "Cost reached (%)",
        "all_alike": "same cost per\nresident everywhere", "gini": "Gini {gini}", "between": "share between the named\nwards and others (Theil T): {share}", "cheapest": "lowest: {name}", "dearest": "highest: {name}",
        "elasticity": "Elasticity", "control": "Coefficient (logs)",
        "size_only": "size only", "controls": "+ controls", "controls_squared": "+ size squared",
        "wild": "(bootstrap)", "q25": "cheap wards (25%)", "q50": "middle (50%)", "q75": "dear wards (75%)",
        "log_density": "density", "log_daytime_ratio": "daytime ratio",
        "one": "1: size has no effect", "zero": "0: no effect",
        "density": "density", "daytime": "daytime ratio", "squared": "size squared", "weighted": "by residents",
        "all_bodies": "with {name}", "all": "other bodies too", "specifications": "Choices of model, lowest elasticity first",
        "without": "Elasticity without", "cook": "Cook's distance", "leverage": "leverage", "full": "all wards: {elasticity}",
    },
}
