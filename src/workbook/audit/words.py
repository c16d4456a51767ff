"""The audit's own words, in each language, for the terminal and for the report's appendix."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "ja": {
        "assumptions": "想定の記録",
        "assumptions_lead": (
            "想定{rows}件を{entries}行に記す。同じ理由で同じことを言う行はまとめた。"
            "重みはこの実行の感度分析から計算した。"
        ),
        "assumption": "想定",
        "span": "幅",
        "evidence_grade": "根拠",
        "weight": "重み",
        "owner": "責任者",
        "heavy": "重い",
        "middling": "中",
        "light": "軽い",
        "idle": "不使用",
        "unmeasured": "未測定",
        "retrieved": "取得時期",
        "programs": "図表とプログラム",
        "exhibit_column": "図表",
        "program": "作図と計算（{package}内）",
        "cell_of": "ノートブックとセル",
        "checklists": "再現性の点検",
        "checklists_lead": (
            "一つ一つの項目に、機械が見つけた証拠を添える。機械に確かめられない項目は、そう記す。"
        ),
        "checked": "機械が確認{proved}、不足{lacking}、人が確認する{people}。",
        "reached": "機械が確かめられる項目は「{level}」まですべて満たす。",
        "none_reached": "機械が確かめられる項目に、最初の段階から不足がある。",
        "line": "項目",
        "part": "区分",
        "verdict": "判定",
        "evidence": "証拠",
        "proved": "確認",
        "lacking": "不足",
        "people": "人が確認",
        "audit_of": "実行 {run} の監査",
        "data_log": "データの記録",
    },
    "en": {
        "assumptions": "Assumptions log",
        "assumptions_lead": (
            "{rows} assumptions in {entries} rows; rows that say the same for the same reason stand"
            " together. Weights are computed from this run's sensitivity results."
        ),
        "assumption": "Assumption",
        "span": "Range",
        "evidence_grade": "Evidence",
        "weight": "Weight",
        "owner": "Owner",
        "heavy": "heavy",
        "middling": "middling",
        "light": "light",
        "idle": "not in use",
        "unmeasured": "not measured",
        "retrieved": "Retrieved",
        "programs": "Exhibits and programs",
        "exhibit_column": "Exhibit",
        "program": "Drawn and computed by (in {package})",
        "cell_of": "Notebook and cell",
        "checklists": "Reproducibility checklist",
        "checklists_lead": (
            "Each line carries the evidence that a machine has found. What no machine can prove is"
            " said to be so."
        ),
        "checked": (
            "A machine proved {proved}, found {lacking} lacking, and leaves {people} to people."
        ),
        "reached": "Every line that a machine can prove holds up to {level}.",
        "none_reached": "Already the first level lacks a line that a machine could prove.",
        "line": "Line",
        "part": "Part",
        "verdict": "Verdict",
        "evidence": "Evidence",
        "proved": "proved",
        "lacking": "lacking",
        "people": "for people",
        "audit_of": "Audit of the run {run}",
        "data_log": "Data log",
    },
}
