"""The deterministic suite as pytest classes, a class per family, for anyone to run, subclass or select.

    from idpact_contract.suite import ContractSuite

    class TestOurEndpoint(ContractSuite):
        pass

The fixtures come from idpact's pytest plugin: define `oidc_target` in your conftest.py, and the rest is there.
"""

from idpact_contract.suite.classes import (
    ActivationRules,
    ContractSuite,
    ContractWarning,
    CredentialRules,
    DiscoveryRules,
    FallbackRules,
    InferenceRules,
    InputRules,
    KeepRules,
    OrganizationRules,
    PrecedenceRules,
    SafetyRules,
    WireRules,
)

__all__ = [
    "ActivationRules",
    "ContractSuite",
    "ContractWarning",
    "CredentialRules",
    "DiscoveryRules",
    "FallbackRules",
    "InferenceRules",
    "InputRules",
    "KeepRules",
    "OrganizationRules",
    "PrecedenceRules",
    "SafetyRules",
    "WireRules",
]
