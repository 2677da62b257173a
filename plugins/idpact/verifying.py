"""`idpact verify` and `idpact sign` behind the command line: files in, a verdict on the report out."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from rich.console import Console

from idpact_contract.results.report import decode_report, encode_report, signed
from idpact_contract.results.sealing import KeyFileError, PrivateKey, PublicKey, private_key, public_key
from idpact_contract.results.terminal import plain
from idpact_contract.results.verify import Verification, verify

__all__ = ["read_private_key", "run_sign", "run_verify"]

_SHOWN: Final = 20
"""Reasons that are told before the rest is counted."""

_Fail = Callable[[object], NoReturn]


def run_verify(file: str, *, public_key: str | None, verbose: bool, fail: _Fail) -> int:
    """Verify a result document and say what was found; returns the exit code: 0 verified, 1 refused, 2 in part."""
    try:
        key = _public_key(public_key) if public_key else None
        found = verify(Path(file).read_bytes(), key=key)
    except (OSError, ValueError) as error:
        fail(error)
    _show(Console(width=None if sys.stdout.isatty() else 160), file, found, verbose=verbose, owned=key is not None)
    if found.problems:
        return 1
    return 0 if found.whole else 2


def run_sign(file: str, *, key: str, fail: _Fail) -> None:
    """Sign a result document in place, once nothing speaks against it."""
    try:
        signer, data = read_private_key(key), Path(file).read_bytes()
        report = decode_report(data)
        # A signature that is there already is replaced, whether it holds or not.
        problems = [told for told in verify(data).problems if not told.startswith("signature: ")]
        if problems:
            fail(f"{file}: not signed: {problems[0]}")
        Path(file).write_bytes(encode_report(signed(report, signer)))
    except (OSError, ValueError) as error:
        fail(error)


def read_private_key(file: str) -> PrivateKey:
    """The Ed25519 private key in a PEM file.

    Raises:
        OSError: It can't be read.
        ValueError: It holds no such key; the message names the file and says what it should hold.
    """
    try:
        return private_key(Path(file).read_bytes())
    except KeyFileError as error:
        raise ValueError(f"{file}: {error}") from error


def _public_key(file: str) -> PublicKey:
    try:
        return public_key(Path(file).read_bytes())
    except KeyFileError as error:
        raise ValueError(f"{file}: {error}") from error


def _show(console: Console, file: str, found: Verification, *, verbose: bool, owned: bool) -> None:
    def say(line: str) -> None:
        console.print(plain(line), highlight=False, soft_wrap=True)

    for problem in found.problems[:_SHOWN]:
        say(f"  {problem}")
    if len(found.problems) > _SHOWN:
        say(f"  and {len(found.problems) - _SHOWN} more")
    if found.problems:
        say(f"{file}: refused")
        return
    say(f"schema, digest{_signature(found, owned=owned)}: as they should be")
    say(f"{found.recomputed} cases judged again from their evidence, with the verdicts that the report tells")
    _show_reasons(say, found, verbose=verbose)
    for case_id in found.unknown:
        say(f"  {case_id}: this version of idpact does not know the case")
    for note in found.notes:
        say(f"note: {note}")
    say(f"{file}: {'verified' if found.whole else 'verified in part'}")


def _signature(found: Verification, *, owned: bool) -> str:
    if not found.signed:
        return ""
    return " and the key's signature" if owned else " and a signature (whose it is tells --public-key alone)"


def _show_reasons(say: Callable[[str], None], found: Verification, *, verbose: bool) -> None:
    if not found.unjudged:
        return
    say(f"{len(found.unjudged)} cases can't be judged again:")
    if verbose:
        for case_id, why in found.unjudged.items():
            say(f"  {case_id}: {why}")
        return
    reasons = list(found.unjudged.values())
    for why in dict.fromkeys(reasons):
        say(f"  {reasons.count(why)}: {why}")
