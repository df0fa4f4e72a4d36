"""MCP without input and output: framing, messages, the handshake check, the relay, pins and Streamable HTTP.

Pure: bytes and values in, bytes and values out. `jsontext`, `framing`, `message`, `probe`, `relay` and `refusal` are
loaded by a process that starts with every server, so they import nothing that costs milliseconds: no `json`, `re`,
`enum`, `dataclasses` or `typing` at run time (tests/protocol/test_weight.py). Formats: the specification repository
`modelcontextprotocol/modelcontextprotocol`, `docs/specification/`, revisions 2024-11-05 to 2026-07-28.
"""
