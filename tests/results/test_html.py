"""The HTML page: what it shows, that text stays text, that it loads nothing, and that links find what they name."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from idpact_contract.catalogue import Level
from idpact_contract.connection import REQUIRED
from idpact_contract.evidence import Asked, Evidence, Exchange, IssuerFacts, Step
from idpact_contract.judgement import Difference
from idpact_contract.questions import OpenAnswer
from idpact_contract.results.html import html_page
from idpact_contract.results.report import CaseReport, Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict, RunVerdict

PASS, FAIL, WARN = CaseVerdict.PASS, CaseVerdict.FAIL, CaseVerdict.WARN
NOT_APPLICABLE, INCONCLUSIVE = CaseVerdict.NOT_APPLICABLE, CaseVerdict.INCONCLUSIVE
VOID = {"meta", "input", "br", "hr", "img", "link"}


# -- a page, read as a browser without scripts reads it ----------------------------------------------------------------


@dataclass
class Node:
    """An element and what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["Node | str"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        yield self
        for part in self.content:
            if isinstance(part, Node):
                yield from part

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        """Its text, with that of all in it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.content)

    def all(self, tag: str = "", cls: str = "") -> list["Node"]:
        """Itself and all in it that have that tag and class."""
        return [node for node in self if (not tag or node.tag == tag) and (not cls or cls in node.classes)]

    def one(self, tag: str = "", cls: str = "") -> "Node":
        """The only one with that tag and class."""
        (found,) = self.all(tag, cls)
        return found

    def by_id(self, name: str) -> "Node":
        """The only one with that id."""
        (found,) = (node for node in self if node.attributes.get("id") == name)
        return found


class Reader(HTMLParser):
    """Builds the tree, and takes nothing for closed that isn't."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("document")]
        self.declaration = ""

    def handle_decl(self, decl: str) -> None:
        """The document type."""
        self.declaration = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and it has to be the one that is open."""
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.open[-1].content.append(data)


def read(page: bytes) -> Node:
    """The tree of a page."""
    reader = Reader()
    reader.feed(page.decode("utf-8"))
    reader.close()
    assert [node.tag for node in reader.open] == ["document"], "something is not closed"
    assert reader.declaration == "doctype html"
    return reader.open[0]


def page_of(told: Report) -> Node:
    """The tree of a document's page."""
    return read(html_page(told))


# -- a document ---------------------------------------------------------------------------------------------------------


DOCUMENT = {"issuer": "http://idp.test/a", "token_endpoint": "https://idp.test/token"}
ASKED = Asked(at=0.002, method="GET", target="/a/.well-known/openid-configuration", document=DOCUMENT, bytes_sent=90)


def evidence(case_id: str = "DISC-4/slash", *, text: str = "x", asked: tuple[Asked, ...] = (ASKED,)) -> Evidence:
    """One update that was answered and read again, with `text` wherever text can stand."""
    exchange = Exchange(
        method="PUT",
        url=f"http://target.test/{text}",
        headers=(("x-sent", text),),
        body=f'{{"issuer": "{text}"}}',
        status=200,
        answer_headers=(("x-answered", text),),
        answer=f'{{"answered": "{text}"}}',
        seconds=0.01,
    )
    connection = {"issuer": text}
    read_again = Exchange(method="GET", url="http://target.test/list", status=200, answer="[]")
    step = Step(
        kind="update",
        exchange=exchange,
        response=connection,
        after={"issuer": f"read {text}"},
        read=read_again,
        asked=asked,
    )
    issuer = IssuerFacts(url=f"http://idp.test/{text}", discovery_target="/", failure=text)
    return Evidence(case=case_id, steps=(step,), issuers=(issuer,))


def case(case_id: str, verdict: CaseVerdict = PASS, **told: Any) -> CaseReport:  # noqa: ANN401 - any field of it
    """A case, with any field as told."""
    level = Level.SHOULD if verdict is WARN else Level.MUST
    return CaseReport(**{"id": case_id, "level": level, "verdict": verdict, "title": f"Do {case_id}."} | told)


def rule(rule_id: str, *cases: CaseReport, verdict: CaseVerdict = PASS, **told: Any) -> RuleReport:  # noqa: ANN401 - any field of it
    """A rule, with any field as told."""
    facts: dict[str, Any] = {
        "id": rule_id,
        "family": "a family",
        "level": Level.MUST,
        "statement": f"Statement of {rule_id}.",
        "citation": f"Source of {rule_id}",
        "since": "0.1.0",
        "verdict": verdict,
        "cases": cases,
    }
    return RuleReport(**facts | told)


def report(*rules: RuleReport, **told: Any) -> Report:  # noqa: ANN401 - any field of it
    """A document, with any field as told."""
    facts: dict[str, Any] = {
        "schema_id": "https://idpact.dev/schemas/report-1.json",
        "verdict": RunVerdict.CONFORMING,
        "complete": True,
        "target": {"base_url": "http://target.test", "profile": "a-profile", "profile_digest": "sha256:12"},
        "suite": {"name": "idpact", "version": "7.8.9", "catalogue": "sha256:34"},
        "seed": 4711,
        "started": "2025-11-24T20:13:05Z",
        "seconds": 12.34,
        "counts": {word: sum(one.verdict is word for one in rules) for word in CaseVerdict},
        "rules": rules,
        "open": (),
        "reachability": "both are on loopback",
        "environment": {"python": "3.11.7"},
    }
    return Report(**facts | told)


FAILED = case(
    "DISC-4/slash",
    FAIL,
    expected="one slash",
    observed="two slashes",
    differences=(
        Difference(where="read", field="issuer", allowed=("http://idp.test/a/",), observed="http://idp.test/a//"),
    ),
    sent=("PUT http://target.test/c -> 200",),
    served=("GET /a//.well-known/openid-configuration -> 200",),
    curl=("curl -sS http://target.test/c",),
    evidence=evidence(),
)


def every_verdict() -> Report:
    """A document with every verdict in it."""
    return report(
        rule("ORG-1", case("ORG-1/one", evidence=evidence("ORG-1/one"))),
        rule("DISC-4", case("DISC-4/fine"), FAILED, case("DISC-4/other", FAIL, observed="again"), verdict=FAIL),
        rule("WIRE-7", case("WIRE-7/none", NOT_APPLICABLE, observed="no backend"), verdict=NOT_APPLICABLE),
        rule("KEEP-2", case("KEEP-2/twice", WARN, observed="differs"), verdict=WARN),
        rule("FALL-2", case("FALL-2/http-404", INCONCLUSIVE, observed="set-up broke"), verdict=INCONCLUSIVE),
        verdict=RunVerdict.NONCONFORMING,
        open=(
            OpenAnswer(question="accept", asks="Which Accept header?", answer="*/*", evidence=("ORG-1/one",)),
            OpenAnswer(question="user-agent", asks="Which User-Agent?", answer="not observed"),
        ),
    )


# -- the page as a whole ---------------------------------------------------------------------------------------------


def test_is_one_page_with_landmarks() -> None:
    """The page has a language, a title, one main heading, and header, navigation, main part and footer."""
    page = page_of(every_verdict())

    assert page.one("html").attributes["lang"] == "en"
    assert "http://target.test" in page.one("title").text
    assert [len(page.all(tag)) for tag in ("h1", "header", "nav", "main", "footer")] == [1, 1, 1, 1, 1]


def test_headings_skip_no_level() -> None:
    """Whoever reads by headings finds each one a level below the one it belongs to."""
    page = page_of(every_verdict())

    levels = [int(node.tag[1]) for node in page if re.fullmatch(r"h[1-6]", node.tag)]

    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_table_headers_have_a_scope() -> None:
    """Every header cell says whether it heads a row or a column."""
    assert {node.attributes.get("scope") for node in page_of(every_verdict()).all("th")} <= {
        "row",
        "col",
        "colgroup",
    }


def test_policy_allows_its_own_style_and_script_alone() -> None:
    """The page's policy lets nothing load, and its hashes are those of the one style and the one script in it."""
    page = page_of(every_verdict())

    (policy,) = (
        node.attributes["content"]
        for node in page.all("meta")
        if node.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    hashes = {
        tag: base64.b64encode(hashlib.sha256(page.one(tag).text.encode()).digest()).decode()
        for tag in ("style", "script")
    }

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_nothing_on_it_needs_what_the_policy_forbids() -> None:
    """No element has a style or a handler of its own, which the policy would drop in silence."""
    names = {name for node in page_of(every_verdict()) for name in node.attributes}

    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]


def test_loads_and_links_nothing_outside() -> None:
    """Nothing is fetched from anywhere, and every link stays on the page."""
    page = page_of(every_verdict())

    assert not [node.tag for node in page if {"src", "srcset", "data", "action"} & node.attributes.keys()]
    assert not page.all("link")
    assert {node.attributes["href"][0] for node in page.all("a")} == {"#"}
    assert "url(" not in page.one("style").text
    assert "@import" not in page.one("style").text


def test_colours_follow_the_reader() -> None:
    """There are a dark scheme on screens, and a form for paper."""
    style = page_of(report()).one("style").text

    assert "@media screen and (prefers-color-scheme: dark)" in style
    assert "@media print" in style


# -- the verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", RunVerdict)
def test_verdict_is_the_main_heading(verdict: RunVerdict) -> None:
    """The first thing to read is the verdict."""
    assert verdict.capitalize() in page_of(report(verdict=verdict)).one("h1").text


def test_says_that_it_is_over_a_selection() -> None:
    """A verdict over a part of the suite can't be taken for one over the whole."""
    assert "over a selection" in page_of(report(complete=False)).by_id("summary").text


def test_says_nothing_of_a_selection_when_complete() -> None:
    """A verdict over the whole suite stands without reservation."""
    assert "selection" not in page_of(report()).by_id("summary").text


def test_summary_tells_how_it_came_about() -> None:
    """Target, profile, date, suite, seed, duration and reachability are at the top."""
    told = page_of(report()).by_id("summary").text

    for fact in (
        "http://target.test",
        "a-profile",
        "2025-11-24 20:13:05 UTC",
        "idpact 7.8.9",
        "4711",
        "12.3 s",
        "both are on loopback",
    ):
        assert fact in told


@pytest.mark.parametrize("word", CaseVerdict)
def test_every_verdict_is_a_word(word: CaseVerdict) -> None:
    """No verdict is told by colour or mark alone: the count, the rule and the case have its word."""
    page = page_of(every_verdict())

    (counted,) = (node for node in page.one("ul", "counts").all("li") if word in node.classes)

    assert word in counted.text
    assert all(word in node.one(cls="about").text for node in page.all("article", word))
    assert all(word in node.all("summary")[0].text for node in page.all("details", word))


def test_counts_are_the_documents_own() -> None:
    """The counts of rules are shown as the document has them, not counted again."""
    counted = page_of(report(rule("ORG-1"), counts={PASS: 41})).one("ul", "counts").all("li", "pass")

    assert counted[0].one(cls="number").text.split() == ["41", "rules"]


# -- rules and cases -------------------------------------------------------------------------------------------------


def test_failing_rules_come_first() -> None:
    """What needs attention is read first: broken, undecided, not kept; then what is kept and what does not apply."""
    page = page_of(every_verdict())

    order = [node.attributes["id"] for node in page.all("article", "rule")]

    assert order == ["DISC-4", "FALL-2", "KEEP-2", "ORG-1", "WIRE-7"]


def test_a_rule_tells_what_it_asks_and_where_that_is_written() -> None:
    """A rule has its statement, its citation, its level and its verdict."""
    told = page_of(every_verdict()).by_id("DISC-4").text

    assert "Statement of DISC-4." in told
    assert "Source of DISC-4" in told
    assert "MUST" in told


def test_a_verdict_is_never_derived() -> None:
    """A rule whose document says `pass` is shown as passed, whatever its cases say."""
    page = page_of(report(rule("ORG-1", case("ORG-1/one", FAIL), verdict=PASS)))

    assert "pass" in page.by_id("ORG-1").classes
    assert "fail" in page.by_id("ORG-1/one").classes


def test_first_failure_of_a_rule_is_unfolded() -> None:
    """A reader sees one failure in full, and the others as a line each."""
    page = page_of(every_verdict())

    assert "open" in page.by_id("DISC-4/slash").attributes
    assert "open" not in page.by_id("DISC-4/other").attributes
    assert "again" in page.by_id("DISC-4/other").one("summary").text


def test_passing_cases_are_folded() -> None:
    """Cases that passed stand behind one line that counts them."""
    page = page_of(every_verdict())

    fold = page.by_id("DISC-4").one("details", "fold")

    assert fold.all("summary")[0].text == "1 case: pass"
    assert [node.attributes["id"] for node in fold.all("details", "case")] == ["DISC-4/fine"]


def test_a_failure_tells_expected_and_observed() -> None:
    """What would have been right stands beside what was seen, in words and field by field."""
    shown = page_of(every_verdict()).by_id("DISC-4/slash")

    assert [node.text for node in shown.one("dl").all("dd")] == ["one slash", "two slashes"]
    header, wanted, seen = (
        " ".join(cell.text.split()) for cell in shown.one("tbody").one("tr").content if isinstance(cell, Node)
    )
    assert (header, wanted, seen) == ("issuer in the read", '"http://idp.test/a/"', '"http://idp.test/a//"')


def test_marks_what_differs() -> None:
    """In two values that are nearly the same the part that differs is marked."""
    (mark,) = page_of(every_verdict()).by_id("DISC-4/slash").all("mark")

    assert mark.text == "/"


def test_marks_nothing_where_all_differs() -> None:
    """A mark over a whole value would tell nothing."""
    differing = case(
        "PREC-1/t", FAIL, differences=(Difference(where="read", field="f", allowed=("abc",), observed="xyz"),)
    )

    assert not page_of(report(rule("PREC-1", differing, verdict=FAIL))).all("mark")


@pytest.mark.parametrize(
    ("observed", "shown"), [(None, "none (absent or null)"), ("", '""'), ("1", '"1"'), (1, "1"), ([True], "[true]")]
)
def test_values_of_different_types_look_different(observed: object, shown: str) -> None:
    """An absent value, an empty one, a number and its text can be told apart."""
    differing = case(
        "PREC-1/t", FAIL, differences=(Difference(where="read", field="f", observed=observed, why="typed"),)
    )

    page = page_of(report(rule("PREC-1", differing, verdict=FAIL)))

    assert page.one("table", "differences").all("td")[1].text == shown


def test_a_case_shows_how_to_do_it_again() -> None:
    """Sent, served and the shell lines are with the case."""
    shown = page_of(every_verdict()).by_id("DISC-4/slash")

    lines = [[line.text for line in node.all("li")] for node in shown.all("ol", "lines")]

    assert lines == [["PUT http://target.test/c -> 200"], ["GET /a//.well-known/openid-configuration -> 200"]]
    assert shown.one(cls="again").one("pre").text == "curl -sS http://target.test/c"


def test_a_case_that_is_long_in_the_telling_is_cut() -> None:
    """A body of megabytes is cut, and its length told."""
    long = case("ORG-1/one", sent=("x" * 1_000_000,), curl=("y" * 1_000_000,), evidence=evidence(text="z" * 1_000_000))

    page = html_page(report(rule("ORG-1", long)))

    assert len(page) < 200_000
    assert b"cut here: 1,000,000 characters in all" in page
    assert b"yyy" not in page  # half a command is worse than none


# -- the time line ---------------------------------------------------------------------------------------------------


def test_time_line_has_both_lanes_in_order() -> None:
    """What the mock IdP saw stands between the request that caused it and the answer."""
    events = page_of(every_verdict()).by_id("DISC-4/slash").one("ol", "events").all("li")

    assert [node.classes for node in events] == [["suite"], ["idp"], ["suite"], ["suite"]]
    assert [node.one(cls="at").text for node in events] == ["0.000 s", "0.002 s", "0.010 s", "then"]


def test_what_came_after_the_answer_stands_after_it() -> None:
    """A request that reached the mock IdP when the answer was out is shown as such."""
    late = case("DISC-1/late", evidence=evidence(asked=(msgspec.structs.replace(ASKED, at=0.5),)))

    events = page_of(report(rule("DISC-1", late))).one("ol", "events").all("li")

    assert [node.classes for node in events] == [["suite"], ["suite"], ["idp"], ["suite"]]


def test_a_document_is_written_out_once_per_case() -> None:
    """A document that is served again in the same case is named, not repeated."""
    twice = case("DISC-1/twice", evidence=evidence(asked=(ASKED, ASKED)))

    shown = page_of(report(rule("DISC-1", twice))).one("ol", "events").text

    assert shown.count("https://idp.test/token") == 1
    assert "document 1 of this case once more" in shown


@pytest.mark.parametrize(("after", "same"), [({"b": 1, "a": "x"}, True), ({"a": "x", "b": True}, False)])
def test_a_second_read_that_tells_nothing_new_is_not_written_out(after: dict[str, object], *, same: bool) -> None:
    """The connection as read is named where it is that of the answer, to the type of each member, and shown where not."""
    exchange = Exchange(method="PUT", url="http://target.test/", status=200)
    step = Step(kind="update", exchange=exchange, response={"a": "x", "b": 1}, after=after, read=exchange)
    kept = case("KEEP-3/same", evidence=Evidence(case="KEEP-3/same", steps=(step,)))

    (again,) = page_of(report(rule("KEEP-3", kept))).one("ol", "events").all("li")[-1:]

    assert ("as in the answer above" in again.text) is same
    assert ('"a": "x"' in again.text) is not same


def test_an_answer_that_never_came_is_told() -> None:
    """Where there was no answer, its place says what was there."""
    silent = Step(
        kind="update", exchange=Exchange(method="PUT", url="http://target.test/", error="no answer after 75.0 s")
    )
    hung = case("FALL-1/hang", evidence=Evidence(case="FALL-1/hang", steps=(silent,)))

    assert "no answer after 75.0 s" in page_of(report(rule("FALL-1", hung))).one("ol", "events").text


# -- the pictures ----------------------------------------------------------------------------------------------------


def test_families_show_every_rule() -> None:
    """Each family is a row with all its rules, each a link that has its verdict in words."""
    page = page_of(every_verdict())

    chips = page.one("table", "families").all("a")

    assert [(node.attributes["href"], node.one(cls="vh").text) for node in chips[:2]] == [
        ("#ORG-1", "ORG-1: pass"),
        ("#DISC-4", "DISC-4: fail"),
    ]
    assert len(chips) == 5


def precedence_rows(*cases: CaseReport) -> dict[str, list[Node]]:
    """The cells of the precedence grid by the name of their row."""
    page = page_of(report(*(rule(one.id.partition("/")[0], one) for one in cases)))
    (grid,) = (table for table in page.all("table", "grid") if "activation" not in table.classes)
    return {row.one("th").text: row.all("td") for row in grid.one("tbody").all("tr")}


def test_precedence_is_sixteen_by_four_twice() -> None:
    """There is a row for each subset of the four URLs, with four cells on a new connection and four on one with values."""
    rows = precedence_rows(case("PREC-1/a"))

    assert len(rows) == 16
    assert {len(cells) for cells in rows.values()} == {8}


def test_precedence_tells_typed_from_inferred() -> None:
    """A typed cell is PREC-1's, the others of the row are PREC-2's, and the filled half is PREC-3's."""
    rows = precedence_rows(case("PREC-1/tj"), case("PREC-2/tj", FAIL), case("PREC-3/filled-tj", INCONCLUSIVE))

    shown = [(node.attributes["href"], node.classes[1:]) for cell in rows["tj"] for node in cell.all("a")]

    inferred, typed = ("#PREC-2/tj", ["inferred", "fail"]), ("#PREC-1/tj", ["typed", "pass"])
    assert shown[:4] == [inferred, typed, inferred, typed]
    assert {link for link, _ in shown[4:]} == {"#PREC-3/filled-tj"}
    assert [how for _, (how, _) in shown[4:]] == ["inferred", "typed", "inferred", "typed"]


def test_precedence_shows_the_field_that_failed() -> None:
    """Where a case failed on one field, the other fields of it are not shown as failed, nor as passed."""
    difference = Difference(where="read", field="token_url", allowed=("a",), observed="b")

    cells = precedence_rows(case("PREC-3/filled-t", FAIL, differences=(difference,)))["t"][4:]

    assert [cell.one("a").classes[2] for cell in cells] == ["elsewhere", "fail", "elsewhere", "elsewhere"]
    assert "fail, for another field" in cells[0].text


def test_a_case_that_is_not_in_the_report_is_an_empty_cell() -> None:
    """What did not run has no verdict, in words either."""
    (cell,) = precedence_rows(case("PREC-1/a"))["t"][0:1]

    assert not cell.all("a")
    assert "not in this report" in cell.text


def test_activation_is_a_row_per_required_field() -> None:
    """Each of the seven fields has what happens without it, typed and inferred, and with it as the last."""
    cases = [
        case("ACT-2/typed-without-issuer", FAIL),
        case("ACT-3/last-issuer"),
        case("ACT-2/inferred-without-jwks_url"),
    ]

    grid = page_of(report(rule("ACT-2", *cases))).one("table", "activation")
    rows = {row.one("th").text: row.all("td") for row in grid.one("tbody").all("tr")}

    assert list(rows) == list(REQUIRED)
    assert [[node.attributes["href"] for node in cell.all("a")] for cell in rows["issuer"]] == [
        ["#ACT-2/typed-without-issuer"],
        [],
        ["#ACT-3/last-issuer"],
    ]
    assert "fail" in rows["issuer"][0].one("a").classes


def test_no_picture_of_what_was_not_looked_at() -> None:
    """A selection without PREC and ACT has no empty grids."""
    assert not page_of(every_verdict()).all("table", "grid")


# -- open questions, environment -----------------------------------------------------------------------------------


def test_open_answers_lead_to_their_cases() -> None:
    """Each open question has its answer, and links to the cases that showed it."""
    first, second = page_of(every_verdict()).one("table", "answers").one("tbody").all("tr")

    assert "Which Accept header?" in first.one("th").text
    assert first.all("td")[0].text == "*/*"
    assert first.one("a").attributes["href"] == "#ORG-1/one"
    assert second.all("td")[0].text == "not observed"


def test_environment_is_at_the_end() -> None:
    """Versions and digests close the page."""
    told = page_of(every_verdict()).one("main").all("section")[-1]

    assert told.attributes["id"] == "environment"
    for fact in ("3.11.7", "sha256:12", "sha256:34", "https://idpact.dev/schemas/report-1.json"):
        assert fact in told.text


# -- deep links ------------------------------------------------------------------------------------------------------


def test_rules_and_cases_are_linked_by_their_ids() -> None:
    """#DISC-4 and #FALL-2/http-404 lead to that rule and to that case."""
    page = page_of(every_verdict())

    assert page.by_id("DISC-4").tag == "article"
    assert page.by_id("FALL-2/http-404").tag == "details"


def awkward_ids() -> Report:
    """A document whose ids repeat, are the page's own, or are no ids at all."""
    own = {node.attributes["id"] for node in page_of(every_verdict()) if "id" in node.attributes}
    return report(
        *(rule(name, case(name), case(name)) for name in sorted(own)),
        *(rule("a b", case("a b/c\nd")) for _ in range(2)),
        rule("", case("")),
        rule("100%", case("100%/<é>")),
    )


def test_ids_occur_once_whatever_the_document_says() -> None:
    """Ids that repeat, that are the page's own or that no id may be don't break the page."""
    ids = Counter(node.attributes["id"] for node in page_of(awkward_ids()) if "id" in node.attributes)

    assert not [name for name, count in ids.items() if count > 1]
    assert not [name for name in ids if not name or re.search(r"\s", name)]


def test_every_link_finds_its_target() -> None:
    """No link leads nowhere, with awkward ids neither."""
    page = page_of(awkward_ids())

    ids = {node.attributes["id"] for node in page if "id" in node.attributes}

    assert {unquote(node.attributes["href"][1:]) for node in page.all("a")} <= ids


def test_labels_find_their_fields() -> None:
    """The filter's text field has a label of its own."""
    page = page_of(every_verdict())

    assert page.by_id(page.by_id("filter").all("label")[0].attributes["for"]).tag == "input"


# -- hostile text ----------------------------------------------------------------------------------------------------


def said_everywhere(text: str) -> Report:
    """A report with that text in every field that holds text of somebody else's."""
    difference = Difference(where=text, field=text, allowed=(text, {text: [text]}), observed=text, why=text)
    asked = Asked(
        at=0.001,
        method=text,
        target=text,
        headers=((text, text),),
        body=text,
        issuer=text,
        failure=text,
        document={text: text},
        ended=text,
    )
    shown = {
        "title": text,
        "expected": text,
        "observed": text,
        "differences": (difference,),
        "sent": (text,),
        "served": (text,),
        "curl": (text,),
        "excused_by": text,
        "evidence": evidence(text=text, asked=(asked, msgspec.structs.replace(asked, document=None, answer=text))),
    }
    return report(
        rule(f"R-{text}", case(f"R/1{text}", FAIL, **shown), case(f"R/2{text}", FAIL, **shown), verdict=FAIL),
        rule(f"S-{text}", case(f"S/1{text}", PASS, **shown), statement=text, citation=text, family=text),
        target={"base_url": text, "profile": text, "profile_digest": text},
        suite={"name": text, "version": text, "catalogue": text},
        started=text,
        open=(OpenAnswer(question=text, asks=text, answer=text, evidence=(f"R/1{text}", text)),),
        reachability=text,
        environment={text: text},
        schema_id=text,
    )


HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "noscript": "</noscript></details><img src=x onerror=alert(1)>",
    "style": "</style></title></textarea></pre><!--",
    "attribute": "\" onclick=alert(1) x=' autofocus `",
    "entity": "&lt;b&gt; &#x3c;b> &amp",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "cdata": "<![CDATA[ ]]> <?php ?>",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_markup_in_any_field_stays_text(text: str) -> None:
    """Hostile text adds no element and no attribute anywhere, and can be read as it is."""
    page = page_of(said_everywhere(text))

    harmless = page_of(said_everywhere("harmless"))
    assert [(node.tag, sorted(node.attributes)) for node in page] == [
        (node.tag, sorted(node.attributes)) for node in harmless
    ]
    assert page.by_id("environment").text.count(text) == harmless.by_id("environment").text.count("harmless")
    assert page.by_id("rules").text.count(text) >= 40


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_folded_parts_end_where_they_should(text: str) -> None:
    """A browser with scripts reads a folded case as one text up to its end tag: none may come early, or within another."""
    source = html_page(said_everywhere(text)).decode()

    tags = re.findall(r"</?noscript", source, re.IGNORECASE)

    assert tags == ["<noscript", "</noscript"] * (len(tags) // 2)
    assert len(tags) == len(re.findall(r"</?noscript", html_page(said_everywhere("harmless")).decode()))


def test_own_script_and_style_end_where_they_should() -> None:
    """What stands in the page as it is holds no end tag."""
    page = page_of(report())

    assert "</" not in page.one("script").text
    assert "</" not in page.one("style").text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a␀b"),
        ("a\x08b\x1b[2J", "a␈b␛[2J"),
        ("a\r\nb", "a␍\nb"),
        ("a\x7fb\x9bb", "a␡b⟨U+009B⟩b"),
        ("\u202eabc\u2066", "⟨U+202E⟩abc⟨U+2066⟩"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("a\u2028b\u00ad", "a⟨U+2028⟩b⟨U+00AD⟩"),
        ("a\ud83d", "a⟨U+D83D⟩"),
        ("a\U000e0041", "a⟨U+E0041⟩"),
    ],
    ids=["nul", "escapes", "cr", "c1", "bidi", "zero-width", "separators", "surrogate", "tags"],
)
def test_characters_that_hide_are_shown(text: str, shown: str) -> None:
    """Control and format characters neither vanish nor reorder what stands around them."""
    page = page_of(said_everywhere(text))

    assert shown in page.one("title").text
    assert shown in page.by_id("environment").text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", page.text)


def test_right_to_left_text_stays_in_its_place() -> None:
    """Text of another direction is readable, and isolated from what stands beside it."""
    page = page_of(said_everywhere("שלום"))

    assert "שלום" in page.by_id("rules").text
    assert "unicode-bidi: isolate" in page.one("style").text


def test_shell_lines_that_are_not_as_sent_say_so() -> None:
    """Lines to copy in which control characters are only shown warn whoever would run them."""
    page = page_of(report(rule("DISC-4", case("DISC-4/cr", curl=("curl 'a\rb'",), evidence=evidence()))))

    assert page.one(cls="again").one("pre").text.startswith("# control characters are only shown here")


# -- without script, and large -----------------------------------------------------------------------------------------


def test_without_script_nothing_useless_is_shown() -> None:
    """The filter appears only when its script runs, and no button waits for a script that doesn't."""
    page = page_of(every_verdict())

    assert "hidden" in page.by_id("filter").attributes
    assert {node.attributes["id"] for node in page.all("button")} == {"unfold", "fold"}


def test_without_script_everything_is_there() -> None:
    """A folded case is in the page itself, with its time line."""
    folded = page_of(every_verdict()).by_id("ORG-1/one")

    assert "http://target.test/x" in folded.one("ol", "events").text


def full(number: int) -> RuleReport:
    """A rule with fifty cases as large as real ones."""
    cases = tuple(
        case(f"FALL-{number}/case-{index}", sent=("s" * 300,), curl=("c" * 900,), evidence=evidence(text="t" * 400))
        for index in range(50)
    )
    return rule(f"FALL-{number}", *cases)


def test_a_usual_report_stays_small() -> None:
    """250 cases with their evidence take less than 2 MB."""
    assert len(html_page(report(*(full(number) for number in range(5))))) < 2_000_000


def test_long_reports_are_laid_out_as_they_are_scrolled_to() -> None:
    """Beyond a thousand cases what is out of sight costs nothing."""
    many = rule("FALL-1", *(case(f"FALL-1/case-{index}") for index in range(1001)))

    assert page_of(report(many)).by_id("rules").classes == ["many"]


def test_a_document_of_another_maker_is_shown_as_far_as_it_goes() -> None:
    """Facts that a document doesn't have are told as missing, and are no error."""
    page = page_of(report(target={}, suite={}, counts={}, environment={}, reachability=""))

    assert page.by_id("summary").text.count("not told") == 3
    assert "This report holds no rules." in page.by_id("rules").text
