"""Markdown with a YAML block in front.

Format source: https://agentskills.io/specification (SKILL.md); the same form in commands, rules and sub-agents.
Must not be here: what any key means.
"""

from spawngate.agents.formats import Problem
from spawngate.agents.formats.yamltext import parse_yaml
from spawngate.model.json import Json


def parse_frontmatter(text: str) -> tuple[Json, str, tuple[Problem, ...]]:
    """Map of the block (empty where there is none), the text below it, and problems. Never raises."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    if not lines or lines[0].strip() != "---":
        return {}, text, ()
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            value, problems = parse_yaml("".join(lines[1:index]))
            body = "".join(lines[index + 1 :])
            if value is None:
                return {}, body, problems
            if not isinstance(value, dict):
                return {}, body, (*problems, Problem("wrong-type", "the front matter is not a map"))
            return value, body, problems
    return {}, text, (Problem("malformed", "the front matter is never closed"),)
