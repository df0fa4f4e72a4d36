"""AI extensions of Firefox and of the browsers built from it.

Format: `extensions.json` of a profile, as toolkit/mozapps/extensions/internal/XPIDatabase.sys.mjs of Firefox writes it
(addons[]: id, version, type, active, userDisabled, appDisabled, location, path, defaultLocale, userPermissions), as
remembered and not read again. Names there are already translated to the default locale. Unsure: the folders of the
derived browsers. There is no table of known ids: none was found that can be relied on, so words decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, observe
from spawngate.agents.surfaces.ai_words import ai_reason
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json

_ROOTS: tuple[tuple[str, str, tuple[Platform, ...]], ...] = (
    ("firefox", "~/.mozilla/firefox", ("linux",)),
    ("firefox", "~/.config/mozilla/firefox", ("linux",)),
    ("firefox", "~/snap/firefox/common/.mozilla/firefox", ("linux",)),
    ("firefox", "~/.var/app/org.mozilla.firefox/.mozilla/firefox", ("linux",)),
    ("librewolf", "~/.librewolf", ("linux",)),
    ("zen", "~/.zen", ("linux",)),
    ("firefox", "~/Library/Application Support/Firefox/Profiles", ("macos",)),
    ("librewolf", "~/Library/Application Support/librewolf/Profiles", ("macos",)),
    ("zen", "~/Library/Application Support/zen/Profiles", ("macos",)),
    ("firefox", "%APPDATA%/Mozilla/Firefox/Profiles", ("windows",)),
    ("librewolf", "%APPDATA%/librewolf/Profiles", ("windows",)),
    ("zen", "%APPDATA%/zen/Profiles", ("windows",)),
)


@dataclass(frozen=True, slots=True)
class Addons:
    """Reads `extensions.json` of one profile."""

    browser: str

    def __call__(self, document: Document) -> Iterable[Sighting]:
        profile = document.path.replace("\\", "/").split("/")[-2:-1]
        for index, raw in enumerate(as_list(document, document.map().get("addons"), "addons")):
            pointer = f"addons[{index}]"
            addon = as_map(document, raw, pointer)
            identifier = addon.get("id")
            if not isinstance(identifier, str) or addon.get("type", "extension") != "extension":
                continue
            locale = as_map(document, addon.get("defaultLocale"), f"{pointer}.defaultLocale")
            name = as_text(document, locale.get("name"), f"{pointer}.defaultLocale.name")
            description = as_text(document, locale.get("description"), f"{pointer}.defaultLocale.description")
            found = ai_reason(identifier, {}, name, description, identifier.partition("@")[0])
            if found is None:
                continue
            grants = as_map(document, addon.get("userPermissions"), f"{pointer}.userPermissions")
            detail: dict[str, Json] = {
                "type": "firefox",
                "id": identifier,
                "version": as_text(document, addon.get("version"), f"{pointer}.version") or "",
                "browser": document.product or self.browser,
                "profile": profile[0] if profile else "",
                "permissions": list(as_texts(document, grants.get("permissions"), f"{pointer}.permissions")),
                "host_permissions": list(as_texts(document, grants.get("origins"), f"{pointer}.origins")),
                "ai": True,
                "ai_reason": found,
            }
            if description:
                detail["description"] = description
            if addon.get("location") == "app-temporary":
                detail["unpacked"] = True
            folder = as_text(document, addon.get("path"), f"{pointer}.path")
            if folder:
                detail["folder"] = folder
            off = addon.get("active") is False or addon.get("userDisabled") is True or addon.get("appDisabled") is True
            yield observe(
                document,
                Kind.EXTENSION,
                name or identifier,
                f"addons[{identifier}]",
                status=Status.DISABLED if off else Status.INSTALLED,
                detail=detail,
            )


SURFACE = Agent(
    id="firefox-extensions",
    name="Firefox extensions",
    vendor="",
    locations=tuple(
        Location(f"{root}/*/extensions.json", Scope.PROFILE, Addons(browser), on=on, keep=(("addons",),))
        for browser, root, on in _ROOTS
    ),
    notes={"relevance": "extensions that look like nothing to do with AI are not recorded"},
)
