"""LEEF over syslog: the lines of the mapping in frames."""

from spawngate.routing.destination import Done, TcpLines
from spawngate.routing.destinations.leef import DESTINATION
from spawngate.routing.destinations.syslog import SyslogSettings
from spawngate.routing.stream import source
from spawngate.trail.mappings.leef import leef
from tests.routing.streaming import drive, samples
from tests.trail.mappings.test_syslog import GRAMMAR, frames


def test_every_type() -> None:
    settings = SyslogSettings(host="siem.example.com", facility="auth")
    outcome, (sent,) = drive(DESTINATION, settings, samples(), lambda outgoing: Done())
    assert outcome.state == "delivered"
    assert isinstance(sent, TcpLines)
    found = [GRAMMAR.fullmatch(message) for message in frames(b"".join(sent.frames))]
    told = [(match[7], match[8].decode()) for match in found if match is not None]
    assert told == [(b"-", leef(source(item))) for item in samples().items]
    assert DESTINATION.name == "leef"
