"""One folder for each chapter."""
