"""Every variable that the table of effects knows is reported with its value, in any letter case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch import environment
from spawngate.launch.carried_environment import is_carried


def test_whatever_acts_on_a_launch_is_carried() -> None:
    known = [name for name, rule in environment._TABLE.items() if rule.effect != environment.INERT]
    assert [name for name in known if not is_carried(name)] == []
    assert len(known) > 100


@pytest.mark.parametrize(
    "name", ["npm_config_registry", "NPM_CONFIG_REGISTRY", "http_proxy", "BASH_FUNC_x%%", "UV_DEFAULT_INDEX", "Path"]
)
def test_families_and_letter_case(name: str) -> None:
    assert is_carried(name)


@pytest.mark.parametrize(
    "name", ["GITHUB_TOKEN", "SLACK_BOT_TOKEN", "DATABASE_URL", "", "MY_PATH", "AWS_SECRET_ACCESS_KEY"]
)
def test_values_of_others_stay(name: str) -> None:
    assert not is_carried(name)


@given(st.text())
def test_letter_case_does_not_count(name: str) -> None:
    assert is_carried(name) == is_carried(name.upper())
