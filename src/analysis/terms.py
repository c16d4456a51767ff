"""The glossary: each identifier of the study with its Japanese and its English term."""

from __future__ import annotations

TERMS: dict[str, dict[str, str]] = {
    # bodies and groups of bodies
    "municipality": {"ja": "団体", "en": "municipality"},
    "tokyo23": {"ja": "特別区", "en": "special wards"},
    "tama26": {"ja": "多摩26市", "en": "26 Tama cities"},
    "designated20": {"ja": "指定都市", "en": "20 designated cities"},
    # system groups
    "core": {"ja": "基幹系", "en": "core"},
    "internal": {"ja": "内部情報系", "en": "internal"},
    "communication": {"ja": "コミュニケーション基盤系", "en": "communication"},
    "online_counter": {"ja": "オンライン窓口", "en": "online counter"},
    "infrastructure": {"ja": "インフラ", "en": "infrastructure"},
    "data_use": {"ja": "データ利活用", "en": "data use"},
    "joint_procurement": {"ja": "共同調達", "en": "joint procurement"},
    "body": {"ja": "実行組織", "en": "implementing body"},
    "procurement": {"ja": "調達", "en": "procurement"},
    "all": {"ja": "全体", "en": "all"},
    # cost categories
    "licence_software": {"ja": "ソフトウェア", "en": "licences and software"},
    "hardware_hosting": {"ja": "機器・設置", "en": "hardware and hosting"},
    "operations_support": {"ja": "運用・支援", "en": "operations and support"},
    "development_change": {"ja": "開発・改修", "en": "development and change"},
    "lines": {"ja": "回線", "en": "lines"},
    # levers
    "instances": {"ja": "集約", "en": "consolidation"},
    "price": {"ja": "価格", "en": "price"},
    "demand": {"ja": "仕様・需要", "en": "specification and demand"},
    # rival readings
    "cross_section": {"ja": "団体間比較", "en": "cross-section"},
    "joint_cloud": {"ja": "共同クラウド", "en": "joint cloud"},
    "source_report": {"ja": "報告書の主張", "en": "report's claim"},
    "implied": {"ja": "目標からの逆算（3,320億円）", "en": "implied by the target (332 bn yen)"},
    "mayors_2020": {"ja": "区長会資料2020年（4,000億円）", "en": "mayors' paper 2020 (400 bn yen)"},
    "national_curve": {"ja": "全国の曲線による推計", "en": "national curve (modelled)"},
    "own": {"ja": "利用者の値", "en": "researcher's own"},
    "gross": {"ja": "総額（移行費を引かない）", "en": "gross of transition"},
    "net": {"ja": "純額（移行費・組織費を引く）", "en": "net of transition and body"},
    # uncertain inputs
    "joint_cloud_saving": {"ja": "共同クラウドの削減率", "en": "saving of joint clouds"},
    "coordination_loss": {"ja": "調整損失", "en": "coordination loss"},
    "coordination_curvature": {"ja": "調整損失の曲がり", "en": "curvature of the loss"},
    "supplier_premium": {"ja": "供給者減の価格上昇", "en": "supplier premium"},
    "transfer_technology": {"ja": "集約そのものの割合", "en": "share due to pooling itself"},
    "transfer_size": {
        "ja": "町から{municipality}への移転割合",
        "en": "transfer from towns to {municipalities}",
    },
    "claimed_saving": {"ja": "報告書の削減率", "en": "saving the report claims"},
    "uptake_instances": {"ja": "集約への参加率", "en": "uptake of consolidation"},
    "uptake_price": {"ja": "共同調達の利用率", "en": "uptake of joint buying"},
    "uptake_demand": {"ja": "共通仕様の利用率", "en": "uptake of one specification"},
    "price_effect": {"ja": "価格の効果", "en": "effect on price"},
    "demand_effect": {"ja": "仕様の効果", "en": "effect of specification"},
    "additionality_price": {"ja": "価格効果の純増分", "en": "additional part, price"},
    "additionality_demand": {"ja": "仕様効果の純増分", "en": "additional part, specification"},
    "transition_core": {"ja": "移行費（基幹系）", "en": "transition cost, core"},
    "transition_other": {"ja": "移行費（その他）", "en": "transition cost, other"},
    "transition_additional": {"ja": "移行費のうち集約による分", "en": "transition due to pooling"},
    "transition_uplift": {"ja": "移行費の上振れ", "en": "uplift of transition cost"},
    "dual_running_share": {"ja": "新旧並行稼働の割増", "en": "extra cost of running old and new"},
    "body_running_cost": {"ja": "実行組織の費用", "en": "cost of the body"},
    "core_share_shift": {"ja": "基幹系の費用割合", "en": "core share of spend"},
    "it_staff_factor": {
        "ja": "{municipality}の情報担当職員の多さ",
        "en": "IT staff of {municipalities} against the mean",
    },
    "hours_per_staff": {"ja": "職員1人の年間労働時間", "en": "hours of one member of staff a year"},
    "hours_freed_share": {"ja": "集約で浮く時間の割合", "en": "share of hours that pooling frees"},
    "redeployed_share": {
        "ja": "政策・サービスに回る割合",
        "en": "share put to policy and services",
    },
    "round_productivity": {"ja": "1年にさらに浮く割合", "en": "freed further in a year"},
    "freed_decay": {"ja": "成果が1年に失われる割合", "en": "part of gains lost in a year"},
    "fixed_cost_position": {"ja": "固定費の水準", "en": "level of fixed cost"},
    # conditions, and inputs taken together
    "fixed_share": {"ja": "固定割合（φ）", "en": "fixed share (φ)"},
    "asset_life_years": {"ja": "資産の使用年数", "en": "life of the assets"},
    "spend_ratio": {"ja": "今のICT費用の大きさ", "en": "size of today's ICT spend"},
    "all_favourable": {"ja": "すべての想定が有利な端", "en": "every input at its better end"},
    "block_common_effect": {"ja": "効果の想定全体", "en": "all inputs on effects"},
    "block_common_cost": {"ja": "費用の想定全体", "en": "all inputs on costs"},
    "common_effect": {"ja": "効果に共通の原因", "en": "common cause of effects"},
    "common_cost": {"ja": "費用に共通の原因", "en": "common cause of costs"},
    "triangular": {"ja": "三角分布", "en": "triangular"},
    "uniform": {"ja": "一様分布", "en": "uniform"},
    # headline results
    "residents_change_a_year": {"ja": "人口の年平均変化率", "en": "change of residents a year"},
    "staff_per_1000_residents": {
        "ja": "住民千人当たりの一般行政職員",
        "en": "general administration staff per 1,000 residents",
    },
    "wards_with_late_systems": {
        "ja": "標準化が期限に遅れる{municipality}",
        "en": "{municipalities} that finish standardisation late",
    },
    "baseline_5y": {"ja": "5年間の基準額", "en": "baseline over five years"},
    "cost_per_resident": {
        "ja": "{local_residents}一人当たりICT費用",
        "en": "ICT cost per resident",
    },
    "national_cost_without_wards": {
        "ja": "{the_group}を除く大規模団体の一人当たり費用",
        "en": "cost per resident of the other large bodies",
    },
    "ward_to_national_ratio": {
        "ja": "他の大規模団体に対する倍率",
        "en": "{municipalities} against the other large bodies",
    },
    "scale_elasticity": {"ja": "規模に対する費用の弾力性", "en": "elasticity of cost to size"},
    "least_cost_size": {
        "ja": "一人当たり費用が最小となる人口",
        "en": "residents at which cost per head is lowest",
    },
    "fixed_cost_per_body": {"ja": "1団体当たりの固定費", "en": "fixed cost per body"},
    "observed_elasticity": {
        "ja": "{municipality}の実測費用による弾力性",
        "en": "elasticity of the {municipalities}' observed cost",
    },
    "observed_gini": {
        "ja": "{municipality}の実測費用のジニ係数",
        "en": "Gini coefficient of the {municipalities}' observed cost",
    },
    "pooled_saving_share": {"ja": "集約による削減率", "en": "saving from pooling"},
    "best_instances_core": {"ja": "基幹系の最適な基盤数", "en": "best number of core platforms"},
    "transition_cost": {"ja": "移行費", "en": "transition cost"},
    "run_rate_saving": {"ja": "通年の純削減額", "en": "full-year net saving"},
    "run_rate_saving_share": {"ja": "通年の純削減率", "en": "full-year net saving, share of cost"},
    "target_ratio_p50": {
        "ja": "{yardstick}に対する割合（中央値）",
        "en": "share of {the_yardstick}, median",
    },
    "target_ratio_p95": {
        "ja": "{yardstick}に対する割合（P95）",
        "en": "share of {the_yardstick}, P95",
    },
    "target_probability": {"ja": "目標に届く確率", "en": "probability of meeting the target"},
    "switching_phi": {"ja": "目標に届く固定割合", "en": "fixed share that would meet the target"},
    "bodies_worse_off_per_resident": {
        "ja": "住民数で割ると単独より損をする{municipality}",
        "en": "{municipalities} worse off than alone when sharing by residents",
    },
    "most_tempted_excess": {
        "ja": "住民数で割るとき、離脱で最も得をする連合の得",
        "en": "gain of the most tempted coalition when sharing by residents",
    },
    "largest_shapley_share": {
        "ja": "シャープレイ値による最大の負担割合",
        "en": "largest share of one {municipality} by the Shapley value",
    },
    "participants_only_saving": {
        "ja": "報告書の参加団体だけの運用費の減（移行前）",
        "en": "running cost saved by the bodies named in the report alone, before the move",
    },
    "finish_p50": {"ja": "完了時期（中央値）", "en": "finish, median"},
    "finish_p80": {"ja": "完了時期（P80）", "en": "finish, P80"},
    "gross_saving_from_start": {
        "ja": "開始から計画年数の総削減額",
        "en": "gross saving, the plan's years from its start",
    },
    "npv_whole_life": {"ja": "全期間の純現在価値", "en": "net present value, whole life"},
    "payback_year": {"ja": "元が取れる時期", "en": "date of pay-back"},
    "delay_cost_per_month": {
        "ja": "1か月の遅れで失う総削減額",
        "en": "gross saving lost by a month of delay",
    },
    "joint_confidence": {
        "ja": "期限と採算をともに満たす確率",
        "en": "probability of both in time and paying",
    },
    "probability_by_fy2025": {
        "ja": "2025年度末までに終わる確率",
        "en": "probability of finishing by the end of FY2025",
    },
    "staff_freed": {"ja": "浮く職員（常勤換算）", "en": "staff freed, full-time"},
    "hours_freed": {"ja": "浮く職員の時間", "en": "staff hours freed"},
    "circle_multiplier": {"ja": "好循環の倍率", "en": "multiplier of the circle"},
    "backcast_target_ratio": {
        "ja": "当時の証拠による総削減額の{share_of_yardstick}",
        "en": "gross saving as a share of {the_yardstick}, evidence of the time",
    },
    "running_cost_multiple": {
        "ja": "移行後の運用経費の倍率",
        "en": "running cost after the move, multiple",
    },
    "bodies_on_time_share": {
        "ja": "標準化で遅れるシステムのない団体",
        "en": "bodies without a late system",
    },
    # indicators as a map names them
    "map_residents_change_share": {"ja": "人口の増減（年平均）", "en": "Residents, change a year"},
    "map_aged_share": {
        "ja": "65歳以上の割合（2020年国勢調査）",
        "en": "Residents aged 65 and over (2020 census)",
    },
    "map_daytime_ratio": {
        "ja": "昼間人口の夜間人口に対する比（2020年）",
        "en": "Daytime to resident population (2020)",
    },
    "map_local_tax_share": {
        "ja": "歳入に占める地方税の割合（2020年度）",
        "en": "Local tax as a share of revenue, FY2020",
    },
    "map_expenditure_change_share": {
        "ja": "一人当たり歳出の増減（年平均、名目）",
        "en": "Spending per resident, change a year (nominal)",
    },
    "map_staff_per_1000_residents": {
        "ja": "住民千人当たりの一般行政職員（人、2022年）",
        "en": "General staff per 1,000 residents, 2022",
    },
    "map_staff_change_share": {
        "ja": "一般行政職員数の増減（年平均）",
        "en": "General staff, change a year",
    },
    "map_expenditure_per_resident_jpy": {
        "ja": "一人当たり歳出（千円、2022年度）",
        "en": "Spending per resident, thousand yen, FY2022",
    },
}
