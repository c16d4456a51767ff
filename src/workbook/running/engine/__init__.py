"""How one notebook is executed: papermill with an engine of its registry, stock or warm."""
