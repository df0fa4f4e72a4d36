"""`routing.issues`: the conversation with Jira, against the stub of both kinds and against every fault."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.destination import Answer, Context, Exchange, Failed, HttpAnswer, HttpRequest, Outcome
from spawngate.routing.destinations import jira, jira_dc
from spawngate.routing.issues import answer_is_doubtful, label, summary
from spawngate.routing.notice import Notice
from spawngate.routing.settings import decode
from tests.routing.samples import ALL, CLOSED, NOTICE, NOW, TEST
from tests.stubs.http import Asked
from tests.stubs.jira import TOKEN, USER, JiraStub, texts

CLOUD = decode(
    jira.JiraSettings, {"url": "https://x.atlassian.net/", "user": USER, "token": TOKEN, "project": "SEC"}, "d"
)
CENTER = decode(
    jira_dc.JiraDataCenterSettings, {"url": "https://jira.corp.example", "token": TOKEN, "project": "SEC"}, "d"
)
UPDATE = msgspec.structs.replace(NOTICE, id="9" * 32, kind="update", total=12_000, fresh=2_000)


def start(cloud: bool, notice: Notice, context: Context) -> Exchange:
    return jira.exchange(CLOUD, notice, context) if cloud else jira_dc.exchange(CENTER, notice, context)


def converse(stub: JiraStub, exchange: Exchange, faults: dict[int, Answer] | None = None) -> Outcome:
    """Drive an exchange against the stub; at some requests an answer is lost or another one comes."""
    number = 0
    try:
        request = next(exchange)
        while True:
            assert isinstance(request, HttpRequest)
            path = request.url.removeprefix("https://x.atlassian.net").removeprefix("https://jira.corp.example")
            reply = stub.handle(Asked(request.method, path, dict(request.headers), request.body))
            answer: Answer = HttpAnswer(
                reply.status, tuple((name.lower(), value) for name, value in reply.headers.items()), reply.data()
            )
            answer = (faults or {}).get(number, answer)
            number += 1
            request = exchange.send(answer)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome


def asked(stub: JiraStub) -> list[str]:
    return [f"{each.method} {each.path.removeprefix(stub.base)}" for each in stub.asked]


@pytest.mark.parametrize("cloud", [True, False])
def test_one_issue_from_creation_to_close(cloud: bool) -> None:
    stub = JiraStub(cloud=cloud)
    search = "/search/jql" if cloud else "/search"
    assert converse(stub, start(cloud, NOTICE, Context(NOW))) == Outcome(
        "delivered", "SEC-1: created", remember={"issue": "SEC-1"}
    )
    assert asked(stub) == [f"POST {search}", "POST /issue"]
    issue = stub.issues["SEC-1"]
    counts = "10,000 events (9,800 deny, 200 ask) on 2,000 endpoints in 5m"
    assert (issue["summary"], issue["labels"], issue["priority"], issue["issuetype"]) == (
        f"[Spawngate] (high) Calls denied: rule pipe-to-shell - {counts}",
        ["spawngate", f"spawngate-{NOTICE.key}"],
        {"name": "High"},
        {"name": "Task"},
    )
    stub.asked.clear()
    assert converse(stub, start(cloud, UPDATE, Context(NOW))).reason == "SEC-1: commented"
    assert asked(stub) == [f"POST {search}", "POST /issue/SEC-1/comment", "PUT /issue/SEC-1"]
    assert "12,000 events" in issue["summary"]
    stub.asked.clear()
    assert converse(stub, start(cloud, CLOSED, Context(NOW))).reason == "SEC-1: closed"
    assert asked(stub) == [
        f"POST {search}",
        "POST /issue/SEC-1/comment",
        "GET /issue/SEC-1/transitions",
        "POST /issue/SEC-1/transitions",
    ]
    assert issue["status"]["name"] == "Done"
    assert len(issue["comments"]) == 2
    assert converse(stub, start(cloud, CLOSED, Context(NOW))).reason == "there is no open issue"
    assert converse(stub, start(cloud, UPDATE, Context(NOW))).reason == "SEC-2: created"


@pytest.mark.parametrize("cloud", [True, False])
@pytest.mark.parametrize("name", ALL)
def test_every_notice_is_taken(cloud: bool, name: str) -> None:
    stub = JiraStub(cloud=cloud)
    stub.issues["SEC-1"] = {
        "labels": [label(ALL[name])],
        "summary": "x",
        "comments": [],
        "status": {"statusCategory": {"key": "new"}},
    }
    assert converse(stub, start(cloud, ALL[name], Context(NOW))).state == "delivered"
    assert len(stub.issues["SEC-1"]["comments"]) == 1
    assert stub.issues["SEC-1"]["summary"] == "x"
    empty = JiraStub(cloud=cloud)
    assert converse(empty, start(cloud, ALL[name], Context(NOW))).state == "delivered"
    assert 0 < len(summary(ALL[name])) <= 255


def test_a_project_without_priorities_gets_issues_without() -> None:
    stub = JiraStub(priorities=False)
    assert converse(stub, start(True, NOTICE, Context(NOW))).reason == "SEC-1: created"
    assert "priority" not in stub.issues["SEC-1"]


def test_what_the_index_has_not_yet_is_asked_for_by_its_key() -> None:
    stub = JiraStub()
    converse(stub, start(True, NOTICE, Context(NOW)))
    stub.lag = 1
    assert converse(stub, start(True, UPDATE, Context(NOW, remembered={"issue": "SEC-1"}))).reason == "SEC-1: commented"
    assert list(stub.issues) == ["SEC-1"]


def test_an_issue_that_somebody_deleted_or_closed_is_followed_by_another() -> None:
    stub = JiraStub()
    remembered = Context(NOW, remembered={"issue": "SEC-1"})
    assert converse(stub, start(True, UPDATE, remembered)).reason == "SEC-1: created"
    stub.issues["SEC-1"]["status"] = {"statusCategory": {"key": "done"}}
    assert converse(stub, start(True, UPDATE, remembered)).reason == "SEC-2: created"


def test_a_test_issue_is_closed_at_once() -> None:
    stub = JiraStub()
    assert converse(stub, start(True, TEST, Context(NOW))).reason == "SEC-1: closed"
    assert stub.issues["SEC-1"]["summary"] == "[Spawngate] Test of route denies"


@pytest.mark.parametrize(
    "lost", [Failed("timeout", "x", sent=True), HttpAnswer(504), Failed("connect", "reset", sent=True)]
)
def test_a_create_whose_answer_is_lost_makes_no_second_issue(lost: Answer) -> None:
    stub = JiraStub()
    outcome = converse(stub, start(True, NOTICE, Context(NOW)), {1: lost})
    assert (outcome.state, outcome.after, outcome.blame) == ("retry", 30.0, "destination")
    assert converse(stub, start(True, NOTICE, Context(NOW, attempt=2))).reason == "SEC-1: commented"
    assert list(stub.issues) == ["SEC-1"]


@pytest.mark.parametrize("cloud", [True, False])
def test_a_comment_whose_answer_is_lost_is_not_made_again(cloud: bool) -> None:
    stub = JiraStub(cloud=cloud)
    converse(stub, start(cloud, NOTICE, Context(NOW)))
    outcome = converse(stub, start(cloud, UPDATE, Context(NOW)), {1: Failed("timeout", "x", sent=True)})
    assert outcome.state == "retry"
    assert converse(stub, start(cloud, UPDATE, Context(NOW, attempt=2))).reason == "SEC-1: commented"
    assert len(stub.issues["SEC-1"]["comments"]) == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (HttpAnswer(401, (), b"{}"), Outcome("retry", "HTTP 401", blame="setting")),
        (
            HttpAnswer(429, (("retry-after", "11"),), b"{}"),
            Outcome("retry", "HTTP 429", 11.0, "destination"),
        ),
        (
            HttpAnswer(200, (), b"<html>login</html>"),
            Outcome("retry", "this is no answer of Jira's search", blame="setting"),
        ),
        (Failed("tls", "no"), Outcome("retry", "tls: no", blame="destination")),
    ],
)
def test_what_the_search_may_answer(answer: Answer, outcome: Outcome) -> None:
    assert converse(JiraStub(), start(True, NOTICE, Context(NOW)), {0: answer}) == outcome


def test_wrong_settings_wait_and_wrong_contents_do_not() -> None:
    wrong = HttpAnswer(400, (), b'{"errorMessages":[],"errors":{"issuetype":"Specify a valid issue type"}}')
    assert converse(JiraStub(), start(True, NOTICE, Context(NOW)), {1: wrong}) == Outcome(
        "retry", "HTTP 400: issuetype: Specify a valid issue type", blame="setting"
    )
    text = HttpAnswer(400, (), b'{"errorMessages":[],"errors":{"description":"INVALID_INPUT"}}')
    assert converse(JiraStub(), start(True, NOTICE, Context(NOW)), {1: text}) == Outcome(
        "refused", "HTTP 400: description: INVALID_INPUT", blame="content"
    )


def test_a_workflow_without_a_way_out_is_said() -> None:
    stub = JiraStub()
    converse(stub, start(True, NOTICE, Context(NOW)))
    none = HttpAnswer(200, (), b'{"transitions":[{"id":"11","name":"Start","to":{"statusCategory":{"key":"new"}}}]}')
    outcome = converse(stub, start(True, CLOSED, Context(NOW)), {2: none})
    assert outcome == Outcome("delivered", "SEC-1: has no transition that closes it; commented")


@pytest.mark.parametrize("wanted", ["41", "won't DO"])
def test_a_transition_can_be_chosen(wanted: str) -> None:
    stub = JiraStub()
    converse(stub, start(True, NOTICE, Context(NOW)))
    settings = msgspec.structs.replace(CLOUD, close_transition=wanted)
    assert converse(stub, jira.exchange(settings, CLOSED, Context(NOW))).reason == "SEC-1: closed"
    assert stub.issues["SEC-1"]["status"]["name"] == "Rejected"


def test_which_answers_leave_a_doubt() -> None:
    assert [answer_is_doubtful(HttpAnswer(status)) for status in (200, 400, 429, 500, 502, 504)] == [
        False,
        False,
        False,
        True,
        True,
        True,
    ]


@given(
    st.integers(0, 5),
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [
                b"[]",
                b'{"issues":[1,{"key":5}]}',
                b'{"issues":[{"key":"SEC-1","fields":5}]}',
                b'{"transitions":[5,{"id":1}]}',
                b'{"key":"../x"}',
            ]
        ),
    ),
    st.sampled_from([200, 201, 204, 400, 404, 500]),
)
def test_any_answer_is_an_outcome(at: int, body: bytes, status: int) -> None:
    for notice in (NOTICE, CLOSED, TEST):
        stub = JiraStub()
        outcome = converse(
            stub,
            start(True, notice, Context(NOW, attempt=2, remembered={"issue": "SEC-1"})),
            {at: HttpAnswer(status, (), body)},
        )
        assert outcome.state in ("delivered", "retry", "refused")


def test_documents_of_the_cloud_name_the_counts() -> None:
    stub = JiraStub()
    converse(stub, start(True, NOTICE, Context(NOW)))
    assert (
        texts(stub.issues["SEC-1"]["description"])[0] == "10,000 events (9,800 deny, 200 ask) on 2,000 endpoints in 5m"
    )
