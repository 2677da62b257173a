"""Generated suites: each makes up what it does, and one run of it hands out the trials of cases of many rules.

The cases stand in the register like all others (`register_generated`); a suite is looked up by the name that they give.
"""

from idpact_contract.generated.handing import EXAMPLES, SUITES, Order, hand_out, missing

__all__ = ["EXAMPLES", "SUITES", "Order", "hand_out", "missing"]
