"""The filter that keeps outputs, and what a kernel says of itself, out of git: `make filter` sets
it up, git runs it on notebooks.

Git runs this file alone, in any Python 3.7 or newer: it must work where the environment is gone.
"""

from __future__ import annotations

import json
import sys

# what every notebook is committed with; JupyterLab adds the version of whoever saved it last
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}


def without_outputs(text: str) -> str:
    """Return a notebook's text without outputs, widgets' state and execution counts, and with
    nothing of the kernel but that it is Python's.

    One that has none of these comes back as it is.

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
    own = _own_kernel(notebook.get("metadata", {}))
    if not (_shows(notebook) or own):
        return text
    notebook.get("metadata", {}).update(own)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    notebook.get("metadata", {}).pop("widgets", None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _own_kernel(metadata: dict) -> dict:
    """Return what takes the place of what one machine's Python kernel says of itself."""
    if metadata.get("language_info", {}).get("name") != LANGUAGE["name"]:
        return {}
    committed = {"kernelspec": KERNEL, "language_info": LANGUAGE}
    return {name: said for name, said in committed.items() if metadata.get(name, said) != said}


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
