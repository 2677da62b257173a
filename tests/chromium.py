"""How the tests start Chromium: as any user, root too, and without a word to the network."""

from typing import Final

__all__ = ["QUIET"]

QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
