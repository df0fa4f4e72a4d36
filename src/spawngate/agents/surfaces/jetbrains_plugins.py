"""AI plugins of the JetBrains IDEs and Android Studio.

Sources: https://www.jetbrains.com/help/idea/directories-used-by-the-ide-to-store-settings-caches-plugins-and-logs.html
(folders; on Linux plugins lie below the data folder itself), https://plugins.jetbrains.com/docs/intellij/plugin-configuration-file.html
(plugin.xml). A plugin is a folder `<plugin>/lib/*.jar`, one jar of which holds META-INF/plugin.xml, or a single jar.
Plugins that come with the IDE lie in its own installation and are not looked for. XML is read with expat and a file
with a document type is refused whole: entities are defined there.
Unsure: the ids in `KNOWN` are partly from memory; `idea.plugins.path` may move the folder and is not followed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import observe
from spawngate.agents.readers.permissions import setting
from spawngate.agents.surfaces.ai_words import ai_reason, ai_word
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed, Topic
from spawngate.model.setting import Setting

KNOWN: Mapping[str, str] = {
    "com.github.copilot": "GitHub Copilot",
    "com.intellij.ml.llm": "JetBrains AI Assistant",
    "org.jetbrains.completion.full.line": "Full Line code completion",
    "org.jetbrains.junie": "Junie",
    "com.anthropic.code.plugin": "Claude Code",
    "com.codeium.intellij": "Windsurf (Codeium)",
    "com.codeium.enterpriseupdater": "Windsurf Enterprise (Codeium)",
    "com.github.continuedev.continueintellijextension": "Continue",
    "com.tabnine.tabnine": "Tabnine",
    "com.sourcegraph.jetbrains": "Sourcegraph Cody",
    "com.sourcegraph.amp": "Amp",
    "com.augmentcode": "Augment",
    "amazon.q": "Amazon Q",
    "com.google.tools.ij.aiplugin": "Gemini Code Assist",
    "com.supermaven.intellij": "Supermaven",
    "com.alibabacloud.intellij.cosy": "Qoder (Lingma)",
    "com.smallcloud.refactai": "Refact.ai",
    "com.devoxx.genie": "DevoxxGenie",
    "com.intellij.mcpserver": "MCP Server",
}
"""Lower-case ids of AI plugins in the JetBrains marketplace."""

_MAX_FIELD = 4096
_MAX_DEPTH = 64
_WANTED = ("id", "name", "version", "vendor")


class _Refused(Exception):
    """The XML defines a document type or nests without end."""


@dataclass(slots=True)
class _Descriptor:
    """Texts of the direct children of `idea-plugin` that are wanted."""

    values: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        if len(self.path) > _MAX_DEPTH:
            raise _Refused("it nests too deep")

    def end(self, name: str) -> None:
        self.path.pop()

    def text(self, data: str) -> None:
        if len(self.path) == 2 and self.path[0] == "idea-plugin" and self.path[1] in _WANTED:
            known = self.values.get(self.path[1], "")
            self.values[self.path[1]] = (known + data)[:_MAX_FIELD]

    def doctype(self, *_: object) -> None:
        raise _Refused("it has a document type")


def parse_descriptor(data: bytes) -> Mapping[str, str]:
    """Id, name, version and vendor of a plugin.xml, stripped.

    Raises ValueError, saying what is wrong, for anything that is not plain well-formed XML.
    """
    descriptor = _Descriptor()
    parser = expat.ParserCreate()
    parser.StartElementHandler = descriptor.start
    parser.EndElementHandler = descriptor.end
    parser.CharacterDataHandler = descriptor.text
    parser.StartDoctypeDeclHandler = descriptor.doctype
    try:
        parser.Parse(data, True)
    except _Refused as error:
        raise ValueError(str(error)) from None
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = f" (line {error.lineno})" if isinstance(error, expat.ExpatError) else ""
        raise ValueError(f"it is not well-formed{line}") from None
    return {name: value.strip() for name, value in descriptor.values.items()}


def read_plugin(document: Document) -> Iterable[Sighting]:
    """One jar of a plugin folder; most jars are libraries and hold no descriptor."""
    data = document.members.get("META-INF/plugin.xml")
    if data is None:
        return
    product, folder = _place(document.path)
    try:
        plugin = parse_descriptor(data)
    except ValueError as error:
        document.note("malformed", f"META-INF/plugin.xml was not read: {error}")
        if ai_word(folder) is not None:
            yield _observe(document, folder, {"product": product, "ai_reason": f"word: {ai_word(folder)}"}, None)
        return
    # A descriptor without an id is known by its name; both missing is a fragment included by another.
    identifier = plugin.get("id") or plugin.get("name")
    if not identifier:
        return
    # Descriptions are pages of text that mention AI far more often than the plugin has to do with it.
    found = ai_reason(identifier, KNOWN, plugin.get("name"), identifier, folder)
    if found is None:
        return
    detail: dict[str, Json] = {"id": identifier, "version": plugin.get("version", ""), "product": product}
    if plugin.get("vendor"):
        detail["vendor"] = plugin["vendor"]
    yield _observe(document, plugin.get("name") or identifier, {**detail, "ai_reason": found}, document.digest)


def read_disabled(document: Document) -> Iterable[Sighting]:
    """`disabled_plugins.txt`: one id a line. Only those of AI plugins are taken."""
    for number, line in enumerate(document.text().splitlines(), start=1):
        identifier = line.strip()
        if identifier and ai_reason(identifier, KNOWN, identifier) is not None:
            yield setting(document, Topic.PLUGIN_STATUS, identifier, False, f"line {number}")


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """A plugin is off where the configuration folder of the same IDE and release lists it."""
    off = {
        (setting.path.replace("\\", "/").split("/")[-2], setting.name)
        for setting in settings
        if setting.topic is Topic.PLUGIN_STATUS and setting.value is False and "/" in setting.path.replace("\\", "/")
    }
    return [
        replace(artifact, status=Status.DISABLED)
        if artifact.status is Status.INSTALLED and (_place(artifact.path)[0], artifact.detail.get("id")) in off
        else artifact
        for artifact in artifacts
    ]


def _observe(document: Document, name: str, detail: Mapping[str, Json], content: str | None) -> Observed:
    return observe(
        document,
        Kind.EXTENSION,
        name,
        status=Status.INSTALLED if content is not None else Status.UNREADABLE,
        detail={"type": "jetbrains", "ai": True, **detail},
        content=content,
    )


def _place(path: str) -> tuple[str, str]:
    """IDE folder (`IntelliJIdea2026.2`) and plugin folder, or jar name without its ending, of a jar's path."""
    parts = path.replace("\\", "/").split("/")
    if len(parts) >= 3 and parts[-2] == "lib":
        folder, above = parts[-3], parts[:-3]
    else:
        folder, above = parts[-1].removesuffix(".jar"), parts[:-1]
    if above and above[-1] == "plugins":
        above = above[:-1]
    return (above[-1] if above else ""), folder


_PLUGINS: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("~/.local/share/JetBrains/*", ("linux",)),
    ("~/.local/share/Google/AndroidStudio*", ("linux",)),
    ("~/Library/Application Support/JetBrains/*/plugins", ("macos",)),
    ("~/Library/Application Support/Google/AndroidStudio*/plugins", ("macos",)),
    ("%APPDATA%/JetBrains/*/plugins", ("windows",)),
    ("%APPDATA%/Google/AndroidStudio*/plugins", ("windows",)),
)
_MEMBERS = ("META-INF/plugin.xml",)

SURFACE = Agent(
    id="jetbrains-plugins",
    name="JetBrains plugins",
    vendor="",
    locations=(
        *(
            Location(f"{root}{below}", Scope.USER, read_plugin, Format.ZIP, on=on, members=_MEMBERS)
            for root, on in _PLUGINS
            for below in ("/*/lib/*.jar", "/*.jar")
        ),
        Location("{appdata}/JetBrains/*/disabled_plugins.txt", Scope.USER, read_disabled, Format.TEXT),
        Location("{appdata}/Google/AndroidStudio*/disabled_plugins.txt", Scope.USER, read_disabled, Format.TEXT),
    ),
    settle=settle,
    notes={
        "bundled": "plugins inside the IDE's own installation are not looked for",
        "relevance": "plugins that look like nothing to do with AI are not recorded",
    },
)
