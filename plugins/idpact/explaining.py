"""`idpact explain` behind the command line: a rule by its id, or the ones that were probably meant."""

import sys
from collections.abc import Callable
from difflib import get_close_matches
from typing import NoReturn

from rich.console import Console

from idpact_contract.catalogue import CATALOGUE, FAMILIES
from idpact_contract.results.manual import print_rule

__all__ = ["explain_rule"]


def explain_rule(told: str, *, fail: Callable[[object], NoReturn]) -> None:
    """Print a rule's page; a case id stands for its rule, and the case of letters doesn't matter."""
    rule_id = told.upper().partition("/")[0]
    if rule_id not in CATALOGUE:
        family = [known for known in CATALOGUE if known.startswith(f"{rule_id.partition('-')[0]}-")]
        near = family or get_close_matches(rule_id, [*CATALOGUE, *FAMILIES], n=5, cutoff=0.5)
        meant = f"; did you mean {', '.join(near)}?" if near else ""
        fail(f"{told!r} is no rule of the catalogue{meant} `idpact rules` lists them")
    print_rule(Console(width=None if sys.stdout.isatty() else 80), rule_id)
