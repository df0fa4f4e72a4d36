"""STUB of Jira, Cloud (v3, ADF) and Data Center (v2, wiki markup): issues, search by label, comments, transitions.

Sources: developer.atlassian.com Jira Cloud REST v3 ("Issues", "Issue search": /search/jql, 410 for the old /search;
errors `errorMessages`/`errors`; rate limits 429 with Retry-After), "Atlassian Document Format: structure" (text nodes
not empty, codeBlock without marks, marks known), docs.atlassian.com Data Center REST v2; summary 255 characters without
a line break, texts 32,767, labels without blanks. What it cannot show: workflows and screens of a real site.
"""

import base64
import json
import re
from typing import Any

from tests.stubs.http import Asked, Reply, Stub

USER, TOKEN = "bot@example.com", "jira-token"
_JQL = re.compile(r'project = "(\w+)" AND labels = "([\w-]+)" AND statusCategory != Done ORDER BY created ASC')
_BLOCKS = {"paragraph", "heading", "bulletList", "orderedList", "codeBlock", "rule", "blockquote", "panel", "table"}


class JiraStub(Stub):
    """`issues`: by key, with their comments. `lag`: searches that do not find what is new, before the index has it."""

    def __init__(self, *, cloud: bool = True, priorities: bool = True, lag: int = 0) -> None:
        super().__init__(self.jira)
        self.cloud, self.priorities, self.lag = cloud, priorities, lag
        self.issues: dict[str, dict[str, Any]] = {}
        self.base = "/rest/api/3" if cloud else "/rest/api/2"
        pair = base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
        self.authorization = f"Basic {pair}" if cloud else f"Bearer {TOKEN}"

    def jira(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != self.authorization:
            return errors(401, ["You do not have the permission to see the specified issue."])
        path, _, _ = asked.path.partition("?")
        if not path.startswith(self.base):
            return errors(404, ["null for uri"])
        parts = path.removeprefix(self.base).strip("/").split("/")
        try:
            body = asked.json if asked.body else {}
        except json.JSONDecodeError:
            return errors(400, ["There was an error parsing JSON."])
        match asked.method, parts:
            case "POST", ["search", "jql"] if self.cloud:
                return self.search(body)
            case "POST", ["search"]:
                return errors(410, ["The requested API has been removed."]) if self.cloud else self.search(body)
            case "POST", ["issue"]:
                return self.create(body)
            case _, ["issue", key, *_] if key not in self.issues:
                return errors(404, ["Issue does not exist or you do not have permission to see it."])
            case "GET", ["issue", key]:
                return Reply(200, self.shown(key))
            case "PUT", ["issue", key]:
                return self.edit(key, body)
            case "GET", ["issue", key, "comment"]:
                return Reply(200, {"comments": [{"body": each} for each in reversed(self.issues[key]["comments"])]})
            case "POST", ["issue", key, "comment"]:
                problem = self.text_problem(body.get("body"))
                if problem:
                    return errors(400, [], {"comment": problem})
                self.issues[key]["comments"].append(body["body"])
                return Reply(201, {"id": str(len(self.issues[key]["comments"]))})
            case "GET", ["issue", key, "transitions"]:
                return Reply(200, {"transitions": TRANSITIONS})
            case "POST", ["issue", key, "transitions"]:
                chosen = [one for one in TRANSITIONS if one["id"] == body.get("transition", {}).get("id")]
                if not chosen:
                    return errors(400, ["It seems that you have tried to perform an illegal workflow operation."])
                self.issues[key]["status"] = chosen[0]["to"]
                return Reply(204)
        return errors(405, ["Method not allowed"])

    def search(self, body: dict[str, Any]) -> Reply:
        match = _JQL.fullmatch(body.get("jql", ""))
        if match is None:
            return errors(400, ["Error in the JQL Query."])
        if self.lag:
            self.lag -= 1
            return Reply(200, {"issues": [], "isLast": True})
        found = [
            self.shown(key)
            for key, issue in self.issues.items()
            if match[2] in issue["labels"] and issue["status"]["statusCategory"]["key"] != "done"
        ]
        return Reply(200, {"issues": found[: body.get("maxResults", 50)], "isLast": True})

    def shown(self, key: str) -> dict[str, Any]:
        issue = self.issues[key]
        return {"id": key[4:], "key": key, "fields": {"status": issue["status"], "summary": issue["summary"]}}

    def create(self, body: dict[str, Any]) -> Reply:
        fields = body.get("fields", {})
        wrong: dict[str, str] = {}
        if fields.get("project") != {"key": "SEC"}:
            wrong["project"] = "valid project is required"
        if fields.get("issuetype", {}).get("name") not in ("Task", "Bug"):
            wrong["issuetype"] = "Specify a valid issue type"
        if "priority" in fields and not self.priorities:
            wrong["priority"] = "Field 'priority' cannot be set. It is not on the appropriate screen, or unknown."
        if any(" " in label or len(label) > 255 for label in fields.get("labels", [])):
            wrong["labels"] = "The label contains spaces which is invalid."
        wrong |= {"summary": problem} if (problem := summary_problem(fields.get("summary"))) else {}
        wrong |= {"description": problem} if (problem := self.text_problem(fields.get("description"))) else {}
        if wrong:
            return errors(400, [], wrong)
        key = f"SEC-{len(self.issues) + 1}"
        self.issues[key] = {
            **fields,
            "comments": [],
            "status": {"name": "To Do", "statusCategory": {"key": "new"}},
        }
        return Reply(201, {"id": key[4:], "key": key, "self": f"https://stub{self.base}/issue/{key}"})

    def edit(self, key: str, body: dict[str, Any]) -> Reply:
        summary = body.get("fields", {}).get("summary")
        problem = summary_problem(summary)
        if problem:
            return errors(400, [], {"summary": problem})
        self.issues[key]["summary"] = summary
        return Reply(204)

    def text_problem(self, given: Any) -> str:
        """What is wrong with a description or comment."""
        if not self.cloud:
            if not isinstance(given, str):
                return "Operation value must be a string"
            return "The entered text is too long." if len(given) > 32_767 else ""
        if not isinstance(given, dict) or given.get("type") != "doc" or given.get("version") != 1:
            return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        if len("".join(texts(given))) > 32_767:
            return "The entered text is too long."
        return "INVALID_INPUT" if not all(block(each) for each in given.get("content", [])) else ""


TRANSITIONS: list[dict[str, Any]] = [
    {"id": "11", "name": "Start", "to": {"name": "In Progress", "statusCategory": {"key": "indeterminate"}}},
    {"id": "31", "name": "Done", "to": {"name": "Done", "statusCategory": {"key": "done"}}},
    {"id": "41", "name": "Won't do", "to": {"name": "Rejected", "statusCategory": {"key": "done"}}},
]


def summary_problem(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        return "You must specify a summary of the issue."
    if "\n" in given or "\r" in given:
        return "The summary is invalid because it contains newline characters."
    return "Summary must be less than 255 characters." if len(given) > 255 else ""


def block(node: Any) -> bool:
    """Whether a block of a document is one, as far as the types that occur are concerned."""
    kind, content = node.get("type"), node.get("content", [])
    if kind not in _BLOCKS:
        return False
    if kind == "bulletList":
        return bool(content) and all(
            item.get("type") == "listItem" and item.get("content") and all(map(block, item["content"]))
            for item in content
        )
    if kind == "codeBlock":
        return all(each.get("type") == "text" and each.get("text") and "marks" not in each for each in content)
    return all(text(each) for each in content)


def text(node: Any) -> bool:
    if node.get("type") != "text" or not node.get("text") or set(node) - {"type", "text", "marks"}:
        return False
    marks = [mark["type"] for mark in node.get("marks", [])]
    return all(mark in ("strong", "em", "code", "link") for mark in marks) and not (
        "code" in marks and "strong" in marks
    )


def texts(node: Any) -> list[str]:
    """Every text of a document."""
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == "text" else []
        return own + [found for each in node.get("content", []) for found in texts(each)]
    return []


def errors(status: int, messages: list[str], fields: dict[str, str] | None = None) -> Reply:
    return Reply(status, {"errorMessages": messages, "errors": fields or {}})
