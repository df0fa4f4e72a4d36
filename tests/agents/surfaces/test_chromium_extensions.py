"""Which extensions of a Chromium profile count, and what the profile's preferences change about them."""

import json
from dataclasses import replace

import pytest

from spawngate.agents.document import Document, parse
from spawngate.agents.formats import Format
from spawngate.agents.surfaces.chromium_extensions import Manifest, Preferences, settle
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

PROFILE = "/home/a/.config/google-chrome/Default"
ID = "kpcmonlgbdfaejhipoklbmcnagdjfeih"


def manifest(content: Json, identifier: str = ID) -> Document:
    path = f"{PROFILE}/Extensions/{identifier}/1.0_0/manifest.json"
    return Document(
        path, "chromium-extensions", Scope.PROFILE, Format.JSONC, json.dumps(content).encode(), "d", "/home/a"
    )


def reason(content: Json, identifier: str = ID) -> Json:
    found = parse(manifest(content, identifier), Manifest("chrome")).observed
    return found[0].detail["ai_reason"] if found else None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"name": "Claude", "version": "1"}, "word: claude"),
        ({"name": "Desk Copilot", "permissions": ["nativeMessaging"]}, "word: copilot, with nativeMessaging"),
        ({"name": "__MSG_chatgpt_title__"}, "word: chatgpt"),
        ({"name": "Exporter", "host_permissions": ["https://claude.ai/*"]}, "host: claude.ai"),
        ({"name": "Exporter", "permissions": ["tabs", "*://*.perplexity.ai/*"]}, "host: perplexity.ai"),
        (
            {"name": "Reader", "content_scripts": [{"matches": ["https://gemini.google.com/*"]}]},
            "host: gemini.google.com",
        ),
        (
            {
                "name": "Reader",
                "host_permissions": [f"https://{n}.example/*" for n in range(12)] + ["https://claude.ai/*"],
            },
            None,
        ),
        ({"name": "Reader", "host_permissions": ["https://notclaude.ai.example/*", "<all_urls>"]}, None),
        ({"name": "Dark Reader", "permissions": ["storage"]}, None),
        ({"name": 7, "permissions": "x", "content_scripts": [None, {"matches": 3}], "action": []}, None),
        ({}, None),
    ],
)
def test_what_counts_as_ai(content: Json, expected: str | None) -> None:
    assert reason(content) == expected


def test_known_id_counts_whatever_the_manifest_says() -> None:
    assert reason({"name": "__MSG_x__"}, "difoiogjjojoaoomphldepapgpbgkhkb") == "known id: Sider"


def test_preferences_tell_unpacked_and_disabled_and_translated() -> None:
    settings = {
        ID: {
            "location": 1,
            "path": f"{ID}/1.0_0",
            "disable_reasons": [8192],
            "manifest": {"name": "Chat for ChatGPT", "default_locale": "en", "version": "1.0"},
        },
        "b" * 32: {"location": 4, "path": "/home/a/src/mcp-bridge"},
        "c" * 32: {"location": 4, "path": "/home/a/src/color-picker"},
        "d" * 32: {"location": 1, "state": 0, "manifest": {"name": "Dark Reader"}},
        "e" * 32: None,
    }
    document = Document(
        f"{PROFILE}/Preferences",
        "chromium-extensions",
        Scope.PROFILE,
        Format.JSON,
        json.dumps({"extensions": {"settings": settings}}).encode(),
        "d",
        "/home/a",
    )
    result = parse(document, Preferences("chrome"))
    assert [(item.name, item.path, item.status, item.detail["ai_reason"]) for item in result.observed] == [
        ("Chat for ChatGPT", f"{PROFILE}/Extensions/{ID}/1.0_0/manifest.json", Status.DISABLED, "word: chatgpt"),
        ("mcp-bridge", f"{PROFILE}/Preferences", Status.INSTALLED, "word: mcp"),
    ]
    assert [(item.name, item.value) for item in result.settings] == [(ID, False)]
    assert result.diagnostics == ()


def test_the_name_of_the_home_is_not_the_name_of_an_extension() -> None:
    entry = {"location": 4, "path": "/home/claude/src/color-picker"}
    data = json.dumps({"extensions": {"settings": {ID: entry}}}).encode()
    path = "/home/claude/.config/chromium/Default/Preferences"
    document = Document(path, "chromium-extensions", Scope.PROFILE, Format.JSON, data, "d", "/home/claude")
    assert parse(document, Preferences("chromium")).observed == ()


def artifact(name: str, path: str, identifier: str = ID, status: Status = Status.INSTALLED) -> Artifact:
    detail: dict[str, Json] = {"id": identifier}
    return Artifact(
        Kind.EXTENSION, f"{name}{path}", "f", "chromium-extensions", Scope.PROFILE, name, path, status, detail
    )


def off(profile: str, identifier: str = ID) -> Setting:
    return Setting(
        Topic.PLUGIN_STATUS, "chromium-extensions", Scope.PROFILE, f"{profile}/Preferences", identifier, value=False
    )


def test_settle_keeps_the_record_with_a_name_and_switches_off_in_one_profile_only() -> None:
    here = f"{PROFILE}/Extensions/{ID}/1.0_0/manifest.json"
    there = here.replace("Default", "Profile 1")
    unnamed, named, other = artifact(ID, here), artifact("Chat", here), artifact("Chat", there)
    expected = [replace(named, status=Status.DISABLED), other]
    assert settle([unnamed, named, other], [off(PROFILE)]) == expected
    assert settle([named, unnamed, other], [off(PROFILE)]) == expected


def test_settle_leaves_unpacked_extensions_apart() -> None:
    both = [artifact("one", f"{PROFILE}/Preferences", "a"), artifact("two", f"{PROFILE}/Preferences", "b")]
    assert settle(both, []) == both
