"""The filter that keeps outputs out of git: `make filter` sets it up, git runs it on notebooks.

Git runs this file alone, in any Python 3.7 or newer: it must work where the environment is gone.
"""

from __future__ import annotations

import json
import sys


def without_outputs(text: str) -> str:
    """Return a notebook's text without outputs, widgets' state and execution counts.

    One that has none comes back as it is.

    >>> print(
    ...     without_outputs(
    ...         '{"cells": [{"cell_type": "code", "execution_count": 3, "outputs": [{}]}]}'
    ...     ).strip()
    ... )
    {
     "cells": [
      {
       "cell_type": "code",
       "execution_count": null,
       "outputs": []
      }
     ]
    }
    """
    notebook = json.loads(text)
    if not _shows(notebook):
        return text
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    notebook.get("metadata", {}).pop("widgets", None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def shows_something(text: str) -> bool:
    """Say whether a notebook holds outputs, widgets' state or execution counts.

    A text that is no notebook does not.

    >>> shows_something('{"cells": [{"execution_count": 3, "outputs": []}]}'), shows_something("")
    (True, False)
    """
    try:
        return _shows(json.loads(text))
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def _shows(notebook: dict) -> bool:
    cells = notebook["cells"]
    ran = any(cell.get("outputs") or cell.get("execution_count") is not None for cell in cells)
    return ran or "widgets" in notebook.get("metadata", {})


def main() -> int:
    """Filter standard input; what is no notebook is refused, and git then stores nothing."""
    try:
        text = without_outputs(sys.stdin.buffer.read().decode("utf-8"))
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        print(f"not a notebook, so its outputs cannot be left out: {fault}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(text.encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
