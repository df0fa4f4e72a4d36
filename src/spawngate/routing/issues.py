"""One issue per group in Jira, whichever kind: search before create, comment on repetition, transition on close.

Facts (developer.atlassian.com, Jira Cloud REST v3 and Data Center REST v2, read 2026-11): a create must not be repeated
blindly, there is no idempotency key; an issue is found again by a label of the group's key. Cloud's index lags by
seconds, so a key that is remembered is asked for directly. Which transitions there are depends on the workflow: the one
into the category `done` is looked up. Errors are `{"errorMessages": [...], "errors": {"field": "..."}}`; 429 has a
Retry-After. A summary has at most 255 characters and no line break.

Must not be here: addresses, credentials and texts of one kind (`destinations.jira`, `destinations.jira_dc`).
"""

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from spawngate.routing.destination import (
    Answer,
    Context,
    Exchange,
    Failed,
    HttpAnswer,
    HttpRequest,
    Outcome,
    Outgoing,
    http_outcome,
)
from spawngate.routing.facts import decode
from spawngate.routing.notice import Notice, counted, cut, headline

SUMMARY = 255
LABEL = "spawngate"
MARK = "[Spawngate]"
"""Begins every summary of ours; one that begins otherwise was rewritten by somebody and stays."""
LAG = 30.0
"""Seconds until a search finds what was just created: the least pause after a create whose answer was lost."""
PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_SETTING_FIELDS = frozenset(("project", "issuetype", "labels", "pid"))
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,63}-[0-9]{1,12}")

Step = Generator[Outgoing, Answer, Any]


@dataclass(frozen=True, slots=True)
class Tracker:
    """What differs between the kinds of Jira."""

    base: str
    """Address with the version of the API, without a slash at its end."""
    headers: tuple[tuple[str, str], ...]
    project: str
    issue_type: str
    search_path: str
    document: Callable[[Notice], Any]
    """A notice as a description or comment."""
    priorities: Mapping[str, str]
    """Severity -> name of a priority."""
    fields: Mapping[str, Any]
    """Further fields of a new issue."""
    labels: tuple[str, ...]
    close_transition: str
    """Name or id; empty: whichever leads to done."""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue that is there."""

    key: str
    summary: str = ""
    done: bool = False


class _Stopped(Exception):
    """A step whose answer ends the exchange."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


def exchange(tracker: Tracker, notice: Notice, context: Context) -> Exchange:
    """Everything that one notice needs, a request at a time."""
    try:
        return (yield from _conversation(tracker, notice, context))
    except _Stopped as stopped:
        return stopped.outcome


def _conversation(tracker: Tracker, notice: Notice, context: Context) -> Exchange:
    issue = yield from _find(tracker, notice, context)
    if notice.kind == "closed":
        if issue is None:
            return Outcome("delivered", "there is no open issue")
        yield from _comment(tracker, issue, notice, context)
        said = yield from _close(tracker, issue, context)
        return Outcome("delivered", f"{issue.key}: {said}")
    if issue is None:
        issue = yield from _create(tracker, notice, context)
        said = "created"
    else:
        yield from _comment(tracker, issue, notice, context)
        yield from _count(tracker, issue, notice)
        said = "commented"
    if notice.kind == "test":
        said = yield from _close(tracker, issue, context)
    return Outcome("delivered", f"{issue.key}: {said}", remember={"issue": issue.key})


def _find(tracker: Tracker, notice: Notice, context: Context) -> Generator[Outgoing, Answer, Issue | None]:
    """The oldest open issue of this group."""
    jql = (
        f'project = "{tracker.project}" AND labels = "{label(notice)}" AND statusCategory != Done ORDER BY created ASC'
    )
    body = {"jql": jql, "fields": ["status", "summary"], "maxResults": 5}
    given = yield from _asked(tracker, "POST", tracker.search_path, body, context)
    found = given.get("issues")
    if not isinstance(found, list):
        raise _Stopped(Outcome("retry", "this is no answer of Jira's search", blame="setting"))
    issues = [issue for issue in map(_issue, found) if issue is not None]
    if issues:
        return issues[0]
    known = context.remembered.get("issue", "")
    if not _KEY.fullmatch(known):
        return None
    answer = yield _request(tracker, "GET", f"/issue/{known}?fields=status,summary")
    if isinstance(answer, HttpAnswer) and answer.status in (403, 404):
        return None
    _good(answer, context)
    assert isinstance(answer, HttpAnswer)
    issue = _issue(decode(answer.body))
    return None if issue is None or issue.done else issue


def _create(tracker: Tracker, notice: Notice, context: Context) -> Generator[Outgoing, Answer, Issue]:
    fields: dict[str, Any] = {
        **tracker.fields,
        "project": {"key": tracker.project},
        "issuetype": {"name": tracker.issue_type},
        "summary": summary(notice),
        "description": tracker.document(notice),
        "labels": [LABEL, label(notice), *tracker.labels],
    }
    priority = tracker.priorities.get(notice.severity)
    if priority:
        fields["priority"] = {"name": priority}
    answer = yield _request(tracker, "POST", "/issue", {"fields": fields})
    if "priority" in fields and isinstance(answer, HttpAnswer) and _only(answer, "priority"):
        # Not every project has the field on its screen, and names of priorities are the site's own.
        del fields["priority"]
        answer = yield _request(tracker, "POST", "/issue", {"fields": fields})
    outcome = _meaning(answer, context)
    if outcome.state == "retry" and (isinstance(answer, Failed) or answer_is_doubtful(answer)):
        # It may have been created: the next attempt searches first, and not before the index has it.
        raise _Stopped(Outcome("retry", outcome.reason, max(LAG, outcome.after or 0.0), outcome.blame, outcome.items))
    _good(answer, context)
    assert isinstance(answer, HttpAnswer)
    key = decode(answer.body).get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise _Stopped(Outcome("retry", "this is no answer of Jira to a new issue", LAG, "setting"))
    return Issue(key, str(fields["summary"]))


def answer_is_doubtful(answer: Answer) -> bool:
    """Whether a request may have been carried out although its answer is an error."""
    return isinstance(answer, HttpAnswer) and answer.status in (408, 500, 502, 503, 504)


def _comment(tracker: Tracker, issue: Issue, notice: Notice, context: Context) -> Step:
    """A comment, unless an attempt before has already made it."""
    if context.attempt > 1:
        answer = yield _request(tracker, "GET", f"/issue/{issue.key}/comment?orderBy=-created&maxResults=20")
        if isinstance(answer, HttpAnswer) and answer.status == 200 and notice.id.encode() in answer.body:
            return
    yield from _asked(
        tracker, "POST", f"/issue/{issue.key}/comment", {"body": tracker.document(notice)}, context, issue=issue
    )


def _count(tracker: Tracker, issue: Issue, notice: Notice) -> Step:
    """The counts in the summary, where it is still ours. That it cannot be edited hurts nobody."""
    wanted = summary(notice)
    if issue.summary.startswith(MARK) and issue.summary != wanted:
        yield _request(tracker, "PUT", f"/issue/{issue.key}", {"fields": {"summary": wanted}})


def _close(tracker: Tracker, issue: Issue, context: Context) -> Generator[Outgoing, Answer, str]:
    given = yield from _asked(tracker, "GET", f"/issue/{issue.key}/transitions", None, context, issue=issue)
    found = given.get("transitions")
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one.get("id"), str) and _closes(one, tracker.close_transition):
            body = {"transition": {"id": one["id"]}}
            yield from _asked(tracker, "POST", f"/issue/{issue.key}/transitions", body, context, issue=issue)
            return "closed"
    return "has no transition that closes it; commented"


def _closes(transition: Mapping[str, Any], wanted: str) -> bool:
    if wanted:
        return wanted == transition["id"] or wanted.casefold() == str(transition.get("name", "")).casefold()
    to = transition.get("to")
    category = to.get("statusCategory") if isinstance(to, Mapping) else None
    return isinstance(category, Mapping) and category.get("key") == "done"


def label(notice: Notice) -> str:
    """The label by which a group's issue is found again."""
    return f"{LABEL}-{notice.key}"


def summary(notice: Notice) -> str:
    """Of the issue: what it is about, and how much."""
    about = headline(notice) if notice.kind in ("test", "digest") else f"{MARK} ({notice.severity}) {notice.title}"
    # What is new since the last notice belongs into a comment; the summary says how it stands.
    counts = counted(msgspec.structs.replace(notice, fresh=notice.total)) if notice.kind != "test" else ""
    room = SUMMARY - len(counts) - 3
    text = f"{cut(about, max(room, 60))} - {counts}" if counts else about
    return cut(" ".join(text.split()), SUMMARY)


# Requests and answers -------------------------------------------------------------------------------------------------


def _request(tracker: Tracker, method: str, path: str, body: Any = None) -> HttpRequest:
    content = b"" if body is None else msgspec.json.encode(body)
    kind = (("content-type", "application/json"),) if content else ()
    headers = (("accept", "application/json"), *kind, *tracker.headers)
    return HttpRequest(method, f"{tracker.base}{path}", headers, content)


def _asked(
    tracker: Tracker, method: str, path: str, body: Any, context: Context, issue: Issue | None = None
) -> Generator[Outgoing, Answer, Mapping[str, Any]]:
    answer = yield _request(tracker, method, path, body)
    if issue is not None and isinstance(answer, HttpAnswer) and answer.status == 404:
        # It was deleted or moved away between the search and now. The next attempt finds or makes another.
        raise _Stopped(Outcome("retry", f"{issue.key} is gone", remember={"issue": ""}))
    _good(answer, context)
    assert isinstance(answer, HttpAnswer)
    return decode(answer.body)


def _good(answer: Answer, context: Context) -> None:
    outcome = _meaning(answer, context)
    if outcome.state != "delivered":
        raise _Stopped(outcome)


def _meaning(answer: Answer, context: Context) -> Outcome:
    if not isinstance(answer, HttpAnswer):
        return http_outcome(answer)
    said = _said(answer)
    outcome = http_outcome(answer, said, context.now)
    if answer.status == 400 and (_errors(answer) & _SETTING_FIELDS or "field 'project'" in said.casefold()):
        return Outcome("retry", outcome.reason, blame="setting")
    return outcome


def _errors(answer: HttpAnswer) -> set[str]:
    errors = decode(answer.body).get("errors")
    return set(errors) if isinstance(errors, dict) else set()


def _only(answer: HttpAnswer, field: str) -> bool:
    return answer.status == 400 and _errors(answer) == {field}


def _said(answer: HttpAnswer) -> str:
    """Jira's own words: they name fields, and never what was sent."""
    given = decode(answer.body)
    messages, errors = given.get("errorMessages"), given.get("errors")
    words = [str(each) for each in messages] if isinstance(messages, list) else []
    if isinstance(errors, dict):
        words += [f"{name}: {problem}" for name, problem in sorted(errors.items())]
    return cut("; ".join(words), 300)


def _issue(given: Any) -> Issue | None:
    if not isinstance(given, Mapping):
        return None
    key, fields = given.get("key"), given.get("fields")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return None
    values = fields if isinstance(fields, Mapping) else {}
    status = values.get("status")
    category = status.get("statusCategory") if isinstance(status, Mapping) else None
    done = isinstance(category, Mapping) and category.get("key") == "done"
    return Issue(key, str(values.get("summary") or ""), done)
