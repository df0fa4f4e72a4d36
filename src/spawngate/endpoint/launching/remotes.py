"""SHELL. One start of a remote server, which is no process: what the proxy names, understood like any other launch.

Nothing is contacted and no file is looked at. The identity of a remote server is its address without credentials and
the names of its headers; what answers there is pinned by its tools.
Must not be here: local starts (`starts`), the decision (`service`), the proxy (`endpoint.proxy`).
"""

from spawngate.agents.document import Platform
from spawngate.endpoint.launching.approvals import Watched
from spawngate.endpoint.launching.known import Entry
from spawngate.endpoint.launching.requests import MAX_NAME, Start
from spawngate.endpoint.launching.resolve import Found
from spawngate.endpoint.launching.starts import Looked
from spawngate.launch.definition import Definition
from spawngate.launch.identity import Identity, Resolved, identity_of, plain_marks
from spawngate.launch.surroundings import Surroundings
from spawngate.launch.understand import understand
from spawngate.policy.approvals import standing
from spawngate.redact.artifact import is_credential
from spawngate.redact.redactor import Redactor


def look_remote(
    asked: Start,
    entry: Entry | None,
    approvals: Watched,
    redactor: Redactor,
    key: bytes,
    now: str,
    *,
    platform: Platform,
) -> Looked:
    """Everything about a remote start but the decision."""
    known = entry is not None
    entry = entry or Entry(asked.id[:MAX_NAME], "", asked.id[:MAX_NAME])
    definition = Definition(
        url=asked.url,
        header_names=tuple(sorted(name[:MAX_NAME] for name in asked.header_names)),
        platform=platform,
        agent=entry.agent,
    )
    redacted = redactor.url(asked.url)
    identity = remote_identity(definition, redactor, key)
    return Looked(
        asked=asked,
        entry=entry,
        known=known,
        definition=definition,
        surroundings=Surroundings(),
        facts=understand(definition),
        found=Found(_NOTHING_LOCAL, redacted.text),
        cwd="",
        identity=identity,
        standing=standing(approvals.now(), entry.id, identity, now),
        drop=(),
        shown=redacted.text[:1_000],
    )


_NOTHING_LOCAL = Resolved(programs=(), scripts=())


def remote_identity(definition: Definition, redactor: Redactor, key: bytes) -> Identity:
    """The identity of a definition with an address."""
    redacted = redactor.url(definition.url or "")
    credentials = [
        f"[secret:{secret.type}:{secret.fingerprint}]" for secret in redacted.secrets if is_credential(secret)
    ]
    headers = [redactor.text(name).text for name in definition.header_names]
    return identity_of(
        plain_marks(redacted.text, credentials),
        headers,
        understand(definition),
        _NOTHING_LOCAL,
        environment={},
        session={},
        cwd=None,
        key=key,
    )
