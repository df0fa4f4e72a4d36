"""SHELL. Approved servers in the form of the MCP registry's read API, so that agents and editors can point at them.

    GET /v0.1/servers?cursor=&limit=&search=&updated_since=&version=&include_deleted=
    GET /v0.1/servers/{name}/versions          GET /v0.1/servers/{name}/versions/{version}, or `latest`

Source: the registry's OpenAPI document of 2025-12-01 (github.com/modelcontextprotocol/registry, docs/reference/api).
Belongs here: which approvals are listed and for whom, requests and answers. Must not be here: the form of one server
(`registry.document`), who approves (`fleet.approvals`).
"""

from spawngate.server.registry.api import routes

__all__ = ["routes"]
