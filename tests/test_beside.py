"""Work beside this process gives what it gives here, fails as it fails here, and leaves nothing behind."""

import multiprocessing
import os
import sys
import threading

import pytest

from analysis.beside import beside

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process")


def who():
    yield os.getpid()
    yield "x" * 1_000_000   # more than a pipe holds: the copy waits until it is asked


def fails():
    yield "before"
    raise KeyError("no such ward")


@linux_only
def test_work_is_made_in_another_process_and_given_in_order():
    with beside(who) as result:
        assert result() != os.getpid()
        assert len(result()) == 1_000_000


def test_without_a_copy_it_is_made_here_when_it_is_asked_for():
    with beside(who, copied=False) as result:
        assert result() == os.getpid()


@pytest.mark.parametrize("copied", [True, False])
def test_what_fails_is_raised_by_who_asks(copied):
    with beside(fails, copied) as result:
        assert result() == "before"
        with pytest.raises(KeyError, match="no such ward") as failure:
            result()
    assert not (copied and sys.platform == "linux") or "in fails" in failure.value.__notes__[0]


@linux_only
def test_no_process_is_left_when_nobody_asks():
    copy = None
    with pytest.raises(ZeroDivisionError), beside(lambda: iter([threading.Event().wait()])):
        copy, = multiprocessing.active_children()
        1 / 0
    assert not copy.is_alive()


@linux_only
def test_a_worker_that_may_have_no_children_makes_it_itself():
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()

    def in_a_worker():
        with beside(who) as result:
            there.send(result() == os.getpid())

    worker = context.Process(target=in_a_worker, daemon=True)
    worker.start()
    assert here.recv() is True
    worker.join()
