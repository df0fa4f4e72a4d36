"""What the surface owns: nothing that bears an agent's name."""

from spawngate.agents.surfaces.shared_instructions import SURFACE


def test_owned_instructions_and_skills() -> None:
    templates = [location.template for location in SURFACE.locations if "/plugins/" not in location.template]
    assert templates == [
        "{project}/AGENTS.md",
        "{project}/AGENTS.override.md",
        "{project}/AGENT.md",
        "{project}/.rules",
        "~/.agents/AGENTS.md",
        "{project}/.agents/skills/*/SKILL.md",
        "~/.agents/skills/*/SKILL.md",
        "~/.config/agents/skills/*/SKILL.md",
    ]
    assert not any(location.shared for location in SURFACE.locations)


def test_plugins_of_home_and_project_have_the_same_parts() -> None:
    def parts(root: str) -> list[str]:
        prefix = f"{root}/.agents/plugins/"
        return [
            location.template.removeprefix(prefix)
            for location in SURFACE.locations
            if location.template.startswith(prefix)
        ]

    assert parts("~") == parts("{project}")
    assert "*/.mcp.json" in parts("~")
