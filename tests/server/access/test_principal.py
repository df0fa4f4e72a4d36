"""Who may do what where."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.access.principal import NOBODY, Kind, Principal, local
from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Permission, Role

principals = st.builds(
    Principal,
    name=st.just("somebody"),
    kind=st.sampled_from(Kind),
    roles=st.dictionaries(st.integers(0, 3), st.sampled_from(Role), max_size=3),
    scopes=st.none() | st.frozensets(st.sampled_from(Permission), max_size=3),
)


def test_a_role_counts_in_its_team_only() -> None:
    somebody = Principal("a", Kind.USER, {3: Role.ADMINISTRATOR})
    assert somebody.may(Permission.ENDPOINTS_WRITE, 3)
    assert not somebody.may(Permission.ENDPOINTS_WRITE, 4)
    assert not somebody.may(Permission.ENDPOINTS_WRITE)
    assert somebody.teams(Permission.ENDPOINTS_WRITE) == frozenset({3})
    assert (somebody.rank(3), somebody.rank(4)) == (Role.ADMINISTRATOR.rank, -1)


def test_a_role_in_the_organisation_counts_everywhere() -> None:
    somebody = Principal("a", Kind.USER, {0: Role.READER, 3: Role.ANALYST})
    assert somebody.teams(Permission.INVENTORY_READ) is None
    assert somebody.teams(Permission.FINDINGS_WORK) == frozenset({3})
    assert somebody.may(Permission.INVENTORY_READ, 99)


def test_what_concerns_all_teams_needs_a_role_in_the_organisation() -> None:
    """Not even the owner of a team may add people or routes."""
    owner = Principal("a", Kind.USER, {3: Role.OWNER})
    assert [each for each in ORGANISATION_WIDE if owner.may_anywhere(each)] == []


def test_scopes_narrow_a_token_and_widen_nothing() -> None:
    token = Principal(
        "ci", Kind.TOKEN, {0: Role.ANALYST}, frozenset({Permission.PROJECTS_WRITE, Permission.USERS_WRITE})
    )
    assert token.permissions == {Permission.PROJECTS_WRITE}
    assert Principal("ci", Kind.TOKEN, {0: Role.OWNER}, frozenset()).permissions == frozenset()


def test_nobody_may_nothing() -> None:
    assert NOBODY.permissions == frozenset()


def test_the_local_user_may_everything() -> None:
    assert local("kim", "x").permissions == frozenset(Permission)


@given(principals, st.sampled_from(Permission), st.integers(0, 5))
def test_the_lists_and_the_single_answer_agree(somebody: Principal, permission: Permission, team: int) -> None:
    teams = somebody.teams(permission)
    assert somebody.may(permission, team) == (teams is None or team in teams)
    assert somebody.may_anywhere(permission) == (teams is None or bool(teams))
    if somebody.may(permission, team):
        assert any(permission in MATRIX[role] for role in somebody.roles.values())
        assert somebody.scopes is None or permission in somebody.scopes


def test_nobody_gives_more_than_they_have() -> None:
    owner = Principal("a", Kind.USER, {0: Role.OWNER})
    team = Principal("b", Kind.USER, {3: Role.ADMINISTRATOR})
    narrow = Principal("c", Kind.TOKEN, {0: Role.OWNER}, frozenset({Permission.USERS_WRITE, Permission.MEMBERS_WRITE}))
    reading = Principal("d", Kind.TOKEN, {0: Role.ADMINISTRATOR}, MATRIX[Role.READER])
    assert all(owner.gives(role, place) for role in Role for place in (0, 3))
    assert [role for role in Role if team.gives(role, 3)] == list(Role)[:4]
    assert [place for place in (0, 4) if team.gives(Role.READER, place)] == []
    assert [role for role in Role if narrow.gives(role, 0)] == []
    assert [role for role in Role if reading.gives(role, 3)] == [Role.READER]
