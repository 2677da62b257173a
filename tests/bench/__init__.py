"""Benchmarks: `make bench` measures every section, says which goals were missed, and writes BENCHMARKS.md.

A section is a module in `sections` with a `TITLE`, a docstring that says how it measures, and `measure() -> Result`; a new
file there is all that a new section takes. Nothing here is run by the tests.
"""
