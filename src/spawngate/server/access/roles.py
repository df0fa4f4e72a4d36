"""Roles, permissions, and the written matrix of the two. Pure: says who may do what, and asks nobody.

A role is held in a team; one held in the organisation (team 0) counts in every team. What concerns all teams at once
(`ORGANISATION_WIDE`) needs a role in the organisation.
Must not be here: who somebody is (`principal`), requests (`guard`).
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a team. Each may do what those before it may."""

    READER = "reader"
    ANALYST = "analyst"
    POLICY_EDITOR = "policy-editor"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """0 for the one that may least."""
        return list(Role).index(self)


class Permission(StrEnum):
    """What can be done. The values are the scopes of tokens."""

    INVENTORY_READ = "inventory:read"
    """Endpoints, artifacts, servers, advisories and where they hit, coverage, the checklist."""
    EVENTS_READ = "events:read"
    """Decisions, changes, counts, proofs."""
    FINDINGS_READ = "findings:read"
    FINDINGS_WORK = "findings:work"
    """Owner, due date, state; suppressions with a reason and an end."""
    APPROVALS_READ = "approvals:read"
    APPROVALS_DECIDE = "approvals:decide"
    POLICIES_READ = "policies:read"
    POLICIES_WRITE = "policies:write"
    """Drafts, their tests and their replay."""
    ROLLOUTS_WRITE = "rollouts:write"
    """Which policy is in force, in which mode, for whom in a team."""
    PROJECTS_READ = "projects:read"
    PROJECTS_WRITE = "projects:write"
    """Upload of code-scan results."""
    SEARCHES_SHARE = "searches:share"
    """Saved searches for everybody; one's own need no permission."""
    REGISTRY_READ = "registry:read"
    """The list of approved servers in the form of the MCP registry."""
    EVENTS_WRITE = "events:write"
    """Events that agents export themselves (OTLP)."""
    ENDPOINTS_WRITE = "endpoints:write"
    """Label, group, team; retire."""
    ENROLMENTS_READ = "enrolments:read"
    ENROLMENTS_WRITE = "enrolments:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    """Who has which role in a team; nobody gives a role above the own."""
    TOKENS_READ = "tokens:read"
    TOKENS_WRITE = "tokens:write"
    AUDIT_READ = "audit:read"
    """What administrators did."""
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    """People: invite, disable, end their sessions."""
    TEAMS_WRITE = "teams:write"
    ROUTES_READ = "routes:read"
    """Routes, destinations without their secrets, deliveries, dead letters."""
    ROUTES_WRITE = "routes:write"
    DELIVERIES_REPLAY = "deliveries:replay"
    ADVISORIES_WRITE = "advisories:write"
    METRICS_READ = "metrics:read"
    STORE_READ = "store:read"
    """Days of the store, their checkpoints, retention: what an auditor holds elsewhere."""
    STORE_WRITE = "store:write"
    """Retention and legal holds."""


_READER = {
    Permission.INVENTORY_READ,
    Permission.EVENTS_READ,
    Permission.FINDINGS_READ,
    Permission.APPROVALS_READ,
    Permission.POLICIES_READ,
    Permission.PROJECTS_READ,
    Permission.REGISTRY_READ,
}
_ANALYST = _READER | {
    Permission.FINDINGS_WORK,
    Permission.PROJECTS_WRITE,
    Permission.SEARCHES_SHARE,
    Permission.MEMBERS_READ,
    Permission.AUDIT_READ,
    Permission.ROUTES_READ,
    Permission.STORE_READ,
}
_POLICY_EDITOR = _ANALYST | {
    Permission.APPROVALS_DECIDE,
    Permission.POLICIES_WRITE,
    Permission.ROLLOUTS_WRITE,
}
_ADMINISTRATOR = _POLICY_EDITOR | {
    Permission.EVENTS_WRITE,
    Permission.ENDPOINTS_WRITE,
    Permission.ENROLMENTS_READ,
    Permission.ENROLMENTS_WRITE,
    Permission.MEMBERS_WRITE,
    Permission.TOKENS_READ,
    Permission.TOKENS_WRITE,
    Permission.USERS_READ,
    Permission.USERS_WRITE,
    Permission.ROUTES_WRITE,
    Permission.DELIVERIES_REPLAY,
    Permission.ADVISORIES_WRITE,
    Permission.METRICS_READ,
}
_OWNER = _ADMINISTRATOR | {Permission.TEAMS_WRITE, Permission.STORE_WRITE}

MATRIX: Mapping[Role, frozenset[Permission]] = {
    Role.READER: frozenset(_READER),
    Role.ANALYST: frozenset(_ANALYST),
    Role.POLICY_EDITOR: frozenset(_POLICY_EDITOR),
    Role.ADMINISTRATOR: frozenset(_ADMINISTRATOR),
    Role.OWNER: frozenset(_OWNER),
}
"""What each role may do."""

ORGANISATION_WIDE = frozenset(
    {
        Permission.USERS_READ,
        Permission.USERS_WRITE,
        Permission.TEAMS_WRITE,
        Permission.ROUTES_READ,
        Permission.ROUTES_WRITE,
        Permission.DELIVERIES_REPLAY,
        Permission.ADVISORIES_WRITE,
        Permission.METRICS_READ,
        Permission.STORE_READ,
        Permission.STORE_WRITE,
        Permission.POLICIES_WRITE,
    }
)
"""What concerns every team: only a role in the organisation gives it. Policies are texts that all teams can be given;
which of them is in force in a team is the team's own (`ROLLOUTS_WRITE`)."""


def may(role: Role, permission: Permission) -> bool:
    """Whether a role holds a permission."""
    return permission in MATRIX[role]
