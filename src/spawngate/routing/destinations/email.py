"""Email: one mail in text and HTML for each notice, over SMTP with STARTTLS or TLS.

Formats: RFC 5322 and 2045-2047 (the library of Python writes them; its policy `SMTP` folds and encodes headers and
refuses line breaks in them), RFC 3834 (Auto-Submitted, so that nobody's holiday answers), RFC 5321 (addresses).
A group's mails are one thread: the first has the Message-ID of its key, later ones refer to it.
Must not be here: the dialogue with the server (`server.deliver.smtp`), counts, when.
"""

import hashlib
import html
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from spawngate.report.terminal import escape
from spawngate.routing.addresses import is_host
from spawngate.routing.destination import Answer, Context, Destination, Done, Exchange, Failed, Mail, Outcome, failed
from spawngate.routing.notice import Notice, counted, cut, details, headline, part_words, sample_words
from spawngate.routing.settings import Secret, Settings

SUBJECT = 200
PENDING = "pending"
"""Remembered: the id of a notice and the addresses that it is still for."""
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_URGENT = {"critical": "1", "high": "2"}
_STYLE = "font-family:sans-serif;font-size:14px;color:#222"
_CODE = "font-family:monospace;font-size:13px;white-space:pre-wrap;word-break:break-word;background:#f4f4f4;padding:4px"


class EmailSettings(Settings, frozen=True, kw_only=True):
    """A mail server, and who gets the mails."""

    host: str
    to: tuple[str, ...]
    sender: str
    """Address that mails come from."""
    port: int = 587
    security: Literal["starttls", "tls", "plain"] = "starttls"
    """`starttls` never goes on without TLS. `plain` is for a relay on this machine and takes no password."""
    user: str = ""
    password: Secret = ""

    def problems(self) -> dict[str, str]:
        """Wrong settings by name."""
        found = dict(Settings.problems(self))
        if not is_host(self.host):
            found["host"] = "must be a host's name or address"
        if not 0 < self.port < 65536:
            found["port"] = "must be between 1 and 65535"
        if not is_address(self.sender):
            found["sender"] = "must be a mail address: spawngate@example.com"
        if not 1 <= len(self.to) <= 100:
            found["to"] = "give one to a hundred mail addresses"
        for index, address in enumerate(self.to):
            if not is_address(address):
                found[f"to[{index}]"] = "must be a mail address: security@example.com"
        if bool(self.user) != bool(self.password):
            found["user" if self.password else "password"] = "user and password belong together"
        elif self.password and self.security == "plain":
            found["security"] = "a password is never sent without TLS"
        if self.proxy:
            found["proxy"] = "mail does not go through a proxy"
        return found


def is_address(text: str) -> bool:
    """Whether a text is a plain mail address (a dot-atom at a host), without a name and without quoting."""
    local, at, host = text.rpartition("@")
    good = bool(at) and _LOCAL.fullmatch(local) is not None and is_host(host)
    return good and not (local.startswith(".") or local.endswith(".") or ".." in local)


def exchange(settings: EmailSettings, notice: Notice, context: Context) -> Exchange:
    """One mail. Recipients that were refused for now are tried again, and only these."""
    id, *left = context.remembered.get(PENDING, "").split(" ")
    answer = yield render(settings, notice, context, tuple(left) if id == notice.id else settings.to)
    return read(answer, notice)


def render(
    settings: EmailSettings, notice: Notice, context: Context, recipients: tuple[str, ...] | None = None
) -> Mail:
    """The whole mail, for these recipients. Its headers name all of them."""
    host = settings.sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Spawngate", addr_spec=settings.sender)
    message["To"] = [Address(addr_spec=address) for address in settings.to]
    # `escape` once more: a header must not hold a line break, whoever made the notice.
    message["Subject"] = escape(cut(f"{headline(notice)} - {counted(notice)}", SUBJECT))
    message["Date"] = format_datetime(datetime.fromisoformat(context.now))
    # The same over attempts: mail servers and clients drop what comes twice.
    message["Message-ID"] = f"<{notice.id}@{host}>"
    thread = f"<{notice.key}@{host}>"
    message["References"] = thread
    message["In-Reply-To"] = thread
    message["Auto-Submitted"] = "auto-generated"
    message["X-Spawngate-Route"] = escape(notice.route)
    message["X-Spawngate-Notice"] = notice.id
    if notice.severity in _URGENT and notice.kind != "test":
        message["X-Priority"] = _URGENT[notice.severity]
    message.set_content(text(notice), charset="utf-8", cte="quoted-printable")
    message.add_alternative(page(notice), subtype="html", charset="utf-8", cte="quoted-printable")
    # Boundaries are random in the library; one that the content decides makes the mail a function of its input.
    message.set_boundary(f"=-{hashlib.sha256(notice.id.encode()).hexdigest()[:40]}")
    return Mail(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        sender=settings.sender,
        recipients=settings.to if recipients is None else recipients,
        message=message.as_bytes(),
        user=settings.user,
        password=settings.password,
    )


def text(notice: Notice) -> str:
    """The part in plain text."""
    lines = [headline(notice), "", counted(notice), ""]
    if notice.kind != "test":
        lines.extend(f"{name}: {value}" for name, value in details(notice))
    if notice.parts:
        lines += ["", *(f"* {part_words(part)}" for part in notice.parts)]
        lines += [f"... and {notice.parts_left:,} more groups"] if notice.parts_left else []
    for sample in notice.samples:
        lines += ["", sample_words(sample), f"    {sample.line}"]
    lines += ["", f"Open in Spawngate: {notice.link}"] if notice.link else []
    return "\n".join([*lines, "", f"-- \nSpawngate notice {notice.id}", ""])


def page(notice: Notice) -> str:
    """The part in HTML: no image, no script, nothing from elsewhere; every value escaped."""
    rows = [f"<h2>{_e(headline(notice))}</h2>", f"<p><strong>{_e(counted(notice))}</strong></p>"]
    if notice.kind != "test":
        cells = "".join(
            f'<tr><td style="padding-right:12px"><b>{_e(name)}</b></td><td>{_e(value)}</td></tr>'
            for name, value in details(notice)
        )
        rows.append(f"<table>{cells}</table>")
    if notice.parts:
        more = f"<li>and {notice.parts_left:,} more groups</li>" if notice.parts_left else ""
        rows.append(f"<ul>{''.join(f'<li>{_e(part_words(part))}</li>' for part in notice.parts)}{more}</ul>")
    rows.extend(
        f'<p>{_e(sample_words(sample))}<br><span style="{_CODE}">{_e(sample.line)}</span></p>'
        for sample in notice.samples
    )
    if notice.link:
        rows.append(f'<p><a href="{_e(notice.link)}">Open in Spawngate</a></p>')
    rows.append(f'<p style="color:#888">Spawngate notice {_e(notice.id)}</p>')
    body = "\n".join(rows)
    return f'<!doctype html>\n<html lang="en"><body style="{_STYLE}">\n{body}\n</body></html>\n'


def _e(value: str) -> str:
    return html.escape(value, quote=True)


def read(answer: Answer, notice: Notice) -> Outcome:
    """What the dialogue came to. Recipients that were refused for good, while others were taken, are named."""
    if isinstance(answer, Done):
        said = "; ".join(f"{address}: {words}" for address, words in answer.refused)
        later = [address for address, words in answer.refused if words.startswith("4")]
        if later:
            return Outcome("retry", cut(said, 500), remember={PENDING: " ".join((notice.id, *later))})
        return Outcome("delivered", cut(f"taken; not for {said}" if said else "taken", 500))
    if isinstance(answer, Failed):
        return failed(answer)
    return Outcome("retry", "this is no answer of a mail server", blame="destination")


DESTINATION = Destination("email", "notify", EmailSettings, exchange, "Email (SMTP)")
