"""What `idpact check` collects: the whole suite, once."""

from idpact_contract.suite.classes import ContractSuite

__all__ = ["TestContract"]


class TestContract(ContractSuite):
    """The contract."""
