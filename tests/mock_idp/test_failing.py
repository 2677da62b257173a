"""Switching failures: schedules, endpoints, parameters, and the same words over the control interface."""

import contextlib
import time
from collections.abc import Iterator

import pytest

from idpact_mock import FAILURES, Failing, FailureMode, Issuer, MockIdP, RemoteMockIdP, Schedule
from tests.mock_idp.raw import ask, path_of


@pytest.fixture
def remote(idp: MockIdP) -> Iterator[RemoteMockIdP]:
    """The same mock IdP, over its control interface."""
    with RemoteMockIdP(idp.url) as client:
        yield client


def statuses(idp: MockIdP, issuer: Issuer, count: int) -> list[int]:
    """The statuses of so many requests for the document."""
    return [ask(idp.port, path_of(issuer.discovery_url)).status for _ in range(count)]


class TestSchedule:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("always", [404, 404, 404, 404, 404]),
            ("first 2", [404, 404, 200, 200, 200]),
            ("every 2", [200, 404, 200, 404, 200]),
            ("from 3", [200, 200, 404, 404, 404]),
            ("for 600 s", [404, 404, 404, 404, 404]),
        ],
    )
    def test_says_which_requests_fail(self, idp: MockIdP, issuer: Issuer, words: str, expected: list[int]) -> None:
        """Requests are counted from the switch on."""
        issuer.fail("http-404", schedule=words)

        assert statuses(idp, issuer, 5) == expected

    def test_begins_anew_with_each_switch(self, idp: MockIdP, issuer: Issuer) -> None:
        """What came before the switch doesn't count."""
        issuer.fail("http-404", schedule="first 1")
        before = statuses(idp, issuer, 2)
        issuer.fail("http-404", schedule="first 1")

        assert (before, statuses(idp, issuer, 2)) == ([404, 200], [404, 200])

    def test_of_a_failure_of_its_own(self, idp: MockIdP, issuer: Issuer) -> None:
        """`http-503-then-200` fails once where nothing else is said, and as often as one likes where it is."""
        issuer.fail("http-503-then-200")
        once = statuses(idp, issuer, 3)
        issuer.fail("http-503-then-200", schedule="first 2")

        assert (once, statuses(idp, issuer, 3)) == ([503, 200, 200], [503, 503, 200])

    def test_of_seconds_is_over_in_time(self) -> None:
        """For T seconds, and no longer; the clock is the caller's."""
        schedule = Schedule.of("for 1.5 s")

        assert [schedule.applies(1, after=seconds) for seconds in (0.0, 1.49, 1.5, 9.0)] == [True, True, False, False]

    def test_of_seconds_ends_by_the_servers_clock(
        self, idp: MockIdP, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The time runs from the switch on."""
        issuer.fail("http-404", schedule="for 10 s")
        now = time.monotonic()
        monkeypatch.setattr("idpact_mock.switch.time.monotonic", lambda: now + 11)

        assert statuses(idp, issuer, 1) == [200]

    @pytest.mark.parametrize("words", ["always", "first 3", "every 2", "from 4", "for 1.5 s"])
    def test_is_written_as_it_is_read(self, words: str) -> None:
        """Text and value are one."""
        assert str(Schedule.of(words)) == words

    @pytest.mark.parametrize(
        "words", ["", "never", "first", "first 0", "first 1.5", "first 2 s", "every -1", "from x", "for 0 s", 3, None]
    )
    def test_that_is_none_is_refused(self, words: object) -> None:
        """The message says what there is."""
        with pytest.raises(ValueError, match=r"schedule: .* must be 'always', 'first N', 'every N', 'from N'"):
            Schedule.of(words)


class TestEndpoints:
    def test_one_fails_and_the_other_works(self, idp: MockIdP, issuer: Issuer) -> None:
        """A failure is one endpoint's."""
        issuer.fail("http-503", endpoint="jwks", body="json")

        assert statuses(idp, issuer, 1) == [200]
        assert ask(idp.port, path_of(str(issuer.document["jwks_uri"]))).status == 503

    def test_several_fail_at_once(self, idp: MockIdP, issuer: Issuer) -> None:
        """Each in its own way, until it recovers by itself or with all others."""
        keys = path_of(str(issuer.document["jwks_uri"]))
        issuer.fail("jwks-empty")
        issuer.fail("http-404")
        both = (statuses(idp, issuer, 1), ask(idp.port, keys).body)
        issuer.recover("discovery")
        one = (statuses(idp, issuer, 1), ask(idp.port, keys).body, issuer.failure)
        issuer.recover()

        assert both == ([404], b'{\n  "keys": []\n}')
        assert one == ([200], b'{\n  "keys": []\n}', "jwks-empty")
        assert (issuer.failure, issuer.failures) == (None, ())

    def test_discoverys_failure_is_told_first(self, issuer: Issuer) -> None:
        """Who asks for one failure is told that of the document."""
        issuer.fail("jwks-html")
        issuer.fail("http-204")

        assert (issuer.failure, [failing.mode.id for failing in issuer.failures]) == (
            "http-204",
            ["http-204", "jwks-html"],
        )

    @pytest.mark.parametrize(
        ("failure_id", "endpoint", "message"),
        [
            (
                "http-404",
                "revoke",
                "endpoint: 'revoke' is none of .*; it must be discovery or jwks or token or userinfo",
            ),
            (
                "member-null",
                "jwks",
                "endpoint: 'jwks' can't .* 'member-null', which is about the document; it must be discovery",
            ),
            (
                "issuer-null",
                "token",
                "endpoint: 'token' can't .* 'issuer-null', which is about the document; it must be disc",
            ),
            (
                "decoy-at-root",
                "userinfo",
                "endpoint: 'userinfo' can't fail with 'decoy-at-root', which is about the document",
            ),
            ("jwks-empty", "discovery", "endpoint: 'discovery' can't fail with 'jwks-empty'; it must be jwks"),
        ],
    )
    def test_that_can_not_fail_so_are_refused(
        self, issuer: Issuer, failure_id: str, endpoint: str, message: str
    ) -> None:
        """The message says which can."""
        with pytest.raises(ValueError, match=message):
            issuer.fail(failure_id, endpoint=endpoint)

    def test_recovering_an_unknown_one_is_refused(self, issuer: Issuer) -> None:
        """A slip of the pen must not recover nothing."""
        with pytest.raises(ValueError, match="endpoint: 'jwsk' is none of this mock IdP's"):
            issuer.recover("jwsk")

    @pytest.mark.parametrize(
        "mode",
        [mode for mode in FAILURES.values() if "jwks" in mode.endpoints and mode.layer != "address"],
        ids=lambda m: m.id,
    )
    def test_every_failure_of_both_is_done_to_keys_too(self, idp: MockIdP, issuer: Issuer, mode: FailureMode) -> None:
        """Whatever can be done to a document can be done to keys; the exchange is journalled as theirs."""
        known = {parameter.name for parameter in mode.parameters}
        quick = {"pause": 0.0001 if mode.id == "chunked-trickle" else 0.01, "seconds": 0.05, "megabytes": 1}
        parameters = {name: value for name, value in quick.items() if name in known}
        issuer.switch_on(Failing.of(mode.id, endpoint="jwks", parameters=parameters))

        with contextlib.suppress(OSError, EOFError, ValueError, KeyError, IndexError, AssertionError):
            # Most answers are none.
            ask(idp.port, path_of(str(issuer.document["jwks_uri"])), headers=("Connection: close",))
        (entry,) = issuer.journal.wait(1)

        assert (entry.kind, entry.failure, entry.outcome) == ("jwks", mode.id, mode.outcome)


class TestWishes:
    @pytest.mark.parametrize("mode", FAILURES.values(), ids=FAILURES)
    def test_are_read_as_they_are_written(self, mode: FailureMode) -> None:
        """Every failure with its defaults survives the way through JSON, and its defaults are right values."""
        failing = Failing.of(mode.id)

        assert Failing.read(failing.to_json()) == failing

    @pytest.mark.parametrize(
        ("failure_id", "parameters", "message"),
        [
            ("http-404", {"bodi": "html"}, "http-404: 'bodi' is no parameter of this failure; it has body"),
            ("not-json", {"body": "html"}, "not-json: 'body' is no parameter of this failure; it has none"),
            ("http-404", {"body": "xml"}, "http-404: body: 'xml' must be one of 'json', 'html', 'document'"),
            ("hang-mid-body", {"seconds": -1}, "hang-mid-body: seconds: -1 must be seconds above 0, at most 600"),
            ("hang-mid-body", {"seconds": True}, "seconds: True must be"),
            ("hang-mid-body", {"seconds": float("nan")}, "seconds: nan must be"),
            ("huge-document", {"megabytes": 1.5}, "megabytes: 1.5 must be a whole number from 1 to 1000"),
            ("member-null", {"members": "issuer"}, "members: 'issuer' must be a list of at least one member name"),
            ("member-null", {"members": []}, "members:"),
            (
                "member-wrong-type",
                {"value": "text"},
                "value: 'text' must be a number, true, false, a list or an object",
            ),
            ("utf16", {"charset": 1}, "charset: 1 must be true or false"),
            ("redirect-bad-location", {"location": "a\r\nb"}, "must be a string of printable ASCII"),
        ],
    )
    def test_with_a_wrong_parameter_are_refused(
        self, issuer: Issuer, failure_id: str, parameters: dict[str, object], message: str
    ) -> None:
        """The message names the parameter, its value and what would be right; nothing is switched on."""
        with pytest.raises(ValueError, match=message):
            issuer.fail(failure_id, **parameters)  # type: ignore[arg-type]  # mypy takes these for the named ones

        assert issuer.failures == ()

    def test_that_need_a_host_of_their_own_say_so(self, issuer: Issuer) -> None:
        """A decoy outside the issuer's path would be somebody else's on the shared port."""
        with pytest.raises(ValueError, match=r"needs an issuer with a port of its own and a path: make_issuer\("):
            issuer.fail("decoy-at-root")

    def test_of_an_address_keep_no_schedule(self, idp: MockIdP) -> None:
        """What lies in the address is always so."""
        with pytest.raises(ValueError, match="schedule: 'first 1' can't be kept by 'dns-failure'"):
            idp.make_issuer(failure={"id": "dns-failure", "schedule": "first 1"})

    def test_can_be_an_issuers_first(self, idp: MockIdP) -> None:
        """`make_issuer` takes an id or the same words as a mapping."""
        issuer = idp.make_issuer(failure={"id": "http-404", "schedule": "first 1", "parameters": {"body": "html"}})

        assert statuses(idp, issuer, 2) == [404, 200]


class TestRemote:
    def test_same_words_and_the_same_view(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Endpoint, schedule and parameters go there and come back."""
        issuer = remote.make_issuer("acme", failure={"id": "http-410", "schedule": "every 2"})
        issuer.fail("http-503", endpoint="jwks", schedule=Schedule("first", 3), body="json")

        assert issuer.failures == idp.issuers["acme"].failures
        assert [failing.to_json() for failing in issuer.failures] == [
            {"id": "http-410", "endpoint": "discovery", "schedule": "every 2", "parameters": {"body": "json"}},
            {"id": "http-503", "endpoint": "jwks", "schedule": "first 3", "parameters": {"body": "json"}},
        ]

    def test_recovers_one_or_all(self, remote: RemoteMockIdP) -> None:
        """As here."""
        issuer = remote.make_issuer(failure="http-404")
        issuer.fail("jwks-html")
        issuer.recover("discovery")
        one = issuer.failure
        issuer.recover()

        assert (one, issuer.failure) == ("jwks-html", None)

    def test_refuses_here_what_is_wrong(self, remote: RemoteMockIdP) -> None:
        """The same error, before anything is sent."""
        issuer = remote.make_issuer()

        with pytest.raises(ValueError, match="http-404: body: 'xml' must be one of"):
            issuer.fail("http-404", body="xml")

    def test_opens_second_addresses_there(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """A failure that needs another listener can be switched on from another process."""
        issuer = remote.make_issuer("acme")
        issuer.fail("redirect-cross-host")

        assert statuses(idp, idp.issuers["acme"], 1) == [302]
