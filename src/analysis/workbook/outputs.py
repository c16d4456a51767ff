"""The filter that keeps outputs out of git: `make lab` sets it up, git calls it on every notebook it stores."""

from __future__ import annotations

import json
import sys


def without_outputs(text: str) -> str:
    """Return a notebook's text without outputs and execution counts; one that has none comes back as it is.

    >>> print(without_outputs('{"cells": [{"cell_type": "code", "execution_count": 3, "outputs": [{}]}]}').strip())
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
    ran = [cell for cell in notebook["cells"] if cell.get("outputs") or cell.get("execution_count") is not None]
    for cell in ran:
        cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n" if ran else text


if __name__ == "__main__":
    sys.stdout.buffer.write(without_outputs(sys.stdin.buffer.read().decode("utf-8")).encode("utf-8"))
