"""Wires of other shapes than the documented ones, made up: each serves the reference behind a thin translation."""
