"""Redacts assignments: `NAME=value`, `key: value`, `user:password@host`, lists of pairs, header lines.

Must not be here: flags (`flags`), the lists of names (`names`), and connection strings (`connections`).
"""

import re
from functools import partial

from spawngate.redact import connections, fields, names, opaque, patterns
from spawngate.redact.following import Env, Pass, Treat
from spawngate.redact.marks import partition
from spawngate.redact.tokens import leaf
from spawngate.redact.urls import SCHEME, keep

ENV_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)(\+?=)(.*)", re.DOTALL)
ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HEADER_LINE = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]{1,80})(\s*[:=]\s*)(.*)", re.DOTALL)
_COLON = re.compile(r"([A-Za-z_\"'{(,][\w.\"'-]{0,80}?):(?!//)(.+)", re.DOTALL)
_POWERSHELL_ENV = re.compile(r"\$\{?env:([A-Za-z_]\w*)\}?(=?)(.*)", re.IGNORECASE | re.DOTALL)
_USER = re.compile(r"[^\s/@\"'=]{1,200}")
_PASSWORD_AT_HOST = re.compile(
    r"(.+)@((?=(?:(?![A-Za-z])[\w.-])*+[A-Za-z])[\w.-]*+|\d{1,3}(?:\.\d{1,3}){3}|[a-z]+\(.*)(?=[:/]|$|\()", re.DOTALL
)
_NO_USER = re.compile(
    r"npm|workspace|github|gitlab|bitbucket|gist|docker|pypi|jsr|pkg|file|link|patch|catalog|git\+\w+|https?|node|bun|oci|plugin|mcp",
    re.IGNORECASE,
)
_VERSIONISH = re.compile(r"(?=[\w.-]*\d)[\w.-]*+|[\w.-]*+(?:@[v^~]?|[\^~])\d[\w.-]*+|latest|next|main|sha256")
_TRAILING = re.compile(r"[\"',;)}\]]+$")


def connection(line: Pass, name: str, value: str) -> str | None:
    """The value of `--dsn` and the like, of which scheme, user and host stay readable; None where it is none."""
    if not names.is_connection(name):
        return None
    if SCHEME.match(value) and not any(map(str.isspace, value)):
        return line.address(value, name[-100:])
    if connections.is_connection_string(value) or connections.is_keyword_dsn(value):
        return line.argument(value, name[-100:])
    return None


def header_line(line: Pass, value: str) -> str:
    if value.startswith("@{") and value.endswith("}"):  # a table of PowerShell
        return "@{" + ";".join(map(partial(header_line, line), value[2:-1].split(";"))) + "}"
    match = HEADER_LINE.fullmatch(value)
    if not match:
        return line.argument(value, "header")
    name, _, content = match.groups()
    return value[: match.start(3)] + line.header(name, content)


def env_pair(line: Pass, value: str) -> str:
    """What stands behind `-e` and `--env`. Of an address only the secret parts are hidden, as of any argument."""
    match = ENV_PAIR.fullmatch(value)
    if not match:
        return line.argument(value, "environment")
    name, sign, content = match.groups()
    if SCHEME.match(content) and not any(map(str.isspace, content)) and not names.is_secret(name):
        return name + sign + line.address(content, name[:100])
    return name + sign + (connection(line, name, content) or line.env(name, content))


def named_pair(line: Pass, value: str) -> str:
    if "," in value and value.count("=") > 1:
        return line.argument(value, "argument")
    name, equals, content = value.partition("=")
    return pair(line, name, equals, content, "named-value")


def pair(line: Pass, name: str, equals: str, content: str, type_: str) -> str:
    quote = (
        _TRAILING.match(content, len(content.removesuffix("\n").rstrip("\"',;)}]")))
        if names.is_secret(name) and content[:1] in "\"'"
        else None
    )
    if names.is_secret(name) and not excused(name, content):
        readable = connection(line, name, content)
        if readable is not None:
            return name + equals + readable
        if content[:1] in "\"'" and quote and len(content) > 2:
            inner = content[1 : quote.start()]
            return name + equals + content[0] + fields.secret(line.marker, inner, type_, name[-100:]) + quote.group()
        return name + equals + fields.secret(line.marker, content, type_, name[-100:])
    if "header" in name.lower() and ":" in content:
        return name + equals + header_line(line, content)
    if name.lower().rpartition(".")[2] in ("env", "environment"):
        return name + equals + line.argument(content, name[-100:])
    if in_env_table(name):
        return name + equals + line.env(name.rpartition(".")[2], content)
    safe = line.argument(content, name[-100:], parent=name.rpartition(".")[2])
    return (
        line.argument(name, "argument") + equals + safe if len(name) >= 8 and name != content else name + equals + safe
    )


def pairs(line: Pass, value: str) -> str | None:
    """`a=b,c=d` with at least two pairs: each judged by its own key."""
    if value.count("=") < 2:
        return None
    separator = next((sign for sign in ",;&" if sign in value), None)
    if separator is None or "://" in value.partition(separator)[0]:
        return None
    groups: list[str] = []
    for part in value.split(separator):
        if groups and not re.match(r"[A-Za-z_][\w.-]*=", part):
            groups[-1] += separator + part
        else:
            groups.append(part)
    if len(groups) < 2 or not re.match(r"[A-Za-z_][\w.-]*=", groups[0]):
        return None
    return separator.join(line.single(group, "argument") for group in groups)


def equals(line: Pass, value: str, match: re.Match[str]) -> str:
    name, sign, content = match.groups()
    plain = name.strip("\"'[{(,@")
    if not content:
        return leaf(line.marker, value, "argument")
    if names.is_secret(plain):
        return pair(line, name, sign, content, "named-value")
    if ENV_NAME.fullmatch(plain) and plain.isupper() and len(plain) > 2 and not _goes_on(content):
        return name + sign + line.env(plain, content)
    if opaque.verdict(value) and not re.fullmatch(r"[A-Za-z_.$-][\w.-]{0,60}", plain):
        return leaf(line.marker, value, "argument")
    return pair(line, name, sign, content, "named-value")


def _account(line: Pass, value: str) -> str | None:
    """`user:password@host`, or None where `value` is something else, such as a package."""
    user, colon, rest = partition(value, ":")
    at = _PASSWORD_AT_HOST.match(rest)
    if (
        not at
        or not _USER.fullmatch(user)
        or _NO_USER.fullmatch(user)
        or _VERSIONISH.fullmatch(at.group(2))
        or keep(at.group(1))
        or "/" in user
        or re.fullmatch(r"sha\d+", at.group(2))
    ):
        return None
    end = len(user) + 1 + at.end(1)
    for start, stop, kind in patterns.find(value[:end]):
        if start == 0 and stop == end:
            return line.marker.hide(value[:end], kind, "userinfo") + value[end:]
    return (
        leaf(line.marker, user, "user")
        + colon
        + line.marker.hide(at.group(1), "dsn-password", "userinfo")
        + value[end:]
    )


def colon(line: Pass, value: str) -> str | None:
    account = _account(line, value) if "@" in value else None
    if account is not None:
        return account
    match = _COLON.fullmatch(value)
    if not match:
        return None
    name, content = match.groups()
    plain = name.strip("\"'{(,@")
    if names.is_secret(plain) and not keep(content):
        body = content.strip("\"'")
        if excused(plain, body) or body.lower() in names.FUNCTION_WORDS or not any(map(str.isalnum, body)):
            return None
        if names.is_vague(plain) and re.fullmatch(r"[a-z][a-z:*_-]{0,24}", body):
            return None
        if names.is_header(plain) and ("authorization" in plain.lower() or "cookie" in plain.lower()):
            return name + ":" + line.header(plain, content)
        start = content.index(body)
        end = start + len(body.rstrip("\"',;}])")) if content[:1] in "\"'" else start + len(body)
        return name + ":" + content[:start] + line.marker.hide(content[start:end], "named-value", plain) + content[end:]
    return None


def variable(line: Pass, word: str, leading: bool, seen: set[str]) -> tuple[str, Treat | None] | None:
    """`NAME=value` before a command or after `export` and the like, and `$env:NAME = value`."""
    if "$" in word:
        match = _POWERSHELL_ENV.fullmatch(word)
        if match:
            name, equals, value = match.groups()
            if is_token(name):
                return None
            if not equals:
                return (word, Env(line, name)) if not value and word.startswith("$env:") else None
            head = word[: match.start(3)]
            return (head + line.env(name, value), None) if value else (word, Env(line, name))
    if leading or seen & names.SETTERS:
        match = ENV_PAIR.fullmatch(word)
        if match and (seen & names.SETTERS or not match.group(1).islower() or names.is_secret(match.group(1))):
            name, equals, value = match.groups()
            if not is_token(name):
                return name + equals + line.env(name, value), None
    return None


def is_token(name: str) -> bool:
    """Whether what stands before the equals sign is itself a credential, as in base64 that ends with `==`."""
    return len(name) >= 16 and (any(patterns.find(name)) or opaque.verdict(name) is not None)


def excused(name: str, value: str) -> bool:
    """Whether a value under a secret's name only chooses a mode or refers to the secret."""
    stripped = value.strip().strip("\"'")
    if not stripped or keep(stripped):
        return True
    if stripped.lower() in ("true", "false", "yes", "no", "on", "off", "null", "none", "@-", "-"):
        return True
    if stripped.lower() in names.MODE_WORDS and names.is_vague(name):
        return True
    return names.WRAPPED_SECRETS.match(stripped) is not None and stripped.split(":")[0] in (
        "env",
        "file",
        "fd",
        "keychain",
    )


def in_env_table(name: str) -> bool:
    """`mcp_servers.x.env.KEY`, as in overrides on the command line of Codex."""
    parts = name.split(".")
    return len(parts) >= 2 and parts[-2].lower() in ("env", "environment")


def _goes_on(content: str) -> bool:
    """Whether what follows `NAME=` is no value but goes on with a sentence."""
    return content[:1] in "=>~"
