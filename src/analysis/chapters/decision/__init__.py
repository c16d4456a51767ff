"""Chapter 10: Decision."""
