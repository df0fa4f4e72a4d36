"""What a start would really run, as one canonical value: its fingerprint, and what differs between two of them.

Belongs here: which parts count, how secrets are taken out of them, the digest, the comparison and its words.
Must not be here: looking at a machine (`endpoint.launching.resolve`), approvals (`policy.approvals`), rules.

Credentials count by their place only, so that a rotated one changes nothing. What was hidden merely to be safe counts
by its keyed fingerprint, and text that an interpreter runs counts whole under a key: nothing that runs can hide in what
looks like a secret. A part that nobody could establish is empty here; it is never guessed.
"""

import hashlib
import hmac
import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from spawngate.launch.facts import LaunchFacts

VERSION = 1
"""Raised when a part comes, goes or changes its meaning: every fingerprint then changes."""
LENGTH = 32
"""Hexadecimal digits of a fingerprint."""
SHORT = 12
"""Digits that a person is shown and may type."""
_VARIABLE = re.compile(r"\$\{[^{}]*\}|\$[A-Za-z_]\w*|\{\{[^{}]*\}\}|%[A-Za-z_]\w*%|^~(?=/)")
"""What agents put something else in the place of."""
_MARK = re.compile(r"\[secret:[a-z0-9-]+:[0-9a-f]+\]")


@dataclass(frozen=True, slots=True)
class File:
    """One file that is run."""

    path: str
    """Real path, links resolved."""
    digest: str = ""
    """SHA-256; empty where it could not be taken."""
    system: bool = False
    """It and its folders belong to the system: this user cannot change them."""
    named: str = ""
    """The path under which it was found, where links lead elsewhere: the link's place matters to some programs (a
    Python in a virtual environment)."""

    @property
    def shown(self) -> str:
        """The path that a person knows it by."""
        return self.named or self.path


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an endpoint found out about one start. None and empty texts: not known."""

    programs: tuple[File, ...] | None = None
    """The executable, what is inside wrappers, and the interpreters that they name; in the order they are started."""
    scripts: tuple[File, ...] | None = None
    """Local files that an interpreter is given to run or to load."""
    release: str = ""
    """Version of the package that would really run."""
    release_from: str = ""
    """How the version is known, in words: written, npx cache, node_modules, ..."""
    release_digest: str = ""
    """Integrity that a lock file or the package's own list states, or the image's digest."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings of the package manager's own files that change what runs or where it comes from."""
    shadows: tuple[str, ...] = ()
    """Files of the working folder that would run in place of what is named."""
    unknown: tuple[str, ...] = ()
    """What could not be established, and why, in words."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What one start would run. Holds no credential."""

    command: str
    args: tuple[str, ...] = ()
    code: str = ""
    """Keyed digest of the words where a shell or interpreter is handed text to run."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of the entry that load code into this launch or change where its packages come from."""
    session: Mapping[str, str] | None = None
    """Those that come from the agent's own surroundings."""
    package: str = ""
    """purl as written."""
    programs: tuple[File, ...] | None = None
    scripts: tuple[File, ...] | None = None
    release: str = ""
    release_digest: str = ""
    settings: Mapping[str, str] | None = None
    shadows: tuple[str, ...] | None = None
    cwd: str | None = None
    """Working folder; None: any."""
    open: bool = False
    """Words and values are as a file has them: the agent puts something in the place of the variables in them."""
    unknown: tuple[str, ...] = ()
    """Told to people, and no part of the fingerprint: what is found out later must not look like a change."""

    @property
    def fingerprint(self) -> str:
        """Digest over everything but `unknown`."""
        # By hand and not by `asdict`, which copies every part: a start asks for several fingerprints while it waits.
        parts = {name: getattr(self, name) for name in _PARTS}
        for name in ("programs", "scripts"):
            if parts[name] is not None:
                parts[name] = [{"path": each.path, "digest": each.digest, "named": each.named} for each in parts[name]]
        text = json.dumps({"identity": VERSION, **parts}, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:LENGTH]

    def anywhere(self) -> "Identity":
        """The same in whatever working folder."""
        return replace(self, cwd=None)


_PARTS = tuple(each.name for each in fields(Identity) if each.name != "unknown")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between what was approved and what would start."""

    changed: tuple[str, ...] = ()
    """In words, one for each part."""
    filled: tuple[str, ...] = ()
    """Parts that were not known then and are now."""
    updated: tuple[str, ...] = ()
    """Programs of the system that were updated in their place; only the system can do that."""


Shown = Callable[[str], str]
"""Takes credentials out of a value and keeps the rest."""


def identity_of(
    command: str,
    args: Sequence[str],
    facts: LaunchFacts,
    resolved: Resolved,
    *,
    environment: Mapping[str, str],
    session: Mapping[str, str] | None = None,
    cwd: str | None,
    key: bytes,
    home: str = "",
) -> Identity:
    """The identity of one start.

    `command`, `args`, `environment` and `cwd` are redacted already, with credentials as `plain_marks` leaves them;
    `facts` and `resolved` are not, and give nothing but what is no secret.
    """
    runs_text = facts.shell or facts.inline_code or facts.encoded_code or bool(facts.argument_injection)
    told = "\0".join((facts.shell_text, *facts.inner_argv, *facts.argument_injection))
    code = hmac.new(key, told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:LENGTH]
    return Identity(
        command=_at_home(command, home),
        args=tuple(_at_home(word, home) for word in args),
        code=code if runs_text else "",
        environment={name: _at_home(value, home) for name, value in sorted(environment.items())},
        session=None if session is None else {name: _at_home(value, home) for name, value in sorted(session.items())},
        package=_MARK.sub("[secret]", facts.package),
        programs=resolved.programs,
        scripts=resolved.scripts,
        release=resolved.release,
        release_digest=resolved.release_digest,
        settings=dict(sorted(resolved.settings.items())),
        shadows=tuple(sorted(resolved.shadows)),
        cwd=None if cwd is None else _at_home(cwd, home),
        unknown=resolved.unknown,
    )


def plain_marks(text: str, credentials: Sequence[str]) -> str:
    """A redacted text in which only the marks named in `credentials` lose their fingerprint."""
    wanted = frozenset(credentials)
    return _MARK.sub(lambda match: "[secret]" if match[0] in wanted else match[0], text)


def compare(approved: Identity, now: Identity) -> Difference:
    """How a start differs from what was approved. A part that was not known then is filled, never a change."""
    changed: list[str] = []
    filled: list[str] = []
    updated: list[str] = []
    alike = _stands_for if approved.open else operator.eq
    if not alike(approved.command, now.command):
        changed.append(f"the command was {approved.command or 'none'} and is {now.command or 'none'}")
    if len(approved.args) != len(now.args) or not all(map(alike, approved.args, now.args)):
        changed.append(_arguments(approved.args, now.args))
    elif approved.code != now.code:
        changed.append("the text that a shell or interpreter runs is another one")
    changed.extend(_mapping("variable", approved.environment, now.environment, alike))
    if approved.session is not None:
        changed.extend(_mapping("session's variable", approved.session, now.session or {}))
    elif now.session:
        filled.append("the variables of the session")
    if not alike(approved.package, now.package):
        changed.append(f"the package was {approved.package or 'none'} and is {now.package or 'none'}")
    _files("program", approved.programs, now.programs, changed, filled, updated)
    _files("script", approved.scripts, now.scripts, changed, filled, updated)
    _release(approved, now, changed, filled)
    if approved.settings is not None:
        changed.extend(_mapping("package manager's setting", approved.settings, now.settings or {}))
    elif now.settings:
        filled.append("the package manager's settings")
    if approved.shadows is None:
        filled.extend(["what the working folder runs in its place"] if now.shadows else [])
    elif approved.shadows != now.shadows:
        new = [name for name in now.shadows or () if name not in approved.shadows]
        gone = [name for name in approved.shadows if name not in (now.shadows or ())]
        told = [f"{', '.join(new)} of the working folder would run now"] if new else []
        told += [f"{', '.join(gone)} of the working folder would no longer run"] if gone else []
        changed.append(" and ".join(told))
    if approved.cwd is not None and not alike(approved.cwd, now.cwd or ""):
        changed.append(f"the working folder was {approved.cwd or 'none'} and is {now.cwd or 'any'}")
    return Difference(tuple(changed), tuple(filled), tuple(updated))


def bound(approved: Identity, now: Identity) -> Identity:
    """What was approved, with what is known now in the place of what was not; words with variables stay as they are."""
    known = replace(now, cwd=approved.cwd)
    if not approved.open:
        return known
    return replace(
        known,
        command=approved.command,
        args=approved.args,
        environment=approved.environment,
        package=approved.package,
        open=True,
    )


def explain(one: Identity, other: Identity) -> tuple[str, ...]:
    """Which parts differ, in words; nothing where the fingerprints are equal."""
    found = compare(one, other)
    told = [*found.changed, *found.updated]
    told += [f"{part} is known now" for part in found.filled]
    if one.cwd is None and other.cwd is not None:
        told.append(f"the working folder was any and is {other.cwd}")
    return tuple(told)


def _release(approved: Identity, now: Identity, changed: list[str], filled: list[str]) -> None:
    if approved.release != now.release:
        if not approved.release:
            filled.append(f"the package's version {now.release}")
        elif not now.release:
            changed.append(f"the package's version was {approved.release}, and which one runs cannot be told now")
        else:
            changed.append(f"the package's version was {approved.release} and is {now.release}")
    elif approved.release_digest != now.release_digest:
        if not approved.release_digest:
            filled.append("the package's content")
        elif now.release_digest:
            changed.append(f"the content of version {now.release or 'unknown'} of the package is another one")
        else:
            changed.append("the package's content can no longer be checked")


def _files(
    what: str,
    approved: tuple[File, ...] | None,
    now: tuple[File, ...] | None,
    changed: list[str],
    filled: list[str],
    updated: list[str],
) -> None:
    if approved is None or now is None:
        if now is not None:
            filled.append(f"the {what}")
        elif approved is not None:
            changed.append(f"the {what} cannot be found out now")
        return
    before, after = [file.shown for file in approved], [file.shown for file in now]
    real = [[file.path for file in files] for files in (approved, now)]
    if before == after and real[0] != real[1]:
        changed.append(f"the {what} {' -> '.join(after)} leads to other files: {' -> '.join(real[1])}")
        return
    if before != after:
        changed.append(f"the {what} was {' -> '.join(before) or 'none'} and is {' -> '.join(after) or 'none'}")
        return
    for old, new in zip(approved, now, strict=True):
        if old.digest == new.digest:
            continue
        if not old.digest:
            filled.append(f"the content of {new.path}")
        elif old.system and new.system and new.digest:
            updated.append(f"the system updated {new.path}")
        else:
            changed.append(f"the content of the {what} {new.path} {'changed' if new.digest else 'cannot be read now'}")


def holds_variables(text: str) -> bool:
    """Whether an agent would put something in the place of a part of the text."""
    return _VARIABLE.search(text) is not None


def _stands_for(written: str, word: str) -> bool:
    """Whether an agent could have made `word` of what a file says, by putting something in the place of variables."""
    if written == word or not _VARIABLE.search(written):
        return written == word
    parts = [re.escape(part) for part in _VARIABLE.split(written)]
    return re.fullmatch(".*".join(parts), word, re.DOTALL) is not None


def _mapping(
    what: str, approved: Mapping[str, str], now: Mapping[str, str], alike: Callable[[str, str], bool] = operator.eq
) -> list[str]:
    told = [f"the {what} {name} is new" for name in sorted(now.keys() - approved.keys())]
    told += [f"the {what} {name} is gone" for name in sorted(approved.keys() - now.keys())]
    both = sorted(approved.keys() & now.keys())
    return told + [f"the {what} {name} has another value" for name in both if not alike(approved[name], now[name])]


def _arguments(approved: Sequence[str], now: Sequence[str]) -> str:
    """The first place at which two lists of arguments differ."""
    pairs = enumerate(zip(approved, now, strict=False))
    place = next((at for at, (old, new) in pairs if not _stands_for(old, new)), None)
    if place is not None:
        return f"argument {place + 1} was {approved[place]} and is {now[place]}"
    if len(now) > len(approved):
        return f"argument {len(approved) + 1} is new: {now[len(approved)]}"
    if len(now) < len(approved):
        return f"argument {len(now) + 1} is gone: {approved[len(now)]}"
    place = next(at for at, (old, new) in enumerate(zip(approved, now, strict=True)) if old != new)
    return f"argument {place + 1} was {approved[place]} and is {now[place]}"


def _at_home(text: str, home: str) -> str:
    """The home as `~`, so that two people's equal launches are equal."""
    root = home.rstrip("/")
    return re.sub(rf"(?<![^\s=:,;\"']){re.escape(root)}(?=$|[/\s:,;\"'])", "~", text) if root else text
