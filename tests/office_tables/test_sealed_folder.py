"""Taking a table in where nothing may be written: one message, and no part of a table."""

from __future__ import annotations

import os

import pytest

from tests.workbook.test_system_faults import as_anybody, refused, workbook

OFFICE = "団体名,年度,基幹系（千円）,内部情報系（千円）\n千代田区,2022,900000,100000\n"


@pytest.mark.skipif(os.name != "posix", reason="modes bind nobody here")
def test_a_table_is_not_taken_into_a_folder_that_may_not_be_written(copied_study):
    (copied_study / "office.csv").write_text(OFFICE, encoding="utf-8")
    (copied_study / "data").chmod(0o555)
    asked = ("intake", "office.csv", "--table", "ict_cost", "--incomplete")
    ended = workbook(copied_study, *asked, before=as_anybody)
    (copied_study / "data").chmod(0o755)
    assert refused(ended, str(copied_study), "Permission denied", "work in a copy")
    assert not (copied_study / "data" / "local").exists()
