"""Chapter 2: the bread."""
