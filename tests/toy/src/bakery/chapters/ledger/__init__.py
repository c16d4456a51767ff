"""Chapter 3: the ledger."""
