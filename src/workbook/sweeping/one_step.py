"""One notebook in a process of its own: what to run comes in by standard input, a failure goes out
with exit code 3.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> int:
    """Execute the notebook and return the exit code."""
    from workbook.running.engine.execution import execute
    from workbook.running.engine.failure import Failure
    from workbook.system_faults import sentence_of

    asked = json.load(sys.stdin)
    try:
        execute(Path(asked["notebook"]), asked["parameters"], "stock")
    except Failure as failure:
        print(failure)
        return 3
    except OSError as fault:
        print(sentence_of(fault))
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
