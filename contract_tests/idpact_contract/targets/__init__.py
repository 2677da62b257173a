"""Implementations under test: the four operations, and profiles that map them to a wire."""
