"""What an artifact's record says that a server runs: in words, and as the identity that an approval is bound to.

An identity that is made of a record knows what stands in the file, and leaves open what only the endpoint can find out
(programs, scripts, the release that would run): the endpoint fills that in at the first start that it covers.
Pure. Must not be here: approvals themselves (`fleet.approvals`), SQL.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from spawngate.launch.definition import from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.identity import Identity, Resolved, holds_variables, identity_of
from spawngate.launch.understand import understand

_MARK = re.compile(r"\[secret:([a-z0-9-]+):[0-9a-f]+\]")
_GENERIC = frozenset({"env-value", "header-value", "flag-value", "query-value", "value", "argument"})
"""Marks of what `redact` hides to be safe: their digests are an endpoint's own."""
_HOME = re.compile(r"^(?:/home/[^/]+|/Users/[^/]+|/root|[A-Za-z]:[/\\]Users[/\\][^/\\]+)(?=[/\\]|$)")


class NotFromRecord(ValueError):
    """The identity of this launch holds something that only its endpoint knows; the message says what."""


def runs(record: Any) -> str:
    """What a record says that a server runs: command and arguments, or the address; empty where it says nothing."""
    launch = _launch(record)
    command, url = launch.get("command"), launch.get("url")
    if isinstance(command, str) and command:
        return " ".join((command, *_texts(launch.get("args"))))
    return url if isinstance(url, str) else ""


def stated(record: Any, field: str) -> str:
    """A text that a record's launch states; empty where it states none."""
    value = _launch(record).get(field)
    return value if isinstance(value, str) else ""


def key_of(command: str, args: Sequence[str]) -> str:
    """What two descriptions of one launch have in common: the command line without secrets and without whose home it
    is. For showing which approvals are about which definition; what an approval covers is decided by endpoints."""
    words = (_HOME.sub("~", _MARK.sub("[secret]", word)) for word in (command, *args))
    return "\0".join(words)


def key_of_record(record: Any) -> str:
    """`key_of` a record; of a remote server its address."""
    launch = _launch(record)
    command, url = launch.get("command"), launch.get("url")
    if isinstance(command, str) and command:
        return key_of(command, _texts(launch.get("args")))
    return key_of(url, ()) if isinstance(url, str) else ""


def key_of_identity(identity: Any) -> str:
    """`key_of` what an approval holds under `launch.identity`."""
    if not isinstance(identity, Mapping) or not isinstance(identity.get("command"), str):
        return ""
    return key_of(identity["command"], _texts(identity.get("args")))


def facts_of(record: Any, platform: str = "linux") -> LaunchFacts:
    """What analysis says about a record's launch."""
    given = {key: value for key, value in _launch(record).items() if value}
    return understand(from_mapping(given, platform, _agent(record)))


def identity_from(record: Any, platform: str = "linux") -> Identity:
    """The identity of a record's launch, in whatever working folder. Raises NotFromRecord."""
    launch = _launch(record)
    command = launch.get("command")
    if not isinstance(command, str) or not command:
        raise NotFromRecord("it is no process: a remote server is allowed by policy, not by an approval of a launch")
    args = _texts(launch.get("args"))
    facts = facts_of(record, platform)
    if facts.shell or facts.inline_code or facts.encoded_code or facts.argument_injection:
        raise NotFromRecord("it runs text, which only the endpoint can identify: have it asked for from there")
    hidden = [type_ for word in args for type_ in _MARK.findall(word) if type_ in _GENERIC]
    if hidden:
        raise NotFromRecord("a part of it was hidden at the endpoint: have it asked for from there")
    env = launch.get("env")
    values = {str(name): str(value) for name, value in env.items()} if isinstance(env, Mapping) else {}
    counted = dict.fromkeys((*facts.env_loads_code, *facts.env_redirects))
    made = identity_of(
        _plain(command),
        [_plain(word) for word in args],
        facts,
        Resolved(),
        environment={name: _plain(values.get(name, "")) for name in counted},
        cwd=None,
        key=b"",
    )
    opened = holds_variables(" ".join((command, *args)))
    return Identity(
        command=made.command,
        args=made.args,
        environment=made.environment,
        package=made.package,
        programs=None,
        scripts=None,
        settings=None,
        shadows=None,
        open=opened,
        unknown=("what it runs on a machine is found out at its first start there",),
    )


def approvable(record: Any) -> tuple[str, str]:
    """Fingerprint of the identity that an approval of a record is bound to, and why there is none: one of the two."""
    try:
        return identity_from(record).fingerprint, ""
    except NotFromRecord as why:
        return "", str(why)


def _plain(text: str) -> str:
    return _HOME.sub("~", _MARK.sub("[secret]", text))


def _launch(record: Any) -> Mapping[str, Any]:
    launch = record.get("launch") if isinstance(record, Mapping) else None
    return launch if isinstance(launch, Mapping) else {}


def _agent(record: Any) -> str:
    agent = record.get("agent") if isinstance(record, Mapping) else ""
    return agent if isinstance(agent, str) else ""


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []
