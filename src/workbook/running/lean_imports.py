"""A second of start-up that no notebook needs, kept out of papermill, nbclient and nbconvert.

jsonschema compiles a grammar of internationalised addresses (``rfc3987_syntax``) for a format that
the notebook schema does not use; it does without the package where there is none, so during the
import it finds none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_address_grammar() -> Iterator[None]:
    """Hide the grammar from what is imported inside; afterwards it can be imported as before."""
    hidden = _GRAMMAR not in sys.modules
    if hidden:
        sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # what stops an import
    try:
        yield
    finally:
        if hidden:
            del sys.modules[_GRAMMAR]
