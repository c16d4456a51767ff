"""nbconvert, imported without what no notebook needs."""

from workbook.running.lean_imports import without_address_grammar

with without_address_grammar():
    from nbconvert.exporters import HTMLExporter
    from nbformat import NotebookNode

__all__ = ["HTMLExporter", "NotebookNode"]
