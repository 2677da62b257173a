"""From judgements to a verdict: trials, the one verdict function, the report document and the ways to show it."""
