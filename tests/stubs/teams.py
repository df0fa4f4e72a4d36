"""STUB of a workflow of Microsoft Teams that posts an Adaptive Card.

Sources: learn.microsoft.com "Create incoming webhooks with Workflows" (a message with attachments of content type
application/vnd.microsoft.card.adaptive; no MessageCard; 202), "Cards reference" (28 KB), errors of Logic Apps
(`{"error": {"code", "message"}}`), adaptivecards.io explorer, read 2026-11.
"""

import json
from typing import Any

from tests.stubs.http import Asked, Reply, Stub

PATH = "/workflows/stub/triggers/manual/paths/invoke?sig=stub"
_BLOCKS = {"RichTextBlock", "TextBlock", "FactSet", "Container", "ColumnSet"}


class TeamsStub(Stub):
    """`cards` are what was posted."""

    def __init__(self) -> None:
        super().__init__(self.teams)
        self.cards: list[dict[str, Any]] = []
        self.enabled = True

    def teams(self, asked: Asked) -> Reply:
        if asked.path != PATH:
            return error(401, "DirectApiAuthorizationRequired")
        if not self.enabled:
            return error(400, "WorkflowTriggerIsNotEnabled")
        if len(asked.body) > 28 * 1024:
            return error(413, "RequestEntityTooLarge")
        try:
            message = asked.json
            (attachment,) = message["attachments"]
            card = attachment["content"]
        except (json.JSONDecodeError, KeyError, ValueError, TypeError):
            return error(400, "InvalidRequestContent")
        if message["type"] != "message" or attachment["contentType"] != "application/vnd.microsoft.card.adaptive":
            return error(400, "InvalidRequestContent")
        if card["type"] != "AdaptiveCard" or card["version"] not in ("1.2", "1.3", "1.4", "1.5"):
            return error(400, "InvalidRequestContent")
        for block in card["body"]:
            runs = block.get("inlines", [])
            if block["type"] not in _BLOCKS or not all(run["type"] == "TextRun" and run["text"] for run in runs):
                return error(400, "InvalidRequestContent")
        self.cards.append(card)
        return Reply(202, b"")


def error(status: int, code: str) -> Reply:
    return Reply(status, {"error": {"code": code, "message": f"The request failed: {code}."}})
