"""Values that name a secret without holding it: `${TOKEN}`, `op://vault/item`, `{{ secrets.X }}`, `<YOUR_KEY>`.

Must not be here: what happens to a value that is no reference.
"""

import re

from spawngate.redact import opaque, patterns

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,80}"
_VARIABLE = (
    rf"\$\{{(?:(?:env|input|config|command|secret|secrets|file|workspaceFolder|user_config|localEnv|vault|keychain)[:.])?"
    rf"{_NAME}(?:\[\d{{1,3}}\]|:[-?+]?|[%#]{{1,2}}[\w./*-]{{0,20}})?\}}"
    rf"|\$\{{\{{\s{{0,3}}{_NAME}\s{{0,3}}\}}\}}"
    r"|\$[A-Z_][A-Z0-9_]{0,80}(?![A-Za-z0-9_])|\$env:[A-Za-z_][A-Za-z0-9_]{0,80}|(?<![A-Za-z0-9])\$[0-9@*#?](?![A-Za-z0-9])"
    r"|%[A-Za-z_][A-Za-z0-9_()]{1,80}%|![A-Z_][A-Z0-9_]{1,80}!"
    rf"|\{{(?:env|file|input|secret|vault|keychain|op):[~/A-Za-z_][A-Za-z0-9_./-]{{0,120}}\}}"
    rf"|\{{\{{\s{{0,3}}{_NAME}\s{{0,3}}\}}\}}|__{_NAME}__"
)
_STORE = (
    r"(?:(?:vault|keychain|keyring|aws-sm|aws-ssm|awssm|gcp-secret|gcpsm|azurekv|azure-kv|akv|bws|doppler|infisical|arn"
    r"|sops|env|1password|bitwarden|ssm|credstore|secret-tool):|(?:op|secrets?|ref|file)://)"
    r"[A-Za-z0-9_~./][A-Za-z0-9_ ~./:#?=&-]{0,160}"
)
_PLACEHOLDER = (
    r"<[A-Za-z][A-Za-z _./-]{0,60}\d?>|\[(?:YOUR|your)[A-Za-z _-]{2,40}\]"
    r"|\*{3,}|\.{3}|x{3,}|X{3,}|REDACTED|\[REDACTED\]"
)
_SIGN = re.compile(r"[$%{<\[*!:`]|\.\.\.|xxx|XXX|REDACTED|__")
"""Every reference and every placeholder holds one of these."""
_ONE = re.compile(f"(?:{_VARIABLE})")
_WHOLE = re.compile(f"{_PLACEHOLDER}|{_STORE}")
_DEFAULT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_.:]{0,80}?)(:?[-=+])([^{}]*)\}")
_SUBSTITUTION = re.compile(r"\$\(([^()`]{1,400})\)|`([^()`]{1,400})`")
_ECHO = re.compile(r"^\s*(?:echo|printf|Write-Output|Write-Host|cat\s*<<)")
_PLAIN_PATH = re.compile(r"(?:[/\\][A-Za-z_.][A-Za-z_.-]{0,60}){1,12}[/\\]?")
_GLUE = re.compile(r"[\s:;,/@.|&_-]*")

DEFAULTED = _DEFAULT
"""`${NAME:-default}`: name, operator, default."""


def find(text: str) -> list[tuple[int, int]]:
    """Spans of the references inside `text` that hide nothing themselves."""
    if "$" not in text and "%" not in text and "{" not in text and "__" not in text and "!" not in text:
        return []
    return [match.span() for match in _ONE.finditer(text) if _innocent(match.group())]


def is_reference(text: str) -> bool:
    """Whether `text` as a whole only refers to values kept elsewhere, if need be with a plain path behind."""
    text = text.strip()
    if not text or not _SIGN.search(text):
        return False
    if _WHOLE.fullmatch(text):
        return _innocent(text)
    if "$(" in text or "`" in text:
        return _is_substitution(text)
    spans = find(text)
    if not spans:
        return False
    last = 0
    for start, end in spans:
        if not _GLUE.fullmatch(text[last:start]):
            return False
        last = end
    rest = text[last:]
    return _GLUE.fullmatch(rest) is not None or (_PLAIN_PATH.fullmatch(rest) is not None and _innocent(rest))


def _innocent(text: str) -> bool:
    return not any(patterns.find(text)) and all(
        opaque.verdict(part) is None and not opaque.is_uuid(part) for part in re.split(r"[\s${}%<>/:]+", text)
    )


def _is_substitution(text: str) -> bool:
    """Whether `text` is the output of a command that holds no secret itself."""
    match = _SUBSTITUTION.fullmatch(text)
    if not match:
        return False
    inner = match.group(1) or match.group(2)
    return not _ECHO.match(inner) and "=" not in inner and _innocent(inner)
