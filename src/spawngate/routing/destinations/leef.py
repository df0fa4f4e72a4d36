"""LEEF 2.0 over syslog, for IBM QRadar. RFC 5424 around LEEF:2.0.

Must not be here: the form of a line (`trail.mappings.leef`), the frame (`trail.mappings.syslog`).
"""

from spawngate.routing.destination import Destination
from spawngate.routing.destinations.syslog import SyslogSettings, exchange_of
from spawngate.trail.mappings.leef import leef

DESTINATION = Destination("leef", "stream", SyslogSettings, exchange_of(leef, structured=False), "LEEF over syslog")
