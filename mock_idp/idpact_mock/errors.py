"""The errors of this package. All of them are also built-in ones, so that callers need not know these names.

ValueError
  TakenError            a name or a path is in use
  ConfigError           the configuration says something unknown or wrong
  UnreadableError       a control request isn't what the interface reads
LookupError
  UnknownIssuerError    there is no such issuer
RuntimeError
  BusyError             so much is under way that no more is begun
  StoreError            what several servers share can't be reached
  ControlError          the control interface of a remote server refused or can't be understood
"""

__all__ = [
    "BusyError",
    "ConfigError",
    "ControlError",
    "StoreError",
    "TakenError",
    "UnknownIssuerError",
    "UnreadableError",
]


class TakenError(ValueError):
    """Another issuer has that name or that path; the message says which."""


class ConfigError(ValueError):
    """The configuration is wrong; the message names the file or variable, the key, the value and what is right."""


class UnreadableError(ValueError):
    """A control request can't be read at all: no JSON, no object, another media type."""


class UnknownIssuerError(LookupError):
    """No issuer has that name; the message lists names that are near."""


class BusyError(RuntimeError):
    """A bound is reached; the message says which."""


class ControlError(RuntimeError):
    """The control interface answered with an error that none of the arguments caused, such as 401."""


class StoreError(RuntimeError):
    """The store that servers share can't be used; the message says which and why."""
