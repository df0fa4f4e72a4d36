"""`routing.table`: a file of destinations and routes, understood as a whole, with errors that say where."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.routing.destinations.slack import SlackSettings
from spawngate.routing.settings import SettingsError
from spawngate.routing.table import named, parse
from tests.routing.samples import deny, finding

GOOD = """
[destination.chat]
type = "slack"
url = { env = "SLACK_URL" }

[[route]]
name = "denies"
destination = "chat"
match = "verdict:deny"

[[route]]
name = "open-findings"
destination = "chat"
match = "type:finding-*"
mute = [{ days = ["sat", "sun"], zone = "Europe/Berlin" }]
"""


def resolve(where: str, reference: Mapping[str, Any]) -> str:
    if reference != {"env": "SLACK_URL"}:
        raise SettingsError(where, "is not set")
    return "https://hooks.slack.com/services/T/B/x"


def test_a_file() -> None:
    table = parse(GOOD, resolve)
    assert list(table.destinations) == ["chat"]
    assert table.destinations["chat"].settings == SlackSettings(url="https://hooks.slack.com/services/T/B/x")
    assert table.destinations["chat"].values == {"url": "https://hooks.slack.com/services/T/B/x"}
    assert list(table.routes) == ["denies", "open-findings"]
    assert table.zones() == {"Europe/Berlin"}
    assert [table.select(record) for record in (deny(), finding("opened"), {})] == [("denies",), ("open-findings",), ()]


def test_routes_may_name_what_is_there_already() -> None:
    there = named("there", {"type": "slack", "url": "https://a.example/x"})
    table = parse('[[route]]\nname = "a"\ndestination = "there"\n', resolve, [there])
    assert (list(table.destinations), list(table.routes)) == (["there"], ["a"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[destination", "this is no TOML: Expected ']' at the end of a table declaration (at end of document)"),
        ("routes = 1", "routes: there are [destination.NAME] and [[route]]"),
        ("destination = 1", "destination: must be tables: [destination.NAME]"),
        ("destination.a = 1", "destination.a: must be a table"),
        ("[destination.a]", "destination.a.type: a destination names its type"),
        (
            "[destination.A]\ntype='slack'",
            "destination.A: a name is of a-z, 0-9, '.', '_' and '-', at most 63 characters",
        ),
        (
            "[destination.a]\ntype='slack'\ntoken='x'",
            "destination.a.channel: is needed with a token",
        ),
        ("[destination.a]\ntype='slack'\nurl={ env='NONE' }", "destination.a.url: is not set"),
        ("[destination.a]\ntype='slack'\nurl=[{ env='NONE' }]", "destination.a.url[0]: is not set"),
        ("route = 1", "route: must be an array of tables: [[route]]"),
        ("[[route]]\nname='a'", "route.a: a setting is missing: `destination`"),
        ("[[route]]\ndestination='a'", "route[0]: a setting is missing: `name`"),
        ("[[route]]\nname='a'\ndestination='b'", "route.a.destination: there is no destination 'b'; there is none"),
        ("[[route]]\nname='a'\ndestination='b'\nmute=[{days=1}]", "route.a.mute[0].days: Expected `array`, got `int`"),
        (
            GOOD + GOOD.partition("[[route]]")[1] + GOOD.partition("[[route]]")[2],
            "route.denies.name: there are two routes 'denies'",
        ),
    ],
)
def test_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        parse(text, resolve)
    assert str(error.value) == message


def test_an_unknown_type_and_setting_are_named_with_what_there_is() -> None:
    with pytest.raises(
        SettingsError,
        match=r"destination\.a\.type: there is no destination of type 'slak'; there are cef, elastic, email,",
    ):
        parse("[destination.a]\ntype='slak'", resolve)
    with pytest.raises(
        SettingsError, match=r"route\.a: there is no setting `grup_by`; there are close_after, console,"
    ):
        parse("[[route]]\nname='a'\ndestination='b'\ngrup_by=[]", resolve)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        table = parse(text, resolve)
    except UsageError:
        return
    assert (table.destinations, table.routes) == ({}, {})
