"""What runs on a worker: it has the locked libraries and this one module by value, and of the
project only the bundle.

Nothing of the project may be imported here; a step runs in a process of its own, because a worker
may not fork kernels.
"""

from __future__ import annotations

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

FAILED = 3  # exit code of a notebook that failed


class BundlePlugin(WorkerPlugin):
    """Unpacks the bundle once in every worker, those that come later too."""

    def __init__(self, bundle: str, content: bytes) -> None:
        self.name, self.bundle, self.content = f"bundle-{bundle}", bundle, content

    def setup(self, worker: Any) -> None:
        """Unpack the bundle into the worker's own folder."""
        folder = Path(worker.local_directory) / self.name
        if not folder.exists():
            half = Path(tempfile.mkdtemp(dir=worker.local_directory))
            zipfile.ZipFile(io.BytesIO(self.content)).extractall(half)
            half.rename(folder)


def run_step(
    bundle: str,
    step: str,
    writes: tuple[str, ...],
    parameters: dict[str, Any],
    upstream: dict[str, str],
) -> dict[str, Any]:
    """Return what a step leaves, as text by path in a run's folder, under ``files``; or why it
    failed, under ``failed``.

    ``upstream`` holds the files it reads, likewise.
    """
    project = Path(get_worker().local_directory) / f"bundle-{bundle}"
    run = Path(tempfile.mkdtemp(prefix="run-", dir=get_worker().local_directory))
    try:
        for name, text in upstream.items():
            (run / name).parent.mkdir(exist_ok=True)
            (run / name).write_text(text, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(project / "src"), "WORKBOOK_RUN": str(run)}
        asked = json.dumps(
            {"notebook": str(project / "notebooks" / f"{step}.ipynb"), "parameters": parameters}
        )
        ran = subprocess.run(
            [sys.executable, "-m", "workbook.sweeping.one_step"],
            input=asked,
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode == FAILED:
            return {"failed": ran.stdout.strip()}
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        left = [f"steps/{step}.json", *(f"tables/{table}.csv" for table in writes)]
        return {
            "files": {
                name: (run / name).read_text(encoding="utf-8")
                for name in left
                if (run / name).exists()
            }
        }
    finally:
        shutil.rmtree(run, ignore_errors=True)
