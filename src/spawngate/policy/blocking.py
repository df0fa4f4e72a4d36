"""The draft of a policy that denies one MCP server, whichever release of its package an endpoint starts.

What names the server comes from endpoints and is hostile: it enters the Cedar text only where it is a package or a host
of plain characters, and the case only as an escaped text. Somebody reads the draft before it is saved, and it is
checked and tried like any other. Must not be here: which policy it joins, saving it.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

FILE = "blocked.cedar"
CASES = "blocked.cases.toml"
"""Files of a policy folder that the draft goes into."""
_PURL = re.compile(r"pkg:[a-z]+/[A-Za-z0-9._~%/+-]{1,200}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_FINGERPRINT = re.compile(r"[0-9a-f]{8,128}")
_LONGEST = 2_000


def denying(name: str, fingerprint: str, launch: Mapping[str, Any]) -> tuple[str, str]:
    """A policy and its case, as text to add to `FILE` and `CASES`. The case is empty where nothing can be tried.

    `launch`: as `scan --format json` prints it.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).lstrip("-")[:40].strip("-") or "server"
    id_ = f"deny-{slug}-{fingerprint[:8]}" if _FINGERPRINT.fullmatch(fingerprint) else f"deny-{slug}"
    conditions = [
        *_of_package(launch.get("package")),
        *_of_host(launch.get("url")),
        *([f'context.fingerprint == "{fingerprint}"'] if _FINGERPRINT.fullmatch(fingerprint) else []),
    ]
    if not conditions:
        return "", ""
    text = (
        f'@id("{id_}")\n@verdict("deny")\n@reason("This MCP server is blocked. Ask your security team.")\n'
        f"forbid (principal, action, resource)\nwhen {{ {' || '.join(conditions)} }};\n"
    )
    return text, _case(id_, launch)


def joined(files: Mapping[str, str], policy: str, case: str) -> dict[str, str]:
    """The files of a policy with the draft at the end of its own. What stands there already is not added again."""
    found = dict(files)
    for file, text in ((FILE, policy), (CASES, case)):
        held = found.get(file, "")
        if text and text not in held:
            found[file] = f"{held.rstrip()}\n\n{text}".lstrip("\n")
    return found


def _of_package(package: object) -> list[str]:
    if not isinstance(package, str):
        return []
    bare = package.partition("?")[0].partition("#")[0]
    bare = bare[: bare.rindex("@")] if "@" in bare[1:] else bare
    if not _PURL.fullmatch(bare):
        return []
    return [f'context.package == "{bare}"', f'context.package like "{bare}@*"']


def _of_host(url: object) -> list[str]:
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        host = None
    return [f'context.hosts.contains("{host}")'] if host and _HOST.fullmatch(host) else []


def _case(id_: str, launch: Mapping[str, Any]) -> str:
    command, args, url = launch.get("command"), launch.get("args") or [], launch.get("url")
    if (
        isinstance(command, str)
        and command
        and isinstance(args, list | tuple)
        and all(isinstance(a, str) for a in args)
    ):
        words = ", ".join(map(_quoted, args))
        stated = f"{{ command = {_quoted(command)}, args = [{words}] }}"
    elif isinstance(url, str) and url:
        stated = f"{{ url = {_quoted(url)} }}"
    else:
        return ""
    if len(stated) > _LONGEST:
        return ""
    return f'[[case]]\nname = "{id_}"\nlaunch = {stated}\nverdict = "deny"\n'


def _quoted(text: str) -> str:
    """A basic string of TOML (toml.io/en/v1.0.0#string): quotes, backslashes and what nobody sees are escaped."""
    escaped = "".join(
        each
        if each.isprintable() and each not in '"\\'
        else f"\\u{ord(each):04x}"
        if ord(each) < 0x10000
        else f"\\U{ord(each):08x}"
        for each in text.encode("utf-8", "replace").decode("utf-8")
    )
    return f'"{escaped}"'
