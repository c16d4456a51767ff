"""The data package says of every table what it is, and says it truly. Each check returns its faults
as sentences.
"""

import csv
import hashlib
import json
import re
import shutil

import pytest
from frictionless import Package

from workbook.standing import worst_standing
from workbook.units import NUMERIC_UNITS, UNITS

NEVER_BLANK = (
    "source",
    "unit",
    "standing",
    "evidence_id",
    "published_on",
    "evidence_grade",
    "reasoning",
)
EVIDENCE = {"savings_evidence", "procurement_evidence", "reference_cases", "optimism_bias"}
NO_SOURCE = {"same", "news", "unverified"}


def package_of(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def shipped(folder):
    """The declared tables that are part of the package; a local-only one may be absent."""
    return [resource for resource in package_of(folder)["resources"] if not resource.get("local")]


def rows_of(folder, resource):
    with (folder / resource["path"]).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def declaration_faults(folder):
    declared = {resource["path"] for resource in shipped(folder)}
    there = {path.name for path in folder.glob("*.csv")}
    return sorted(
        [f"{name} is not declared" for name in there - declared]
        + [f"{name} is missing" for name in declared - there]
    )


def checksum_faults(folder):
    faults = []
    for resource in shipped(folder):
        content = (folder / resource["path"]).read_bytes()
        if resource["hash"] != f"sha256:{hashlib.sha256(content).hexdigest()}" or resource[
            "bytes"
        ] != len(content):
            faults.append(f"{resource['path']} differs from its checksum")
    return faults


def wording_faults(folder):
    """Titles in both languages, descriptions, units, terms and credit lines that are missing."""
    faults = []
    for resource in package_of(folder)["resources"]:
        texts = {
            key: resource.get(key)
            for key in ("title", "title_ja", "description", "description_ja", "standing", "sources")
        }
        texts |= {f"credit {lang}": resource.get("credit", {}).get(lang) for lang in ("ja", "en")}
        texts["licence"] = resource.get("licenses", [{}])[0].get("title")
        faults += [f"{resource['name']}: no {key}" for key, text in texts.items() if not text]
        for field in resource["schema"]["fields"]:
            faults += [
                f"{resource['name']}.{field['name']}: no {key}"
                for key in ("title", "title_ja", "description", "unit")
                if not field.get(key)
            ]
    return faults


def unit_faults(folder):
    """Units that are not on the closed list, in the declarations and in the rows."""
    faults = []
    for resource in package_of(folder)["resources"]:
        for field in resource["schema"]["fields"]:
            allowed = (
                NUMERIC_UNITS if field["type"] in ("number", "integer") else UNITS - NUMERIC_UNITS
            )
            if field["unit"] not in allowed:
                faults.append(
                    f"{resource['name']}.{field['name']}: {field['type']} in {field['unit']!r}"
                )
    for resource in shipped(folder):
        faults += [
            f"{resource['name']}: a row in {row['unit']!r}"
            for row in rows_of(folder, resource)
            if row.get("unit", "share") not in NUMERIC_UNITS
        ]
    return faults


def blank_faults(folder):
    """Rows without source, unit, standing, or without the date or grade that their kind of table
    owes.
    """
    faults = []
    for resource in shipped(folder):
        for number, row in enumerate(rows_of(folder, resource), start=2):
            faults += [
                f"{resource['path']} row {number}: {column} is blank"
                for column in NEVER_BLANK
                if column in row and not row[column].strip()
            ]
            faults += [
                f"{resource['path']} row {number}: {row[column]!r} is no {column}"
                for column in ("source", "standing")
                if row.get(column) in NO_SOURCE
            ]
    return faults


@pytest.mark.parametrize(
    "check", [declaration_faults, checksum_faults, wording_faults, unit_faults, blank_faults]
)
def test_data_room_has_no_fault(check, data):
    assert check(data) == []


def test_package_validates_with_frictionless(data):
    package = package_of(data) | {"resources": shipped(data)}
    report = Package.from_descriptor(package, basepath=str(data)).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_local_table_is_declared_but_never_shipped(data):
    local = [resource for resource in package_of(data)["resources"] if resource.get("local")]
    assert [(resource["name"], resource["path"], resource["standing"]) for resource in local] == [
        ("ict_cost", "local/ict_cost.csv", "supplied"),
        ("judgements", "local/judgements.csv", "supplied"),
    ]
    assert not any({"hash", "bytes"} & set(resource) for resource in local)


def test_files_are_utf8_with_plain_line_ends_and_one_header(data):
    for resource in shipped(data):
        text = (data / resource["path"]).read_bytes().decode("utf-8")
        header = ",".join(field["name"] for field in resource["schema"]["fields"])
        assert text.startswith(header + "\n") and text.endswith("\n"), resource["path"]
        assert "\r" not in text and text.count(header + "\n") == 1, resource["path"]


def test_a_table_stands_as_its_worst_row(data):
    # tempting: the standing of most rows
    for resource in shipped(data):
        standings = [row["standing"] for row in rows_of(data, resource) if "standing" in row]
        if standings:
            assert resource["standing"] == worst_standing(standings), resource["name"]


def test_evidence_is_numbered_once_and_dated(data):
    numbered = {
        r["name"]: rows_of(data, r)
        for r in shipped(data)
        if r["name"] != "parameter_evidence" and "evidence_id" in rows_of(data, r)[0]
    }
    ids = [row["evidence_id"] for rows in numbered.values() for row in rows]
    assert set(numbered) >= EVIDENCE and len(set(ids)) == len(ids)
    dates = [row["published_on"] for rows in numbered.values() for row in rows]
    assert all(re.fullmatch(r"undated|(19|20)\d\d(-(0[1-9]|1[0-2]))?", date) for date in dates)


def replaced(path, old, new):
    content = path.read_bytes()
    assert content.count(old) >= 1
    path.write_bytes(content.replace(old, new, 1))


@pytest.mark.parametrize(
    ("spoil", "check", "fault"),
    [
        (
            lambda d: replaced(d / "published_figures.csv", b"23,,,municipality,", b"23,,,,"),
            blank_faults,
            "published_figures.csv row 2: unit is blank",
        ),
        (
            lambda d: replaced(d / "savings_evidence.csv", b",2015\n", b",\n"),
            blank_faults,
            "savings_evidence.csv row 2: published_on is blank",
        ),
        (
            lambda d: replaced(d / "cost_shares.csv", b",assumed,C,", b",,C,"),
            blank_faults,
            "cost_shares.csv row 2: standing is blank",
        ),
        (
            lambda d: replaced(
                d / "events_since_2022.csv",
                b"press reports of 2022-09, not traced to a document",
                b"news",
            ),
            blank_faults,
            "events_since_2022.csv row 3: 'news' is no source",
        ),
        (
            lambda d: replaced(d / "municipalities.csv", b"66680", b"66681"),
            checksum_faults,
            "municipalities.csv differs from its checksum",
        ),
        (
            lambda d: (d / "more.csv").write_text("code\n"),
            declaration_faults,
            "more.csv is not declared",
        ),
        (lambda d: (d / "workplan.csv").unlink(), declaration_faults, "workplan.csv is missing"),
        (
            lambda d: replaced(
                d / "datapackage.json", '"title_ja": "団体の指標"'.encode(), b'"title_ja": ""'
            ),
            wording_faults,
            "municipality_indicators: no title_ja",
        ),
        (
            lambda d: replaced(d / "datapackage.json", b'"unit": "km2"', b'"unit": "ha"'),
            unit_faults,
            "municipalities.area_km2: number in 'ha'",
        ),
        (
            lambda d: replaced(d / "it_staffing.csv", b",person,2018", b",persons,2018"),
            unit_faults,
            "it_staffing: a row in 'persons'",
        ),
    ],
)
def test_a_spoilt_copy_is_caught(spoil, check, fault, data, tmp_path):
    copy = shutil.copytree(data, tmp_path / "data", ignore=shutil.ignore_patterns("local"))
    spoil(copy)
    assert check(copy) == [fault]


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        # an identifier with a capital
        ("workplan.csv", b"start,", b"Start,", "constraint-error"),
        ("cost_shares.csv", b"0.62", b"1.62", "constraint-error"),  # a share above one
        ("participants.csv", b"131024,", b"131130,", "primary-key"),  # a ward named twice
        ("municipalities.csv", b"11.66", "千".encode(), "type-error"),  # text in a number
    ],
)
def test_frictionless_catches_what_the_declaration_forbids(name, old, new, error, data, tmp_path):
    copy = shutil.copytree(data, tmp_path / "data", ignore=shutil.ignore_patterns("local"))
    replaced(copy / name, old, new)
    resource = next(r for r in shipped(copy) if r["path"] == name)
    package = package_of(copy) | {
        "resources": [{k: v for k, v in resource.items() if k not in ("hash", "bytes")}]
    }
    report = Package.from_descriptor(package, basepath=str(copy)).validate()
    assert error in [fault for (fault,) in report.flatten(["type"])]
