"""Native messaging hosts of AI extensions: the bridge from a browser extension to a program on the machine.

Sources: https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging (fields and folders),
https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Native_manifests (`allowed_extensions`, folders);
anthropics/claude-code issues 20298 and 48502 (names). On Windows the registry says where the manifests lie, and the
registry is not read here: only the folders that Claude Code and Claude Desktop use are looked into (from memory).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.readers import as_text, as_texts, observe
from spawngate.agents.surfaces.ai_words import ai_reason
from spawngate.agents.surfaces.chromium_extensions import KNOWN as KNOWN_EXTENSIONS
from spawngate.agents.surfaces.chromium_extensions import ROOTS
from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import ObservedLaunch

KNOWN: Mapping[str, str] = {
    "com.anthropic.claude_code_browser_extension": "Claude Code",
    "com.anthropic.claude_browser_extension": "Claude Desktop",
}
"""Names of hosts whose owner is known."""


@dataclass(frozen=True, slots=True)
class Host:
    """Reads one host manifest."""

    browser: str

    def __call__(self, document: Document) -> Iterable[Sighting]:
        manifest = document.map()
        name = as_text(document, manifest.get("name"), "name")
        if not name:
            return
        description = as_text(document, manifest.get("description"), "description")
        origins = as_texts(document, manifest.get("allowed_origins"), "allowed_origins")
        add_ons = as_texts(document, manifest.get("allowed_extensions"), "allowed_extensions")
        found = ai_reason(name, KNOWN, name, description, *add_ons)
        if found is None:
            identifiers = (origin.partition("://")[2].strip("/") for origin in origins)
            known = next((KNOWN_EXTENSIONS[item] for item in identifiers if item in KNOWN_EXTENSIONS), None)
            if known is None:
                return
            found = f"known extension: {known}"
        path = as_text(document, manifest.get("path"), "path")
        detail: dict[str, Json] = {
            "type": "native-messaging",
            "browser": self.browser,
            "allowed_origins": [*origins, *add_ons],
            "path": path or "",
            "ai": True,
            "ai_reason": found,
        }
        if description:
            detail["description"] = description
        if not path:
            document.note("unknown-shape", "the host manifest names no program")
        yield observe(
            document,
            Kind.EXTENSION,
            name,
            status=Status.INSTALLED if path else Status.UNREADABLE,
            launch=ObservedLaunch(Transport.STDIO, command=path) if path else None,
            detail=detail,
            content=document.digest,
        )


_SYSTEM: tuple[tuple[str, str, tuple[Platform, ...]], ...] = (
    ("chrome", "/etc/opt/chrome/native-messaging-hosts", ("linux",)),
    ("chromium", "/etc/chromium/native-messaging-hosts", ("linux",)),
    ("edge", "/etc/opt/edge/native-messaging-hosts", ("linux",)),
    ("firefox", "/usr/lib/mozilla/native-messaging-hosts", ("linux",)),
    ("firefox", "/usr/lib64/mozilla/native-messaging-hosts", ("linux",)),
    ("chrome", "/Library/Google/Chrome/NativeMessagingHosts", ("macos",)),
    ("chromium", "/Library/Application Support/Chromium/NativeMessagingHosts", ("macos",)),
    ("edge", "/Library/Microsoft/Edge/NativeMessagingHosts", ("macos",)),
    ("firefox", "/Library/Application Support/Mozilla/NativeMessagingHosts", ("macos",)),
)
_USER: tuple[tuple[str, str, tuple[Platform, ...]], ...] = (
    *((browser, f"{root}/NativeMessagingHosts", on) for browser, root, on in ROOTS if "windows" not in on),
    ("firefox", "~/.mozilla/native-messaging-hosts", ("linux",)),
    ("firefox", "~/Library/Application Support/Mozilla/NativeMessagingHosts", ("macos",)),
    ("chrome", "%APPDATA%/Claude Code/ChromeNativeHost", ("windows",)),
    ("chrome", "%APPDATA%/Claude/ChromeNativeHost", ("windows",)),
)

SURFACE = Agent(
    id="native-messaging",
    name="Native messaging hosts",
    vendor="",
    locations=(
        *(Location(f"{folder}/*.json", Scope.SYSTEM, Host(browser), on=on) for browser, folder, on in _SYSTEM),
        *(Location(f"{folder}/*.json", Scope.USER, Host(browser), on=on) for browser, folder, on in _USER),
    ),
    notes={"windows": "the registry, which names the manifests there, is not read"},
)
