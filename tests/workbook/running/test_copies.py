"""Work beside this process gives what it gives here, fails as it fails here, and leaves nothing
behind.
"""

import multiprocessing
import os
import sys
import threading

import pytest

from workbook.running.copies import beside

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process")


def fails():
    raise KeyError("no such ward")


@linux_only
def test_work_is_done_in_another_process_which_waits_until_it_is_asked():
    # more than a pipe holds
    with beside(lambda: (os.getpid(), "x" * 1_000_000), despite_threads=True) as result:
        process, told = result()
    assert process != os.getpid() and len(told) == 1_000_000


@pytest.fixture
def another_thread():
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    yield
    over.set()
    thread.join()


@linux_only
def test_beside_threads_of_ours_it_is_done_here_unless_it_waits_for_none(another_thread):
    with beside(os.getpid) as here, beside(os.getpid, despite_threads=True) as there:
        assert here() == os.getpid() != there()


@pytest.mark.parametrize("despite_threads", [True, False])
def test_what_fails_is_raised_by_who_asks(another_thread, despite_threads):
    with (
        pytest.raises(KeyError, match="no such ward") as failure,
        beside(fails, despite_threads) as result,
    ):
        result()
    assert (
        sys.platform != "linux"
        or ("in fails" in "".join(getattr(failure.value, "__notes__", []))) == despite_threads
    )


@linux_only
def test_no_process_is_left_when_nobody_asks():
    copy = None
    with pytest.raises(ZeroDivisionError), beside(threading.Event().wait, despite_threads=True):
        (copy,) = multiprocessing.active_children()
        raise ZeroDivisionError
    assert not copy.is_alive()


@linux_only
def test_a_worker_that_may_have_no_children_does_it_itself():
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()

    def in_a_worker():
        with beside(os.getpid, despite_threads=True) as result:
            there.send(result() == os.getpid())

    worker = context.Process(target=in_a_worker, daemon=True)
    worker.start()
    assert here.recv() is True
    worker.join()
