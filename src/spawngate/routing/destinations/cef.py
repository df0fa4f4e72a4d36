"""CEF over syslog: what ArcSight, Microsoft's CEF connector and most SIEMs read. RFC 5424 around CEF:0.

Must not be here: the form of a line (`trail.mappings.cef`), the frame (`trail.mappings.syslog`).
"""

from spawngate.routing.destination import Destination
from spawngate.routing.destinations.syslog import SyslogSettings, exchange_of
from spawngate.trail.mappings.cef import cef

DESTINATION = Destination("cef", "stream", SyslogSettings, exchange_of(cef, structured=False), "CEF over syslog")
