"""What the console holds, in the order of the side bar.

Must not be here: how a page looks, and routes.
"""

from typing import NamedTuple

from spawngate.server.access.roles import Permission


class Entry(NamedTuple):
    """One line of the side bar."""

    name: str
    """Of the page; a page says by it which entry is its own."""
    title: str
    path: str
    any_of: frozenset[Permission]
    """One of these lets somebody in."""


class Group(NamedTuple):
    """Entries that belong together."""

    title: str
    entries: tuple[Entry, ...]


def _one(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


_ADMINISTRATION = _one(
    Permission.MEMBERS_READ,
    Permission.TOKENS_READ,
    Permission.ENROLMENTS_READ,
    Permission.USERS_READ,
    Permission.AUDIT_READ,
)

NAVIGATION = (
    Group(
        "Overview",
        (
            Entry("checklist", "Checklist", "/", _one(Permission.INVENTORY_READ)),
            Entry("coverage", "Coverage", "/coverage", _one(Permission.INVENTORY_READ)),
        ),
    ),
    Group(
        "Inventory",
        (
            Entry("endpoints", "Endpoints", "/endpoints", _one(Permission.INVENTORY_READ)),
            Entry("servers", "MCP servers", "/servers", _one(Permission.INVENTORY_READ)),
            Entry("artifacts", "Other artifacts", "/artifacts", _one(Permission.INVENTORY_READ)),
            Entry("secrets", "Secrets", "/secrets", _one(Permission.INVENTORY_READ)),
            Entry("projects", "Code projects", "/projects", _one(Permission.PROJECTS_READ)),
        ),
    ),
    Group(
        "Work",
        (
            Entry("findings", "Findings", "/findings", _one(Permission.FINDINGS_READ)),
            Entry("advisories", "Advisories", "/advisories", _one(Permission.INVENTORY_READ)),
            Entry("approvals", "Approvals", "/approvals", _one(Permission.APPROVALS_READ)),
        ),
    ),
    Group(
        "Trail",
        (
            Entry("decisions", "Decisions", "/decisions", _one(Permission.EVENTS_READ)),
            Entry("changes", "Changes", "/changes", _one(Permission.EVENTS_READ)),
        ),
    ),
    Group(
        "Control",
        (
            Entry("policies", "Policies", "/policies", _one(Permission.POLICIES_READ)),
            Entry("routes", "Routes", "/routes", _one(Permission.ROUTES_READ)),
            Entry("deliveries", "Deliveries", "/deliveries", _one(Permission.ROUTES_READ)),
            Entry("administration", "Administration", "/administration", _ADMINISTRATION),
        ),
    ),
)


def back_to(path: str) -> str:
    """Where a form leads back to: a path of this server and never another one; the first page for anything else."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > 4_000:
        return "/"
    return path if path.isascii() and path.isprintable() and "\\" not in path else "/"
