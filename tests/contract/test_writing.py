"""What was seen can be written down, whatever an identity provider sends."""

import msgspec
import pytest

from idpact_contract.evidence import Asked, Evidence, Exchange, Step
from idpact_contract.run.writing import LONGEST, written
from idpact_contract.trial import Trial


def again(url: str) -> Step:
    """The step of a trial in which that URL was served and stored, written and read again."""
    step = Step(
        kind="update",
        exchange=Exchange(method="PUT", url="https://saas.test/"),
        after={"token_url": url},
        asked=(Asked(at=0.0, method="GET", target="/", document={"token_endpoint": url}),),
    )
    trial = Trial(case="FALL-1/x", evidence=Evidence(case="FALL-1/x", steps=(step,)))
    read = msgspec.json.decode(written(trial), type=Trial)
    assert read.evidence is not None
    return read.evidence.steps[0]


@pytest.mark.parametrize("url", ["https://idp.test/\ud800", "https://idp.test/\udc00\ud800x"])
def test_half_of_a_surrogate_pair_is_written(url: str) -> None:
    """JSON as UTF-8 can't hold it; the replacement character stands for it."""
    step = again(url)

    assert step.after is not None
    assert "\ufffd" in step.after["token_url"]
    assert step.asked[0].document == {"token_endpoint": step.after["token_url"]}


def test_a_whole_pair_stays() -> None:
    """Only halves are touched."""
    step = again("https://idp.test/😀")

    assert step.after == {"token_url": "https://idp.test/😀"}


def test_a_text_of_a_megabyte_is_cut() -> None:
    """And says how long it was."""
    step = again("https://idp.test/" + "x" * LONGEST)

    assert step.after is not None
    assert len(step.after["token_url"]) < 2_000
    assert "(4017 characters, sha256:" in step.after["token_url"]
    assert step.asked[0].document == {"token_endpoint": step.after["token_url"]}


def test_texts_that_differ_at_their_end_still_differ() -> None:
    """A digest of the whole stands beside what is kept."""
    one, other = again("x" * LONGEST + "a"), again("x" * LONGEST + "b")

    assert one.after != other.after
