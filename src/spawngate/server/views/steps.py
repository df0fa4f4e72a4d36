"""What to do next about a question of the checklist that is not answered in full. Pure.

Must not be here: the questions and their answers (`checklist`), what commands do.
"""

from typing import NamedTuple

from spawngate.server.access.roles import Permission


class Step(NamedTuple):
    """One thing to do."""

    text: str
    command: str = ""
    """To be typed on a machine; empty for none."""
    path: str = ""
    """Of the page where it is done; empty for none."""
    needs: Permission | None = None
    """What lets somebody do it there."""


def steps(number: int, *, local: bool, empty: bool, base: str) -> tuple[Step, ...]:
    """Steps for a question (1 to 6). `local`: the console of one machine; `empty`: no endpoint is known yet; `base`:
    the server's address."""
    if empty and number != 2 and number != 3:
        server = base or "https://YOUR-SERVER"
        return (
            Step(
                "Make an enrolment secret or a code.",
                path="/administration/enrolments",
                needs=Permission.ENROLMENTS_WRITE,
            ),
            Step("Then, on each machine, or by your device management:", f"spawngate enroll --server {server}"),
        )
    if number in (2, 3):
        return (
            Step("Scan the source of a project; nothing of it is run.", "spawngate code . --format json -o scan.json"),
            Step(
                "Hand the result in: here, or from every build.",
                path="/projects#hand-in",
                needs=Permission.PROJECTS_WRITE,
            ),
        )
    if number == 5 and local:
        return (
            Step("Put a decision before every tool call; the changes are shown first.", "spawngate protect"),
            Step("And before the start of every MCP server.", "spawngate protect --launches"),
            Step("Prove that a deny stops a call.", "spawngate verify"),
        )
    if number == 5:
        return (
            Step("Put the hooks in, on each endpoint.", "spawngate protect --scope managed"),
            Step(
                "Roll a policy out: watch first, then ask, then enforce.",
                path="/policies",
                needs=Permission.POLICIES_READ,
            ),
        )
    if number == 6:
        return (
            Step(
                "Name where events go, and make a route for every event.", path="/destinations/edit",
                needs=Permission.ROUTES_WRITE,
            ),
        )  # fmt: skip
    if number == 1 and local:
        return (Step("Take the inventory again.", "spawngate scan"),)
    return (Step("See which endpoints are silent.", path="/endpoints?state=offline", needs=Permission.INVENTORY_READ),)
