"""Tests of the mock IdP."""
