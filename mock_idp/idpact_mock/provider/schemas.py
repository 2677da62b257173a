"""The words by which a provider is steered, as JSON Schema 2020-12. Pure data: the arguments of the Python API."""

from collections.abc import Mapping
from typing import Any, Final, get_type_hints

from idpact_mock.provider.clients import AUTH_METHODS, GRANTS
from idpact_mock.provider.clock import FURTHEST
from idpact_mock.provider.flaws import FLAWS
from idpact_mock.provider.settings import ALGORITHMS, Settings, SettingsChanges
from idpact_mock.provider.words import KEY_CHANGES, KINDS, REFUSING
from idpact_mock.schema import Schema, or_null, ref, sent, shown, told

__all__ = ["CLIENT_MAKING", "PROVIDER_COMPONENTS", "SETTINGS_CHANGE", "USER_MAKING"]

_TEXT: Final[Schema] = {"type": "string"}
_VISIBLE: Final[Schema] = {"type": "string", "pattern": r"^[\x20-\x7e]+$"}
_SUB: Final[Schema] = {"type": "string", "pattern": r"^[\x20-\x7e]{1,255}$"}
_ALG: Final[Schema] = {"type": "string", "enum": list(ALGORITHMS)}
_CLAIMS: Final[Schema] = {
    "type": ["object", "null"],
    "description": "Claims by their names; those that are null are left out.",
}
_FLAW: Final[Schema] = or_null({"type": "string", "enum": list(FLAWS)})
_KIND: Final[Schema] = {"type": "string", "enum": list(KINDS)}
_SECONDS: Final[Schema] = {"type": "number", "minimum": 0, "maximum": FURTHEST}
_POLLS: Final[Schema] = {"type": "integer", "minimum": 0}
_OF_TYPE: Final[Mapping[type, Schema]] = {
    bool: {"type": "boolean"},
    str: _ALG,  # the only one there is
    float: _SECONDS,
    int: _POLLS,
}


def _texts(items: Schema = _TEXT) -> dict[str, Any]:
    return {"type": ["array", "null"], "items": items}


_SETTINGS: Final[Mapping[str, Schema]] = {
    name: {**_OF_TYPE[kind], "default": getattr(Settings(), name)}
    for name, kind in get_type_hints(SettingsChanges).items()
}

SETTINGS_CHANGE: Final[Schema] = sent(
    _SETTINGS, about="Settings to change: the arguments of `Issuer.configure`; durations in seconds."
)

CLIENT_MAKING: Final[Schema] = sent(
    {
        "client_id": told(or_null(_VISIBLE), "Its id; made up where none is given."),
        "client_secret": told(or_null(_VISIBLE), "Its secret; made up where none is given and it needs one."),
        "auth_method": told(
            or_null({"type": "string", "enum": list(AUTH_METHODS)}),
            "The one way in which it proves itself; null admits both that use the secret.",
        ),
        "redirect_uris": told(
            _texts(), "Where codes may go, compared exactly; null stands for any loopback or https URL."
        ),
        "post_logout_redirect_uris": told(_texts(), "Where people may go after logout; null as above."),
        "grant_types": told(
            _texts({"type": "string", "enum": list(GRANTS)}), "The grants it may use; null stands for all that it can."
        ),
        "require_pkce": told({"type": ["boolean", "null"]}, "It must use PKCE; null stands for public clients only."),
        "alg": told(or_null(_ALG), "What its tokens are signed with; null leaves that to the issuer."),
        "scopes": told(_texts(), "The scopes it may ask for; null stands for any."),
        "audience": told(or_null(_VISIBLE), "The audience of its access tokens; null stands for itself."),
        "claims": told({"type": ["object", "null"]}, "Claims that its tokens hold besides."),
        "jwks": told({"type": ["object", "null"]}, "Its public keys as a JWK Set, needed for private_key_jwt."),
    },
    about="A relying party to register: the arguments of `Issuer.add_client`.",
)

USER_MAKING: Final[Schema] = sent(
    {
        "sub": told(_SUB, "The subject identifier."),
        "claims": told({"type": ["object", "null"]}, "What is known of them, but for `sub`."),
    },
    required=("sub",),
    about="Somebody who can log in: the arguments of `Issuer.add_user`.",
)

_TOKEN_WISH: Final[Mapping[str, Schema]] = {
    "sub": told(or_null(_SUB), "Whom it speaks of; null stands for the first user."),
    "kind": told(or_null(_KIND), "Which token; null stands for access_token."),
    "client_id": told(or_null(_TEXT), "Whom it is for; null stands for the default client."),
    "scope": told(or_null(_TEXT), "What it covers."),
    "nonce": told(or_null(_TEXT), "The nonce of an ID token."),
    "audience": told(or_null(_TEXT), "The audience of an access token; null stands for the client's."),
    "claims": _CLAIMS,
    "flaw": told(_FLAW, "What is to be wrong with it."),
}

_CLOCK: Final[Schema] = shown(
    {
        "offset": {"type": "number", "description": "Seconds by which it is ahead of the machine's."},
        "now": {"type": "number", "description": "Unix time in seconds."},
    }
)

_CLIENT: Final[Schema] = shown(
    {
        "client_id": _TEXT,
        "client_secret": {"type": ["string", "null"]},
        "auth_methods": {"type": "array", "items": {"enum": list(AUTH_METHODS)}},
        **{name: CLIENT_MAKING["properties"][name] for name in ("redirect_uris", "post_logout_redirect_uris")},
        "grant_types": {"type": "array", "items": {"enum": list(GRANTS)}},
        "require_pkce": {"type": "boolean"},
        **{name: CLIENT_MAKING["properties"][name] for name in ("alg", "scopes", "audience")},
        "claims": {"type": "object"},
        "jwks": {"type": ["object", "null"]},
    },
    about="A relying party, with its secret.",
)

_USER: Final[Schema] = shown({"sub": _TEXT, "claims": {"type": "object"}})

PROVIDER_COMPONENTS: Final[Mapping[str, Schema]] = {
    "SettingsChange": SETTINGS_CHANGE,
    "Provider": shown(
        {
            "settings": shown(_SETTINGS),
            "default_client": ref("Client"),
            "clock": ref("Clock"),
            "algs": {"type": "array", "items": _ALG, "description": "What its tokens are signed with."},
        }
    ),
    "ClientMaking": CLIENT_MAKING,
    "Client": _CLIENT,
    "Clients": shown({"clients": {"type": "array", "items": ref("Client")}}),
    "UserMaking": USER_MAKING,
    "User": _USER,
    "Users": shown({"users": {"type": "array", "items": ref("User")}}),
    "TokenOrder": sent(
        {
            "claims": _CLAIMS,
            "flaw": told(_FLAW, "What is to be wrong with it."),
            "kind": told(or_null(_KIND), "Which token of the answer; null stands for the ID token where there is one."),
        },
        about="How the next token is to differ: the arguments of `Issuer.next_token`.",
    ),
    "RefusalOrder": sent(
        {
            "endpoint": {"type": "string", "enum": list(REFUSING)},
            "error": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "description": "Such as invalid_grant."},
            "description": {"type": "string", "default": "refused, as was asked for"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599, "default": 400},
        },
        required=("endpoint", "error"),
        about="How the next request is to be refused: the arguments of `Issuer.refuse_next`.",
    ),
    "TokenWish": sent(_TOKEN_WISH, about="A token to mint: the arguments of `Issuer.token`."),
    "Token": shown({"token": {"type": "string", "description": "A JWT."}}),
    "ClockChange": {
        **sent(
            {
                "move": {
                    "type": "number",
                    "minimum": -FURTHEST,
                    "maximum": FURTHEST,
                    "description": "Seconds, from where it is.",
                },
                "reset": {"type": "boolean", "description": "The machine's time again, before it is moved."},
            },
            about="How the clock is to change: the methods of `Issuer.clock`.",
        ),
        "anyOf": [{"required": ["move"]}, {"required": ["reset"], "properties": {"reset": {"const": True}}}],
    },
    "Clock": _CLOCK,
    "Keys": shown(
        {
            "published": {"type": "array", "items": _TEXT, "description": "The key ids in the JWK Set, in order."},
            "signing": {"type": "object", "additionalProperties": _TEXT, "description": "Who signs, by algorithm."},
        }
    ),
    "KeysChange": sent(
        {
            "do": {"type": "string", "enum": list(KEY_CHANGES)},
            "alg": told(or_null(_ALG), "Whose key; null stands for the issuer's."),
            "kid": told(or_null(_TEXT), "The key that comes or goes."),
        },
        required=("do",),
        about="What is done with the keys: the methods of `Issuer.keys`.",
    ),
}
