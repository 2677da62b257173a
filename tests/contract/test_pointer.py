"""JSON Pointers (RFC 6901): places read and filled in."""

from typing import Any

import pytest

from idpact_contract.pointer import ABSENT, put, resolve, tokens

DOCUMENT: dict[str, Any] = {
    "a": {"b": 1, "n": None, "list": [{"id": "x"}, {"id": "y"}]},
    "c/d": 2,
    "m~n": 3,
    "": 4,
    "0": 5,
}


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("", ()),
        ("a", ("a",)),
        ("/a/b", ("a", "b")),
        ("/", ("",)),
        ("/c~1d", ("c/d",)),
        ("/m~0n", ("m~n",)),
        ("/~01", ("~1",)),
        ("a/b", ("a/b",)),
    ],
)
def test_tokens(pointer: str, path: tuple[str, ...]) -> None:
    """A plain name is one token, and ~1 and ~0 are unescaped in that order (RFC 6901, section 4)."""
    assert tokens(pointer) == path


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/a/b", 1),
        ("a", DOCUMENT["a"]),
        ("/a/n", None),
        ("/c~1d", 2),
        ("/m~0n", 3),
        ("/", 4),
        ("/0", 5),
        ("/a/list/1/id", "y"),
    ],
)
def test_a_place_that_is_there(pointer: str, value: object) -> None:
    """The value, null included."""
    assert resolve(DOCUMENT, pointer) == value


@pytest.mark.parametrize(
    "pointer", ["/x", "/a/x", "/a/b/c", "/a/list/2", "/a/list/-", "/a/list/-1", "/a/list/id", "/a/n/x"]
)
def test_a_place_that_is_not_there(pointer: str) -> None:
    """Told from a null."""
    assert resolve(DOCUMENT, pointer) is ABSENT


@pytest.mark.parametrize("document", [None, "text", 7, []])
def test_nothing_is_within_a_scalar(document: object) -> None:
    """An answer of any JSON type can be looked into."""
    assert resolve(document, "/data") is ABSENT


@pytest.mark.parametrize("pointer", ["/a/list/01", "/a/list/\N{ARABIC-INDIC DIGIT ONE}"])
def test_an_index_has_no_leading_zeros_and_ascii_digits(pointer: str) -> None:
    """RFC 6901, section 4, allows no other spelling of an index."""
    assert resolve(DOCUMENT, pointer) is ABSENT


def test_filling_a_place_in_makes_its_parents() -> None:
    """A nested body grows from nothing, and keeps what is there."""
    body: dict[str, Any] = {"kept": 1}
    put(body, "/oidc/client/id", "client-0001")
    put(body, "/oidc/issuer", "https://idp.test")

    assert body == {"kept": 1, "oidc": {"client": {"id": "client-0001"}, "issuer": "https://idp.test"}}


def test_what_was_filled_in_is_found_there() -> None:
    """`resolve` and `put` agree on odd names."""
    body: dict[str, Any] = {}
    put(body, "/a~1b/~01", 7)

    assert resolve(body, "/a~1b/~01") == 7


def test_the_whole_document_can_not_be_filled_in() -> None:
    """The empty pointer names no member, and the error says so."""
    with pytest.raises(ValueError, match="'' names the whole document"):
        put({}, "", 1)


def test_a_parent_that_is_no_object_is_told() -> None:
    """The error names the pointer and the parent."""
    with pytest.raises(ValueError, match="'/a/b': 'a' is no object"):
        put({"a": "text"}, "/a/b", 1)
