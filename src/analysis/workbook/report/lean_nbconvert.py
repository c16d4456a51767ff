"""nbconvert and nbformat without a second of start-up that no notebook needs.

jsonschema compiles a grammar of internationalised addresses (``rfc3987_syntax``) for a format that the notebook
schema does not use; it takes the package's absence in its stride, so that is what it is shown during the import.
"""

from __future__ import annotations

import sys

_GRAMMAR = "rfc3987_syntax"
_hidden = _GRAMMAR not in sys.modules
if _hidden:
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
try:
    import nbformat
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from nbconvert.preprocessors import Preprocessor
    from nbformat import NotebookNode
finally:
    if _hidden:
        del sys.modules[_GRAMMAR]

__all__ = ["HTMLExporter", "NotebookNode", "Preprocessor", "TemplateExporter", "nbformat"]
