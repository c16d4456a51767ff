"""The lock of a run's folder where there is no fcntl: Windows' own lock keeps two runs apart, and
where there is neither, the command says so.
"""

from __future__ import annotations

import os
import threading

import pytest

from workbook.running import lock


class WindowsLocks:
    """Windows' locks of bytes: who asks for one that is held is refused, and never waits."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        self.held: dict[tuple[int, int], int] = {}

    def locking(self, file: int, mode: int, width: int) -> None:
        place = os.fstat(file).st_ino, os.lseek(file, 0, os.SEEK_CUR)
        assert (mode, width) == (self.LK_NBLCK, 1)
        if self.held.setdefault(place, file) != file:
            raise PermissionError(13, "Permission denied")


@pytest.fixture
def windows(monkeypatch):
    locks = WindowsLocks()
    monkeypatch.setattr(lock, "fcntl", None)
    monkeypatch.setattr(lock, "msvcrt", locks)
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.01)
    return locks


def test_on_windows_a_second_run_waits_names_the_first_and_goes_on(tmp_path, windows):
    told, entered, ended = [], threading.Event(), threading.Event()

    def second():
        with lock.locked(tmp_path, lambda text: (told.append(text), entered.set())):
            ended.set()

    with lock.locked(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert entered.wait(30) and not ended.wait(0.1)
        # the holder's name stands at the front, where nothing is locked
        assert {place for _, place in windows.held} == {lock.OUT_OF_THE_WAY}
    windows.held.clear()  # as Windows does when a file is closed
    waiting.join(30)
    assert ended.is_set()
    assert told == [lock.WAITING.format(holder=f"process {os.getpid()}")]


def test_where_there_are_no_locks_at_all_it_is_said(tmp_path, monkeypatch):
    """The tempting silence lets two runs write into one folder."""
    monkeypatch.setattr(lock, "fcntl", None)
    monkeypatch.setattr(lock, "msvcrt", None)
    told = []
    with lock.locked(tmp_path, told.append):
        pass
    assert told == [lock.UNLOCKED.format(folder=tmp_path)]


def test_a_fault_of_the_drive_is_no_lock_that_is_held(tmp_path, windows):
    windows.locking = lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error"))
    with pytest.raises(OSError, match="Input/output error"), lock.locked(tmp_path):
        pass
