"""SHELL. One start: from what the relay tells to its identity, how the approvals stand to it, and what it is not given.

Runs beside the event loop: it reads files. Everything here is total but for what its documentation says.
Must not be here: the decision and the record (`service`), what runs (`resolve`), rules about identities
(`launch.identity`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from spawngate.agents.document import Platform
from spawngate.endpoint.launching.approvals import Watched
from spawngate.endpoint.launching.digests import Digests
from spawngate.endpoint.launching.known import Entry
from spawngate.endpoint.launching.requests import MAX_NAME, Start
from spawngate.endpoint.launching.resolve import Found, resolve
from spawngate.endpoint.surroundings import surroundings_of
from spawngate.launch.argv import word_set
from spawngate.launch.definition import Definition
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.identity import Identity, identity_of, plain_marks
from spawngate.launch.provider_keys import is_provider_key
from spawngate.launch.surroundings import Surroundings
from spawngate.launch.understand import understand
from spawngate.policy.approvals import Standing, standing
from spawngate.redact.artifact import is_credential
from spawngate.redact.marks import Secret
from spawngate.redact.redactor import Redactor

AMBIENT = word_set(
    "path pathext home http_proxy https_proxy all_proxy no_proxy ftp_proxy ssl_cert_file ssl_cert_dir "
    "node_extra_ca_certs requests_ca_bundle curl_ca_bundle npm_config_proxy npm_config_https_proxy npm_config_noproxy "
    "npm_config_cafile uv_native_tls lang lc_all tmpdir"
)
"""Variables of a user's own session that lead traffic or find programs: what they lead to is looked at where it can be,
and where the entry does not set them they are no part of what it would run."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One start, understood."""

    asked: Start
    entry: Entry
    """The known entry; one made up from the request where it is not known."""
    known: bool
    definition: Definition
    surroundings: Surroundings
    facts: LaunchFacts
    found: Found
    cwd: str
    """Where it starts; empty where that is not known."""
    identity: Identity
    standing: Standing
    drop: tuple[str, ...]
    """Variables that the server does not get."""
    shown: str
    """The command line, redacted."""


def look(
    asked: Start,
    entry: Entry | None,
    approvals: Watched,
    digests: Digests,
    redactor: Redactor,
    key: bytes,
    now: str,
    *,
    home: str,
    platform: Platform,
) -> Looked:
    """Everything about a start but the decision."""
    known = entry is not None
    entry = entry or Entry(asked.id[:MAX_NAME], "", asked.id[:MAX_NAME])
    own = frozenset(entry.env_names)
    env = {name: value for name, value in asked.env.items() if len(name) <= MAX_NAME}
    cwd = asked.cwd if os.path.isabs(asked.cwd) else ""
    # The folder that the agent happens to be in is no part of the definition: what lies in it is looked at.
    stated = (entry.cwd if known else cwd) or None
    whole = Definition(asked.command, asked.args, env, stated, platform=platform, agent=entry.agent)
    acting = understand(whole)
    # What loads code and was not put there by the entry came from the agent's own surroundings: it stays behind. What
    # leads package managers elsewhere from there is the person's own setting: it counts, and is not held against the
    # entry.
    foreign = tuple(name for name in acting.env_loads_code if known and name not in own)
    names = (*env, *asked.env_names)
    drop = tuple(dict.fromkeys((*foreign, *(name for name in names if is_provider_key(name) and name not in own))))
    given = {name: value for name, value in env.items() if name not in drop}
    counted = {name: value for name, value in given.items() if name in own or name.lower() not in AMBIENT}
    session = frozenset(name for name in acting.env_redirects if known and name not in own)
    judged = {name: value for name, value in counted.items() if name not in session}
    definition = replace(whole, env=judged)
    surroundings = surroundings_of(replace(definition, cwd=cwd or None))
    facts = understand(definition, surroundings)
    found = resolve(asked.command, asked.args, cwd, given, facts, surroundings, digests)
    foreign_names = session | frozenset(name for name in counted if known and name not in own)
    identity = identified(
        replace(whole, env=counted), facts, found, redactor, key, home=home, cwd=cwd, session=foreign_names
    )
    return Looked(
        asked=asked,
        entry=entry,
        known=known,
        definition=definition,
        surroundings=surroundings,
        facts=facts,
        found=found,
        cwd=cwd,
        identity=identity,
        standing=standing(approvals.now(), entry.id, identity, now),
        drop=drop,
        shown=" ".join((identity.command, *identity.args))[:1_000],
    )


def identified(
    definition: Definition,
    facts: LaunchFacts,
    found: Found,
    redactor: Redactor,
    key: bytes,
    *,
    home: str,
    cwd: str = "",
    session: frozenset[str] = frozenset(),
) -> Identity:
    """The identity of a definition of which it was found out what it runs.

    `cwd`: where it starts; empty: anywhere. `session`: variables that the entry did not set.
    """
    argv = redactor.argv(definition.command, definition.args)
    credentials = _marks(argv.secrets)
    own: dict[str, str] = {}
    others: dict[str, str] = {}
    acting = understand(definition)
    for name in dict.fromkeys((*acting.env_loads_code, *acting.env_redirects)):
        redacted = redactor.env_value(name, definition.env.get(name, ""))
        into = others if name in session else own
        into[redactor.text(name).text] = plain_marks(redacted.text, _marks(redacted.secrets))
    return identity_of(
        plain_marks(argv.command or "", credentials),
        [plain_marks(word, credentials) for word in argv.args],
        facts,
        found.resolved,
        environment=own,
        session=others,
        cwd=redactor.path(cwd).text if cwd else None,
        key=key,
        home=home,
    )


def _marks(secrets: tuple[Secret, ...]) -> list[str]:
    return [f"[secret:{secret.type}:{secret.fingerprint}]" for secret in secrets if is_credential(secret)]


def reads(looked: Looked, env: Mapping[str, str], *, working: bool = True) -> tuple[str, ...]:
    """Folders that a confined start has to read: what it runs, where that is installed, the caches and, with `working`,
    the working folder."""
    home = env.get("HOME") or os.path.expanduser("~")
    wanted: dict[str, None] = {}
    if looked.cwd and working:
        wanted[looked.cwd] = None
    programs = looked.found.resolved.programs or ()
    for place in [looked.found.program, *(each for file in programs for each in (file.named, file.path))]:
        if place:
            folder = os.path.dirname(place)
            wanted[os.path.dirname(folder) if os.path.basename(folder) in ("bin", "Scripts") else folder] = None
    for file in looked.found.resolved.scripts or ():
        wanted[os.path.dirname(file.path)] = None
    if looked.facts.package_name:
        wanted.update(
            dict.fromkeys(os.path.join(home, part) for part in (".npm", ".cache/uv", ".local/share/uv", ".bun"))
        )
    return tuple(path for path in wanted if path not in ("", "/", home))
