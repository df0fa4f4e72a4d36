"""Plugin descriptors of JetBrains IDEs: what is read, what is refused, what is switched off."""

from dataclasses import replace

import pytest

from spawngate.agents.document import Document, parse
from spawngate.agents.formats import Format
from spawngate.agents.surfaces.jetbrains_plugins import parse_descriptor, read_disabled, read_plugin, settle
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

ROOT = "/home/a/.local/share/JetBrains/IntelliJIdea2026.2"


def jar(xml: bytes | None, path: str = f"{ROOT}/plugin/lib/plugin.jar") -> Document:
    members = {} if xml is None else {"META-INF/plugin.xml": xml}
    return Document(path, "jetbrains-plugins", Scope.USER, Format.ZIP, digest="d", members=members)


def test_descriptor_takes_direct_children_only() -> None:
    xml = b"<idea-plugin><id> a.b </id><name>N &amp; M</name><x><id>no</id></x><version>1</version></idea-plugin>"
    assert parse_descriptor(xml) == {"id": "a.b", "name": "N & M", "version": "1"}


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"not xml",
        b"<idea-plugin><id>x</id>",
        b"<idea-plugin><id>x</idea-plugin></id>",
        b"<!DOCTYPE idea-plugin><idea-plugin/>",
        b'<!DOCTYPE idea-plugin SYSTEM "file:///etc/passwd"><idea-plugin/>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><idea-plugin><id>&b;</id></idea-plugin>',
        b"<idea-plugin><id>&undefined;</id></idea-plugin>",
        b'<?xml version="1.0" encoding="no-such-encoding"?><idea-plugin/>',
        b"<a>" * 100 + b"</a>" * 100,
        b"<idea-plugin><id>\x00</id></idea-plugin>",
    ],
)
def test_refused(xml: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        parse_descriptor(xml)


def test_long_texts_are_cut() -> None:
    assert len(parse_descriptor(b"<idea-plugin><name>" + b"a" * 100_000 + b"</name></idea-plugin>")["name"]) == 4096


def test_libraries_and_other_plugins_are_passed_over() -> None:
    assert parse(jar(None), read_plugin).observed == ()
    assert parse(jar(b"<idea-plugin><id>IdeaVIM</id><name>IdeaVim</name></idea-plugin>"), read_plugin).observed == ()


def test_refused_descriptor_of_an_ai_plugin_is_unreadable_and_of_another_only_a_note() -> None:
    found = parse(jar(b"<!DOCTYPE x><x/>", f"{ROOT}/claude-code/lib/c.jar"), read_plugin)
    assert [(item.name, item.status) for item in found.observed] == [("claude-code", Status.UNREADABLE)]
    other = parse(jar(b"<!DOCTYPE x><x/>"), read_plugin)
    assert other.observed == ()
    assert [note.reason for note in (*found.diagnostics, *other.diagnostics)] == ["malformed", "malformed"]


def test_settle_goes_by_ide_and_release() -> None:
    def plugin(product: str) -> Artifact:
        path = f"/home/a/.local/share/JetBrains/{product}/copilot/lib/core.jar"
        detail: dict[str, Json] = {"id": "com.github.copilot"}
        return Artifact(Kind.EXTENSION, path, "f", "jetbrains-plugins", Scope.USER, "C", path, Status.INSTALLED, detail)

    listed = Document(
        "/home/a/.config/JetBrains/IntelliJIdea2026.2/disabled_plugins.txt",
        "jetbrains-plugins",
        Scope.USER,
        Format.TEXT,
        b"com.github.copilot\nIdeaVIM\n",
    )
    settings = [
        Setting(Topic.PLUGIN_STATUS, item.agent, item.scope, item.path, item.name, item.value)
        for item in parse(listed, read_disabled).settings
    ]
    assert [item.name for item in settings] == ["com.github.copilot"]
    here, there = plugin("IntelliJIdea2026.2"), plugin("PyCharm2026.2")
    assert settle([here, there], settings) == [replace(here, status=Status.DISABLED), there]
