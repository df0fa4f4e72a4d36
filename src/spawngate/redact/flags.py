"""Redacts flags and what stands behind them: which flag takes a secret, a pair, a header, a body.

Must not be here: the lists of flags and programs (`names`), and the inside of pairs and headers (`assignments`).
"""

import re
from functools import partial

from spawngate.redact import assignments, fields, names, opaque
from spawngate.redact.documents import json_text
from spawngate.redact.following import Cookie, Hide, Pass, Treat
from spawngate.redact.marks import partition
from spawngate.redact.tokens import leaf, path
from spawngate.redact.urls import keep, pairs

FLAG = re.compile(r"(--?|/)([A-Za-z][\w.-]{0,80})(?:([=:])(.*))?", re.DOTALL)
LONG_OPTION = re.compile(r"-(?:pass|password|port|print|protocol|parallel|args|auth|append|PassThru)(?:[=:]|$)")
"""Options with one dash that begin like a one-letter password flag and are none."""

_NEXT_FLAG = re.compile(r"--[a-z][a-z0-9-]*(?:=.*)?|-[A-Za-z]", re.DOTALL)
_GLUED_ENV = re.compile(r"(-e)([A-Za-z_][A-Za-z0-9_]*)(=)(.*)", re.DOTALL)
_GLUED_HEADER = re.compile(r"(-H)([A-Za-z][\w-]*:.*)", re.DOTALL)
_GLUED_DEFINE = re.compile(r"(-D)([\w.-]+)(=)(.*)", re.DOTALL)
_IDS = re.compile(r"[0-9]{1,10}:[0-9]{1,10}|root:root|\$\(id -u\):\$\(id -g\)")


def flag_word(
    line: Pass, word: str, flag: re.Match[str], words: list[str], index: int, seen: set[str]
) -> tuple[str, Treat | None]:
    dash, name, sign, value = flag.groups()
    short = dash + name
    glued = _glued(line, word, dash, name, value, seen)
    if glued is not None:
        return glued, None
    more = index + 1 < len(words)
    following = words[index + 1] if more else ""
    if len(name) >= 16 and opaque.verdict(name):
        return leaf(line.marker, word, "argument"), None
    if sign is None:
        return word, _after(line, short, name, following, seen, words[:index]) if more else None
    head = word[: flag.start(4)]
    if not value:
        return word, None
    if sign == ":" and dash != "/" and not names.is_secret(name) and short not in names.HEADER_FLAGS:
        return line.argument(word, "argument"), None
    treat = _after(line, short, name, value, seen, words[:index])
    return head + (treat(value) if treat else line.argument(value, name[:100], parent=name)), None


def _glued(line: Pass, word: str, dash: str, name: str, value: str | None, seen: set[str]) -> str | None:
    """A value that stands right behind a one-letter flag: `-eKEY=V`, `-HName: v`, `-psecret`."""
    if dash != "-" or len(name) < 2:
        return None
    match = _GLUED_ENV.fullmatch(word)
    if match and not seen & names.INTERPRETERS:
        return match.group(1) + assignments.env_pair(line, word[2:])
    match = _GLUED_HEADER.fullmatch(word)
    if match:
        return match.group(1) + assignments.header_line(line, match.group(2))
    match = _GLUED_DEFINE.fullmatch(word)
    if match:
        return match.group(1) + assignments.pair(line, match.group(2), match.group(3), match.group(4), "flag-value")
    if word[1] == "u" and "curl" in seen and ":" in word:
        return word[:2] + user_password(line, word[2:])
    return None


def _after(line: Pass, flag: str, name: str, value: str, seen: set[str], words: list[str]) -> Treat | None:
    """What to do with the value of a flag, or None where the flag says nothing about it."""
    if flag in names.HEADER_FLAGS and (":" in value or "=" in value):
        return partial(assignments.header_line, line)
    if flag in names.HEADER_FLAGS and names.is_header(value):
        return None
    if (
        flag in names.ENV_FLAGS
        and assignments.ENV_PAIR.match(value)
        and not (flag == "-e" and seen & names.INTERPRETERS)
    ):
        return partial(assignments.env_pair, line)
    if flag == "-c" and seen & names.SHELLS:
        return None
    if flag in names.PAIR_FLAGS and "=" in value and " " not in value.partition("=")[0]:
        return partial(assignments.named_pair, line)
    if "smbclient" in seen and flag == "-U" and "%" in value:
        return Hide(line.marker, "flag-value", flag)
    if name in ("body", "value", "secret-string", "data") and names.STORING_WORDS & set(words):
        return Hide(line.marker, "flag-value", name)
    if flag in names.USER_FLAGS and ":" in value and "://" not in value and not keep(value):
        if _IDS.fullmatch(value) or seen & {"docker", "podman", "nerdctl", "chown"}:
            return None
        return partial(user_password, line)
    if len(flag) == 2 and flag[1] in password_letters(seen):
        return Hide(line.marker, "flag-value", flag)
    if ("http" in seen or "https" in seen or "xh" in seen) and flag == "-a":
        return partial(user_password, line)
    if flag in names.DATA_FLAGS and (flag[:2] == "--" or "curl" in seen or "http" in seen):
        return partial(_body, line)
    if flag in names.COOKIE_FLAGS and (flag[:2] == "--" or "curl" in seen):
        return Cookie(line.marker, flag) if "=" in value else None
    if flag in ("-passin", "-passout", "--passin", "--passout"):
        return lambda given: (
            given
            if re.match(r"(?:env|file|fd|stdin)\b", given)
            else fields.secret(line.marker, given, "flag-value", flag)
        )
    if name == "secret" and ("gcloud" in seen or value.startswith("id=")):
        return None  # the name of a secret, as in `gcloud secrets` and `docker build --secret id=npm,src=.npmrc`
    if names.is_secret(name) and not assignments.excused(name, value):
        if "," in value and all("=" in part for part in value.split(",")) and names.is_vague(name):
            return None
        if names.is_connection(name):
            return lambda given: (
                assignments.connection(line, name, given) or fields.secret(line.marker, given, "flag-value", name[:100])
            )
        if value.startswith("-----BEGIN "):
            return Hide(line.marker, "private-key", name[:100])
        return Hide(line.marker, "flag-value", name[:100], scheme="auth" in name.lower())
    if name.lower() in names.REVISION_FLAGS and opaque.REVISION.fullmatch(value):
        return _same
    return None


def user_password(line: Pass, value: str) -> str:
    user, colon, password = partition(value, ":")
    if not colon or not password:
        return leaf(line.marker, user, "user") + colon
    if any(map(str.isalnum, user)) and opaque.verdict(user) and not keep(user):
        user = line.marker.hide(user, "url-user", "user")
    return user + colon + fields.secret(line.marker, password, "password", "user")


def _body(line: Pass, value: str) -> str:
    if value.startswith("@") and len(value) < 200:
        return value[:1] + path(line.marker, value[1:])
    document = json_text(line, "body", value)
    if document is not None:
        return document
    if "=" in value and not any(map(str.isspace, value.partition("=")[0])):
        return pairs(line.marker, value)
    return line.argument(value, "body", prose=True)


def _same(value: str) -> str:
    return value


def password_letters(seen: set[str]) -> set[str]:
    letters = {letter for name in seen for letter in names.PASSWORD_LETTERS.get(name, "")}
    if "login" in seen and seen & names.LOGIN_PROGRAMS:
        letters.add("p")
    return letters


def looks_like_flag(word: str) -> bool:
    if not word.startswith("-") or not _NEXT_FLAG.fullmatch(word):
        return False
    return not opaque.verdict(word.partition("=")[0])
