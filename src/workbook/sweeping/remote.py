"""What runs on a worker: it has the locked libraries and this one module by value, and of the
project only the bundle.

Nothing of the project may be imported here. A worker may not fork kernels itself, so it keeps a
process that does (`workbook.sweeping.serving`), one for each of its threads.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin, get_worker

# What Dask sets for its workers to give memory back early. An array is then asked of the system and
# given back each time: the same notebook takes twice as long.
EARLY_TRIM = "MALLOC_TRIM_THRESHOLD_"
LAST_WORDS = 2000  # characters of what a process said before it ended


class BundlePlugin(WorkerPlugin):
    """Unpacks the bundle once in every worker, those that come later too, and keeps the processes
    that run its notebooks.
    """

    def __init__(self, bundle: str, content: bytes, modules: list[str]) -> None:
        self.name, self.content, self.modules = f"bundle-{bundle}", content, modules
        self.idle: list[Server] = []

    def setup(self, worker: Any) -> None:
        """Unpack the bundle into the worker's own folder."""
        self.place = Path(worker.local_directory)
        if not (self.place / self.name).exists():
            half = Path(tempfile.mkdtemp(dir=self.place))
            zipfile.ZipFile(io.BytesIO(self.content)).extractall(half)
            half.rename(self.place / self.name)

    def teardown(self, worker: Any) -> None:
        """End the processes."""
        while self.idle:
            self.idle.pop().end()

    def answer(self, step: str, parameters: dict[str, Any], run: Path) -> dict[str, Any]:
        """Return what became of a notebook; a process that ended over it is not asked again."""
        try:
            server = self.idle.pop()
        except IndexError:
            server = Server(self.place / self.name)
        notebook = self.place / self.name / "notebooks" / f"{step}.ipynb"
        answer = server.answer(
            notebook=str(notebook), parameters=parameters, run=str(run), modules=self.modules
        )
        self.idle.append(server)
        return answer


class Server:
    """A process that runs the notebooks of an unpacked bundle, one at a time."""

    def __init__(self, project: Path) -> None:
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workbook.sweeping.serving"],
            cwd=project,
            env=_environment(project),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # an interrupt of the sweep is not its own
        )

    def answer(self, **asked: Any) -> dict[str, Any]:
        """Return the answer to one question; a process that ends without one is an error."""
        assert self._process.stdin and self._process.stdout
        try:
            print(json.dumps(asked), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if line:
            return dict(json.loads(line))
        self.end()
        self._said.seek(0)
        raise RuntimeError(f"a process for notebooks ended: {self._said.read()[-LAST_WORDS:]}")

    def end(self) -> None:
        """End the process and whatever it runs: it does so when no one can ask it any more."""
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()


def _environment(project: Path) -> dict[str, str]:
    """Return what a headless run would find in its environment, with the bundle's sources."""
    own = {name: value for name, value in os.environ.items() if name != EARLY_TRIM}
    return {**own, "PYTHONPATH": str(project / "src")}


def run_step(
    bundle: str,
    step: str,
    writes: tuple[str, ...],
    parameters: dict[str, Any],
    upstream: dict[str, str],
) -> dict[str, Any]:
    """Return what a step leaves, as text by path in a run's folder, under ``files``, with the
    ``seconds`` it took; or why it failed, under ``failed``.

    ``upstream`` holds the files it reads, likewise.
    """
    worker = get_worker()
    run = Path(tempfile.mkdtemp(prefix="run-", dir=worker.local_directory))
    try:
        for name, text in upstream.items():
            (run / name).parent.mkdir(exist_ok=True)
            (run / name).write_text(text, encoding="utf-8")
        plugin: Any = worker.plugins[f"bundle-{bundle}"]
        answer: dict[str, Any] = plugin.answer(step, parameters, run)
        left = [f"steps/{step}.json", *(f"tables/{table}.csv" for table in writes)]
        found = (name for name in left if (run / name).exists())
        return answer | {"files": {name: (run / name).read_text("utf-8") for name in found}}
    finally:
        shutil.rmtree(run, ignore_errors=True)
