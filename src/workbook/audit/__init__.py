"""The audit: how good the numbers of a run are, and what of its reproducibility a machine can
prove.
"""
