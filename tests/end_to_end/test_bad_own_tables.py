"""A researcher's own table, written by hand: whatever is wrong with it, `workbook check` names
file, row, value and remedy.
"""

import json
import shutil

import pytest

from tests.office_tables.office_files import ROOT
from workbook.check import faults_of
from workbook.whole_files import checksum

HEADER = "code,fiscal_year,system_group,cost_jpy"
ROWS = [
    "131016,2021,core,250000000",
    "131016,2021,internal,90000000",
    "131024,2021,core,700000000",
    "131024,2021,internal,300000000",
]
NOTHING_ELSE = [
    f"{code},2021,{group},0"
    for code in ("131016", "131024")
    for group in ("communication", "online_counter", "infrastructure", "data_use")
]
SOUND = [*ROWS, *NOTHING_ELSE]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of three tables: the municipalities, a published one, and the researcher's own."""
    root = tmp_path_factory.mktemp("project")
    (root / "data" / "local").mkdir(parents=True)
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [
        r
        for r in package["resources"]
        if r["name"] in ("municipalities", "participants", "ict_cost")
    ]
    (root / "data" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    for name in ("municipalities.csv", "participants.csv"):
        shutil.copy(ROOT / "data" / name, root / "data")
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    return root


def told(project, content, record=None):
    """Return the faults of a project whose own cost table holds ``content``."""
    table = project / "data" / "local" / "ict_cost.csv"
    table.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    origin = table.with_suffix(".origin.json")
    origin.unlink(missing_ok=True)
    if record is not None:
        origin.write_text(json.dumps({"sha256": checksum(table), **record}), encoding="utf-8")
    return [fault for fault in faults_of(project) if "local/" in fault or "ict_cost" in fault]


def table(*rows, header=HEADER):
    return "\n".join((header, *rows)) + "\n"


def test_a_sound_table_has_no_fault(project):
    assert told(project, table(*SOUND)) == []
    # as a spreadsheet saves it
    assert told(project, b"\xef\xbb\xbf" + table(*SOUND).replace("\n", "\r\n").encode()) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ["131017,2021,core,1"],
            "row 6: code 131017 has a wrong check digit; 131016 would be right",
        ),
        (["130001,2021,core,1"], "row 6: code 130001 is that of a prefecture; take the row out"),
        (["131008,2021,core,1"], "row 6: code 131008 is that of the special wards together"),
        (["999999,2021,core,1"], "row 6: code 999999 names no prefecture"),
        (["合計,2021,core,1340000000"], "column code row 6: value '合計'"),
        (["西多摩郡,2021,core,5"], "column code row 6: value '西多摩郡'"),
        (["13103,2021,core,1"], "column code row 6: value '13103'"),
        (["131032,2021,core,-5"], "column cost_jpy row 6: value -5.0"),
        (["131032,2021,core,△500"], "row 6 value '△500' is not a number"),
        (['131032,2021,core,"1,000"'], "row 6 value '1,000' is not a number"),
        (["131032,2021,core,約5億"], "row 6 value '約5億' is not a number"),
        (["131032,2021,core,NaN"], "row 6 value 'NaN' is not a number"),
        (["131032,2021,core,inf"], "row 6 value 'inf' is not a number"),
        (["131032,2021,core,1e999"], "row 6 value '1e999' is not a number"),
        (["131032,2021,core,"], "blank in row 6"),
        (["131032,2021.5,core,1"], "row 6 value '2021.5' is not a whole number"),
        (["131032,R3,core,1"], "row 6 value 'R3' is not a number"),
        (["131032,2021,学校,1"], "column system_group row 6: value '学校'"),
        (["131032,1921,core,1"], "column fiscal_year row 6: value 1921"),
        (["131016,2021,core,250000000"], "131016"),
        (["131032,2021,core"], "blank in row 6"),
        (["131032,2021,core,1,2"], "is no whole table"),
        (['131032,2021,core,"1'], "is no whole table"),
    ],
)
def test_a_wrong_row_is_named_with_its_value(project, rows, said):
    faults = told(project, table(*ROWS, *rows))
    assert any(said in fault and "ict_cost" in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no whole table"),
        (
            table(*ROWS, header="code,year,system_group,cost_jpy").encode(),
            "columns ['code', 'year', 'system_group', 'cost_jpy'], declared",
        ),
        (
            table(*(row + "," for row in ROWS)).encode(),
            "its rows have more cells than its header has columns",
        ),
        (
            table(*ROWS).replace("core", "基幹系").encode("cp932"),
            "is not UTF-8; save the file as UTF-8, or take it in with `workbook intake`",
        ),
        (table(*ROWS).encode("utf-16"), "is not UTF-8"),
        (table(*ROWS).encode()[:-30], "column fiscal_year: blank in row 5"),  # cut off in transfer
    ],
)
def test_a_file_that_is_no_such_table_is_refused_by_name(project, content, said):
    fault, *_ = told(project, content)
    assert fault.startswith("local/ict_cost.csv: ") and said in fault


def test_every_fault_comes_at_once(project):
    faults = told(
        project, table(*ROWS, "131032,2021,core,-5", "131041,2021,学校,5", "131059,1900,core,5")
    )
    assert all(value in " ".join(faults) for value in ("-5.0", "学校", "1900"))


def thousands(*rows):
    """The tempting wrong file: the office counts in thousand yen, the table in yen, and nothing in
    the arithmetic notices.
    """
    return table(*(f"{row.rsplit(',', 1)[0]},{int(row.rsplit(',', 1)[1]) // 1000}" for row in rows))


def test_thousand_yen_for_yen_is_refused_whoever_wrote_the_table(project):
    (fault,) = told(project, thousands(*ROWS))
    assert (
        "column cost_jpy: the costs of 2021 come to" in fault
        and "are they in thousand yen?" in fault
        and "--unit cost_jpy=円" in fault
    )
    assert "multiplied once too often" in told(project, table(*(f"{row}000" for row in ROWS)))[0]


def test_a_unit_settled_at_intake_counts_until_the_table_is_changed_by_hand(project):
    settled = {"decided_by_hand": {"units": {"cost_jpy": "円"}}}
    assert told(project, thousands(*SOUND), settled) == []
    assert told(project, thousands(*ROWS), {**settled, "sha256": "of another table"})
    assert told(project, thousands(*ROWS), {"decided_by_hand": {"units": {}}})


def test_a_published_table_that_changes_is_refused_by_its_checksum(project):
    path = project / "data" / "participants.csv"
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    try:
        assert any(
            "data/participants.csv: its checksum differs from the catalogue" in fault
            for fault in faults_of(project)
        )
    finally:
        path.write_bytes(before)
