"""Slack: incoming webhooks and chat.postMessage, in Block Kit.

Formats: docs.slack.dev, "Sending messages using incoming webhooks", "chat.postMessage", "Block Kit: blocks" (50 blocks
a message, header 150 characters, section text 3,000, ten fields of 2,000, ten context elements), "Formatting message
text" (only & < > are escaped), "Rate limits" (one message a second and channel, 429 with Retry-After), read 2026-11.

Untrusted text stands in code spans with & < > escaped and backticks replaced, so it can neither mention anybody, nor
link, nor end the span; `verbatim` and `parse: none` keep Slack from finding links and names by itself.
With a token, later notices of a group are answers in the thread of the first.
Must not be here: sending, counts, when.
"""

from typing import Any

import msgspec

from spawngate.routing.destination import (
    Answer,
    Blame,
    Context,
    Destination,
    Exchange,
    HttpAnswer,
    HttpRequest,
    Outcome,
    http_outcome,
    retry_after,
)
from spawngate.routing.facts import decode
from spawngate.routing.notice import Notice, counted, cut, details, headline, part_words, sample_words
from spawngate.routing.settings import Secret, Settings, url_problem

BLOCKS, HEADER, TEXT, FIELDS, FIELD = 50, 150, 3_000, 10, 2_000
FALLBACK = 4_000
"""Characters of `text`, which notifications show; Slack cuts at 40,000 and asks for no more than 4,000."""
_SETTING = frozenset(
    (
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "no_permission",
        "missing_scope",
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "team_access_not_granted",
        "access_denied",
        "not_allowed_token_type",
        "ekm_access_denied",
        "org_login_required",
        "invalid_token",
        "no_service",
        "no_team",
        "action_prohibited",
        "channel_is_archived",
        "user_not_found",
        "restricted_action_read_only_channel",
        "posting_to_general_channel_denied",
        "accesslimited",
        "enterprise_is_restricted",
        "no_service_id",
        "team_disabled",
    )
)
"""Errors that somebody has to mend in Slack or in the settings; the message itself is good."""
_LATER = frozenset(
    (
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "rollup_error",
    )
)
_THREAD_GONE = frozenset(("thread_not_found", "invalid_thread_ts", "message_not_found"))


class SlackSettings(Settings, frozen=True, kw_only=True):
    """Either `url`, or `token` and `channel`."""

    url: Secret = ""
    """Of an incoming webhook. It is a secret: whoever has it can post."""
    token: Secret = ""
    """Bot token with `chat:write`."""
    channel: str = ""
    """Id of the channel (C0123456789), or its name."""
    api: str = "https://slack.com/api"
    """For Slack GovCloud: https://slack-gov.com/api."""
    threads: bool = True
    """With a token: later notices of a group go into the thread of its first."""

    def problems(self) -> dict[str, str]:
        """Wrong settings by name."""
        found = dict(Settings.problems(self))
        if bool(self.url) == bool(self.token):
            found["url"] = "give either url, or token and channel"
        if self.url and url_problem(self.url):
            found["url"] = url_problem(self.url)
        if self.token and not self.channel:
            found["channel"] = "is needed with a token"
        if url_problem(self.api):
            found["api"] = url_problem(self.api)
        if self.token and not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
            found["token"] = "must be of printable ASCII without blanks"
        return found


def exchange(settings: SlackSettings, notice: Notice, context: Context) -> Exchange:
    """One message; without the thread where that is gone."""
    thread = context.remembered.get("ts", "") if settings.threads else ""
    answer = yield render(settings, notice, thread)
    outcome = read(answer, context)
    if thread and outcome.reason in _THREAD_GONE:
        answer = yield render(settings, notice, "")
        outcome = read(answer, context)
    return outcome


def render(settings: SlackSettings, notice: Notice, thread: str = "") -> HttpRequest:
    """The whole request."""
    body: dict[str, Any] = {
        "text": escape(cut(f"{headline(notice)}\n{counted(notice)}", FALLBACK // 6)),
        "blocks": blocks(notice),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    headers = [("content-type", "application/json; charset=utf-8")]
    url = settings.url
    if settings.token:
        url = f"{settings.api.rstrip('/')}/chat.postMessage"
        headers.append(("authorization", f"Bearer {settings.token}"))
        body |= {
            "channel": settings.channel,
            "parse": "none",
            "link_names": False,
            "metadata": {
                "event_type": "spawngate_notice",
                "event_payload": {"id": notice.id, "key": notice.key, "route": notice.route, "kind": notice.kind},
            },
        }
        if thread:
            body |= {"thread_ts": thread}
    return HttpRequest("POST", url, tuple(headers), msgspec.json.encode(body))


def blocks(notice: Notice) -> list[dict[str, Any]]:
    """The message as blocks, within every limit."""
    found: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(headline(notice), HEADER), "emoji": False}},
        _section(f"*{escape(counted(notice))}*"),
    ]
    if notice.kind != "test":
        fields = [_mrkdwn(f"*{name}*\n{code(cut(value, 300))}") for name, value in details(notice)[:FIELDS]]
        found.append({"type": "section", "fields": fields})
    found.extend(_section(f"• {code(cut(part_words(part), 450))}") for part in notice.parts)
    if notice.parts_left:
        found.append(_section(f"… and {notice.parts_left:,} more groups"))
    found.extend(
        _section(f"{code(cut(sample_words(sample), 250))}\n{code(cut(sample.line, 400))}")
        for sample in (() if notice.parts else notice.samples)
    )
    del found[BLOCKS - 2 :]
    if notice.link:
        button = {"type": "plain_text", "text": "Open in Spawngate", "emoji": False}
        found.append({"type": "actions", "elements": [{"type": "button", "text": button, "url": notice.link}]})
    found.append({"type": "context", "elements": [_mrkdwn(f"{code(notice.id)}")]})
    return found


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def escape(text: str) -> str:
    """Text that cannot begin a mention or a link, and of which nothing becomes bold, struck or code."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # No escape exists for these; a character that looks alike and does nothing stands for them.
    return escaped.translate({ord("*"): "∗", ord("~"): "∼", ord("`"): "ˋ"})


def code(text: str) -> str:
    """Text in a code span. It cannot end the span, and nothing acts inside but & < >."""
    one = " ".join(text.split()) or "-"
    one = one.replace("`", "ˋ").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"`{one}`"


def read(answer: Answer, context: Context) -> Outcome:
    """What Slack's answer means. A webhook says it by status and a word, the API by `ok` and `error`."""
    if not isinstance(answer, HttpAnswer):
        return http_outcome(answer)
    given = decode(answer.body)
    word = str(given.get("error", "")) if given else answer.body[:80].decode("ascii", "replace").strip()
    word = word if word.replace("_", "").isalnum() else ""
    if answer.status == 200 and given.get("ok") is True:
        stamp = given.get("ts")
        known = context.remembered.get("ts")
        return Outcome("delivered", "200", remember={"ts": stamp} if isinstance(stamp, str) and not known else {})
    if answer.status == 200 and not given and word == "ok":
        return Outcome("delivered", "200")
    if answer.status == 200 and not word:
        return Outcome("retry", "this is no answer of Slack", blame="setting")
    if word in _SETTING or word in _LATER:
        blame: Blame = "setting" if word in _SETTING else "destination"
        return Outcome("retry", word, retry_after(answer, context.now), blame)
    if word in _THREAD_GONE or answer.status == 200:
        return Outcome("refused", word, blame="content")
    return http_outcome(answer, word, context.now)


DESTINATION = Destination("slack", "notify", SlackSettings, exchange, "Slack", spacing=1.0)
