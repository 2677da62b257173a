"""Documents that vary from request to request."""

import json
from typing import Any

import httpx
import pytest

from idpact_mock import Issuer, MockIdP, Outcome
from tests.mock_idp.raw import ask, path_of


def tokens(issuer: Issuer, count: int) -> list[object]:
    """The token endpoint in each of so many answers, one after the other."""
    return [httpx.get(issuer.discovery_url).json().get("token_endpoint") for _ in range(count)]


def test_one_after_the_other_and_the_last_for_ever(issuer: Issuer) -> None:
    """Members set and removed, and the document as it is."""
    own = issuer.document["token_endpoint"]

    issuer.serve_sequence([{"set": {"token_endpoint": "https://a.test"}}, {}, {"remove": ["token_endpoint"]}])

    assert tokens(issuer, 4) == ["https://a.test", own, None, None]


def test_each_answer_counts_as_what_it_is(issuer: Issuer) -> None:
    """The journal tells the steps apart."""
    issuer.serve_sequence([{"replace": {"issuer": "https://other.test"}}, {"raw": b"nothing"}, {}])

    for _ in range(3):
        httpx.get(issuer.discovery_url)

    outcomes = [entry.outcome for entry in issuer.journal.entries]
    assert outcomes == [Outcome.NOT_STRICT, Outcome.NOT, Outcome.YES]


def test_whole_documents_and_bytes(idp: MockIdP, issuer: Issuer) -> None:
    """A whole document with members set on top; bytes alone; bytes of another type."""
    issuer.serve_sequence(
        [
            {"replace": {"a": 1, "b": 2}, "set": {"c": 3}, "remove": ["a"]},
            b"bytes",
            {"raw": {"body": "aHRtbA==", "content_type": "text/html"}},
        ]
    )

    answers = [ask(idp.port, path_of(issuer.discovery_url)) for _ in range(3)]

    assert json.loads(answers[0].body) == {"b": 2, "c": 3}
    assert answers[1].body == b"bytes"
    assert (answers[2].body, answers[2].headers["content-type"]) == (b"html", "text/html")


def test_only_a_get_takes_a_step(idp: MockIdP, issuer: Issuer) -> None:
    """HEAD shows the length of what is next, POST nothing; an answer that a failure replaces takes none either."""
    issuer.serve_sequence([b"1", b"22"])
    path = path_of(issuer.discovery_url)

    assert ask(idp.port, path, method="HEAD").headers["content-length"] == "1"
    ask(idp.port, path, method="POST")
    issuer.fail("http-404")
    ask(idp.port, path)
    issuer.recover()

    assert [ask(idp.port, path).body for _ in range(3)] == [b"1", b"22", b"22"]


def test_failure_borrows_what_is_next(idp: MockIdP, issuer: Issuer) -> None:
    """A 500 with the document in its body has that of the step."""
    issuer.serve_sequence([b"1", b"22"])
    issuer.fail("http-500-with-document")

    assert ask(idp.port, path_of(issuer.discovery_url)).body == b"1"


def test_document_is_the_next_one(issuer: Issuer) -> None:
    """What the property says is what the next client gets."""
    issuer.serve_sequence([{"set": {"a": 1}}, {"set": {"a": 2}}])

    before = issuer.document
    httpx.get(issuer.discovery_url)

    assert [before["a"], issuer.document["a"]] == [1, 2]


def test_changes_go_beneath_the_steps(issuer: Issuer) -> None:
    """Members set later are there in every step, which goes on where it was."""
    issuer.serve_sequence([{"set": {"a": 1}}, {"set": {"a": 2}}])
    httpx.get(issuer.discovery_url)

    issuer.set_members({"b": 3})

    document = httpx.get(issuer.discovery_url).json()
    assert (document["a"], document["b"]) == (2, 3)


@pytest.mark.parametrize("end", ["reset", "replace", "raw"])
def test_ends(issuer: Issuer, end: str) -> None:
    """What is in place of all that was is in place of a sequence too."""
    issuer.serve_sequence([{"set": {"a": 1}}])

    match end:
        case "reset":
            issuer.reset_document()
        case "replace":
            issuer.replace_document({"b": 1})
        case _:
            issuer.serve_raw(b"{}")

    assert "a" not in httpx.get(issuer.discovery_url).json()
    assert issuer.sequence is None


def test_begins_anew(issuer: Issuer) -> None:
    """A second sequence begins with its first step."""
    issuer.serve_sequence([{"set": {"a": 1}}, {"set": {"a": 2}}])
    httpx.get(issuer.discovery_url)

    issuer.serve_sequence([{"set": {"a": 5}}, {"set": {"a": 6}}])

    assert httpx.get(issuer.discovery_url).json()["a"] == 5


def test_rendered_once(issuer: Issuer) -> None:
    """The last step, served for ever, is the same object every time."""
    issuer.serve_sequence([{}, {"set": {"a": 1}}])
    issuer.answer_for(None, step=True)

    assert issuer.answer_for(None, step=True) is issuer.answer_for(None, step=True)


def test_function(issuer: Issuer) -> None:
    """Called with the number of the request; what it returns is the step."""
    issuer.serve_sequence(lambda number: {"set": {"token_endpoint": f"https://t.test/{number}"}})

    assert tokens(issuer, 3) == ["https://t.test/1", "https://t.test/2", "https://t.test/3"]
    assert issuer.sequence == ()


def test_function_may_change_the_issuer(issuer: Issuer) -> None:
    """It is called without a lock."""

    def step(_number: int) -> dict[str, Any]:
        issuer.set_headers({"X-Seen": "yes"})
        return {}

    issuer.serve_sequence(step)

    httpx.get(issuer.discovery_url)
    assert issuer.headers == {"X-Seen": "yes"}


@pytest.mark.parametrize(
    ("result", "message"),
    [(1 / 2, "TypeError: step 1: 0.5 must be"), ({"st": {}}, "ValueError: step 1: 'st' is unknown")],
)
def test_function_that_returns_no_step(issuer: Issuer, result: Any, message: str) -> None:  # noqa: ANN401 - a wrong one
    """A 500 says so to whoever runs the test."""
    issuer.serve_sequence(lambda _number: result)

    answer = httpx.get(issuer.discovery_url)

    assert answer.status_code == 500
    assert answer.json()["message"].startswith(message)


def test_function_that_raises(issuer: Issuer) -> None:
    """A 500 with the error, which counts as not retrieved; the next request calls it again."""

    def step(number: int) -> dict[str, Any]:
        if number == 1:
            raise KeyError("oops")
        return {}

    issuer.serve_sequence(step)

    assert httpx.get(issuer.discovery_url).json()["message"] == "KeyError: 'oops'"
    assert issuer.journal.entries[0].outcome is Outcome.NOT
    assert httpx.get(issuer.discovery_url).status_code == 200


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "sequence: it must have at least one step"),
        ("{}", "sequence: '{}' must be a list of steps"),
        ({}, "sequence: {} must be a list of steps"),
        ([{}, 7], "sequence[1]: 7 must be an object"),
        ([{"issuer": "x"}], "sequence[0]: 'issuer' is unknown; known are set, remove, replace, raw (a whole document"),
        ([{"set": []}], "sequence[0].set: [] must be a mapping"),
        ([{"remove": "issuer"}], "sequence[0].remove: 'issuer' must be a list"),
        ([{"replace": {"a": object()}}], "sequence[0].replace: the value of 'a'"),
        ([{"raw": b"", "set": {}}], "sequence[0].raw: raw bytes have no members"),
        ([{"raw": {"body": "?"}}], "sequence[0].raw.body: it must be base64"),
        ([{"raw": {}}], "sequence[0].raw.body: it must be base64"),
        ([{"raw": "text"}], "sequence[0].raw: 'text' must be bytes"),
        ([{"raw": {"body": "", "content_type": "a\r\nb"}}], "headers: the value of 'content-type'"),
    ],
)
def test_what_is_wrong_is_named(issuer: Issuer, steps: Any, message: str) -> None:  # noqa: ANN401 - wrong ones
    """The step, the member and the value; and nothing has changed."""
    with pytest.raises((TypeError, ValueError)) as caught:
        issuer.serve_sequence(steps)

    assert str(caught.value).startswith(message)
    assert issuer.sequence is None


def test_on_raw_bytes(issuer: Issuer) -> None:
    """Bytes have no members that a step could change; that is said at once, and nothing has changed."""
    issuer.serve_raw(b"{}")

    with pytest.raises(ValueError, match="raw bytes are served"):
        issuer.serve_sequence([{}, {"set": {"a": 1}}])

    assert issuer.sequence is None


def test_raw_bytes_between(issuer: Issuer) -> None:
    """The step after raw bytes is on top of the document again."""
    issuer.serve_sequence([b"[]", {"set": {"a": 1}}])
    httpx.get(issuer.discovery_url)

    assert httpx.get(issuer.discovery_url).json()["a"] == 1
