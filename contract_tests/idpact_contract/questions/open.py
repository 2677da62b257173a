"""The open questions as data: what is asked, which cases show it, and which words answer it. Pure: evidence in, a word out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from idpact_contract.evidence import Evidence
from idpact_contract.questions import observing

__all__ = ["QUESTIONS", "Question"]

Observer: TypeAlias = Callable[[Evidence], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One open question.

    Attributes:
        id: Its id, which never changes its meaning.
        asks: The question in words.
        cases: What the ids of the cases that show it begin with.
        observe: The word that one case's evidence shows; None where it shows none.
        words: Every answer there is, each of them right; empty where a figure or a text answers it.
    """

    id: str
    asks: str
    cases: tuple[str, ...]
    observe: Observer
    words: tuple[str, ...] = ()


QUESTIONS: Final[Sequence[Question]] = (
    Question(
        id="old-urls-when-unreadable",
        asks="What happens to inferred URLs when the new issuer's document can't be read?",
        cases=("FALL-2/",),
        observe=observing.old_urls_when_unreadable,
        words=("kept", "cleared"),
    ),
    Question(
        id="old-url-when-member-missing",
        asks="What happens to an inferred URL when the new issuer's document lacks its member?",
        cases=("INFER-5/second-issuer-lacks-one",),
        observe=observing.old_url_when_member_missing,
        words=("kept", "cleared"),
    ),
    Question(
        id="empty-string",
        asks="What does an empty string for a field with a value do?",
        cases=("INPUT-2/empty-",),
        observe=observing.unset,
        words=("cleared", "refused", "ignored"),
    ),
    Question(
        id="null",
        asks="What does null for a field with a value do?",
        cases=("INPUT-2/null-",),
        observe=observing.unset,
        words=("cleared", "refused", "ignored"),
    ),
    Question(
        id="unknown-members",
        asks="What happens to members of the body that are no parameters?",
        cases=("INPUT-2/unknown-member",),
        observe=observing.refused_or("ignored"),
        words=("ignored", "refused"),
    ),
    Question(
        id="same-issuer-after-failure",
        asks="Is the same issuer's document requested again after it could not be read?",
        cases=("DISC-6/after-a-failure",),
        observe=observing.asked_or_not("requested again", "not requested"),
        words=("requested again", "not requested"),
    ),
    Question(
        id="empty-url-with-same-issuer",
        asks="Does the same issuer, typed again, fill in a URL that its document lacked before?",
        cases=("DISC-6/member-appears",),
        observe=observing.filled_in,
        words=("filled in", "left empty"),
    ),
    Question(
        id="final-slash",
        asks="Does an issuer that differs by a final slash count as another one?",
        cases=("INPUT-2/final-slash-",),
        observe=observing.asked_or_not("another issuer", "the same issuer"),
        words=("another issuer", "the same issuer"),
    ),
    Question(
        id="redirects",
        asks="Are redirects within the issuer's host followed?",
        cases=("FALL-1/redirect-same-host",),
        observe=observing.read_or_not("followed", "not followed"),
        words=("followed", "not followed"),
    ),
    Question(
        id="redirects-elsewhere",
        asks="Are redirects to another host or port followed?",
        cases=("FALL-1/redirect-cross-host",),
        observe=observing.read_or_not("followed", "not followed"),
        words=("followed", "not followed"),
    ),
    Question(
        id="other-success",
        asks="Does a document count that came with another 2xx than 200?",
        cases=("FALL-1/http-2xx-not-200",),
        observe=observing.read_or_not("used", "not used"),
        words=("used", "not used"),
    ),
    Question(
        id="content-type",
        asks="Is a document used that was not sent as application/json?",
        cases=("FALL-1/wrong-content-type",),
        observe=observing.read_or_not("used", "not used"),
        words=("used", "not used"),
    ),
    Question(
        id="http-issuers",
        asks="Are issuers with the scheme http allowed?",
        cases=("INPUT-2/http-issuer",),
        observe=observing.refused_or("allowed"),
        words=("allowed", "refused"),
    ),
    Question(
        id="cleared-required-field",
        asks="What is the status of an active connection that loses a required field?",
        cases=("INPUT-2/active-cleared",),
        observe=observing.status_when_cleared,
        words=("pending again", "still active", "can't be cleared"),
    ),
    Question(
        id="largest-document",
        asks="How large a document is still read?",
        cases=("FALL-1/huge-document-",),
        observe=observing.size_read,
    ),
    Question(
        id="time-out",
        asks="After how long is an identity provider that doesn't answer given up?",
        cases=("FALL-6/hang-before-headers",),
        observe=observing.patience,
    ),
    Question(
        id="requests-per-update",
        asks="How often is the document requested in one update?",
        cases=("DISC-1/", "DISC-3/"),
        observe=observing.requests_per_update,
    ),
    Question(
        id="discovery-when-all-typed",
        asks="Is the document requested although all four URLs are typed?",
        cases=("PREC-1/atuj",),
        observe=observing.asked_or_not("requested", "skipped"),
        words=("requested", "skipped"),
    ),
    Question(
        id="user-agent",
        asks="Which User-Agent asks for the document?",
        cases=("DISC-1/first-issuer",),
        observe=observing.header("user-agent"),
    ),
    Question(
        id="accept",
        asks="Which Accept header asks for the document?",
        cases=("DISC-1/first-issuer",),
        observe=observing.header("accept"),
    ),
    Question(
        id="secret-in-reads",
        asks="Is client_secret returned in reads?",
        cases=("KEEP-7/credentials", "DISC-1/with-"),
        observe=observing.secret_in_reads,
        words=("clear", "masked", "absent"),
    ),
)
"""Every open question, in the order of the contract."""
