"""Intake: an office spreadsheet becomes a declared table, or is refused with every reason.

What is used of it stands in `intake`; codes of municipalities (`local_codes`) wait for no library.
"""
