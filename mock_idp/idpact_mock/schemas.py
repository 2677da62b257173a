"""The words of the control interface and of the configuration file, as JSON Schema 2020-12. Pure data; reads no request.

What is named here is what `wishes` reads: a test holds the two together. The OpenAPI document and the configuration's schema are
both made of these.
"""

from collections.abc import Mapping
from typing import Final, get_args

from idpact_mock.entry import Ended, Kind
from idpact_mock.failures import ENDPOINTS, FAILURES, Group, Layer, Outcome
from idpact_mock.identity import DecidedBy
from idpact_mock.presets import PRESETS
from idpact_mock.provider.schemas import CLIENT_MAKING, PROVIDER_COMPONENTS, SETTINGS_CHANGE, USER_MAKING
from idpact_mock.schema import Schema, or_null, ref, sent, shown, told
from idpact_mock.switches import SWITCHES

__all__ = ["CHANGE", "COMPONENTS", "DOCUMENT_CHANGE", "HEADERS", "MAKING"]

_URL: Final[Schema] = {"type": "string", "format": "uri"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_BASE64: Final[Schema] = {"type": "string", "contentEncoding": "base64"}
_FAILURE: Final[Schema] = {"type": "string", "enum": sorted(FAILURES)}
_FAILING: Final[Schema] = {
    "description": "A failure, where and when it happens, and its parameters; `failures` lists which it takes.",
    "type": "object",
    "properties": {
        "id": _FAILURE,
        "endpoint": {"type": "string", "enum": list(ENDPOINTS)},
        "schedule": {"type": "string", "description": "Such as: always, first 3, every 2, from 4, for 1.5 s."},
        "parameters": {"type": "object"},
    },
    "required": ["id"],
    "additionalProperties": False,
}
_RECOVERY: Final[Schema] = {
    "description": "One endpoint recovers.",
    "type": "object",
    "properties": {"id": {"type": "null"}, "endpoint": {"type": ["string", "null"], "enum": [*ENDPOINTS, None]}},
    "required": ["id"],
    "additionalProperties": False,
}


HEADERS: Final[Schema] = {
    "type": "object",
    "description": "Headers of the discovery answer, in place of those set before. Content-Type and Cache-Control win over ours; "
    "Content-Length, Transfer-Encoding and Connection are computed.",
    "propertyNames": {"pattern": r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"},
    "additionalProperties": {"type": "string", "pattern": r"^[\t\x20-\x7e\x80-\xff]*$"},
}

_NAME: Final[Schema] = {
    "type": "string",
    "pattern": "^[A-Za-z0-9._~-]+$",
    "not": {"enum": [".", ".."]},
    "description": "The issuer's name: letters, digits and ._~-, but neither '.' nor '..'. Made up where none is given.",
}
_PATH: Final[Schema] = {
    "type": "string",
    "pattern": r"^(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*$",
    "description": "The issuer's path, as it stands in URLs; '/' and the name where none is given. Empty for a whole host, "
    "which needs own_port.",
}
_ENDPOINTS_AT: Final[Schema] = {
    **_URL,
    "description": "Base URL for the endpoints in the document, in place of the issuer's own.",
}

_SWITCHES: Final[Schema] = {
    "type": "array",
    "items": {"type": "string", "enum": sorted(SWITCHES)},
    "description": "Oddities of documents that are on.",
}

MAKING: Final[Schema] = sent(
    {
        "name": or_null(_NAME),
        "path": or_null(_PATH),
        "own_port": {"type": "boolean", "description": "It listens on a port of its own.", "default": False},
        "trailing_slash": {
            "type": ["boolean", "null"],
            "description": "The issuer ends in a slash, as typed; null leaves it to the preset.",
            "default": None,
        },
        "failure": {"anyOf": [or_null(_FAILURE), _FAILING], "description": "The failure to begin with."},
        "document": {"type": ["object", "null"], "description": "A whole document in place of its own."},
        "endpoints_at": or_null(_ENDPOINTS_AT),
        "preset": told(or_null({"type": "string", "enum": sorted(PRESETS)}), "The vendor's form that it has."),
        "preset_parameters": {
            "type": ["object", "null"],
            "description": "The preset's parameters.",
            "additionalProperties": {"type": "string"},
        },
        "verbatim": {"type": "boolean", "description": "The document names the vendor's own hosts.", "default": False},
        "quirks": {"type": "boolean", "description": "The document is as wrong as the vendor's.", "default": False},
        "switches": _SWITCHES,
        "settings": told(or_null(SETTINGS_CHANGE), "How its provider behaves from the start."),
        "clients": {
            "type": "array",
            "items": CLIENT_MAKING,
            "description": "Relying parties besides the default one.",
        },
        "users": {
            "type": ["array", "null"],
            "items": USER_MAKING,
            "description": "Who can log in, in place of alice; the first is who is logged in without being asked.",
        },
    },
    about="An issuer to make: the arguments of `MockIdP.make_issuer`.",
)

RAW: Final[Schema] = sent(
    {
        "body": told(_BASE64, "The bytes, in base64."),
        "content_type": {
            "type": ["string", "null"],
            "pattern": HEADERS["additionalProperties"]["pattern"],
            "description": "The content type; null sends none.",
            "default": "application/json",
        },
    },
    required=("body",),
    about="Bytes to serve in place of a document, whatever they are.",
)

_STEP: Final[Schema] = {
    **sent(
        {
            "set": {"type": "object", "description": "Members to set."},
            "remove": {"type": "array", "items": {"type": "string"}, "description": "Members to remove."},
            "replace": {"type": "object", "description": "A whole document."},
            "raw": RAW,
        }
    ),
    "not": {"required": ["raw"], "minProperties": 2},
}

DOCUMENT_CHANGE: Final[Schema] = {
    **sent(
        {
            "reset": {"type": "boolean", "description": "Serve the issuer's own document again.", "default": False},
            "replace": {"type": "object", "description": "A whole document in place of all that was."},
            "raw": RAW,
            "set": {"type": "object", "description": "Members to set; the others stay."},
            "remove": {"type": "array", "items": {"type": "string"}, "description": "Members to remove."},
            "switches": _SWITCHES,
            "sequence": {
                "type": "array",
                "items": _STEP,
                "description": "Steps, one with each GET and the last one for ever; an empty one is the document as it is.",
            },
        },
        about="A change of what is served, in this order: reset, replace, raw, set, remove, switches, sequence.",
    ),
    "not": {
        "required": ["raw"],
        "anyOf": [{"required": ["set"]}, {"required": ["remove"]}, {"required": ["switches"]}],
    },
}

CHANGE: Final[Schema] = sent(
    {
        "document": DOCUMENT_CHANGE,
        "headers": HEADERS,
        "failure": {
            "anyOf": [or_null(_FAILURE), _FAILING, _RECOVERY],
            "description": "The failure to switch on; null switches all off.",
        },
    },
    about="A change of an issuer. What isn't named stays as it is; a refused change has changed nothing.",
)

_ISSUER: Final[Schema] = shown(
    {
        "name": {"type": "string"},
        "path": {"type": "string"},
        "url": told(_URL, "The issuer identifier, exactly as a relying party types it."),
        "discovery_url": _URL,
        "failure": told(or_null(_FAILURE), "The failure that is on."),
        "failures": {
            "type": "array",
            "items": _FAILING,
            "description": "All failures that are on, the discovery endpoint's first.",
        },
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "raw": {"type": "boolean", "description": "Raw bytes are served in place of a document."},
        "preset": told({"type": ["string", "null"]}, "The vendor's form that it has."),
        "switches": _SWITCHES,
        "sequence": {
            "type": ["array", "null"],
            "items": {"type": "object"},
            "description": "The steps that are served one after the other; null where a function makes them.",
        },
        "document": {
            "type": ["object", "null"],
            "description": "The document; null where raw bytes are served that are no JSON object.",
        },
        "requests": told(_COUNT, "How many requests reached it so far."),
    }
)

_ENTRY: Final[Schema] = shown(
    {
        "number": {"type": "integer", "minimum": 1},
        "at": {"type": "number", "description": "When the request arrived, unix time in seconds."},
        "method": {"type": "string"},
        "target": {"type": "string", "description": "The request target exactly as it was on the wire."},
        "headers": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
            "description": "Name and value of each header of the request, in order.",
        },
        "body": told(_BASE64, "The first 64 KiB of the request's body."),
        "client": {"type": "string"},
        "issuer": {"type": ["string", "null"]},
        "kind": {"enum": list(get_args(Kind))},
        "status": {"type": ["integer", "null"]},
        "outcome": {"enum": [outcome.value for outcome in Outcome]},
        "identity": {"type": "string", "enum": list(get_args(DecidedBy))},
        "failure": {"type": ["string", "null"], "description": "The failure that was on."},
        "content": told(_BASE64, "The body of the answer."),
        "content_type": {"type": ["string", "null"]},
        "bytes_sent": _COUNT,
        "ended": {"enum": list(get_args(Ended))},
        "seconds": {"type": ["number", "null"], "description": "From arrival to end; null while pending."},
    },
    about="A request and its answer.",
)

COMPONENTS: Final[Mapping[str, Schema]] = {
    "Making": MAKING,
    "Change": CHANGE,
    "Issuer": _ISSUER,
    "Issuers": shown(
        {
            "url": told(_URL, "The server's base URL."),
            "issuers": {"type": "array", "items": ref("Issuer")},
            "total": told(_COUNT, "How many match, listed or not."),
            "strays": told(_COUNT, "How many requests of no issuer came so far."),
        }
    ),
    "Entry": _ENTRY,
    "Journal": shown(
        {
            "mark": told(_COUNT, "The number of the newest entry: `since` for the next time."),
            "entries": {"type": "array", "items": ref("Entry")},
        }
    ),
    "Failure": shown(
        {
            "id": {"type": "string"},
            "group": {"enum": list(get_args(Group))},
            "layer": {"enum": list(get_args(Layer))},
            "outcome": {"enum": [outcome.value for outcome in Outcome]},
            "statement": {"type": "string", "description": "What is on the wire."},
            "standard": {"type": "string", "description": "What the outcome rests on."},
            "waits": {"type": "boolean", "description": "It keeps the client waiting."},
            "endpoints": {
                "type": "array",
                "items": {"enum": list(ENDPOINTS)},
                "description": "Where it can happen; the first is meant where none is named.",
            },
            "schedule": {"type": "string", "description": "When it happens, where nothing else is said."},
            "parameters": {"type": "array", "items": {"type": "object"}, "description": "What can be set."},
        }
    ),
    "Failures": shown({"failures": {"type": "array", "items": ref("Failure")}}),
    "Health": shown({"status": {"const": "ok"}, "url": _URL}),
    "Ready": shown({"status": {"enum": ["ready", "not_ready"]}, "issuers": _COUNT}),
    "Error": shown(
        {
            "error": {"type": "string"},
            "message": {"type": "string", "description": "Names the member and what is right."},
        }
    ),
    **PROVIDER_COMPONENTS,
    "OpenAPI": {"type": "object", "required": ["openapi", "info", "paths"]},
}
