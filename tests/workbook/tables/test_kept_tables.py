"""A table is read once for each state of its file, and no caller can spoil it for the next."""

import os

import pandas as pd

from workbook.tables.kept_tables import KeptTables
from workbook.whole_files import write_whole


def reader(path, asked):
    def read():
        asked.append(path.name)
        return pd.read_csv(path)

    return read


def test_a_file_that_stays_is_read_once_and_each_caller_has_its_own_copy(tmp_path):
    path, asked, kept = tmp_path / "t.csv", [], KeptTables()
    path.write_text("a\n1\n")
    first = kept.read(path, reader(path, asked))
    first["a"] = 9  # tempting: to hand out the kept frame itself
    assert kept.read(path, reader(path, asked))["a"].tolist() == [1] and asked == ["t.csv"]


def test_a_change_is_seen_though_size_and_time_are_the_same(tmp_path):
    path, asked, kept = tmp_path / "t.csv", [], KeptTables()
    path.write_text("a\n1\n")
    kept.read(path, reader(path, asked))
    before = path.stat()
    write_whole(path, "a\n2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert kept.read(path, reader(path, asked))["a"].tolist() == [2]
    path.write_text("a\n3\n")  # in place: the same inode
    assert kept.read(path, reader(path, asked))["a"].tolist() == [3] and len(asked) == 3


def test_what_was_just_written_needs_no_reading(tmp_path):
    path, asked, kept = tmp_path / "t.csv", [], KeptTables()
    path.write_text("a\n1\n")
    frame = pd.DataFrame({"a": [1]})
    kept.keep(path, frame)
    frame["a"] = 9
    assert kept.read(path, reader(path, asked))["a"].tolist() == [1] and asked == []
