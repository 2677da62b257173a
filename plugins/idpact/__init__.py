"""idpact: contract tests and a mock identity provider for endpoints that update OIDC connections.

The public names of all three packages; each is imported when it is first used, so that importing this costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from idpact_contract.suite import (
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
    from idpact_contract.targets.asgi import asgi_target
    from idpact_contract.targets.base import Target
    from idpact_contract.targets.http import HttpTarget
    from idpact_contract.targets.open import http_target
    from idpact_contract.targets.profile import Profile, load_profile
    from idpact_mock import Issuer, MockIdP

__all__ = [
    "ActivationRules",
    "ContractSuite",
    "ContractWarning",
    "CredentialRules",
    "DiscoveryRules",
    "FallbackRules",
    "HttpTarget",
    "InferenceRules",
    "InputRules",
    "Issuer",
    "KeepRules",
    "MockIdP",
    "OrganizationRules",
    "PrecedenceRules",
    "Profile",
    "SafetyRules",
    "Target",
    "WireRules",
    "asgi_target",
    "http_target",
    "load_profile",
]

_HOMES: Final = {
    **dict.fromkeys(("Issuer", "MockIdP"), "idpact_mock"),
    "HttpTarget": "idpact_contract.targets.http",
    "Target": "idpact_contract.targets.base",
    "asgi_target": "idpact_contract.targets.asgi",
    "http_target": "idpact_contract.targets.open",
    **dict.fromkeys(("Profile", "load_profile"), "idpact_contract.targets.profile"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'idpact' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES.get(name, "idpact_contract.suite")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
