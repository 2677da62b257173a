"""What an issuer is like before anybody changes it: its own document at any address, and which path is which endpoint."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from idpact_mock.document import base_document
from idpact_mock.site import Site

__all__ = ["Shape", "own_shape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an issuer is like before anybody changes it.

    Attributes:
        document: Its own document by base URL (scheme, host and port, without a final slash) and the algorithms in use.
        area: The path all of which is its own: requests there that meet no endpoint are in its journal.
        routes: The role of each path, such as `{"/acme/oauth2/v1/keys": "jwks"}`; None for the paths that every issuer has
            right below its own. A role is the name of such a path, without its slash.
        headers: Extra headers of the discovery answer.
        switches: The switches that are on from the start.
        preset: The preset's name.
    """

    document: Callable[[str, Sequence[str]], dict[str, object]]
    area: str
    routes: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    preset: str | None = None


def own_shape(site: Site, *, endpoints_at: str | None = None) -> Shape:
    """The shape of an issuer without a preset.

    Args:
        site: Where it lives.
        endpoints_at: Base URL of the endpoints in its document, in place of its own.
    """

    def document(base: str, algs: Sequence[str]) -> dict[str, object]:
        here = site if base == site.base else replace(site, base=base)
        return base_document(here.identifier, endpoints_at or here.root, root=here.root, algs=algs)

    return Shape(document=document, area=site.path)
