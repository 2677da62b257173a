"""Benchmarks: figures, each beside its floor in the same run. Nothing here is asserted."""
