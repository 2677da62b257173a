"""The contract suite: rules as data, a pure oracle, cases, targets, runs and results, and a reference implementation."""
