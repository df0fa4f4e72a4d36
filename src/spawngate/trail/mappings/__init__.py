"""What records of the trail become for other systems: OCSF, ECS, CEF, LEEF, OpenTelemetry. One file per format, pure.

Must not be here: sending (`server.deliver`), requests of one vendor (`routing.destinations`).
"""
