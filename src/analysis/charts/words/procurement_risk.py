"""Labels of chapter 4's charts on risk, in both languages."""

WORDS = {
    "ja": {
        "target": "目標",
        "variance_axis": "純削減額の分散に占める割合（線は95%区間）",
        "shared": "共通の原因", "of_which": "– {name}",
        "fixed_axis": "共同クラウドの固定割合", "carried_axis": "区に移る割合",
        "meets_net": "純額で達成", "meets_gross": "総額で達成", "today": "今の根拠",
        "tail_axis": "目標に対する割合（点は中央値、縦線はP95）",
        "gross": "総額", "net": "純額",
        "setting": "{shape} 相関{correlation}",
        "triangular": "三角", "uniform": "一様",
        "saving_axis": "削減率", "claimed": "報告書の主張",
        "claim": "主張・目標", "ex_ante": "事前の試算", "ex_post": "事後の集計", "study": "第三者の研究",
    },
    "en": {
        "target": "target",
        "variance_axis": "Share of variance of net saving (line = 95%)",
        "shared": "common cause", "of_which": "– {name}",
        "fixed_axis": "Fixed share of joint clouds", "carried_axis": "Part carried over",
        "meets_net": "met, net", "meets_gross": "met, gross", "today": "evidence today",
        "tail_axis": "Share of the target (dot = median, bar = P95)",
        "gross": "gross", "net": "net",
        "setting": "{shape}, corr. {correlation}",
        "triangular": "triangular", "uniform": "uniform",
        "saving_axis": "Saving", "claimed": "the report's claim",
        "claim": "Claim or aim", "ex_ante": "Worked out before", "ex_post": "Counted after", "study": "Third-party study",
    },
}
