"""The pages that a provider shows to people. Pure: text in, HTML out, everything escaped; no script but one, named by its hash."""

import base64
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Final

from idpact_mock.provider.users import User

__all__ = ["FORM_POST_POLICY", "POLICY", "device_page", "form_post_page", "login_page", "message_page"]

_STYLE: Final = """
:root { color-scheme: light dark }
body { font: 1.05rem/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh }
main { width: min(26rem, 92vw); padding: 1.5rem 0 }
h1 { font-size: 1.5rem; margin: 0 0 .25rem }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem }
p { margin: 0 0 1rem; overflow-wrap: anywhere }
form { margin: 0 }
label { display: block; margin: 0 0 .25rem }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .6rem; border: 1px solid; border-radius: .4rem;
  background: Canvas; color: CanvasText }
button { font: inherit; width: 100%; margin: .5rem 0 0; padding: .55rem .6rem; border: 1px solid; border-radius: .4rem;
  background: ButtonFace; color: ButtonText; text-align: start; cursor: pointer; overflow-wrap: anywhere }
button.main { background: #1d4ed8; border-color: #1d4ed8; color: #fff; text-align: center }
:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px }
@media (prefers-color-scheme: dark) { :focus-visible { outline-color: #93c5fd } }
.note { font-size: .9rem }
.wrong { border-inline-start: 4px solid #b91c1c; padding-inline-start: .75rem }
"""

_SUBMIT: Final = "document.forms[0].submit()"


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


# Browsers hold a form's target against this list through all of its redirects, so that it must let any relying party in.
_BASE: Final = f"default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src {_hashed(_STYLE)}"

POLICY: Final = f"{_BASE}; form-action 'self' https: http:"
"""The Content-Security-Policy of pages without a script."""

FORM_POST_POLICY: Final = (
    f"default-src 'none'; base-uri 'none'; style-src {_hashed(_STYLE)}; script-src {_hashed(_SUBMIT)}; "
    "form-action https: http:"
)
"""That of the page which posts itself; relying parties load it in hidden frames, too."""


def login_page(
    users: Iterable[User], *, action: str, client_id: str, scope: Iterable[str], hint: str = "", wrong: str = ""
) -> str:
    """The page on which somebody chooses who they are.

    Args:
        users: The users to choose from.
        action: Where the forms go.
        client_id: For whom the login is.
        scope: What that client asks for.
        hint: What stands in the text field.
        wrong: What was wrong with the last try.
    """
    buttons = "\n".join(
        f'<button name="sub" value="{escape(user.sub)}">{escape(_shown(user))}</button>' for user in users
    )
    known = f"""<h2 id="known">Known users</h2>
<form method="post" action="{escape(action)}" aria-labelledby="known">
{buttons}
</form>"""
    problem = f'<p class="wrong" role="alert" id="wrong">{escape(wrong)}</p>\n' if wrong else ""
    described = ' aria-describedby="wrong" aria-invalid="true"' if wrong else ""
    return _page(
        "Sign in",
        f"""<h1>Sign in</h1>
<p>to <strong>{escape(client_id)}</strong>, which asks for: {escape(" ".join(scope)) or "nothing in particular"}</p>
{problem}{known if buttons else ""}
<h2 id="other">Somebody else</h2>
<form method="post" action="{escape(action)}" aria-labelledby="other">
<label for="sub">Subject identifier</label>
<input id="sub" name="sub" value="{escape(hint)}" required maxlength="255" autocomplete="username" autocapitalize="none" \
spellcheck="false"{described}>
<button class="main">Sign in</button>
</form>
<h2 id="deny">Not now</h2>
<form method="post" action="{escape(action)}" aria-labelledby="deny">
<button name="deny" value="1">Deny access</button>
</form>""",
    )


def device_page(users: Iterable[User], *, action: str, user_code: str = "", wrong: str = "") -> str:
    """The page on which somebody connects a device (RFC 8628, section 3.3)."""
    options = "\n".join(
        f'<button name="sub" value="{escape(user.sub)}">Connect as {escape(_shown(user))}</button>' for user in users
    )
    problem = f'<p class="wrong" role="alert" id="wrong">{escape(wrong)}</p>\n' if wrong else ""
    described = ' aria-describedby="wrong" aria-invalid="true"' if wrong else ""
    return _page(
        "Connect a device",
        f"""<h1>Connect a device</h1>
{problem}<form method="post" action="{escape(action)}">
<label for="user_code">The code that the device shows</label>
<input id="user_code" name="user_code" value="{escape(user_code)}" required autocomplete="off" autocapitalize="characters" \
spellcheck="false"{described}>
{options}
<button name="deny" value="1">Deny access</button>
</form>""",
    )


def message_page(title: str, text: str) -> str:
    """A page that only says something."""
    return _page(title, f"<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>")


def form_post_page(action: str, parameters: Mapping[str, str]) -> str:
    """The page that posts an authorization response (OAuth 2.0 Form Post Response Mode, section 2)."""
    fields = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in parameters.items()
    )
    return _page(
        "Back to the application",
        f"""<h1>Back to the application</h1>
<form method="post" action="{escape(action)}">
{fields}
<button class="main">Continue</button>
</form>
<script>{_SUBMIT}</script>""",
    )


def _page(title: str, content: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
"""


def _shown(user: User) -> str:
    name = user.claims.get("name")
    return f"{name} ({user.sub})" if isinstance(name, str) and name else user.sub
