"""SHELL. A receiver for what agents export themselves: OpenTelemetry logs over HTTP, `POST /v1/logs`.

An agent without a hook of ours can still tell of the tool calls that it decided; an agent with one tells a second
time, from another place. Nobody but the agent vouches for these events, and they say so (`mode` is `told`).
Source: OTLP 1.x, "OTLP/HTTP" (opentelemetry.io/docs/specs/otlp).
Belongs here: the route and what becomes of a request. Must not be here: the wire (`otlp.decode`), what agents' records
mean (`otlp.told`).
"""

from spawngate.server.otlp.api import routes

__all__ = ["routes"]
