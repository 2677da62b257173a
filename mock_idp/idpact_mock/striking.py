"""A request that fails, from its failure to its end: makes the scene and lets the behaviour play. Decides nothing itself."""

from collections.abc import Callable
from functools import cache

from idpact_mock.answer import Answer
from idpact_mock.exchange import Exchange
from idpact_mock.issuer import Issuer
from idpact_mock.switch import Strike

__all__ = ["struck", "struck_by"]


def struck_by(issuer: Issuer, endpoint: str, *, port: int) -> Strike | None:
    """How a request at this endpoint, which came to that port, fails; None if it doesn't.

    An endpoint whose address fails works on where it was: who kept the address from before still finds it there.
    """
    switch = issuer.failing.get(endpoint)
    if switch is None or (switch.failing.is_handed_out and port == issuer.site.port):
        return None
    return switch.strike()


async def struck(exchange: Exchange, issuer: Issuer, strike: Strike, work: Callable[[], Answer]) -> None:
    """Fail a request that has been read and journalled.

    Args:
        exchange: The request.
        issuer: Whose it is.
        strike: How it fails.
        work: Makes the answer that a working endpoint would give; asked once at most.
    """
    from idpact_mock.behaviours import BEHAVIOURS, Scene  # noqa: PLC0415 - most servers never fail

    failing = strike.failing
    scene = Scene(
        work=cache(work),
        issuer=issuer.site.identifier,
        failing=failing,
        number=strike.number,
        neighbour=issuer.neighbour(failing),
    )
    await BEHAVIOURS[failing.mode.id](exchange, scene)
