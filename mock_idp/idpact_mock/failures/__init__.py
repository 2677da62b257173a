"""The catalogue of what can go wrong when a discovery document is retrieved, as data. Imports nothing of the server.

What a failure *does* is in `behaviours`; an id here without a behaviour there (or the reverse) fails a test.
"""

from idpact_mock.failures.entries import FAILURES
from idpact_mock.failures.failing import Failing, FailureWish, SecondAddress, checked_endpoint, failure_mode
from idpact_mock.failures.mode import ENDPOINTS, MEMBER_OF, FailureMode, Group, Layer, Neighbour, Outcome
from idpact_mock.failures.parameter import Parameter
from idpact_mock.failures.schedule import Schedule

__all__ = [
    "ENDPOINTS",
    "FAILURES",
    "MEMBER_OF",
    "Failing",
    "FailureMode",
    "FailureWish",
    "Group",
    "Layer",
    "Neighbour",
    "Outcome",
    "Parameter",
    "Schedule",
    "SecondAddress",
    "checked_endpoint",
    "failure_mode",
]
