"""An issuer's signing keys: made when first needed, rotated in phases, published as bytes that are rendered once.

Each algorithm has a key that signs. Others may be published beside it: the next one, old ones, extra ones, one that clashes.
"""

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from idpact_mock.backing import ALONE, Backing

if TYPE_CHECKING:
    from idpact_mock.provider.settings import Algorithm
    from idpact_mock.provider.signing import SigningKey

__all__ = ["Keys"]


class Keys:
    """The keys of one issuer. May be used from any thread; what makes a key blocks while it is made (RSA: tens of ms).

    A rotation in phases is `publish_next()`, `sign_with_next()`, `retire_old()`; `rotate()` is the first two at once.

    Args:
        alg: The issuer's own algorithm.
        backing: What makes a key. Where other servers have the same keys, none may depend on what this one made already.
    """

    def __init__(self, alg: "Algorithm" = "RS256", *, backing: Backing = ALONE) -> None:
        self._make: Callable[..., SigningKey] = backing.key
        self._shared = backing.blocks
        self._lock = threading.RLock()
        # In the order of publication. An algorithm in use whose key wasn't made yet has none.
        self._algs: tuple[Algorithm, ...] = (alg,)
        self._default: Algorithm = alg
        self._signing: dict[Algorithm, SigningKey] = {}
        self._next: dict[Algorithm, SigningKey] = {}
        self._published: list[SigningKey] = []
        self._rendered: bytes | None = None

    def __repr__(self) -> str:
        return f"<Keys for {', '.join(self._algs)}, {len(self._published)} published>"

    # -- what there is -------------------------------------------------------------------------------------------------

    @property
    def made(self) -> bool:
        """All keys in use have been made: nothing blocks."""
        return all(alg in self._signing for alg in self._algs)

    @property
    def algs(self) -> "tuple[Algorithm, ...]":
        """The algorithms in use, the issuer's own first."""
        return self._algs

    @property
    def rendered(self) -> bytes | None:
        """The JWK Set if it was rendered and nothing has changed since: the very bytes that `jwks` returned."""
        return self._rendered

    @property
    def published(self) -> tuple[str, ...]:
        """The key ids in the JWK Set, in order."""
        self.ensure()
        with self._lock:
            return tuple(key.kid for key in self._published)

    def signing_key(self, alg: "Algorithm | None" = None) -> "SigningKey":
        """The key that signs, of the issuer's own algorithm unless said otherwise."""
        wanted = self._default if alg is None else alg
        found = self._signing.get(wanted)
        if found is not None:
            return found
        self.use(wanted)
        self.ensure()
        return self._signing[wanted]

    def jwks(self) -> bytes:
        """The public keys as a JWK Set (RFC 7517, section 5)."""
        rendered = self._rendered
        if rendered is None:
            self.ensure()
            with self._lock:
                keys = [dict(key.jwk) for key in self._published]
                rendered = self._rendered = json.dumps({"keys": keys}, indent=2).encode("ascii")
        return rendered

    # -- rotation ------------------------------------------------------------------------------------------------------

    def publish_next(self, alg: "Algorithm | None" = None) -> str:
        """Publish the key that will sign next, and return its id; once it is there, nothing happens.

        Relying parties that ask now know it before it is used.
        """
        self.ensure()
        with self._lock:
            wanted = self._default if alg is None else alg
            key = self._next.get(wanted)
            if key is None:
                key = self._next[wanted] = self._make(wanted)
                self._publish(key)
            return key.kid

    def sign_with_next(self, alg: "Algorithm | None" = None) -> str:
        """Sign with the next key from now on, and return its id; the old one stays published.

        Raises:
            RuntimeError: No next key was published.
        """
        with self._lock:
            wanted = self._default if alg is None else alg
            if wanted not in self._next:
                raise RuntimeError(f"keys: there is no next {wanted} key; call publish_next() first")
            key = self._signing[wanted] = self._next.pop(wanted)
            return key.kid

    def retire_old(self) -> tuple[str, ...]:
        """Publish only keys that sign or will sign next; returns the ids of those that went."""
        with self._lock:
            kept = {id(key) for key in (*self._signing.values(), *self._next.values())}
            gone = tuple(key.kid for key in self._published if id(key) not in kept)
            self._published = [key for key in self._published if id(key) in kept]
            self._rendered = None
            return gone

    def rotate(self, alg: "Algorithm | None" = None) -> str:
        """Sign with a new key at once, and return its id: relying parties meet a key id that they don't know."""
        with self._lock:
            self.publish_next(alg)
            return self.sign_with_next(alg)

    def add(self, alg: "Algorithm | None" = None, *, kid: str | None = None, first: bool = False) -> str:
        """Publish one more key, which never signs, and return its id.

        Args:
            alg: Its algorithm; the issuer's own by default.
            kid: Its id. One that is published already makes two keys clash.
            first: Put it before all others.
        """
        self.ensure()
        with self._lock:
            key = self._make(self._default if alg is None else alg, kid=kid)
            self._publish(key, first=first)
            return key.kid

    def clash(self, alg: "Algorithm | None" = None) -> str:
        """Publish another key under the id of the one that signs, before it; returns that id."""
        return self.add(alg, kid=self.signing_key(alg).kid, first=True)

    def withdraw(self, kid: str) -> None:
        """Publish no key of that id any longer, also if it signs.

        Raises:
            LookupError: There is none.
        """
        with self._lock:
            if kid not in self.published:
                raise LookupError(f"kid: no key {kid!r} is published; those are {', '.join(self.published)}")
            self._published = [key for key in self._published if key.kid != kid]
            self._rendered = None

    # -- for the provider ----------------------------------------------------------------------------------------------

    def use(self, alg: "Algorithm", *, default: bool = False) -> bool:
        """Have a key for this algorithm, made when first needed; True if it wasn't in use before."""
        with self._lock:
            if default and self._shared:
                self.ensure()
            if default:
                self._default = alg
            new = alg not in self._algs
            # An own algorithm that never signed anything makes room for the one that replaces it.
            kept = tuple(one for one in self._algs if one in self._signing or not default)
            others = tuple(one for one in kept if one != alg)
            self._algs = (alg, *others) if default else (*others, alg) if new else self._algs
            self._rendered = None if new else self._rendered
            return new

    def ensure(self) -> None:
        """Make all keys in use that weren't made yet. Blocks."""
        if self.made:
            return
        with self._lock:
            for alg in self._algs:
                if alg not in self._signing:
                    key = self._signing[alg] = self._make(alg, own=True)
                    self._publish(key)

    def _publish(self, key: "SigningKey", *, first: bool = False) -> None:
        self._published.insert(0 if first else len(self._published), key)
        self._rendered = None
