"""Microsoft Teams: a workflow that is started by "When a Teams webhook request is received", with an Adaptive Card.

Format: learn.microsoft.com "Create incoming webhooks with Workflows for Microsoft Teams" and "Cards: size" (a message
with its attachment has at most 28 KB; cards only, no MessageCard; throttled with 429), adaptivecards.io schema 1.5
(TextBlock knows some Markdown, also in facts), read 2026-11. The old connectors of Office 365 are retired.

Markdown in cards has no escape that every client honours, so untrusted text stands in `RichTextBlock`/`TextRun`, which
knows none.
Must not be here: sending.
"""

from typing import Any

import msgspec

from spawngate.routing.destination import Answer, Context, Destination, Exchange, HttpAnswer, HttpRequest, Outcome
from spawngate.routing.destination import interface_outcome as usual
from spawngate.routing.facts import decode
from spawngate.routing.notice import Notice, counted, cut, details, headline, part_words, sample_words
from spawngate.routing.settings import Secret, Settings, url_problem

LARGEST = 28 * 1024
_COLOURS = {"critical": "Attention", "high": "Attention", "medium": "Warning", "low": "Default", "info": "Default"}


class TeamsSettings(Settings, frozen=True, kw_only=True):
    """The address that the workflow shows."""

    url: Secret
    """It holds a signature: whoever has it can post."""

    def problems(self) -> dict[str, str]:
        """Wrong settings by name."""
        found = dict(Settings.problems(self))
        if url_problem(self.url):
            found["url"] = url_problem(self.url)
        return found


def exchange(settings: TeamsSettings, notice: Notice, context: Context) -> Exchange:
    """One message."""
    answer = yield render(settings, notice)
    return read(answer, context)


def render(settings: TeamsSettings, notice: Notice) -> HttpRequest:
    """The whole request, with as many samples as there is room for."""
    lines = [part_words(part) for part in notice.parts]
    if notice.parts_left:
        lines.append(f"… and {notice.parts_left:,} more groups")
    if not lines:
        lines = [f"{sample_words(sample)}: {sample.line}" for sample in notice.samples]
    while True:
        body = msgspec.json.encode(message(notice, lines))
        if len(body) <= LARGEST or not lines:
            return HttpRequest("POST", settings.url, (("content-type", "application/json"),), body)
        lines.pop()


def message(notice: Notice, lines: list[str]) -> dict[str, Any]:
    """A message with one card."""
    body: list[dict[str, Any]] = [
        _text(cut(headline(notice), 300), size="Large", weight="Bolder", color=_COLOURS[notice.severity]),
        _text(counted(notice), weight="Bolder"),
    ]
    if notice.kind != "test":
        body.extend(_row(name, value) for name, value in details(notice))
    body.extend(_text(cut(line, 600), fontType="Monospace", size="Small") for line in lines)
    body.append(_text(notice.id, size="Small", isSubtle=True))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "msteams": {"width": "Full"},
        "body": body,
    }
    if notice.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open in Spawngate", "url": notice.link}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _text(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text or "-", **style}]}


def _row(name: str, value: str) -> dict[str, Any]:
    bold = {"type": "TextRun", "text": f"{name}: ", "weight": "Bolder"}
    plain = {"type": "TextRun", "text": cut(value, 300) or "-"}
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": [bold, plain]}


def read(answer: Answer, context: Context) -> Outcome:
    """What the answer means. A workflow answers 202 before it has run: that Teams refuses a card later is not seen."""
    if not isinstance(answer, HttpAnswer):
        return usual(answer)
    error = decode(answer.body).get("error")
    word = str(error.get("code", "")) if isinstance(error, dict) else ""
    if word in ("WorkflowTriggerIsNotEnabled", "DirectApiAuthorizationRequired", "AuthorizationFailed"):
        return Outcome("retry", word, blame="setting")
    return usual(answer, cut(word, 100), context.now)


DESTINATION = Destination("teams", "notify", TeamsSettings, exchange, "Microsoft Teams (workflow)", spacing=0.25)
