"""Which task of a plan may go next: one whose upstream has come to its end."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Mapping

from workbook.sweeping.plan import Task


class Order:
    """The tasks that wait; what follows a task that has just ended goes first, so that whole runs
    are at their end early.

    >>> from workbook.steps import Step
    >>> step = Step("01_x", (), (), (), ())
    >>> own = {name: Task(name, step, {}, up, "") for name, up in (("a", ()), ("b", ("a",)))}
    >>> order = Order(own, ())
    >>> order.take().id, order.take()
    ('a', None)
    >>> order.ended("a")
    >>> order.take().id
    'b'
    """

    def __init__(self, tasks: Mapping[str, Task], done: Collection[str]) -> None:
        self._tasks = tasks
        self._missing: dict[str, set[str]] = {}
        self._followers: dict[str, list[str]] = defaultdict(list)
        for task in tasks.values():
            if task.id not in done:
                self._missing[task.id] = set(task.upstream) - set(done)
                for other in self._missing[task.id]:
                    self._followers[other].append(task.id)
        self._ready = deque(name for name, missing in self._missing.items() if not missing)

    def take(self) -> Task | None:
        """Return a task that may go, or None while there is none."""
        return self._tasks[self._ready.popleft()] if self._ready else None

    def ended(self, task: str) -> None:
        """Let those go that waited for this task last."""
        for name in reversed(self._followers[task]):
            self._missing[name].discard(task)
            if not self._missing[name]:
                self._ready.appendleft(name)

    def lost(self, task: str) -> set[str]:
        """Return a task that failed and all that would read what it did not write; none of them
        goes any more.
        """
        found, following = set[str](), [task]
        while following:
            name = following.pop()
            if name not in found:
                found.add(name)
                following += self._followers[name]
        return found
