"""Tests of the command line, as processes."""
