"""Chapter 1: the harvest."""
