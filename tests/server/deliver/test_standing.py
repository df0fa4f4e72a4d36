"""How routes stand."""

from spawngate.routing.breaker import Breaker
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import load
from spawngate.server.deliver.standing import Standing, standing
from spawngate.server.store.port import Delivery
from tests.server.deliver.test_trial import SEALER, filled


def test_routes_with_what_they_wait_for() -> None:
    control = filled()
    Ledger(control).breaker("chat", Breaker(5, 1, 99.0, "HTTP 500"))
    control.delivered(Delivery("2026-11-21T10:00:00.000000Z", "all", "siem", "delivered"))
    assert standing(control, load(control, SEALER)) == (
        Standing("all", "siem", "stream", "syslog", "", "", True, "on", 0, 0, "2026-11-21T10:00:00Z delivered"),
        Standing("denies", "chat", "notify", "slack", "", "5 in 300 s", True, "paused: HTTP 500", 0, 0, ""),
    )
