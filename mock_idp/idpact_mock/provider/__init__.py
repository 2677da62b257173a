"""A real OpenID provider behind an issuer. Loaded when an issuer is first asked for more than its document.

Strict by default, as a real one is. Decisions are functions of a request and the provider's state; nothing here sends.
"""

__all__: list[str] = []
