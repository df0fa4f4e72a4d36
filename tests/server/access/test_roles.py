"""The written matrix: whole, and rising."""

import pytest

from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Permission, Role, may

FIRST_ROLE = {
    "inventory:read": "reader",
    "events:read": "reader",
    "findings:read": "reader",
    "findings:work": "analyst",
    "approvals:read": "reader",
    "approvals:decide": "policy-editor",
    "policies:read": "reader",
    "policies:write": "policy-editor",
    "rollouts:write": "policy-editor",
    "projects:read": "reader",
    "projects:write": "analyst",
    "searches:share": "analyst",
    "registry:read": "reader",
    "events:write": "administrator",
    "endpoints:write": "administrator",
    "enrolments:read": "administrator",
    "enrolments:write": "administrator",
    "members:read": "analyst",
    "members:write": "administrator",
    "tokens:read": "administrator",
    "tokens:write": "administrator",
    "audit:read": "analyst",
    "users:read": "administrator",
    "users:write": "administrator",
    "teams:write": "owner",
    "routes:read": "analyst",
    "routes:write": "administrator",
    "deliveries:replay": "administrator",
    "advisories:write": "administrator",
    "metrics:read": "administrator",
    "store:read": "analyst",
    "store:write": "owner",
}
"""The least role that may do each: written a second time on purpose, so that nobody changes it in passing."""


def test_every_permission_begins_at_its_role() -> None:
    assert {
        permission.value: next(role.value for role in Role if may(role, permission)) for permission in Permission
    } == FIRST_ROLE


@pytest.mark.parametrize(("lower", "higher"), list(zip(Role, list(Role)[1:], strict=False)))
def test_each_role_may_more_than_the_one_before(lower: Role, higher: Role) -> None:
    assert MATRIX[lower] < MATRIX[higher]
    assert higher.rank == lower.rank + 1


def test_an_owner_may_everything() -> None:
    assert MATRIX[Role.OWNER] == frozenset(Permission)


def test_nothing_that_reads_the_fleet_is_organisation_wide() -> None:
    """A team's own people see their team without a role in the organisation."""
    assert not ORGANISATION_WIDE & set(MATRIX[Role.READER])
