"""Jan (Menlo Research).

Source, read 2026-11: janhq/jan src-tauri/src/core/mcp/{constants,helpers}.rs (file and shape), core/app/commands.rs
(folders). `mcp_config.json` lies in the data folder: `<data>/Jan/data`, or where `data_folder` of `<data>/Jan/
settings.json` or JAN_DATA_FOLDER says. A server with `active: false` is not started; without the field it is. Entries
for remote servers carry an empty `command`. Older builds on Linux kept everything below ~/.config/Jan.
Whether tools run unasked is kept in the web view's storage and is not read.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.model.artifact import Scope
from spawngate.model.observed import Topic

FIELDS = Fields(enabled=("active",), disabled=(), env_file=(), auto_approve=(), trust=(), sandbox=())


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json`: where the data folder is, which may be elsewhere than looked for."""
    folder = document.map().get("data_folder")
    if isinstance(folder, str):
        yield setting(document, Topic.SWITCH, "data_folder", folder, "data_folder")


_FOLDERS: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("~/.local/share/Jan", ("linux",)),
    ("~/.config/Jan", ("linux",)),
    ("~/Library/Application Support/Jan", ("macos",)),
    ("%APPDATA%/Jan", ("windows",)),
)

AGENT = Agent(
    id="jan",
    name="Jan",
    vendor="Menlo Research",
    detect=Detect(
        paths=tuple(folder for folder, _ in _FOLDERS),
        apps=("/Applications/Jan.app", "%LOCALAPPDATA%/Programs/Jan/Jan.exe"),
    ),
    moved=tuple(Moved("JAN_DATA_FOLDER", f"{folder}/data") for folder, _ in _FOLDERS),
    locations=tuple(
        location
        for folder, on in _FOLDERS
        for location in (
            Location(f"{folder}/data/mcp_config.json", Scope.USER, Servers(fields=FIELDS), on=on),
            Location(f"{folder}/settings.json", Scope.USER, read_settings, on=on),
        )
    ),
    process_names=("Jan", "jan"),
    notes={
        "data folder": "one chosen in the app's settings is reported and not followed",
        "approvals": "whether tools run unasked is in the web view's storage and is not read",
    },
)
