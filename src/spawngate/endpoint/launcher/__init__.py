"""SHELL. The launcher's relay: the process between an agent and the MCP server that its configuration names.

`native/spawngate-launch.c` (or `launch_client.py` where there is no compiler) starts `main.py` with an environment of
its own; `native/spawngate-confine.c` starts the server. This process runs for as long as the server does and its start
is felt: what it loads is `_socket`, `select` and compiled-in modules, `spawngate.protocol`, and nothing that costs
milliseconds (tests/endpoint/launcher/test_weight.py).
Must not be here: decisions (the daemon's), the protocol (`spawngate.protocol`).
"""
