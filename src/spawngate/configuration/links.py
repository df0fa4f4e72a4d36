"""Links that install an MCP server when they are opened: `cursor://...`, `vscode:mcp/install?...` and their kin.

Belongs here: decoding such a link to the definition that it carries.
Must not be here: finding links in calls (`configuration.outcome`), and judgement.
Sources, read 2026-11: docs.cursor.com (install links: `config` is base64 of JSON);
code.visualstudio.com/api/extension-guides/ai/mcp (the whole query is JSON; redirects of vscode.dev);
lmstudio.ai/docs/app/mcp/deeplink; block.github.io/goose (extension links: cmd, arg, env); kiro.dev, docs.trae.ai.
The forms differ in names of parameters only: whatever parameter holds a definition counts.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus

from spawngate.configuration.additions import Addition, definitions_in
from spawngate.launch.argv import word_set

LONGEST = 65_536
DEEPEST = 3
SCHEMES: Mapping[str, str] = {
    "cursor": "cursor",
    "cursor-nightly": "cursor",
    "vscode": "vscode",
    "vscode-insiders": "vscode",
    "vscodium": "vscode",
    "positron": "vscode",
    "windsurf": "windsurf",
    "kiro": "kiro",
    "trae": "trae",
    "trae-cn": "trae",
    "antigravity": "antigravity",
    "lmstudio": "lm-studio",
    "goose": "goose",
    "claude": "claude-desktop",
    "claude-cli": "claude-code",
    "zed": "zed",
    "warp": "warp",
    "jan": "jan",
    "witsy": "witsy",
    "5ire": "fiveire",
}
"""Schemes of agents. Others count too; the agent is then named after the scheme."""
_ORDINARY = word_set("http https ftp file mailto data javascript ssh git tel ws wss about chrome s3 urn")
_REDIRECTS = re.compile(
    r"https?://(?:(?:www\.)?cursor\.com|(?:insiders\.)?vscode\.dev|lmstudio\.ai|(?:[\w-]+\.)?kiro\.dev|"
    r"vs-open\.link|block\.github\.io|(?:www\.)?trae\.ai)/",
    re.IGNORECASE,
)
_LINK = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")


def is_install_link(text: str) -> bool:
    """Whether a text may be such a link: cheap, and right about ordinary addresses."""
    match = _LINK.match(text)
    if match is None or len(text) > LONGEST:
        return False
    lowered = text.lower()
    if match[1].lower() in _ORDINARY:
        return _REDIRECTS.match(text) is not None and "mcp" in lowered
    return "mcp" in lowered or lowered.startswith("goose://extension")


def launches_in(link: str, depth: int = 0) -> tuple[Addition, ...]:
    """The servers that opening the link would install; none where it carries no definition that can be read. Total."""
    if depth > DEEPEST or not is_install_link(link):
        return ()
    match = _LINK.match(link)
    scheme = match[1].lower() if match else ""
    query = link.partition("?")[2].partition("#")[0]
    if not query:
        return ()
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=200) if query.count("&") < 200 else []
    named = dict(pairs)
    agent = SCHEMES.get(scheme, "")
    if scheme in _ORDINARY:
        agent = next((id_ for word, id_ in SCHEMES.items() if f"{word}." in link[:64].lower()), "")
    found: list[Addition] = []
    for name, definition in _definitions(query, pairs, named):
        found.append(Addition(agent, scheme, name, definition))
    for value in named.values():
        if not found and is_install_link(value):
            found.extend(launches_in(value, depth + 1))
    return tuple({_key(addition): addition for addition in found}.values())


def _key(addition: Addition) -> str:
    return f"{addition.name}\0{json.dumps(addition.definition, sort_keys=True, default=str)}"


def _definitions(
    query: str, pairs: list[tuple[str, str]], named: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    name = named.get("name") or named.get("id") or named.get("serverName") or ""
    program = named.get("cmd") or named.get("command")
    if program:
        arguments = [value for key, value in pairs if key in ("arg", "args")]
        env = dict(value.partition("=")[::2] for key, value in pairs if key == "env")
        yield name or "unnamed", {"command": program, "args": arguments, **({"env": env} if env else {})}
        return
    for text in (unquote(query), *(value for key, value in pairs), *_plus(query)):
        value = _decoded(text)
        if value is not None:
            yield from definitions_in(value, name)
    address = named.get("url")
    if address and re.match(r"https?://", address) and not _REDIRECTS.match(address):
        yield name or "unnamed", {"url": address}


def _plus(query: str) -> Iterator[str]:
    """Values in which a plus sign is one, as base64 has it."""
    for part in query.split("&")[:200]:
        yield unquote(part.partition("=")[2])


def _decoded(text: str) -> Mapping[str, Any] | None:
    """The map that a text is in JSON, or in base64 of JSON."""
    for candidate in (text, unquote_plus(text), _base64(text)):
        if candidate and candidate.lstrip().startswith("{"):
            try:
                value = json.loads(candidate)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                return value
    return None


def _base64(text: str) -> str:
    clean = re.sub(r"\s", "+", text.strip()).replace("-", "+").replace("_", "/").rstrip("=")
    if len(clean) < 8 or not re.fullmatch(r"[A-Za-z0-9+/]+", clean):
        return ""
    try:
        return base64.b64decode(clean + "=" * (-len(clean) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
