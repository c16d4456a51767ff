"""Chapter 9: Decision."""
