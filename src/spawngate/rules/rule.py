"""A rule as a value, and the reading of one from its TOML text.

Belongs here: every key a rule may have, and what each must look like. Whatever is wrong is refused with a message that
names the file, the key and what to do.
Must not be here: the `[match]` table (`rules.matchers`), and running rules (`rules.engine`).
"""

import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spawngate.launch.argv import word_set
from spawngate.model.errors import UsageError
from spawngate.model.finding import Confidence, Severity
from spawngate.rules.matchers import Matcher, MatchError, compile_match
from spawngate.rules.vocabulary import SUBJECTS, Type, Vocabulary, vocabulary_for

LIFECYCLES = ("experimental", "stable", "deprecated")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REFERENCE = re.compile(
    r"CWE-\d{1,5}|OWASP-MCP(?:0[1-9]|10)|OWASP-ASI(?:0[1-9]|10)|AML\.T\d{4}(?:\.\d{3})?|T\d{4}(?:\.\d{3})?|"
    r"CVE-\d{4}-\d{4,7}|GHSA(?:-[0-9a-z]{4}){3}|https://\S+"
)
_KEYS = word_set(
    """
    id title severity confidence lifecycle lifecycle_reason message rationale remediation references match example
    pack
    """
)
_LAUNCH_KEYS = word_set(
    """
    command args env cwd url type transport_type headers envFile autoApprove alwaysAllow trust disabled Command Args
    mcpServers servers hooks
    """
)
_ARTIFACT_KEYS = word_set("kind scope status name path agent detail launch")
_SURROUNDINGS = "surroundings"
_TOOL_KEYS = word_set("definition instructions others")
_CALL_KEYS = word_set("command dialect tool input agent payload home cwd project servers")
PACKS: Mapping[str, str] = {
    "destructive": "Deleting and destroying",
    "exfiltration": "Carrying data out",
    "credentials": "Reaching credentials",
    "persistence": "Staying",
    "privilege": "Gaining rights",
    "protection": "Switching protections off",
    "download-and-run": "Running what was fetched",
    "supply-chain": "Packages",
    "agent-configuration": "Tampering with agents",
    "spawngate": "Protection of Spawngate",
    "mcp-launch": "Starting MCP servers",
    "obfuscation": "Hiding what runs",
    "remote-control": "Remote control",
    "infrastructure": "Clouds, clusters and containers",
    "reconnaissance": "Looking around",
    "calls": "Tools other than the shell",
}
"""Packs of rules about spawns, calls and changes."""


class RuleError(UsageError):
    """A rule cannot be used. The message names the file, the key and what to do."""

    def __init__(self, path: str, key: str, problem: str) -> None:
        super().__init__(f"{path}: {key}: {problem}" if key else f"{path}: {problem}")
        self.path = path
        self.key = key


@dataclass(frozen=True, slots=True)
class Example:
    """What a rule must or must not match: stated facts, or something that facts are established from."""

    name: str
    matches: bool
    facts: Mapping[str, Any] | None = None
    raw: Mapping[str, Any] | None = None
    """A launch definition, an artifact, a command, or a tool call."""
    platform: str = "linux"
    surroundings: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, checked and compiled."""

    id: str
    subject: str
    """launch, artifact, endpoint, spawn, call, change or tool."""
    title: str
    severity: Severity
    confidence: Confidence
    lifecycle: str
    rationale: str
    remediation: str
    references: tuple[str, ...]
    message: tuple[tuple[str, str], ...]
    """Literal text and the fact that follows it (empty at the end)."""
    matcher: Matcher
    match: Mapping[str, Any]
    """The table as written, for the documentation."""
    examples: tuple[Example, ...]
    lifecycle_reason: str = ""
    pack: str = ""
    """What a rule about spawns, calls or changes belongs to; empty for other subjects."""


def parse_rule(path: str, text: str) -> Rule:
    """The rule of the file `<subject>/<id>.toml`. Raises RuleError."""
    parts = path.replace("\\", "/").split("/")
    subject, stem = (parts[-2] if len(parts) > 1 else ""), parts[-1].removesuffix(".toml")
    if subject not in SUBJECTS:
        raise RuleError(path, "", f"put the file into a folder called {', '.join(sorted(SUBJECTS))}")
    vocabulary = vocabulary_for(subject)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuleError(path, "", f"is no TOML ({error}); correct it there") from None
    for key in sorted(table):
        if key not in _KEYS:
            raise RuleError(path, key, f"is no key of a rule; it has {', '.join(sorted(_KEYS))}")
    identifier = _text(path, table, "id")
    if identifier != stem or not _ID.fullmatch(identifier):
        raise RuleError(path, "id", f"is {identifier!r} and must be the file's stem in kebab-case, {stem!r}")
    lifecycle = _word(path, table, "lifecycle", LIFECYCLES)
    if (lifecycle == "deprecated") != ("lifecycle_reason" in table):
        raise RuleError(path, "lifecycle_reason", "goes with lifecycle = 'deprecated' and with nothing else")
    packed = subject in ("spawn", "call", "change")
    if packed != ("pack" in table):
        raise RuleError(path, "pack", "belongs to every rule about spawns, calls or changes and to no other")
    try:
        matcher = compile_match(_table(path, table, "match"), vocabulary)
    except MatchError as error:
        raise RuleError(path, error.key, error.problem) from None
    return Rule(
        id=identifier,
        subject=subject,
        title=_text(path, table, "title"),
        severity=Severity(_word(path, table, "severity", tuple(Severity))),
        confidence=Confidence(_word(path, table, "confidence", tuple(Confidence))),
        lifecycle=lifecycle,
        rationale=_text(path, table, "rationale"),
        remediation=_text(path, table, "remediation"),
        references=_references(path, table.get("references")),
        message=_message(path, table, vocabulary),
        matcher=matcher,
        match=table["match"],
        examples=_examples(path, table.get("example"), vocabulary),
        lifecycle_reason=_text(path, table, "lifecycle_reason") if "lifecycle_reason" in table else "",
        pack=_word(path, table, "pack", tuple(PACKS)) if packed else "",
    )


def _text(path: str, table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleError(path, key, "is missing or empty; write a text")
    if value != value.strip():
        raise RuleError(path, key, "begins or ends with white space; drop it")
    return value


def _word(path: str, table: Mapping[str, Any], key: str, words: Sequence[str]) -> str:
    value = table.get(key)
    if not isinstance(value, str) or value not in words:
        raise RuleError(path, key, f"is {value!r} and must be one of {', '.join(words)}")
    return value


def _table(path: str, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    if not isinstance(value, dict):
        raise RuleError(path, key, f"is missing; write a table [{key}]")
    return value


def _references(path: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise RuleError(path, "references", "must be a list of texts")
    for item in value:
        if not isinstance(item, str) or not _REFERENCE.fullmatch(item):
            raise RuleError(
                path,
                "references",
                f"{item!r} has no known form; write CWE-78, OWASP-MCP05, OWASP-ASI05, AML.T0051.001, T1059.004, a CVE "
                "or GHSA id, or an https address",
            )
    if len(set(value)) != len(value):
        raise RuleError(path, "references", "names the same thing twice; drop one")
    return tuple(value)


def _message(path: str, table: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """One sentence with facts in braces; without one, the title serves."""
    template = _text(path, table, "message") if "message" in table else _text(path, table, "title")
    try:
        parts = [(literal, name, form, how) for literal, name, form, how in string.Formatter().parse(template)]
    except ValueError as error:
        raise RuleError(path, "message", f"has unbalanced braces ({error})") from None
    found: list[tuple[str, str]] = []
    for literal, name, form, how in parts:
        if name is not None and (name not in vocabulary.types or form or how):
            raise RuleError(path, "message", f"{{{name}}} is no fact of a {vocabulary.subject}; name one in braces")
        if name is not None and vocabulary.types[name] is Type.FLAG:
            raise RuleError(path, "message", f"{{{name}}} is a flag and reads badly; name a text, texts or a count")
        found.append((literal, name or ""))
    return tuple(found)


def _examples(path: str, value: Any, vocabulary: Vocabulary) -> tuple[Example, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RuleError(path, "example", "is missing; write [[example]] tables, some that match and some that do not")
    found = tuple(_example(path, f"example[{at}]", item, vocabulary) for at, item in enumerate(value))
    for wanted, plain in ((True, "matches = true"), (False, "matches = false")):
        if not any(example.matches is wanted for example in found):
            raise RuleError(
                path, "example", f"has none with {plain}; a rule shows both what it means and what it spares"
            )
    names = [example.name for example in found]
    if len(set(names)) != len(names):
        raise RuleError(path, "example", "has two of one name; give each its own")
    return found


def _example(path: str, where: str, item: Mapping[str, Any], vocabulary: Vocabulary) -> Example:
    name = item.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RuleError(path, f"{where}.name", "is missing; say in a few words what the example is")
    where = f"{where} ({name})"
    if not isinstance(item.get("matches"), bool):
        raise RuleError(path, f"{where}.matches", "must be true or false")
    rest = {key: value for key, value in item.items() if key not in ("name", "matches")}
    if "facts" in rest:
        facts = rest.pop("facts")
        if rest:
            raise RuleError(path, f"{where}.{min(rest)}", "stands beside facts; give facts or a definition, not both")
        return Example(name, item["matches"], facts=_facts(path, f"{where}.facts", facts, vocabulary))
    platform = rest.pop("platform", "linux")
    if platform not in ("linux", "macos", "windows"):
        raise RuleError(path, f"{where}.platform", "must be linux, macos or windows")
    surroundings = rest.pop(_SURROUNDINGS, None)
    if vocabulary.subject in ("endpoint", "change"):
        raise RuleError(path, where, "gives no facts; examples of such a rule are given as facts")
    allowed, plain, where_of = _LAUNCH_KEYS, "a launch definition", where
    if vocabulary.subject in ("spawn", "call"):
        allowed, plain = _CALL_KEYS, "a command or call"
        if vocabulary.subject == "spawn" and not isinstance(rest.get("command"), str):
            raise RuleError(path, where, "must give facts = {...} or a command")
    elif vocabulary.subject == "tool":
        allowed, plain = _TOOL_KEYS, "a tool"
        if ("definition" in rest) == ("instructions" in rest):
            raise RuleError(path, where, "must give facts = {...}, definition = {...} or instructions")
    elif vocabulary.subject == "artifact":
        if set(rest) != {"artifact"} or not isinstance(rest["artifact"], dict):
            raise RuleError(path, where, "must give facts = {...} or artifact = {...} and nothing else")
        rest, allowed, plain, where_of = rest["artifact"], _ARTIFACT_KEYS, "an artifact", f"{where}.artifact"
    strange = sorted(set(rest) - allowed)
    if strange:
        raise RuleError(path, f"{where_of}.{strange[0]}", f"is no key of {plain}; it has {', '.join(sorted(allowed))}")
    if not rest:
        raise RuleError(path, where_of, f"says nothing; give facts or {plain}")
    if surroundings is not None and (vocabulary.subject != "launch" or not isinstance(surroundings, dict)):
        raise RuleError(path, f"{where}.{_SURROUNDINGS}", "is a table and belongs to a launch definition")
    return Example(name, item["matches"], raw=rest, platform=platform, surroundings=surroundings)


def _facts(path: str, where: str, value: Any, vocabulary: Vocabulary) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RuleError(path, where, "must be a table of facts")
    found: dict[str, Any] = {}
    for name, given in value.items():
        kind = vocabulary.types.get(name)
        if kind is None:
            raise RuleError(path, f"{where}.{name}", f"is no fact of a {vocabulary.subject}; docs/rules.md lists them")
        fits = {
            Type.FLAG: isinstance(given, bool),
            Type.TEXT: isinstance(given, str),
            Type.COUNT: isinstance(given, int) and not isinstance(given, bool),
            Type.TEXTS: isinstance(given, list) and all(isinstance(item, str) for item in given),
        }
        if not fits[kind]:
            raise RuleError(path, f"{where}.{name}", f"must be a {kind.value}, not {given!r}")
        words = vocabulary.words.get(name)
        for word in given if isinstance(given, list) else [given]:
            if words is not None and word not in words:
                raise RuleError(path, f"{where}.{name}", f"is never {word!r}; it is one of {', '.join(sorted(words))}")
        found[name] = tuple(given) if kind is Type.TEXTS else given
    return found
