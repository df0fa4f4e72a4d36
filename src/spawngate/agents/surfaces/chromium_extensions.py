"""AI extensions of Chrome, Chromium, Edge, Brave, Vivaldi, Opera, Arc and the browsers built from them.

Format: https://developer.chrome.com/docs/extensions/reference/manifest for the manifest; for the folders and for
`extensions.settings.<id>` of the preferences (state, disable_reasons, location, path, manifest) Chromium's sources
`docs/user_data_dir.md`, `extensions/browser/extension_prefs.cc` and `extensions/common/manifest.h`, as remembered and
not read again. Unsure: the folders of Comet and Dia, and which browsers keep the translated manifest there.
Only what looks like AI becomes a record: by id, by a word, or because it works on few pages and one is an AI service.
A manifest that names itself by `__MSG_key__` is judged by its id, its keys and its pages; the translated name is taken
from the profile's preferences where they hold it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_map, as_text, descend, observe
from spawngate.agents.readers.permissions import setting
from spawngate.agents.surfaces.ai_words import ai_reason, ai_word
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed, Topic
from spawngate.model.setting import Setting

KNOWN: Mapping[str, str] = {
    "fcoeoabgfenejglbffodgkkbkcdhcgfn": "Claude in Chrome",
    "dihbgbndebgnbjfmelmegjepbnkhlgni": "Claude in Chrome (pre-release)",
    "dngcpimnedloihjnnfngkgjoidhnaolf": "Claude in Chrome (pre-release)",
    "hehggadaopoacecdllhhajmbjkdcmajg": "ChatGPT for Chrome",
    "mmlmfjhmonkocbjadbfplnigmagldckm": "Playwright MCP bridge",
    "bjfgambnhccakkhmkepdoekmckoijdlc": "Browser MCP",
    "hbdgbgagpkpjffpklnamcljpakneikee": "mcp-chrome",
    "ofpnmcalabcbjgholdjcjblkibolbppb": "Monica",
    "difoiogjjojoaoomphldepapgpbgkhkb": "Sider",
    "eanggfilgoajaocelnaflolkadkeghjp": "HARPA AI",
    "imbddededgmcgfhfpcjmijokokekbkal": "Nanobrowser",
    "cecngibhkljoiafhjfmcgbmikfogdiko": "Manus Browser Operator",
}
"""Ids of AI extensions in the Chrome web store."""

ROOTS: tuple[tuple[str, str, tuple[Platform, ...]], ...] = (
    ("chrome", "~/.config/google-chrome", ("linux",)),
    ("chrome-beta", "~/.config/google-chrome-beta", ("linux",)),
    ("chrome-dev", "~/.config/google-chrome-unstable", ("linux",)),
    ("chrome", "~/.var/app/com.google.Chrome/config/google-chrome", ("linux",)),
    ("chromium", "~/.config/chromium", ("linux",)),
    ("chromium", "~/snap/chromium/common/chromium", ("linux",)),
    ("chromium", "~/.var/app/org.chromium.Chromium/config/chromium", ("linux",)),
    ("edge", "~/.config/microsoft-edge", ("linux",)),
    ("brave", "~/.config/BraveSoftware/Brave-Browser", ("linux",)),
    ("vivaldi", "~/.config/vivaldi", ("linux",)),
    ("opera", "~/.config/opera", ("linux",)),
    ("chrome", "~/Library/Application Support/Google/Chrome", ("macos",)),
    ("chrome-beta", "~/Library/Application Support/Google/Chrome Beta", ("macos",)),
    ("chrome-canary", "~/Library/Application Support/Google/Chrome Canary", ("macos",)),
    ("chromium", "~/Library/Application Support/Chromium", ("macos",)),
    ("edge", "~/Library/Application Support/Microsoft Edge", ("macos",)),
    ("brave", "~/Library/Application Support/BraveSoftware/Brave-Browser", ("macos",)),
    ("arc", "~/Library/Application Support/Arc/User Data", ("macos",)),
    ("vivaldi", "~/Library/Application Support/Vivaldi", ("macos",)),
    ("opera", "~/Library/Application Support/com.operasoftware.Opera", ("macos",)),
    ("comet", "~/Library/Application Support/Comet", ("macos",)),
    ("dia", "~/Library/Application Support/Dia/User Data", ("macos",)),
    ("chrome", "%LOCALAPPDATA%/Google/Chrome/User Data", ("windows",)),
    ("chrome-beta", "%LOCALAPPDATA%/Google/Chrome Beta/User Data", ("windows",)),
    ("chromium", "%LOCALAPPDATA%/Chromium/User Data", ("windows",)),
    ("edge", "%LOCALAPPDATA%/Microsoft/Edge/User Data", ("windows",)),
    ("brave", "%LOCALAPPDATA%/BraveSoftware/Brave-Browser/User Data", ("windows",)),
    ("vivaldi", "%LOCALAPPDATA%/Vivaldi/User Data", ("windows",)),
    ("opera", "%APPDATA%/Opera Software/Opera Stable", ("windows",)),
    ("comet", "%LOCALAPPDATA%/Perplexity/Comet/User Data", ("windows",)),
)
"""Browser, folder that holds its profiles, platform."""

_AI_HOSTS = re.compile(
    r"(?:^|[/.])(chatgpt\.com|(?:chat|api)\.openai\.com|claude\.ai|api\.anthropic\.com|gemini\.google\.com|"
    r"generativelanguage\.googleapis\.com|copilot\.microsoft\.com|perplexity\.ai|chat\.deepseek\.com|"
    r"chat\.mistral\.ai|grok\.com|aistudio\.google\.com|openrouter\.ai|api\.groq\.com)(?:[:/]|$)"
)
_MAX_HOSTS = 12
"""A tool for AI pages names few pages; a list longer than this is a general tool that also works there."""

_UNPACKED = (4, 8)
"""Chromium's `Manifest::Location`: loaded unpacked by a developer, or from the command line."""
_MESSAGE = re.compile(r"__MSG_(\w+)__")


@dataclass(frozen=True, slots=True)
class Manifest:
    """Reads `<profile>/Extensions/<id>/<version>/manifest.json` of one browser."""

    browser: str

    def __call__(self, document: Document) -> Iterable[Sighting]:
        manifest = document.map()
        parts = document.path.replace("\\", "/").split("/")
        if len(parts) < 5 or not manifest:
            return
        profile, identifier = parts[-5], parts[-3]
        found = _judge(identifier, manifest)
        if found is None:
            return
        stated = as_text(document, manifest.get("name"), "name") or identifier
        message = _MESSAGE.fullmatch(stated.strip())
        detail: dict[str, Json] = {
            "type": "chromium",
            "id": identifier,
            "version": as_text(document, manifest.get("version"), "version") or "",
            "browser": document.product or self.browser,
            "profile": profile,
            "permissions": _permissions(manifest),
            "host_permissions": _hosts(manifest),
            "ai": True,
            "ai_reason": found,
        }
        if message:
            detail["name_key"] = message.group(1)
        description = as_text(document, manifest.get("description"), "description")
        if description and not _MESSAGE.fullmatch(description.strip()):
            detail["description"] = description
        yield observe(
            document,
            Kind.EXTENSION,
            identifier if message else stated,
            status=Status.INSTALLED,
            detail=detail,
            content=document.digest,
        )


@dataclass(frozen=True, slots=True)
class Preferences:
    """Reads `extensions.settings` of a profile: what is switched off, and extensions that lie elsewhere."""

    browser: str

    def __call__(self, document: Document) -> Iterable[Sighting]:
        folder, _, _ = document.path.replace("\\", "/").rpartition("/")
        entries = as_map(document, descend(document, ("extensions", "settings")), "extensions.settings")
        for identifier, raw in entries.items():
            pointer = f"extensions.settings.{identifier}"
            entry = as_map(document, raw, pointer)
            manifest = as_map(document, entry.get("manifest"), f"{pointer}.manifest")
            path = as_text(document, entry.get("path"), f"{pointer}.path") or ""
            unpacked = entry.get("location") in _UNPACKED
            # An unpacked extension has no manifest here and an id made from its path: the path's name must do.
            leaf = path.replace("\\", "/").rstrip("/").rpartition("/")[2] if unpacked else None
            found = _judge(identifier, manifest, _inner(document, path) if unpacked else None)
            if found is None:
                continue
            off = _is_off(entry)
            if off:
                yield setting(document, Topic.PLUGIN_STATUS, identifier, False, pointer)
            translated = "default_locale" in manifest and bool(path) and "name" in manifest
            if not unpacked and not translated:
                continue
            name = as_text(document, manifest.get("name"), f"{pointer}.manifest.name")
            name = name or KNOWN.get(identifier) or leaf or identifier
            yield Observed(
                kind=Kind.EXTENSION,
                agent=document.agent,
                scope=document.scope,
                name=name,
                path=document.path if unpacked else f"{folder}/Extensions/{path.replace(chr(92), '/')}/manifest.json",
                pointer=pointer,
                status=Status.DISABLED if off else Status.INSTALLED,
                detail={
                    "type": "chromium",
                    "id": identifier,
                    "version": as_text(document, manifest.get("version"), f"{pointer}.manifest.version") or "",
                    "browser": document.product or self.browser,
                    "profile": folder.rpartition("/")[2],
                    "permissions": _permissions(manifest),
                    "host_permissions": _hosts(manifest),
                    "ai": True,
                    "ai_reason": found,
                    **({"unpacked": True, "folder": path} if unpacked else {}),
                },
            )


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """One record per extension, the one with a readable name; off where the profile says so."""
    off = {
        (setting.path.replace("\\", "/").rpartition("/")[0], setting.name)
        for setting in settings
        if setting.topic is Topic.PLUGIN_STATUS and setting.value is False
    }
    best: dict[tuple[str, Json], Artifact] = {}
    for artifact in artifacts:
        # The id from the detail, not from the path: it is redacted as the setting's name is.
        identifier = artifact.detail.get("id")
        profile, below, _ = artifact.path.replace("\\", "/").partition("/Extensions/")
        if below and artifact.status is Status.INSTALLED and (profile, identifier) in off:
            artifact = replace(artifact, status=Status.DISABLED)
        key = (artifact.path, identifier)
        known = best.get(key)
        if known is None or known.name == identifier:
            best[key] = artifact
    return list(best.values())


def _judge(identifier: str, manifest: Mapping[str, Json], *more: str | None) -> str | None:
    """Why the extension is an AI tool; None where it is not one as far as can be told."""
    texts = [
        text
        for key in ("name", "short_name", "description", "homepage_url", "default_title")
        if isinstance(text := manifest.get(key), str)
    ]
    action = manifest.get("action") or manifest.get("browser_action")
    if isinstance(action, Mapping) and isinstance(action.get("default_title"), str):
        texts.append(str(action["default_title"]))
    reason = ai_reason(identifier, KNOWN, *texts, *more)
    if reason is not None:
        bridge = "nativeMessaging" in _permissions(manifest)
        return f"{reason}, with nativeMessaging" if bridge and not reason.startswith("known") else reason
    # Message keys are written by the developer and often say what the translated text says.
    key_word = ai_word(*(text.replace("__MSG_", "").replace("__", "") for text in texts if _MESSAGE.fullmatch(text)))
    if key_word is not None:
        return f"word: {key_word}"
    hosts = _hosts(manifest)
    if 0 < len(hosts) <= _MAX_HOSTS:
        for host in hosts:
            match = _AI_HOSTS.search(str(host))
            if match:
                return f"host: {match.group(1)}"
    return None


def _inner(document: Document, path: str) -> str:
    """The path without the home, whose owner may well be called Claude."""
    plain, home = path.replace("\\", "/"), (document.home or "").replace("\\", "/").rstrip("/")
    if home and plain.startswith(home + "/"):
        return plain[len(home) :]
    return "/".join(plain.rstrip("/").split("/")[-4:])


def _permissions(manifest: Mapping[str, Json]) -> list[Json]:
    """Names of permissions. Entries that are maps belong to Chrome's own apps and are passed over."""
    found = (*_strings(manifest.get("permissions")), *_strings(manifest.get("optional_permissions")))
    return [name for name in found if not _is_host(name)]


def _hosts(manifest: Mapping[str, Json]) -> list[Json]:
    """Pages the extension may read: host permissions of both manifest versions and content scripts."""
    found = [*_strings(manifest.get("host_permissions")), *_strings(manifest.get("optional_host_permissions"))]
    found += [name for name in _strings(manifest.get("permissions")) if _is_host(name)]
    scripts = manifest.get("content_scripts")
    if isinstance(scripts, Sequence) and not isinstance(scripts, str):
        for script in scripts:
            if isinstance(script, Mapping):
                found += _strings(script.get("matches"))
    return list(dict.fromkeys(found))


def _strings(value: Json) -> list[str]:
    """The texts of a list; what is no list holds none. Chrome itself has checked the manifest of what it installed."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [item for item in value if isinstance(item, str)]


def _is_host(permission: str) -> bool:
    return "://" in permission or permission == "<all_urls>"


def _is_off(entry: Mapping[str, Json]) -> bool:
    """Off by `state` 0, or by reasons: a bit set in older profiles, a list in newer ones."""
    reasons = entry.get("disable_reasons")
    return entry.get("state") == 0 or bool(reasons)


_KEEP = tuple(
    ("extensions", "settings", "*", *path)
    for path in (
        ("state",),
        ("disable_reasons",),
        ("location",),
        ("path",),
        *(
            ("manifest", key)
            for key in (
                "name",
                "short_name",
                "description",
                "version",
                "default_locale",
                "permissions",
                "optional_permissions",
                "host_permissions",
                "optional_host_permissions",
                "content_scripts",
                "homepage_url",
                "action",
                "browser_action",
            )
        ),
    )
)


def _locations() -> Iterable[Location]:
    for browser, root, on in ROOTS:
        # Opera keeps its only profile in the root itself.
        for profile in (f"{root}/*", *((root,) if browser == "opera" else ())):
            yield Location(
                f"{profile}/Extensions/*/*/manifest.json", Scope.PROFILE, Manifest(browser), Format.JSONC, on=on
            )
            for name in ("Preferences", "Secure Preferences"):
                yield Location(f"{profile}/{name}", Scope.PROFILE, Preferences(browser), on=on, keep=_KEEP)


SURFACE = Agent(
    id="chromium-extensions",
    name="Chromium extensions",
    vendor="",
    locations=tuple(_locations()),
    settle=settle,
    notes={
        "names": "translated names are known only where the profile's preferences hold the manifest",
        "relevance": "extensions that look like nothing to do with AI are not recorded",
    },
)
