"""Configuration: the file, the environment, the command line, and what is said of mistakes."""

import json
import re
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest

import idpact_mock
from idpact_mock import MockIdP
from idpact_mock.config import Settings, settings
from idpact_mock.config_schema import FILE, SERVER, config_schema, text
from idpact_mock.errors import ConfigError
from tests.mock_idp.raw import ask, path_of

WHOLE = """
[server]
host = "127.0.0.1"
port = 0
allow_origins = ["https://app.example"]

[[issuers]]
name = "acme"
path = "/tenants/acme"
trailing_slash = true
failure = "http-404"

[issuers.headers]
ETag = '"1"'

[issuers.document]
set = { token_endpoint = "https://elsewhere.example/token" }
remove = ["userinfo_endpoint"]

[[issuers]]
name = "whole-host"
path = ""
own_port = true

[[issuers]]
name = "raw"
document.raw = { body = "eA==", content_type = "text/plain" }
"""


PROVIDER = """
[[issuers]]
name = "acme"
settings = { code_seconds = 5, alg = "ES256" }
clients = [{ client_id = "spa", auth_method = "none", redirect_uris = ["https://app.example/cb"], alg = "EdDSA" }]
users = [{ sub = "bob", claims = { email = "bob@example.com" } }, { sub = "carol" }]
"""


DEFAULT = """
[server]
identity = "forwarded"
preset = "okta"
preset_parameters = { org = "acme" }
verbatim = false
quirks = true
log = true
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the configuration is."""
    return tmp_path / "idpact.toml"


def read(file: Path, content: str, **environment: str) -> Settings:
    """The settings that this file and environment amount to."""
    file.write_text(content)
    return settings(file, environment=environment)


class TestFile:
    def test_issuers_are_made_as_told(self, file: Path, idp: MockIdP) -> None:
        """Every word does what the same word does over REST."""
        for wanted in read(file, WHOLE).issuers or ():
            wanted.make(idp)

        acme, whole, raw = idp.issuers.values()
        assert (acme.url, acme.failure, acme.headers) == (f"{idp.url}/tenants/acme/", "http-404", {"ETag": '"1"'})
        assert acme.document["token_endpoint"] == "https://elsewhere.example/token"
        assert "userinfo_endpoint" not in acme.document
        assert (whole.path, whole.site.port != 0) == ("", True)
        assert ask(idp.port, path_of(raw.discovery_url)).body == b"x"

    def test_the_server(self, file: Path) -> None:
        """Values as they are; paths are relative to the file."""
        told = read(
            file, '[server]\nhost = "::1"\nport = 9000\nurl = "https://idp.example/"\ncert = "a.pem"\nkey = "/b.pem"'
        )

        assert (told.host, told.port, told.url) == ("::1", 9000, "https://idp.example")
        assert (told.cert, told.key) == (str(file.parent / "a.pem"), "/b.pem")

    def test_the_provider(self, file: Path, idp: MockIdP) -> None:
        """Settings, clients and users are there from the start, with the words of the Python API."""
        (wanted,) = read(file, PROVIDER).issuers or ()
        issuer = wanted.make(idp)

        spa = issuer.provider.clients.get("spa")
        assert (issuer.settings.code_seconds, issuer.settings.alg) == (5, "ES256")
        assert spa is not None
        assert (spa.is_public, spa.redirect_uris, spa.alg) == (True, ("https://app.example/cb",), "EdDSA")
        assert [user.sub for user in issuer.provider.users] == ["bob", "carol"]
        assert issuer.document["id_token_signing_alg_values_supported"] == ["ES256", "EdDSA"]

    @pytest.mark.parametrize(("content", "expected"), [("", None), ("issuers = []", ())])
    def test_no_issuers(self, file: Path, content: str, expected: tuple[()] | None) -> None:
        """Silence makes the one by default; an empty list makes none."""
        assert read(file, content).issuers == expected

    def test_nothing_at_all(self) -> None:
        """All has a default."""
        assert settings(None, environment={}) == Settings()

    def test_the_readme_s(self, file: Path, idp: MockIdP) -> None:
        """What the README shows works as shown."""
        readme = Path(idpact_mock.__file__).parents[1] / "README.md"
        (shown,) = re.findall(r"```toml\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
        told = read(file, shown)
        for wanted in told.issuers or ():
            wanted.make(idp)

        assert (told.port, list(idp.issuers), idp.issuers["globex"].failure) == (9000, ["acme", "globex"], "http-404")


class TestPrecedence:
    def test_the_environment_beats_the_file(self, file: Path) -> None:
        """Where both speak of it; of the rest, the file's word holds."""
        told = read(file, '[server]\nhost = "::1"\nport = 1', IDPACT_SERVE_PORT="2")

        assert (told.host, told.port) == ("::1", 2)

    def test_the_command_line_beats_both(self, file: Path) -> None:
        """What wasn't said there is None."""
        file.write_text("[server]\nport = 1\ntls = true")
        told = settings(
            file, environment={"IDPACT_SERVE_PORT": "2"}, command_line={"port": 3, "host": None, "tls": False}
        )

        assert (told.port, told.host, told.tls) == (3, "127.0.0.1", False)

    def test_every_word_can_be_in_the_environment(self) -> None:
        """Text is read as what it stands for; an empty variable is none."""
        told = settings(
            None,
            environment={
                "IDPACT_SERVE_HOST": "0.0.0.0",
                "IDPACT_SERVE_PORT": "8080",
                "IDPACT_SERVE_URL": "https://idp.example",
                "IDPACT_SERVE_TLS": "true",
                "IDPACT_SERVE_CA_OUT": "ca.pem",
                "IDPACT_SERVE_CERT": "",
                "IDPACT_SERVE_ALLOW_ORIGINS": "https://a.example, https://b.example",
                "IDPACT_SERVE_IDENTITY": "host",
                "IDPACT_SERVE_PRESET": "okta",
                "IDPACT_SERVE_PRESET_PARAMETERS": "org=acme, server=x",
                "IDPACT_SERVE_VERBATIM": "0",
                "IDPACT_SERVE_QUIRKS": "1",
                "IDPACT_SERVE_CONFIG": "read elsewhere",
                "PATH": "/bin",
            },
        )

        assert told == Settings(
            host="0.0.0.0",
            port=8080,
            url="https://idp.example",
            tls=True,
            ca_out="ca.pem",
            allow_origins=("https://a.example", "https://b.example"),
            identity="host",
            preset="okta",
            preset_parameters={"org": "acme", "server": "x"},
            quirks=True,
        )


class TestMistakes:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("x", "it is no TOML ("),
            ("sever = {}", "'sever' is unknown; did you mean server?"),
            ("server = 1", "server: 1 must be a table"),
            ("[server]\nprot = 1", "server: 'prot' is unknown; did you mean port"),
            ("[server]\nxyz = 1", "server: 'xyz' is unknown; known are allow_origins, ca_out, cert"),
            ("[server]\nport = 65536", "server.port: 65536 must be a whole number from 0 to 65535"),
            ("[server]\nport = true", "server.port: True must be a whole number"),
            ('[server]\ntls = "yes"', "server.tls: 'yes' must be true or false"),
            ('[server]\nhost = ""', "server.host: '' must be a string"),
            ('[server]\nurl = "idp.example"', "server.url: 'idp.example' must be an absolute http or https URL"),
            ('[server]\nallow_origins = "*"', "server.allow_origins: '*' must be a list"),
            ('[server]\nallow_origins = ["x"]', "server.allow_origins: 'x' must be scheme, host and port only"),
            (
                '[server]\nadmin_token = "x"',
                "server.admin_token: a secret has no place in a file; set IDPACT_ADMIN_TOKEN",
            ),
            ("issuers = {}", "issuers: it must be a list of tables"),
            ("issuers = [1]", "issuers[0]: 1 must be a table"),
            ('[[issuers]]\n[[issuers]]\nnmae = "x"', "issuers[1]: 'nmae' is unknown; did you mean name?"),
            ("[[issuers]]\nname = 7", "issuers[0].name: 7 must be a string"),
            ("[[issuers]]\nheaders = { a = 1 }", "issuers[0].headers: 'a': 1 must both be strings"),
            ("[[issuers]]\ndocument.sett = {}", "issuers[0].document: 'sett' is unknown; known are raw"),
            (
                "[[issuers]]\ndocument.set.x = 2026-01-01",
                "issuers[0].document.set: the value of 'x' can't be written as JSON",
            ),
            ("[[issuers]]\ndocument.raw.body = '%'", "issuers[0].document.raw.body: it must be base64"),
            ('[server]\nidentity = "me"', "server.identity: 'me' must be one of pinned, host, forwarded"),
            ("[server]\npreset_parameters.org = 1", "server.preset_parameters: {'org': 1} must be names and strings"),
            ("[server]\nverbatim = 1", "server.verbatim: 1 must be true or false"),
            ("[[issuers]]\nclients = 1", "issuers[0].clients: 1 must be a list of objects"),
        ],
        ids=lambda value: value[:40],
    )
    def test_are_named(self, file: Path, content: str, message: str) -> None:
        """The file, the key, the value, and what would be right."""
        with pytest.raises(ConfigError) as caught:
            read(file, content)

        assert str(caught.value).startswith(f"{file}: {message}")

    @pytest.mark.parametrize(
        ("issuer", "message"),
        [
            (
                'failure = "http-40"',
                "failure: 'http-40' is no failure of the catalogue; did you mean http-410, http-404",
            ),
            ('name = "a b"', "name: 'a b' must be letters"),
            ('path = ""', "path: '' (the whole host) needs own_port=True"),
            ('name = "first"', "name: 'first' is in use"),
            ("settings.code_second = 1", "settings: 'code_second' is unknown; known are access_token_seconds"),
            ("settings.code_seconds = -1", "settings.code_seconds: -1 must be a number of seconds from 0"),
            ("clients = [{}, 1]", "clients[1]: it must be a mapping of client_id, client_secret"),
            ('clients = [{ id = "x" }]', "clients[0]: 'id' is unknown; known are alg, audience"),
            ('clients = [{ auth_method = "x" }]', "clients[0].auth_method: 'x' must be one of client_secret_basic"),
            ("users = [{}]", "users[0].sub: '' must be 1 to 255"),
            ('users = [{ sub = "x", claims = { sub = "y" } }]', "users[0].claims: 'sub' is an argument of its own"),
        ],
    )
    def test_that_show_when_it_is_made(self, file: Path, idp: MockIdP, issuer: str, message: str) -> None:
        """The same form for what only the server can know."""
        first, second = read(file, f'[[issuers]]\nname = "first"\n[[issuers]]\n{issuer}').issuers or ()
        first.make(idp)
        with pytest.raises(ConfigError) as caught:
            second.make(idp)

        assert str(caught.value).startswith(f"{file}: issuers[1].{message}")

    @pytest.mark.parametrize(
        ("variable", "value", "message"),
        [
            ("IDPACT_SERVE_PROT", "1", "it is unknown; did you mean IDPACT_SERVE_PORT"),
            ("IDPACT_SERVE_PORT", "http", "'http' must be a whole number from 0 to 65535"),
            ("IDPACT_SERVE_PORT", "65536", "65536 must be a whole number from 0 to 65535"),
            ("IDPACT_SERVE_TLS", "on", "'on' must be true or false"),
            ("IDPACT_SERVE_PRESET_PARAMETERS", "org", "'org' must be given as NAME=VALUE"),
            ("IDPACT_SERVE_ADMIN_TOKEN", "s3cret", "the admin token is set by IDPACT_ADMIN_TOKEN"),
        ],
    )
    def test_in_the_environment(self, variable: str, value: str, message: str) -> None:
        """The variable is named."""
        with pytest.raises(ConfigError) as caught:
            settings(None, environment={variable: value})

        assert str(caught.value).startswith(f"{variable}: {message}")
        assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("told", "named"),
        [
            ({"key": "k"}, "key"),
            ({"cert": "c", "tls": True}, "cert"),
            ({"ca_out": "f"}, "ca_out"),
        ],
    )
    def test_in_what_goes_together(self, told: dict[str, object], named: str) -> None:
        """Wherever each part came from."""
        with pytest.raises(ConfigError, match=f"^{named}: "):
            settings(None, environment={}, command_line=told)

    def test_in_a_preset_beside_issuers(self, file: Path) -> None:
        """A preset of the server is the issuer's that is there where none is listed."""
        with pytest.raises(ConfigError, match=r"^preset: it is of the issuer 'default', and issuers are listed"):
            read(file, "issuers = []", IDPACT_SERVE_PRESET="okta")

    def test_a_file_that_is_not_there(self, file: Path) -> None:
        """Its name, and why."""
        with pytest.raises(ConfigError, match=r"idpact\.toml: it can't be read \(No such file"):
            settings(file, environment={})


class TestSchema:
    def test_is_published_as_it_is(self) -> None:
        """`python -m idpact_mock.config_schema` was run since the last change of a word."""
        assert FILE.read_text(encoding="utf-8") == text()

    def test_is_json_schema(self) -> None:
        """Of the 2020-12 dialect."""
        jsonschema_rs.meta.validate(config_schema())

    @pytest.mark.parametrize("content", [WHOLE, PROVIDER, DEFAULT], ids=["whole", "provider", "default"])
    def test_admits_what_is_right(self, file: Path, content: str) -> None:
        """An editor that uses it must not cry wolf."""
        jsonschema_rs.validate(json.loads(FILE.read_text()), tomllib.loads(content))
        assert read(file, content) != Settings()

    @pytest.mark.parametrize(
        "content",
        [
            "sever = {}",
            "[server]\nport = 65536",
            '[server]\nidentity = "me"',
            "[server]\npreset_parameters.org = 1",
            "[[issuers]]\nnmae = 1",
            "[[issuers]]\nsettings.code_second = 1",
            '[[issuers]]\nclients = [{ id = "x" }]',
            '[[issuers]]\nusers = [{ claims = { email = "x" } }]',
            '[[issuers]]\nfailure = "http-40"',
            "issuers = [1]",
        ],
    )
    def test_refuses_what_is_wrong(self, content: str) -> None:
        """An editor that uses it shows mistakes before the server does."""
        assert not jsonschema_rs.is_valid(config_schema(), tomllib.loads(content))

    def test_its_words_are_those_of_the_settings(self) -> None:
        """Nothing is described that isn't read, and the reverse."""
        assert {*SERVER["properties"], "issuers"} == set(Settings.__dataclass_fields__)
