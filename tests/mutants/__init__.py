"""Faulty implementations, one fault each, that prove that the rules bite; and right ones that must not be bitten."""
