"""Where bundles are looked for."""

from spawngate.agents.formats import Format
from spawngate.agents.surfaces.mcp_bundles import SURFACE
from spawngate.model.artifact import Scope


def test_every_folder_is_searched_for_both_endings_and_only_the_manifest_is_taken() -> None:
    assert [(location.template, location.scope) for location in SURFACE.locations] == [
        ("~/Downloads/*.mcpb", Scope.USER),
        ("~/Downloads/*.dxt", Scope.USER),
        ("~/Desktop/*.mcpb", Scope.USER),
        ("~/Desktop/*.dxt", Scope.USER),
        ("~/Documents/*.mcpb", Scope.USER),
        ("~/Documents/*.dxt", Scope.USER),
        ("{project}/*.mcpb", Scope.PROJECT),
        ("{project}/*.dxt", Scope.PROJECT),
    ]
    assert {(location.format, location.members) for location in SURFACE.locations} == {(Format.ZIP, ("manifest.json",))}
