"""Tests of the pytest plugin, in projects of their own."""
