"""Where libraries keep their caches when the home of whoever runs the study cannot be written to.

Without it IPython and Matplotlib each make a folder for the occasion and warn of it, IPython in the
first cell of every notebook.
"""

from __future__ import annotations

import os
from pathlib import Path

# what each library asks for, and where it would look in a home
ASKED = {
    "IPYTHONDIR": ".ipython",
    "MPLCONFIGDIR": ".config/matplotlib",
    "JUPYTER_RUNTIME_DIR": ".local/share/jupyter/runtime",
}


def keep_caches_in(folder: Path) -> None:
    """Have libraries keep their caches in a folder of ours, those whose own cannot be written to.

    What the environment already names stays, and where nothing may be written, everything does.
    """
    if not may_be_written(folder):
        return
    for name, place in ASKED.items():
        if name not in os.environ and not may_be_written(Path(os.path.expanduser("~")) / place):
            own = folder / name.lower()
            own.mkdir(parents=True, exist_ok=True)
            os.environ[name] = str(own)


def may_be_written(path: Path) -> bool:
    """Say whether a folder can be written to or, where it is not there yet, can be made.

    >>> may_be_written(Path.cwd()), may_be_written(Path("/dev/null/home/.ipython"))
    (True, False)
    """
    there = next(place for place in (path, *path.parents) if place.exists())
    return there.is_dir() and os.access(there, os.W_OK)
