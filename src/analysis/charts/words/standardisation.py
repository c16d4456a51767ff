"""What the charts of standardisation write, in Japanese and in English."""

WORDS = {
    "ja": {
        "wards_late": "遅れる区", "businesses_late": "遅れる業務", "column_names": "stacked",
        "likeness_axis": "状態が同じ業務の割合（%）",
        "nation": "全国の団体", "wards_share": "特別区：{bodies}区のうち{late}区（{share}）",
        "delay_axis": "遅れるシステムを持つ団体の割合（%）", "month": "{year}年\n{month}月末",
    },
    "en": {
        "wards_late": "wards late", "businesses_late": "late businesses", "column_names": "turned",
        "likeness_axis": "Businesses in the same state (%)",
        "nation": "all bodies of the nation", "wards_share": "wards: {late} of {bodies} ({share})",
        "delay_axis": "Bodies with late systems (%)", "month": "end of\n{month}/{year}",
    },
}
