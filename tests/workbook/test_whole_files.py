"""Files written whole: as open as their sources and the umask allow, never more for a moment."""

from __future__ import annotations

import os
import stat

import pytest

from workbook import whole_files
from workbook.whole_files import OPEN, PRIVATE, mode_behind, write_together, write_whole


@pytest.fixture(params=[0o022, 0o077, 0o002, 0o000], ids="umask {:03o}".format)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_as_open_as_the_umask_allows(tmp_path, umask):
    """The tempting chmod to 0644 opens a file that the umask keeps to its owner."""
    write_whole(tmp_path / "table.csv", "a")
    assert mode_of(tmp_path / "table.csv") == 0o666 & ~umask


def test_a_private_file_is_private_under_every_umask_and_from_its_first_byte(
    tmp_path, umask, monkeypatch
):
    seen, replace = [], os.replace

    def looking(scrap, path):
        seen.append(mode_of(scrap))
        replace(scrap, path)

    monkeypatch.setattr(whole_files.os, "replace", looking)
    (tmp_path / "table.csv").touch(0o644)
    write_whole(tmp_path / "table.csv", "secret", PRIVATE)
    assert seen == [0o600] and mode_of(tmp_path / "table.csv") == 0o600


@pytest.mark.parametrize(
    ("modes", "behind"),
    [
        ([], OPEN),
        ([0o644], 0o644),
        ([0o600, 0o644], 0o600),
        ([0o640, 0o604], 0o600),
        ([0o640, 0o660], 0o640),
        ([0o444], 0o644),
        ([0o755], 0o644),
        ([0o000], 0o600),
    ],
    ids=str,
)
def test_what_is_made_from_files_is_open_to_those_alone_who_may_read_them_all(
    tmp_path, modes, behind
):
    sources = [tmp_path / str(place) for place in range(len(modes))]
    for source, mode in zip(sources, modes, strict=True):
        source.touch()
        source.chmod(mode)
    assert mode_behind([*sources, tmp_path / "missing"]) == behind


def test_of_several_files_none_is_written_when_one_cannot_be(tmp_path):
    (tmp_path / "one.csv").write_text("old")
    (tmp_path / "no-folder").write_text("a file")
    with pytest.raises(OSError, match=r"no-folder/two\.csv"):
        write_together({tmp_path / "one.csv": "new", tmp_path / "no-folder" / "two.csv": "new"})
    assert (tmp_path / "one.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["no-folder", "one.csv"]


def test_a_fault_of_the_system_names_the_file_and_not_its_scrap(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files, "_write", full)
    with pytest.raises(OSError, match="No space left") as fault:
        write_whole(tmp_path / "table.csv", "new")
    assert fault.value.filename == str(tmp_path / "table.csv") and fault.value.errno == 28


def refusing(times):
    """What Windows does as long as somebody has the file open: so many times."""
    left, replace = [times], os.replace

    def replaced(scrap, path):
        if left[0] > 0:
            left[0] -= 1
            raise PermissionError(13, "Access is denied", str(path))
        replace(scrap, path)

    return replaced


def test_a_file_that_is_open_for_a_moment_is_replaced_when_it_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(whole_files, "PATIENCE_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(whole_files.os, "replace", refusing(2))
    write_whole(tmp_path / "table.csv", "new")
    assert (tmp_path / "table.csv").read_text() == "new"


def test_a_file_that_stays_open_is_named_and_stays_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "table.csv").write_text("old")
    monkeypatch.setattr(whole_files, "PATIENCE_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(whole_files.os, "replace", refusing(3))
    with pytest.raises(PermissionError) as fault:
        write_whole(tmp_path / "table.csv", "new")
    assert fault.value.filename == str(tmp_path / "table.csv")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
