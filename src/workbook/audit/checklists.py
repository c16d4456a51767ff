"""Two checklists of reproducible work, in words of our own, each line with the proof that a machine
can look for.

Levels of a reproducible analytical pipeline (NHS England, RAP community of practice: baseline,
silver, gold), and what the data editors of social science journals ask of a replication package
(Vilhuber and others 2022).
"""

from __future__ import annotations

from dataclasses import dataclass

RAP, EDITORS = "rap", "data_editors"


@dataclass(frozen=True)
class Line:
    """One line of a checklist: ``part`` is its level or its section, ``proof`` names the evidence;
    '' where no machine can look.
    """

    framework: str
    part: str
    identifier: str
    ja: str
    en: str
    proof: str = ""
    people_ja: str = ""  # what people must do where no machine can prove it
    people_en: str = ""


PARTS = {
    "baseline": {"ja": "基礎", "en": "Baseline"},
    "silver": {"ja": "銀", "en": "Silver"},
    "gold": {"ja": "金", "en": "Gold"},
    "overview": {"ja": "概要", "en": "Overview"},
    "data": {"ja": "データ", "en": "Data"},
    "computing": {"ja": "計算環境", "en": "Computing"},
    "programs": {"ja": "プログラム", "en": "Programs"},
    "instructions": {"ja": "手順", "en": "Instructions"},
    "exhibits": {"ja": "図表", "en": "Exhibits"},
    "references": {"ja": "参照", "en": "References"},
}
FRAMEWORKS = {
    RAP: {"ja": "再現可能な分析の段階（NHS RAP）", "en": "Levels of RAP (NHS)"},
    EDITORS: {"ja": "データ編集者の点検表", "en": "Data Editors' checklist"},
}

LINES: tuple[Line, ...] = (
    Line(
        RAP,
        "baseline",
        "open_language",
        "公開された言語のプログラムがデータを作る",
        "Code in an open-source language makes the data",
        "open_language",
    ),
    Line(
        RAP,
        "baseline",
        "version_control",
        "プログラムを版管理している",
        "Code is under version control",
        "version_control",
    ),
    Line(
        RAP,
        "baseline",
        "readme",
        "READMEに再現の手順がある",
        "A README tells how to reproduce the work",
        "readme",
    ),
    Line(
        RAP,
        "baseline",
        "peer_review",
        "別の人がプログラムを査読した",
        "Somebody else has reviewed the code",
        "",
        "査読者が読み、名前と日付を残す必要がある。",
        "A reviewer must read it and leave a name and a date.",
    ),
    Line(
        RAP,
        "baseline",
        "published",
        "プログラムを公開し、報告書と互いに参照する",
        "Code is published, and linked with the publication",
        "",
        "公開先の番地は公開した人だけが示せる。ライセンスと版は文書に記してある。",
        "Only whoever publishes can give the address; licence and version stand in the report.",
    ),
    Line(
        RAP,
        "silver",
        "automatic",
        "人手をほとんど介さずに結果が出る",
        "Outputs come out with hardly a hand",
        "automatic",
    ),
    Line(
        RAP,
        "silver",
        "documented",
        "使い方、構造、方法、関数の説明がある",
        "Use, structure, methods and functions are documented",
        "documented",
    ),
    Line(
        RAP,
        "silver",
        "organised",
        "標準的なフォルダ構成に従う",
        "Folders follow a standard layout",
        "organised",
    ),
    Line(
        RAP,
        "silver",
        "functions",
        "使い回せる関数に分けてある",
        "Reusable functions are used",
        "functions",
    ),
    Line(
        RAP,
        "silver",
        "standards",
        "合意した書き方に従う",
        "Code follows agreed standards",
        "standards",
    ),
    Line(
        RAP,
        "silver",
        "tests",
        "単体の試験と、前回の結果との突き合わせがある",
        "There are unit tests and back tests",
        "tests",
    ),
    Line(
        RAP,
        "silver",
        "dependencies",
        "依存する部品の版を記している",
        "Dependencies are recorded with their versions",
        "dependencies",
    ),
    Line(RAP, "silver", "logs", "実行の記録が自動で残る", "Runs leave a log by themselves", "logs"),
    Line(RAP, "silver", "tidy", "データは整然データである", "Data are tidy", "tidy"),
    Line(
        RAP, "gold", "packaged", "プログラムをパッケージにしている", "Code is packaged", "packaged"
    ),
    Line(
        RAP,
        "gold",
        "ci",
        "変更のたびに試験が自動で走る",
        "Tests run by themselves at every change",
        "ci",
    ),
    Line(
        RAP,
        "gold",
        "triggered",
        "出来事または予定に応じて処理が走る",
        "The process runs on an event or a schedule",
        "triggered",
    ),
    Line(
        RAP,
        "gold",
        "changes",
        "変更を利用者に分かるように示す",
        "Changes are signposted",
        "changes",
    ),
    Line(
        EDITORS,
        "overview",
        "title",
        "題名と作成者を記している",
        "Title and authors are named",
        "title",
    ),
    Line(
        EDITORS,
        "overview",
        "overview",
        "内容と、最初から最後までの進め方を短く述べている",
        "The package and the way through it are told in short",
        "readme",
    ),
    Line(
        EDITORS,
        "data",
        "external",
        "外部のデータを使うかどうかを述べている",
        "It says whether external data are used",
        "external",
    ),
    Line(
        EDITORS,
        "data",
        "rights",
        "データを使い配る権利がある",
        "There is a right to use and pass on the data",
        "",
        "利用条件は表ごとに記すが、それに従う権利があるかは人が確かめる。",
        "Terms are recorded table by table; that one is entitled to them, people must confirm.",
    ),
    Line(
        EDITORS,
        "data",
        "licence",
        "データの利用条件を示している",
        "The data's licence is stated",
        "licence",
    ),
    Line(
        EDITORS,
        "data",
        "availability",
        "どのデータが公開されているかを示している",
        "It says which data are public",
        "availability",
    ),
    Line(
        EDITORS,
        "data",
        "sources",
        "データごとに出典、形式、取得時期を示している",
        "Each table has its source, format and date of retrieval",
        "sources",
    ),
    Line(
        EDITORS, "data", "summary", "データを一覧にしている", "One list names all data", "summary"
    ),
    Line(EDITORS, "data", "codebook", "項目の説明がある", "There is a codebook", "codebook"),
    Line(
        EDITORS,
        "data",
        "confidential",
        "非公表のデータを含まない",
        "No confidential data are in the package",
        "confidential",
    ),
    Line(
        EDITORS,
        "data",
        "stand_in",
        "渡せないデータには代わりがある",
        "What cannot be shared has a stand-in",
        "stand_in",
    ),
    Line(
        EDITORS,
        "data",
        "preserved",
        "非公表のデータを一定期間保存する",
        "Confidential data are kept for a stated time",
        "",
        "提供者が約束すること。文書の中に証拠は残らない。",
        "A promise of whoever holds them; no file can show it.",
    ),
    Line(
        EDITORS,
        "computing",
        "software",
        "必要なソフトウェアを版まで示している",
        "Software is named with its versions",
        "dependencies",
    ),
    Line(
        EDITORS,
        "computing",
        "set_up",
        "環境の準備を自動で行う",
        "Setting up is automatic",
        "set_up",
    ),
    Line(
        EDITORS,
        "computing",
        "randomness",
        "乱数の使い方を定めている",
        "Randomness is controlled",
        "randomness",
    ),
    Line(
        EDITORS,
        "computing",
        "runtime",
        "かかる時間を示している",
        "The running time is stated",
        "runtime",
    ),
    Line(
        EDITORS,
        "computing",
        "storage",
        "必要な容量を示している",
        "The storage needed is stated",
        "storage",
    ),
    Line(
        EDITORS,
        "computing",
        "memory",
        "必要な記憶とCPUを示している",
        "Memory and processors are stated",
        "memory",
    ),
    Line(
        EDITORS,
        "computing",
        "paths",
        "パスは相対で、どの機種でも通る",
        "Paths are relative and work on every system",
        "paths",
    ),
    Line(
        EDITORS,
        "programs",
        "entry",
        "入口となる命令を示している",
        "The command to start with is named",
        "set_up",
    ),
    Line(
        EDITORS,
        "programs",
        "order",
        "実行の順序と依存を示している",
        "Order and dependencies are declared",
        "order",
    ),
    Line(
        EDITORS,
        "programs",
        "code_licence",
        "プログラムのライセンスを示している",
        "The code's licence is stated",
        "code_licence",
    ),
    Line(
        EDITORS,
        "instructions",
        "steps",
        "手順を順に示している",
        "The steps are given in order",
        "readme",
    ),
    Line(
        EDITORS,
        "instructions",
        "manual",
        "手作業の有無を示している",
        "Manual steps are named, if any",
        "automatic",
    ),
    Line(
        EDITORS,
        "instructions",
        "verified",
        "別の人が別の機械で手順を試した",
        "Somebody else has followed the steps on another machine",
        "",
        "CIは新しい機械で全体を走らせるが、別の人が試したことは本人しか言えない。",
        "CI runs everything on a fresh machine; that another person did, only that person can say.",
    ),
    Line(
        EDITORS,
        "exhibits",
        "listed",
        "すべての図表をプログラムから作る",
        "Every exhibit comes from code",
        "exhibits",
    ),
    Line(
        EDITORS,
        "exhibits",
        "programs",
        "図表ごとにプログラムと出力を示している",
        "Each exhibit is traced to its program and output",
        "exhibits",
    ),
    Line(
        EDITORS,
        "references",
        "cited",
        "すべてのデータの出典を挙げている",
        "All data are cited",
        "cited",
    ),
    Line(
        EDITORS,
        "references",
        "acknowledged",
        "借りた文章やひな形に謝辞がある",
        "Borrowed texts and templates are acknowledged",
        "",
        "借りたかどうかは書いた人しか知らない。",
        "Only the authors know what they borrowed.",
    ),
)
