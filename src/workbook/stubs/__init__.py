"""What a new chapter or exhibit begins with: sound files, which run."""

from __future__ import annotations


class Refused(ValueError):
    """A name that cannot be that of a new chapter or exhibit, with what to do instead."""
