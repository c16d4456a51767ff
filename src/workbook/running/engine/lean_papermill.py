"""papermill and nbformat, imported without what no notebook needs."""

from workbook.running.lean_imports import without_address_grammar

with without_address_grammar():
    import nbformat
    import papermill
    import papermill.engines
    from nbformat import NotebookNode

__all__ = ["NotebookNode", "nbformat", "papermill"]
