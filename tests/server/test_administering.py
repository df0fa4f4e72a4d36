"""What administrators do is tested through the pages and the API; here: that nothing is done unrecorded."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.server import administering
from spawngate.server.access.roles import Role
from spawngate.server.fleet import teams, tokens, users
from spawngate.server.services import Services
from spawngate.server.store.port import Item, StoreError
from spawngate.trail import retention
from spawngate.trail.event import Event
from tests.server.fleetdata import NOW, OWNER, services

ACTS: tuple[Callable[[Services], object], ...] = (
    lambda parts: administering.create_team(parts, OWNER, "Data"),
    lambda parts: administering.create_user(parts, OWNER, "Ed", email="", roles={}, invite=False, base=""),
    lambda parts: administering.disable_user(parts, OWNER, 1),
    lambda parts: administering.set_role(parts, OWNER, 1, 0, Role.ADMINISTRATOR),
    lambda parts: administering.create_token(parts, OWNER, "t", team=0, role=Role.READER, scopes=(), days=1),
    lambda parts: administering.create_enrolment(parts, OWNER, "e", kind="code", team=0, group="", most=0, days=0),
    lambda parts: administering.keep(parts, OWNER, 5),
)


def test_what_cannot_be_recorded_is_not_done(tmp_path: Path) -> None:
    def broken(events: Sequence[Event]) -> None:
        raise StoreError("the disk is full")

    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            users.create(connection, "Ana", NOW, roles={0: Role.READER})
        for act in ACTS:
            with pytest.raises(StoreError):
                act(replace(parts, record=broken))
        with parts.database.read() as connection:
            assert [each.id for each in teams.page(connection, None)[0]] == [0]
            found = users.page(connection, None)[0]
            assert [(each.name, each.disabled_at, each.roles) for each in found] == [("Ana", "", {0: Role.READER})]
            assert tokens.page(connection, None)[0] == []
        assert administering.kept(parts) == retention.DAYS


@pytest.mark.parametrize("held", [b"", b"x", b"0x10", b"123456", b"-1"])
def test_a_setting_that_is_none_means_the_usual(tmp_path: Path, held: bytes) -> None:
    with services(tmp_path) as parts:
        parts.control.put(Item("setting", "retention", held))
        assert administering.kept(parts) == retention.DAYS
