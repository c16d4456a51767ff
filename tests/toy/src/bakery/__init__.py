"""A made-up study for the tests: what a village bakery makes of its own grain."""
