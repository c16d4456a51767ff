"""A worker's own process for notebooks: each line of standard input asks for one, a line of
standard output says what became of it.

It stays for the whole sweep, so that libraries are imported once; kernels are forked from it as in
any headless run. It ends when its input does, and takes its kernels with it.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Any

Asked = queue.SimpleQueue[dict[str, Any]]


def main() -> None:
    """Execute what is asked for until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed is no answer
    asked: Asked = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    while True:
        print(json.dumps(_executed(**asked.get())), file=answers, flush=True)


def _listen(asked: Asked) -> None:
    """Take what is asked for; when no one is there to ask, end at once, in mid-notebook too."""
    from workbook.running.engine import fork_server

    for line in sys.stdin:
        asked.put(json.loads(line))
    fork_server.end_all()
    os._exit(0)


def _executed(
    notebook: str, parameters: dict[str, Any], run: str, modules: list[str]
) -> dict[str, Any]:
    """Return the seconds and bytes that a notebook took, or why it ``failed``.

    The study's own ``modules`` are imported once, too: those of a bundle never change.
    """
    from workbook.running.engine.execution import execute
    from workbook.running.engine.failure import Failure
    from workbook.running.rounds import ready_engine
    from workbook.study import study
    from workbook.system_faults import sentence_of

    study()  # before numpy is there: linear algebra in one thread
    began, spent = time.perf_counter(), dict[str, float]()
    try:
        engine = ready_engine("warm", modules)
        execute(Path(notebook), parameters, engine, {"WORKBOOK_RUN": run}, spent=spent)
    except Failure as failure:
        return {"failed": str(failure)}
    except OSError as fault:
        return {"failed": sentence_of(fault)}
    return {"seconds": round(time.perf_counter() - began, 3), **spent}


if __name__ == "__main__":
    main()
