"""One module per chapter, and `evidence`, which bounds what several may know; none imports another,
tables are arguments.
"""
